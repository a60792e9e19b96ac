#include "value/valuation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "value/binds.h"
#include "value/measures.h"
#include "value/random_money.h"

namespace warmshell::value {
namespace {

using namespace model::testing;
using testing::CertainRun;
using testing::RandomMoney;
using testing::width;

std::vector<double> bits_of(const CertainRun& run, int count) {
  std::vector<double> all;
  for (int path = 0; path < count; ++path)
    for (int m = 0; m < metric_count; ++m)
      all.push_back(run.metrics.get(static_cast<Metric>(m), path));
  return all;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) return false;
  return true;
}

// ---- what is checked in every run -------------------------------------------------------------

TEST(Valuation, a_seeded_leak_of_one_dollar_is_caught) {
  std::map<std::string, int> occurred;
  int caught = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomMoney random(seed, occurred);
    CertainRun sound(random.portfolio), leaking(random.portfolio);
    sound.run();
    EXPECT_LE(sound.totals.cash_residual, cash_tolerance);
    BlockValuation block(leaking.plan, width);
    block.seed_leak(leaking.layout.months / 2, 3, 1.0);
    leaking.run(width, {}, &block);
    caught += leaking.totals.cash_residual > cash_tolerance ? 1 : 0;
  }
  EXPECT_EQ(caught, 20);
}

TEST(Valuation, money_that_is_no_number_fails_the_check) {
  model::Portfolio p = empty(month(2026, 1), 12);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 2, on(month(2025, 1)));
  add_source(site, "grid-1", 3, on(month(2025, 1)), 50);
  add_lot(p, "chips", "h100_sxm", 1000, "quincy", on(month(2025, 6)), 1);
  add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.0);
  for (const bool broken : {false, true}) {
    CertainRun run(p);
    if (broken) run.rows[5].rent[3] = std::nan("");
    run.run();
    EXPECT_EQ(run.totals.cash_residual <= cash_tolerance, !broken);
  }
}

TEST(Valuation, a_leak_of_one_dollar_is_caught_in_25_billion) {
  model::Portfolio p = empty(month(2025, 11), 60);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 747, on(month(2027, 5)));
  add_source(site, "grid-1", 972, on(month(2025, 11)), 68);
  add_lot(p, "dark", "h100_sxm", 531915, "quincy", on(month(2025, 11))).price = given(Money(47e3));
  add_market(p, "cloud", model::Terms::on_demand, -1, 2.35, 0.85);
  CertainRun run(p);
  BlockValuation block(run.plan, width);
  block.seed_leak(40, 0, 1.0);
  run.run(width, {}, &block);
  EXPECT_GT(run.totals.cash_residual, cash_tolerance);
}

// ---- the same bits ----------------------------------------------------------------------------

TEST(Valuation, every_vector_level_gives_the_same_bits) {
  std::map<std::string, int> occurred;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::vector<double> first;
    std::vector<double> first_dark;
    for (const auto level :
         {fleet::VectorLevel::v2, fleet::VectorLevel::v3, fleet::VectorLevel::v4}) {
      if (!fleet::runs_here(level)) continue;
      RandomMoney random(seed, occurred);
      CertainRun run(random.portfolio);
      random.shake(run);
      BlockValuation block(run.plan, width, level);
      run.run(width, {}, &block);
      const std::vector<double> bits = bits_of(run, width);
      if (first.empty()) {
        first = bits;
        first_dark = run.totals.dark.sums;
      }
      EXPECT_TRUE(same(first, bits)) << seed;
      EXPECT_TRUE(same(first_dark, run.totals.dark.sums)) << seed;
    }
  }
}

TEST(Valuation, a_path_has_the_same_bits_alone_and_among_others) {
  std::map<std::string, int> occurred;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    RandomMoney random(seed, occurred);
    CertainRun run(random.portfolio);
    random.shake(run);
    run.run();
    for (const int path : {0, 5}) {
      CertainRun alone(random.portfolio);
      const auto only = [path](std::vector<double>& to, const std::vector<double>& from) {
        for (std::size_t i = 0; i < to.size(); ++i)
          to[i] = from[i / width * width + static_cast<std::size_t>(path)];
      };
      only(alone.gate_months, run.gate_months);
      for (std::size_t t = 0; t < run.rows.size(); ++t) {
        only(alone.rows[t].rent, run.rows[t].rent);
        only(alone.rows[t].demand, run.rows[t].demand);
        only(alone.rows[t].price, run.rows[t].price);
        only(alone.rows[t].resale, run.rows[t].resale);
      }
      alone.run(1);
      for (int m = 0; m < metric_count; ++m) {
        const Metric metric = static_cast<Metric>(m);
        const double a = alone.metrics.get(metric, 0), b = run.metrics.get(metric, path);
        EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b)))
            << seed << ' ' << metric_names[static_cast<std::size_t>(m)] << ' ' << a << ' ' << b;
      }
    }
  }
}

