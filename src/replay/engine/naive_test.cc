#include "replay/engine/naive.h"

#include <gtest/gtest.h>

#include "replay/engine/random_input.h"

namespace warmshell::replay {
namespace {

// One node of `gpus` GPUs, no power limits, one queue.
ReplayInput one_node(int gpus) {
  ReplayInput input;
  input.machine.gpu_types = {{"gpu", 100'000, 700'000, {700'000, 350'000}}};
  input.machine.profiles = {{"steady", 0, {{500'000, 0, 600'000, {full_rate_ppm, 800'000}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"node", 1'000'000, 1'000'000, gpus, 0, 0}};
  input.machine.node_power = {{200'000, 20'000}};
  input.workload.queues = {{"all"}};
  return input;
}

Job whole_gpus(int gpus, Milliseconds submit, Milliseconds duration) {
  Job job;
  job.submit_ms = submit;
  job.duration_ms = duration;
  job.estimate_ms = duration;
  job.worker.gpus = gpus;
  job.worker.gpu_milli = 1000;
  return job;
}

std::vector<Milliseconds> starts(const Outcome& outcome) {
  std::vector<Milliseconds> times;
  for (const JobOutcome& job : outcome.jobs) times.push_back(job.first_start_ms);
  return times;
}

TEST(Naive, first_come_first_served_holds_everybody_behind_the_head) {
  ReplayInput input = one_node(4);
  input.workload.jobs = {whole_gpus(3, 0, 100), whole_gpus(2, 10, 50), whole_gpus(1, 20, 10)};
  EXPECT_EQ(starts(replay_naive(input, {})), (std::vector<Milliseconds>{0, 100, 100}));
}

TEST(Naive, backfill_lets_pass_who_ends_before_the_reservation) {
  ReplayInput input = one_node(4);
  input.scheduling.backfill = Backfill::easy;
  input.workload.jobs = {whole_gpus(3, 0, 100), whole_gpus(2, 10, 50), whole_gpus(1, 20, 10),
                         whole_gpus(1, 21, 500)};
  // The last would end after the head's 100 but leaves it its two GPUs: 4 - 1 - 1 = 2.
  EXPECT_EQ(starts(replay_naive(input, {})), (std::vector<Milliseconds>{0, 100, 20, 30}));
  input.workload.jobs[1].worker.gpus = 4;  // now the last would delay the head
  EXPECT_EQ(starts(replay_naive(input, {})), (std::vector<Milliseconds>{0, 100, 20, 150}));
}

TEST(Naive, conservative_backfill_delays_nobody_who_stands_before) {
  ReplayInput input = one_node(4);
  input.scheduling.backfill = Backfill::conservative;
  input.workload.jobs = {whole_gpus(3, 0, 100), whole_gpus(4, 10, 50), whole_gpus(2, 15, 40),
                         whole_gpus(1, 20, 85), whole_gpus(1, 21, 70)};
  // 85 would delay the head's reservation at 100; 70 ends at 91.
  EXPECT_EQ(starts(replay_naive(input, {})), (std::vector<Milliseconds>{0, 100, 150, 150, 21}));
}

TEST(Naive, eviction_keeps_checkpoints_and_loses_the_rest) {
  ReplayInput input = one_node(2);
  input.scheduling.order = JobOrder::priority;
  input.scheduling.preemption = true;
  input.workload.jobs = {whole_gpus(2, 0, 100), whole_gpus(1, 70, 10)};
  input.workload.jobs[0].checkpoint_ms = 30;
  input.workload.jobs[0].restart_ms = 5;
  input.workload.jobs[1].priority = 1;
  const Outcome outcome = replay_naive(input, {});
  // Evicted at 70 with 60 kept; back at 80, loads 5, runs the 40 that are left.
  EXPECT_EQ(outcome.jobs[0].end_ms, 80 + 5 + 40);
  EXPECT_EQ(outcome.gpu_time.preempted, static_cast<Wide>(2 * (10 + 5)) * 1000 * full_rate_ppm);
  EXPECT_EQ(outcome.gpu_time.useful, static_cast<Wide>(2 * 100 + 10) * 1000 * full_rate_ppm);
}

TEST(Naive, nameplate_admission_starts_only_what_the_cap_holds) {
  ReplayInput input = one_node(4);  // 200 W + 4 x 100 W idle, + 600 W for each busy GPU
  input.power.admission = Admission::nameplate;
  input.power.site_cap = {{0, (200 + 400 + 2 * 600) * 1000}};
  input.workload.jobs = {whole_gpus(1, 0, 100), whole_gpus(1, 0, 100), whole_gpus(1, 0, 100)};
  const Outcome outcome = replay_naive(input, {});
  EXPECT_EQ(starts(outcome), (std::vector<Milliseconds>{0, 0, 100}));
  // A GPU is kept free by power for 100 ms, the other is wanted by nobody.
  EXPECT_EQ(outcome.gpu_time.power, static_cast<Wide>(100) * 1000 * full_rate_ppm);
}

TEST(Naive, a_power_limit_slows_and_the_slowing_is_counted) {
  ReplayInput input = one_node(1);
  input.power.standing_level = 1;  // 350 W: 80 % of full rate
  input.workload.jobs = {whole_gpus(1, 0, 100)};
  const Outcome outcome = replay_naive(input, {});
  EXPECT_EQ(outcome.jobs[0].end_ms, 125);
  EXPECT_EQ(outcome.gpu_time.power, static_cast<Wide>(25) * 1000 * full_rate_ppm);
  EXPECT_EQ(outcome.it_energy, static_cast<Wide>(550'000'000) * 125);
}

TEST(Naive, sharing_a_gpu_slows_both) {
  ReplayInput input = one_node(1);
  input.scheduling.sharing_rate_ppm = {full_rate_ppm, 800'000};
  input.workload.jobs = {whole_gpus(1, 0, 80), whole_gpus(1, 0, 160)};
  input.workload.jobs[0].worker.gpu_milli = input.workload.jobs[1].worker.gpu_milli = 500;
  const Outcome outcome = replay_naive(input, {});
  EXPECT_EQ(outcome.jobs[0].end_ms, 100);
  EXPECT_EQ(outcome.jobs[1].end_ms, 100 + 80);
}

TEST(Naive, brake_ends_an_excursion_in_its_time) {
  ReplayInput input = one_node(1);
  input.power.control.gpu_cap = true;
  input.power.control.latency_ms = 40;
  input.power.control.brake_ms = 5;
  input.power.site_cap = {{0, 1'000'000}, {50, 600'000}};  // the job draws 700 W, 550 W when braked
  input.workload.jobs = {whole_gpus(1, 0, 1000)};
  const Outcome outcome = replay_naive(input, {});
  ASSERT_EQ(outcome.excursions.size(), 1u);
  EXPECT_EQ(outcome.excursions[0].begin_ms, 50);
  EXPECT_EQ(outcome.excursions[0].end_ms, 55);
  EXPECT_EQ(outcome.excursions[0].worst_over, 100'000'000);
}

TEST(Naive, all_gpu_time_is_accounted_for_in_random_runs) {
  for (std::uint64_t index = 0; index < 336; ++index) {
    RandomInputs random{1000 + index};
    ReplayInput input;
    input.machine = random.machine();
    input.workload = random.workload(input.machine, 12);
    input.scheduling = random.scheduling(index);
    input.power = random.power(input.machine);
    RunOptions options;
    if (index % 3 == 0) options.horizon_ms = 6000;
    const Outcome outcome = replay_naive(input, options);
    ASSERT_EQ(outcome.gpu_time.sum(),
              static_cast<Wide>(outcome.capacity_milli) * outcome.end_ms * full_rate_ppm)
        << index;
  }
}

}  // namespace
}  // namespace warmshell::replay
