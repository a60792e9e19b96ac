#include "value/internal_rate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace warmshell::value {
namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- evaluation -------------------------------------------------------------------------------

struct Slope {
  double value, derivative;
};

// By powers of v where v <= 1, else of 1/v, so that no power overflows; the value is then that of
// v^-n p(v), which has the same sign and the same positive roots.
Slope evaluate_low(std::span<const double> c, double v) {
  double p = 0, d = 0;
  for (std::size_t k = c.size(); k-- > 0;) {
    d = d * v + p;
    p = p * v + c[k];
  }
  return {p, d};
}
Slope evaluate_high(std::span<const double> c, double w) {
  double p = 0, d = 0;
  for (const double coefficient : c) {
    d = d * w + p;
    p = p * w + coefficient;
  }
  return {p, d};
}

// Newton inside a bracket [low, high] whose ends have opposite signs, halving where Newton leaves
// it.
template <class Evaluate>
double polish(Evaluate evaluate, double low, double high, bool low_is_positive) {
  double at = 0.5 * (low + high);
  for (int step = 0; step < 200; ++step) {
    const Slope s = evaluate(at);
    if (s.value == 0) return at;
    ((s.value > 0) == low_is_positive ? low : high) = at;
    double next = at - s.value / s.derivative;
    // a step within rounding is the last, even where it just leaves the bracket
    if (std::abs(next - at) <= 2 * rounding * std::abs(at)) return next;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (std::abs(next - at) <= 0.5 * rounding * std::abs(next) || next <= low || next >= high)
      return next;
    at = next;
  }
  return at;
}

// The root between x_low and x_high (x = v/(1+v)) as a rate. The signs at the ends differ.
double rate_between(std::span<const double> c, double x_low, double x_high, bool low_is_positive) {
  // Everything at or below v = 1 is searched in v, everything above in w = 1/v.
  if (x_low < 0.5 && x_high > 0.5) {
    const double middle = evaluate_low(c, 1).value;
    if (middle == 0) return 0;
    ((middle > 0) == low_is_positive ? x_low : x_high) = 0.5;
  }
  if (x_high <= 0.5) {
    const double v = polish([&](double at) { return evaluate_low(c, at); }, x_low / (1 - x_low),
                            x_high / (1 - x_high), low_is_positive);
    return (1 - v) / v;
  }
  const double w = polish([&](double at) { return evaluate_high(c, at); }, (1 - x_high) / x_high,
                          (1 - x_low) / x_low, !low_is_positive);
  return w - 1;
}

// ---- isolation --------------------------------------------------------------------------------

// The Bernstein form on a dyadic piece, and that of the polynomial with absolute coefficients: the
// measure of rounding.
struct Piece {
  double low, high;
  int depth;
  std::vector<double> form, absolute;
};

struct Signs {
  int changes = 0;
  int certain = 0;
  bool all_certain = true;
};

Signs count_signs(const Piece& piece) {
  Signs signs;
  const double n = static_cast<double>(piece.form.size());
  const double tolerance = (n + 2) * (piece.depth + 2) * rounding;
  int last = 0;
  for (std::size_t k = 0; k < piece.form.size(); ++k) {
    if (piece.absolute[k] == 0) continue;  // an exact zero: a leading or trailing run of no flows
    if (std::abs(piece.form[k]) <= tolerance * piece.absolute[k]) {
      signs.all_certain = false;
      continue;
    }
    ++signs.certain;
    const int sign = piece.form[k] > 0 ? 1 : -1;
    if (last != 0 && sign != last) ++signs.changes;
    last = sign;
  }
  return signs;
}

// de Casteljau at the middle: `left` leaves in order, what stays in `right` is the right half.
void halve_plainly(double* right, double* left, int n) {
  for (int step = 0; step < n; ++step) {
    left[step] = right[0];
    for (int k = 0; k + 1 < n - step; ++k) right[k] = 0.5 * (right[k] + right[k + 1]);
  }
}

// Two roots nearer than rounding: the turning point between the ends where there is one.
double rate_of_touch(std::span<const double> c, double low, double high) {
  std::vector<double> derivative(c.size() - 1);
  for (std::size_t k = 1; k < c.size(); ++k) derivative[k - 1] = static_cast<double>(k) * c[k];
  const auto slope_at = [&](double x) {
    return x <= 0.5 ? evaluate_low(derivative, x / (1 - x)).value
                    : evaluate_high(derivative, (1 - x) / x).value;
  };
  const double width = std::max(high - low, 1e-12);
  const double from = std::max(low - width, 0.0), to = std::min(high + width, 1.0);
  const double at_from = slope_at(from), at_to = slope_at(to);
  if ((at_from > 0) != (at_to > 0)) return rate_between(derivative, from, to, at_from > 0);
  const double x = 0.5 * (low + high);
  return (1 - x) / x - 1;
}

