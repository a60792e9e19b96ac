#include "replay/summary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "replay/engine/fast.h"

namespace warmshell::replay {
namespace {

ReplayInput two_jobs() {
  ReplayInput input;
  input.machine.gpu_types = {{"gpu", 100'000, 700'000, {700'000}}};
  input.machine.profiles = {{"steady", 0, {{600'000, 0, 700'000, {full_rate_ppm}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"node", 1, 1, 1, 0, 0}};
  input.machine.node_power = {{400'000, 20'000}};
  input.workload.queues = {{"red"}, {"blue"}};
  Job job;
  job.worker.gpus = 1;
  job.worker.gpu_milli = 1000;
  job.duration_ms = job.estimate_ms = 3'600'000;
  input.workload.jobs = {job, job};
  input.workload.jobs[1].queue = 1;
  input.power.pue_ppm = 1'200'000;
  input.power.tariff = {{0, 100}};
  return input;
}

TEST(Summary, says_it_in_hours_and_megawatts) {
  const ReplayInput input = two_jobs();
  const ReplaySummary summary = summarise(input, replay(input, {}));
  EXPECT_DOUBLE_EQ(summary.hours, 2);
  EXPECT_DOUBLE_EQ(summary.parts[0].gpu_hours, 2);
  EXPECT_DOUBLE_EQ(summary.it_energy_mwh, 0.002);  // 1 kW for two hours
  EXPECT_DOUBLE_EQ(summary.energy_mwh, 0.0024);
  EXPECT_DOUBLE_EQ(summary.cost, 0.24);
  EXPECT_DOUBLE_EQ(summary.provisioned_mw, 1.1e-3 * 1.2);  // nameplate, for there is no cap
  EXPECT_DOUBLE_EQ(summary.waits.at("red").p50_h, 0);
  EXPECT_DOUBLE_EQ(summary.waits.at("blue").p50_h, 1);
  EXPECT_DOUBLE_EQ(summary.all.p50_h, 0);
  EXPECT_DOUBLE_EQ(summary.all.longest_h, 1);
  EXPECT_TRUE(summary.gpu_time_conserved);
  EXPECT_TRUE(summary.jobs_conserved);
}

TEST(Summary, json_has_the_keys_of_the_design) {
  const ReplayInput input = two_jobs();
  const Outcome outcome = replay(input, {});
  std::string text;
  text::JsonWriter json(text, text::JsonWriter::Style::compact);
  json.begin_object();
  write_replay_json(json, input, outcome, summarise(input, outcome));
  json.end_object();
  EXPECT_TRUE(json.complete());
  for (const char* key : {"policy", "seed", "placed", "dropped", "gpu_hours", "useful",
                          "fragmentation", "quota", "power", "gang_wait", "idle", "preempted",
                          "energy_mwh", "excursion_minutes", "excursions", "waits"})
    EXPECT_NE(text.find(fmt::format("\"{}\":", key)), std::string::npos) << key;
}

}  // namespace
}  // namespace warmshell::replay
