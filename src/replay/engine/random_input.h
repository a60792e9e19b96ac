#pragma once
// Small random inputs for property tests and for holding the engines against each other.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "replay/engine/input.h"

namespace warmshell::replay {

struct RandomInputs {
  std::uint64_t seed = 0;
  std::int64_t drawn = 0;

  // From low to high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(draw_bits(seed, 17, ++drawn) %
                                           static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  std::int32_t small(std::int64_t low, std::int64_t high) {
    return static_cast<std::int32_t>(between(low, high));
  }

  Machine machine();
  std::vector<Queue> queues(std::int64_t capacity_milli);
  Workload workload(const Machine& machine, int jobs);
  // Every combination of placement, order, backfill and eviction comes up as `index` runs.
  Scheduling scheduling(std::uint64_t index);
  PowerRules power(const Machine& machine);
};

inline Microwatts nameplate(const Machine& machine) {
  Microwatts power = 0;
  for (std::size_t n = 0; n < machine.nodes.size(); ++n) {
    const NodeCapacity& node = machine.nodes[n];
    power += (machine.node_power[n].base_mw +
              node.gpus * machine.gpu_types[static_cast<std::size_t>(node.gpu_type)].peak_mw) *
             1000;
  }
  return power;
}

// All nodes awake, every GPU idle.
inline Microwatts idle_floor(const Machine& machine) {
  Microwatts power = 0;
  for (std::size_t n = 0; n < machine.nodes.size(); ++n) {
    const NodeCapacity& node = machine.nodes[n];
    power += (machine.node_power[n].base_mw +
              node.gpus * machine.gpu_types[static_cast<std::size_t>(node.gpu_type)].idle_mw) *
             1000;
  }
  return power;
}

inline Machine RandomInputs::machine() {
  Machine machine;
  const int types = small(1, 2);
  for (int t = 0; t < types; ++t) {
    const Milliwatts peak = between(300, 1000) * 1000;
    machine.gpu_types.push_back(
        {fmt::format("type-{}", t), peak / 8, peak, {peak, peak * 7 / 10, peak / 2, peak / 4}});
  }
  for (int p = 0; p < 2; ++p) {
    PowerProfile profile{fmt::format("profile-{}", p), p == 0 ? 0 : between(1, 30) * 100, {}};
    for (const GpuType& type : machine.gpu_types) {
      ProfileOnType on_type;
      on_type.mean_mw = type.peak_mw * between(40, 90) / 100;
      on_type.deviation_mw = type.peak_mw * between(1, 20) / 100;
      on_type.percentile_mw = std::min(type.peak_mw, on_type.mean_mw + on_type.deviation_mw);
      on_type.rate_ppm = {full_rate_ppm, small(850'000, 990'000), small(600'000, 840'000),
                          small(100'000, 500'000)};
      if (chance(40)) on_type.drawn_ppm = {full_rate_ppm, 900'000, 700'000, 300'000};
      profile.on_type.push_back(on_type);
    }
    machine.profiles.push_back(profile);
  }
  const int rows = small(1, 3);
  for (int r = 0; r < rows; ++r) machine.rows.push_back({fmt::format("row-{}", r)});
  const int nodes = small(1, 6);
  for (int n = 0; n < nodes; ++n) {
    machine.nodes.push_back({fmt::format("node-{}", n), small(4, 64) * 1000, small(8, 256) * 1024,
                             chance(8) ? 0 : small(1, 8), small(0, types - 1), small(0, rows - 1)});
    const Milliwatts base = between(50, 400) * 1000;
    machine.node_power.push_back({base, base / 10});
  }
  return machine;
}

inline std::vector<Queue> RandomInputs::queues(std::int64_t capacity_milli) {
  std::vector<Queue> queues;
  const int count = small(1, 7);
  for (int q = 0; q < count; ++q) {
    Queue queue;
    queue.name = fmt::format("queue-{}", q);
    queue.parent = q > 0 && chance(50) ? small(0, q - 1) : -1;
    queue.deserved_milli = between(0, std::max<std::int64_t>(1, capacity_milli / 1000)) * 500;
    if (chance(25)) queue.limit_milli = between(0, capacity_milli);
    queue.weight = between(0, 5);
    queue.priority = small(0, 2);
    queues.push_back(queue);
  }
  return queues;
}

inline Workload RandomInputs::workload(const Machine& machine, int jobs) {
  Workload workload;
  std::int64_t capacity = 0;
  for (const NodeCapacity& node : machine.nodes) capacity += node.gpus * std::int64_t{1000};
  workload.queues = queues(capacity);
  std::vector<std::int32_t> leaves;
  for (std::int32_t q = 0; q < static_cast<std::int32_t>(workload.queues.size()); ++q)
    if (std::none_of(workload.queues.begin(), workload.queues.end(),
                     [&](const Queue& queue) { return queue.parent == q; }))
      leaves.push_back(q);

  Milliseconds submit = 0;
  const Milliseconds spacing = between(1, 8) * 100;
  for (int j = 0; j < jobs; ++j) {
    Job job;
    job.name = fmt::format("job-{}", j);
    if (chance(80)) submit += between(0, spacing);
    job.submit_ms = submit;
    job.duration_ms = chance(20) ? between(1, 10) : between(100, 8000);
    job.estimate_ms = chance(40)
                          ? job.duration_ms
                          : std::max<Milliseconds>(1, job.duration_ms * between(30, 300) / 100);
    if (chance(55)) {
      job.worker.gpus = small(1, 4);
      job.worker.gpu_milli = 1000;
    } else if (chance(85)) {
      job.worker.gpus = 1;
      job.worker.gpu_milli = chance(50) ? 500 : small(1, 9) * 100;
    }
    job.workers = chance(30) ? small(2, 5) : 1;
    job.worker.cpu_milli = small(0, 8) * 1000;
    job.worker.memory_mib = small(0, 16) * 1024;
    if (job.worker.gpus > 0 && chance(30)) job.worker.gpu_types = TypeSet{1} << between(0, 1);
    job.queue =
        leaves[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(leaves.size()) - 1))];
    job.priority = small(0, 3);
    job.profile = small(0, 1);
    job.preemptible = chance(80);
    job.checkpoint_ms = chance(50) ? between(1, 20) * 100 : 0;
    job.restart_ms = chance(50) ? between(0, 300) : 0;
    if (chance(25)) {
      job.head_profile = small(0, 1);
      job.head_ms = between(0, job.duration_ms);
    }
    workload.jobs.push_back(job);
  }
  return workload;
}

