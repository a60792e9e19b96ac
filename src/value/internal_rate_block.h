#pragma once
// The internal rate of return of every lane of flows[month][lane], `lanes` wide: that of
// internal_rates on its flows to within rounding, where there is exactly one, else 0. A lane's
// result does not depend on the other lanes, nor on the vector level. Thread rule: free function.

#include "fleet/kernel.h"
#include "value/internal_rate.h"

namespace warmshell::value {

void internal_rates_of_block(const double* flows, int months, int lanes, double* rate,
                             IrrStatus* status, fleet::VectorLevel level = fleet::best_level());

}  // namespace warmshell::value
