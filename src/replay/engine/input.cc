#include "replay/engine/input.h"

#include <fmt/format.h>

#include <algorithm>

namespace warmshell::replay {

namespace {

std::string check_machine(const Machine& machine) {
  if (machine.gpu_types.empty() || machine.gpu_types.size() > max_gpu_types)
    return "number of GPU types";
  if (machine.rows.empty() || machine.rows.size() > max_pools) return "number of rows";
  if (machine.nodes.empty()) return "no nodes";
  if (machine.node_power.size() != machine.nodes.size()) return "power of some nodes is not told";
  for (const GpuType& type : machine.gpu_types) {
    if (type.cap_mw.empty() || type.cap_mw.front() != type.peak_mw ||
        !std::is_sorted(type.cap_mw.rbegin(), type.cap_mw.rend()) ||
        type.cap_mw.back() < type.idle_mw || type.idle_mw < 0)
      return fmt::format("power limits of GPU type {}", type.name);
  }
  if (machine.profiles.empty()) return "no power profile";
  for (const PowerProfile& profile : machine.profiles) {
    if (profile.phase_ms < 0 || profile.on_type.size() != machine.gpu_types.size())
      return fmt::format("power profile {}", profile.name);
    for (std::size_t t = 0; t < profile.on_type.size(); ++t) {
      const ProfileOnType& on_type = profile.on_type[t];
      const GpuType& type = machine.gpu_types[t];
      const auto in_range = [&](Milliwatts draw) {
        return draw >= type.idle_mw && draw <= type.peak_mw;
      };
      if (!in_range(on_type.mean_mw) || !in_range(on_type.percentile_mw) ||
          on_type.deviation_mw < 0)
        return fmt::format("draws of profile {} on {}", profile.name, type.name);
      if (on_type.rate_ppm.size() != type.cap_mw.size() ||
          on_type.rate_ppm.front() != full_rate_ppm || on_type.rate_ppm.back() < 1 ||
          !std::is_sorted(on_type.rate_ppm.rbegin(), on_type.rate_ppm.rend()))
        return fmt::format("throughput of profile {} on {}", profile.name, type.name);
      if (!on_type.drawn_ppm.empty() &&
          (on_type.drawn_ppm.size() != type.cap_mw.size() ||
           on_type.drawn_ppm.front() != full_rate_ppm || on_type.drawn_ppm.back() < 0 ||
           !std::is_sorted(on_type.drawn_ppm.rbegin(), on_type.drawn_ppm.rend())))
        return fmt::format("draw under limits of profile {} on {}", profile.name, type.name);
    }
  }
  for (std::size_t n = 0; n < machine.nodes.size(); ++n) {
    const NodeCapacity& node = machine.nodes[n];
    if (node.cpu_milli < 0 || node.memory_mib < 0 || node.gpus < 0 ||
        node.gpus > max_gpus_per_node || node.gpu_type < 0 ||
        node.gpu_type >= static_cast<int>(machine.gpu_types.size()) || node.pool < 0 ||
        node.pool >= static_cast<int>(machine.rows.size()))
      return fmt::format("node {}", node.name);
    const NodePower& power = machine.node_power[n];
    if (power.sleep_mw < 0 ||
        power.sleep_mw >
            power.base_mw +
                node.gpus * machine.gpu_types[static_cast<std::size_t>(node.gpu_type)].idle_mw)
      return fmt::format("node {} draws more asleep than awake", node.name);
  }
  return "";
}

std::string check_workload(const Machine& machine, const Workload& workload) {
  const std::int32_t queues = static_cast<std::int32_t>(workload.queues.size());
  if (queues == 0) return "no queue";
  std::vector<char> leaf(workload.queues.size(), 1);
  for (std::int32_t q = 0; q < queues; ++q) {
    const Queue& queue = workload.queues[static_cast<std::size_t>(q)];
    if (queue.parent >= q || queue.parent < -1 || queue.deserved_milli < 0 || queue.weight < 0)
      return fmt::format("queue {}", queue.name);
    if (queue.parent >= 0) leaf[static_cast<std::size_t>(queue.parent)] = 0;
  }
  Milliseconds before = 0;
  for (const Job& job : workload.jobs) {
    const Request& worker = job.worker;
    const bool gpus_good =
        worker.gpus == 0   ? worker.gpu_milli == 0 && worker.gpu_types == any_gpu_type
        : worker.gpus == 1 ? worker.gpu_milli >= 1 && worker.gpu_milli <= whole_gpu_milli
                           : worker.gpu_milli == whole_gpu_milli;
    if (!gpus_good || worker.gpus < 0 || worker.cpu_milli < 0 || worker.memory_mib < 0 ||
        worker.pools != any_pool || job.workers < 1)
      return fmt::format("what job {} asks for", job.name);
    if (job.submit_ms < before || job.duration_ms < 1 || job.estimate_ms < 1 ||
        job.checkpoint_ms < 0 || job.restart_ms < 0)
      return fmt::format("times of job {}", job.name);
    if (job.queue < 0 || job.queue >= queues || !leaf[static_cast<std::size_t>(job.queue)])
      return fmt::format("queue of job {}", job.name);
    if (job.profile < 0 || job.profile >= static_cast<std::int32_t>(machine.profiles.size()))
      return fmt::format("power profile of job {}", job.name);
    if (job.head_profile < -1 ||
        job.head_profile >= static_cast<std::int32_t>(machine.profiles.size()) || job.head_ms < 0 ||
        job.head_ms > job.duration_ms)
      return fmt::format("head of job {}", job.name);
    before = job.submit_ms;
  }
  return "";
}

std::string check_power(const PowerRules& power, std::size_t rows) {
  const auto rises = [](const CapSeries& series) {
    return std::is_sorted(series.begin(), series.end(),
                          [](const CapStep& a, const CapStep& b) { return a.from_ms < b.from_ms; });
  };
  if (!rises(power.site_cap) || power.row_caps.size() > rows ||
      !std::all_of(power.row_caps.begin(), power.row_caps.end(), rises))
    return "steps of a power cap";
  if (power.pue_ppm < 1'000'000 || power.losses_ppm < 0 || power.losses_ppm >= 1'000'000)
    return "PUE or losses";
  if (power.standing_level < 0 || power.sigmas_milli < 0 || power.admit_ppm < 0) return "admission";
  const PowerControl& control = power.control;
  if (control.latency_ms < 0 || control.brake_ms < 0 || control.hold_ms < 1 ||
      control.give_up_after < 1 || control.hysteresis_ppm < 0)
    return "power control";
  for (const Threshold& threshold : control.thresholds)
    if (threshold.low_level < 0 || threshold.high_level < 0) return "a threshold's level";
  return "";
}

}  // namespace

std::string check_input(const ReplayInput& input) {
  if (std::string broken = check_machine(input.machine); !broken.empty()) return broken;
  if (std::string broken = check_power(input.power, input.machine.rows.size()); !broken.empty())
    return broken;
  if (!input.workload.jobs.empty() || !input.workload.queues.empty())
    if (std::string broken = check_workload(input.machine, input.workload); !broken.empty())
      return broken;
  const Scheduling& scheduling = input.scheduling;
  if (scheduling.sharing_rate_ppm.empty() || scheduling.sharing_rate_ppm.front() != full_rate_ppm)
    return "throughput of shared GPUs";
  for (const std::int32_t rate : scheduling.sharing_rate_ppm)
    if (rate < 1 || rate > full_rate_ppm) return "throughput of shared GPUs";
  if (scheduling.reservations < 1 || scheduling.min_run_ms < 0 || scheduling.max_wait_ms < 0)
    return "scheduling";
  return "";
}

}  // namespace warmshell::replay
