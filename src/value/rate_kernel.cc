// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4; see rows_kernel.cc.

#include "value/rate_kernel.h"

#include "base/eight.h"
#include "base/math.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

// Two of eight, so that one's chain of operations hides in the other's.
constexpr int halves = rate_lanes / eight_lanes;

void slopes(const double* flows, int months, int stride, const double* at, double* value,
            double* slope) {
  Eight v[halves], p[halves], d[halves];
  for (int h = 0; h < halves; ++h) {
    v[h] = load_eight(at + h * eight_lanes);
    p[h] = d[h] = Eight{};
  }
  for (int k = months; k-- > 0;) {
    const double* month = flows + static_cast<long>(k) * stride;
    for (int h = 0; h < halves; ++h) {
      d[h] = d[h] * v[h] + p[h];
      p[h] = p[h] * v[h] + load_eight(month + h * eight_lanes);
    }
  }
  for (int h = 0; h < halves; ++h) {
    store_eight(value + h * eight_lanes, p[h]);
    store_eight(slope + h * eight_lanes, d[h]);
  }
}

void balances(const double* flows, int months, int stride, const double* growth, double tolerance,
              BalanceBounds& out) {
  for (int lane = 0; lane < rate_lanes; lane += eight_lanes) {
    const Eight grows = load_eight(growth + lane);
    Eight balance{}, absolute{};
    Eight least = all_eight(math::infinity), worst = least, most = -least;
    for (int k = 0; k + 1 < months; ++k) {
      const Eight flow = load_eight(flows + static_cast<long>(k) * stride + lane);
      balance = balance * grows + flow;
      absolute = absolute * grows + larger_of(flow, -flow);
      least = smaller_of(least, balance);
      most = larger_of(most, balance);
      worst = smaller_of(worst, larger_of(balance, -balance) - all_eight(tolerance) * absolute);
    }
    store_eight(out.least + lane, least);
    store_eight(out.most + lane, most);
    store_eight(out.worst + lane, worst);
    store_eight(out.absolute + lane, absolute);
  }
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
