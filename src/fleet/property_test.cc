// Properties of the funnel: what more power, an earlier gate or a larger hall never lowers (R23),
// continuity in every date, exact scaling by powers of two. Run on the kernels, whose paths lie
// side by side: path 0 is the portfolio, the others its variations.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>

#include "fleet/column_store.h"
#include "fleet/kernel.h"
#include "fleet/random_portfolio.h"

namespace warmshell::fleet {
namespace {

using model::never_month;

struct Dice {
  std::uint64_t state;
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double between(double a, double b) { return a + (b - a) * unit(); }
  std::size_t below(std::size_t n) { return next() % n; }
};

// Every path the same dates and draws as path 0.
void repeat_path_0(RandomPortfolio& r) {
  const std::size_t width = static_cast<std::size_t>(r.width);
  const auto repeat = [&](std::vector<double>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = rows[i / width * width];
  };
  repeat(r.gates);
  for (RandomPortfolio::Month& month : r.months) {
    repeat(month.demand);
    repeat(month.accept);
    repeat(month.price);
    repeat(month.curtailed);
  }
}

// A copy of the columns of every month.
std::vector<std::vector<std::vector<double>>> run(const RandomPortfolio& r) {
  Funnel funnel(r.p.layout, r.p.decisions, r.width);
  const std::vector<const double*> gates = r.gate_rows();
  funnel.begin(gates.data());
  std::vector<std::vector<std::vector<double>>> months;
  for (int t = 0; t < r.p.layout.months; ++t) {
    const Columns& columns = funnel.next_month(r.draws(t));
    months.emplace_back();
    for_each_column(columns, [&](std::string_view, const double* column, int rows) {
      months.back().emplace_back(column, column + rows * r.width);
    });
  }
  return months;
}

// Like with like: one accelerator, one class, one PUE, one market; no bridges, failures, end of
// life, expiring or failing source; constant curtailment (R23).
RandomPortfolio one_of_each(std::uint64_t seed) {
  RandomPortfolio r = random_portfolio(seed);
  model::Layout& layout = r.p.layout;
  for (model::LayoutHall& hall : layout.halls) {
    hall.pue = {{-never_month, 1.25, 1.2}};
    hall.cooling_mask = air;
    hall.max_rack_kw = 150;
    hall.outages.clear();
    hall.retrofit_month = never_month;
    hall.let = false;
  }
  for (model::LayoutSource& source : layout.sources) {
    source.bridge_until = -1;
    source.ends_month = never_month;
    source.outages.clear();
  }
  for (model::LayoutLot& lot : layout.lots) {
    lot.cooling_mask = air;
    lot.rack_kw = 30;
    lot.provisioned_kw = lot.peak_kw = 1.4;
    lot.idle_kw = 0.35;
    lot.h100e = 1;
    lot.accelerators_per_rack = 8;
    lot.failed_share = lot.spares_share = 0;
    lot.life_months = never_month;
    lot.accelerator_class = 0;
    lot.lowest_pue.clear();
  }
  layout.classes.resize(1);
  layout.markets.resize(1);
  layout.markets[0].accepts_class = {true};
  const std::vector<std::vector<int>> order = r.p.decisions.order;
  r.p.finish();
  r.p.decisions.order = order;
  repeat_path_0(r);
  const std::size_t width = static_cast<std::size_t>(r.width);
  for (RandomPortfolio::Month& month : r.months) {
    month.demand.resize(width);
    month.accept.assign(width, 1.0);
    month.curtailed = r.months[0].curtailed;
  }
  return r;
}

// Sources that never end or fail, and bridges of what is not itself a bridge: what bridges a bridge
// leaves with it, although the bridge may leave too.
void additive_sources(RandomPortfolio& r) {
  std::vector<model::LayoutSource>& sources = r.p.layout.sources;
  for (model::LayoutSource& source : sources) {
    source.ends_month = never_month;
    source.outages.clear();
    if (source.bridge_until >= 0 && sources[source.bridge_until].bridge_until >= 0)
      source.bridge_until = -1;
  }
}

// Opens gates of halls and sources earlier on every path but the first.
void earlier_gates(RandomPortfolio& r, Dice& dice, bool halls) {
  const std::size_t width = static_cast<std::size_t>(r.width);
  const auto earlier = [&](int gate) {
    for (std::size_t path = 1; path < width; ++path)
      if (dice.unit() < 0.5)
        r.gates[static_cast<std::size_t>(gate) * width + path] -= dice.between(0, 6);
  };
  for (const model::LayoutSource& source : r.p.layout.sources) {
    earlier(source.gate);
    for (int own : source.tranche_gate)
      if (own >= 0) earlier(own);
  }
  if (halls)
    for (const model::LayoutHall& hall : r.p.layout.halls) earlier(hall.warm_gate);
}

std::size_t place_of(const RandomPortfolio& r, std::string_view wanted) {
  ColumnStore store(r.p.layout, 1);
  std::size_t place = 0, found = 0;
  for_each_column(store.columns(), [&](std::string_view name, const double*, int) {
    if (name == wanted) found = place;
    ++place;
  });
  return found;
}

double sum_of_path(const std::vector<double>& column, int width, int path) {
  double sum = 0;
  for (std::size_t i = static_cast<std::size_t>(path); i < column.size();
       i += static_cast<std::size_t>(width))
    sum += column[i];
  return sum;
}

TEST(Property, an_earlier_gate_never_lowers_the_megawatts_of_a_site) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomPortfolio r = random_portfolio(seed);  // bridges and tranches stay
    additive_sources(r);
    repeat_path_0(r);
    for (RandomPortfolio::Month& month : r.months) month.curtailed = r.months[0].curtailed;
    Dice dice{seed};
    earlier_gates(r, dice, false);
    const auto months = run(r);
    const std::size_t firm = place_of(r, "firm");
    for (std::size_t t = 0; t < months.size(); ++t)
      for (int s = 0; s < static_cast<int>(r.p.layout.sites.size()); ++s)
        for (int path = 1; path < r.width; ++path)
          ASSERT_GE(months[t][firm][s * r.width + path], months[t][firm][s * r.width] - 1e-9)
              << "portfolio " << seed << " month " << t << " path " << path;
  }
}

