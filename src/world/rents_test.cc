#include "world/rents.h"

#include <gtest/gtest.h>

#include <cmath>

#include "catalog/catalog.h"
#include "catalog/provider_tiers.h"
#include "world/gates.h"
#include "world/resale.h"

namespace warmshell::world {
namespace {

using catalog::TableName;
using model::Layout;

constexpr double bound = 5;  // standard errors: one false alarm in 1.7 million
constexpr double may_2026 = 26 * 12 + 4;

model::LayoutClass chip(const char* id) {
  const catalog::Accelerator& a = *catalog::find_accelerator(id);
  model::LayoutClass c;
  c.accelerator = a.id;
  c.line = a.line;
  c.generation = a.generation;
  c.h100e = catalog::h100e(a);
  c.fp8 = a.fp8_native;
  return c;
}

// Every accelerator of the catalogue's lines at its date of availability.
Layout with_releases(double start, const std::vector<const char*>& chips) {
  Layout layout;
  layout.start = start;
  layout.months = 120;
  for (const char* id : chips) layout.classes.push_back(chip(id));
  for (const catalog::Accelerator& a : catalog::accelerators()) {
    model::Gate gate;
    gate.month = a.available.months - start;
    layout.release_gates.push_back(static_cast<int>(layout.gates.size()));
    layout.release_line.push_back(a.line);
    layout.release_generation.push_back(a.generation);
    layout.gates.push_back(gate);
  }
  return layout;
}

struct Lists {
  Luck luck;
  Gates gates;
  Releases releases;
  RentLists lists;
  int month = 0;
  Lists(const Layout& layout, int paths, bool regimes = true)
      : luck(layout, 11, paths),
        gates(layout, paths),
        releases(layout, paths),
        lists(layout, regimes, luck, paths) {
    luck.begin(0, paths);
    gates.draw(luck);
    releases.draw(gates);
    next();
  }
  void next() { lists.next_month(month++, releases, luck); }
};

TEST(Rents, parameters_are_the_catalogues) {
  const RentLaw& law = rent_law();
  EXPECT_DOUBLE_EQ(law.base, 2.35);
  EXPECT_DOUBLE_EQ(law.glut, 1.70 / 2.35);
  EXPECT_DOUBLE_EQ(law.scarcity, 2.95 / 2.35);
  EXPECT_NEAR(law.long_tail, std::sqrt(0.95 / 1.3 * 3.0 / 4.0), 1e-12);
  EXPECT_NEAR(law.hyperscaler, std::sqrt(2.25 / 1.3 * 5.75 / 4.0), 1e-12);
  EXPECT_DOUBLE_EQ(law.flops_exponent, 0.6);
  EXPECT_DOUBLE_EQ(law.behind_step, 0.25);
  EXPECT_DOUBLE_EQ(law.least_step, 0.25);
  EXPECT_DOUBLE_EQ(law.greatest_step, 0.45);
  const double spread = law.hyperscaler / law.long_tail;  // a factor of 1.6 to 3
  EXPECT_GT(spread, 1.6);
  EXPECT_LT(spread, 3);
  EXPECT_EQ(tier_factor("neocloud"), 1.0);
  for (const std::string& tier : catalog::provider_tiers()) EXPECT_TRUE(tier_factor(tier)) << tier;
  EXPECT_FALSE(tier_factor("cloud"));
}

TEST(Rents, lists_of_may_2026_lie_within_the_rows_of_the_catalogue) {
  const struct {
    const char* id;
    double low, high;  // rental_prices.csv, 2026-04 and -05, over the tiers that are listed
  } rows[] = {{"h100_sxm", 1.47, 6.88}, {"a100_80", 0.8, 3.0},  {"h200_sxm", 2.5, 7.0},
              {"b200_hgx", 4.0, 10.0},  {"mi300x", 1.7, 5.0},   {"l40s", 0.6, 1.9},
              {"v100_32", 0.11, 1.78},  {"tpu_v5e", 0.55, 1.2}, {"tpu_v6e", 0.39, 2.7}};
  for (const auto& row : rows) {
    const Layout layout = with_releases(may_2026, {row.id});
    Lists all(layout, 1, false);
    const double neither = all.lists.list(0)[0];
    const double may = neither * mean_regime(layout.classes[0].fp8, 1);  // observed: scarcity
    EXPECT_GT(may, row.low) << row.id;
    EXPECT_LT(may, row.high) << row.id;
  }
  const Layout h100 = with_releases(may_2026, {"h100_sxm"});
  EXPECT_NEAR(Lists(h100, 1, false).lists.list(0)[0], 2.35, 1e-12);
}

// Best price per PFLOP-hour on the NVIDIA line, from the A100 in volume to Vera Rubin in volume.
TEST(Rents, best_price_of_compute_falls_about_nineteen_percent_a_year) {
  const auto best = [](double month) {
    double lowest = 1e9;
    for (const catalog::Accelerator& a : catalog::accelerators()) {
      if (a.line != "nvidia" || a.available.months + 6 > month) continue;
      const Layout layout = with_releases(month, {a.id.c_str()});
      Lists all(layout, 1, false);
      lowest = std::min(lowest, all.lists.list(0)[0] / catalog::dense_8bit_tflops(a) * 1000);
    }
    return lowest;
  };
  const double a100 = 20 * 12 + 11, vera_rubin = 27 * 12 + 3;
  const double yearly = 1 - std::pow(best(vera_rubin) / best(a100), 12 / (vera_rubin - a100));
  EXPECT_NEAR(yearly, 0.19, 0.01);
}

TEST(Rents, a_list_stays_or_steps_by_a_quarter_to_nine_twentieths) {
  const Layout layout = with_releases(may_2026, {"vr200_nvl72", "a100_80"});
  Lists all(layout, 3000);
  int moves = 0, looks = 0, rises = 0;
  for (int month = 1; month < 60; ++month) {
    std::vector<double> before;
    for (int c = 0; c < 2; ++c)
      before.insert(before.end(), all.lists.list(c), all.lists.list(c) + 3000);
    all.next();
    for (int p = 0; p < 3000; ++p) {
      // Kyber, generation 5.5, is no whole generation ahead: releases leave Vera Rubin alone
      const double ratio = all.lists.list(0)[p] / before[static_cast<std::size_t>(p)];
      ++looks;
      if (std::fabs(ratio - 1) < 1e-9) continue;
      ++moves;
      rises += ratio > 1 ? 1 : 0;
      const double size = std::fabs(ratio - 1);
      EXPECT_GE(size, 0.25 - 1e-9);
      EXPECT_LE(size, 0.45 + 1e-9);
    }
  }
  EXPECT_GT(moves, looks / 50);  // a list moves, but less than once in half a year
  EXPECT_LT(moves, looks / 6);
  EXPECT_GT(rises, moves / 4);  // in scarcity lists rise
}

TEST(Rents, scarcity_is_as_frequent_as_its_odds) {
  constexpr int paths = 20000;
  for (const double start : {may_2026, may_2026 - 7, may_2026 + 60}) {
    const Layout layout = with_releases(start, {"h100_sxm"});
    Lists all(layout, paths);
    for (int month = 0; month < 24; ++month) {
      double scarce = 0;
      for (int p = 0; p < paths; ++p) scarce += all.lists.regime()[p] / paths;
      const double odds = scarcity_odds(start, month);
      EXPECT_NEAR(scarce, odds, bound * std::sqrt(odds * (1 - odds) / paths) + 1e-12);
      all.next();
    }
  }
  EXPECT_DOUBLE_EQ(scarcity_odds(may_2026, 0), 1);
  EXPECT_DOUBLE_EQ(scarcity_odds(may_2026 - 7, 0), 0);  // 2025-10, the low
  EXPECT_NEAR(scarcity_odds(may_2026, 600), 0.5, 1e-9);
}

TEST(Rents, the_mean_list_is_near_what_is_expected_of_it) {
  // Lists trail the regime by some months and stop short of it: within a tenth after a year.
  constexpr int paths = 20000;
  const Layout layout = with_releases(may_2026, {"vr200_nvl72", "a100_80"});
  Lists all(layout, paths);
  for (int month = 1; month < 48; ++month) {
    all.next();
    if (month < 12) continue;
    for (int c = 0; c < 2; ++c) {
      double found = 0;
      for (int p = 0; p < paths; ++p) found += all.lists.list(c)[p] / paths;
      double factor = newest_level(layout.classes[static_cast<std::size_t>(c)]);
      for (int behind = 1; behind <= all.releases.depth(c); ++behind)
        if (all.releases.latest(c, behind) <= month) factor *= 0.75;
      const bool fp8 = layout.classes[static_cast<std::size_t>(c)].fp8;
      const double expected = factor * mean_regime(fp8, scarcity_odds(may_2026, month));
      EXPECT_NEAR(found / expected, 1, 0.1) << "class " << c << ", month " << month;
    }
  }
}

TEST(Rents, without_fp8_a_list_follows_half_of_the_rise) {
  const double fp8 = mean_regime(true, 1), legacy = mean_regime(false, 1);
  EXPECT_NEAR(legacy - 1, (fp8 - 1) / 2, 1e-12);
  EXPECT_EQ(mean_regime(true, 0), mean_regime(false, 0));
}

TEST(Rents, a_list_is_continuous_in_the_date_of_a_release) {
  const auto lists_at = [](double shift) {
    Layout layout = with_releases(may_2026, {"h100_sxm"});
    for (model::Gate& gate : layout.gates) gate.month += shift;
    Lists all(layout, 200);
    std::vector<double> lists;
    for (int month = 0; month < 40; ++month) {
      lists.insert(lists.end(), all.lists.list(0), all.lists.list(0) + 200);
      all.next();
    }
    return lists;
  };
  const double shift = 1e-7;
  const std::vector<double> before = lists_at(0), after = lists_at(shift);
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_NEAR(after[i], before[i], before[i] * shift);
}

TEST(Rents, a_release_in_volume_takes_a_quarter_once) {
  Layout layout = with_releases(may_2026, {"h100_sxm"});
  // Vera Rubin, 2026-10, is in volume from 2027-04: month 11
  Lists all(layout, 1, false);
  double before = 0;
  for (int month = 0; month < 14; ++month) {
    const double now = all.lists.list(0)[0];
    if (month >= 1) {
      EXPECT_NEAR(now / before, month == 11 ? 0.75 : 1.0, 1e-12);
    }
    before = now;
    all.next();
  }
}

TEST(Resale, age_alone_and_generations_give_the_residual_curve_back) {
  const model::MarketValue catalogue_curve;
  EXPECT_EQ(age_factor(catalogue_curve, 0), 1);
  // one generation in two years: depreciation.csv 42.5 % after two years, 17.5 % after four
  EXPECT_NEAR(age_factor(catalogue_curve, 24) * 0.75, 0.425, 1e-12);
  EXPECT_NEAR(age_factor(catalogue_curve, 48) * 0.75 * 0.75, 0.175, 1e-12);
  double last = 1;
  for (int age = 1; age < 120; ++age) {
    EXPECT_LT(age_factor(catalogue_curve, age), last);
    last = age_factor(catalogue_curve, age);
  }
}

TEST(Resale, a_written_fall_is_compound) {
  model::MarketValue value;
  value.falls = model::Given<PerMonth>{PerMonth(0.03), {}};
  // brief.md, G1: at 3 % a month, 18 months lose 10.55 of 25 BUSD
  EXPECT_NEAR(25 * (1 - age_factor(value, 18)), 10.55, 0.005);
}

TEST(PathKernels, every_vector_level_gives_the_same_bits) {
  constexpr std::size_t n = 1003;
  Layout layout;
  layout.draws = {{"date", {}, 1}, {"stance", {}, 1}};
  Luck luck(layout, 2, n);
  luck.begin(0, n);
  std::vector<double> u(n), other(n);
  luck.uniform(luck.key("u"), 0, u.data());
  luck.uniform(luck.key("v"), 0, other.data());
  const auto all = [&](VectorLevel level) {
    const PathKernels& k = path_kernels_at(level);
    const StanceStep law{0.72, 0.53, 0.33, 0.25, 0.45};
    std::vector<double> regime(n), stance(n), list(n), share(n), found;
    k.start_regime(u.data(), 0.4, regime.data(), n);
    k.start_stance(law, regime.data(), stance.data(), n);
    for (int month = 0; month < 6; ++month) {
      k.step_regime(month % 2 == 0 ? other.data() : u.data(), 0.2, regime.data(), n);
      k.step_stance(law, regime.data(), month % 2 == 0 ? u.data() : other.data(), stance.data(), n);
    }
    k.scale(stance.data(), 2.35, list.data(), n);
    k.fall_behind(luck.normal(0), -0.5, 0.25, list.data(), n);
    k.share_before(luck.normal(0), -0.5, share.data(), n);
    for (const auto* column : {&regime, &stance, &list, &share})
      found.insert(found.end(), column->begin(), column->end());
    k.ratio(list.data(), stance.data(), list.data(), n);
    found.insert(found.end(), list.begin(), list.end());
    return found;
  };
  const std::vector<double> lowest = all(VectorLevel::v2);
  for (const VectorLevel level : available_levels()) EXPECT_EQ(all(level), lowest) << name(level);
}

}  // namespace
}  // namespace warmshell::world
