#pragma once
// What a stream of money is worth: present values, payback, peak funding, levelised costs, and
// conversions between rates. Pure functions over plain doubles.
// Conventions: a monthly flow t = 0, 1, ... falls at the end of its month and is discounted by
// (1+r)^(-(t+1)/12) with r discrete per year; a periodic flow k = 0, 1, ... falls at time k.
// Positive is money in. No libm: the same bytes on every x86-64.

#include <span>
#include <vector>

namespace warmshell::value {

// ---- rates ------------------------------------------------------------------------------------

[[nodiscard]] double whole_power(double base, int exponent);  // exponent of either sign
// The monthly growth whose twelve make 1 + yearly; yearly > -1.
[[nodiscard]] double monthly_growth(double yearly);
[[nodiscard]] double yearly_rate(double monthly);  // (1 + monthly)^12 - 1

// The constant share lost per month, or per year, that takes `from` to `to` in `months`; the log
// rate.
[[nodiscard]] double fall_per_month(double from, double to, double months);
[[nodiscard]] double fall_per_year(double from, double to, double months);
[[nodiscard]] double log_fall_per_month(double from, double to, double months);

// ---- worth ------------------------------------------------------------------------------------

// (1+r)^(-(t+1)/12) for t = 0 .. months-1.
[[nodiscard]] std::vector<double> discount_factors(int months, double yearly);
[[nodiscard]] double net_present_value(std::span<const double> monthly, double yearly);
[[nodiscard]] double periodic_present_value(std::span<const double> flows, double per_period);
// A yearly amount paid at the start of each of `years` years.
[[nodiscard]] double annuity_due(double yearly_amount, double per_year, int years);

// Months from the first day of the first month until the running balance, counted evenly within a
// month, is back at zero for good; 0 when it never is negative; +infinity when it ends negative.
[[nodiscard]] double payback_months(std::span<const double> monthly);
// The deepest running balance, as a positive amount; 0 when it never is negative.
[[nodiscard]] double peak_funding(std::span<const double> monthly);

// ---- levelised cost ---------------------------------------------------------------------------

[[nodiscard]] double capital_recovery_factor(double per_year, int years);  // w/(1-(1+w)^-n)
// (1 - tax PVD)/(1 - tax), PVD the present value of the depreciation shares at a nominal rate,
// the first share one year out.
[[nodiscard]] double project_finance_factor(double tax, std::span<const double> depreciation_shares,
                                            double nominal_rate);
struct LevelisedCost {  // per kW, years and MWh
  double capital_recovery = 0, project_finance = 1;
  double capex_per_kw = 0, fixed_per_kw_year = 0;
  double capacity_factor = 1;
  double variable_per_mwh = 0;
};
// 1000 (CRF PFF CAPEX + FOM)/(8760 NCF) + VOM, money per MWh.
[[nodiscard]] double levelised_cost_per_mwh(const LevelisedCost& c);
// (charge x capital + fixed)/output + variable: one rate turns capital into a yearly cost.
[[nodiscard]] double levelised_cost_by_fixed_charge(double charge, double capital, double fixed,
                                                    double yearly_output, double variable);

}  // namespace warmshell::value
