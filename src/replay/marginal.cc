#include "replay/marginal.h"

#include <algorithm>

#include "replay/engine/fast.h"

namespace warmshell::replay {

namespace {

double useful_hours(const ReplayInput& input, RunOptions options) {
  options.log = options.samples = false;
  if (options.horizon_ms == never_ms && !input.workload.jobs.empty())
    options.horizon_ms = std::max<Milliseconds>(1, input.workload.jobs.back().submit_ms);
  return gpu_hours(replay(input, options).gpu_time.useful);
}

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

ReplayInput plain(ReplayInput input) {
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

}  // namespace

MarginalValue marginal_value(const ReplayInput& input, RunOptions options) {
  MarginalValue value;
  value.useful_gpu_hours = useful_hours(input, options);
  Milliwatts highest = 0;
  for (const CapStep& step : input.power.site_cap)
    if (step.cap_mw < no_cap / 1000) highest = std::max(highest, step.cap_mw);
  if (highest == 0) return value;

  const Milliwatts step_mw =
      std::min<Milliwatts>(1'000'000'000, std::max<Milliwatts>(1, highest / 100));
  ReplayInput more = input;
  for (CapStep& step : more.power.site_cap)
    if (step.cap_mw < no_cap / 1000) step.cap_mw += step_mw;
  value.mw_step = static_cast<double>(step_mw) / 1e9;
  value.per_facility_mw = (useful_hours(more, options) - value.useful_gpu_hours) / value.mw_step;

  ReplayInput bolder = input;
  bolder.power.admit_ppm += 10'000;
  value.per_oversubscription_percent = useful_hours(bolder, options) - value.useful_gpu_hours;
  return value;
}

Waterfall policy_waterfall(const ReplayInput& input, RunOptions options) {
  Waterfall waterfall;
  const ReplayInput bare = plain(input);
  waterfall.plain = useful_hours(bare, options);
  ReplayInput so_far = bare;
  double before = waterfall.plain;
  for (const Switch& each : switches_of(input)) {
    ReplayInput alone = bare;
    each.turn_on(alone);
    each.turn_on(so_far);
    const double reached = useful_hours(so_far, options);
    waterfall.steps.push_back(
        {each.name, useful_hours(alone, options) - waterfall.plain, reached - before});
    before = reached;
  }
  waterfall.all = useful_hours(input, options);
  return waterfall;
}

}  // namespace warmshell::replay
