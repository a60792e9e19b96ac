#pragma once
// Internal rates of return: every real rate above -100 % per period at which a stream of flows is
// worth nothing. With v = 1/(1+r) these are the positive roots of the polynomial sum flow_k v^k.
//
// A root is searched from v = 1 and proven to be the only one when the balance that it compounds
// never changes sign (the other factor of the polynomial then has coefficients of one sign and no
// positive root). Otherwise all roots are isolated: in x = v/(1+v) the coefficients over binomials
// are the polynomial's Bernstein form on (0, 1), halved until Descartes' rule of signs gives 0 or 1
// for each piece, every sign held against a running bound of the rounding error. Where the
// polynomial comes within rounding of zero without a proven crossing (a double root, or two roots
// nearer than about 1e-7) one root is reported.
// Invariants: at most 1,000 flows. No libm, no randomness. Thread rule: free functions, no state.

#include <span>
#include <vector>

namespace warmshell::value {

enum class IrrStatus : unsigned char { none, one, multiple };

struct InternalRates {
  IrrStatus status = IrrStatus::none;
  std::vector<double> rates;  // per period; nearest to zero in log(1+r) first, the one to report
};

[[nodiscard]] InternalRates internal_rates(std::span<const double> flows);

// The two steps of isolation by themselves. Brackets lie in x = v/(1+v), left to right; roots
// nearer than rounding share one that does not cross.
struct RateBracket {
  double low, high;
  bool crosses, low_is_positive;
};
// de Casteljau at the middle, n coefficients: `left` leaves in order, what stays in `right` is the
// right half.
using Halve = void (*)(double* right, double* left, int n);
[[nodiscard]] std::vector<RateBracket> isolate_rates(std::span<const double> flows, Halve halve);
// Whether isolation would find several, told without it: the sign changes twice or more between
// some rates, beyond any rounding. False says nothing. Neither the first nor the last flow is zero.
[[nodiscard]] bool has_several_rates(std::span<const double> flows);
[[nodiscard]] double rate_in(std::span<const double> flows, const RateBracket& bracket);

}  // namespace warmshell::value
