#include "value/measures.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace warmshell::value {
namespace {

// A figure stated to some digits is met when ours rounds to it.
#define EXPECT_DIGITS(actual, stated, last_digit) EXPECT_NEAR(actual, stated, 0.5 * (last_digit))

TEST(Measures, a_monthly_flow_is_discounted_to_the_first_day_from_the_end_of_its_month) {
  const std::array<double, 12> flows{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 112};
  EXPECT_NEAR(net_present_value(flows, 0.12), 100, 1e-12);
  const std::vector<double> factors = discount_factors(600, 0.12);
  for (int t = 0; t < 600; ++t)
    EXPECT_NEAR(factors[t], std::pow(1.12, -(t + 1) / 12.0), 4e-15 * factors[t]) << t;
}

TEST(Measures, twelve_months_of_growth_make_the_year) {
  for (const double yearly : {-0.9, -0.3, -1e-9, 0.0, 1e-12, 0.05, 0.12, 1.0, 30.0, 1e6}) {
    const double growth = monthly_growth(yearly);
    EXPECT_NEAR(whole_power(growth, 12), 1 + yearly, 2e-14 * (1 + yearly)) << yearly;
    EXPECT_NEAR(yearly_rate(growth - 1), yearly, 2e-14 * (1 + yearly)) << yearly;
  }
}

// Brief, known answers, finance: NPV 5 % of (-15000,1500,2500,3500,4500,6000) is 122.89.
TEST(Measures, npv_of_five_yearly_flows_is_122_89) {
  const std::array<double, 6> flows{-15000, 1500, 2500, 3500, 4500, 6000};
  EXPECT_DIGITS(periodic_present_value(flows, 0.05), 122.89, 0.01);
}

// G8, an open microgrid model's figure: 100,000 GPUs idle for 3.0 construction years at 2.40 USD/h,
// 7 %, annual start-of-year convention, in USD.
TEST(Measures, g8_three_idle_years_of_100000_gpus_are_worth_5903_577_million) {
  EXPECT_NEAR(annuity_due(100000 * 2.40 * 8760, 0.07, 3), 5903.577395405712e6, 1e-12 * 5.9e9);
}

// NREL ATB-calc, tests/data: utility PV class 1, advanced, 2022, R&D, 30 years.
TEST(Measures, levelised_cost_of_nrel_atb_utility_pv_is_38_88478343178914) {
  const double real_wacc = 0.03427744938402033, inflation = 0.025;
  const std::array<double, 6> macrs5{0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576};
  const LevelisedCost pv{.capital_recovery = capital_recovery_factor(real_wacc, 30),
                         .project_finance = project_finance_factor(
                             0.2574, macrs5, (1 + real_wacc) * (1 + inflation) - 1),
                         .capex_per_kw = 1482.6832803021205,
                         .fixed_per_kw_year = 23.76560345636052,
                         .capacity_factor = 0.3163010642353494,
                         .variable_per_mwh = 0};
  EXPECT_NEAR(levelised_cost_per_mwh(pv), 38.88478343178914, 1e-13 * 39);
}

// NREL/ssc, test/input_json/FinancialModels/lcoefcr: fixed-charge-rate biopower, USD/kWh.
TEST(Measures, levelised_cost_of_nrel_ssc_biopower_is_0_11051046456766789) {
  EXPECT_NEAR(levelised_cost_by_fixed_charge(0.083705241275941838, 193851158.84903136,
                                             5193308.4619044457, 353982846.40552163, 0.05),
              0.11051046456766789, 1e-15);
}

TEST(Measures, payback_is_the_last_return_of_the_balance_to_zero) {
  const std::array<double, 4> once{-100, 40, 40, 40};
  EXPECT_DOUBLE_EQ(payback_months(once), 3.5);
  const std::array<double, 5> twice{-100, 150, -100, 25, 50};
  EXPECT_DOUBLE_EQ(payback_months(twice), 4.5);
  const std::array<double, 3> never_negative{1, 2, 3};
  EXPECT_EQ(payback_months(never_negative), 0);
  const std::array<double, 3> lost{-5, 1, 1};
  EXPECT_EQ(payback_months(lost), std::numeric_limits<double>::infinity());
}

TEST(Measures, peak_funding_is_the_deepest_balance) {
  const std::array<double, 5> flows{-10, -20, 25, -40, 100};
  EXPECT_EQ(peak_funding(flows), 45);
  const std::array<double, 2> rich{1, 2};
  EXPECT_EQ(peak_funding(rich), 0);
}

}  // namespace
}  // namespace warmshell::value
