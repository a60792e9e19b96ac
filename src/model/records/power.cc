#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<PowerSource>& Description<PowerSource>::get() {
  using T = PowerSource;
  static const auto record =
      Record<T>("power-source", "A supply of power at the meter of a site, and when it comes.")
          .field("kind", &T::kind, "What it is; defaults of price and cost follow from it.",
                 required, example("grid"))
          .field("power", &T::power, "Nameplate at the meter.", more_than(0), at_most(1e6),
                 example("45 MW_facility"))
          .field("units", &T::units, "Nameplate as equal units.", more_than(0),
                 example("24 x 2.5 MW_facility"))
          .field("spare", &T::spare, "Units kept in reserve.", at_least(0), example("2"))
          .field("outage", &T::outage, "Part of the time in which it is out.", optional,
                 at_least(0), less_than(1), example("8 %"))
          .field("curtailed", &T::curtailed, "Part of its energy and firm power taken away.",
                 at_least(0), at_most(1), example("0.5 %"))
          .field("tranches", &T::tranches,
                 "Parts that open one after the other; they sum to the "
                 "power.",
                 optional, example("{first: 20 MW_facility, second: 60 MW_facility}"))
          .field("every", &T::every, "Time between tranches.", at_least(0), example("4 months"))
          .field("requested", &T::requested, "When the connection was asked for.",
                 example("2023-06"))
          .field("completes", &T::completes, "Odds that it ever comes; certain when not written.",
                 more_than(0), at_most(1), example("60 %"))
          .field("energised", &T::energised,
                 "When its first tranche is live, given that it comes; the tranche may have a "
                 "date of its own instead.",
                 example("{p10: 2026-10, p50: 2028-02, p90: 2030-12}"))
          .field("queue", &T::queue, "Name of a fitted queue instead of a date.")
          .field("loads", &T::loads, "Shared factors that its date follows.",
                 example("{grid-west: 0.7}"))
          .field("draw", &T::draw, "Dates that name the same one share one piece of luck.")
          .field("price", &T::price, "Of energy at the meter.", optional, at_least(-1e4),
                 at_most(1e6), example("68 USD/MWh"))
          .field("price_growth", &T::price_growth, "Yearly growth of the price.", more_than(-1),
                 at_most(10), example("2 %/year"))
          .field("minimum_bill", &T::minimum_bill,
                 "Part of power x price x 730 h owed each month, used or not.", at_least(0),
                 at_most(1), example("60 %"))
          .field("until", &T::until,
                 "A bridge: it yields megawatt for megawatt as this source of "
                 "the site is energised.",
                 names("power"), example("grid-2"))
          .field("ends", &T::ends, "End of its lease.", example("2029-01"))
          .field("capex", &T::capex, "Cost per power.", at_least(0),
                 example("1900 USD/kW_facility"))
          .field("outages", &T::outages, "Dated and known outages.");
  return record;
}

}  // namespace warmshell::text
