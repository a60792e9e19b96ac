#include "value/resale.h"

#include "catalog/catalog.h"

namespace warmshell::value {

ResaleCurve make_resale_curve(const model::Portfolio& portfolio) {
  if (portfolio.market_value.falls)
    return falling_resale_curve(portfolio.market_value.falls->value.value);
  ResaleCurve curve;
  curve.constant_fall = false;
  for (const catalog::Range& age : catalog::residual_curve().by_year)
    curve.by_year.push_back(age.value);
  const std::size_t known = curve.by_year.size();
  const double ratio = curve.by_year[known - 1] / curve.by_year[known - 2];
  while (curve.by_year.size() < 100) curve.by_year.push_back(curve.by_year.back() * ratio);
  return curve;
}

}  // namespace warmshell::value
