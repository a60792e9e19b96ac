#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<Failures>& Description<Failures>::get() {
  using T = Failures;
  static const auto record =
      Record<T>("failures", "The share of installed accelerators under repair.")
          .field("rate", &T::rate, "Failures per accelerator and year.", optional, at_least(0),
                 at_most(1000), example("9 %/year"))
          .field("repair", &T::repair, "How long a repair takes.", optional, at_least(0),
                 example("5 days"));
  return record;
}

const Record<Lot>& Description<Lot>::get() {
  using T = Lot;
  static const auto record =
      Record<T>("lot", "Accelerators of one type bought together for one site.")
          .field("accelerator", &T::accelerator, "Its row of the catalogue.", required,
                 names("accelerators"), example("h100_sxm"))
          .field("count", &T::count, "How many.", required, more_than(0), at_most(1e9),
                 example("40k"))
          .field("site", &T::site, "Where they go.", required, names("sites"), example("quincy"))
          .field("halls", &T::halls, "Only these halls of the site; not written: any that fits.",
                 names("halls"), example("[hall-1]"))
          .field("ordered", &T::ordered, "When they were ordered; not written: before `start`.",
                 example("2025-12"))
          .field("lead_time", &T::lead_time, "From order to delivery.", at_least(0),
                 example("{p10: 4 months, p50: 6 months, p90: 11 months}"))
          .field("delivered", &T::delivered, "When they are delivered.", example("2025-06"))
          .field("completes", &T::completes,
                 "Odds that the order is delivered; certain when not "
                 "written.",
                 more_than(0), at_most(1), example("95 %"))
          .field("price", &T::price, "All-in, per accelerator: with server and network.", optional,
                 at_least(0), example("47k USD"))
          .field("failures", &T::failures, "How often they fail and how long repairs take.",
                 example("{rate: 9 %/year, repair: 5 days}"))
          .field("spares", &T::spares, "Part of the installed kept as spares.", at_least(0),
                 less_than(1), example("2 %"))
          .field("life", &T::life, "Retired this long after delivery.", more_than(0),
                 example("6 years"))
          .field("it_power_each", &T::it_power_each,
                 "Provisioned power of one, overhead included; overrides the catalogue.",
                 more_than(0), example("1.4 kW"))
          .field("oversubscription", &T::oversubscription,
                 "Part of the provisioned power that is given out twice.", at_least(0),
                 less_than(1), example("10 %"));
  return record;
}

}  // namespace warmshell::text