TEST(Valuation, paths_beyond_the_count_are_nowhere) {
  std::map<std::string, int> occurred;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    RandomMoney random(seed, occurred);
    CertainRun some(random.portfolio);
    random.shake(some);
    CertainRun changed(random.portfolio);
    changed.gate_months = some.gate_months;
    changed.rows = some.rows;
    for (std::size_t i = 5; i < changed.gate_months.size(); i += width)
      changed.gate_months[i] = 3.5;
    some.run(5);
    changed.run(5);
    EXPECT_EQ(some.totals.paths, 5);
    EXPECT_TRUE(same(some.totals.lines[0], changed.totals.lines[0]));
    EXPECT_TRUE(same(some.totals.lines[1], changed.totals.lines[1]));
    EXPECT_TRUE(same(some.totals.dark.sums, changed.totals.dark.sums));
    EXPECT_TRUE(std::isnan(some.metrics.get(Metric::npv, 5)));
  }
}

TEST(Valuation, twice_the_chips_megawatts_and_fixed_money_are_twice_the_value_exactly) {
  std::map<std::string, int> occurred;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    RandomMoney random(seed, occurred);
    model::Portfolio twice = random.portfolio;
    const auto grow = [](auto& given) { given.value.value *= 2; };
    for (auto& [name, site] : twice.sites) {
      if (site.install) grow(*site.install);
      for (auto& [hall_name, hall] : site.halls) grow(hall.it_power);
      for (auto& [source_name, source] : site.power) {
        grow(*source.power);
        for (auto& [tranche_name, tranche] : source.tranches.in_order) grow(tranche.power);
      }
    }
    for (auto& [name, lot] : twice.fleet) grow(lot.count);
    for (auto& [name, market] : twice.markets)
      if (market.demand.now) grow(*market.demand.now);
    if (twice.finance.fixed_cost) grow(*twice.finance.fixed_cost);
    CertainRun one(random.portfolio), two(twice);
    one.run();
    two.run();
    for (const Metric metric : {Metric::npv, Metric::npv_by_chip_count, Metric::peak_funding,
                                Metric::dark_lost_margin, Metric::dark_accelerator_months})
      EXPECT_EQ(two.metrics.get(metric, 0), 2 * one.metrics.get(metric, 0))
          << seed << ' ' << metric_names[static_cast<std::size_t>(metric)];
    const double irr = one.metrics.get(Metric::irr, 0), again = two.metrics.get(Metric::irr, 0);
    EXPECT_TRUE(irr == again || (std::isnan(irr) && std::isnan(again)));
  }
}

TEST(Valuation, value_is_continuous_in_every_date) {
  std::map<std::string, int> occurred;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    RandomMoney random(seed, occurred);
    CertainRun base(random.portfolio);
    base.run(1);
    double flows = 1;
    for (const Line& line : base.plan.energised.graph.lines())
      if (line.kind == LineKind::cash || line.kind == LineKind::terminal)
        for (int t = 0; t < base.layout.months; ++t) flows += std::abs(base.line(line.name, t));
    for (std::size_t gate = 0; gate < base.layout.gates.size(); ++gate) {
      CertainRun moved(random.portfolio);
      const double step = 1e-6;  // months
      for (int path = 0; path < width; ++path)
        moved.gate_months[gate * width + static_cast<std::size_t>(path)] += step;
      moved.run(1);
      // ten times what a change of all flows in proportion to the step would be
      EXPECT_NEAR(moved.metrics.get(Metric::npv, 0), base.metrics.get(Metric::npv, 0), 1e-5 * flows)
          << seed << ' ' << base.layout.gates[gate].id;
    }
  }
}

// ---- what lines say ---------------------------------------------------------------------------

// 1,000 accelerators that are all there is, and a customer for 1,000 h100e of H100 at 2 USD.
model::Portfolio one_contract(double ready_by, std::optional<double> term) {
  model::Portfolio p = empty(month(2026, 1), 36);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 2, on(month(2025, 1)));
  add_source(site, "grid-1", 2, on(month(2025, 1)));
  add_lot(p, "all", "h100_sxm", 1000, "quincy", on(month(2025, 1)), 1);
  model::Market& market = add_market(p, "acme", model::Terms::contract, 1000, 2);
  model::Contract contract;
  contract.ready_by = given(month(2026, 1) + Months(ready_by));
  if (term) contract.term = given(Months(*term));
  market.contract = contract;
  return p;
}

