// The known answers of the brief that are money or arithmetic of power (G1 to G7), from the example
// portfolios where one stands for the case. Tolerance: the stated digits.

#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "model/read.h"
#include "value/binds.h"
#include "value/measures.h"
#include "value/testing.h"

namespace warmshell::value {
namespace {

#define EXPECT_DIGITS(actual, stated, last_digit) EXPECT_NEAR(actual, stated, 0.5 * (last_digit))

model::Portfolio example(const std::string& name, const std::string& scenario = "",
                         const std::vector<std::string>& settings = {}) {
  auto read = model::read_portfolio(WARMSHELL_ROOT "/examples/" + name, scenario, settings);
  if (!read) {
    ADD_FAILURE() << render(read.error());
    std::abort();
  }
  return read->portfolio;
}

DarkCost no_shell_of(const testing::CertainRun& run) {
  return dark_costs(run.plan, run.totals)[0];
}

// G1: 25 BUSD of chips dark for 18 months from delivery (months of 730 h).
TEST(KnownAnswers, g1_life_used_up_is_12_5_billion_at_3_years_and_6_25_at_6) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  EXPECT_DIGITS(no_shell_of(run).nominal.life / 1e9, 12.5, 0.1);
  EXPECT_DIGITS(no_shell_of(run).nominal.book / 1e9, 6.25, 0.01);  // book life: 6 years
  testing::CertainRun slow(example("dark-h100", "", {"finance.economic_life=6 years"}));
  slow.run();
  EXPECT_DIGITS(no_shell_of(slow).nominal.life / 1e9, 6.25, 0.01);
}
TEST(KnownAnswers, g1_capital_is_3_25_billion) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  EXPECT_DIGITS(no_shell_of(run).nominal.capital / 1e9, 3.25, 0.01);
}
TEST(KnownAnswers, g1_market_value_lost_is_10_55_billion) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  EXPECT_DIGITS(no_shell_of(run).nominal.market_value / 1e9, 10.55, 0.01);
}
TEST(KnownAnswers, g1_lost_revenue_is_13_96_billion) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  EXPECT_DIGITS(no_shell_of(run).nominal.lost_revenue / 1e9, 13.96, 0.01);
}
TEST(KnownAnswers, g1_531915_h100_are_25_billion_dark_for_18_months_and_need_970_mw) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  const DarkCost dark = no_shell_of(run);
  EXPECT_DIGITS(531915 * 47e3 / 1e9, 25.0, 0.1);
  EXPECT_DOUBLE_EQ(dark.accelerator_months, 531915 * 18.0);
  EXPECT_DIGITS(dark.mw_mean * run.layout.months / 18, 970, 1);
}
TEST(KnownAnswers, g1_the_shell_binds_until_the_month_before_it_is_warm) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  const Binds binds = what_binds(run.plan, run.totals);
  EXPECT_EQ(binds.kind, BindsCase::gate);
  EXPECT_EQ(binds.state, 0);
  EXPECT_EQ(binds.from, 0);
  EXPECT_DIGITS(binds.mw, 970, 1);
  const std::vector<CureFound> found = cures(run.plan, run.totals);
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found[0].gate, "sites.quincy.halls.hall-1.shell.warm");
  EXPECT_DOUBLE_EQ(found[0].accelerator_months_alone, 531915 * 18.0);
}
// The discounted figures of the same case, by the formulas of the rule, month by month.
TEST(KnownAnswers, g1_discounted_costs_are_the_sums_of_their_months) {
  testing::CertainRun run(example("dark-h100"));
  run.run();
  double life = 0, market_value = 0, capital = 0, revenue = 0;
  const double price = 531915 * 47e3;
  for (int t = 0; t < 18; ++t) {
    const double discount = std::pow(1.085, -(t + 1) / 12.0);
    life += discount * price / 36;
    market_value += discount * price * (std::pow(0.97, t) - std::pow(0.97, t + 1));
    capital += discount * price * (std::pow(1.085, (t + 1) / 12.0) - std::pow(1.085, t / 12.0));
    revenue += discount * 531915 * 2.35 * 0.85 * 730;
  }
  const DarkCost dark = no_shell_of(run);
  EXPECT_NEAR(dark.life, life, 1e-12 * life);
  EXPECT_NEAR(dark.market_value, market_value, 1e-12 * market_value);
  EXPECT_NEAR(dark.capital, capital, 1e-12 * capital);
  EXPECT_NEAR(dark.lost_revenue, revenue, 1e-12 * revenue);
  EXPECT_EQ(dark.se, 0);
}

