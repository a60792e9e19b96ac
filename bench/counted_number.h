#pragma once
// A number that counts what is done to it: the twins of the model are compiled with it in place of
// `double` (counted_twin.cc, counted_math.cc). An operation is counted where an operand varies with
// the path; what is the same on every path (a month's PUE, 1/h100e) is counted apart, as no run
// needs it once per path.
//
// A comparison with the selection that follows from it is one operation, as it is for minimum and
// maximum; negation and absolute value are none, and neither are loads, integers and indices.

#include <cmath>
#include <limits>
#include <type_traits>

namespace warmshell::bench {

struct Operations {
  double add = 0, multiply = 0, divide = 0, compare = 0;  // compare: minimum and maximum too

  [[nodiscard]] double total() const { return add + multiply + divide + compare; }
  Operations& operator+=(const Operations& more) {
    add += more.add;
    multiply += more.multiply;
    divide += more.divide;
    compare += more.compare;
    return *this;
  }
  [[nodiscard]] Operations times(double n) const {
    return {add * n, multiply * n, divide * n, compare * n};
  }
};

// One evaluation of the functions of base/math.h in plain operations.
struct MathCounts {
  Operations exp, expm1, pow, normal_quantile;
};
[[nodiscard]] MathCounts count_math();

struct Counts {
  Operations varying, constant;
  Counts& operator+=(const Counts& more) {
    varying += more.varying;
    constant += more.constant;
    return *this;
  }
};
inline Counts counts;  // of the number type below; one thread

struct Counted {
  double number = 0;
  bool varies = false;

  constexpr Counted() = default;
  constexpr Counted(double x) : number(x) {}  // NOLINT: what is written as a double is a constant
  constexpr Counted(double x, bool by_path) : number(x), varies(by_path) {}
  explicit constexpr operator double() const { return number; }
  template <class Integer>
  requires std::is_integral_v<Integer>
  explicit constexpr operator Integer() const { return static_cast<Integer>(number); }

  static bool note(Counted a, Counted b, double Operations::*kind) {
    const bool by_path = a.varies || b.varies;
    Operations& of = by_path ? counts.varying : counts.constant;
    of.*kind += 1;
    return by_path;
  }
  friend Counted operator+(Counted a, Counted b) {
    return {a.number + b.number, note(a, b, &Operations::add)};
  }
  friend Counted operator-(Counted a, Counted b) {
    return {a.number - b.number, note(a, b, &Operations::add)};
  }
  friend Counted operator*(Counted a, Counted b) {
    return {a.number * b.number, note(a, b, &Operations::multiply)};
  }
  friend Counted operator/(Counted a, Counted b) {
    return {a.number / b.number, note(a, b, &Operations::divide)};
  }
  friend constexpr Counted operator-(Counted a) { return {-a.number, a.varies}; }
  Counted& operator+=(Counted b) { return *this = *this + b; }
  Counted& operator-=(Counted b) { return *this = *this - b; }
  Counted& operator*=(Counted b) { return *this = *this * b; }

#define WARMSHELL_COMPARE(op)                     \
  friend bool operator op(Counted a, Counted b) { \
    note(a, b, &Operations::compare);             \
    return a.number op b.number;                  \
  }
  WARMSHELL_COMPARE(<)
  WARMSHELL_COMPARE(>)
  WARMSHELL_COMPARE(<=)
  WARMSHELL_COMPARE(>=)
  WARMSHELL_COMPARE(==)
  WARMSHELL_COMPARE(!=)
#undef WARMSHELL_COMPARE
};

}  // namespace warmshell::bench

template <>
struct std::numeric_limits<warmshell::bench::Counted> {
  static constexpr warmshell::bench::Counted infinity() {
    return std::numeric_limits<double>::infinity();
  }
  static constexpr warmshell::bench::Counted quiet_NaN() {
    return std::numeric_limits<double>::quiet_NaN();
  }
  static constexpr warmshell::bench::Counted epsilon() {
    return std::numeric_limits<double>::epsilon();
  }
};
