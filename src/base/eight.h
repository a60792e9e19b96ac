#pragma once
// Eight doubles side by side: the lanes of block_sum, and how kernels of every vector level walk a
// row of paths. One register at v4, two at v3, four at v2; each operation is the IEEE operation on
// each lane, so every level gives the same bits.
// Only for *_kernel.cc: all of it is local to the file, and forced inline.

#include "base/registers.h"

#define WARMSHELL_EIGHT [[gnu::always_inline]] inline

namespace warmshell {
namespace {

inline constexpr int eight_lanes = 8;
inline constexpr int eight_registers = eight_lanes / register_lanes;

struct Eight {  // Eight{}: zeros
  Register r[eight_registers];
};
struct EightMask {
  RegisterMask r[eight_registers];
};

#define WARMSHELL_EACH(Type, expression)                           \
  do {                                                             \
    Type c;                                                        \
    for (int i = 0; i < eight_registers; ++i) c.r[i] = expression; \
    return c;                                                      \
  } while (false)

WARMSHELL_EIGHT Eight load_eight(const double* p) {
  WARMSHELL_EACH(Eight, register_load(p + i * register_lanes));
}
WARMSHELL_EIGHT void store_eight(double* p, Eight x) {
  for (int i = 0; i < eight_registers; ++i) register_store(p + i * register_lanes, x.r[i]);
}
WARMSHELL_EIGHT Eight all_eight(double x) {
  WARMSHELL_EACH(Eight, WARMSHELL_OP(set1_pd)(x));
}

WARMSHELL_EIGHT Eight operator+(Eight a, Eight b) {
  WARMSHELL_EACH(Eight, a.r[i] + b.r[i]);
}
WARMSHELL_EIGHT Eight operator-(Eight a, Eight b) {
  WARMSHELL_EACH(Eight, a.r[i] - b.r[i]);
}
WARMSHELL_EIGHT Eight operator*(Eight a, Eight b) {
  WARMSHELL_EACH(Eight, a.r[i] * b.r[i]);
}
WARMSHELL_EIGHT Eight operator/(Eight a, Eight b) {
  WARMSHELL_EACH(Eight, a.r[i] / b.r[i]);
}
WARMSHELL_EIGHT Eight operator-(Eight a) {
  WARMSHELL_EACH(Eight, -a.r[i]);
}
WARMSHELL_EIGHT Eight& operator+=(Eight& a, Eight b) {
  return a = a + b;
}
WARMSHELL_EIGHT Eight& operator-=(Eight& a, Eight b) {
  return a = a - b;
}

// False where either is no number.
WARMSHELL_EIGHT EightMask operator>(Eight a, Eight b) {
  WARMSHELL_EACH(EightMask, register_above(a.r[i], b.r[i]));
}
WARMSHELL_EIGHT EightMask operator<=(Eight a, Eight b) {
  WARMSHELL_EACH(EightMask, register_at_most(a.r[i], b.r[i]));
}
WARMSHELL_EIGHT EightMask operator<(Eight a, Eight b) {
  return b > a;
}
WARMSHELL_EIGHT EightMask operator>=(Eight a, Eight b) {
  return b <= a;
}
WARMSHELL_EIGHT EightMask operator&(EightMask a, EightMask b) {
  WARMSHELL_EACH(EightMask, register_both(a.r[i], b.r[i]));
}

// Lane by lane a where the mask is set, else b, or zero.
WARMSHELL_EIGHT Eight choose(EightMask m, Eight a, Eight b) {
  WARMSHELL_EACH(Eight, register_choose(m.r[i], a.r[i], b.r[i]));
}
WARMSHELL_EIGHT Eight where(EightMask m, Eight a) {
  WARMSHELL_EACH(Eight, register_where(m.r[i], a.r[i]));
}

// Of equal values, of +0 and -0, and where either is no number, the first.
WARMSHELL_EIGHT Eight smaller_of(Eight a, Eight b) {
  WARMSHELL_EACH(Eight, WARMSHELL_OP(min_pd)(b.r[i], a.r[i]));
}
WARMSHELL_EIGHT Eight larger_of(Eight a, Eight b) {
  WARMSHELL_EACH(Eight, WARMSHELL_OP(max_pd)(b.r[i], a.r[i]));
}

// A bit for each lane of the mask, or that is other than zero.
WARMSHELL_EIGHT unsigned lanes_of(EightMask m) {
  unsigned lanes = 0;
  for (int i = 0; i < eight_registers; ++i) lanes |= register_bits(m.r[i]) << i * register_lanes;
  return lanes;
}
WARMSHELL_EIGHT unsigned lanes_of(Eight x) {
  unsigned lanes = 0;
  for (int i = 0; i < eight_registers; ++i)
    lanes |= register_bits(register_differ(x.r[i], Register{})) << i * register_lanes;
  return lanes;
}
WARMSHELL_EIGHT bool any_eight(Eight x) {
  return lanes_of(x) != 0;
}
// Zero in the lanes whose bit is 0.
WARMSHELL_EIGHT Eight keep_lanes(Eight x, unsigned lanes) {
  WARMSHELL_EACH(Eight, register_where(register_of_bits(lanes >> i * register_lanes), x.r[i]));
}
// Zero in the lanes from `count` on.
WARMSHELL_EIGHT Eight first_lanes(Eight x, int count) {
  return keep_lanes(x, count >= eight_lanes ? 255u : count > 0 ? (1u << count) - 1 : 0u);
}

#undef WARMSHELL_EACH

WARMSHELL_EIGHT double fold_eight(Eight x) {
  double lane[eight_lanes];
  store_eight(lane, x);
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

WARMSHELL_EIGHT double least_of(Eight x) {
  double lane[eight_lanes];
  store_eight(lane, x);
  for (int half = eight_lanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) lane[i] = lane[i + half] < lane[i] ? lane[i + half] : lane[i];
  return lane[0];
}

// sums[k] += the lanes of row k, each as fold_eight adds them, eight rows at a time.
WARMSHELL_EIGHT void fold_rows(const double* rows, int count, double* sums) {
  int k = 0;
#if defined(__AVX512F__)
#define WARMSHELL_PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
  for (; k + eight_lanes <= count; k += eight_lanes) {
    Register pair[4], four[2];
    for (int i = 0; i < 4; ++i) {
      const Register a = register_load(rows + (k + 2 * i) * eight_lanes);
      const Register b = register_load(rows + (k + 2 * i + 1) * eight_lanes);
      pair[i] = WARMSHELL_PICK(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
                WARMSHELL_PICK(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i = 0; i < 2; ++i) {
      const Register a = pair[2 * i], b = pair[2 * i + 1];
      four[i] = WARMSHELL_PICK(a, b, 0, 1, 8, 9, 4, 5, 12, 13) +
                WARMSHELL_PICK(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    const Register all = WARMSHELL_PICK(four[0], four[1], 0, 1, 2, 3, 8, 9, 10, 11) +
                         WARMSHELL_PICK(four[0], four[1], 4, 5, 6, 7, 12, 13, 14, 15);
    register_store(sums + k, register_load(sums + k) + all);
  }
#undef WARMSHELL_PICK
#endif
  for (; k < count; ++k) sums[k] += fold_eight(load_eight(rows + k * eight_lanes));
}

}  // namespace
}  // namespace warmshell
