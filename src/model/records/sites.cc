#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<PueValue>& Description<PueValue>::get() {
  using T = PueValue;
  static const auto record =
      Record<T>("pue-step", "Facility power over IT power from a date on.")
          .field("peak", &T::peak, "At peak: decides how many megawatts fit.", required,
                 at_least(1), at_most(5), example("1.30"))
          .field("annual", &T::annual, "Over the year: decides the energy bought.", required,
                 at_least(1), at_most(5), example("1.22"));
  return record;
}

const Record<PueRecord>& Description<PueRecord>::get() {
  using T = PueRecord;
  static const auto record =
      Record<T>("pue", "Facility power over IT power.")
          .field("peak", &T::peak, "At peak: decides how many megawatts fit.", optional,
                 at_least(1), at_most(5), example("1.30"))
          .field("annual", &T::annual, "Over the year: decides the energy bought.", optional,
                 at_least(1), at_most(5), example("1.22"))
          .field("steps", &T::steps, "Other values from later dates on.",
                 example("{2027-01: {peak: 1.25, annual: 1.18}}"));
  return record;
}

const Record<Shell>& Description<Shell>::get() {
  using T = Shell;
  static const auto record =
      Record<T>("shell", "When the building of a hall reaches each stage, and what it costs.")
          .field("cold", &T::cold, "Structure and skin stand.", example("2025-06"))
          .field("fitted_power", &T::fitted_power, "Electrical plant is fitted.",
                 example("{after: 7 months}"))
          .field("warm", &T::warm, "Power, cooling and fire protection are commissioned.",
                 example("{p10: 2026-05, p50: 2026-09, p90: 2027-06}"))
          .field("capex", &T::capex, "Of the whole shell, spent evenly from cold to warm.",
                 at_least(0), example("15 MUSD/MW_it"))
          .field("loads", &T::loads, "Shared factors that the dates of its stages follow.")
          .field("draw", &T::draw, "Stages that name the same one share one piece of luck.");
  return record;
}

const Record<Owned>& Description<Owned>::get() {
  static const auto record = Record<Owned>("owned", "The hall is owned.");
  return record;
}

const Record<Leased>& Description<Leased>::get() {
  using T = Leased;
  static const auto record =
      Record<T>("leased", "The hall is rented from a landlord.")
          .field("rent", &T::rent, "Rent per IT power and month.", optional, at_least(0),
                 example("175 USD/kW_it-month"))
          .field("escalator", &T::escalator, "Yearly rise of the rent.", more_than(-1), at_most(10),
                 example("3 %/year"))
          .field("commencement", &T::commencement, "From when rent is owed.", required,
                 example("2026-05"))
          .field("free", &T::free, "Months without rent at the beginning.", at_least(0),
                 example("3 months"))
          .field(
              "term", &T::term,
              "How long the lease runs from commencement; then the hall is given back and houses "
              "nothing. Without end when left out.",
              more_than(0), example("10 years"));
  return record;
}

const Record<LateTerms>& Description<LateTerms>::get() {
  using T = LateTerms;
  static const auto record =
      Record<T>("late-terms", "What lateness costs the landlord.")
          .field("damages", &T::damages, "Owed per IT power and month of lateness.", at_least(0),
                 example("50 USD/kW_it-month"))
          .field("longstop", &T::longstop, "The tenant leaves when the hall is later than this.",
                 more_than(0), example("12 months"));
  return record;
}

const Record<Let>& Description<Let>::get() {
  using T = Let;
  static const auto record =
      Record<T>("let", "The hall is let to a tenant: it earns rent, its megawatts leave the pool.")
          .field("tenant", &T::tenant, "Who rents it.", required, example("acme"))
          .field("rent", &T::rent, "Rent per IT power and month.", optional, at_least(0),
                 example("175 USD/kW_it-month"))
          .field("escalator", &T::escalator, "Yearly rise of the rent.", more_than(-1), at_most(10),
                 example("3 %/year"))
          .field("commencement", &T::commencement,
                 "Promised date; rent runs from the later of this and live.", required,
                 example("2026-05"))
          .field("free", &T::free, "Months without rent at the beginning.", at_least(0),
                 example("3 months"))
          .field("term", &T::term, "How long the lease runs.", more_than(0), example("10 years"))
          .field("late", &T::late, "Damages and longstop for lateness.", optional);
  return record;
}

const Record<Retrofit>& Description<Retrofit>::get() {
  using T = Retrofit;
  static const auto record =
      Record<T>("retrofit", "A hall changes its cooling.")
          .field("from", &T::from, "Cooling it gives up.", required, example("air"))
          .field("to", &T::to, "Cooling it gains.", required, example("liquid"))
          .field("done", &T::done, "From when the new cooling is there.", required,
                 example("2027-03"))
          .field("outage", &T::outage, "The hall takes nothing in these months before `done`.",
                 at_least(0), example("4 months"))
          .field("capex", &T::capex, "Cost per IT power.", at_least(0), example("3 MUSD/MW_it"))
          .field("max_rack", &T::max_rack, "Densest rack that it takes afterwards.", more_than(0),
                 example("145 kW"));
  return record;
}

const Record<Outage>& Description<Outage>::get() {
  using T = Outage;
  static const auto record =
      Record<T>("outage", "Dated and known: the hall or source, or a share of it, is gone.")
          .field("from", &T::from, "First day.", required, example("2025-04-10"))
          .field("to", &T::to, "First day that it is back.", required, example("2025-05-31"))
          .field("share", &T::share, "Part of its power that is gone; all when not written.",
                 more_than(0), at_most(1), example("60 %"));
  return record;
}

const Record<Hall>& Description<Hall>::get() {
  using T = Hall;
  static const auto record =
      Record<T>("hall", "A room for racks, with its cooling, its densest rack and its shell.")
          .field("it_power", &T::it_power, "Power of its racks.", required, more_than(0),
                 at_most(1e6), example("36 MW_it"))
          .field("cooling", &T::cooling, "Cooling that it takes, one or several.", required,
                 example("air"))
          .field("max_rack", &T::max_rack, "Densest rack that it takes; any when not written.",
                 more_than(0), example("45 kW"))
          .field("pue", &T::pue, "Of this hall; not written: the site's for its cooling.")
          .field("shell", &T::shell, "When it is cold, fitted with power, and warm.",
                 example("{warm: 2025-03}"))
          .field("tenure", &T::tenure, "`owned`, or leased from a landlord.", fallback("owned"),
                 example("owned"))
          .field("let", &T::let, "Let to a tenant: then it houses no accelerator of the fleet.")
          .field("retrofit", &T::retrofit, "A change of its cooling.")
          .field("outages", &T::outages, "Dated and known outages.");
  return record;
}

const Record<Site>& Description<Site>::get() {
  using T = Site;
  static const auto record =
      Record<T>("site", "One place: halls, power, and crews.")
          .field("note", &T::note, "For the reader; touches no number.")
          .field("confidence", &T::confidence, "Of the source; touches no number.",
                 example("confident"))
          .field("region", &T::region, "Where it is, for defaults: a country, or country-state.",
                 example("us-wa"))
          .field("pue", &T::pue, "By cooling: facility power over IT power.",
                 example("{air: {peak: 1.30, annual: 1.22}}"))
          .field("install", &T::install,
                 "Racks its crews bring into service; unlimited when not "
                 "written.",
                 at_least(0), example("40 racks/month"))
          .field("halls", &T::halls, "Its halls by name.")
          .field("power", &T::power, "Its power sources by name.");
  return record;
}

}  // namespace warmshell::text