std::vector<RateBracket> isolate(std::span<const double> c, Halve halve) {
  const std::size_t n = c.size() - 1;
  Piece whole{0, 1, 0, std::vector<double>(n + 1), std::vector<double>(n + 1)};
  double binomial = 1;
  for (std::size_t k = 0; k <= n; ++k) {
    whole.form[k] = c[k] / binomial;
    whole.absolute[k] = std::abs(whole.form[k]);
    binomial = binomial * static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
  std::vector<RateBracket> brackets;
  std::vector<Piece> stack;
  stack.push_back(std::move(whole));
  constexpr int deepest = 50;
  while (!stack.empty()) {
    Piece piece = std::move(stack.back());
    stack.pop_back();
    const Signs signs = count_signs(piece);
    if (signs.all_certain && signs.changes == 0) continue;
    if (signs.all_certain && signs.changes == 1) {
      const auto first =
          std::find_if(piece.form.begin(), piece.form.end(), [](double b) { return b != 0; });
      brackets.push_back({piece.low, piece.high, true, *first > 0});
      continue;
    }
    if (signs.certain == 0 || piece.depth == deepest) {
      if (!brackets.empty() && !brackets.back().crosses && brackets.back().high == piece.low)
        brackets.back().high = piece.high;  // adjacent touches are one
      else
        brackets.push_back({piece.low, piece.high, false, false});
      continue;
    }
    const double middle = 0.5 * (piece.low + piece.high);
    Piece left{piece.low, middle, piece.depth + 1, {}, {}};
    for (auto [right, half] :
         {std::pair(&piece.form, &left.form), std::pair(&piece.absolute, &left.absolute)}) {
      half->resize(right->size());
      halve(right->data(), half->data(), static_cast<int>(right->size()));
    }
    piece.low = middle;
    ++piece.depth;
    stack.push_back(std::move(piece));
    stack.push_back(std::move(left));  // taken next: pieces come left to right
  }
  return brackets;
}

// ---- the quick proof --------------------------------------------------------------------------

// Whether the balance compounded at the rate 1/v - 1 keeps one sign up to the last flow.
bool balance_keeps_sign(std::span<const double> c, double v) {
  const double growth = 1 / v;
  const double tolerance = 8 * static_cast<double>(c.size() + 2) * rounding;
  double balance = 0, absolute = 0;
  bool positive = false, negative = false;
  for (std::size_t k = 0; k + 1 < c.size(); ++k) {
    balance = balance * growth + c[k];
    absolute = absolute * growth + std::abs(c[k]);
    if (absolute == infinity) return false;
    if (absolute > 0 && std::abs(balance) <= tolerance * absolute) return false;
    positive |= balance > 0;
    negative |= balance < 0;
  }
  return !(positive && negative);
}

std::span<const double> without_outer_zeros(std::span<const double> c) {
  while (!c.empty() && c.front() == 0) c = c.subspan(1);
  while (!c.empty() && c.back() == 0) c = c.first(c.size() - 1);
  return c;
}

}  // namespace

std::vector<RateBracket> isolate_rates(std::span<const double> flows, Halve halve) {
  const std::span<const double> c = without_outer_zeros(flows);
  return c.size() < 2 ? std::vector<RateBracket>{} : isolate(c, halve);
}

bool has_several_rates(std::span<const double> c) {
  constexpr std::array at = {0.6, 0.75, 0.85, 0.92, 0.96, 0.98, 1.0, 1.03};  // v
  constexpr double certain = 1e-9;  // far beyond the rounding that `isolate` allows for
  std::array<double, at.size()> value{}, absolute{};
  for (std::size_t k = c.size(); k-- > 0;)
    for (std::size_t i = 0; i < at.size(); ++i) {
      value[i] = value[i] * at[i] + c[k];
      absolute[i] = absolute[i] * at[i] + std::abs(c[k]);
    }
  int changes = 0;
  bool positive = c.front() > 0;  // at v = 0
  const auto pass = [&](bool next) {
    changes += next != positive;
    positive = next;
  };
  for (std::size_t i = 0; i < at.size(); ++i)
    if (std::abs(value[i]) > certain * absolute[i]) pass(value[i] > 0);
  pass(c.back() > 0);  // at v = infinity
  return changes > 1;
}

double rate_in(std::span<const double> flows, const RateBracket& b) {
  const std::span<const double> c = without_outer_zeros(flows);
  return b.crosses ? rate_between(c, b.low, b.high, b.low_is_positive)
                   : rate_of_touch(c, b.low, b.high);
}

InternalRates internal_rates(std::span<const double> flows) {
  const std::span<const double> c = without_outer_zeros(flows);
  InternalRates result;
  if (c.size() < 2) return result;

  // One root and a proof that there is no other, where that is easy.
  const double sum = evaluate_low(c, 1).value;
  const bool first_positive = c.front() > 0, last_positive = c.back() > 0;
  if (sum != 0 && first_positive != last_positive) {
    const bool below = first_positive != (sum > 0);  // the root lies at v < 1
    const double rate =
        below ? rate_between(c, 0, 0.5, first_positive) : rate_between(c, 0.5, 1, sum > 0);
    if (balance_keeps_sign(c, 1 / (1 + rate))) {
      result.status = IrrStatus::one;
      result.rates = {rate};
      return result;
    }
  }

  for (const RateBracket& bracket : isolate(c, halve_plainly))
    result.rates.push_back(rate_in(c, bracket));
  // Nearest to zero in log(1+r): the lesser of growth and its inverse; the positive one first.
  const auto distance = [](double rate) { return std::max(1 + rate, 1 / (1 + rate)); };
  std::sort(result.rates.begin(), result.rates.end(), [&](double a, double b) {
    const double da = distance(a), db = distance(b);
    return da != db ? da < db : a > b;
  });
  result.status = result.rates.empty()       ? IrrStatus::none
                  : result.rates.size() == 1 ? IrrStatus::one
                                             : IrrStatus::multiple;
  return result;
}

}  // namespace warmshell::value
