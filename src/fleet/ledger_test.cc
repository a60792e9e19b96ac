// The ledger closes on random portfolios, and catches a leak of one chip, one MW, one unit of
// demand, one MWh seeded into the columns.

#include "fleet/ledger.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "fleet/column_store.h"
#include "fleet/random_portfolio.h"

namespace warmshell::fleet {
namespace {

using Leak = std::function<void(Columns&, int month)>;

// Who stores other bits says so: after a leak all is marked as moved, unless it marks itself.
enum class Marks { all, as_they_are };
Residuals run(const RandomPortfolio& r, Mode mode, const Leak& leak = nullptr,
              Marks marks = Marks::all, int months = 1000) {
  Funnel funnel(r.p.layout, r.p.decisions, r.width, mode);
  Ledger ledger(r.p.layout, mode);
  const std::vector<const double*> gates = r.gate_rows();
  funnel.begin(gates.data());
  ledger.begin();
  for (int t = 0; t < std::min(months, r.p.layout.months); ++t) {
    Columns columns = funnel.next_month(r.draws(t));
    if (leak) leak(columns, t);
    if (leak && marks == Marks::all) {
      const auto groups = static_cast<std::size_t>(r.width / mark_paths);
      std::fill_n(columns.lot_moved, static_cast<std::size_t>(columns.lots) * groups,
                  moved_anything);
      std::fill_n(columns.site_moved, static_cast<std::size_t>(columns.sites) * groups, 1);
    }
    ledger.check(columns, r.draws(t));
  }
  return ledger.residuals();
}

std::string text(const Residuals& residuals) {
  std::string all;
  for (int i = 0; i < check_count; ++i)
    all += fmt::format("{} {}; ", check_names[i], residuals.worst[i]);
  return all;
}

TEST(Ledger, closes_on_random_portfolios) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Residuals residuals = run(random_portfolio(seed), as_energised);
    ASSERT_TRUE(residuals.close()) << "portfolio " << seed << ": " << text(residuals);
  }
}

TEST(Ledger, closes_by_chip_count) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Residuals residuals = run(random_portfolio(seed), by_chip_count);
    ASSERT_TRUE(residuals.close()) << "portfolio " << seed << ": " << text(residuals);
  }
}

TEST(Ledger, what_works_sells_and_is_powered_closes_with_some_gates_lifted) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Mode mode;
    mode.lift_cooling = seed % 2 == 0;
    mode.lift_installation = seed % 3 == 0;
    mode.lift_power = seed % 5 == 0;
    mode.blame = false;
    const Residuals residuals = run(random_portfolio(seed), mode);
    for (Check check : {Check::working, Check::sold, Check::demand, Check::megawatts})
      ASSERT_TRUE(residuals.closes(check)) << "portfolio " << seed << ": " << text(residuals);
  }
}

// A portfolio in which every kind of leak has something to leak from.
RandomPortfolio plain() {
  RandomPortfolio r;
  SmallPortfolio& p = r.p;
  p = SmallPortfolio(12);
  const int site = p.site();
  p.hall(site, 2, -1);
  p.source(site, 1, -1).firm_share = 0.9;
  p.lot(site, 1500, 2.5).failed_share = 0.02;
  p.market(600);
  p.market(100, model::Terms::on_demand).utilisation = 0.5;
  p.market(400);
  p.finish();
  r.width = 16;
  for (double gate : p.gates) r.gates.insert(r.gates.end(), 16, gate);
  for (int t = 0; t < 12; ++t) {
    RandomPortfolio::Month month;
    for (double demand : {600.0, 100.0, 400.0}) month.demand.insert(month.demand.end(), 16, demand);
    month.accept.assign(48, 1.0);
    month.price.assign(16, 50.0);
    month.curtailed.assign(16, 0.0);
    r.months.push_back(month);
  }
  return r;
}

TEST(Ledger, closes_without_a_leak) {
  const Residuals residuals = run(plain(), as_energised);
  EXPECT_TRUE(residuals.close()) << text(residuals);
}

TEST(Ledger, a_leak_of_one_chip_is_caught_in_every_state) {
  for (int s = 0; s < state_count; ++s) {
    const Residuals residuals = run(plain(), as_energised, [s](Columns& columns, int month) {
      if (month == 6) columns.state[s][5] -= 1;
    });
    EXPECT_FALSE(residuals.closes(Check::chips)) << state_names[s];
  }
}

