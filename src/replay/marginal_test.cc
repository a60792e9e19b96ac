#include "replay/marginal.h"

#include <gtest/gtest.h>

#include "replay/engine/fast.h"
#include "replay/engine/random_input.h"

namespace warmshell::replay {
namespace {

// Ten GPUs of 1 kW beyond idle, a backlog of one-GPU jobs, a cap for five of them.
ReplayInput backlog() {
  ReplayInput input;
  input.machine.gpu_types = {{"gpu", 0, 1'000'000, {1'000'000}}};
  input.machine.profiles = {{"steady", 0, {{500'000, 0, 500'000, {full_rate_ppm}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"node", 1, 1, 10, 0, 0}};
  input.machine.node_power = {{}};
  input.workload.queues = {{"all"}};
  Job job;
  job.worker.gpus = 1;
  job.worker.gpu_milli = 1000;
  job.duration_ms = job.estimate_ms = 3'600'000;
  for (int j = 0; j < 100; ++j) input.workload.jobs.push_back(job);
  input.power.site_cap = {{0, 500'000'000}};
  input.power.admission = Admission::nameplate;
  return input;
}

TEST(Marginal, one_more_megawatt_is_worth_the_gpus_it_feeds) {
  ReplayInput input = backlog();
  input.machine.nodes[0].gpus = 10;
  for (int n = 0; n < 99; ++n) {
    input.machine.nodes.push_back(input.machine.nodes[0]);
    input.machine.node_power.emplace_back();
  }
  input.workload.jobs.resize(1600, input.workload.jobs.front());  // on 1,000 GPUs, 500 of them fed
  RunOptions options;
  options.horizon_ms = 3'600'000;
  const MarginalValue value = marginal_value(input, options).value();
  EXPECT_DOUBLE_EQ(value.by_h, 1);
  EXPECT_DOUBLE_EQ(value.useful_gpu_hours, 500);
  EXPECT_DOUBLE_EQ(value.facility_mw.step, 0.005);
  EXPECT_DOUBLE_EQ(value.facility_mw.per_unit, 1000);  // 1 kW for each GPU
  EXPECT_NEAR(value.facility_mw.se, 0, 1e-9);
  EXPECT_EQ(value.facility_mw.useful_gpu_hours, (std::vector<double>{490, 495, 500, 505, 510}));
  EXPECT_DOUBLE_EQ(value.oversubscription.per_unit, 5);
}

TEST(Marginal, without_a_cap_power_is_worth_nothing) {
  ReplayInput input = backlog();
  input.power.site_cap.clear();
  const MarginalValue value = marginal_value(input, {}).value();
  EXPECT_EQ(value.facility_mw.per_unit, 0);
}

TEST(Marginal, what_is_stopped_gives_nothing) {
  ReplayInput input = backlog();
  input.workload.jobs.resize(20'000, input.workload.jobs.front());
  for (std::size_t j = 0; j < input.workload.jobs.size(); ++j)
    input.workload.jobs[j].submit_ms = static_cast<Milliseconds>(j);
  const auto stop = [](Milliseconds, double) { return false; };
  EXPECT_FALSE(marginal_value(input, {}, stop).has_value());
  EXPECT_FALSE(policy_waterfall(input, {}, stop).has_value());
}

TEST(Marginal, steps_of_the_waterfall_add_up) {
  int with_steps = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RandomInputs random{seed};
    ReplayInput input;
    input.machine = random.machine();
    input.workload = random.workload(input.machine, 30);
    input.scheduling = random.scheduling(seed * 31);
    input.power = random.power(input.machine);
    RunOptions options;
    options.horizon_ms = 5000;
    const Waterfall waterfall = policy_waterfall(input, options).value();
    double sum = waterfall.plain;
    for (const WaterfallStep& step : waterfall.steps) sum += step.in_turn;
    ASSERT_NEAR(sum, waterfall.all, 1e-9) << seed;
    with_steps += waterfall.steps.size() > 2 ? 1 : 0;
  }
  EXPECT_GT(with_steps, 40);
}

TEST(Marginal, a_better_admission_shows_in_the_waterfall) {
  ReplayInput input = backlog();
  input.power.site_cap = {{0, 5'000'000}};
  input.power.admission = Admission::expectation;
  RunOptions options;
  options.horizon_ms = 3'600'000;
  const Waterfall waterfall = policy_waterfall(input, options).value();
  ASSERT_EQ(waterfall.steps.size(), 1u);
  EXPECT_EQ(waterfall.steps[0].name, "admission by expectation");
  EXPECT_DOUBLE_EQ(waterfall.plain, 5);             // 5 kW over 1 kW
  EXPECT_DOUBLE_EQ(waterfall.steps[0].in_turn, 5);  // over 0.5 kW: all ten
}

}  // namespace
}  // namespace warmshell::replay
