// What the orders promise: reservations hold, nobody starves, quotas are kept, the same seed gives
// the same bytes.

#include <gtest/gtest.h>

#include "replay/engine/fair_share.h"
#include "replay/engine/fast.h"
#include "replay/engine/random_input.h"
#include "replay/engine/rules.h"

namespace warmshell::replay {
namespace {

// True run times, no power cap, no sharing: nothing slows a job.
ReplayInput plain_input(std::uint64_t seed, int jobs) {
  RandomInputs random{seed};
  ReplayInput input;
  input.machine = random.machine();
  input.workload = random.workload(input.machine, jobs);
  for (Job& job : input.workload.jobs) job.estimate_ms = job.duration_ms;
  input.scheduling = random.scheduling(seed);
  input.scheduling.reclaim = input.scheduling.preemption = false;
  input.scheduling.sharing_rate_ppm = {full_rate_ppm};
  return input;
}

TEST(Queues, easy_never_delays_the_reservation_of_the_head) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    ReplayInput input = plain_input(seed, 40);
    input.scheduling.order = JobOrder::fifo;
    input.scheduling.backfill = Backfill::easy;
    input.scheduling.max_wait_ms = 0;
    for (Queue& queue : input.workload.queues) queue.limit_milli = -1;
    input.scheduling.borrowing = true;
    RunOptions options;
    options.log = true;
    const Outcome outcome = replay(input, options);
    std::vector<Milliseconds> promised(input.workload.jobs.size(), never_ms);
    for (const Event& event : outcome.log) {
      Milliseconds& promise = promised[static_cast<std::size_t>(event.subject)];
      if (event.kind == EventKind::reserve) {
        ASSERT_LE(event.value, promise) << "a reservation moved back, input " << seed;
        promise = event.value;
        ++held;
      }
      if (event.kind == EventKind::start) {
        ASSERT_LE(event.time_ms, promise) << "input " << seed << " job " << event.subject;
      }
    }
  }
  EXPECT_GT(held, 3000);
}

TEST(Queues, backfill_is_worth_having) {  // or the test above could pass for want of any
  int better = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    ReplayInput input = plain_input(seed, 40);
    input.scheduling.order = JobOrder::fifo;
    const auto wait = [&](Backfill backfill) {
      input.scheduling.backfill = backfill;
      std::int64_t sum = 0;
      const Outcome outcome = replay(input, {});
      for (std::size_t j = 0; j < outcome.jobs.size(); ++j)
        if (outcome.jobs[j].first_start_ms >= 0)
          sum += outcome.jobs[j].first_start_ms - input.workload.jobs[j].submit_ms;
      return sum;
    };
    better += wait(Backfill::easy) < wait(Backfill::none) ? 1 : 0;
  }
  EXPECT_GT(better, 80);
}

// A long wide job among a stream of short narrow ones, which come in twice as fast as they can be
// served and, by the order, always go first.
TEST(Queues, nobody_starves_under_aging) {
  ReplayInput input;
  input.machine.gpu_types = {{"gpu", 0, 1, {1}}};
  input.machine.profiles = {{"p", 0, {{0, 0, 0, {full_rate_ppm}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"node", 1, 1, 8, 0, 0}};
  input.machine.node_power = {{}};
  input.workload.queues = {{"all"}};
  Job narrow;
  narrow.duration_ms = narrow.estimate_ms = 80;
  narrow.worker.gpus = 1;
  narrow.worker.gpu_milli = 1000;
  narrow.priority = 1;
  for (int j = 0; j < 4000; ++j) {
    narrow.submit_ms = 5 * j;
    input.workload.jobs.push_back(narrow);
  }
  Job wide = narrow;
  wide.worker.gpus = 8;
  wide.priority = 0;
  wide.duration_ms = wide.estimate_ms = 1000;
  wide.submit_ms = 0;
  input.workload.jobs.insert(input.workload.jobs.begin(), wide);

  for (const JobOrder order : {JobOrder::shortest, JobOrder::priority}) {
    for (const Backfill backfill : {Backfill::none, Backfill::easy, Backfill::conservative}) {
      input.scheduling.order = order;
      input.scheduling.backfill = backfill;
      input.scheduling.max_wait_ms = 0;
      const Milliseconds last = input.workload.jobs.back().submit_ms;
      if (backfill == Backfill::none) {
        // Something narrow always goes first: the wide one waits until the stream has ended.
        EXPECT_GT(replay(input, {}).jobs[0].first_start_ms, last);
      }
      input.scheduling.max_wait_ms = 2000;
      // Once overdue it stands first; the machine is empty one narrow job later.
      EXPECT_LE(replay(input, {}).jobs[0].first_start_ms, 2000 + 80 + 5);
    }
  }
}

TEST(Queues, every_job_that_fits_runs_in_the_end_under_aging) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    ReplayInput input = plain_input(seed, 40);
    input.scheduling.max_wait_ms = 3000;
    for (const JobOutcome& job : replay(input, {}).jobs)
      ASSERT_TRUE(job.state == JobState::completed || job.state == JobState::refused) << seed;
  }
}

