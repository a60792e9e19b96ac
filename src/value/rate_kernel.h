#pragma once
// The inner loops of internal_rate.cc, built once per vector level (rate_kernel.cc) with the same
// bits. Flows are [month][lane] with `stride` lanes to a month, of which `rate_lanes` are read.

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

inline constexpr int rate_lanes = 16;

struct BalanceBounds {
  double least[rate_lanes], most[rate_lanes];
  double worst[rate_lanes];  // the least of |balance| - tolerance x absolute flows compounded
  double absolute[rate_lanes];
};

struct RateKernels {
  // Value and slope of sum flow_k at^k.
  void (*slopes)(const double* flows, int months, int stride, const double* at, double* value,
                 double* slope);
  // The balance compounded by `growth` per month, up to the last flow but not with it.
  void (*balances)(const double* flows, int months, int stride, const double* growth,
                   double tolerance, BalanceBounds& out);
  // de Casteljau at the middle, n coefficients: `left` leaves in order, what stays in `right` is
  // the right half.
  void (*halve)(double* right, double* left, int n);
};

[[nodiscard]] const RateKernels& rate_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
