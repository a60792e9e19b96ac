// The published packing table, value by value. Source of the expected values: the experiment's
// public results (fgd_expected_allocation.csv), the authors' README for FGD's final GPU use, and
// for the other anchors an independent reconstruction of the experiment.

#include "replay/packing/published_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "replay/packing/experiment.h"
#include "replay/packing/policies.h"

namespace warmshell::replay::packing {
namespace {

class PublishedTableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    data = data_folder();
    if (!data) GTEST_SKIP() << "no traces/openb in $WARMSHELL_DATA or ../shared/data";
    Result<PublishedTable> read = read_published_table(*data);
    ASSERT_TRUE(read) << render(read.error());
    table = std::move(*read);
  }

  // Runs every option on the trace with two threads; outcome i is of option i.
  static std::vector<Outcome> run_all(const Trace& trace, const std::vector<Options>& options) {
    std::vector<Outcome> outcomes(options.size());
    const auto every_second = [&](std::size_t first) {
      for (std::size_t i = first; i < options.size(); i += 2)
        if (Result<Outcome> outcome = run_packing(trace, options[i]))
          outcomes[i] = std::move(*outcome);
    };
    std::thread other(every_second, 1);
    every_second(0);
    other.join();
    return outcomes;
  }

  std::optional<std::filesystem::path> data;
  PublishedTable table;
};

TEST_F(PublishedTableTest, every_value_of_every_deterministic_run_is_reproduced) {
  int runs = 0;
  for (const std::string& name : traces_at_hand(*data)) {
    const Result<Trace> trace = read_openb(*data, name);
    ASSERT_TRUE(trace) << render(trace.error());
    std::vector<Options> options;
    for (const Policy policy : deterministic_policies)
      for (std::int64_t seed = 0; seed < published_seeds; ++seed)
        if (table.contains({name, policy, published_first_seed + seed}))
          options.push_back({.policy = policy, .seed = published_first_seed + seed});
    const std::vector<Outcome> outcomes = run_all(*trace, options);
    for (std::size_t i = 0; i < options.size(); ++i, ++runs) {
      const std::vector<double>& expected = table.at({name, options[i].policy, options[i].seed});
      const std::vector<CurvePoint>& curve = outcomes[i].gpu_allocation;
      ASSERT_EQ(curve.size(), expected.size());
      double worst = 0;  // the bar is 0.011, one unit of the table's last digit; it is met exactly
      for (std::size_t k = 0; k < curve.size(); ++k) {
        EXPECT_EQ(curve[k].arrived_pct, static_cast<int>(k));
        worst = std::max(worst, std::abs(curve[k].allocated_pct - expected[k]));
      }
      EXPECT_LT(worst, 1e-9) << name << ' ' << policy_name(options[i].policy) << " seed "
                             << options[i].seed;
    }
  }
  RecordProperty("runs", runs);
  EXPECT_GE(runs, 250);
}

TEST_F(PublishedTableTest, dropped_pods_and_gpus_in_use_meet_the_anchors) {
  struct Anchor {
    Policy policy;
    std::int64_t seed, pods, dropped, used_milli;
  };
  const Result<Trace> trace = read_openb(*data, "default");
  ASSERT_TRUE(trace) << render(trace.error());
  for (const Anchor& anchor : {Anchor{Policy::dot_product, 42, 10866, 2874, 5624470},
                               Anchor{Policy::gpu_clustering, 42, 10866, 2797, 5686120},
                               Anchor{Policy::gpu_packing, 42, 10866, 2794, 5688580},
                               Anchor{Policy::best_fit, 42, 10866, 2676, 5785450},
                               Anchor{Policy::fgd, 42, 10866, 2532, 5919410},
                               Anchor{Policy::fgd, 43, 10793, 2442, 5921240}}) {
    const Result<Outcome> outcome =
        run_packing(*trace, {.policy = anchor.policy, .seed = anchor.seed});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->placed + outcome->dropped, anchor.pods) << policy_name(anchor.policy);
    EXPECT_EQ(outcome->dropped, anchor.dropped) << policy_name(anchor.policy);
    EXPECT_EQ(outcome->gpu_used_milli, anchor.used_milli) << policy_name(anchor.policy);
  }
}

