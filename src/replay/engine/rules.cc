#include "replay/engine/rules.h"

#include <algorithm>

namespace warmshell::replay {

Work kept_work(const Job& job, Work done) {
  if (job.checkpoint_ms == 0) return 0;
  const Work interval = job.checkpoint_ms * full_rate_ppm;
  return done / interval * interval;
}

Milliseconds estimate_left(const Job& job, Work kept, std::int32_t starts) {
  const Milliseconds left = std::max<Milliseconds>(1, job.estimate_ms - kept / full_rate_ppm);
  return starts > 0 ? left + job.restart_ms : left;
}

std::int64_t order_key(JobOrder order, const Job& job) {
  switch (order) {
    case JobOrder::fifo:
    case JobOrder::fair_share:
      return 0;
    case JobOrder::shortest:
      return job.estimate_ms;
    case JobOrder::priority:
      return -std::int64_t{job.priority};
  }
  return 0;
}

std::int64_t quota_bound(const Scheduling& scheduling, const Queue& queue) {
  const std::int64_t limit = queue.limit_milli < 0 ? INT64_MAX : queue.limit_milli;
  return scheduling.borrowing ? limit : std::min(limit, queue.deserved_milli);
}

bool less_served(std::int64_t has_a, std::int64_t share_a, std::int64_t has_b,
                 std::int64_t share_b) {
  const bool full_a = has_a >= share_a;
  const bool full_b = has_b >= share_b;
  if (full_a != full_b) return full_b;
  if (share_a == 0 || share_b == 0) return share_a > share_b && share_b == 0;
  return static_cast<Wide>(has_a) * share_b < static_cast<Wide>(has_b) * share_a;
}

namespace {

// What is left at a level of an uncapped draw, the limit itself aside.
Milliwatts drawn_at_level(const GpuType& type, const ProfileOnType& on_type, Milliwatts uncapped,
                          int level) {
  if (on_type.drawn_ppm.empty()) return uncapped;
  return type.idle_mw + (uncapped - type.idle_mw) *
                            on_type.drawn_ppm[static_cast<std::size_t>(level)] / full_rate_ppm;
}

}  // namespace

WorkerDraw worker_draw(const ReplayInput& input, const Job& job, int gpu_type) {
  WorkerDraw draw;
  if (job.worker.gpus == 0) return draw;
  const std::size_t t = static_cast<std::size_t>(gpu_type);
  const GpuType& type = input.machine.gpu_types[t];
  const int level = std::min(input.power.standing_level, deepest_level(type));
  const Milliwatts cap = type.cap_mw[static_cast<std::size_t>(level)];
  const std::int64_t milli = job.worker.gpu_demand_milli();
  const auto beyond_idle = [&](Milliwatts each) {
    return (std::min(each, cap) - type.idle_mw) * milli;
  };
  // Of a job with a head, the hungrier of both.
  const ProfileOnType& tail =
      input.machine.profiles[static_cast<std::size_t>(job.profile)].on_type[t];
  const ProfileOnType& head =
      job.head_profile < 0
          ? tail
          : input.machine.profiles[static_cast<std::size_t>(job.head_profile)].on_type[t];
  const auto mean_drawn = [&](const ProfileOnType& on_type) {
    return drawn_at_level(type, on_type, on_type.mean_mw, level);
  };
  draw.mean = beyond_idle(std::max(mean_drawn(tail), mean_drawn(head)));
  switch (input.power.admission) {
    case Admission::open:
      break;
    case Admission::nameplate:
      draw.admitted = beyond_idle(type.peak_mw);
      break;
    case Admission::percentile:
      draw.admitted = beyond_idle(std::max(tail.percentile_mw, head.percentile_mw));
      break;
    case Admission::expectation: {
      draw.admitted = draw.mean;
      const Wide deviation =
          static_cast<Wide>(std::max(tail.deviation_mw, head.deviation_mw)) * milli;
      draw.variance = deviation * deviation;
      break;
    }
  }
  return draw;
}

WorkerDraw hungriest_draw(const ReplayInput& input, const Job& job, TypeSet types) {
  WorkerDraw most;
  if (job.worker.gpus == 0) return most;
  for (std::size_t t = 0; t < input.machine.gpu_types.size(); ++t) {
    if ((types & job.worker.gpu_types & TypeSet{1} << t) == 0) continue;
    const WorkerDraw draw = worker_draw(input, job, static_cast<int>(t));
    most.admitted = std::max(most.admitted, draw.admitted);
    most.mean = std::max(most.mean, draw.mean);
    most.variance = std::max(most.variance, draw.variance);
  }
  return most;
}

int deepest_level(const GpuType& type) {
  return static_cast<int>(type.cap_mw.size()) - 1;
}

Microwatts actual_draw(const ReplayInput& input, std::int64_t job_index, int gpu_type, int level,
                       std::int64_t phase) {
  const Job& job = input.workload.jobs[static_cast<std::size_t>(job_index)];
  if (job.worker.gpus == 0) return 0;
  const std::size_t t = static_cast<std::size_t>(gpu_type);
  const GpuType& type = input.machine.gpu_types[t];
  const PowerProfile& profile =
      input.machine.profiles[static_cast<std::size_t>(profile_in_phase(job, phase))];
  const ProfileOnType& on_type = profile.on_type[t];
  const Milliwatts uncapped =
      phase_draw(type, profile, on_type, input.scheduling.seed, job_index, phase);
  const int level_here = std::min(level, deepest_level(type));
  const Milliwatts drawn = drawn_at_level(type, on_type, uncapped, level_here);
  const Milliwatts cap = type.cap_mw[static_cast<std::size_t>(level_here)];
  return (std::min(drawn, cap) - type.idle_mw) * job.worker.gpu_demand_milli();
}

std::int32_t rate_at_level(const ReplayInput& input, const Job& job, int gpu_type, int level,
                           std::int64_t phase) {
  if (job.worker.gpus == 0) return full_rate_ppm;
  const std::size_t t = static_cast<std::size_t>(gpu_type);
  const int level_here = std::min(level, deepest_level(input.machine.gpu_types[t]));
  return input.machine.profiles[static_cast<std::size_t>(profile_in_phase(job, phase))]
      .on_type[t]
      .rate_ppm[static_cast<std::size_t>(level_here)];
}

Milliseconds phase_end(const ReplayInput& input, const Job& job, std::int64_t phase,
                       Milliseconds begin, std::int32_t level_rate) {
  if (is_head(job, phase)) {
    const std::int64_t slowed = job.head_ms * full_rate_ppm;
    return begin + std::max<Milliseconds>(1, (slowed + level_rate - 1) / level_rate);
  }
  const Milliseconds length =
      input.machine.profiles[static_cast<std::size_t>(job.profile)].phase_ms;
  return length > 0 ? begin + length : never_ms;
}

std::int32_t sharing_rate(const Scheduling& scheduling, int residents) {
  if (residents <= 1) return full_rate_ppm;
  const std::size_t last = scheduling.sharing_rate_ppm.size() - 1;
  return scheduling.sharing_rate_ppm[std::min(static_cast<std::size_t>(residents - 1), last)];
}

std::int32_t combined_rate(std::int32_t level_rate, std::int32_t shared_rate) {
  const std::int64_t rate = std::int64_t{level_rate} * shared_rate / full_rate_ppm;
  return static_cast<std::int32_t>(std::max<std::int64_t>(1, rate));
}

Microwatts awake_draw(const Machine& machine, NodeId node) {
  const NodeCapacity& capacity = machine.nodes[node];
  Milliwatts idle = 0;
  if (capacity.gpus > 0)
    idle = machine.gpu_types[static_cast<std::size_t>(capacity.gpu_type)].idle_mw * capacity.gpus;
  return (machine.node_power[node].base_mw + idle) * 1000;
}

Microwatts asleep_draw(const Machine& machine, NodeId node) {
  return machine.node_power[node].sleep_mw * 1000;
}

PlacementRules placement_rules_of(const ReplayInput& input) {
  PlacementRules rules;
  rules.policy = input.scheduling.placement;
  if (rules.policy == Policy::fgd) {
    std::vector<Request> requests;
    for (const Job& job : input.workload.jobs) requests.push_back(job.worker);
    rules.typical_jobs = typical_jobs(requests, {}, 0.95);
  }
  return rules;
}

std::int64_t worker_capacity(const NodeState& node, const Request& worker) {
  std::int64_t room = std::int64_t{1} << 40;  // a worker that asks nothing
  if (worker.cpu_milli > 0) room = std::min<std::int64_t>(room, node.cpu_left / worker.cpu_milli);
  if (worker.memory_mib > 0)
    room = std::min<std::int64_t>(room, node.memory_left / worker.memory_mib);
  if (worker.gpus == 0) return room;
  if ((worker.gpu_types >> node.gpu_type & 1) == 0) return 0;
  if (!worker.is_share()) return std::min<std::int64_t>(room, node.gpus_free / worker.gpus);
  std::int64_t shares = 0;
  for (int g = 0; g < node.gpu_count; ++g)
    shares += node.gpu_left[static_cast<std::size_t>(g)] / worker.gpu_milli;
  return std::min(room, shares);
}

GpuSet lowest_gpus(const NodeState& node, const Request& worker) {
  GpuSet chosen = 0;
  int wanted = worker.gpus;
  for (int gpu = 0; wanted > 0; ++gpu) {
    if (node.gpu_left[static_cast<std::size_t>(gpu)] < worker.gpu_milli) continue;
    chosen |= GpuSet{1} << gpu;
    --wanted;
  }
  return chosen;
}

std::optional<Placement> choose_random(const ClusterState& cluster, const Request& request,
                                       std::uint64_t bits) {
  const auto has_room = [&](const NodeState& node) {
    return node.open && (request.pools >> node.pool & 1) != 0 && worker_capacity(node, request) > 0;
  };
  std::uint64_t feasible = 0;
  for (const NodeState& node : cluster.nodes()) feasible += has_room(node) ? 1 : 0;
  if (feasible == 0) return std::nullopt;

  std::uint64_t skip = (bits & 0xffffffff) % feasible;
  NodeId chosen = 0;
  while (!has_room(cluster.node(chosen)) || skip-- > 0) ++chosen;

  const NodeState& node = cluster.node(chosen);
  Placement placement{chosen, 0};
  if (request.is_share()) {
    std::uint64_t with_room = 0;
    for (int g = 0; g < node.gpu_count; ++g)
      with_room += node.gpu_left[static_cast<std::size_t>(g)] >= request.gpu_milli ? 1 : 0;
    std::uint64_t pass_by = (bits >> 32) % with_room;
    int gpu = 0;
    while (node.gpu_left[static_cast<std::size_t>(gpu)] < request.gpu_milli || pass_by-- > 0) ++gpu;
    placement.gpus = GpuSet{1} << gpu;
  } else {
    placement.gpus = lowest_gpus(node, request);
  }
  return placement;
}

}  // namespace warmshell::replay
