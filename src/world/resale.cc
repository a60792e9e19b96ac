#include "world/resale.h"

#include <algorithm>
#include <vector>

#include "base/math.h"
#include "catalog/catalog.h"
#include "world/rents.h"
#include "world/terms.h"

namespace warmshell::world {

namespace {

// At whole years from 0: residual value over the steps of the generations since.
const std::vector<double>& value_by_year() {
  static const std::vector<double> values = [] {
    const double cadence =
        catalog::range(*catalog::find_fact(catalog::TableName::conventions, "resale_cadence"))
            .value;
    std::vector<double> read;
    for (const catalog::Range& year : catalog::residual_curve().by_year) {
      const double generations = 12 * static_cast<double>(read.size()) / cadence;
      read.push_back(
          std::min(1.0, year.value / math::pow(1 - rent_law().behind_step, generations)));
    }
    return read;
  }();
  return values;
}

}  // namespace

double age_factor(const model::MarketValue& market_value, double age_months) {
  const double age = std::max(0.0, age_months);
  if (market_value.falls) return falls_factor((*market_value.falls)->value, age);

  const std::vector<double>& values = value_by_year();
  const double years = age / 12;
  const std::size_t last = values.size() - 1;
  if (years >= static_cast<double>(last))  // beyond the curve its last year goes on
    return values[last] *
           math::pow(values[last] / values[last - 1], years - static_cast<double>(last));
  const std::size_t year = static_cast<std::size_t>(years);
  return values[year] + (values[year + 1] - values[year]) * (years - static_cast<double>(year));
}

}  // namespace warmshell::world
