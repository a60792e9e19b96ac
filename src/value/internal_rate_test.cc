#include "value/internal_rate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "value/internal_rate_block.h"
#include "value/measures.h"
#include "value/rate_kernel.h"

namespace warmshell::value {
namespace {

void expect_rates(const std::vector<double>& flows, const std::vector<double>& stated,
                  double tolerance) {
  const InternalRates found = internal_rates(flows);
  ASSERT_EQ(found.rates.size(), stated.size());
  for (std::size_t i = 0; i < stated.size(); ++i) {
    EXPECT_NEAR(found.rates[i], stated[i], tolerance) << i;
    double size = 0;
    for (std::size_t k = 0; k < flows.size(); ++k)
      size += std::abs(flows[k]) * whole_power(1 + found.rates[i], -static_cast<int>(k));
    EXPECT_LE(std::abs(periodic_present_value(flows, found.rates[i])), 1e-14 * size) << i;
  }
  EXPECT_EQ(found.status, stated.empty()       ? IrrStatus::none
                          : stated.size() == 1 ? IrrStatus::one
                                               : IrrStatus::multiple);
}

// The cases of the brief, known answers, finance; tolerance half of the last stated digit.
TEST(InternalRate, five_rising_returns_make_0_0524) {
  expect_rates({-150000, 15000, 25000, 35000, 45000, 60000}, {0.0524}, 0.5e-4);
}
TEST(InternalRate, a_loss_makes_a_negative_rate) {
  expect_rates({-100, 0, 0, 74}, {-0.0955}, 0.5e-4);
}
TEST(InternalRate, four_returns_make_0_28095) {
  expect_rates({-100, 39, 59, 55, 20}, {0.28095}, 0.5e-5);
}
TEST(InternalRate, flows_of_nothing_inside_do_not_matter) {
  expect_rates({-100, 100, 0, 7}, {0.06206}, 0.5e-5);
}
TEST(InternalRate, three_roots_are_all_listed_nearest_to_zero_first) {
  expect_rates({-5, 10.5, 1, -8, 1}, {0.08860, 0.70956, -0.87020}, 0.5e-5);
}
TEST(InternalRate, gains_alone_have_no_rate) {
  expect_rates({1, 2, 3}, {}, 0);
}
TEST(InternalRate, a_closing_cost_makes_a_second_root) {
  expect_rates({-50, -100, 600, 300, -100}, {1.854418, -0.768895}, 0.5e-6);
}
TEST(InternalRate, a_closing_dollar_makes_a_second_root_near_minus_one) {
  const std::vector<double> flows{-1678.87, 771.96,  1814.05, 3520.30,
                                  3552.95,  3584.99, 4789.91, -1};
  const InternalRates found = internal_rates(flows);
  ASSERT_EQ(found.rates.size(), 2);
  // The stated figure is off in its last two digits: by decimal arithmetic of 50 digits the root is
  // 1.00426984872055791.
  EXPECT_NEAR(found.rates[0], 1.004269848720547, 2e-14);
  EXPECT_NEAR(found.rates[0], 1.00426984872055791, 4e-16 + 1e-15);
  EXPECT_NEAR(found.rates[1], -0.999791, 0.5e-6);
  EXPECT_EQ(found.status, IrrStatus::multiple);
}
TEST(InternalRate, nothing_at_all_has_no_rate) {
  expect_rates({}, {}, 0);
  expect_rates({0, 0, 0}, {}, 0);
  expect_rates({0, -5, 0}, {}, 0);
}
TEST(InternalRate, money_back_is_a_rate_of_zero) {
  expect_rates({-100, 100}, {0}, 0);
  expect_rates({0, 0, -100, 0, 0, 100, 0}, {0}, 1e-15);
}
TEST(InternalRate, a_double_root_is_found_once) {
  expect_rates({100, -220, 121}, {0.1}, 1e-7);
}
TEST(InternalRate, a_root_at_zero_among_others_is_found) {
  // (1-v)(1-2v)(1-3v): r = 0, 1, 2
  expect_rates({1, -6, 11, -6}, {0, 1, 2}, 1e-12);
}
TEST(InternalRate, of_two_equally_near_the_gain_comes_first) {
  // (1 - 2v)(1 - v/2): r = 1 and -1/2
  expect_rates({1, -2.5, 1}, {1, -0.5}, 1e-12);
}
TEST(InternalRate, six_hundred_months_with_many_roots) {
  // (1 - 1.01 v)(1 - 1.03 v)(1 - 0.98 v)(1 - 1.5 v) times a polynomial with positive coefficients
  std::vector<double> flows(596);
  for (std::size_t k = 0; k < flows.size(); ++k) flows[k] = 1 + 0.25 * static_cast<double>(k % 7);
  for (const double growth : {1.01, 1.03, 0.98, 1.5}) {
    flows.push_back(0);
    for (std::size_t k = flows.size(); k-- > 1;) flows[k] -= growth * flows[k - 1];
  }
  const InternalRates found = internal_rates(flows);
  ASSERT_EQ(found.rates.size(), 4);
  EXPECT_NEAR(found.rates[0], 0.01, 1e-7);
  EXPECT_NEAR(found.rates[1], -0.02, 1e-7);
  EXPECT_NEAR(found.rates[2], 0.03, 1e-7);
  EXPECT_NEAR(found.rates[3], 0.5, 1e-9);
}

// A small generator of the test's own: any sequence will do, it must only stay the same.
struct Sequence {
  std::uint64_t state = 88172645463325252u;
  double next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<double>(state >> 11) * 0x1p-53;
  }
};

// Products of known linear factors: every root made is found, no other.
TEST(InternalRate, every_root_of_random_products_is_found) {
  Sequence sequence;
  for (int round = 0; round < 300; ++round) {
    std::vector<double> flows{1 + sequence.next()};
    const int others = static_cast<int>(sequence.next() * 40);
    for (int k = 0; k < others; ++k) flows.push_back(sequence.next());
    std::vector<double> made;
    const int count = static_cast<int>(sequence.next() * 5);
    double rate = -0.6;
    for (int k = 0; k < count; ++k) {
      rate += 0.05 + 0.4 * sequence.next();
      made.push_back(rate);
      flows.push_back(0);
      for (std::size_t i = flows.size(); i-- > 1;) flows[i] -= (1 + rate) * flows[i - 1];
    }
    InternalRates found = internal_rates(flows);
    // positive coefficients may hide no positive root, so the roots made are all
    ASSERT_EQ(found.rates.size(), made.size()) << round;
    std::sort(found.rates.begin(), found.rates.end());
    for (std::size_t i = 0; i < made.size(); ++i)
      EXPECT_NEAR(found.rates[i], made[i], 1e-6) << round;
  }
}

TEST(InternalRate, several_rates_are_told_without_isolation_only_where_it_finds_them) {
  // (1 - 1.1 v)(1 - 1.5 v) changes sign between; a double root, and one root, do not
  EXPECT_TRUE(has_several_rates(std::array{1.0, -2.6, 1.65}));
  EXPECT_FALSE(has_several_rates(std::array{1.0, -2.2, 1.21}));
  EXPECT_FALSE(has_several_rates(std::array{1.0, -1.1}));
  Sequence sequence;
  int told = 0, several = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<double> flows(2 + static_cast<std::size_t>(sequence.next() * 60));
    for (double& flow : flows) flow = sequence.next() - 0.5;
    const bool many = isolate_rates(flows, rate_kernels(fleet::best_level()).halve).size() > 1;
    several += many;
    if (!has_several_rates(flows)) continue;
    EXPECT_TRUE(many) << round;
    ++told;
  }
  EXPECT_GT(told, several / 3);
}

