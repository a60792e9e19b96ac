#include "base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "base/math.h"
#include "base/philox.h"

namespace warmshell {
namespace {

TEST(Statistics, sums_run_over_eight_lanes) {
  std::vector<double> x(21);
  uniforms(stream_key(1, "sum"), 0, 0, 0, x.data(), x.size());
  double part[8] = {};
  for (std::size_t i = 0; i < x.size(); ++i) part[i % 8] += x[i];
  EXPECT_EQ(block_sum(x), ((part[0] + part[1]) + (part[2] + part[3])) +
                              ((part[4] + part[5]) + (part[6] + part[7])));
  EXPECT_EQ(block_sum({}), 0);
}

TEST(Statistics, moments_of_a_small_sample_by_hand) {
  const std::vector<double> x = {2, 4, 4, 4, 5, 5, 7, 9};  // mean 5, sum of squares 32
  const Moments m = moments(x);
  EXPECT_EQ(m, (Moments{8, 5, 32}));
  EXPECT_DOUBLE_EQ(variance(m), 32.0 / 7);
  EXPECT_DOUBLE_EQ(standard_error(m), std::sqrt(32.0 / 7 / 8));
  EXPECT_EQ(standard_error(moments(std::vector<double>{3})), 0);
}

TEST(Statistics, joined_moments_are_those_of_the_whole) {
  std::vector<double> x(1000);
  standard_normals(stream_key(2, "join"), 0, 0, 0, x.data(), x.size());
  for (double& v : x) v += 1e6;  // where adding up squares would fail
  const std::span<const double> all = x;
  Moments parts;
  for (std::size_t i = 0; i < 1000; i += 77) {
    parts = joined(parts, moments(all.subspan(i, std::min<std::size_t>(77, 1000 - i))));
  }
  const Moments whole = moments(all);
  EXPECT_EQ(parts.count, whole.count);
  EXPECT_NEAR(parts.mean, whole.mean, 1e-9);
  EXPECT_NEAR(parts.squares, whole.squares, 1e-6);
}

TEST(Statistics, exact_quantiles_are_of_type_seven) {
  // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .5, .9, 1), type = 7) is 1, 1.4, 4, 12.8, 16
  const std::vector<double> x = {16, 1, 8, 2, 4};
  const std::vector<double> want = {1, 1.4, 4, 12.8, 16}, us = {0, 0.1, 0.5, 0.9, 1};
  const std::vector<double> together = exact_quantiles(x, us);
  for (std::size_t i = 0; i < us.size(); ++i) {
    EXPECT_DOUBLE_EQ(together[i], want[i]);
    EXPECT_DOUBLE_EQ(exact_quantile(x, us[i]), want[i]);
  }
  EXPECT_TRUE(std::isnan(exact_quantile({}, 0.5)));
}

TEST(Statistics, both_ways_to_an_exact_quantile_agree) {
  std::vector<double> x(997);
  standard_normals(stream_key(2, "quantile"), 0, 0, 0, x.data(), x.size());
  for (double u = 0; u <= 1; u += 0.0137) {
    const double us[] = {u};
    EXPECT_DOUBLE_EQ(exact_quantile(x, u), exact_quantiles(x, us)[0]) << u;
  }
}

TEST(Statistics, never_stays_never_in_an_exact_quantile) {
  const double inf = math::infinity;
  EXPECT_EQ(exact_quantile({1, 2, inf}, 0.5), 2);
  EXPECT_EQ(exact_quantile({1, 2, inf}, 0.6), inf);
  EXPECT_EQ(exact_quantile({1, inf, inf}, 0.9), inf);
  EXPECT_EQ(exact_quantile({-inf, 1}, 0.5), -inf);
}

TEST(Statistics, a_histogram_answers_within_one_bin) {
  Histogram h(300, 0.1, 1200);
  std::vector<double> x(20'000);
  standard_normals(stream_key(2, "gate"), 0, 0, 0, x.data(), x.size());
  for (double& v : x) v = 340 + 6 * v;
  h.add(x);
  EXPECT_EQ(h.total(), x.size());
  for (const double u : {0.05, 0.1, 0.5, 0.9, 0.95})
    EXPECT_NEAR(*h.quantile(u), exact_quantile(x, u), 0.1) << u;
}

TEST(Statistics, a_quantile_is_never_where_never_is) {
  Histogram h(0, 1, 10);
  for (int i = 0; i < 6; ++i) h.add(2.5);
  for (int i = 0; i < 4; ++i) h.add(math::infinity);
  EXPECT_EQ(h.never(), 4u);
  EXPECT_TRUE(h.quantile(0.5).has_value());
  EXPECT_EQ(h.quantile(0.7), std::nullopt);
  EXPECT_EQ(Histogram(0, 1, 3).quantile(0.5), std::nullopt);
}

TEST(Statistics, mass_outside_the_bins_answers_with_the_edge) {
  Histogram h(10, 1, 5);
  h.add(3.0);
  h.add(12.5);
  h.add(99.0);
  EXPECT_EQ(h.below(), 1u);
  EXPECT_EQ(h.above(), 1u);
  EXPECT_EQ(*h.quantile(0.1), 10);
  EXPECT_EQ(*h.quantile(0.99), 15);
  EXPECT_GE(*h.quantile(0.5), 12);
  EXPECT_LE(*h.quantile(0.5), 13);
}

TEST(Statistics, joined_histograms_are_those_of_the_whole) {
  std::vector<double> x(1000);
  standard_normals(stream_key(2, "histogram"), 0, 0, 0, x.data(), x.size());
  Histogram whole(-3, 0.25, 24), a = whole, b = whole;
  whole.add(x);
  a.add(std::span<const double>(x).first(300));
  b.add(std::span<const double>(x).subspan(300));
  b.join(a);
  EXPECT_EQ(b, whole);
}

TEST(Statistics, correlation_of_known_columns) {
  const std::vector<double> x = {1, 2, 3, 4, 5}, y = {2, 4, 6, 8, 10}, flat(5, 3.0),
                            mixed_up = {1, 3, 2, 5, 4};
  EXPECT_DOUBLE_EQ(correlation(x, y), 1);
  EXPECT_DOUBLE_EQ(correlation(x, std::vector<double>{5, 4, 3, 2, 1}), -1);
  EXPECT_DOUBLE_EQ(correlation(x, mixed_up), 0.8);
  EXPECT_EQ(correlation(x, flat), 0);
}

TEST(Statistics, p_values_of_the_tables) {
  // Critical values of chi-square: NIST/SEMATECH e-Handbook, 1.3.6.7.4
  EXPECT_NEAR(chi_square_p_value(3.841, 1), 0.05, 5e-5);
  EXPECT_NEAR(chi_square_p_value(18.307, 10), 0.05, 5e-5);
  EXPECT_NEAR(chi_square_p_value(149.449, 100), 0.001, 2e-6);
  // Kolmogorov: 1.358 / sqrt(n) is the 5 % point for large n (Smirnov 1948)
  EXPECT_NEAR(kolmogorov_p_value(1.3581 / 1000, 1'000'000), 0.05, 1e-3);
  EXPECT_NEAR(kolmogorov_distance({0.5}), 0.5, 0);
  EXPECT_NEAR(kolmogorov_distance({0.75, 0.25}), 0.25, 0);
}

}  // namespace
}  // namespace warmshell