TEST(Property, among_equals_an_earlier_gate_never_lowers_what_earns) {
  double earned = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomPortfolio r = one_of_each(seed);
    Dice dice{seed};
    earlier_gates(r, dice, true);
    const auto months = run(r);
    const std::size_t earning = place_of(r, "earning");
    for (std::size_t t = 0; t < months.size(); ++t) {
      const double base = sum_of_path(months[t][earning], r.width, 0);
      earned += base;
      for (int path = 1; path < r.width; ++path)
        ASSERT_GE(sum_of_path(months[t][earning], r.width, path), base - 1e-6)
            << "portfolio " << seed << " month " << t << " path " << path;
    }
  }
  EXPECT_GT(earned, 0);
}

TEST(Property, among_equals_more_power_or_a_larger_hall_never_lowers_what_earns) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomPortfolio r = one_of_each(seed);
    const auto before = run(r);
    Dice dice{seed};
    if (!r.p.layout.sources.empty() && seed % 2 == 0) {
      model::LayoutSource& source = r.p.layout.sources[dice.below(r.p.layout.sources.size())];
      for (double& mw : source.tranche_mw) mw *= 1.3;
    } else if (!r.p.layout.halls.empty()) {
      r.p.layout.halls[dice.below(r.p.layout.halls.size())].it_mw *= 1.3;
    }
    const auto after = run(r);
    const std::size_t earning = place_of(r, "earning");
    for (std::size_t t = 0; t < after.size(); ++t)
      ASSERT_GE(sum_of_path(after[t][earning], r.width, 0),
                sum_of_path(before[t][earning], r.width, 0) - 1e-6)
          << "portfolio " << seed << " month " << t;
  }
}

TEST(Property, a_lot_alone_in_halls_of_one_pue_never_places_fewer) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomPortfolio r = random_portfolio(seed);
    if (r.p.layout.lots.empty()) continue;
    for (model::LayoutHall& hall : r.p.layout.halls) {
      hall.pue = {{-never_month, 1.3, 1.2}};
      hall.outages.clear();
      hall.let = false;
      hall.retrofit_month = never_month;
    }
    additive_sources(r);
    Dice dice{seed};
    const std::size_t alone = dice.below(r.p.layout.lots.size());
    for (std::size_t l = 0; l < r.p.layout.lots.size(); ++l) {
      if (l != alone) r.p.layout.lots[l].count = 0;
      r.p.layout.lots[l].life_months = never_month;
    }
    const std::vector<std::vector<int>> order = r.p.decisions.order;
    r.p.finish();
    r.p.decisions.order = order;
    repeat_path_0(r);
    for (RandomPortfolio::Month& month : r.months) month.curtailed = r.months[0].curtailed;
    earlier_gates(r, dice, true);
    const auto months = run(r);
    const std::size_t housed = place_of(r, "housed");
    for (std::size_t t = 0; t < months.size(); ++t)
      for (int path = 1; path < r.width; ++path)
        ASSERT_GE(sum_of_path(months[t][housed], r.width, path),
                  sum_of_path(months[t][housed], r.width, 0) - 1e-6)
            << "portfolio " << seed << " month " << t << " path " << path;
  }
}

