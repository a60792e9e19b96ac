#include "replay/packing/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace warmshell::replay::packing {

namespace {

constexpr std::size_t most_arrivals = 100'000'000;
// What the experiment's scheduler takes from the stream between building pods and ranking nodes.
constexpr int draws_before_pods = 1;
constexpr int draws_before_ranks = 10;

}  // namespace

Result<Workload> build_workload(const Trace& trace, std::int64_t seed, double load) {
  Workload workload;
  GoRandom random(seed);
  for (int i = 0; i < draws_before_pods; ++i) random.draw63();

  const auto pods = static_cast<std::uint32_t>(trace.pods.size());
  std::vector<std::uint32_t>& arrivals = workload.arrivals;
  arrivals.resize(pods);
  std::iota(arrivals.begin(), arrivals.end(), 0u);
  for (std::uint32_t i = pods; i-- > 1;)
    std::swap(arrivals[i], arrivals[random.below_by_product(i + 1)]);

  std::int64_t demand = 0;
  for (const Request& pod : trace.pods) demand += pod.gpu_demand_milli();
  const std::int64_t target = std::llround(load * static_cast<double>(trace.gpu_capacity_milli));
  if (demand == 0)
    return fail(plain_error("WS0681", "no pod of the trace asks for a GPU",
                            "the load of this experiment is counted in GPUs"));
  if (demand < target) {
    while (true) {
      const std::uint32_t pod = random.below(pods);
      // The experiment stops by the milli of one GPU, however many the pod asks; kept.
      if (demand + trace.pods[pod].gpu_milli > target) break;
      if (arrivals.size() == most_arrivals)
        return fail(plain_error(
            "WS0682", fmt::format("the load of {} needs more than {} pods", load, most_arrivals),
            "ask for a lower load, or give a trace that asks for more GPUs"));
      arrivals.push_back(pod);
      demand += trace.pods[pod].gpu_demand_milli();
    }
  } else {
    while (demand > target) {
      const std::uint32_t index = random.below(static_cast<std::uint32_t>(arrivals.size()));
      demand -= trace.pods[arrivals[index]].gpu_demand_milli();
      arrivals.erase(arrivals.begin() + index);
    }
  }

  for (int i = 0; i < draws_before_ranks; ++i) random.draw63();
  std::vector<std::uint32_t>& ranks = workload.tie_ranks;
  ranks.resize(trace.nodes.size());
  for (std::uint32_t i = 0; i < ranks.size(); ++i) {
    const std::uint32_t j = random.below(i + 1);
    ranks[i] = ranks[j];
    ranks[j] = i;
  }
  return workload;
}

}  // namespace warmshell::replay::packing
