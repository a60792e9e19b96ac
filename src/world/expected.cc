#include "world/expected.h"

#include <algorithm>
#include <cmath>

#include "world/releases.h"
#include "world/rents.h"
#include "world/terms.h"

namespace warmshell::world {

namespace {

// The releases' part in a list: one step for each whole generation in volume, in parts of a month.
double behind_factor(const model::Layout& layout, const model::LayoutClass& chip,
                     const std::vector<double>& released, int month) {
  double newest = std::floor(chip.generation);
  for (std::size_t r = 0; r < released.size(); ++r)
    if (layout.release_line[r] == chip.line)
      newest = std::max(newest, std::floor(layout.release_generation[r]));

  double factor = 1;
  for (double whole = std::floor(chip.generation) + 1; whole <= newest; ++whole) {
    double date = model::never_month;
    for (std::size_t r = 0; r < released.size(); ++r)
      if (layout.release_line[r] == chip.line && layout.release_generation[r] >= whole)
        date = std::min(date, released[r] + layout.in_volume_after);
    factor *= 1 - rent_law().behind_step * (1 - share_before(date, month));
  }
  return factor;
}

}  // namespace

double expected_rent_per_hour(const model::Portfolio& portfolio, const model::Layout& layout,
                              const std::vector<double>& released, int market,
                              int accelerator_class, int month) {
  const RentTerm term = rent_term(layout, portfolio, market, accelerator_class);
  const model::LayoutClass& chip = layout.classes[static_cast<std::size_t>(accelerator_class)];
  switch (term.kind) {
    case RentTerm::Kind::written:
      return std::max(0.0, mean(term.law)) * term.scale * falls_factor(term.falls, month);
    case RentTerm::Kind::catalogue: {
      const double odds = scarcity_odds(layout.start, month);
      const double regime = portfolio.rents.regimes ? mean_regime(chip.fp8, odds) : 1;
      return newest_level(chip) * behind_factor(layout, chip, released, month) * regime *
             term.scale;
    }
  }
  return 0;
}

model::Expectations expectations(const model::Portfolio& portfolio, const model::Layout& layout) {
  model::Expectations expected = model::written_expectations(portfolio, layout);
  const std::vector<double> gate_months = model::expected_gate_months(layout);
  std::vector<double> released;
  for (const int gate : layout.release_gates)
    released.push_back(gate_months[static_cast<std::size_t>(gate)]);

  const int markets = static_cast<int>(layout.markets.size());
  const int classes = static_cast<int>(layout.classes.size());
  for (int month = 0; month < layout.months; ++month)
    for (int market = 0; market < markets; ++market)
      for (int chip = 0; chip < classes; ++chip) {
        if (model::has_written_rent(portfolio, layout, market, chip)) continue;
        const std::size_t at =
            static_cast<std::size_t>((month * markets + market) * classes + chip);
        expected.rent_per_hour[at] =
            expected_rent_per_hour(portfolio, layout, released, market, chip, month);
      }
  return expected;
}

}  // namespace warmshell::world