TEST_F(PublishedTableTest, the_first_pods_arrive_in_the_published_order) {
  const Result<Trace> trace = read_openb(*data, "default");
  ASSERT_TRUE(trace) << render(trace.error());
  const Result<Workload> workload = build_workload(*trace, 42, 1.3);
  ASSERT_TRUE(workload);
  ASSERT_EQ(workload->arrivals.size(), 10866u);
  const char* expected[] = {"openb-pod-0255", "openb-pod-1685", "openb-pod-6784", "openb-pod-4463",
                            "openb-pod-0602"};
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(trace->pod_names[workload->arrivals[i]], expected[i]);
}

// Known answers of the same reconstruction.
TEST_F(PublishedTableTest, typical_jobs_of_the_default_trace_are_the_published_ones) {
  const Result<Trace> trace = read_openb(*data, "default");
  ASSERT_TRUE(trace) << render(trace.error());
  const std::vector<TypicalJob> typical =
      typical_jobs(trace->pods, trace->gpu_specs, typical_cover);
  ASSERT_EQ(typical.size(), 35u);
  EXPECT_EQ(typical[0].request.cpu_milli, 3152);
  EXPECT_EQ(typical[0].request.gpu_milli, 810);
  EXPECT_NEAR(typical[0].share, 0.134818439, 1e-9);

  const auto node =
      std::find_if(trace->nodes.begin(), trace->nodes.end(), [](const NodeCapacity& capacity) {
        return capacity.cpu_milli == 96000 && capacity.gpus == 8;
      });
  ASSERT_NE(node, trace->nodes.end());
  const ClusterState empty({*node});
  EXPECT_NEAR(fragmentation(empty.node(0), typical), 1087.818697, 1e-6);
}

// Published runs of Random cannot be replayed one by one (their order of nodes depended on
// threads), so means are compared: 0.35 is more than twice the largest difference met on all 17
// traces (0.156). A single published run stays within 2.0 of our mean (1.24 was met on all 17).
TEST_F(PublishedTableTest, random_agrees_with_the_published_mean) {
  constexpr std::int64_t streams = 20;
  for (const std::string& name : traces_at_hand(*data)) {
    if (!table.contains({name, Policy::random, published_first_seed})) continue;
    const Result<Trace> trace = read_openb(*data, name);
    ASSERT_TRUE(trace) << render(trace.error());
    std::vector<Options> options;
    for (std::int64_t seed = 0; seed < published_seeds; ++seed)
      for (std::int64_t stream = 0; stream < streams; ++stream)
        options.push_back({.policy = Policy::random,
                           .seed = published_first_seed + seed,
                           .random_stream = stream});
    const std::vector<Outcome> outcomes = run_all(*trace, options);
    double worst = 0, worst_single = 0;
    for (std::size_t k = 0; k <= published_last_pct; ++k) {
      double published = 0;
      for (std::int64_t seed = 0; seed < published_seeds; ++seed)
        published +=
            table.at({name, Policy::random, published_first_seed + seed})[k] / published_seeds;
      double mean = 0;
      for (const Outcome& outcome : outcomes) {
        ASSERT_EQ(outcome.gpu_allocation.size(), published_last_pct + 1u);
        mean += outcome.gpu_allocation[k].allocated_pct / static_cast<double>(outcomes.size());
      }
      worst = std::max(worst, std::abs(mean - published));
      for (std::int64_t seed = 0; seed < published_seeds; ++seed)
        worst_single = std::max(
            worst_single,
            std::abs(table.at({name, Policy::random, published_first_seed + seed})[k] - mean));
    }
    RecordProperty("worst_" + name, std::to_string(worst));
    EXPECT_LE(worst, 0.35) << name;
    EXPECT_LE(worst_single, 2.0) << name;
    std::cout << "  " << name << ": worst difference of the mean " << worst << ", of a single run "
              << worst_single << '\n';
  }
}

}  // namespace
}  // namespace warmshell::replay::packing
