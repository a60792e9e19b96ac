#include "model/records/fields.h"

namespace warmshell::text {

using namespace model;

const Record<ReplayedWork>& Description<ReplayedWork>::get() {
  using T = ReplayedWork;
  static const auto record =
      Record<T>("replayed-work", "Factors on the work of an accelerator in one market.")
          .field("throughput", &T::throughput,
                 "Work of a busy one: a factor on what is paid for its hours.", more_than(0),
                 at_most(10), example("98 %"))
          .field("busy", &T::busy,
                 "A factor on the market's `utilisation`, up to 100 %; take-or-pay and contract "
                 "are paid busy or not.",
                 at_least(0), at_most(10), example("104 %"));
  return record;
}

const Record<Replayed>& Description<Replayed>::get() {
  using T = Replayed;
  static const auto record =
      Record<T>("replayed",
                "What a replay of real jobs under a power cap found about one accelerator.")
          .field("provisioned", &T::provisioned,
                 "A factor on its provisioned power; a busy one then draws no more than that.",
                 more_than(0), at_most(10), example("80 %"))
          .field("throughput", &T::throughput,
                 "Work of a busy one: a factor on what is paid for its hours, in every market that "
                 "`markets` does not name.",
                 more_than(0), at_most(10), example("98 %"))
          .field("busy", &T::busy,
                 "A factor on `utilisation`, up to 100 %, in every market that `markets` does not "
                 "name. Where the accelerators of a market differ, `utilisation` stays and the "
                 "factor acts on what is paid.",
                 at_least(0), at_most(10), example("104 %"))
          .field("markets", &T::markets, "Other factors in these markets.",
                 example("{training: {throughput: 97 %, busy: 106 %}}"));
  return record;
}

}  // namespace warmshell::text
