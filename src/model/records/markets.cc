#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<Demand>& Description<Demand>::get() {
  using T = Demand;
  static const auto record =
      Record<T>("demand", "How much compute the market takes.")
          .field(
              "now", &T::now,
              "In the first month of the run (`start`, or `--from`); without limit when left out.",
              at_least(0), example("60k h100e"))
          .field("growth", &T::growth, "Yearly growth.", more_than(-1), at_most(100),
                 example("60 %/year"));
  return record;
}

const Record<Requires>& Description<Requires>::get() {
  using T = Requires;
  static const auto record =
      Record<T>("requires", "Which accelerators the market accepts.")
          .field("feature", &T::feature, "What the hardware must have.", example("fp8"))
          .field("max_behind", &T::max_behind,
                 "Generations it may lie behind the newest in volume on its line.", at_least(0),
                 example("1"))
          .field("accelerators", &T::accelerators, "Only these types.", names("accelerators"),
                 example("[h100_sxm, h200_sxm]"));
  return record;
}

const Record<Contract>& Description<Contract>::get() {
  using T = Contract;
  static const auto record =
      Record<T>("contract", "A promise to a customer.")
          .field("customer", &T::customer, "Who.", required, example("acme"))
          .field("ready_by", &T::ready_by, "When the compute was promised: its demand begins then.",
                 required, example("2026-06"))
          .field("damages", &T::damages, "Owed per missing H100 equivalent and month.", at_least(0),
                 example("200 USD"))
          .field("longstop", &T::longstop, "The customer leaves when it is later than this.",
                 more_than(0), example("12 months"))
          .field("term", &T::term, "How long it runs from `ready_by`; without end when left out.",
                 more_than(0), example("5 years"))
          .field("default_rate", &T::default_rate, "Yearly odds that the customer stops paying.",
                 at_least(0), at_most(1), example("3 %/year"));
  return record;
}

const Record<Rent>& Description<Rent>::get() {
  using T = Rent;
  static const auto record =
      Record<T>("rent", "A price that the user fixes; not written: the law of the catalogue.")
          .field("per_h100e", &T::per_h100e, "Per H100 equivalent and hour.", at_least(0),
                 example("2.10 USD/h100e-h"))
          .field("per_accelerator", &T::per_accelerator, "Per accelerator and hour, by type.",
                 example("{h100_sxm: 2.35 USD/h}"))
          .field("falls", &T::falls, "Constant fall of these prices.", at_least(0), less_than(1),
                 example("1 %/month"))
          .field("tier", &T::tier,
                 "Tier of provider in the catalogue's law: hyperscaler, neocloud or long-tail.",
                 example("neocloud"));
  return record;
}

const Record<Market>& Description<Market>::get() {
  using T = Market;
  static const auto record =
      Record<T>("market", "Customers who take compute on the same terms.")
          .field("demand", &T::demand, "How much it takes; without limit when not written.",
                 optional, example("{now: 60k h100e, growth: 60 %/year}"))
          .field("requires", &T::require, "Which accelerators it accepts; any when not written.",
                 optional, example("{feature: fp8}"))
          .field("terms", &T::terms, "How it pays.", required, example("take-or-pay"))
          .field("utilisation", &T::utilisation,
                 "Busy share of what it takes. Take-or-pay and contracts draw full power in every "
                 "paid hour: theirs only ranks lots.",
                 optional, at_least(0), at_most(1), example("85 %"))
          .field("ramp", &T::ramp, "From installed to full sale.", optional, at_least(0),
                 at_most(120), example("2 months"))
          .field("rent", &T::rent, "Its price.", optional,
                 example("{per_accelerator: {h100_sxm: 2.35 USD/h}}"))
          .field("elasticity", &T::elasticity,
                 "Per cent of price lost per per cent of supply added; a price-taker when not "
                 "written.",
                 at_most(0), example("-0.5"))
          .field("contract", &T::contract, "With `terms: contract`: who, when, damages.");
  return record;
}

}  // namespace warmshell::text
