#pragma once
// What is expected of the world before any path is drawn: the sight that the one placement order of
// a month has (R5). Rents that the user wrote at their mean; those of the catalogue's law at the
// mean regime of the month and at the expected dates of releases (lists are taken to follow at
// once). Nothing here is random. Pure.

#include "model/compile.h"

namespace warmshell::world {

// model::written_expectations with the catalogue's rents filled in: complete for model::decide.
[[nodiscard]] model::Expectations expectations(const model::Portfolio& portfolio,
                                               const model::Layout& layout);

// Money per accelerator-hour of one class in one market and month; `released` is the expected month
// of each release gate ([index into layout.release_gates]).
[[nodiscard]] double expected_rent_per_hour(const model::Portfolio& portfolio,
                                            const model::Layout& layout,
                                            const std::vector<double>& released, int market,
                                            int accelerator_class, int month);

}  // namespace warmshell::world
