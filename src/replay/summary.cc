#include "replay/summary.h"

#include <algorithm>
#include <string_view>

#include "replay/placement.h"

namespace warmshell::replay {

namespace {

constexpr double ms_per_hour = 3'600'000;

// The smallest value with at least this part of all at or below it; sorts.
double quantile_h(std::vector<Milliseconds>& times, double part) {
  if (times.empty()) return 0;
  std::sort(times.begin(), times.end());
  const double position = part * static_cast<double>(times.size());
  std::size_t at = static_cast<std::size_t>(position);
  if (static_cast<double>(at) == position && at > 0) --at;
  return static_cast<double>(times[std::min(at, times.size() - 1)]) / ms_per_hour;
}

struct Times {
  std::vector<Milliseconds> waits, completions;
};

WaitSummary summarise_times(Times& times) {
  WaitSummary summary;
  summary.jobs = static_cast<std::int64_t>(times.waits.size());
  summary.p50_h = quantile_h(times.waits, 0.5);
  summary.p90_h = quantile_h(times.waits, 0.9);
  summary.p99_h = quantile_h(times.waits, 0.99);
  summary.longest_h = quantile_h(times.waits, 1);
  summary.completion_p50_h = quantile_h(times.completions, 0.5);
  summary.completion_p90_h = quantile_h(times.completions, 0.9);
  return summary;
}

std::string domain_name(const ReplayInput& input, std::int32_t domain) {
  return domain < 0 ? "site" : input.machine.rows[static_cast<std::size_t>(domain)].name;
}

}  // namespace

double nameplate_mw(const ReplayInput& input) {
  Microwatts it = 0;
  for (std::size_t n = 0; n < input.machine.nodes.size(); ++n) {
    const NodeCapacity& node = input.machine.nodes[n];
    it += (input.machine.node_power[n].base_mw +
           node.gpus * input.machine.gpu_types[static_cast<std::size_t>(node.gpu_type)].peak_mw) *
          1000;
  }
  return static_cast<double>(facility_power(input.power, it)) / 1e12;
}

ReplaySummary summarise(const ReplayInput& input, const Outcome& outcome) {
  ReplaySummary summary;
  Times all;
  std::map<std::string, Times> by_queue;
  for (std::size_t j = 0; j < outcome.jobs.size(); ++j) {
    const JobOutcome& result = outcome.jobs[j];
    const Job& job = input.workload.jobs[j];
    ++summary.jobs;
    switch (result.state) {
      case JobState::unseen:
        ++summary.unseen;
        break;
      case JobState::waiting:
        ++summary.waiting;
        break;
      case JobState::running:
        ++summary.running;
        break;
      case JobState::completed:
        ++summary.completed;
        break;
      case JobState::refused:
        ++summary.refused;
        break;
    }
    Times& of_queue = by_queue[input.workload.queues[static_cast<std::size_t>(job.queue)].name];
    for (Times* times : {&all, &of_queue}) {
      if (result.first_start_ms >= 0) times->waits.push_back(result.first_start_ms - job.submit_ms);
      if (result.state == JobState::completed)
        times->completions.push_back(result.end_ms - job.submit_ms);
    }
  }
  summary.all = summarise_times(all);
  for (auto& [queue, times] : by_queue) summary.waits.emplace(queue, summarise_times(times));

  summary.evictions = outcome.evictions;
  summary.hours = static_cast<double>(outcome.end_ms) / ms_per_hour;
  const GpuTime& time = outcome.gpu_time;
  summary.gpu_hours = gpu_hours(time.sum());
  summary.parts = {{"useful", gpu_hours(time.useful), 0},
                   {"fragmentation", gpu_hours(time.fragmentation), 0},
                   {"quota", gpu_hours(time.quota), 0},
                   {"power", gpu_hours(time.power), 0},
                   {"gang_wait", gpu_hours(time.gang_wait), 0},
                   {"interference", gpu_hours(time.interference), 0},
                   {"preempted", gpu_hours(time.preempted), 0},
                   {"idle", gpu_hours(time.idle), 0}};
  for (ReplaySummary::Part& part : summary.parts)
    if (summary.gpu_hours > 0) part.share = part.gpu_hours / summary.gpu_hours;
  summary.gpu_time_conserved =
      time.sum() == static_cast<Wide>(outcome.capacity_milli) * outcome.end_ms * full_rate_ppm;
  summary.jobs_conserved =
      summary.completed + summary.running + summary.waiting + summary.refused + summary.unseen ==
      static_cast<std::int64_t>(input.workload.jobs.size());

  summary.it_energy_mwh = megawatt_hours(outcome.it_energy);
  summary.energy_mwh = megawatt_hours(outcome.facility_energy);
  summary.cost = outcome.cost;
  const Microwatts cap = highest_cap(input.power.site_cap);
  summary.provisioned_mw = cap == no_cap ? nameplate_mw(input) : static_cast<double>(cap) / 1e12;
  const double useful = gpu_hours(time.useful);
  if (summary.energy_mwh > 0) summary.useful_per_mwh = useful / summary.energy_mwh;
  if (summary.provisioned_mw > 0)
    summary.useful_per_provisioned_mw = useful / summary.provisioned_mw;
  for (const Excursion& excursion : outcome.excursions) {
    const double seconds = static_cast<double>(excursion.end_ms - excursion.begin_ms) / 1000;
    summary.excursion_minutes += seconds / 60;
    summary.longest_excursion_s = std::max(summary.longest_excursion_s, seconds);
  }
  return summary;
}

void write_replay_json(text::JsonWriter& json, const ReplayInput& input, const Outcome& outcome,
                       const ReplaySummary& summary) {
  const auto wait = [&](const WaitSummary& times) {
    json.begin_object();
    json.field("jobs", times.jobs).field("p50", times.p50_h).field("p90", times.p90_h);
    json.field("p99", times.p99_h).field("longest", times.longest_h);
    json.field("completion_p50", times.completion_p50_h);
    json.field("completion_p90", times.completion_p90_h).end_object();
  };
  json.field("policy", policy_name(input.scheduling.placement));
  json.field("seed", input.scheduling.seed);
  json.field("placed", summary.completed + summary.running).field("dropped", summary.refused);
  json.key("jobs").begin_object();
  json.field("submitted", summary.jobs).field("completed", summary.completed);
  json.field("running", summary.running).field("waiting", summary.waiting);
  json.field("refused", summary.refused).field("not_yet_submitted", summary.unseen);
  json.field("evictions", summary.evictions).end_object();
  json.field("hours", summary.hours);
  json.key("gpu_hours").begin_object();
  for (const ReplaySummary::Part& part : summary.parts) json.field(part.name, part.gpu_hours);
  json.field("all", summary.gpu_hours).end_object();
  json.key("gpu_share").begin_object();
  for (const ReplaySummary::Part& part : summary.parts) json.field(part.name, part.share);
  json.end_object();
  json.field("energy_mwh", summary.energy_mwh).field("it_energy_mwh", summary.it_energy_mwh);
  json.field("cost", summary.cost);
  json.field("provisioned_mw_facility", summary.provisioned_mw);
  json.field("useful_gpu_hours_per_mwh", summary.useful_per_mwh);
  json.field("useful_gpu_hours_per_provisioned_mw", summary.useful_per_provisioned_mw);
  json.field("excursion_minutes", summary.excursion_minutes);
  json.key("excursions").begin_array();
  for (const Excursion& excursion : outcome.excursions) {
    json.begin_object().field("domain", domain_name(input, excursion.domain));
    json.field("from_s", static_cast<double>(excursion.begin_ms) / 1000);
    json.field("seconds", static_cast<double>(excursion.end_ms - excursion.begin_ms) / 1000);
    json.field("worst_kw", static_cast<double>(excursion.worst_over) / 1e9).end_object();
  }
  json.end_array();
  json.key("waits").begin_object();
  for (const auto& [queue, times] : summary.waits) {
    json.key(queue);
    wait(times);
  }
  json.end_object();
  json.key("wait");
  wait(summary.all);
  json.key("checks").begin_object();
  json.field("gpu_time_conserved", summary.gpu_time_conserved);
  json.field("jobs_conserved", summary.jobs_conserved).end_object();
}

}  // namespace warmshell::replay
