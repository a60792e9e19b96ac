// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4; see rows_kernel.cc.

#include "value/rate_kernel.h"

#include "base/eight.h"
#include "base/math.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

WARMSHELL_EIGHT Eight month_of(const double* flows, int month, int stride) {
  return load_eight(flows + static_cast<long>(month) * stride);
}

void slopes(const double* flows, int months, int stride, const double* at, double* value,
            double* slope) {
  const Eight v = load_eight(at);
  Eight p{}, d{};
  for (int k = months; k-- > 0;) {
    d = d * v + p;
    p = p * v + month_of(flows, k, stride);
  }
  store_eight(value, p);
  store_eight(slope, d);
}

void balances(const double* flows, int months, int stride, const double* growth, double tolerance,
              BalanceBounds& out) {
  const Eight grows = load_eight(growth);
  Eight balance{}, absolute{};
  Eight least = all_eight(math::infinity), worst = least, most = -least;
  for (int k = 0; k + 1 < months; ++k) {
    const Eight flow = month_of(flows, k, stride);
    balance = balance * grows + flow;
    absolute = absolute * grows + larger_of(flow, -flow);
    least = smaller_of(least, balance);
    most = larger_of(most, balance);
    worst = smaller_of(worst, larger_of(balance, -balance) - all_eight(tolerance) * absolute);
  }
  store_eight(out.least, least);
  store_eight(out.most, most);
  store_eight(out.worst, worst);
  store_eight(out.absolute, absolute);
}

void halve(double* __restrict right, double* __restrict left, int n) {
  for (int step = 0; step < n; ++step) {
    left[step] = right[0];
    for (int k = 0; k + 1 < n - step; ++k) right[k] = 0.5 * (right[k] + right[k + 1]);
  }
}

}  // namespace

extern const RateKernels rates;
const RateKernels rates{slopes, balances, halve};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