TEST(Queues, limits_hold_at_every_start) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    ReplayInput input = plain_input(seed, 40);
    RunOptions options;
    options.log = true;
    const std::vector<Queue>& queues = input.workload.queues;
    std::vector<std::int64_t> has(queues.size(), 0);
    for (const Event& event : replay(input, options).log) {
      if (event.kind != EventKind::start && event.kind != EventKind::finish) continue;
      const Job& job = input.workload.jobs[static_cast<std::size_t>(event.subject)];
      for (std::int32_t q = job.queue; q >= 0; q = queues[static_cast<std::size_t>(q)].parent) {
        const Queue& queue = queues[static_cast<std::size_t>(q)];
        std::int64_t& held = has[static_cast<std::size_t>(q)];
        held += event.kind == EventKind::start ? job.gpu_demand_milli() : -job.gpu_demand_milli();
        ASSERT_LE(held, quota_bound(input.scheduling, queue)) << seed;
      }
    }
  }
}

TEST(Queues, reclaim_gives_a_queue_back_what_it_deserves) {
  ReplayInput input;
  input.machine.gpu_types = {{"gpu", 0, 1, {1}}};
  input.machine.profiles = {{"p", 0, {{0, 0, 0, {full_rate_ppm}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"node", 1, 1, 8, 0, 0}};
  input.machine.node_power = {{}};
  input.workload.queues.resize(2);
  input.workload.queues[0].deserved_milli = input.workload.queues[1].deserved_milli = 4000;
  Job job;
  job.duration_ms = job.estimate_ms = 10'000;
  job.worker.gpus = 1;
  job.worker.gpu_milli = 1000;
  for (int j = 0; j < 8; ++j) input.workload.jobs.push_back(job);  // the first queue borrows all
  job.queue = 1;
  job.submit_ms = 500;
  for (int j = 0; j < 8; ++j) input.workload.jobs.push_back(job);
  input.scheduling.order = JobOrder::fair_share;

  const auto started_by = [&](Milliseconds time) {
    int count = 0;
    const Outcome outcome = replay(input, {});
    for (std::size_t j = 8; j < 16; ++j) count += outcome.jobs[j].first_start_ms <= time ? 1 : 0;
    return count;
  };
  EXPECT_EQ(started_by(500), 0);
  input.scheduling.reclaim = true;
  EXPECT_EQ(started_by(500), 4);  // its share, and no more
  input.scheduling.min_run_ms = 501;
  EXPECT_EQ(started_by(500), 0);
}

TEST(Queues, the_same_seed_gives_the_same_log) {
  RandomInputs random{5};
  ReplayInput input;
  input.machine = random.machine();
  input.workload = random.workload(input.machine, 60);
  input.scheduling.placement = Policy::random;
  input.power = random.power(input.machine);
  RunOptions options;
  options.log = true;
  EXPECT_EQ(replay(input, options).log, replay(input, options).log);
}

}  // namespace
}  // namespace warmshell::replay
