// base/math.h itself, compiled with a number that counts: what exp and its kin cost in plain
// operations. Selections other than by comparison, and integer operations on the bits, are none.

#include <cstdint>
#include <limits>

#include "bench/counted_number.h"

namespace warmshell::bench {
namespace {

Operations done;

struct Bare {  // eight bytes, since base/math.h looks at the bits of its numbers
  double number;
  Bare() = default;
  constexpr Bare(double x) : number(x) {}  // NOLINT
  friend Bare operator+(Bare a, Bare b) { return ++done.add, Bare(a.number + b.number); }
  friend Bare operator-(Bare a, Bare b) { return ++done.add, Bare(a.number - b.number); }
  friend Bare operator*(Bare a, Bare b) { return ++done.multiply, Bare(a.number * b.number); }
  friend Bare operator/(Bare a, Bare b) { return ++done.divide, Bare(a.number / b.number); }
  friend Bare operator-(Bare a) { return -a.number; }
  Bare& operator+=(Bare b) { return *this = *this + b; }
  friend bool operator<(Bare a, Bare b) { return ++done.compare, a.number < b.number; }
  friend bool operator>(Bare a, Bare b) { return ++done.compare, a.number > b.number; }
  friend bool operator<=(Bare a, Bare b) { return ++done.compare, a.number <= b.number; }
  friend bool operator>=(Bare a, Bare b) { return ++done.compare, a.number >= b.number; }
  friend bool operator==(Bare a, Bare b) { return ++done.compare, a.number == b.number; }
};
Bare absolute(Bare a) {
  return __builtin_fabs(a.number);
}
Bare square_root(Bare a) {  // counted as a division
  return ++done.divide, Bare(__builtin_sqrt(a.number));
}
Bare with_sign(Bare a, Bare b) {
  return __builtin_copysign(a.number, b.number);
}

}  // namespace
}  // namespace warmshell::bench

template <>
struct std::numeric_limits<warmshell::bench::Bare> {
  static constexpr warmshell::bench::Bare infinity() { return __builtin_inf(); }
  static constexpr warmshell::bench::Bare quiet_NaN() { return __builtin_nan(""); }
};

namespace warmshell::bench {
namespace {

#define double Bare
#define __builtin_fabs absolute
#define __builtin_sqrt square_root
#define __builtin_copysign with_sign
#include "base/math.h"
#undef __builtin_copysign
#undef __builtin_sqrt
#undef __builtin_fabs
#undef double

template <class Evaluate>
Operations count(Evaluate evaluate) {
  done = {};
  volatile double used = evaluate().number;
  (void)used;
  return done;
}

}  // namespace

MathCounts count_math() {
  namespace math = warmshell::math;
  return {count([] { return math::exp(0.7); }), count([] { return math::expm1(0.7); }),
          count([] { return math::pow(1.1, 0.7); }),
          count([] { return math::normal_quantile_of_uniform(0.3); })};
}

}  // namespace warmshell::bench