TEST(Ledger, a_chip_that_works_twice_or_is_sold_twice_is_caught) {
  Residuals residuals =
      run(plain(), as_energised, [](Columns& c, int t) { c.installed[3] += t == 6 ? 1 : 0; });
  EXPECT_FALSE(residuals.closes(Check::working));
  residuals = run(plain(), as_energised, [](Columns& c, int t) { c.sold[3] += t == 6 ? 1 : 0; });
  EXPECT_FALSE(residuals.closes(Check::sold));
  EXPECT_FALSE(residuals.closes(Check::demand));
  residuals =
      run(plain(), as_energised, [](Columns& c, int t) { c.sellable[2][3] += t == 6 ? 1 : 0; });
  EXPECT_FALSE(residuals.closes(Check::sellable));
}

TEST(Ledger, a_chip_ordered_and_taken_back_is_caught) {
  const Residuals residuals = run(plain(), as_energised, [](Columns& columns, int month) {
    if (month != 6) return;
    columns.ordered[2] -= 1;
    columns.state[static_cast<int>(State::no_power)][2] -= 1;
  });
  EXPECT_FALSE(residuals.closes(Check::chips));
}

TEST(Ledger, a_leak_of_one_megawatt_is_caught_in_every_use) {
  for (int m = 0; m < megawatt_count; ++m) {
    const Residuals residuals = run(plain(), as_energised, [m](Columns& columns, int month) {
      if (month == 6) columns.megawatt[m][7] += 1;
    });
    EXPECT_FALSE(residuals.closes(Check::megawatts)) << megawatt_names[m];
  }
}

TEST(Ledger, a_leak_is_caught_in_the_group_of_paths_that_moved) {
  const auto leak = [](Columns& columns, int month) {
    if (month != 6) return;
    columns.lot_moved[0] = 0;
    columns.lot_moved[1] = moved_dark;
    columns.state[static_cast<int>(State::no_power)][mark_paths + 1] -= 1;
  };
  EXPECT_FALSE(run(plain(), as_energised, leak, Marks::as_they_are, 7).closes(Check::chips));
}

TEST(Ledger, a_leak_is_caught_where_only_its_kind_of_rows_is_marked) {
  const auto leaks = [](Moved kind, double* Columns::*column, Check check) {
    const auto leak = [=](Columns& columns, int month) {
      if (month != 6) return;
      columns.lot_moved[0] = kind;
      (columns.*column)[3] += 1000;
    };
    return !run(plain(), as_energised, leak, Marks::as_they_are, 7).closes(check);
  };
  EXPECT_TRUE(leaks(moved_dates, &Columns::delivered, Check::chips));
  EXPECT_TRUE(leaks(moved_running, &Columns::installed, Check::working));
  EXPECT_TRUE(leaks(moved_running, &Columns::busy, Check::sold));
  EXPECT_TRUE(leaks(moved_dark, &Columns::sellable_to, Check::sellable));
}

TEST(Ledger, a_leak_that_nothing_marked_is_caught_in_the_last_month) {
  const auto leak = [](Columns& columns, int month) {
    std::fill_n(columns.lot_moved, 2, static_cast<unsigned char>(0));
    columns.state[static_cast<int>(State::earning)][3] -= month == 11 ? 1 : 0;
  };
  EXPECT_FALSE(run(plain(), as_energised, leak, Marks::as_they_are).closes(Check::chips));
}

TEST(Ledger, a_leak_of_energy_is_caught) {
  const Residuals residuals = run(plain(), as_energised, [](Columns& columns, int month) {
    if (month == 6) columns.source_energy_mwh[1] -= 1;
  });
  EXPECT_FALSE(residuals.closes(Check::energy));
}

TEST(Ledger, a_number_that_is_none_is_caught) {
  const Residuals residuals = run(plain(), as_energised, [](Columns& columns, int month) {
    if (month == 3) columns.state[9][0] = std::numeric_limits<double>::quiet_NaN();
  });
  EXPECT_FALSE(residuals.closes(Check::chips));
  EXPECT_FALSE(residuals.close());
}

}  // namespace
}  // namespace warmshell::fleet
