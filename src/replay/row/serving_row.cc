#include "replay/row/serving_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/math.h"
#include "base/statistics.h"
#include "replay/engine/fast.h"

namespace warmshell::replay {

namespace {

constexpr int low_type = 0, high_type = 1;  // equal GPUs, so that a server has a priority
constexpr Milliseconds peak_window_ms = 2000;
constexpr Milliseconds copy_spread_ms = 60'000;  // how far a second copy of a request may stand off

std::int64_t milli(double value) {
  return std::llround(value * 1000);
}
std::int32_t ppm(double share) {
  return static_cast<std::int32_t>(std::llround(share * 1e6));
}

// In [0, 1), the same for the same three numbers.
double uniform(std::uint64_t seed, std::int64_t a, std::int64_t b) {
  return static_cast<double>(draw_bits(seed, a, b) >> 11) * 0x1p-53;
}

// Work of one draw under every locked clock: the curve's busy part slows with the clock.
ProfileOnType on_locked_clocks(const RowDesign& design, const GpuType& type, double draw) {
  const CapCurve& curve = design.levels.curve;
  ProfileOnType made;
  made.mean_mw = std::clamp(milli(draw * design.gpu_watts), type.idle_mw, type.peak_mw);
  made.percentile_mw = made.mean_mw;
  const double uncapped = static_cast<double>(made.mean_mw) / (1000 * design.gpu_watts);
  for (const double clock : design.levels.clocks) {
    const ClockEffect effect = at_locked_clock(curve, clock, uncapped);
    const double drawn = uncapped - design.levels.response * (uncapped - effect.draw);
    const double idle = static_cast<double>(type.idle_mw) / (1000 * design.gpu_watts);
    const double beyond_idle = std::clamp((drawn - idle) / (uncapped - idle), 0.0, 1.0);
    made.rate_ppm.push_back(std::max(1, ppm(effect.throughput)));
    made.drawn_ppm.push_back(ppm(beyond_idle));
  }
  return made;
}

struct Kept {
  Milliseconds at_ms = 0;
  std::size_t request = 0;
  std::int64_t copy = 0;
};

// A share of the trace, or several times it: what a lower load keeps, a higher one keeps too.
std::vector<Kept> kept_requests(const RowDesign& design, const std::vector<LlmRequest>& requests) {
  const double share = design.load * design.servers / design.designed_for;
  std::vector<Kept> kept;
  for (std::size_t r = 0; r < requests.size(); ++r)
    for (std::int64_t copy = 0; static_cast<double>(copy) < share; ++copy) {
      const std::int64_t index = static_cast<std::int64_t>(r);
      if (uniform(design.seed, index, 3 * copy) >= share - static_cast<double>(copy)) continue;
      Milliseconds at = requests[r].at_ms;
      if (copy > 0)
        at = std::max<Milliseconds>(
            0, at + std::llround((2 * uniform(design.seed, index, 3 * copy + 1) - 1) *
                                 copy_spread_ms));
      kept.push_back({at, r, copy});
    }
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Kept& a, const Kept& b) { return a.at_ms < b.at_ms; });
  return kept;
}

Latency latency_of(const ReplayInput& input, const Outcome& outcome, std::int32_t priority) {
  std::vector<double> whole, answer;
  for (std::size_t j = 0; j < outcome.jobs.size(); ++j) {
    const Job& job = input.workload.jobs[j];
    const JobOutcome& result = outcome.jobs[j];
    if (job.priority != priority || result.state != JobState::completed) continue;
    whole.push_back(static_cast<double>(result.end_ms - job.submit_ms));
    answer.push_back(static_cast<double>(result.end_ms - result.first_start_ms));
  }
  Latency made;
  made.requests = static_cast<std::int64_t>(whole.size());
  if (whole.empty()) return made;
  constexpr std::array quantiles = {0.5, 0.99};
  const std::vector<double> of_whole = exact_quantiles(std::move(whole), quantiles);
  const std::vector<double> of_answer = exact_quantiles(std::move(answer), quantiles);
  made.p50_ms = of_whole[0];
  made.p99_ms = of_whole[1];
  made.answer_p50_ms = of_answer[0];
  made.answer_p99_ms = of_answer[1];
  return made;
}

}  // namespace

