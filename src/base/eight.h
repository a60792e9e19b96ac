#pragma once
// Eight doubles side by side: the lanes of block_sum, and how kernels of every vector level walk a
// row of paths. One register at v4, two at v3, four at v2; each operation is the IEEE operation on
// each lane, so every level gives the same bits. Only for *_kernel.cc, built with -Wno-psabi: all
// of it is forced inline.

#include <immintrin.h>

#include <cstring>

namespace warmshell {

inline constexpr int eight_lanes = 8;
using Eight = double __attribute__((vector_size(64)));
using EightMask = decltype(Eight{} < Eight{});

#define WARMSHELL_EIGHT [[gnu::always_inline]] inline

WARMSHELL_EIGHT Eight load_eight(const double* p) {
  Eight x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
WARMSHELL_EIGHT void store_eight(double* p, Eight x) {
  std::memcpy(p, &x, sizeof x);
}
WARMSHELL_EIGHT Eight all_eight(double x) {
  return Eight{x, x, x, x, x, x, x, x};
}
// Of equal values the first.
WARMSHELL_EIGHT Eight smaller_of(Eight a, Eight b) {
  return b < a ? b : a;
}
WARMSHELL_EIGHT Eight larger_of(Eight a, Eight b) {
  return a < b ? b : a;
}
// Zero in the lanes from `count` on.
WARMSHELL_EIGHT Eight first_lanes(Eight x, int count) {
  const Eight lane{0, 1, 2, 3, 4, 5, 6, 7};
  return lane < all_eight(count) ? x : Eight{};
}
// A bit for each lane that is other than zero.
WARMSHELL_EIGHT unsigned lanes_of(Eight x) {
#if defined(__AVX512F__)
  return _mm512_cmp_pd_mask(x, Eight{}, _CMP_NEQ_UQ);
#elif defined(__AVX__)
  __m256d half[2];
  std::memcpy(half, &x, sizeof x);
  const auto lanes = [](__m256d h) {
    return _mm256_movemask_pd(_mm256_cmp_pd(h, _mm256_setzero_pd(), _CMP_NEQ_UQ));
  };
  return static_cast<unsigned>(lanes(half[0]) | lanes(half[1]) << 4);
#else
  __m128d pair[4];
  std::memcpy(pair, &x, sizeof x);
  const auto lanes = [](__m128d p) { return _mm_movemask_pd(_mm_cmpneq_pd(p, _mm_setzero_pd())); };
  return static_cast<unsigned>(lanes(pair[0]) | lanes(pair[1]) << 2 | lanes(pair[2]) << 4 |
                               lanes(pair[3]) << 6);
#endif
}
// Zero in the lanes whose bit is 0.
WARMSHELL_EIGHT Eight keep_lanes(Eight x, unsigned lanes) {
#if defined(__AVX512F__)
  return _mm512_maskz_mov_pd(static_cast<__mmask8>(lanes), x);
#else
  const EightMask bit{1, 2, 4, 8, 16, 32, 64, 128};
  const long long all = lanes;
  return (EightMask{all, all, all, all, all, all, all, all} & bit) != 0 ? x : Eight{};
#endif
}
WARMSHELL_EIGHT bool any_eight(Eight x) {
  return lanes_of(x) != 0;
}
WARMSHELL_EIGHT double fold_eight(Eight x) {
  return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
}

// sums[k] += the lanes of row k, each as fold_eight adds them, eight rows at a time.
WARMSHELL_EIGHT void fold_rows(const double* rows, int count, double* sums) {
#define WARMSHELL_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
  int k = 0;
  for (; k + eight_lanes <= count; k += eight_lanes) {
    Eight pair[4], four[2];
    for (int i = 0; i < 4; ++i) {
      const Eight a = load_eight(rows + (k + 2 * i) * eight_lanes);
      const Eight b = load_eight(rows + (k + 2 * i + 1) * eight_lanes);
      pair[i] = WARMSHELL_PICK(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
                WARMSHELL_PICK(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i = 0; i < 2; ++i) {
      const Eight a = pair[2 * i], b = pair[2 * i + 1];
      four[i] = WARMSHELL_PICK(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
                WARMSHELL_PICK(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    const Eight all = WARMSHELL_PICK(four[0], four[1], 0, 1, 2, 3, 8, 9, 10, 11) +
                      WARMSHELL_PICK(four[0], four[1], 4, 5, 6, 7, 12, 13, 14, 15);
    store_eight(sums + k, load_eight(sums + k) + all);
  }
  for (; k < count; ++k) sums[k] += fold_eight(load_eight(rows + k * eight_lanes));
#undef WARMSHELL_PICK
}

}  // namespace warmshell
