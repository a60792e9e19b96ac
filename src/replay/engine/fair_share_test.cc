#include "replay/engine/fair_share.h"

#include <gtest/gtest.h>

#include <cmath>

#include "replay/engine/random_input.h"

namespace warmshell::replay {
namespace {

// Progressive filling, the other way to the same shares: the level rises until somebody is full,
// everybody else goes on. Real numbers, no closed form, no sorting.
std::vector<long double> fill_progressively(long double total,
                                            const std::vector<long double>& needs,
                                            const std::vector<long double>& weights) {
  std::vector<long double> has(needs.size(), 0);
  std::vector<char> full(needs.size(), 0);
  for (std::size_t i = 0; i < needs.size(); ++i) full[i] = needs[i] <= 0 || weights[i] <= 0;
  while (total > 1e-12L) {
    long double weight = 0;
    for (std::size_t i = 0; i < needs.size(); ++i)
      if (!full[i]) weight += weights[i];
    if (weight == 0) break;
    long double rise = total / weight;
    for (std::size_t i = 0; i < needs.size(); ++i)
      if (!full[i]) rise = std::min(rise, (needs[i] - has[i]) / weights[i]);
    for (std::size_t i = 0; i < needs.size(); ++i) {
      if (full[i]) continue;
      has[i] += rise * weights[i];
      total -= rise * weights[i];
      full[i] = needs[i] - has[i] < 1e-9L;
    }
  }
  return has;
}

// Deserved first, then the surplus by priority and weight; down the tree.
std::vector<long double> shares_progressively(const std::vector<Queue>& queues,
                                              const std::vector<std::int64_t>& leaf_demand,
                                              long double total) {
  const std::size_t n = queues.size();
  std::vector<long double> demand(n, 0);
  for (std::size_t q = n; q-- > 0;) {
    bool leaf = true;
    for (std::size_t c = 0; c < n; ++c)
      if (queues[c].parent == static_cast<std::int32_t>(q)) leaf = false;
    if (leaf) demand[q] = static_cast<long double>(leaf_demand[q]);
    if (queues[q].limit_milli >= 0)
      demand[q] = std::min(demand[q], static_cast<long double>(queues[q].limit_milli));
    if (queues[q].parent >= 0) demand[static_cast<std::size_t>(queues[q].parent)] += demand[q];
  }
  std::vector<long double> share(n, 0);
  for (std::int32_t parent = -1; parent < static_cast<std::int32_t>(n); ++parent) {
    std::vector<std::size_t> children;
    for (std::size_t c = 0; c < n; ++c)
      if (queues[c].parent == parent) children.push_back(c);
    if (children.empty()) continue;
    long double left = parent < 0 ? total : share[static_cast<std::size_t>(parent)];

    std::vector<long double> needs, weights;
    for (const std::size_t c : children) {
      needs.push_back(std::min(static_cast<long double>(queues[c].deserved_milli), demand[c]));
      weights.push_back(static_cast<long double>(queues[c].deserved_milli));
    }
    const std::vector<long double> first = fill_progressively(left, needs, weights);
    for (std::size_t k = 0; k < children.size(); ++k) {
      share[children[k]] = first[k];
      left -= first[k];
    }
    for (std::int32_t priority = 10; priority >= 0; --priority) {
      for (std::size_t k = 0; k < children.size(); ++k) {
        const Queue& queue = queues[children[k]];
        const bool here = queue.priority == priority;
        needs[k] = here ? demand[children[k]] - share[children[k]] : 0;
        weights[k] = here ? static_cast<long double>(queue.weight) : 0;
      }
      const std::vector<long double> extra = fill_progressively(left, needs, weights);
      for (std::size_t k = 0; k < children.size(); ++k) {
        share[children[k]] += extra[k];
        left -= extra[k];
      }
    }
  }
  return share;
}

TEST(FairShare, equals_progressive_filling_on_10000_random_trees) {
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    RandomInputs random{seed};
    const std::int64_t total = random.between(1, 400) * 1'000'000;  // large: rounding is small
    std::vector<Queue> queues = random.queues(total);
    for (Queue& queue : queues) queue.deserved_milli = random.between(0, total / 2);
    std::vector<std::int64_t> demand;
    for (std::size_t q = 0; q < queues.size(); ++q)
      demand.push_back(random.chance(20) ? 0 : random.between(0, total));

    const std::vector<std::int64_t> share = fair_shares(queues, demand, total);
    const std::vector<long double> expected =
        shares_progressively(queues, demand, static_cast<long double>(total));
    // Shares are whole milli; a level of the tree rounds by less than one for each division.
    for (std::size_t q = 0; q < queues.size(); ++q)
      ASSERT_NEAR(static_cast<double>(share[q]), static_cast<double>(expected[q]), 24.0)
          << "tree " << seed << " queue " << q;
  }
}

TEST(FairShare, what_is_deserved_comes_before_any_surplus) {
  // 100 GPUs: a deserves 30 and asks 80, b deserves 20 and asks 80, weights 1 and 3.
  std::vector<Queue> queues(2);
  queues[0].deserved_milli = 30;
  queues[1].deserved_milli = 20;
  queues[1].weight = 3;
  EXPECT_EQ(fair_shares(queues, std::vector<std::int64_t>{80, 80}, 100),
            (std::vector<std::int64_t>{43, 57}));  // 30 + 50/4, 20 + 50 x 3/4; the odd unit to a
  queues[0].priority = 1;                          // takes all the surplus it wants first
  EXPECT_EQ(fair_shares(queues, std::vector<std::int64_t>{70, 80}, 100),
            (std::vector<std::int64_t>{70, 30}));
}

TEST(FairShare, all_that_is_wanted_is_given_and_no_more) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    RandomInputs random{seed};
    const std::int64_t total = random.between(1, 400);
    std::vector<Queue> queues(static_cast<std::size_t>(random.between(1, 8)));
    std::vector<std::int64_t> demand;
    std::int64_t wanted = 0;
    for (Queue& queue : queues) {
      queue.deserved_milli = random.between(0, 100);
      queue.weight = random.between(1, 4);
      queue.priority = random.small(0, 2);
      demand.push_back(random.between(0, 120));
      wanted += demand.back();
    }
    const std::vector<std::int64_t> share = fair_shares(queues, demand, total);
    std::int64_t given = 0;
    for (std::size_t q = 0; q < queues.size(); ++q) {
      given += share[q];
      ASSERT_LE(share[q], demand[q]) << seed;
    }
    ASSERT_EQ(given, std::min(wanted, total)) << seed;
  }
}

}  // namespace
}  // namespace warmshell::replay
