#include "replay/inputs/cluster.h"

#include <fmt/format.h>
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

constexpr const char* curved = R"(cluster: curved
gpu_types:
  a:
    idle: 40 W
    peak: 250 W
    mean: 225 W
    curve: {measured: v100}
    limits: {high: {cap: 200 W}, low: {cap: 150 W}, told: {cap: 125 W, throughput: 55 %}}
  b:
    idle: 50 W
    peak: 500 W
    mean: 500 W
    curve: {points: {p: {limit: 50 %, throughput: 60 %, drawn: 48 %}, q: {limit: 80 %, throughput: 90 %}}}
    limits: {x: {cap: 400 W}, y: {cap: 325 W}}
  c: {idle: 80 W, peak: 700 W, mean: 500 W}
profiles:
  hungry: {}
  light: {on: {a: {mean: 100 W}, b: {mean: 250 W}}}
  chat: {on: {c: {serving: llama-3.1-70b-instruct.h100x4}}}
nodes:
  n: {count: 1, gpu_type: a, gpus: 4}
  m: {count: 1, gpu_type: b, gpus: 4}
)";

// Of V100 at 90 % of its limit, 200 W and 150 W: about what BERT was measured to do there (94 % and
// 83 %). Points: by hand, half way between 80 % and 50 % of the limit.
TEST(Cluster, throughput_under_limits_comes_from_the_curve_and_the_draw_of_the_work) {
  const Result<ClusterInput> cluster = read(curved);
  ASSERT_TRUE(cluster.has_value()) << render(cluster.error());
  EXPECT_TRUE(cluster->diagnostics.empty()) << render(cluster->diagnostics);
  const std::vector<PowerProfile>& profiles = cluster->input.machine.profiles;
  ASSERT_EQ(profiles[1].name, "hungry");
  const ProfileOnType& hungry = profiles[1].on_type[0];
  ASSERT_EQ(hungry.rate_ppm.size(), 4u);
  EXPECT_NEAR(hungry.rate_ppm[1], 940'000, 25'000);
  EXPECT_NEAR(hungry.rate_ppm[2], 830'000, 25'000);
  EXPECT_EQ(hungry.rate_ppm[3], 550'000);  // as told
  EXPECT_LT(hungry.drawn_ppm[2], hungry.drawn_ppm[1]);
  EXPECT_LT(hungry.drawn_ppm[1], full_rate_ppm);

  ASSERT_EQ(profiles[2].name, "light");
  EXPECT_EQ(profiles[2].on_type[0].rate_ppm[1], full_rate_ppm);  // draws far less than 200 W
  EXPECT_EQ(profiles[2].on_type[0].drawn_ppm[1], full_rate_ppm);

  EXPECT_EQ(profiles[1].on_type[1].rate_ppm,
            (std::vector<std::int32_t>{1'000'000, 900'000, 750'000}));
  // 64 % of 500 W less 50 W idle, of 450 W.
  EXPECT_EQ(profiles[1].on_type[1].drawn_ppm[2], 600'000);
  EXPECT_EQ(profiles[2].on_type[1].rate_ppm[1], full_rate_ppm);  // half the draw: no limit binds
}

// ML.ENERGY leaderboard: 12 batches of Llama 3.1 70B on 4 H100.
TEST(Cluster, a_measured_service_is_a_profile) {
  const Result<ClusterInput> cluster = read(curved);
  ASSERT_TRUE(cluster.has_value()) << render(cluster.error());
  const PowerProfile& chat = cluster->input.machine.profiles[0];
  ASSERT_EQ(chat.name, "chat");
  EXPECT_NEAR(static_cast<double>(chat.on_type[2].mean_mw), 546'000, 1000);
  EXPECT_NEAR(static_cast<double>(chat.on_type[2].deviation_mw), 73'000, 1000);
  EXPECT_NEAR(static_cast<double>(chat.on_type[2].percentile_mw), 637'000, 1000);
}

// 4.6 kW, of which 8 x 80 W are idle: nameplate leaves room for 6 of 620 W; 7 at 466 W and two
// deviations of 73 W x sqrt(7) take 3.65 kW, 8 would take 4.14 kW.
TEST(Cluster, admission_by_measurement_starts_more_than_by_nameplate) {
  for (const bool measured : {false, true}) {
    const Result<ClusterInput> cluster = read(fmt::format(
        "cluster: serving\ngpu_types: {{h100: {{idle: 80 W, peak: 700 W, mean: 500 W}}}}\n"
        "profiles: {{chat: {{on: {{h100: {{serving: llama-3.1-70b-instruct.h100x4}}}}}}}}\n"
        "nodes: {{n: {{count: 1, gpu_type: h100, gpus: 8}}}}\n"
        "power: {{cap: 0.0046 MW_facility, admission: {}, sigmas: 2}}\n",
        measured ? "expectation" : "nameplate"));
    ASSERT_TRUE(cluster.has_value()) << render(cluster.error());
    ReplayInput input = cluster->input;
    input.workload.queues = {{"all"}};
    for (int j = 0; j < 8; ++j) {
      Job job;
      job.duration_ms = job.estimate_ms = 1000;
      job.worker.gpus = 1;
      job.worker.gpu_milli = 1000;
      input.workload.jobs.push_back(job);
    }
    ASSERT_EQ(check_input(input), "");
    RunOptions options;
    options.samples = true;
    EXPECT_EQ(replay(input, options).samples.front().busy_milli, measured ? 7000 : 6000);
  }
}

TEST(Cluster, curves_that_tell_nothing_are_refused_at_their_place) {
  const auto type = [](const std::string& text) {
    return "cluster: wrong\ngpu_types:\n  a: {idle: 50 W, peak: 500 W, mean: 300 W, " + text +
           "}\nnodes: {n: {count: 1, gpu_type: a, gpus: 1}}\n";
  };
  const auto first = [&](const std::string& text) -> std::string {
    const Result<ClusterInput> cluster = read(type(text));
    if (cluster) return cluster->diagnostics.empty() ? "" : cluster->diagnostics[0].message;
    return cluster.error()[0].message;
  };
  EXPECT_EQ(first("curve: {measured: v10}"), "no GPU type `v10` was measured");
  EXPECT_EQ(first("curve: {draw: 90 %}"), "a curve is either measured or has points");
  EXPECT_EQ(first("limits: {low: {cap: 300 W}}"),
            "the limit `low` of `a` tells no throughput, and the type has no curve");
  EXPECT_EQ(first("curve: {points: {p: {limit: 50 %, throughput: 90 %}, q: {limit: 80 %, "
                  "throughput: 70 %}}}"),
            "throughput and draw of the curve of `a` do not rise with the limit");
  EXPECT_EQ(first("curve: {measured: v100}, limits: {low: {cap: 100 W}}"),
            "a limit of `a` is 20 % of its peak, below the lowest that its curve knows, 40 %");
  EXPECT_EQ(first("curve: {measured: v100}, limits: {low: {cap: 100 W, throughput: 30 %}}"), "");
  EXPECT_EQ(first("curve: {measured: a40}, limits: {low: {cap: 300 W}}"), "");
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
  for (const char* name : {"gpu_types", "curtailment", "admission", "give_up_after", "two_share",
                           "curve", "serving"}) {
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
