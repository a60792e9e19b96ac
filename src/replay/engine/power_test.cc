// Caps are kept: on random runs power is under the cap at every instant, or above it for no longer
// than the control needs; and the same runs break that when the actuators are off.

#include "replay/engine/power.h"

#include <gtest/gtest.h>

#include "replay/engine/fast.h"
#include "replay/engine/random_input.h"

namespace warmshell::replay {
namespace {

// A machine that can get under its caps at all: asleep, or awake and idle, it draws less.
ReplayInput capped_input(std::uint64_t seed) {
  RandomInputs random{seed};
  ReplayInput input;
  input.machine = random.machine();
  input.workload = random.workload(input.machine, 25);
  input.scheduling = random.scheduling(seed * 7 + 3);
  input.power = random.power(input.machine);
  const Microwatts low = facility_power(input.power, idle_floor(input.machine));
  const Microwatts high = facility_power(input.power, nameplate(input.machine));
  input.power.site_cap.clear();
  Milliseconds from = 0;
  for (int step = 0; step < 5; ++step, from += random.between(200, 2000))
    input.power.site_cap.push_back(
        {from, (low + (high - low) * random.between(5, 80) / 100) / 1000 + 1});
  for (CapSeries& series : input.power.row_caps) series.clear();
  input.power.control = {};
  input.power.control.gpu_cap = random.chance(70);
  input.power.control.sleep = random.chance(50);
  input.power.control.preempt = true;
  input.power.control.hold_ms = 100;
  input.power.control.measured_release = random.chance(50);
  return input;
}

Milliseconds longest_excursion(const Outcome& outcome) {
  Milliseconds longest = -1;
  for (const Excursion& excursion : outcome.excursions)
    longest = std::max(longest, excursion.end_ms - excursion.begin_ms);
  return longest;
}

TEST(Power, without_latency_the_cap_is_never_exceeded_in_1000_random_runs) {
  int would_exceed = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    ReplayInput input = capped_input(seed);
    input.power.control.latency_ms = input.power.control.brake_ms = 0;
    RunOptions options;
    options.samples = true;
    const Outcome outcome = replay(input, options);
    ASSERT_TRUE(outcome.excursions.empty()) << seed;
    for (const Sample& sample : outcome.samples)
      ASSERT_LE(sample.facility_power, sample.site_cap) << seed << " at " << sample.time_ms;

    input.power.control.gpu_cap = input.power.control.sleep = input.power.control.preempt = false;
    would_exceed += replay(input, {}).excursions.empty() ? 0 : 1;
  }
  EXPECT_GT(would_exceed, 300) << "the caps bind too rarely for this test to mean anything";
}

TEST(Power, with_latency_no_excursion_outlasts_latency_and_brake_in_1000_random_runs) {
  int exceeded = 0;
  int outlasts_without_actuators = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    ReplayInput input = capped_input(seed);
    RandomInputs random{seed + 5000};
    PowerControl& control = input.power.control;
    control.latency_ms = random.between(0, 400);
    control.brake_ms = random.between(1, 80);
    const Milliseconds bound = control.latency_ms + control.brake_ms;
    const Outcome outcome = replay(input, {});
    ASSERT_LE(longest_excursion(outcome), bound) << seed;
    exceeded += outcome.excursions.empty() ? 0 : 1;

    control.gpu_cap = control.sleep = control.preempt = false;
    outlasts_without_actuators += longest_excursion(replay(input, {})) > bound ? 1 : 0;
  }
  EXPECT_GT(exceeded, 300);
  EXPECT_GT(outlasts_without_actuators, 200);
}

// One class of job, first come first served: more power never means less work done by a date.
TEST(Power, useful_gpu_time_by_a_date_rises_with_the_cap) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomInputs random{seed};
    ReplayInput input;
    input.machine = random.machine();
    for (NodeCapacity& node : input.machine.nodes) {
      node.gpu_type = 0;
      node.pool = 0;
    }
    input.machine.profiles[0].phase_ms = 0;
    input.workload.queues = {{"all"}};
    Milliseconds submit = 0;
    for (int j = 0; j < 120; ++j) {
      Job job;
      submit += random.between(0, 300);
      job.submit_ms = submit;
      job.duration_ms = random.between(50, 5000);
      job.worker.gpus = 1;
      job.worker.gpu_milli = 1000;
      input.workload.jobs.push_back(job);
    }
    input.scheduling.placement = all_policies[seed % 7];
    input.power.admission = seed % 2 == 0 ? Admission::nameplate : Admission::percentile;
    RunOptions options;
    options.horizon_ms = 10'000;
    Wide before = -1;
    for (int percent = 50; percent <= 100; ++percent) {
      input.power.site_cap = {{0, nameplate(input.machine) / 1000 * percent / 100}};
      const Wide useful = replay(input, options).gpu_time.useful;
      ASSERT_GE(useful, before) << seed << " at " << percent << " %";
      before = useful;
    }
  }
}

TEST(Power, a_cap_series_is_a_step_function) {
  const CapSeries series = {{10, 5}, {20, 7}};
  EXPECT_EQ(cap_at(series, 9), no_cap);
  EXPECT_EQ(cap_at(series, 10), 5000);
  EXPECT_EQ(cap_at(series, 20), 7000);
  EXPECT_EQ(next_cap_change(series, 10), 20);
  EXPECT_EQ(next_cap_change(series, 20), never_ms);
  EXPECT_EQ(highest_cap(series), no_cap);  // before 10 there is none
}

TEST(Power, facility_power_is_it_times_pue_over_what_losses_leave) {
  PowerRules rules;
  rules.pue_ppm = 1'200'000;
  rules.losses_ppm = 40'000;
  EXPECT_EQ(facility_power(rules, 960'000), 1'200'000);
}

TEST(Power, phase_draws_have_the_mean_and_deviation_asked_for) {
  GpuType type{"gpu", 0, 1'000'000, {1'000'000}};
  ProfileOnType on_type{500'000, 50'000, 600'000, {full_rate_ppm}};
  PowerProfile profile{"p", 1000, {on_type}};
  double sum = 0;
  double squares = 0;
  constexpr int count = 20'000;
  for (int phase = 0; phase < count; ++phase) {
    const double draw = static_cast<double>(phase_draw(type, profile, on_type, 1, 2, phase));
    sum += draw;
    squares += draw * draw;
  }
  const double mean = sum / count;
  // Four standard errors: 50 W / sqrt(20000) = 0.35 W.
  EXPECT_NEAR(mean, 500'000, 4 * 354);
  EXPECT_NEAR(std::sqrt(squares / count - mean * mean), 50'000, 4 * 250);
}

}  // namespace
}  // namespace warmshell::replay
