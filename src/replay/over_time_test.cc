#include "replay/over_time.h"

#include <gtest/gtest.h>

#include "replay/engine/fast.h"
#include "replay/engine/random_input.h"
#include "replay/summary.h"

namespace warmshell::replay {
namespace {

TEST(OverTime, spans_add_up_to_the_capacity_and_to_the_energy) {
  int with_caps = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    RandomInputs random{seed};
    ReplayInput input;
    input.machine = random.machine();
    input.workload = random.workload(input.machine, 30);
    input.scheduling = random.scheduling(seed);
    input.power = random.power(input.machine);
    RunOptions options;
    options.log = options.samples = true;
    const Outcome outcome = replay(input, options);
    if (outcome.end_ms == 0) continue;
    const OverTime time = over_time(input, outcome, 37);
    const double gpus = static_cast<double>(outcome.capacity_milli) / 1000;
    double mwh = 0;
    for (std::size_t s = 0; s < time.from_h.size(); ++s) {
      double sum = 0;
      for (const auto& part : time.busy) sum += part.gpus[s];
      for (const auto& part : time.free) sum += part.gpus[s];
      ASSERT_NEAR(sum, gpus, 1e-9 * gpus) << seed << " span " << s;
      const double end_h = static_cast<double>(outcome.end_ms) / 3'600'000;
      mwh += time.mean_kw[s] * std::min(time.span_h, end_h - time.from_h[s]) / 1000;
      ASSERT_GE(time.highest_kw[s], time.mean_kw[s] * (1 - 1e-12));
      with_caps += time.cap_kw[s].has_value() ? 1 : 0;
    }
    const double metered = megawatt_hours(outcome.facility_energy);
    ASSERT_NEAR(mwh, metered, 1e-9 * metered) << seed;
  }
  EXPECT_GT(with_caps, 200);
}

TEST(OverTime, many_queues_are_joined_behind_the_eighth) {
  ReplayInput input;
  input.machine.gpu_types = {{"gpu", 0, 1'000'000, {1'000'000}}};
  input.machine.profiles = {{"steady", 0, {{500'000, 0, 500'000, {full_rate_ppm}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"a", 1, 1, 6, 0, 0}, {"b", 1, 1, 6, 0, 0}};
  input.machine.node_power = {{}, {}};
  for (int q = 0; q < 12; ++q) {
    input.workload.queues.push_back({"q" + std::to_string(q)});
    Job job;
    job.worker.gpus = 1;
    job.worker.gpu_milli = 1000;
    job.queue = q;
    job.duration_ms = job.estimate_ms = 1000 * (q + 1);
    input.workload.jobs.push_back(job);
  }
  RunOptions options;
  options.log = options.samples = true;
  const OverTime time = over_time(input, replay(input, options), 12);
  ASSERT_EQ(time.busy.size(), 9u);
  EXPECT_EQ(time.busy.front().name, "q11");
  EXPECT_EQ(time.busy.back().name, "other queues");
  EXPECT_DOUBLE_EQ(time.busy.back().gpus[0], 4);
  EXPECT_DOUBLE_EQ(time.busy.back().gpus[3], 1);
  EXPECT_DOUBLE_EQ(time.busy.back().gpus[4], 0);
}

TEST(OverTime, work_kept_by_jobs_is_the_useful_part) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    RandomInputs random{seed};
    ReplayInput input;
    input.machine = random.machine();
    input.workload = random.workload(input.machine, 30);
    input.scheduling = random.scheduling(seed);
    input.power = random.power(input.machine);
    RunOptions options;
    options.horizon_ms = 4000;
    const Outcome outcome = replay(input, options);
    Wide useful = 0;
    for (std::size_t j = 0; j < outcome.jobs.size(); ++j)
      useful += static_cast<Wide>(input.workload.jobs[j].gpu_demand_milli()) * outcome.jobs[j].done;
    ASSERT_TRUE(useful == outcome.gpu_time.useful) << seed;
  }
}

}  // namespace
}  // namespace warmshell::replay
