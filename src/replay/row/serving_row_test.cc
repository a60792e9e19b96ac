#include "replay/row/serving_row.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "replay/engine/fast.h"
#include "replay/engine/naive.h"

namespace warmshell::replay {
namespace {

std::string data_folder() {
  const char* told = std::getenv("WARMSHELL_DATA");
  return told != nullptr ? told : std::string(WARMSHELL_ROOT) + "/../shared/data";
}

// Round numbers: prompts of a tenth of a second and of a second at full draw, tokens of 50 ms at
// six tenths of it.
ServingTimes some_times() {
  return {{{100, 100, 0.8}, {1000, 1000, 1.0}}, 50, 0.6};
}

// A request every quarter of a second for ten minutes, and twice as many in the fifth.
std::vector<LlmRequest> some_requests() {
  std::vector<LlmRequest> requests;
  for (Milliseconds at = 0; at < 600'000; at += 250) {
    const std::int32_t tokens = static_cast<std::int32_t>(40 + at / 250 % 7 * 20);
    requests.push_back({at, static_cast<std::int32_t>(100 + at / 250 % 5 * 200), tokens});
    if (at / 60'000 == 4) requests.push_back({at, 500, tokens});
  }
  return requests;
}

RowDesign some_row() {
  RowDesign design;
  design.designed_for = design.servers = 20;
  design.levels.clocks = {1, 0.92, 0.9, 0.79, 0.2};
  design.levels.curve = find_known_curve("v100")->curve;
  design.control.gpu_cap = true;
  design.control.thresholds = {{800'000, 2, 0}, {890'000, 3, 1}};
  design.control.latency_ms = 40'000;
  design.control.brake_ms = 5'000;
  design.control.measured_release = true;
  design.load = load_for_busy(design, some_times(), some_requests(), 0.7);
  design.budget_watts = budget_for_peak(design, some_times(), some_requests(), 0.79);
  return design;
}

TEST(ServingRow, without_a_budget_nothing_is_capped_and_the_designed_row_peaks_as_told) {
  RowDesign design = some_row();
  design.budget_holds = false;
  const RowOutcome out = run_row(design, some_times(), some_requests());
  EXPECT_NEAR(out.peak, 0.79, 0.001);
  EXPECT_EQ(out.brakes + out.low_capped + out.high_capped + out.excursions, 0);
  EXPECT_GT(out.mean, 0.5);
  EXPECT_LT(out.mean, out.peak);
}

TEST(ServingRow, every_excursion_is_logged_and_none_outlasts_the_brake) {
  RowDesign design = some_row();
  std::int64_t excursions = 0, brakes = 0;
  for (design.servers = 20; design.servers <= 34; design.servers += 2) {
    const ReplayInput input = serving_row(design, some_times(), some_requests());
    RunOptions options;
    options.samples = true;
    const Outcome outcome = replay(input, options);
    const Microwatts cap = input.power.row_caps[0][0].cap_mw * 1000;
    std::size_t over = 0;  // runs of samples above the cap
    bool before = false;
    Wide energy = 0;
    for (std::size_t s = 0; s < outcome.samples.size(); ++s) {
      const bool now = outcome.samples[s].it_power > cap;
      over += now && !before ? 1 : 0;
      before = now;
      const Milliseconds until =
          s + 1 < outcome.samples.size() ? outcome.samples[s + 1].time_ms : outcome.end_ms;
      energy +=
          static_cast<Wide>(outcome.samples[s].it_power) * (until - outcome.samples[s].time_ms);
    }
    EXPECT_EQ(outcome.excursions.size(), over) << design.servers;
    EXPECT_EQ(energy, outcome.it_energy) << design.servers;
    for (const Excursion& excursion : outcome.excursions)
      EXPECT_LE(excursion.end_ms - excursion.begin_ms, design.control.brake_ms);
    for (const JobOutcome& job : outcome.jobs) EXPECT_EQ(job.state, JobState::completed);
    excursions += static_cast<std::int64_t>(over);
    brakes += run_row(design, some_times(), some_requests()).brakes;
  }
  EXPECT_GT(excursions, 0) << "the budget is too large for this test to mean anything";
  EXPECT_GT(brakes, 0);
}

TEST(ServingRow, with_the_actuators_off_excursions_last) {
  RowDesign design = some_row();
  design.servers = 30;
  design.control.gpu_cap = false;
  const RowOutcome out = run_row(design, some_times(), some_requests());
  EXPECT_GT(out.longest_excursion_ms, design.control.brake_ms);
  EXPECT_EQ(out.brakes, 0);
}

TEST(ServingRow, capping_slows_low_priority_more_than_high) {
  RowDesign design = some_row();
  design.servers = 26;
  const RowOutcome with = run_row(design, some_times(), some_requests());
  design.budget_holds = false;
  const RowOutcome without = run_row(design, some_times(), some_requests());
  ASSERT_GT(with.low_capped, 0);
  EXPECT_EQ(with.low.requests, without.low.requests);
  EXPECT_EQ(with.high.requests, without.high.requests);
  EXPECT_GT(with.low.answer_p99_ms, without.low.answer_p99_ms);
  EXPECT_GT(with.low.answer_p50_ms / without.low.answer_p50_ms,
            with.high.answer_p50_ms / without.high.answer_p50_ms);
  EXPECT_LT(with.peak, without.peak);
}

TEST(ServingRow, a_larger_row_keeps_the_requests_of_a_smaller_one) {
  RowDesign design = some_row();
  design.low_priority_share = 0;
  const ReplayInput small = serving_row(design, some_times(), some_requests());
  design.servers = 26;
  const ReplayInput large = serving_row(design, some_times(), some_requests());
  std::size_t found = 0;
  for (const Job& job : large.workload.jobs)
    if (found < small.workload.jobs.size() && small.workload.jobs[found].name == job.name &&
        small.workload.jobs[found].submit_ms == job.submit_ms)
      ++found;
  EXPECT_EQ(found, small.workload.jobs.size());
  EXPECT_NEAR(static_cast<double>(large.workload.jobs.size()),
              1.3 * static_cast<double>(small.workload.jobs.size()),
              0.1 * static_cast<double>(small.workload.jobs.size()));
}

TEST(ServingRow, the_naive_engine_tells_the_same_of_a_row) {
  RowDesign design = some_row();
  design.servers = 27;
  std::vector<LlmRequest> requests = some_requests();
  requests.resize(300);
  const ReplayInput input = serving_row(design, some_times(), requests);
  ASSERT_EQ(check_input(input), "");
  RunOptions options;
  options.log = true;
  const Outcome fast = replay(input, options);
  const Outcome naive = replay_naive(input, options);
  EXPECT_EQ(fast.log, naive.log);
  EXPECT_EQ(fast.it_energy, naive.it_energy);
  EXPECT_EQ(fast.jobs, naive.jobs);
}

// By hand: a prompt of 1000 ms and 10 tokens of 50 ms on an idle row take 1500 ms.
TEST(ServingRow, one_request_takes_its_prompt_and_its_tokens) {
  RowDesign design = some_row();
  design.load = 1;
  design.low_priority_share = 0;
  const ReplayInput input = serving_row(design, some_times(), {{0, 1000, 10}});
  ASSERT_EQ(input.workload.jobs.size(), 1u);
  RunOptions options;
  options.samples = true;
  const Outcome outcome = replay(input, options);
  EXPECT_EQ(outcome.end_ms, 1500);
  // Idle servers draw 2500 + 8 x 60 W; the busy one 8 x 340 W more, then 8 x 180 W.
  const Microwatts idle = 20 * 2'980'000'000LL;
  ASSERT_GE(outcome.samples.size(), 2u);
  EXPECT_EQ(outcome.samples[0].it_power, idle + 8 * 340'000'000LL);
  EXPECT_EQ(outcome.samples[1].time_ms, 1000);
  EXPECT_EQ(outcome.samples[1].it_power, idle + 8 * 180'000'000LL);
}

TEST(ServingTimes, between_two_prompts_time_is_a_straight_line) {
  EXPECT_DOUBLE_EQ(prompt_ms(some_times(), 100), 100);
  EXPECT_DOUBLE_EQ(prompt_ms(some_times(), 550), 550);
  EXPECT_DOUBLE_EQ(prompt_ms(some_times(), 1900), 1900);
  EXPECT_DOUBLE_EQ(prompt_ms(some_times(), 0), 1);
  EXPECT_EQ(prompt_point(some_times(), 100), 0u);
  EXPECT_EQ(prompt_point(some_times(), 101), 1u);
  EXPECT_EQ(prompt_point(some_times(), 9000), 1u);
}

// The figures stand in the file: BLOOM-176B on 8 A100, a prompt of 2048 tokens, medians of five.
TEST(ServingTimes, measured_servers_are_read_where_the_data_are) {
  const std::string path = data_folder() + "/power_cap/splitwise_perf.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no measurements in " << data_folder();
  const Result<ServingTimes> times = read_serving_times(path, "bloom-176b", "a100-80gb", 8);
  ASSERT_TRUE(times.has_value()) << render(times.error());
  ASSERT_EQ(times->prompts.size(), 7u);
  EXPECT_EQ(times->prompts[4].tokens, 2048);
  EXPECT_NEAR(times->prompts[4].ms, 540.4, 0.1);
  EXPECT_NEAR(times->prompts[4].draw, 1.021, 0.001);
  EXPECT_NEAR(times->token_ms, 48.8, 0.1);
  EXPECT_NEAR(times->token_draw, 0.635, 0.001);
  EXPECT_FALSE(read_serving_times(path, "bloom-176b", "a100-80gb", 2).has_value());
}

}  // namespace
}  // namespace warmshell::replay