TEST(InternalRate, lanes_side_by_side_agree_with_one_by_one_and_with_any_neighbours) {
  Sequence sequence;
  for (const int months : {1, 2, 13, 96, 240}) {
    constexpr int lanes = 37;
    std::vector<double> flows(static_cast<std::size_t>(months) * lanes);
    for (int lane = 0; lane < lanes; ++lane)
      for (int t = 0; t < months; ++t) {
        const double spend = t < 1 + months / 6 ? -40 - 20 * sequence.next() : 0;
        const double gain = lane % 9 == 8 ? sequence.next() - 0.5 : 9.0 * sequence.next();
        flows[static_cast<std::size_t>(t) * lanes + lane] = lane == 5 ? 1 : spend + gain;
      }
    std::vector<double> rate(lanes), alone(1);
    std::vector<IrrStatus> status(lanes), alone_status(1);
    internal_rates_of_block(flows.data(), months, lanes, rate.data(), status.data());
    for (int lane = 0; lane < lanes; ++lane) {
      std::vector<double> one(months);
      for (int t = 0; t < months; ++t) one[t] = flows[static_cast<std::size_t>(t) * lanes + lane];
      const InternalRates expected = internal_rates(one);
      EXPECT_EQ(status[lane], expected.status) << months << ' ' << lane;
      if (expected.status != IrrStatus::one) {
        EXPECT_EQ(rate[lane], 0);
      } else {
        EXPECT_NEAR(rate[lane], expected.rates[0], 1e-13 * (1 + std::abs(rate[lane])))
            << months << ' ' << lane;
      }
      internal_rates_of_block(one.data(), months, 1, alone.data(), alone_status.data());
      EXPECT_EQ(alone[0], rate[lane]) << months << ' ' << lane;
      EXPECT_EQ(alone_status[0], status[lane]);
    }
  }
}

}  // namespace
}  // namespace warmshell::value
