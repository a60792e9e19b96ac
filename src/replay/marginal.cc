#include "replay/marginal.h"

#include <algorithm>
#include <cmath>

namespace warmshell::replay {

namespace {

// Runs that answer one question; once one of them is stopped, none is whole.
class Runs {
 public:
  Runs(RunOptions options, const Progress& progress) : options_(options) {
    options_.log = options_.samples = false;
    if (progress)
      progress_ = [this, &progress](Milliseconds now, double done) {
        if (!progress(now, done)) stopped_ = true;
        return !stopped_;
      };
  }
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  double useful_hours(const ReplayInput& input) {
    if (stopped_) return 0;
    return gpu_hours(replay(input, options_, progress_).gpu_time.useful);
  }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  RunOptions options_;
  Progress progress_;
  bool stopped_ = false;
};

RunOptions until_counted(const ReplayInput& input, RunOptions options) {
  options.horizon_ms = counted_until(input, options);
  return options;
}

constexpr double ms_per_hour = 3'600'000;

struct Switch {
  std::string name;
  bool on = false;  // in the input
  std::function<void(ReplayInput&)> turn_on;
};

// From the plain policy to the input's, one thing after the other.
std::vector<Switch> switches_of(const ReplayInput& wanted) {
  const Scheduling& scheduling = wanted.scheduling;
  const PowerRules& power = wanted.power;
  std::vector<Switch> switches;
  const auto add = [&](std::string name, bool on, std::function<void(ReplayInput&)> turn_on) {
    if (on) switches.push_back({std::move(name), on, std::move(turn_on)});
  };
  add(std::string(policy_name(scheduling.placement)) + " placement",
      scheduling.placement != Policy::first_fit,
      [=](ReplayInput& input) { input.scheduling.placement = scheduling.placement; });
  const char* const orders[] = {"fifo", "shortest first", "priority order", "fair share"};
  add(orders[static_cast<int>(scheduling.order)], scheduling.order != JobOrder::fifo,
      [=](ReplayInput& input) { input.scheduling.order = scheduling.order; });
  add(scheduling.backfill == Backfill::easy ? "easy backfill" : "conservative backfill",
      scheduling.backfill != Backfill::none, [=](ReplayInput& input) {
        input.scheduling.backfill = scheduling.backfill;
        input.scheduling.reservations = scheduling.reservations;
      });
  add("aging", scheduling.max_wait_ms > 0,
      [=](ReplayInput& input) { input.scheduling.max_wait_ms = scheduling.max_wait_ms; });
  add("reclaim", scheduling.reclaim, [=](ReplayInput& input) {
    input.scheduling.reclaim = true;
    input.scheduling.min_run_ms = scheduling.min_run_ms;
  });
  add("preemption", scheduling.preemption, [=](ReplayInput& input) {
    input.scheduling.preemption = true;
    input.scheduling.min_run_ms = scheduling.min_run_ms;
  });
  add("standing power limit", power.standing_level != 0,
      [=](ReplayInput& input) { input.power.standing_level = power.standing_level; });
  add("sleeping nodes", power.sleep_after_ms > 0, [=](ReplayInput& input) {
    input.power.sleep_after_ms = power.sleep_after_ms;
    input.power.wake_ms = power.wake_ms;
  });
  const PowerControl& control = power.control;
  add("power control", control.gpu_cap || control.sleep || control.preempt,
      [=](ReplayInput& input) { input.power.control = power.control; });
  const char* const admissions[] = {"no admission by power", "nameplate", "admission by percentile",
                                    "admission by expectation"};
  add(admissions[static_cast<int>(power.admission)], power.admission != Admission::nameplate,
      [=](ReplayInput& input) {
        input.power.admission = power.admission;
        input.power.sigmas_milli = power.sigmas_milli;
      });
  add("oversubscription", power.admit_ppm != 1'000'000,
      [=](ReplayInput& input) { input.power.admit_ppm = power.admit_ppm; });
  return switches;
}

void fit(Slope& slope) {
  const double n = static_cast<double>(slope.at.size());
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < slope.at.size(); ++i) {
    mean_x += slope.at[i] / n;
    mean_y += slope.useful_gpu_hours[i] / n;
  }
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < slope.at.size(); ++i) {
    xx += (slope.at[i] - mean_x) * (slope.at[i] - mean_x);
    xy += (slope.at[i] - mean_x) * (slope.useful_gpu_hours[i] - mean_y);
  }
  slope.per_unit = xy / xx;
  double residual = 0;
  for (std::size_t i = 0; i < slope.at.size(); ++i) {
    const double off = slope.useful_gpu_hours[i] - mean_y - slope.per_unit * (slope.at[i] - mean_x);
    residual += off * off;
  }
  slope.se = std::sqrt(residual / (n - 2) / xx);
}

}  // namespace

