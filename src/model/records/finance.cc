#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<MarketValue>& Description<MarketValue>::get() {
  using T = MarketValue;
  static const auto record =
      Record<T>("market-value", "Resale value of accelerators.")
          .field("falls", &T::falls, "Constant fall; not written: the catalogue's curve.",
                 at_least(0), less_than(1), example("3 %/month"));
  return record;
}

const Record<Finance>& Description<Finance>::get() {
  using T = Finance;
  static const auto record =
      Record<T>("finance", "Discount rate, lives, running cost.")
          .field("wacc", &T::wacc, "Weighted average cost of capital: the discount rate.", optional,
                 more_than(-1), at_most(10), example("12 %/year"))
          .field("tax", &T::tax, "Tax on profit; read, not yet valued.", optional, at_least(0),
                 less_than(1), example("21 %"))
          .field("book_life", &T::book_life, "Accelerators in the books, straight line.", optional,
                 more_than(0), example("6 years"))
          .field("economic_life", &T::economic_life, "Accelerators in truth.", optional,
                 more_than(0), example("3 years"))
          .field("plant_life", &T::plant_life, "Electrical and cooling plant, own generation.",
                 optional, more_than(0), example("15 years"))
          .field("building_life", &T::building_life, "Building and interconnection.", optional,
                 more_than(0), example("30 years"))
          .field("depreciation_from", &T::depreciation_from, "When depreciation begins.",
                 fallback("in_service"), example("in_service"))
          .field("variable_cost", &T::variable_cost, "Running cost as a part of revenue.", optional,
                 at_least(0), at_most(1), example("8 %"))
          .field("maintenance", &T::maintenance,
                 "Yearly, as a part of the price of installed accelerators.", optional, at_least(0),
                 at_most(1), example("3 %/year"))
          .field("fixed_cost", &T::fixed_cost, "Running cost each month.", at_least(0),
                 example("200k USD"));
  return record;
}

const Record<Debt>& Description<Debt>::get() {
  using T = Debt;
  static const auto record =
      Record<T>("debt", "A loan; read and checked, not yet valued.")
          .field("against", &T::against, "The lot that it finances.", required, names("fleet"),
                 example("gb300"))
          .field("advance", &T::advance, "Part of the price that is lent.", at_least(0), at_most(1),
                 example("70 %"))
          .field("rate", &T::rate, "Interest.", at_least(0), at_most(10), example("11 %/year"))
          .field("tenor", &T::tenor, "How long it runs.", more_than(0), example("5 years"))
          .field("draws_when", &T::draws_when, "What lets it be drawn.", example("energised"))
          .field("dscr_min", &T::dscr_min, "Least debt service cover.", at_least(0),
                 example("1.25"));
  return record;
}

const Record<Release>& Description<Release>::get() {
  using T = Release;
  static const auto record =
      Record<T>("release", "When an accelerator, or a generation to come, is on the market.")
          .field("available", &T::available, "First available.", required, example("2026-10"));
  return record;
}

const Record<Rents>& Description<Rents>::get() {
  using T = Rents;
  static const auto record =
      Record<T>("rents", "The catalogue's law of rents, for the whole portfolio.")
          .field("tier", &T::tier, "Tier of provider: hyperscaler, neocloud or long-tail.",
                 fallback("neocloud"), example("neocloud"))
          .field("regimes", &T::regimes, "Whether scarcity and glut alternate.", fallback("true"),
                 example("true"))
          .field("level", &T::level, "A factor on every rent of the catalogue.", more_than(0),
                 at_most(1000), example("1.1"));
  return record;
}

}  // namespace warmshell::text
