#include "value/measures.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"

namespace warmshell::value {

double whole_power(double base, int exponent) {
  double result = 1, factor = base;
  for (unsigned n = static_cast<unsigned>(std::abs(exponent)); n != 0; n >>= 1) {
    if (n & 1) result *= factor;
    factor *= factor;
  }
  return exponent < 0 ? 1 / result : result;
}

double monthly_growth(double yearly) {
  // The twelfth root as two square roots of a cube root by Newton: exact operations only.
  const double x = 1 + yearly;
  double y = x > 1 ? x / 3 + 2.0 / 3 : 1;  // above the root, from where Newton descends
  for (;;) {
    const double next = y - (y - x / (y * y)) / 3;
    if (!(next < y)) break;
    y = next;
  }
  return std::sqrt(std::sqrt(y));
}

double yearly_rate(double monthly) {
  return whole_power(1 + monthly, 12) - 1;
}

double fall_per_month(double from, double to, double months) {
  return -math::expm1(-log_fall_per_month(from, to, months));
}

double fall_per_year(double from, double to, double months) {
  return -math::expm1(-12 * log_fall_per_month(from, to, months));
}

double log_fall_per_month(double from, double to, double months) {
  return math::log(from / to) / months;
}

std::vector<double> discount_factors(int months, double yearly) {
  const double year = 1 / (1 + yearly), month = 1 / monthly_growth(yearly);
  std::vector<double> factors(static_cast<std::size_t>(std::max(months, 0)));
  for (int t = 0; t < months; ++t)
    factors[t] = whole_power(year, (t + 1) / 12) * whole_power(month, (t + 1) % 12);
  return factors;
}

double net_present_value(std::span<const double> monthly, double yearly) {
  const std::vector<double> factors = discount_factors(static_cast<int>(monthly.size()), yearly);
  double sum = 0;
  for (std::size_t t = 0; t < monthly.size(); ++t) sum += monthly[t] * factors[t];
  return sum;
}

double periodic_present_value(std::span<const double> flows, double per_period) {
  double sum = 0;
  for (std::size_t k = flows.size(); k-- > 0;) sum = sum / (1 + per_period) + flows[k];
  return sum;
}

double annuity_due(double yearly_amount, double per_year, int years) {
  double sum = 0;
  for (int year = 0; year < years; ++year) sum = sum / (1 + per_year) + yearly_amount;
  return sum;
}

double payback_months(std::span<const double> monthly) {
  double balance = 0, payback = 0;
  for (std::size_t t = 0; t < monthly.size(); ++t) {
    const double before = balance;
    balance += monthly[t];
    if (balance < 0)
      payback = std::numeric_limits<double>::infinity();
    else if (before < 0)
      payback = static_cast<double>(t) + before / (before - balance);
  }
  return payback;
}

double peak_funding(std::span<const double> monthly) {
  double balance = 0, deepest = 0;
  for (const double flow : monthly) {
    balance += flow;
    deepest = std::min(deepest, balance);
  }
  return -deepest;
}

double capital_recovery_factor(double per_year, int years) {
  return per_year / (1 - whole_power(1 + per_year, -years));
}

double project_finance_factor(double tax, std::span<const double> depreciation_shares,
                              double nominal_rate) {
  double present = 0;
  for (std::size_t year = 0; year < depreciation_shares.size(); ++year)
    present +=
        depreciation_shares[year] * whole_power(1 + nominal_rate, -static_cast<int>(year + 1));
  return (1 - tax * present) / (1 - tax);
}

double levelised_cost_per_mwh(const LevelisedCost& c) {
  const double yearly_per_kw =
      c.capital_recovery * c.project_finance * c.capex_per_kw + c.fixed_per_kw_year;
  return 1000 * yearly_per_kw / (8760 * c.capacity_factor) + c.variable_per_mwh;
}

double levelised_cost_by_fixed_charge(double charge, double capital, double fixed,
                                      double yearly_output, double variable) {
  return (charge * capital + fixed) / yearly_output + variable;
}

}  // namespace warmshell::value