TEST(Valuation, a_contract_is_paid_from_ready_by_and_for_its_term) {
  CertainRun run(one_contract(11.75, 12));
  run.run();
  const double month_paid = 1000 * 2 * 730.0;
  EXPECT_EQ(run.line("revenue.acme", 10), 0);
  EXPECT_NEAR(run.line("revenue.acme", 11), month_paid / 4, 1e-3);
  EXPECT_NEAR(run.line("revenue.acme", 12), month_paid, 1e-3);
  EXPECT_NEAR(run.line("revenue.acme", 23), month_paid * 3 / 4, 1e-3);
  EXPECT_EQ(run.line("revenue.acme", 24), 0);
  EXPECT_NEAR(run.line_total("revenue.acme"), 12 * month_paid, 1e-2);
}

TEST(Valuation, accelerators_of_a_contract_serve_other_markets_outside_its_dates) {
  model::Portfolio p = one_contract(11.75, 12);
  add_market(p, "spot", model::Terms::take_or_pay, -1, 1);
  CertainRun run(p);
  run.run();
  const double month_paid = 1000 * 1 * 730.0;
  EXPECT_NEAR(run.line("revenue.spot", 10), month_paid, 1e-3);
  EXPECT_NEAR(run.line("revenue.spot", 11), month_paid * 3 / 4, 1e-3);
  EXPECT_EQ(run.line("revenue.spot", 12), 0);
  EXPECT_NEAR(run.line("revenue.spot", 23), month_paid / 4, 1e-3);
  EXPECT_NEAR(run.line("revenue.spot", 24), month_paid, 1e-3);
}

TEST(Valuation, value_is_continuous_in_the_date_of_a_contract) {
  const auto worth = [](double ready_by) {
    model::Portfolio p = one_contract(ready_by, 12);
    add_market(p, "spot", model::Terms::take_or_pay, -1, 1);
    p.markets.at("acme").demand.now = given(H100e(1500));  // 500 are always missing
    p.markets.at("acme").contract->damages = given(Money(300));
    CertainRun run(p);
    run.run(1);
    return run.metrics.get(Metric::npv, 0);
  };
  constexpr double step = 1e-6;
  for (double ready_by = -1; ready_by < 26; ready_by += 0.25)
    EXPECT_NEAR(worth(ready_by + step), worth(ready_by), 10 * 1000 * 2 * 730.0 * step) << ready_by;
}

TEST(Valuation, damages_of_a_contract_are_due_from_ready_by_to_the_longstop) {
  model::Portfolio p = one_contract(2.75, 12);
  p.fleet.clear();
  p.markets.at("acme").contract->damages = given(Money(300));
  p.markets.at("acme").contract->longstop = given(Months(2));
  CertainRun run(p);
  run.run();
  const double month_due = 1000 * 300;
  EXPECT_EQ(run.line("damages.acme", 1), 0);
  EXPECT_NEAR(run.line("damages.acme", 2), -month_due / 4, 1e-6);
  EXPECT_NEAR(run.line("damages.acme", 3), -month_due, 1e-6);
  EXPECT_NEAR(run.line("damages.acme", 4), -month_due * 3 / 4, 1e-6);
  EXPECT_EQ(run.line("damages.acme", 5), 0);
}

TEST(Valuation, a_contract_that_is_over_before_start_is_no_promise) {
  EXPECT_EQ(CertainRun(one_contract(-24, 12)).plan.promises.size(), 0U);
  EXPECT_EQ(CertainRun(one_contract(-12, 12)).plan.promises.size(), 0U);
  EXPECT_EQ(CertainRun(one_contract(-12, 13)).plan.promises.size(), 1U);
  EXPECT_EQ(CertainRun(one_contract(-24, std::nullopt)).plan.promises.size(), 1U);
  EXPECT_EQ(CertainRun(one_contract(2.25, 0.5)).plan.promises.size(), 0U);
}

