#include "replay/factors.h"

#include <gtest/gtest.h>

#include "text/source.h"
#include "text/yaml.h"

namespace warmshell::replay {
namespace {

// Ten GPUs of 1 kW at a cap for five of them; a backlog in two queues.
ClusterInput half_fed() {
  ClusterInput cluster;
  ReplayInput& input = cluster.input;
  input.machine.gpu_types = {{"gpu", 0, 1'000'000, {1'000'000, 500'000}}};
  input.machine.profiles = {{"steady", 0, {{1'000'000, 0, 1'000'000, {full_rate_ppm, 800'000}}}}};
  input.machine.rows = {{"row"}};
  input.machine.nodes = {{"a", 1, 1, 10, 0, 0}};
  input.machine.node_power = {{}};
  input.workload.queues = {{"one"}, {"two"}};
  Job job;
  job.worker.gpus = 1;
  job.worker.gpu_milli = 1000;
  job.duration_ms = job.estimate_ms = 3'600'000;
  for (int j = 0; j < 100; ++j) {
    job.queue = j % 2;
    input.workload.jobs.push_back(job);
  }
  input.power.site_cap = {{0, 5'000'000}};
  input.power.admission = Admission::nameplate;
  cluster.accelerator_of_type = {"h100_sxm"};
  cluster.market_of_queue = {"training", ""};
  return cluster;
}

RunOptions two_hours() {
  RunOptions options;
  options.horizon_ms = 2 * 3'600'000;
  return options;
}

TEST(Factors, a_cap_for_half_of_the_gpus_halves_power_and_busy_share) {
  const ReplayFactors factors = replay_factors(half_fed(), two_hours()).value().value();
  EXPECT_DOUBLE_EQ(factors.provisioned, 0.5);
  ASSERT_EQ(factors.accelerators.size(), 1u);
  const AcceleratorFactors& h100 = factors.accelerators[0];
  EXPECT_EQ(h100.accelerator, "h100_sxm");
  EXPECT_DOUBLE_EQ(h100.all.plain.busy, 20);
  EXPECT_DOUBLE_EQ(h100.all.as_run.busy, 10);
  EXPECT_DOUBLE_EQ(h100.all.busy, 0.5);
  EXPECT_DOUBLE_EQ(h100.all.throughput, 1);
  // first come first served: three of the first five are of the first queue, then two
  EXPECT_DOUBLE_EQ(h100.markets.at("training").as_run.busy, 5);
  EXPECT_DOUBLE_EQ(h100.markets.at("training").plain.busy, 10);
}

TEST(Factors, a_standing_power_limit_feeds_all_of_them_at_its_throughput) {
  ClusterInput cluster = half_fed();
  cluster.input.power.standing_level = 1;
  const ReplayFactors factors = replay_factors(cluster, two_hours()).value().value();
  EXPECT_DOUBLE_EQ(factors.provisioned, 0.5);
  EXPECT_DOUBLE_EQ(factors.accelerators[0].all.busy, 1);
  EXPECT_NEAR(factors.accelerators[0].all.throughput, 0.8, 1e-9);
}

TEST(Factors, without_a_cap_and_plainly_run_all_are_one) {
  ClusterInput cluster = half_fed();
  cluster.input.power.site_cap.clear();
  const ReplayFactors factors = replay_factors(cluster, two_hours()).value().value();
  EXPECT_DOUBLE_EQ(factors.provisioned, 1);
  EXPECT_DOUBLE_EQ(factors.accelerators[0].all.busy, 1);
  EXPECT_DOUBLE_EQ(factors.accelerators[0].all.throughput, 1);
}

TEST(Factors, a_type_that_the_catalogue_does_not_know_is_named) {
  ClusterInput cluster = half_fed();
  cluster.accelerator_of_type = {""};
  const auto factors = replay_factors(cluster, two_hours());
  ASSERT_FALSE(factors.has_value());
  EXPECT_EQ(factors.error().front().code, "WS0630");
}

TEST(Factors, the_overlay_is_yaml_with_a_source_for_each_factor) {
  const ReplayFactors factors = replay_factors(half_fed(), two_hours()).value().value();
  const auto source = text::Source::make("overlay.yaml", overlay_yaml(factors, "Half \"fed\""));
  const text::Node tree = text::read_yaml(*source).value();
  const text::Node* h100 = tree.find("replayed")->find("h100_sxm");
  ASSERT_NE(h100, nullptr);
  EXPECT_EQ(h100->find("provisioned")->find("value")->text, "50 %");
  EXPECT_EQ(h100->find("provisioned")->find("source")->text, "warmshell replay of Half \"fed\"");
  EXPECT_EQ(h100->find("markets")->find("training")->find("busy")->find("value")->text, "50 %");
}

}  // namespace
}  // namespace warmshell::replay
