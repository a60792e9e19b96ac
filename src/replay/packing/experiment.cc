#include "replay/packing/experiment.h"

#include <cmath>

namespace warmshell::replay::packing {

namespace {

PlacementRules rules_for(const Trace& trace, const Workload& workload, const Options& options) {
  PlacementRules rules;
  rules.policy = options.policy;
  // First fit means first by name; all others break ties by the run's ranks.
  if (options.policy != Policy::first_fit) rules.tie_ranks = workload.tie_ranks;
  if (options.policy == Policy::fgd)
    rules.typical_jobs = typical_jobs(trace.pods, trace.gpu_specs, typical_cover);
  rules.random_seed = options.seed * 1'000'003 + options.random_stream;
  return rules;
}

}  // namespace

std::vector<std::optional<Placement>> place_all(const Trace& trace, const Workload& workload,
                                                const Options& options) {
  ClusterState cluster(trace.nodes);
  const PlacementRules rules = rules_for(trace, workload, options);
  std::vector<std::optional<Placement>> placements;
  placements.reserve(workload.arrivals.size());
  const auto place_each = [&](auto choose) {
    for (const std::uint32_t pod : workload.arrivals) {
      placements.push_back(choose(pod));
      if (placements.back()) cluster.place(trace.pods[pod], *placements.back());
    }
  };
  if (options.plain_scan) {
    PlainScan scan(cluster, rules);
    place_each([&](std::uint32_t pod) { return scan.choose(trace.pods[pod]); });
  } else {
    PlacementIndex index(cluster, rules);
    std::vector<RequestId> ids;
    ids.reserve(trace.pods.size());
    for (const Request& pod : trace.pods) ids.push_back(index.intern(pod));
    place_each([&](std::uint32_t pod) { return index.choose(ids[pod]); });
    if (options.steps != nullptr) *options.steps = index.steps();
  }
  return placements;
}

Result<Outcome> run_packing(const Trace& trace, const Options& options) {
  Result<Workload> workload = build_workload(trace, options.seed, options.load);
  if (!workload) return tl::unexpected(workload.error());

  Outcome outcome;
  outcome.placements = place_all(trace, *workload, options);
  outcome.arrivals = std::move(workload->arrivals);
  outcome.gpu_capacity_milli = trace.gpu_capacity_milli;

  std::vector<CurveEvent> events;
  events.reserve(outcome.arrivals.size());
  std::int64_t arrived_milli = 0;
  for (std::size_t i = 0; i < outcome.arrivals.size(); ++i) {
    const std::int64_t demand = trace.pods[outcome.arrivals[i]].gpu_demand_milli();
    arrived_milli += demand;
    if (outcome.placements[i]) {
      ++outcome.placed;
      outcome.gpu_used_milli += demand;
    } else {
      ++outcome.dropped;
    }
    events.push_back({arrived_milli, outcome.gpu_used_milli});
  }
  outcome.gpu_allocation = allocation_curve(events, trace.gpu_capacity_milli,
                                            static_cast<int>(std::lround(100 * options.load)));
  return outcome;
}

}  // namespace warmshell::replay::packing
