// Internal rates of the paths of a block, several side by side.

#include "value/internal_rate_block.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "value/rate_kernel.h"

namespace warmshell::value {

namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Lanes side by side: Newton from v = 1 inside a bracket, a lane frozen once it has arrived, then
// the quick proof. Whatever is not settled here is isolated one by one.
struct Flows {
  const double* first;  // of the lanes
  int months, stride;
  const RateKernels& kernels;
};

struct Lanes {
  std::array<double, rate_lanes> at{}, low{}, high{}, value{}, slope{};
  std::array<double, rate_lanes> low_sign{};  // sign of the polynomial at `low`
  std::array<bool, rate_lanes> open{}, tried{}, proven{};
};

void evaluate(const Flows& flows, Lanes& l) {
  flows.kernels.slopes(flows.first, flows.months, flows.stride, l.at.data(), l.value.data(),
                       l.slope.data());
}

void prove(const Flows& flows, Lanes& l) {
  std::array<double, rate_lanes> growth;
  for (int i = 0; i < rate_lanes; ++i) growth[i] = 1 / l.at[i];
  BalanceBounds bounds;
  flows.kernels.balances(flows.first, flows.months, flows.stride, growth.data(),
                         8 * (flows.months + 2.0) * rounding, bounds);
  for (int i = 0; i < rate_lanes; ++i)
    l.proven[i] = l.tried[i] && bounds.worst[i] > 0 && bounds.absolute[i] < infinity &&
                  (bounds.least[i] > 0 || bounds.most[i] < 0);
}

void settle_lanes(const Flows& flows, Lanes& l) {
  const double* first = flows.first;
  const double* last = first + static_cast<std::ptrdiff_t>(flows.months - 1) * flows.stride;
  constexpr double highest = 1.5;  // v: rates below -33 % a month are left to the slow way
  l.at.fill(1);
  evaluate(flows, l);
  Lanes far;  // at the other end, where some root may lie above v = 1
  bool wanted = false, some = false;
  for (int i = 0; i < rate_lanes; ++i) wanted |= (first[i] > 0) == (l.value[i] > 0);
  if (wanted) {
    far.at.fill(highest);
    evaluate(flows, far);
  }
  for (int i = 0; i < rate_lanes; ++i) {
    const bool below = (first[i] > 0) != (l.value[i] > 0);
    const bool above = !below && (far.value[i] > 0) != (l.value[i] > 0);
    l.open[i] = first[i] != 0 && last[i] != 0 && l.value[i] != 0 &&
                (first[i] > 0) != (last[i] > 0) && (below || above);
    l.tried[i] = l.open[i];
    l.low[i] = below ? 0 : 1;
    l.high[i] = below ? 1 : highest;
    l.low_sign[i] = below ? first[i] : l.value[i];
    some |= l.tried[i];
  }
  if (!some) return;
  for (int step = 0; step < 80; ++step) {
    bool any = false;
    for (int i = 0; i < rate_lanes; ++i) {
      if (!l.open[i]) continue;
      if (l.value[i] == 0) {
        l.open[i] = false;
        continue;
      }
      if (step > 0) (((l.value[i] > 0) == (l.low_sign[i] > 0)) ? l.low[i] : l.high[i]) = l.at[i];
      // a step within rounding is the last, even where it just leaves the bracket
      const double newton = l.at[i] - l.value[i] / l.slope[i];
      const bool arrived = std::abs(newton - l.at[i]) <= 2 * rounding * l.at[i];
      const bool inside = newton > l.low[i] && newton < l.high[i];
      const double next = inside || arrived ? newton : 0.5 * (l.low[i] + l.high[i]);
      if (std::abs(next - l.at[i]) <= 2 * rounding * next) l.open[i] = false;
      l.at[i] = next;
      any |= l.open[i];
    }
    if (!any) break;
    evaluate(flows, l);
  }
  for (int i = 0; i < rate_lanes; ++i) l.tried[i] = l.tried[i] && !l.open[i];
  prove(flows, l);
}

}  // namespace

void internal_rates_of_block(const double* flows, int months, int lanes, double* rate,
                             IrrStatus* status, fleet::VectorLevel level) {
  const RateKernels& kernels = rate_kernels(level);
  std::vector<double> one(static_cast<std::size_t>(months));
  const auto slowly = [&](int lane) {
    for (int t = 0; t < months; ++t) one[t] = flows[static_cast<std::ptrdiff_t>(t) * lanes + lane];
    rate[lane] = 0;
    if (one.front() == 0 || one.back() == 0) {  // there the quick way has not been tried
      const InternalRates all = internal_rates(one);
      status[lane] = all.status;
      if (all.status == IrrStatus::one) rate[lane] = all.rates.front();
      return;
    }
    if (has_several_rates(one)) {
      status[lane] = IrrStatus::multiple;
      return;
    }
    const std::vector<RateBracket> brackets = isolate_rates(one, kernels.halve);
    status[lane] = brackets.empty()       ? IrrStatus::none
                   : brackets.size() == 1 ? IrrStatus::one
                                          : IrrStatus::multiple;
    if (brackets.size() == 1) rate[lane] = rate_in(one, brackets.front());
  };
  std::vector<double> padded;  // of the last lanes: the result must not depend on their number
  for (int lane = 0; lane < lanes; lane += rate_lanes) {
    const int used = std::min(rate_lanes, lanes - lane);
    Lanes l;
    if (months > 1 && used == rate_lanes) {
      settle_lanes({flows + lane, months, lanes, kernels}, l);
    } else if (months > 1) {
      padded.resize(static_cast<std::size_t>(months) * rate_lanes);
      for (int t = 0; t < months; ++t)
        for (int i = 0; i < rate_lanes; ++i)
          padded[t * rate_lanes + i] =
              flows[static_cast<std::ptrdiff_t>(t) * lanes + lane + std::min(i, used - 1)];
      settle_lanes({padded.data(), months, rate_lanes, kernels}, l);
    }
    for (int i = 0; i < used; ++i) {
      if (!l.proven[i]) {
        slowly(lane + i);
        continue;
      }
      rate[lane + i] = (1 - l.at[i]) / l.at[i];
      status[lane + i] = IrrStatus::one;
    }
  }
}

}  // namespace warmshell::value