// G2, from the catalogue: provisioned kW x PUE of the class.
double facility_kw(const char* accelerator, double pue) {
  return catalog::provisioned_kw(*catalog::find_accelerator(accelerator)) * pue;
}
TEST(KnownAnswers, g2_megawatts_of_100000_chips_and_chips_per_megawatt) {
  const double h100 = facility_kw("h100_sxm", 1.30), gb200 = facility_kw("gb200_nvl72", 1.16);
  EXPECT_DIGITS(100 * h100, 182, 1);
  EXPECT_DIGITS(100 * gb200, 234, 1);
  EXPECT_DIGITS(500 / gb200, 214, 1);  // thousand chips of 500 MW
  EXPECT_DIGITS(1000 / h100, 548, 1);
  EXPECT_DIGITS(1000 / gb200, 428, 1);
}

// G3: a hall of 100 MW let at 175 USD/kW_it-month, 6 months to energise against 24.
TEST(KnownAnswers, g3_a_hall_let_earns_17_5_million_a_month_and_a_slip_of_12_costs_210) {
  testing::CertainRun six(example("speed", "six")), slip(example("speed", "slip"));
  six.run();
  slip.run();
  EXPECT_NEAR(six.line("rent.columbus.hall-1", 12), 17.5e6, 1e-3);
  EXPECT_NEAR(six.line_total("rent.columbus.hall-1") - slip.line_total("rent.columbus.hall-1"),
              210e6, 1e-1);
}
TEST(KnownAnswers, g3_six_months_against_24_are_18_months_of_rent) {
  testing::CertainRun six(example("speed", "six")), late(example("speed", "twenty-four"));
  six.run();
  late.run();
  EXPECT_NEAR(
      (six.line_total("rent.columbus.hall-1") - late.line_total("rent.columbus.hall-1")) / 17.5e6,
      18, 1e-8);
}

TEST(KnownAnswers, g4_requests_against_the_peak) {
  EXPECT_DIGITS(400 * 0.20, 80, 1);
  EXPECT_DIGITS(400 / 0.57, 702, 1);
  EXPECT_DIGITS(1279 * 0.05, 64, 1);
  EXPECT_DIGITS(1279 * 0.10, 128, 1);
}
TEST(KnownAnswers, g5_rack_power_by_the_base_that_is_named) {
  EXPECT_DIGITS(600 / 6.5, 92, 1);
  EXPECT_DIGITS(600.0 / 26, 23, 1);
}
TEST(KnownAnswers, g6_projects_running_and_commitments_over_revenue) {
  EXPECT_DIGITS(100 * 16.0 / 165, 9.7, 0.1);
  EXPECT_DIGITS(1400.0 / 13, 108, 1);
}

// G7: rent from 8.0 to 1.70 USD/h in 29 months; 62.5 % left after one year.
TEST(KnownAnswers, g7_falls_per_year_and_per_month) {
  EXPECT_DIGITS(100 * fall_per_year(8.0, 1.70, 29), 47.3, 0.1);
  EXPECT_DIGITS(100 * fall_per_month(1, 0.625, 12), 3.84, 0.01);
  EXPECT_DIGITS(100 * log_fall_per_month(1, 0.625, 12), 3.92, 0.01);
}

}  // namespace
}  // namespace warmshell::value
