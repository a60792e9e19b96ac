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
// Whether any lane is other than zero.
WARMSHELL_EIGHT bool any_eight(Eight x) {
#if defined(__AVX512F__)
  return _mm512_cmp_pd_mask(x, Eight{}, _CMP_NEQ_UQ) != 0;
#else
  const EightMask other = x != Eight{};
  long long found = 0;
  for (int lane = 0; lane < eight_lanes; ++lane) found |= other[lane];
  return found != 0;
#endif
}
WARMSHELL_EIGHT double fold_eight(Eight x) {
  return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
}

}  // namespace warmshell
