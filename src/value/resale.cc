#include "value/resale.h"

#include "world/resale.h"

namespace warmshell::value {

ResaleCurve make_resale_curve(const model::Portfolio& portfolio) {
  if (portfolio.market_value.falls)
    return falling_resale_curve(portfolio.market_value.falls->value.value);
  constexpr int years = 100;
  ResaleCurve curve;
  curve.constant_fall = false;
  for (int year = 0; year < years; ++year)
    curve.by_year.push_back(world::age_factor(portfolio.market_value, 12.0 * year));
  return curve;
}

}  // namespace warmshell::value
