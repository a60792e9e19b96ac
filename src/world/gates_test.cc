#include "world/gates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/distribution.h"
#include "world/luck.h"

namespace warmshell::world {
namespace {

using model::Gate;
using model::Layout;
using model::never_month;

// Bounds of 5 standard errors: a sound test fails once in 1.7 million tries, each time alike, since
// the seed is fixed.
constexpr double bound = 5;
constexpr int many = 40000;

int add_draw(Layout& layout, const char* name, std::vector<std::pair<int, double>> loads = {}) {
  double own = 1;
  for (const auto& [factor, load] : loads) own -= load * load;
  layout.draws.push_back({name, std::move(loads), std::sqrt(own)});
  return static_cast<int>(layout.draws.size()) - 1;
}

Gate fixed(double month) {
  Gate gate;
  gate.month = month;
  return gate;
}

Gate drawn(Law law, int draw) {
  Gate gate;
  gate.kind = Gate::Kind::law;
  gate.law = std::move(law);
  gate.draw = draw;
  gate.cut_at_known = true;
  return gate;
}

struct Drawn {
  Luck luck;
  Gates gates;
  Drawn(const Layout& layout, int paths, std::int64_t first = 0, std::uint64_t seed = 7)
      : luck(layout, seed, paths), gates(layout, paths) {
    luck.begin(first, paths);
    gates.draw(luck);
  }
};

double share_below(const double* dates, int n, double x) {
  int below = 0;
  for (int p = 0; p < n; ++p) below += dates[p] < x ? 1 : 0;
  return static_cast<double>(below) / n;
}

double correlation(const double* a, const double* b, int n) {
  double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
  for (int p = 0; p < n; ++p) {
    ma += a[p] / n;
    mb += b[p] / n;
  }
  for (int p = 0; p < n; ++p) {
    aa += (a[p] - ma) * (a[p] - ma);
    bb += (b[p] - mb) * (b[p] - mb);
    ab += (a[p] - ma) * (b[p] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(Gates, dates_have_the_quantiles_of_their_law) {
  Layout layout;
  layout.known_at = -1000;
  const std::vector<Law> laws{make_quantiles(10, 27, 61),
                              make_quantiles(10, 20, 30),
                              Triangular{3, 5, 17},
                              make_lognormal_p50_p90(12, 40),
                              Uniform{2, 9},
                              make_empirical({1, 4, 4.5, 8, 21})};
  for (std::size_t i = 0; i < laws.size(); ++i)
    layout.gates.push_back(drawn(laws[i], add_draw(layout, ("gate." + std::to_string(i)).c_str())));
  const Drawn all(layout, many);
  for (std::size_t i = 0; i < laws.size(); ++i)
    for (const double u : {0.1, 0.5, 0.9}) {
      const double error = std::sqrt(u * (1 - u) / many);
      EXPECT_NEAR(share_below(all.gates.month(static_cast<int>(i)), many, quantile(laws[i], u)), u,
                  bound * error)
          << "law " << i << " at " << u;
    }
}

TEST(Gates, luck_shared_through_factors_is_correlated_as_written) {
  Layout layout;
  layout.factors.push_back({"factors.industry", {}, 1});
  layout.factors.push_back({"factors.site", {{0, 0.5}}, std::sqrt(0.75)});
  const int a = add_draw(layout, "a", {{0, 0.7}});
  const int b = add_draw(layout, "b", {{0, 0.6}});
  const int c = add_draw(layout, "c", {{1, 0.7}});
  const int d = add_draw(layout, "d");
  const Drawn all(layout, many);
  const auto expect = [&](int x, int y, double rho) {
    const double found = correlation(all.luck.normal(x), all.luck.normal(y), many);
    EXPECT_NEAR(found, rho, bound * (1 - rho * rho) / std::sqrt(many));
  };
  expect(a, b, 0.7 * 0.6);
  expect(a, c, 0.7 * 0.7 * 0.5);  // the site's factor loads on the industry's
  expect(a, d, 0);
}

TEST(Gates, a_draw_with_loads_is_still_standard_normal) {
  Layout layout;
  layout.factors.push_back({"factors.f", {}, 1});
  const int a = add_draw(layout, "a", {{0, 0.9}});
  const Drawn all(layout, many);
  double sum = 0, squares = 0;
  for (int p = 0; p < many; ++p) {
    sum += all.luck.normal(a)[p];
    squares += all.luck.normal(a)[p] * all.luck.normal(a)[p];
  }
  EXPECT_NEAR(sum / many, 0, bound / std::sqrt(many));
  EXPECT_NEAR(squares / many, 1, bound * std::sqrt(2.0 / many));
}

TEST(Gates, never_comes_as_often_as_it_does_not_complete) {
  Layout layout;
  const int date = add_draw(layout, "g"), comes = add_draw(layout, "g.completes");
  Gate gate = drawn(make_quantiles(10, 27, 61), date);
  gate.completes = 0.6;
  gate.completes_draw = comes;
  layout.gates.push_back(gate);
  Gate cancelled = fixed(5);  // the month in which the order is cancelled, when it is
  cancelled.completes = 0.6;
  cancelled.completes_draw = comes;
  cancelled.when_not = true;
  layout.gates.push_back(cancelled);
  const Drawn all(layout, many);
  int never = 0;
  for (int p = 0; p < many; ++p) {
    const bool came = all.gates.month(0)[p] != never_month;
    never += came ? 0 : 1;
    EXPECT_EQ(all.gates.month(1)[p], came ? never_month : 5.0);
  }
  EXPECT_NEAR(never / static_cast<double>(many), 0.4, bound * std::sqrt(0.24 / many));
}

TEST(Gates, odds_of_nought_and_one_need_no_draw) {
  Layout layout;
  for (const double odds : {0.0, 1.0}) {
    Gate gate = fixed(3);
    gate.completes = odds;
    layout.gates.push_back(gate);
    gate.when_not = true;
    layout.gates.push_back(gate);
  }
  const Drawn all(layout, 2);
  EXPECT_EQ(all.gates.month(0)[1], never_month);
  EXPECT_EQ(all.gates.month(1)[1], 3);
  EXPECT_EQ(all.gates.month(2)[1], 3);
  EXPECT_EQ(all.gates.month(3)[1], never_month);
}

TEST(Gates, nothing_uncertain_lies_before_known_at) {
  Layout layout;
  layout.known_at = 4;
  layout.gates.push_back(drawn(make_quantiles(2, 5, 9), add_draw(layout, "g")));
  layout.gates.push_back(fixed(-30));  // what is certain may
  const Drawn all(layout, many);
  int cut = 0;
  for (int p = 0; p < many; ++p) {
    EXPECT_GE(all.gates.month(0)[p], 4);
    cut += all.gates.month(0)[p] == 4 ? 1 : 0;
  }
  EXPECT_GT(cut, many / 10);  // p10 lies before it
  EXPECT_EQ(all.gates.month(1)[0], -30);
}

TEST(Gates, a_plan_shifts_then_slips) {
  Layout layout;
  layout.known_at = 2;
  Gate plan;
  plan.kind = Gate::Kind::planned;
  plan.month = 12;
  plan.within = 6;
  plan.within_draw = add_draw(layout, "g.within");
  plan.not_after = 15;
  layout.gates.push_back(plan);
  plan.has_law = true;
  plan.law = make_quantiles(0.9, 1.4, 2.6);
  plan.draw = add_draw(layout, "g");
  layout.gates.push_back(plan);
  Gate past = plan;
  past.month = -20;  // what is past does not slip
  layout.gates.push_back(past);
  const Drawn all(layout, many);
  const double* factor_z = all.luck.normal(plan.draw);
  for (int p = 0; p < many; ++p) {
    const double shifted = all.gates.month(0)[p];
    EXPECT_GE(shifted, 6);
    EXPECT_LE(shifted, 15);
    const double factor = from_normal(plan.law, factor_z[p]);
    EXPECT_EQ(all.gates.month(1)[p], 2 + (shifted - 2) * factor);
    EXPECT_LE(all.gates.month(2)[p], -14);
  }
  // uniform on 6 .. 18 cut at 15: a quarter at the bound, a third of the time below 10
  const double* shifted = all.gates.month(0);
  EXPECT_NEAR(share_below(shifted, many, 10), 1.0 / 3, bound * std::sqrt(2.0 / 9 / many));
  EXPECT_NEAR(share_below(shifted, many, 15), 0.75, bound * std::sqrt(3.0 / 16 / many));
}

TEST(Gates, what_follows_a_gate_that_never_comes_never_comes) {
  Layout layout;
  Gate first = fixed(10);
  first.completes = 0.5;
  first.completes_draw = add_draw(layout, "first.completes");
  layout.gates.push_back(first);
  Gate after;
  after.kind = Gate::Kind::after;
  after.follows = 0;
  after.law = make_quantiles(-3, 2, 6);  // durations are cut at nought
  after.draw = add_draw(layout, "after");
  layout.gates.push_back(after);
  layout.gates.push_back(fixed(12));
  Gate with;
  with.kind = Gate::Kind::with;
  with.follows = 0;
  with.also_follows = {2};
  with.offset = -2;
  layout.gates.push_back(with);
  const Drawn all(layout, 2000);
  for (int p = 0; p < 2000; ++p) {
    const double date = all.gates.month(0)[p];
    EXPECT_GE(all.gates.month(1)[p], date);
    EXPECT_EQ(all.gates.month(1)[p] == never_month, date == never_month);
    EXPECT_EQ(all.gates.month(3)[p], date == never_month ? never_month : 10.0);
  }
}

TEST(Gates, phases_that_share_a_draw_never_overtake) {
  Layout layout;
  layout.known_at = 0;
  Gate phase;
  phase.kind = Gate::Kind::planned;
  phase.has_law = true;
  phase.law = make_quantiles(0.9, 1.4, 2.6);
  phase.draw = add_draw(layout, "site-power");
  for (const double planned : {10.0, 10.5, 24.0}) {
    phase.month = planned;
    layout.gates.push_back(phase);
  }
  const Drawn all(layout, 5000);
  for (int p = 0; p < 5000; ++p) {
    EXPECT_LT(all.gates.month(0)[p], all.gates.month(1)[p]);
    EXPECT_LT(all.gates.month(1)[p], all.gates.month(2)[p]);
  }
}

TEST(Gates, one_path_alone_has_the_luck_it_has_in_a_block) {
  Layout layout;
  layout.factors.push_back({"factors.f", {}, 1});
  Gate gate = drawn(make_quantiles(10, 27, 61), add_draw(layout, "g", {{0, 0.7}}));
  gate.completes = 0.7;
  gate.completes_draw = add_draw(layout, "g.completes");
  layout.gates.push_back(gate);
  const Drawn block(layout, 64, 128);
  for (const int lane : {0, 1, 31, 63}) {
    const Drawn alone(layout, 1, 128 + lane);
    EXPECT_EQ(alone.gates.month(0)[0], block.gates.month(0)[lane]);
  }
}

TEST(Gates, lanes_beyond_the_count_repeat_the_last_path) {
  Layout layout;
  layout.gates.push_back(drawn(make_quantiles(10, 27, 61), add_draw(layout, "g")));
  Luck luck(layout, 1, 8);
  Gates gates(layout, 8);
  luck.begin(40, 3);
  gates.draw(luck);
  for (int p = 3; p < 8; ++p) EXPECT_EQ(gates.month(0)[p], gates.month(0)[2]);
  EXPECT_NE(gates.month(0)[1], gates.month(0)[2]);
}

TEST(Gates, two_scenarios_share_their_luck_by_name) {
  Layout small, large;
  small.gates.push_back(drawn(make_quantiles(10, 27, 61), add_draw(small, "sites.q.power.grid")));
  add_draw(large, "sites.a.power.grid");
  large.gates.push_back(drawn(make_quantiles(10, 27, 61), add_draw(large, "sites.q.power.grid")));
  const Drawn a(small, 100), b(large, 100), c(small, 100, 0, 8);
  int same = 0;
  for (int p = 0; p < 100; ++p) {
    EXPECT_EQ(a.gates.month(0)[p], b.gates.month(0)[p]);
    same += a.gates.month(0)[p] == c.gates.month(0)[p] ? 1 : 0;
  }
  EXPECT_EQ(same, 0);  // another seed is another luck
}

TEST(Gates, dates_move_continuously_with_what_was_written) {
  const double shift = 1e-6;
  const auto dates = [&](double by) {
    Layout layout;
    layout.known_at = 4;
    layout.gates.push_back(drawn(make_quantiles(2 + by, 5 + by, 9 + by), add_draw(layout, "g")));
    Gate plan;
    plan.kind = Gate::Kind::planned;
    plan.month = 4.5 + by;
    plan.within = 1;
    plan.within_draw = add_draw(layout, "w");
    plan.has_law = true;
    plan.law = make_quantiles(0.9, 1.4, 2.6);
    plan.draw = add_draw(layout, "p");
    layout.gates.push_back(plan);
    return Drawn(layout, 500).gates;
  };
  const Gates before = dates(0), after = dates(shift);
  for (int g = 0; g < 2; ++g)
    for (int p = 0; p < 500; ++p) EXPECT_NEAR(after.month(g)[p], before.month(g)[p], 10 * shift);
}

}  // namespace
}  // namespace warmshell::world