TEST(Valuation, what_was_spent_before_start_is_sunk_and_left_over_at_the_end) {
  model::Portfolio p = empty(month(2026, 1), 24);
  p.market_value.falls = given(PerMonth(0.02));
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 2, on(month(2025, 1)));
  add_source(site, "grid-1", 2, on(month(2025, 1)), 50);
  add_lot(p, "old", "h100_sxm", 1000, "quincy", on(month(2025, 1)), 1).price = given(Money(40e3));
  add_lot(p, "new", "h100_sxm", 500, "quincy", on(Date{month(2026, 3).months + 0.25}), 1).price =
      given(Money(30e3));
  add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.0);
  CertainRun run(p);
  run.run();
  // paid over the month that follows delivery: three quarters in March, one in April
  EXPECT_NEAR(run.line("capex.chips", 2), -0.75 * 500 * 30e3, 1e-3);
  EXPECT_NEAR(run.line("capex.chips", 3), -0.25 * 500 * 30e3, 1e-3);
  EXPECT_NEAR(run.line_total("capex.chips"), -500 * 30e3, 1e-3);
  const double left = 1000 * 40e3 * std::pow(0.98, 36) + 500 * 30e3 * std::pow(0.98, 24 - 2.25);
  EXPECT_NEAR(run.line("terminal.chips", 23), left, 1e-9 * left);
  EXPECT_EQ(run.line("terminal.chips", 22), 0);
  EXPECT_NEAR(run.metrics.get(Metric::npv, 0) - run.metrics.get(Metric::npv_without_terminal, 0),
              left * discount_factors(24, 0.12)[23], 1e-9 * left);
}

TEST(Valuation, an_order_that_was_cancelled_is_neither_paid_nor_left_over) {
  model::Portfolio p = empty(month(2026, 1), 24);
  p.market_value.falls = given(PerMonth(0.02));
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 2, on(month(2025, 1)));
  add_source(site, "grid-1", 2, on(month(2025, 1)), 50);
  model::Lot& lot = add_lot(p, "new", "h100_sxm", 500, "quincy", on(month(2026, 7)), 1);
  lot.price = given(Money(30e3));
  lot.completes = given(Fraction(0.9));
  add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.0);
  CertainRun run(p);
  const model::LayoutLot& laid = run.layout.lots[0];
  ASSERT_GE(laid.cancelled_gate, 0);
  run.gate_months[laid.delivered_gate * width] = model::never_month;
  run.gate_months[laid.cancelled_gate * width] = 6;
  run.run(1);
  EXPECT_EQ(run.line_total("capex.chips"), 0);
  EXPECT_EQ(run.line("terminal.chips", 23), 0);
}

TEST(Valuation, plant_and_building_keep_their_own_clocks) {
  model::Portfolio p = empty(month(2026, 1), 24);
  model::Site& site = add_site(p, "quincy");
  model::Hall& hall = add_hall(site, "hall-1", 10, on(month(2026, 11)));
  hall.shell->cold = model::ShellStage{on(month(2026, 3)), given(MoneyPerItMw(2e6))};
  hall.shell->warm->capex = given(MoneyPerItMw(8e6));
  model::PowerSource& grid = add_source(site, "grid-1", 12, on(month(2026, 6)), 50);
  grid.capex = given(MoneyPerFacilityMw(1e6));
  CertainRun run(p);
  run.run();
  EXPECT_NEAR(run.line("capex.building", 2), -20e6, 1);   // cold shell in March
  EXPECT_NEAR(run.line("capex.building", 5), -12e6, 1);   // interconnection in June
  EXPECT_NEAR(run.line("capex.plant", 4), -80e6 / 8, 1);  // from March to November
  EXPECT_NEAR(run.line_total("capex.plant"), -80e6, 1);
  EXPECT_NEAR(run.line("depreciation.plant", 12), -80e6 / 180, 1e-3);
  EXPECT_NEAR(run.line("depreciation.building", 12), -32e6 / 360, 1e-3);
  EXPECT_NEAR(run.line("terminal.plant", 23), 80e6 * (180 - 14) / 180, 1);
  EXPECT_NEAR(run.line("terminal.building", 23), 20e6 * (360 - 14) / 360 + 12e6 * (360 - 19) / 360,
              1);
}

TEST(Valuation, tenants_pay_their_part_of_a_minimum_bill) {
  model::Portfolio p = empty(month(2026, 1), 12);
  model::Site& site = add_site(p, "quincy");
  model::Hall& hall = add_hall(site, "hall-1", 4, on(month(2025, 1)));  // PUE 1.25
  model::Let let;
  let.rent = given(MoneyPerItMwMonth(1e5));
  let.commencement = given(month(2026, 1));
  hall.let = let;
  add_source(site, "grid-1", 10, on(month(2025, 1)), 60).minimum_bill = given(Fraction(0.8));
  CertainRun run(p);
  double live = 0;
  run.run(width, [&](int, const fleet::Columns& c) { live = c.let_live_mw[0]; });
  EXPECT_GT(live, 0);
  EXPECT_NEAR(run.line("minimum_bill.quincy.grid-1", 3), -0.8 * (10 - live) * 730 * 60, 1e-6);
}