Milliseconds counted_until(const ReplayInput& input, const RunOptions& options) {
  if (options.horizon_ms != never_ms || input.workload.jobs.empty()) return options.horizon_ms;
  return std::max<Milliseconds>(1, input.workload.jobs.back().submit_ms);
}

ReplayInput plain_policy(ReplayInput input) {
  Scheduling& scheduling = input.scheduling;
  scheduling.placement = Policy::first_fit;
  scheduling.order = JobOrder::fifo;
  scheduling.backfill = Backfill::none;
  scheduling.reclaim = scheduling.preemption = false;
  scheduling.max_wait_ms = 0;
  PowerRules& power = input.power;
  power.standing_level = 0;
  power.sleep_after_ms = power.wake_ms = 0;
  power.control = PowerControl{};
  power.admission = Admission::nameplate;
  power.admit_ppm = 1'000'000;
  return input;
}

std::optional<MarginalValue> marginal_value(const ReplayInput& input, RunOptions options,
                                            const Progress& progress) {
  options = until_counted(input, options);
  Runs runs(options, progress);
  MarginalValue value;
  value.by_h = static_cast<double>(options.horizon_ms) / ms_per_hour;
  value.useful_gpu_hours = runs.useful_hours(input);
  Milliwatts highest = 0;
  for (const CapStep& step : input.power.site_cap)
    if (step.cap_mw < no_cap / 1000) highest = std::max(highest, step.cap_mw);

  if (highest > 0) {
    const Milliwatts step_mw =
        std::min<Milliwatts>(1'000'000'000, std::max<Milliwatts>(1, highest / 100));
    const auto vary = [&](Slope& slope, double step, auto change) {
      slope.step = step;
      for (int steps = -2; steps <= 2; ++steps) {
        ReplayInput varied = input;
        change(varied, steps);
        slope.at.push_back(steps * step);
        slope.useful_gpu_hours.push_back(steps == 0 ? value.useful_gpu_hours
                                                    : runs.useful_hours(varied));
      }
      fit(slope);
    };
    vary(value.facility_mw, static_cast<double>(step_mw) / 1e9, [&](ReplayInput& varied, int by) {
      for (CapStep& step : varied.power.site_cap)
        if (step.cap_mw < no_cap / 1000)
          step.cap_mw = std::max<Milliwatts>(1, step.cap_mw + by * step_mw);
    });
    vary(value.oversubscription, 1,
         [&](ReplayInput& varied, int by) { varied.power.admit_ppm += by * 10'000; });
  }
  if (runs.stopped()) return std::nullopt;
  return value;
}

std::optional<Waterfall> policy_waterfall(const ReplayInput& input, RunOptions options,
                                          const Progress& progress) {
  options = until_counted(input, options);
  Runs runs(options, progress);
  Waterfall waterfall;
  waterfall.by_h = static_cast<double>(options.horizon_ms) / ms_per_hour;
  const ReplayInput bare = plain_policy(input);
  waterfall.plain = runs.useful_hours(bare);
  ReplayInput so_far = bare;
  double before = waterfall.plain;
  for (const Switch& each : switches_of(input)) {
    ReplayInput alone = bare;
    each.turn_on(alone);
    each.turn_on(so_far);
    const double reached = runs.useful_hours(so_far);
    waterfall.steps.push_back(
        {each.name, runs.useful_hours(alone) - waterfall.plain, reached - before});
    before = reached;
  }
  waterfall.all = runs.useful_hours(input);
  if (runs.stopped()) return std::nullopt;
  return waterfall;
}

}  // namespace warmshell::replay
