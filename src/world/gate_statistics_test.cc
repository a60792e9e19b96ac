#include "world/gate_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "world/gates.h"
#include "world/luck.h"

namespace warmshell::world {
namespace {

using model::Layout;
using model::never_month;

// Gates that may differ from path to path; what they say is given by the test.
Layout with_gates(std::size_t n) {
  Layout layout;
  layout.draws.push_back({"g", {}, 1});
  model::Gate gate;
  gate.kind = model::Gate::Kind::law;
  gate.law = Uniform{0, 1};
  gate.draw = 0;
  layout.gates.assign(n, gate);
  return layout;
}

TEST(GateStatistics, a_date_that_is_certain_is_told_exactly) {
  GateStatistics statistics(with_gates(1));
  const std::vector<double> dates(10, 7.123456789);
  statistics.add(0, dates.data(), 10);
  const DateQuantiles found = statistics.unconditional(0);
  EXPECT_EQ(found.p10, 7.123456789);
  EXPECT_EQ(found.p90, 7.123456789);
  EXPECT_EQ(statistics.never(0), 0);
}

TEST(GateStatistics, a_gate_that_cannot_vary_is_counted_by_its_first_lane) {
  Layout layout;
  layout.gates.resize(2);
  GateStatistics statistics(layout);
  const double date[] = {4.25, 4.25, 4.25}, never[] = {never_month, never_month, never_month};
  for (int block = 0; block < 2; ++block) {
    statistics.add(0, date, 3);
    statistics.add(1, never, 3);
  }
  EXPECT_EQ(statistics.paths(0), 6);
  EXPECT_EQ(statistics.unconditional(0).p50, 4.25);
  EXPECT_EQ(statistics.never(1), 1);
  EXPECT_FALSE(statistics.given(1).p50);
}

TEST(GateStatistics, headline_quantiles_count_the_paths_that_never_open) {
  GateStatistics statistics(with_gates(1));
  std::vector<double> dates;
  for (int p = 0; p < 60; ++p) dates.push_back(p + 0.05);  // 60 of 100 complete
  dates.resize(100, never_month);
  statistics.add(0, dates.data(), 100);
  EXPECT_DOUBLE_EQ(statistics.never(0), 0.4);
  EXPECT_NEAR(*statistics.unconditional(0).p50, 49.1, 0.11);
  EXPECT_FALSE(statistics.unconditional(0).p90);
  EXPECT_NEAR(*statistics.given(0).p90, 53.1, 0.11);
}

TEST(GateStatistics, a_gate_that_never_opens_has_no_date) {
  GateStatistics statistics(with_gates(1));
  const double dates[] = {never_month, never_month};
  statistics.add(0, dates, 2);
  EXPECT_EQ(statistics.never(0), 1);
  EXPECT_FALSE(statistics.unconditional(0).p10);
  EXPECT_FALSE(statistics.given(0).p50);
}

TEST(GateStatistics, quantiles_of_a_drawn_gate_come_back_within_a_tenth_of_a_month) {
  Layout layout;
  layout.draws.push_back({"g", {}, 1});
  model::Gate gate;
  gate.kind = model::Gate::Kind::law;
  gate.law = make_quantiles(11, 27, 61);
  gate.draw = 0;
  layout.gates.push_back(gate);
  constexpr int paths = 50000;
  Luck luck(layout, 3, paths);
  Gates gates(layout, paths);
  luck.begin(0, paths);
  gates.draw(luck);
  GateStatistics statistics(layout);
  statistics.add(0, gates.month(0), paths);
  std::vector<double> sorted(gates.month(0), gates.month(0) + paths);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_NEAR(*statistics.unconditional(0).p10, sorted[paths / 10], 0.1);
  EXPECT_NEAR(*statistics.unconditional(0).p50, sorted[paths / 2], 0.1);
  EXPECT_NEAR(*statistics.unconditional(0).p90, sorted[paths * 9 / 10], 0.1);
}

TEST(GateStatistics, blocks_may_be_merged_in_any_order) {
  const double one[] = {3, 3, 3}, two[] = {8.4, never_month, 900}, three[] = {never_month, 3, 3};
  const Layout layout = with_gates(1);
  GateStatistics whole(layout), a(layout), b(layout), c(layout);
  for (const double* block : {one, two, three}) whole.add(0, block, 3);
  a.add(0, one, 3);
  b.add(0, two, 3);
  c.add(0, three, 3);
  GateStatistics left(layout), right(layout);
  for (const GateStatistics* each : {&a, &b, &c}) left.merge(*each);
  for (const GateStatistics* each : {&c, &b, &a}) right.merge(*each);
  for (const GateStatistics* merged : {&left, &right}) {
    EXPECT_EQ(merged->paths(0), 9);
    EXPECT_EQ(merged->never(0), whole.never(0));
    EXPECT_EQ(merged->unconditional(0).p10, whole.unconditional(0).p10);
    EXPECT_EQ(merged->given(0).p90, whole.given(0).p90);
  }
}

}  // namespace
}  // namespace warmshell::world
