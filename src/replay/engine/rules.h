#pragma once
// The small rules that both engines follow: what is left of a job, in which order jobs stand, what
// a queue may hold, what a worker draws and at which rate it runs. Thread rule: pure functions.

#include <cstdint>
#include <optional>

#include "replay/cluster_state.h"
#include "replay/engine/input.h"

namespace warmshell::replay {

using Work = std::int64_t;  // milliseconds x parts per million of full rate

[[nodiscard]] inline Work total_work(const Job& job) {
  return job.duration_ms * full_rate_ppm;
}

// What an eviction leaves of the work done: whole checkpoint intervals.
[[nodiscard]] Work kept_work(const Job& job, Work done);

// What the owner's estimate leaves to run when the job is started for the (starts + 1)-th time with
// `kept` work done; at least 1.
[[nodiscard]] Milliseconds estimate_left(const Job& job, Work kept, std::int32_t starts);

// Jobs stand by this number, smaller first, then by index.
[[nodiscard]] std::int64_t order_key(JobOrder order, const Job& job);

// GPU milli that a queue may hold; INT64_MAX without bound.
[[nodiscard]] std::int64_t quota_bound(const Scheduling& scheduling, const Queue& queue);

// Is the first queue served less of its share than the second? Those below their share come first,
// then the smaller part of the share; nothing of nothing is the largest part.
[[nodiscard]] bool less_served(std::int64_t has_a, std::int64_t share_a, std::int64_t has_b,
                               std::int64_t share_b);

// One worker's draw beyond the idle draw of its GPUs.
struct WorkerDraw {
  Microwatts admitted = 0;  // what admission counts, without sigmas
  Microwatts mean = 0;      // expected at the standing level
  Wide variance = 0;        // microwatts squared; expectation only
};
[[nodiscard]] WorkerDraw worker_draw(const ReplayInput& input, const Job& job, int gpu_type);
// The largest of each over the types that the worker may use among `types`.
[[nodiscard]] WorkerDraw hungriest_draw(const ReplayInput& input, const Job& job, TypeSet types);

[[nodiscard]] int deepest_level(const GpuType& type);
[[nodiscard]] Microwatts actual_draw(const ReplayInput& input, std::int64_t job_index, int gpu_type,
                                     int level, std::int64_t phase);
[[nodiscard]] std::int32_t rate_at_level(const ReplayInput& input, const Job& job, int gpu_type,
                                         int level, std::int64_t phase);
// Of each of `residents` workers that share one GPU.
[[nodiscard]] std::int32_t sharing_rate(const Scheduling& scheduling, int residents);
// Of a job slowed by its power level and by sharing; at least 1.
[[nodiscard]] std::int32_t combined_rate(std::int32_t level_rate, std::int32_t shared_rate);

[[nodiscard]] Microwatts awake_draw(const Machine& machine, NodeId node);  // no job on it
[[nodiscard]] Microwatts asleep_draw(const Machine& machine, NodeId node);

// Placement as the scheduling asks; typical jobs are those of the workload.
[[nodiscard]] PlacementRules placement_rules_of(const ReplayInput& input);

// Of those that may be evicted, the one that goes first: lowest priority, then the latest start,
// then the highest index.
struct Victim {
  std::int32_t priority = 0;
  Milliseconds start_ms = 0;
  std::int32_t job = 0;
};
[[nodiscard]] inline bool goes_before(const Victim& a, const Victim& b) {
  if (a.priority != b.priority) return a.priority < b.priority;
  return a.start_ms != b.start_ms ? a.start_ms > b.start_ms : a.job > b.job;
}

// Does this phase of the job follow its head profile? The first one after each start does.
[[nodiscard]] inline bool is_head(const Job& job, std::int64_t phase) {
  return job.head_profile >= 0 && (phase & 0xffffffff) == 0;
}
[[nodiscard]] inline std::int32_t profile_in_phase(const Job& job, std::int64_t phase) {
  return is_head(job, phase) ? job.head_profile : job.profile;
}
// When a phase that begins at `begin` ends, at the rate that its head would have now; never_ms:
// with the job.
[[nodiscard]] Milliseconds phase_end(const ReplayInput& input, const Job& job, std::int64_t phase,
                                     Milliseconds begin, std::int32_t level_rate);

// Phases are numbered on across restarts, so that no draw is used twice.
[[nodiscard]] inline std::int64_t first_phase(std::int32_t starts_before) {
  return std::int64_t{starts_before} << 32;
}

// How many such workers the node has room for, power, sleep and pools aside.
[[nodiscard]] std::int64_t worker_capacity(const NodeState& node, const Request& worker);

// The GPUs of a node with room that first-fit takes: the lowest.
[[nodiscard]] GpuSet lowest_gpus(const NodeState& node, const Request& worker);

// Uniform among the open nodes with room, then among its GPUs with room; `bits` decide.
[[nodiscard]] std::optional<Placement> choose_random(const ClusterState& cluster,
                                                     const Request& request, std::uint64_t bits);

}  // namespace warmshell::replay