ReplayInput serving_row(const RowDesign& design, const ServingTimes& times,
                        const std::vector<LlmRequest>& requests) {
  ReplayInput input;
  Machine& machine = input.machine;
  double highest = 1;
  for (const PromptPoint& point : times.prompts) highest = std::max(highest, point.draw);
  GpuType type;
  type.idle_mw = milli(design.gpu_idle_watts);
  type.peak_mw = milli(highest * design.gpu_watts);
  type.cap_mw.assign(design.levels.clocks.size(), type.peak_mw);  // clocks, not power, are set
  machine.gpu_types = {type, type};
  machine.gpu_types[low_type].name = "of low priority";
  machine.gpu_types[high_type].name = "of high priority";
  const auto add_profile = [&](std::string name, double draw) {
    const ProfileOnType on_type = on_locked_clocks(design, type, draw);
    machine.profiles.push_back({std::move(name), 0, {on_type, on_type}});
  };
  add_profile("tokens", times.token_draw);
  for (const PromptPoint& point : times.prompts)
    add_profile(fmt::format("prompt of {}", point.tokens), point.draw);
  machine.rows = {{"row"}};
  const int low_servers = static_cast<int>(std::lround(design.servers * design.low_priority_share));
  for (int server = 0; server < design.servers; ++server) {
    const int of_type = server < low_servers ? low_type : high_type;
    machine.nodes.push_back({fmt::format("server-{}", server), 0, 0, design.gpus, of_type, 0});
    machine.node_power.push_back({milli(design.base_watts), 0});
  }

  input.workload.queues = {{"low"}, {"high"}};  // by priority
  for (const Kept& kept : kept_requests(design, requests)) {
    const LlmRequest& request = requests[kept.request];
    Job job;
    job.name = fmt::format("{}", kept.request);
    job.submit_ms = kept.at_ms;
    const double prompt = prompt_ms(times, request.prompt_tokens);
    job.duration_ms = std::llround(prompt + request.tokens * times.token_ms);
    job.estimate_ms = job.duration_ms;
    job.head_ms = std::min<Milliseconds>(job.duration_ms, std::llround(prompt));
    job.head_profile = 1 + static_cast<std::int32_t>(prompt_point(times, request.prompt_tokens));
    job.worker.gpus = design.gpus;
    job.worker.gpu_milli = whole_gpu_milli;
    const bool low = uniform(design.seed, static_cast<std::int64_t>(kept.request),
                             3 * kept.copy + 2) < design.low_priority_share;
    job.priority = job.queue = low ? 0 : 1;
    job.worker.gpu_types = TypeSet{1} << (low ? low_type : high_type);
    job.preemptible = false;
    input.workload.jobs.push_back(std::move(job));
  }

  PowerRules& power = input.power;
  power.admission = Admission::open;
  power.control = design.control;
  if (design.budget_holds)
    power.row_caps = {{{0, milli(design.budget_watts) * design.designed_for}}};
  input.scheduling.order = JobOrder::fair_share;  // who finds no server holds up its own line only
  input.scheduling.seed = design.seed;
  return input;
}

RowOutcome run_row(const RowDesign& design, const ServingTimes& times,
                   const std::vector<LlmRequest>& requests) {
  const ReplayInput input = serving_row(design, times, requests);
  RunOptions options;
  options.log = options.samples = true;
  const Outcome outcome = replay::replay(input, options);

  RowOutcome made;
  std::int64_t stage = 0;
  for (const Event& event : outcome.log) {
    if (event.kind == EventKind::brake && event.value == 1) ++made.brakes;
    if (event.kind != EventKind::stage) continue;
    if (stage < 1 && event.value >= 1) ++made.low_capped;
    if (stage < 2 && event.value >= 2) ++made.high_capped;
    stage = event.value;
  }
  made.excursions = static_cast<std::int64_t>(outcome.excursions.size());
  for (const Excursion& excursion : outcome.excursions)
    made.longest_excursion_ms =
        std::max(made.longest_excursion_ms, excursion.end_ms - excursion.begin_ms);

  // Energy by window of two seconds, and until the last arrival.
  const Milliseconds arrivals_end =
      input.workload.jobs.empty() ? 0 : input.workload.jobs.back().submit_ms;
  std::vector<Wide> windows(static_cast<std::size_t>(outcome.end_ms / peak_window_ms) + 1);
  Wide until_arrivals_end = 0;
  for (std::size_t s = 0; s < outcome.samples.size(); ++s) {
    const Microwatts power = outcome.samples[s].it_power;
    Milliseconds from = outcome.samples[s].time_ms;
    const Milliseconds until =
        s + 1 < outcome.samples.size() ? outcome.samples[s + 1].time_ms : outcome.end_ms;
    until_arrivals_end +=
        static_cast<Wide>(power) *
        std::max<Milliseconds>(0, std::min(until, arrivals_end) - std::min(from, arrivals_end));
    while (from < until) {
      const Milliseconds window = from / peak_window_ms;
      const Milliseconds stop = std::min(until, (window + 1) * peak_window_ms);
      windows[static_cast<std::size_t>(window)] += static_cast<Wide>(power) * (stop - from);
      from = stop;
    }
  }
  const double budget_uw =
      static_cast<double>(milli(design.budget_watts)) * design.designed_for * 1000;
  const Wide highest = *std::max_element(windows.begin(), windows.end());
  made.peak = static_cast<double>(highest) / peak_window_ms / budget_uw;
  if (arrivals_end > 0)
    made.mean =
        static_cast<double>(until_arrivals_end) / static_cast<double>(arrivals_end) / budget_uw;
  made.megawatt_hours = megawatt_hours(outcome.it_energy);
  made.low = latency_of(input, outcome, 0);
  made.high = latency_of(input, outcome, 1);
  made.end_ms = outcome.end_ms;
  return made;
}

double load_for_busy(const RowDesign& design, const ServingTimes& times,
                     const std::vector<LlmRequest>& requests, double busy) {
  double work_ms = 0;
  for (const LlmRequest& request : requests)
    work_ms += prompt_ms(times, request.prompt_tokens) + request.tokens * times.token_ms;
  const double span_ms = requests.empty() ? 0 : static_cast<double>(requests.back().at_ms);
  return work_ms > 0 ? busy * span_ms * design.designed_for / work_ms : 0;
}

double budget_for_peak(RowDesign design, const ServingTimes& times,
                       const std::vector<LlmRequest>& requests, double peak) {
  design.servers = design.designed_for;
  design.budget_holds = false;
  return design.budget_watts * run_row(design, times, requests).peak / peak;
}

}  // namespace warmshell::replay
