#include "study/compute_cost.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace warmshell::study {
namespace {

TEST(ComputeCost, it_is_the_ratio_of_means_with_the_error_of_the_delta_method) {
  const std::array<double, 3> cost{100, 260, 330}, hours{50, 120, 130};
  ComputeCostSums sums;
  sums.add(cost, hours);
  const auto found = sums.result();
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->mean, 690.0 / 300);  // not the mean of 2, 2.1667 and 2.5385
  // cost - 2.3 x hours: -15, -16, 31
  EXPECT_NEAR(found->se, std::sqrt((225.0 + 256 + 961) / 2 / 3) / 100, 1e-13);
}

TEST(ComputeCost, blocks_that_are_joined_say_what_all_paths_say) {
  std::array<double, 40> cost{}, hours{};
  for (std::size_t i = 0; i < cost.size(); ++i) {
    hours[i] = 1e6 + static_cast<double>(i * i % 17) * 1e4;
    cost[i] = 2.1 * hours[i] + static_cast<double>(i % 5) * 1e5;
  }
  const std::span<const double> c(cost), h(hours);
  ComputeCostSums all, first, second;
  all.add(c, h);
  first.add(c.first(13), h.first(13));
  second.add(c.subspan(13, 20), h.subspan(13, 20));
  second.add(c.subspan(33), h.subspan(33));
  first.join(second);
  first.join({});
  EXPECT_EQ(first.paths, 40);
  EXPECT_NEAR(first.result()->mean, all.result()->mean, 1e-13);
  EXPECT_NEAR(first.result()->se, all.result()->se, 1e-9 * all.result()->se);
}

TEST(ComputeCost, where_nothing_earns_there_is_none) {
  EXPECT_FALSE(ComputeCostSums().result());
  const std::array<double, 2> cost{5, 6}, hours{0, 0};
  ComputeCostSums sums;
  sums.add(cost, hours);
  EXPECT_FALSE(sums.result());
}

}  // namespace
}  // namespace warmshell::study
