#pragma once
// The widest register of doubles that the file is compiled for, and the few operations on it that
// are not operators of the language: one type at each of x86-64-v4, v3 and v2, the same bits in
// every lane. Selections are the instructions' own: register_choose and the level's min_pd and
// max_pd return their second operand where a comparison is false.
// Only for *_kernel.cc: all of it is local to the file, and forced inline.

// GCC 12 warns of its own AVX-512 header.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#pragma GCC diagnostic pop

#define WARMSHELL_REGISTER [[gnu::always_inline]] static inline

namespace {

// Not the intrinsics' own type: to the compiler a store of that could change any pointer or count
// of the block, and all would be read again.
#if defined(__AVX512F__)
typedef double Register __attribute__((vector_size(64)));
using RegisterMask = __mmask8;
#define WARMSHELL_OP(name) _mm512_##name
WARMSHELL_REGISTER RegisterMask register_above(Register a, Register b) {
  return _mm512_cmp_pd_mask(a, b, _CMP_GT_OQ);
}
WARMSHELL_REGISTER RegisterMask register_at_most(Register a, Register b) {
  return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
}
WARMSHELL_REGISTER RegisterMask register_differ(Register a, Register b) {
  return _mm512_cmp_pd_mask(a, b, _CMP_NEQ_UQ);
}
WARMSHELL_REGISTER RegisterMask register_both(RegisterMask a, RegisterMask b) {
  return static_cast<RegisterMask>(a & b);
}
WARMSHELL_REGISTER Register register_choose(RegisterMask m, Register a, Register b) {
  return _mm512_mask_blend_pd(m, b, a);
}
WARMSHELL_REGISTER Register register_where(RegisterMask m, Register a) {
  return _mm512_maskz_mov_pd(m, a);
}
// A bit for each lane, and back.
WARMSHELL_REGISTER unsigned register_bits(RegisterMask m) {
  return m;
}
WARMSHELL_REGISTER RegisterMask register_of_bits(unsigned bits) {
  return static_cast<RegisterMask>(bits);
}
WARMSHELL_REGISTER unsigned register_other_bits(Register a, Register b) {
  return _mm512_cmpneq_epi64_mask(_mm512_castpd_si512(a), _mm512_castpd_si512(b));
}
#elif defined(__AVX2__)
typedef double Register __attribute__((vector_size(32)));
struct RegisterMask {
  __m256d r;
};
#define WARMSHELL_OP(name) _mm256_##name
WARMSHELL_REGISTER RegisterMask register_above(Register a, Register b) {
  return {_mm256_cmp_pd(a, b, _CMP_GT_OQ)};
}
WARMSHELL_REGISTER RegisterMask register_at_most(Register a, Register b) {
  return {_mm256_cmp_pd(a, b, _CMP_LE_OQ)};
}
WARMSHELL_REGISTER RegisterMask register_differ(Register a, Register b) {
  return {_mm256_cmp_pd(a, b, _CMP_NEQ_UQ)};
}
WARMSHELL_REGISTER RegisterMask register_both(RegisterMask a, RegisterMask b) {
  return {_mm256_and_pd(a.r, b.r)};
}
WARMSHELL_REGISTER Register register_choose(RegisterMask m, Register a, Register b) {
  return _mm256_blendv_pd(b, a, m.r);
}
WARMSHELL_REGISTER Register register_where(RegisterMask m, Register a) {
  return _mm256_and_pd(m.r, a);
}
WARMSHELL_REGISTER unsigned register_bits(RegisterMask m) {
  return static_cast<unsigned>(_mm256_movemask_pd(m.r));
}
WARMSHELL_REGISTER RegisterMask register_of_bits(unsigned bits) {
  const __m256i lane = _mm256_setr_epi64x(1, 2, 4, 8);
  const __m256i own = _mm256_and_si256(_mm256_set1_epi64x(bits), lane);
  return {_mm256_castsi256_pd(_mm256_cmpeq_epi64(own, lane))};
}
WARMSHELL_REGISTER unsigned register_other_bits(Register a, Register b) {
  const __m256i same = _mm256_cmpeq_epi64(_mm256_castpd_si256(a), _mm256_castpd_si256(b));
  return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(same))) ^ 15u;
}
#else
typedef double Register __attribute__((vector_size(16)));
struct RegisterMask {
  __m128d r;
};
#define WARMSHELL_OP(name) _mm_##name
WARMSHELL_REGISTER RegisterMask register_above(Register a, Register b) {
  return {_mm_cmpgt_pd(a, b)};
}
WARMSHELL_REGISTER RegisterMask register_at_most(Register a, Register b) {
  return {_mm_cmple_pd(a, b)};
}
WARMSHELL_REGISTER RegisterMask register_differ(Register a, Register b) {
  return {_mm_cmpneq_pd(a, b)};
}
WARMSHELL_REGISTER RegisterMask register_both(RegisterMask a, RegisterMask b) {
  return {_mm_and_pd(a.r, b.r)};
}
WARMSHELL_REGISTER Register register_choose(RegisterMask m, Register a, Register b) {
  return _mm_blendv_pd(b, a, m.r);
}
WARMSHELL_REGISTER Register register_where(RegisterMask m, Register a) {
  return _mm_and_pd(m.r, a);
}
WARMSHELL_REGISTER unsigned register_bits(RegisterMask m) {
  return static_cast<unsigned>(_mm_movemask_pd(m.r));
}
WARMSHELL_REGISTER RegisterMask register_of_bits(unsigned bits) {
  const __m128i lane = _mm_set_epi64x(2, 1);
  const __m128i own = _mm_and_si128(_mm_set1_epi64x(bits), lane);
  return {_mm_castsi128_pd(_mm_cmpeq_epi64(own, lane))};
}
WARMSHELL_REGISTER unsigned register_other_bits(Register a, Register b) {
  const __m128i same = _mm_cmpeq_epi64(_mm_castpd_si128(a), _mm_castpd_si128(b));
  return static_cast<unsigned>(_mm_movemask_pd(_mm_castsi128_pd(same))) ^ 3u;
}
#endif

inline constexpr int register_lanes = sizeof(Register) / sizeof(double);

// A register anywhere in a row of doubles.
typedef double RegisterInRow
    __attribute__((vector_size(sizeof(Register)), aligned(sizeof(double))));
WARMSHELL_REGISTER Register register_load(const double* p) {
  return *reinterpret_cast<const RegisterInRow*>(p);
}
WARMSHELL_REGISTER void register_store(double* p, Register a) {
  *reinterpret_cast<RegisterInRow*>(p) = a;
}
WARMSHELL_REGISTER bool register_any(RegisterMask m) {
  return register_bits(m) != 0;
}

}  // namespace