inline Scheduling RandomInputs::scheduling(std::uint64_t index) {
  Scheduling scheduling;
  scheduling.placement = all_policies[index % 7];
  scheduling.order = static_cast<JobOrder>(index / 7 % 4);
  scheduling.backfill = static_cast<Backfill>(index / 28 % 3);
  scheduling.reclaim = index / 84 % 2 != 0;
  scheduling.preemption = index / 168 % 2 != 0;
  scheduling.borrowing = chance(80);
  scheduling.reservations = chance(50) ? 100 : small(1, 3);
  scheduling.min_run_ms = chance(50) ? between(0, 1000) : 0;
  scheduling.max_wait_ms = chance(50) ? between(500, 8000) : 0;
  scheduling.sharing_rate_ppm = {full_rate_ppm, small(700'000, 950'000), small(500'000, 700'000)};
  scheduling.seed = seed;
  return scheduling;
}

inline PowerRules RandomInputs::power(const Machine& machine) {
  PowerRules power;
  if (chance(25)) return power;
  power.pue_ppm = small(1'050'000, 1'500'000);
  power.losses_ppm = small(0, 60'000);
  const Microwatts low = facility_power(power, idle_floor(machine));
  const Microwatts high = facility_power(power, nameplate(machine));
  const auto some_cap = [&](Microwatts from, Microwatts to) {
    return (from + (to - from) * between(15, 110) / 100) / 1000;
  };
  if (chance(70)) {
    Milliseconds at = chance(70) ? 0 : between(100, 3000);
    for (int steps = small(1, 4); steps > 0; --steps, at += between(200, 6000))
      power.site_cap.push_back({at, some_cap(low, high)});
  }
  if (chance(50))
    for (std::size_t row = 0; row < machine.rows.size(); ++row) {
      Machine part = machine;
      for (NodeCapacity& node : part.nodes)
        if (node.pool != static_cast<int>(row)) node.gpus = 0;
      power.row_caps.push_back({{0, some_cap(idle_floor(part), nameplate(part))}});
      if (chance(30)) power.row_caps.back().clear();
    }
  power.tariff = {{0, 40}, {2000, 90}, {5000, 30}};
  power.admission = static_cast<Admission>(between(0, 3));
  power.sigmas_milli = small(0, 3000);
  power.admit_ppm = chance(70) ? 1'000'000 : small(900'000, 1'400'000);
  power.standing_level = chance(80) ? 0 : small(1, 2);
  power.sleep_after_ms = chance(30) ? between(0, 2000) : 0;
  power.wake_ms = chance(50) ? between(0, 400) : 0;
  power.control.gpu_cap = chance(70);
  power.control.sleep = chance(50);
  power.control.preempt = chance(60);
  power.control.latency_ms = chance(40) ? 0 : between(1, 1500);
  power.control.brake_ms = chance(40) ? 0 : between(1, 300);
  power.control.measured_release = chance(30);
  power.control.hold_ms = between(1, 1000);
  power.control.give_up_after = small(1, 6);
  power.control.low_priority_below = small(0, 3);
  return power;
}

}  // namespace warmshell::replay
