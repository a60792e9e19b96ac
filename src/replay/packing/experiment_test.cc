// The experiment on traces small enough to make here; the published ones are in
// published_table_test.

#include "replay/packing/experiment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace warmshell::replay::packing {
namespace {

constexpr std::string_view nodes_text =
    "sn,cpu_milli,memory_mib,gpu,model\n"
    "n-0,64000,262144,2,P100\n"
    "n-2,96000,393216,8,G2\n"
    "n-1,64000,262144,2,T4\n";

// Six GPU pods of 4,510 milli in all, and one without; three more columns than are read.
constexpr std::string_view pods_text =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time\r\n"
    "p-3,8000,1000,1,1000,P100|V100M16,LS,Running,0\r\n"
    "p-0,4000,2000,1,460,,LS,Running,0\r\n"
    "p-1,4000,2000,0,0,,BE,Running,0\r\n"
    "p-2,4000,2000,2,1000,,LS,Running,0\r\n"
    "p-4,1000,100,1,250,T4,LS,Running,0\r\n"
    "p-5,1000,100,1,500,,LS,Running,0\r\n"
    "p-6,1000,100,1,300,G2|G3,LS,Running,0\r\n";

Trace small_trace() {
  Result<Trace> trace = parse_trace("nodes.csv", nodes_text, "pods.csv", pods_text);
  EXPECT_TRUE(trace) << render(trace.error());
  return *trace;
}

std::int64_t demand_of(const Trace& trace, const Workload& workload) {
  std::int64_t demand = 0;
  for (const std::uint32_t pod : workload.arrivals) demand += trace.pods[pod].gpu_demand_milli();
  return demand;
}

TEST(PackingTrace, nodes_and_pods_stand_in_the_order_of_their_names) {
  const Trace trace = small_trace();
  EXPECT_EQ(trace.gpu_capacity_milli, 12000);
  EXPECT_EQ(trace.nodes[1].name, "n-1");
  EXPECT_EQ(trace.gpu_types[static_cast<std::size_t>(trace.nodes[1].gpu_type)], "T4");
  EXPECT_EQ(trace.pod_names,
            (std::vector<std::string>{"p-0", "p-1", "p-2", "p-3", "p-4", "p-5", "p-6"}));
  EXPECT_EQ(trace.pods[1], (Request{.cpu_milli = 4000, .memory_mib = 2000}));
  EXPECT_EQ(trace.pods[2].gpu_demand_milli(), 2000);
}

TEST(PackingTrace, a_spec_admits_the_models_it_names_and_no_other) {
  const Trace trace = small_trace();
  const auto admits = [&](std::size_t pod, int node) {
    return (trace.pods[pod].gpu_types >> trace.nodes[static_cast<std::size_t>(node)].gpu_type &
            1) != 0;
  };
  EXPECT_TRUE(admits(0, 0) && admits(0, 1) && admits(0, 2));
  EXPECT_TRUE(admits(3, 0));
  EXPECT_FALSE(admits(3, 1) || admits(3, 2));
  EXPECT_TRUE(admits(6, 2));
  EXPECT_FALSE(admits(6, 0) || admits(6, 1));
}

TEST(PackingTrace, without_a_spec_column_every_model_is_admitted) {
  const Result<Trace> trace =
      parse_trace("nodes.csv", nodes_text, "pods.csv",
                  "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np-0,12000,16384,1,1000\n");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->pods[0].gpu_types, any_gpu_type);
}

TEST(PackingTrace, every_bad_cell_is_named_with_its_place) {
  const Result<Trace> trace = parse_trace("nodes.csv", nodes_text, "pods.csv",
                                          "name,cpu_milli,memory_mib,num_gpu,gpu_milli\n"
                                          "p-0,-5,16384,1,1000\n"
                                          "p-1,12000,16384,2,500\n"
                                          "p-2,12000,16384,1\n");
  ASSERT_FALSE(trace);
  EXPECT_EQ(
      render(trace.error()),
      "pods.csv:2:5: error[WS0680]: '-5' is not a whole number from 0 to 2000000000\n"
      " 2 | p-0,-5\n"
      "   |     ^^\n"
      "pods.csv:3:19: error[WS0680]: a pod of 2 GPUs cannot ask 500 milli of each\n"
      " 3 | p-1,12000,16384,2,500\n"
      "   |                   ^^^\n"
      "   help: one GPU may be asked in part, from 1 to 1000 milli; several only whole, 1000\n"
      "pods.csv:4:17: error[WS0122]: row 3 has 4 cells where the header has 5\n"
      " 4 | p-2,12000,16384,1\n"
      "   |                 ^\n"
      "   help: quote cells that hold a separator\n");
}

TEST(PackingTrace, a_missing_column_is_named) {
  const Result<Trace> trace =
      parse_trace("nodes.csv", "sn,cpu_milli,memory_mib,gpu\n", "pods.csv", pods_text);
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error()[0].message, "the table has no column `model`");
}

