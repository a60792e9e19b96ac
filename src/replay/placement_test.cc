// PlainScan is the specification of placement; PlacementIndex must decide alike, whatever happens
// to the cluster in between. Small random clusters and requests, always run.

#include "replay/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "replay/packing/fragmentation_memo.h"
#include "replay/packing/policies.h"

namespace warmshell::replay {
namespace {

using packing::GoRandom;

std::vector<NodeCapacity> random_nodes(GoRandom& random, std::size_t count) {
  constexpr std::int32_t gpu_counts[] = {0, 1, 2, 4, 8, 16};
  std::vector<NodeCapacity> nodes(count);
  for (NodeCapacity& node : nodes) {
    node.cpu_milli = static_cast<std::int32_t>(8000 * (1 + random.below(16)));
    node.memory_mib = static_cast<std::int32_t>(16384 * (1 + random.below(8)));
    node.gpus = gpu_counts[random.below(6)];
    node.gpu_type = static_cast<int>(random.below(3));
    node.pool = static_cast<int>(random.below(4));
  }
  return nodes;
}

Request random_request(GoRandom& random) {
  Request request;
  request.cpu_milli = static_cast<std::int32_t>(500 * random.below(40));
  request.memory_mib = static_cast<std::int32_t>(1024 * random.below(20));
  switch (random.below(4)) {
    case 0:
      break;
    case 1:
      request.gpus = static_cast<std::int32_t>(1u << random.below(4));
      request.gpu_milli = whole_gpu_milli;
      break;
    default:
      request.gpus = 1;
      request.gpu_milli = static_cast<std::int32_t>(50 * (1 + random.below(20)));
  }
  if (request.gpus > 0 && random.below(3) == 0) request.gpu_types = 1 + random.below(7);
  if (random.below(5) == 0) request.pools = 1 + random.below(15);
  return request;
}

PlacementRules random_rules(GoRandom& random, Policy policy, std::size_t nodes,
                            const std::vector<Request>& requests) {
  PlacementRules rules;
  rules.policy = policy;
  if (random.below(4) != 0) {
    rules.tie_ranks.resize(nodes);
    std::iota(rules.tie_ranks.begin(), rules.tie_ranks.end(), 0u);
    for (std::uint32_t i = static_cast<std::uint32_t>(nodes); i-- > 1;)
      std::swap(rules.tie_ranks[i], rules.tie_ranks[random.below(i + 1)]);
  }
  rules.typical_jobs = typical_jobs(requests, {}, 0.95);
  rules.random_seed = random.below(1000);
  return rules;
}

class Twins : public ::testing::TestWithParam<Policy> {};

TEST_P(Twins, the_index_decides_as_the_plain_scan_on_random_workloads) {
  int decisions = 0;
  int refused = 0;
  for (int workload = 0; workload < 150; ++workload) {
    GoRandom random(1000 + workload);
    const std::vector<NodeCapacity> nodes = random_nodes(random, 1 + random.below(40));
    std::vector<Request> requests(1 + random.below(20));
    for (Request& request : requests) request = random_request(random);
    const PlacementRules rules = random_rules(random, GetParam(), nodes.size(), requests);

    ClusterState cluster(nodes);
    PlainScan scan(cluster, rules);
    // Every third index must forget all the time.
    const IndexMemory memory = workload % 3 == 0
                                   ? IndexMemory{.node_scores = 3 * nodes.size(), .node_states = 10}
                                   : IndexMemory{};
    PlacementIndex index(cluster, rules, memory);
    struct Running {
      Request request;
      Placement placement;
    };
    std::vector<Running> running;
    for (int step = 0; step < 200; ++step) {
      const std::uint32_t event = random.below(10);
      if (event < 6) {
        const Request& request =
            requests[random.below(static_cast<std::uint32_t>(requests.size()))];
        const std::optional<Placement> expected = scan.choose(request);
        const std::optional<Placement> chosen = index.choose(request);
        ASSERT_EQ(chosen, expected) << "workload " << workload << ", step " << step;
        ++decisions;
        if (!chosen) ++refused;
        if (chosen) {
          cluster.place(request, *chosen);
          running.push_back({request, *chosen});
        }
      } else if (event < 9 && !running.empty()) {
        // More leave in the second half, so that emptied nodes are met too.
        for (int leaving = step < 100 ? 1 : 3; leaving > 0 && !running.empty(); --leaving) {
          std::swap(running[random.below(static_cast<std::uint32_t>(running.size()))],
                    running.back());
          cluster.release(running.back().request, running.back().placement);
          running.pop_back();
        }
      } else {
        cluster.set_open(random.below(static_cast<std::uint32_t>(nodes.size())),
                         random.below(2) == 0);
      }
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(decisions - refused, 1000);
}

// More changes between two requests than the change log holds: the index must fall back on a pass.
TEST_P(Twins, a_request_seldom_made_catches_up_over_a_log_that_overflowed) {
  GoRandom random(5);
  const std::vector<NodeCapacity> nodes = random_nodes(random, 10);
  std::vector<Request> requests(6);
  for (Request& request : requests) request = random_request(random);
  const PlacementRules rules = random_rules(random, GetParam(), nodes.size(), requests);
  ClusterState cluster(nodes);
  PlainScan scan(cluster, rules);
  PlacementIndex index(cluster, rules);
  const Request small{.cpu_milli = 500, .gpus = 1, .gpu_milli = 10};
  for (int round = 0; round < 5; ++round) {
    for (const Request& request : requests) {
      const std::optional<Placement> chosen = index.choose(request);
      ASSERT_EQ(chosen, scan.choose(request));
      if (chosen) cluster.place(request, *chosen);
    }
    for (int i = 0; i < 500; ++i) {
      const std::optional<Placement> chosen = index.choose(small);
      ASSERT_EQ(chosen, scan.choose(small));
      if (!chosen) break;
      cluster.place(small, *chosen);
      if (i % 5 != 0) cluster.release(small, *chosen);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryPolicy, Twins, ::testing::ValuesIn(all_policies),
                         [](const auto& policy) {
                           std::string name(policy_name(policy.param));
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(ClusterState, releasing_everything_gives_the_empty_cluster_back) {
  GoRandom random(3);
  const std::vector<NodeCapacity> nodes = random_nodes(random, 20);
  const ClusterState empty(nodes);
  ClusterState cluster(nodes);
  PlainScan scan(cluster, {.policy = Policy::best_fit});
  std::vector<std::pair<Request, Placement>> running;
  for (int i = 0; i < 300; ++i) {
    const Request request = random_request(random);
    if (const auto chosen = scan.choose(request)) {
      cluster.place(request, *chosen);
      running.emplace_back(request, *chosen);
    }
  }
  ASSERT_GT(cluster.gpu_used_milli(), 0);
  for (const auto& [request, placement] : running) cluster.release(request, placement);
  EXPECT_EQ(cluster.gpu_used_milli(), 0);
  for (NodeId id = 0; id < nodes.size(); ++id) {
    const NodeState& a = cluster.node(id);
    const NodeState& b = empty.node(id);
    EXPECT_EQ(a.cpu_left, b.cpu_left);
    EXPECT_EQ(a.memory_left, b.memory_left);
    EXPECT_EQ(a.gpu_left, b.gpu_left);
    EXPECT_EQ(a.gpu_left_sum, b.gpu_left_sum);
    EXPECT_EQ(a.gpu_left_max, b.gpu_left_max);
    EXPECT_EQ(a.gpus_free, b.gpus_free);
    EXPECT_EQ(a.class_set, b.class_set);
  }
}

TEST(ClusterState, a_changed_node_is_visited_once) {
  ClusterState cluster(std::vector<NodeCapacity>(3, {.cpu_milli = 1000, .gpus = 1}));
  const Request request{.cpu_milli = 100};
  for (const NodeId node : {2u, 0u, 2u, 2u}) cluster.place(request, {node, 0});
  std::vector<NodeId> visited;
  cluster.visit_changed_since(0, [&](NodeId id) { visited.push_back(id); });
  EXPECT_EQ(visited, (std::vector<NodeId>{0, 2}));
  visited.clear();
  cluster.visit_changed_since(2, [&](NodeId id) { visited.push_back(id); });
  EXPECT_EQ(visited, (std::vector<NodeId>{2}));
}

TEST(Placement, policies_are_called_by_their_names) {
  EXPECT_EQ(policy_names(),
            (std::vector<std::string>{"random", "first-fit", "best-fit", "dot-product",
                                      "gpu-packing", "gpu-clustering", "fgd"}));
  for (const Policy policy : all_policies) EXPECT_EQ(policy_called(policy_name(policy)), policy);
  EXPECT_FALSE(policy_called("worst-fit"));
}

TEST(Placement, first_fit_takes_the_first_node_and_gpu_with_room) {
  ClusterState cluster(std::vector<NodeCapacity>(2, {.cpu_milli = 4000, .gpus = 2}));
  PlainScan scan(cluster, {.policy = Policy::first_fit});
  const Request share{.gpus = 1, .gpu_milli = 600};
  const Placement expected[] = {{0, 0b01}, {0, 0b10}, {1, 0b01}, {1, 0b10}};
  for (const Placement& next : expected) {
    ASSERT_EQ(scan.choose(share), next);
    cluster.place(share, next);
  }
  EXPECT_EQ(scan.choose(share), std::nullopt);
}

// A share on a half-used GPU wastes nothing; on a free one it would spoil the only whole GPU.
TEST(Placement, fgd_keeps_the_whole_gpu_for_those_who_need_one) {
  ClusterState cluster({{.cpu_milli = 4000, .gpus = 2}});
  const Request whole{.gpus = 1, .gpu_milli = 1000};
  const Request half{.gpus = 1, .gpu_milli = 500};
  PlacementRules rules{.policy = Policy::fgd};
  rules.typical_jobs = {{whole, 0.5}, {half, 0.5}};
  PlainScan scan(cluster, rules);
  cluster.place(half, {0, 0b10});
  EXPECT_EQ(scan.choose(half), (Placement{0, 0b10}));
}

// Known answer of the experiment's protocol: 35 kinds cover 95.26 % of the default trace, and an
// empty node of 8 G2 GPUs then has 1087.818697 milli of fragmentation. Here a case small enough to
// do by hand.
TEST(Fragmentation, counts_what_typical_jobs_cannot_use) {
  NodeState node;
  node.cpu_left = 1000;
  node.gpu_count = 2;
  node.gpu_left = {300, 1000};
  const std::vector<TypicalJob> typical = {
      {{.cpu_milli = 500, .gpus = 1, .gpu_milli = 500}, 0.5},                    // 300 too small
      {{.cpu_milli = 2000, .gpus = 1, .gpu_milli = 100}, 0.25},                  // no CPU: all 1300
      {{.cpu_milli = 500, .gpus = 1, .gpu_milli = 100, .gpu_types = 2}, 0.125},  // no access: 1300
      {{.cpu_milli = 500}, 0.125}};                                              // no GPU: 1300
  EXPECT_EQ(packing::fragmentation(node, typical), 0.5 * 300 + 0.5 * 1300);
}

TEST(TypicalJobs, the_commonest_kinds_until_cover_largest_first_among_equals) {
  const Request a{.cpu_milli = 1, .gpus = 1, .gpu_milli = 100};
  const Request b{.cpu_milli = 2, .gpus = 1, .gpu_milli = 100};
  const Request c{.cpu_milli = 3};
  Request a_with_memory = a;
  a_with_memory.memory_mib = 7;
  const std::vector<Request> jobs = {a, b, c, a_with_memory, b, c, a, c, Request{.cpu_milli = 9}};
  const std::vector<TypicalJob> typical = typical_jobs(jobs, {}, 0.6);
  ASSERT_EQ(typical.size(), 2u);
  EXPECT_EQ(typical[0].request, c);
  EXPECT_EQ(typical[1].request, a);
  EXPECT_DOUBLE_EQ(typical[0].share, 0.5);
}

}  // namespace
}  // namespace warmshell::replay