TEST(Valuation, a_minimum_bill_is_topped_up_and_carried) {
  model::Portfolio p = empty(month(2026, 1), 12);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 10, on(month(2025, 1)));
  add_source(site, "grid-1", 10, on(month(2025, 1)), 60).minimum_bill = given(Fraction(0.6));
  CertainRun run(p);
  run.run();
  const double minimum = 0.6 * 10 * 730 * 60;
  EXPECT_NEAR(run.line("minimum_bill.quincy.grid-1", 3), -minimum, 1e-6);
  EXPECT_NEAR(run.line("energy.quincy", 3), 0, 1e-9);
  EXPECT_NEAR(carry(run.plan, run.totals)[0],
              net_present_value(std::vector<double>(12, minimum), 0.12), 1e-6 * minimum);
  EXPECT_NEAR(run.line("minimum_bill.quincy.grid-1", 3, Basis::by_chip_count), -minimum, 1e-6);
}

TEST(Valuation, energy_comes_from_the_cheapest_source_and_by_chip_count_from_the_dearest) {
  model::Portfolio p = empty(month(2026, 1), 6);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 2, on(month(2025, 1)));
  add_source(site, "cheap", 1, on(month(2025, 1)), 40);
  add_source(site, "dear", 3, on(month(2025, 1)), 100);
  add_lot(p, "chips", "h100_sxm", 2000, "quincy", on(month(2025, 1)), 1);
  add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.0);
  CertainRun run(p);
  double mwh = 0;
  run.run(width, [&](int month, const fleet::Columns& columns) {
    if (month == 3) mwh = columns.energy_mwh[0];
  });
  ASSERT_GT(mwh, 730);
  EXPECT_NEAR(run.line("energy.quincy", 3), -(730 * 40 + (mwh - 730) * 100), 1e-6 * mwh);
  EXPECT_NEAR(run.line("energy.quincy", 3, Basis::by_chip_count), -mwh * 100, 1e-6 * mwh);
}

TEST(Valuation, depreciation_from_service_waits_for_the_shell_and_from_delivery_does_not) {
  for (const bool from_delivery : {false, true}) {
    model::Portfolio p = empty(month(2026, 1), 30);
    p.finance.book_life = given(Months(10));
    if (from_delivery) p.finance.depreciation_from = model::DepreciationFrom::delivery;
    model::Site& site = add_site(p, "quincy");
    add_hall(site, "hall-1", 2, on(month(2026, 7)));
    add_source(site, "grid-1", 2, on(month(2026, 1)), 50);
    add_lot(p, "chips", "h100_sxm", 1000, "quincy", on(month(2026, 1)), 1).price =
        given(Money(40e3));
    add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.0);
    CertainRun run(p);
    run.run();
    const int first = from_delivery ? 0 : 6;
    for (int t = 0; t < 30; ++t)
      EXPECT_NEAR(run.line("depreciation.chips", t), t >= first && t < first + 10 ? -40e6 / 10 : 0,
                  1e-3)
          << t;
  }
}

TEST(Valuation, chips_that_wait_for_a_shell_are_worth_more_to_a_chip_count) {
  model::Portfolio p = empty(month(2026, 1), 36);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", 2, on(month(2027, 7)));
  add_source(site, "grid-1", 2, on(month(2026, 1)), 50);
  add_lot(p, "chips", "h100_sxm", 1000, "quincy", on(month(2026, 1)), 1).price = given(Money(40e3));
  add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.5);
  CertainRun run(p);
  run.run();
  EXPECT_EQ(run.metrics.get(Metric::npv_overstated, 0),
            run.metrics.get(Metric::npv_by_chip_count, 0) - run.metrics.get(Metric::npv, 0));
  // eighteen months of rent less the energy it takes, at either basis the same later on
  double worth = 0;
  const std::vector<double> discount = discount_factors(36, 0.12);
  for (int t = 0; t < 18; ++t)
    for (const char* line : {"revenue.cloud", "energy.quincy", "opex.variable", "opex.maintenance"})
      worth += discount[static_cast<std::size_t>(t)] * run.line(line, t, Basis::by_chip_count);
  EXPECT_NEAR(run.metrics.get(Metric::npv_overstated, 0), worth, 1e-9 * worth);
  EXPECT_GT(worth, 0);
}

TEST(Valuation, debt_and_tax_are_listed_as_not_yet_valued) {
  model::Portfolio p = empty(month(2026, 1), 12);
  p.debt["ddtl"] = {};
  EXPECT_EQ(not_yet_valued(p), (std::vector<std::string>{"debt.ddtl", "finance.tax"}));
}

}  // namespace
}  // namespace warmshell::value
