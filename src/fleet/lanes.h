#pragma once
// Eight paths side by side in registers of the vector level of the file that includes it.
// Every operation is the IEEE operation on each lane; selections are those of the reference twin:
// of equal values, and of +0 and -0, smaller() and larger() return the second.
// Only for *_kernel.cc: all of it is local to the file.

#include "base/registers.h"

namespace {

// A group of 8 paths at every level: marks say of such groups what has changed.
inline constexpr int lanes = 8;
inline constexpr int registers = lanes / register_lanes;

struct Lanes {
  Register r[registers];
};
struct Mask {
  RegisterMask r[registers];
};

#define WARMSHELL_EACH(expression)                           \
  do {                                                       \
    Lanes c;                                                 \
    for (int i = 0; i < registers; ++i) c.r[i] = expression; \
    return c;                                                \
  } while (false)

static inline Lanes load(const double* p) {
  WARMSHELL_EACH(register_load(p + i * register_lanes));
}
static inline void store(double* p, Lanes a) {
  for (int i = 0; i < registers; ++i) register_store(p + i * register_lanes, a.r[i]);
}
static inline Lanes all(double x) {
  WARMSHELL_EACH(WARMSHELL_OP(set1_pd)(x));
}
static inline Lanes operator+(Lanes a, Lanes b) {
  WARMSHELL_EACH(WARMSHELL_OP(add_pd)(a.r[i], b.r[i]));
}
static inline Lanes operator-(Lanes a, Lanes b) {
  WARMSHELL_EACH(WARMSHELL_OP(sub_pd)(a.r[i], b.r[i]));
}
static inline Lanes operator*(Lanes a, Lanes b) {
  WARMSHELL_EACH(WARMSHELL_OP(mul_pd)(a.r[i], b.r[i]));
}
static inline Lanes operator/(Lanes a, Lanes b) {
  WARMSHELL_EACH(WARMSHELL_OP(div_pd)(a.r[i], b.r[i]));
}
static inline Lanes smaller(Lanes a, Lanes b) {
  WARMSHELL_EACH(WARMSHELL_OP(min_pd)(a.r[i], b.r[i]));
}
static inline Lanes larger(Lanes a, Lanes b) {
  WARMSHELL_EACH(WARMSHELL_OP(max_pd)(a.r[i], b.r[i]));
}
static inline Lanes magnitude(Lanes a) {
  WARMSHELL_EACH(WARMSHELL_OP(andnot_pd)(WARMSHELL_OP(set1_pd)(-0.0), a.r[i]));
}
static inline Lanes choose(Mask m, Lanes a, Lanes b) {
  WARMSHELL_EACH(register_choose(m.r[i], a.r[i], b.r[i]));
}
static inline Lanes where(Mask m, Lanes a) {
  WARMSHELL_EACH(register_where(m.r[i], a.r[i]));
}
static inline Mask above(Lanes a, Lanes b) {
  Mask c;
  for (int i = 0; i < registers; ++i) c.r[i] = register_above(a.r[i], b.r[i]);
  return c;
}
static inline Mask at_most(Lanes a, Lanes b) {
  Mask c;
  for (int i = 0; i < registers; ++i) c.r[i] = register_at_most(a.r[i], b.r[i]);
  return c;
}
static inline Mask differ(Lanes a, Lanes b) {
  Mask c;
  for (int i = 0; i < registers; ++i) c.r[i] = register_differ(a.r[i], b.r[i]);
  return c;
}
static inline Mask both(Mask a, Mask b) {
  Mask c;
  for (int i = 0; i < registers; ++i) c.r[i] = register_both(a.r[i], b.r[i]);
  return c;
}
static inline bool any(Mask m) {
  bool some = false;
  for (int i = 0; i < registers; ++i) some |= register_any(m.r[i]);
  return some;
}

// The lanes that do not hold the same bits, a bit each.
static inline unsigned other_bits(Lanes a, Lanes b) {
  unsigned other = 0;
  for (int i = 0; i < registers; ++i)
    other |= register_other_bits(a.r[i], b.r[i]) << i * register_lanes;
  return other;
}
static inline bool same(Lanes a, Lanes b) {
  return other_bits(a, b) == 0;
}
// Whether other bits stood there.
static inline bool store_new(double* p, Lanes a) {
  const bool other = !same(load(p), a);
  store(p, a);
  return other;
}

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

#undef WARMSHELL_EACH

}  // namespace