// Whom a two-cure chip is charged to (R12) follows the order of two dates, and jumps with it; all
// else is continuous: what earns, stands, is dark in all, sells and draws power.
void expect_close(const RandomPortfolio& r, const std::vector<std::vector<double>>& month,
                  const std::vector<std::vector<double>>& other, int path, int other_path,
                  const std::string& where) {
  ColumnStore store(r.p.layout, 1);
  std::size_t place = 0;
  const std::size_t no_shell = place_of(r, "no_shell");
  for_each_column(store.columns(), [&](std::string_view name, const double*, int rows) {
    const std::size_t column = place++;
    const bool charged = column >= no_shell && column < no_shell + 3;
    if (charged || name == "sellable" || name == "sellable_alone") return;
    for (int i = 0; i < rows; ++i) {
      const double a = month[column][i * r.width + path];
      const double b = other[column][i * r.width + other_path];
      EXPECT_NEAR(a, b, 1e-3) << where << " " << name << "[" << i << "]";
    }
  });
  for (int l = 0; l < static_cast<int>(r.p.layout.lots.size()); ++l) {
    double dark = 0, other_dark = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      dark += month[no_shell + k][l * r.width + path];
      other_dark += other[no_shell + k][l * r.width + other_path];
    }
    EXPECT_NEAR(dark, other_dark, 1e-3) << where << " dark[" << l << "]";
  }
}

TEST(Property, continuous_in_every_gate) {
  for (std::uint64_t seed = 0; seed < 150 && !testing::Test::HasFailure(); ++seed) {
    RandomPortfolio r = random_portfolio(seed);
    repeat_path_0(r);
    if (r.p.gates.empty()) continue;
    Dice dice{seed};
    const std::size_t width = static_cast<std::size_t>(r.width);
    for (std::size_t path = 1; path < width; ++path) {
      double& date = r.gates[dice.below(r.p.gates.size()) * width + path];
      date += dice.unit() < 0.5 ? 1e-8 : -1e-8;
    }
    const auto months = run(r);
    for (std::size_t t = 0; t < months.size(); ++t)
      for (int path = 1; path < r.width; ++path)
        expect_close(r, months[t], months[t], 0, path,
                     "portfolio " + std::to_string(seed) + " month " + std::to_string(t));
  }
}

TEST(Property, continuous_in_every_known_date) {
  for (std::uint64_t seed = 0; seed < 150 && !testing::Test::HasFailure(); ++seed) {
    RandomPortfolio r = random_portfolio(seed);
    repeat_path_0(r);
    const auto before = run(r);
    Dice dice{seed};
    const auto shift = [&](double& date) { date += dice.unit() < 0.5 ? 1e-8 : -1e-8; };
    for (model::LayoutSource& source : r.p.layout.sources) {
      shift(source.ends_month);
      shift(source.every);
      for (model::OutageSpan& outage : source.outages) shift(outage.from), shift(outage.to);
    }
    for (model::LayoutHall& hall : r.p.layout.halls) {
      shift(hall.retrofit_month);
      for (model::OutageSpan& outage : hall.outages) shift(outage.from), shift(outage.to);
      for (model::PueSpan& span : hall.pue) shift(span.from_month);
    }
    for (model::LayoutLot& lot : r.p.layout.lots) {
      shift(lot.life_months);
      shift(lot.ordered_month);
    }
    const auto after = run(r);
    for (std::size_t t = 0; t < after.size(); ++t)
      expect_close(r, before[t], after[t], 0, 0,
                   "portfolio " + std::to_string(seed) + " month " + std::to_string(t));
  }
}

TEST(Property, scaling_by_a_power_of_two_is_exact_in_every_column) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomPortfolio r = random_portfolio(seed);
    const auto before = run(r);
    for (model::LayoutHall& hall : r.p.layout.halls) hall.it_mw *= 8;
    for (model::LayoutSource& source : r.p.layout.sources)
      for (double& mw : source.tranche_mw) mw *= 8;
    for (model::LayoutSite& site : r.p.layout.sites) site.racks_per_month *= 8;
    for (model::LayoutLot& lot : r.p.layout.lots) lot.count *= 8;
    for (RandomPortfolio::Month& month : r.months)
      for (double& demand : month.demand)
        if (demand < 1e300) demand *= 8;
    const auto after = run(r);
    const std::size_t age = place_of(r, "delivered_age");
    for (std::size_t t = 0; t < after.size(); ++t)
      for (std::size_t column = 0; column < after[t].size(); ++column)
        for (std::size_t i = 0; i < after[t][column].size(); ++i) {
          const double was = before[t][column][i];
          const double expected = column == age || was >= 1e299 ? was : 8 * was;
          ASSERT_EQ(std::bit_cast<std::uint64_t>(after[t][column][i]),
                    std::bit_cast<std::uint64_t>(expected))
              << "portfolio " << seed << " month " << t << " column " << column << " row " << i;
        }
  }
}

}  // namespace
}  // namespace warmshell::fleet
