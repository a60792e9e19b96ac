#pragma once
// Inside the model: what the catalogue says of things, rather than of a field that was left out.

#include <vector>

#include "model/read.h"

namespace warmshell::model {

// Adds the kilowatts, racks and h100e of each accelerator of the fleet, the factors on its
// kilowatts, and the split of a shell's cost. Expects filled defaults and that nothing is wrong.
// What every lot or hall overrides is left out.
void tell_behind(const Portfolio& portfolio, std::vector<DefaultUsed>& used);

}  // namespace warmshell::model
