#pragma once
// Megawatts that need not be built: the firm power that gives a portfolio the same NPV, on the same
// paths, as an overlay does. The power is at the meter of the site that binds, there from the
// start, free of capital, and its energy costs what the site's dearest source asks, so that it is
// worth what it lights and not cheaper energy. Thread rule: as simulate.

#include <optional>
#include <string>
#include <vector>

#include "model/read.h"
#include "study/paired.h"

namespace warmshell::study {

enum class EquivalentCase {
  equivalent,     // `mw` gives the same NPV
  worth_nothing,  // no number of MW at that site gains anything
  more_than_any,  // the overlay gains more than any number of MW there
  no_gain         // the overlay gains nothing that could be told from zero
};
[[nodiscard]] std::string_view equivalent_case_name(EquivalentCase found);

struct EquivalentTry {
  double mw = 0;
  Gain gain;  // of NPV on the same paths, in the portfolio's currency
};
struct EquivalentMw {
  std::string portfolio, scenario, currency, site;
  BindsCase binds = BindsCase::balanced;  // as written
  std::uint64_t seed = 0;
  std::int64_t paths = 0;
  bool complete = true;
  Gain overlay;  // what the overlay gains
  EquivalentCase found = EquivalentCase::no_gain;
  std::optional<double> mw, se;      // facility
  double tolerance_mw = 0;           // the search ended with the answer between two MW so far apart
  double energy_price = 0;           // of that power, money per MWh
  EquivalentTry most;                // power for every accelerator of the site
  std::vector<EquivalentTry> tried;  // in the order of the search
};

// Both portfolios have the same title, dates and currency; `overlaid` has the overlay.
[[nodiscard]] EquivalentMw equivalent_mw(const model::ReadPortfolio& base,
                                         const model::ReadPortfolio& overlaid,
                                         const SimulateOptions& options, const StopFlag& stop);

}  // namespace warmshell::study
