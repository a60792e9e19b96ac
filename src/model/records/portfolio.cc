#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<Factor>& Description<Factor>::get() {
  using T = Factor;
  static const auto record =
      Record<T>("factor", "Luck that several dates or prices share: a standard normal.")
          .field("loads", &T::loads, "Other factors that it follows, and how strongly.",
                 example("{industry: 0.5}"));
  return record;
}

const Record<Portfolio>& Description<Portfolio>::get() {
  using T = Portfolio;
  static const auto record =
      Record<T>("portfolio", "Sites with halls and power, accelerators, markets, money.")
          .field("portfolio", &T::portfolio, "Its title.", required,
                 example("Two halls, one queue"))
          .field("note", &T::note, "What a reader must know first; opens every report.", optional,
                 example("assumed deliveries, not a report"))
          .field("start", &T::start, "First month of the simulation.", required, example("2025-11"))
          .field("horizon", &T::horizon, "How long it runs, in whole months.", required,
                 at_least(1), at_most(600), example("8 years"))
          .field("currency", &T::currency, "Of every result; three capitals.", fallback("USD"),
                 example("USD"))
          .field("fx", &T::fx, "What one unit of another currency is worth.", optional,
                 example("{USD: 7.2 CNY}"))
          .field("known_at", &T::known_at,
                 "Nothing uncertain lies before this date; `start` when not written.",
                 example("2025-11"))
          .field("factors", &T::factors, "Shared luck.", example("{grid-west: {}}"))
          .field("sites", &T::sites, "By name, or `{from: sites.csv}`.")
          .field("fleet", &T::fleet, "Lots of accelerators by name, or `{from: lots.csv}`.")
          .field("markets", &T::markets, "Who takes the compute, by name.")
          .field("replayed", &T::replayed,
                 "What replays of jobs found, by accelerator; `warmshell replay --overlay` writes "
                 "it.",
                 example("{h100_sxm: {provisioned: 80 %, busy: 104 %}}"))
          .field("releases", &T::releases,
                 "Dates of accelerators (by catalogue row) and of generations to come "
                 "(`nvidia-6`).")
          .field("rents", &T::rents, "The catalogue's law of rents.", optional)
          .field("market_value", &T::market_value, "Resale value of accelerators.", optional)
          .field("finance", &T::finance, "Discount rate, lives, running cost.", optional,
                 example("{wacc: 12 %/year}"))
          .field("debt", &T::debt, "Loans by name; read and checked, not yet valued.")
          .field("in_volume_after", &T::in_volume_after, "From release to volume.", optional,
                 at_least(0), example("6 months"));
  return record;
}

}  // namespace warmshell::text
