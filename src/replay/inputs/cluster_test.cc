#include "replay/inputs/cluster.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "replay/engine/fast.h"
#include "text/yaml.h"

namespace warmshell::replay {
namespace {

const std::string root = WARMSHELL_ROOT;

std::string data_folder() {
  const char* told = std::getenv("WARMSHELL_DATA");
  return told != nullptr ? told : root + "/../shared/data";
}

Result<ClusterInput> read(std::string yaml) {
  const Result<text::Node> tree = text::read_yaml("cluster.yaml", std::move(yaml));
  if (!tree) return tl::unexpected<Diagnostics>(tree.error());
  return read_cluster(*tree, nullptr, data_folder());
}

constexpr const char* small = R"(cluster: small
gpu_types:
  a: {idle: 50 W, peak: 500 W, mean: 300 W, limits: {low: {cap: 200 W, throughput: 60 %}, high: {cap: 400 W, throughput: 95 %}}}
nodes:
  n: {count: 3, gpu_type: a, gpus: 4, cpu: 32, memory_gib: 256, base: 1 kW}
queues:
  child: {parent: mother, deserved: 2.5, limit: 6}
  mother: {}
power:
  cap: 9 kW_facility
  curtailment: {noon: {from: 1 h, until: 2 h, cap: 6 kW_facility}}
  losses: 2 %
  control: {levels: true, latency: 10 s}
)";

TEST(Cluster, says_what_it_was_told) {
  const Result<ClusterInput> cluster = read(small);
  ASSERT_TRUE(cluster.has_value()) << render(cluster.error());
  const ReplayInput& input = cluster->input;
  EXPECT_EQ(input.machine.nodes.size(), 3u);
  EXPECT_EQ(input.machine.nodes[2].name, "n-0002");
  EXPECT_EQ(input.machine.gpu_types[0].cap_mw,
            (std::vector<Milliwatts>{500'000, 400'000, 200'000}));
  EXPECT_EQ(input.machine.profiles[0].on_type[0].rate_ppm,
            (std::vector<std::int32_t>{1'000'000, 950'000, 600'000}));
  EXPECT_EQ(input.workload.queues[0].name, "mother");  // parents first
  EXPECT_EQ(input.workload.queues[1].deserved_milli, 2500);
  ASSERT_EQ(input.power.site_cap.size(), 3u);
  EXPECT_EQ(input.power.site_cap[1].from_ms, 3'600'000);
  EXPECT_EQ(input.power.site_cap[1].cap_mw, 6'000'000);
  EXPECT_EQ(input.power.site_cap[2].cap_mw, 9'000'000);
  EXPECT_EQ(input.power.control.latency_ms, 10'000);
  EXPECT_EQ(input.power.control.brake_ms, 5'000);  // the paper's
  EXPECT_EQ(input.power.losses_ppm, 20'000);
}

TEST(Cluster, tells_all_that_is_wrong_with_its_place) {
  const Result<ClusterInput> cluster = read(R"(cluster: wrong
gpu_types:
  a: {idle: 50 W, peak: 500 W, mean: 300 W}
nodes:
  n: {count: 3, gpu_type: b, gpus: 4, row: r}
queues:
  x: {parent: y}
  y: {parent: x}
)");
  ASSERT_FALSE(cluster.has_value());
  ASSERT_EQ(cluster.error().size(), 4u) << render(cluster.error());
  EXPECT_EQ(cluster.error()[0].message, "there is no row `r`");
  EXPECT_EQ(cluster.error()[0].where.line, 5);
  EXPECT_EQ(cluster.error()[1].message, "there is no GPU type `b`");
  EXPECT_EQ(cluster.error()[2].code, "WS0627");
}

TEST(Cluster, a_bare_megawatt_is_refused) {
  const Result<ClusterInput> cluster = read(R"(cluster: wrong
gpu_types: {a: {idle: 50 W, peak: 500 W, mean: 300 W}}
nodes: {n: {count: 3, gpu_type: a, gpus: 4}}
power: {cap: 1 MW}
)");
  ASSERT_FALSE(cluster.has_value());
  EXPECT_EQ(cluster.error()[0].path, "power.cap");
}

TEST(Cluster, schema_and_reference_name_every_record) {
  for (const char* name : {"gpu_types", "curtailment", "admission", "give_up_after", "two_share"}) {
    EXPECT_NE(cluster_schema().find(name), std::string::npos) << name;
    EXPECT_NE(cluster_reference_page().find(name), std::string::npos) << name;
  }
}

Outcome run_example(const ClusterInput& cluster, const std::string& jobs, TraceFormat format,
                    text::CsvProblems& problems, ReplayInput& input) {
  input = cluster.input;
  WorkloadBuilder builder(cluster.input.machine, cluster.input.workload.queues, cluster.rules, jobs,
                          problems);
  const Result<TraceCounts> counts = stream_trace(
      jobs, format, {}, [&](TraceJob&& job) { return builder.add(std::move(job)); }, problems);
  EXPECT_TRUE(counts.has_value());
  input.workload = builder.finish();
  EXPECT_EQ(check_input(input), "");
  return replay(input, {});
}

TEST(Examples, capped_runs_without_outside_data) {
  const Result<ClusterInput> cluster = read_cluster(root + "/examples/capped", "nowhere");
  ASSERT_TRUE(cluster.has_value()) << render(cluster.error());
  text::CsvProblems problems;
  ReplayInput input;
  const Outcome outcome =
      run_example(*cluster, root + "/examples/capped/jobs.csv", TraceFormat::own, problems, input);
  EXPECT_EQ(problems.count, 0) << render(problems.diagnostics);
  EXPECT_GT(outcome.gpu_time.power, 0);  // the cap binds
  EXPECT_EQ(outcome.gpu_time.sum(),
            static_cast<Wide>(outcome.capacity_milli) * outcome.end_ms * full_rate_ppm);
  for (const JobOutcome& job : outcome.jobs) EXPECT_EQ(job.state, JobState::completed);
  for (const Excursion& excursion : outcome.excursions)
    EXPECT_LE(excursion.end_ms - excursion.begin_ms, 45'000);
}

TEST(Examples, openb_runs_where_the_data_are) {
  const std::string jobs = data_folder() + "/traces/openb/openb_pod_list_default.csv";
  if (!std::filesystem::exists(jobs)) GTEST_SKIP() << "no openb traces in " << data_folder();
  const Result<ClusterInput> cluster = read_cluster(root + "/examples/openb", data_folder());
  ASSERT_TRUE(cluster.has_value()) << render(cluster.error());
  EXPECT_EQ(cluster->input.machine.nodes.size(), 1213u);
  text::CsvProblems problems;
  ReplayInput input;
  const Outcome outcome = run_example(*cluster, jobs, TraceFormat::openb, problems, input);
  EXPECT_EQ(outcome.capacity_milli, 6'212'000);
  EXPECT_EQ(problems.count, 0) << render(problems.diagnostics);
  EXPECT_EQ(outcome.gpu_time.sum(),
            static_cast<Wide>(outcome.capacity_milli) * outcome.end_ms * full_rate_ppm);
}

}  // namespace
}  // namespace warmshell::replay