TEST(PackingWorkload, too_little_demand_is_stretched_with_copies_up_to_the_load) {
  const Trace trace = small_trace();
  for (std::int64_t seed = 0; seed < 50; ++seed) {
    const Result<Workload> workload = build_workload(trace, seed, 1.3);
    ASSERT_TRUE(workload);
    // The originals stand first, in some order; copies follow.
    std::vector<std::uint32_t> originals(workload->arrivals.begin(),
                                         workload->arrivals.begin() + 7);
    std::sort(originals.begin(), originals.end());
    EXPECT_EQ(originals, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6}));
    // It stops by the milli of one GPU, so a pod of two GPUs may end 1000 above.
    EXPECT_LE(demand_of(trace, *workload), 15600 + 1000);
    EXPECT_GT(demand_of(trace, *workload), 15600 - 1000);
  }
}

TEST(PackingWorkload, too_much_demand_is_thinned_until_it_is_not) {
  const Trace trace = small_trace();
  const std::int64_t target = 3600;
  for (std::int64_t seed = 0; seed < 50; ++seed) {
    const Result<Workload> workload = build_workload(trace, seed, 0.3);
    ASSERT_TRUE(workload);
    EXPECT_LE(demand_of(trace, *workload), target);
    std::vector<std::uint32_t> pods = workload->arrivals;
    std::sort(pods.begin(), pods.end());
    EXPECT_EQ(std::adjacent_find(pods.begin(), pods.end()), pods.end());
  }
}

TEST(PackingWorkload, ranks_are_a_permutation_and_the_same_seed_gives_the_same) {
  const Trace trace = small_trace();
  const Result<Workload> workload = build_workload(trace, 9, 1.3);
  ASSERT_TRUE(workload);
  std::vector<std::uint32_t> ranks = workload->tie_ranks;
  std::sort(ranks.begin(), ranks.end());
  EXPECT_EQ(ranks, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(build_workload(trace, 9, 1.3)->arrivals, workload->arrivals);
  EXPECT_NE(build_workload(trace, 10, 1.3)->arrivals, workload->arrivals);
}

TEST(PackingWorkload, a_trace_without_gpu_demand_is_refused) {
  const Result<Trace> trace =
      parse_trace("nodes.csv", nodes_text, "pods.csv",
                  "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np-0,12000,16384,0,0\n");
  ASSERT_TRUE(trace);
  const Result<Workload> workload = build_workload(*trace, 1, 1.3);
  ASSERT_FALSE(workload);
  EXPECT_EQ(workload.error()[0].code, "WS0681");
}

TEST(PackingExperiment, plain_scan_and_index_give_the_same_outcome) {
  const Trace trace = small_trace();
  for (const Policy policy : all_policies)
    for (std::int64_t seed = 0; seed < 20; ++seed) {
      const Result<Outcome> fast = run_packing(trace, {.policy = policy, .seed = seed});
      const Result<Outcome> plain =
          run_packing(trace, {.policy = policy, .seed = seed, .plain_scan = true});
      ASSERT_TRUE(fast && plain);
      EXPECT_EQ(fast->placements, plain->placements);
      EXPECT_EQ(fast->gpu_allocation, plain->gpu_allocation);
      EXPECT_EQ(fast->placed + fast->dropped, static_cast<std::int64_t>(fast->arrivals.size()));
      EXPECT_LE(fast->gpu_used_milli, fast->gpu_capacity_milli);
    }
}

TEST(AllocationCurve, an_empty_percent_takes_the_events_of_its_neighbours) {
  // 100 GPUs; one GPU is one percent.
  const CurveEvent events[] = {{0, 0}, {1000, 1000}, {3000, 2000}, {3000, 3000}};
  const std::vector<CurvePoint> expected = {{0, 0}, {1, 1}, {2, 2}, {3, 2.5}, {4, 2.5}};
  EXPECT_EQ(allocation_curve(events, 100'000, 4), expected);
}

TEST(AllocationCurve, halves_round_to_the_even_percent) {
  const CurveEvent events[] = {{500, 10}, {1500, 20}, {2500, 30}};
  const std::vector<CurvePoint> expected = {{0, 0.01}, {1, 0.02}, {2, 0.02}};
  EXPECT_EQ(allocation_curve(events, 100'000, 2), expected);
}

// NumPy: np.sum of n values; what its documentation states, blocks of 128 with eight partial sums.
TEST(PairwiseSum, is_exact_on_whole_numbers_and_differs_from_a_plain_sum_as_it_should) {
  std::vector<double> whole(1000);
  std::iota(whole.begin(), whole.end(), 1.0);
  for (std::size_t n : {0u, 1u, 7u, 8u, 9u, 127u, 128u, 129u, 1000u})
    EXPECT_EQ(pairwise_sum(std::span(whole).first(n)), static_cast<double>(n * (n + 1) / 2));
  // 1e16 + 1 + 1 ... loses every 1 in a plain sum; here lanes keep seven eighths of them.
  std::vector<double> mixed(128, 1.0);
  mixed[0] = 1e16;
  EXPECT_EQ(pairwise_sum(mixed), 1e16 + 112);
}

TEST(Rounding, hundredths_follow_the_exact_binary_value) {
  EXPECT_EQ(round_to_hundredths(2.675),
            2.67);  // 2.67499999999999982236431605997495353221893310546875
  EXPECT_EQ(round_to_hundredths(0.125), 0.12);  // a true half goes to even
  EXPECT_EQ(round_to_hundredths(0.375), 0.38);
}

}  // namespace
}  // namespace warmshell::replay::packing
