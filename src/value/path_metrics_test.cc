// What is kept of every path.

#include <gtest/gtest.h>

#include <limits>

#include "value/spread.h"
#include "value/valuation.h"

namespace warmshell::value {
namespace {

TEST(PathMetrics, quantiles_are_exact_and_leave_out_what_does_not_exist) {
  PathMetrics metrics(101);
  for (int path = 0; path < 101; ++path) {
    metrics.set(Metric::npv, path, (path * 37) % 101);
    metrics.set(Metric::payback, path, path < 90 ? path : std::numeric_limits<double>::infinity());
    if (path % 2 == 0) metrics.set(Metric::irr, path, 0.25);
  }
  const Summary npv = metrics.summary(Metric::npv, 101);
  EXPECT_EQ(npv.p05, 5);
  EXPECT_EQ(npv.p50, 50);
  EXPECT_EQ(npv.p95, 95);
  EXPECT_DOUBLE_EQ(npv.mean, 50);
  const Summary irr = metrics.summary(Metric::irr, 101);
  EXPECT_EQ(irr.mean, 0.25);
  EXPECT_EQ(irr.se, 0);
  EXPECT_NEAR(irr.undefined_share, 50.0 / 101, 1e-12);
  const Summary payback = metrics.summary(Metric::payback, 101);
  EXPECT_EQ(payback.p50, 50);
  EXPECT_EQ(payback.p90, std::nullopt);
}

TEST(Spread, equal_numbers_have_no_spread_and_joins_agree) {
  Spread all, first, second;
  for (int i = 0; i < 100; ++i) {
    const double x = 1e9 + i * i;
    all.add(x);
    (i < 37 ? first : second).add(x);
  }
  first.join(second);
  EXPECT_NEAR(first.mean, all.mean, 1e-6);
  EXPECT_NEAR(first.squares, all.squares, 1e-6 * all.squares);
  Spread equal;
  for (int i = 0; i < 10; ++i) equal.add(0.1);
  EXPECT_EQ(equal.standard_error(), 0);
  EXPECT_EQ(equal.mean, 0.1);
}

}  // namespace
}  // namespace warmshell::value
