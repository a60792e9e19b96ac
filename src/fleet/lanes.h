#pragma once
// A few paths side by side in one register, at the vector level of the file that includes it.
// Every operation is the IEEE operation on each lane; selections are those of the reference twin:
// of equal values, and of +0 and -0, smaller() and larger() return the second.
// Only for *_kernel.cc: all of it is local to the file.

#include <immintrin.h>

namespace {

#if WARMSHELL_LEVEL == 4
struct Lanes {
  __m512d r;
};
using Mask = __mmask8;
inline constexpr int lanes = 8;
static inline Lanes load(const double* p) {
  return {_mm512_loadu_pd(p)};
}
static inline void store(double* p, Lanes a) {
  _mm512_storeu_pd(p, a.r);
}
static inline Lanes all(double x) {
  return {_mm512_set1_pd(x)};
}
static inline Lanes operator+(Lanes a, Lanes b) {
  return {_mm512_add_pd(a.r, b.r)};
}
static inline Lanes operator-(Lanes a, Lanes b) {
  return {_mm512_sub_pd(a.r, b.r)};
}
static inline Lanes operator*(Lanes a, Lanes b) {
  return {_mm512_mul_pd(a.r, b.r)};
}
static inline Lanes operator/(Lanes a, Lanes b) {
  return {_mm512_div_pd(a.r, b.r)};
}
static inline Lanes smaller(Lanes a, Lanes b) {
  return {_mm512_min_pd(a.r, b.r)};
}
static inline Lanes larger(Lanes a, Lanes b) {
  return {_mm512_max_pd(a.r, b.r)};
}
static inline Mask above(Lanes a, Lanes b) {
  return _mm512_cmp_pd_mask(a.r, b.r, _CMP_GT_OQ);
}
static inline Mask at_most(Lanes a, Lanes b) {
  return _mm512_cmp_pd_mask(a.r, b.r, _CMP_LE_OQ);
}
static inline Mask both(Mask a, Mask b) {
  return static_cast<Mask>(a & b);
}
static inline Lanes choose(Mask m, Lanes a, Lanes b) {
  return {_mm512_mask_blend_pd(m, b.r, a.r)};
}
static inline Lanes where(Mask m, Lanes a) {
  return {_mm512_maskz_mov_pd(m, a.r)};
}
static inline bool any(Mask m) {
  return m != 0;
}
#elif WARMSHELL_LEVEL == 3
struct Lanes {
  __m256d r;
};
struct Mask {
  __m256d r;
};
inline constexpr int lanes = 4;
static inline Lanes load(const double* p) {
  return {_mm256_loadu_pd(p)};
}
static inline void store(double* p, Lanes a) {
  _mm256_storeu_pd(p, a.r);
}
static inline Lanes all(double x) {
  return {_mm256_set1_pd(x)};
}
static inline Lanes operator+(Lanes a, Lanes b) {
  return {_mm256_add_pd(a.r, b.r)};
}
static inline Lanes operator-(Lanes a, Lanes b) {
  return {_mm256_sub_pd(a.r, b.r)};
}
static inline Lanes operator*(Lanes a, Lanes b) {
  return {_mm256_mul_pd(a.r, b.r)};
}
static inline Lanes operator/(Lanes a, Lanes b) {
  return {_mm256_div_pd(a.r, b.r)};
}
static inline Lanes smaller(Lanes a, Lanes b) {
  return {_mm256_min_pd(a.r, b.r)};
}
static inline Lanes larger(Lanes a, Lanes b) {
  return {_mm256_max_pd(a.r, b.r)};
}
static inline Mask above(Lanes a, Lanes b) {
  return {_mm256_cmp_pd(a.r, b.r, _CMP_GT_OQ)};
}
static inline Mask at_most(Lanes a, Lanes b) {
  return {_mm256_cmp_pd(a.r, b.r, _CMP_LE_OQ)};
}
static inline Mask both(Mask a, Mask b) {
  return {_mm256_and_pd(a.r, b.r)};
}
static inline Lanes choose(Mask m, Lanes a, Lanes b) {
  return {_mm256_blendv_pd(b.r, a.r, m.r)};
}
static inline Lanes where(Mask m, Lanes a) {
  return {_mm256_and_pd(m.r, a.r)};
}
static inline bool any(Mask m) {
  return _mm256_movemask_pd(m.r) != 0;
}
#else
struct Lanes {
  __m128d r;
};
struct Mask {
  __m128d r;
};
inline constexpr int lanes = 2;
static inline Lanes load(const double* p) {
  return {_mm_loadu_pd(p)};
}
static inline void store(double* p, Lanes a) {
  _mm_storeu_pd(p, a.r);
}
static inline Lanes all(double x) {
  return {_mm_set1_pd(x)};
}
static inline Lanes operator+(Lanes a, Lanes b) {
  return {_mm_add_pd(a.r, b.r)};
}
static inline Lanes operator-(Lanes a, Lanes b) {
  return {_mm_sub_pd(a.r, b.r)};
}
static inline Lanes operator*(Lanes a, Lanes b) {
  return {_mm_mul_pd(a.r, b.r)};
}
static inline Lanes operator/(Lanes a, Lanes b) {
  return {_mm_div_pd(a.r, b.r)};
}
static inline Lanes smaller(Lanes a, Lanes b) {
  return {_mm_min_pd(a.r, b.r)};
}
static inline Lanes larger(Lanes a, Lanes b) {
  return {_mm_max_pd(a.r, b.r)};
}
static inline Mask above(Lanes a, Lanes b) {
  return {_mm_cmpgt_pd(a.r, b.r)};
}
static inline Mask at_most(Lanes a, Lanes b) {
  return {_mm_cmple_pd(a.r, b.r)};
}
static inline Mask both(Mask a, Mask b) {
  return {_mm_and_pd(a.r, b.r)};
}
static inline Lanes choose(Mask m, Lanes a, Lanes b) {
  return {_mm_blendv_pd(b.r, a.r, m.r)};
}
static inline Lanes where(Mask m, Lanes a) {
  return {_mm_and_pd(m.r, a.r)};
}
static inline bool any(Mask m) {
  return _mm_movemask_pd(m.r) != 0;
}
#endif

static inline Lanes zero() {
  return all(0.0);
}
static inline Lanes not_below_zero(Lanes a) {
  return larger(a, zero());
}
static inline Lanes beyond_rounding(Lanes chips, double tiny) {
  return where(above(chips, all(tiny)), chips);
}
// The part of the month in [from, to), R1.
static inline Lanes part_of_month(int month, Lanes from, Lanes to) {
  const Lanes first = larger(from, all(month));
  const Lanes last = smaller(to, all(month + 1));
  return not_below_zero(last - first);
}
static inline Lanes part_since(int month, Lanes from) {
  return not_below_zero(all(month + 1) - larger(from, all(month)));
}

}  // namespace
