#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const ItMw it = FacilityMw(10) / Pue(1.2);
#else
const auto power = FacilityMw(10) * Pue(1.2);
#endif
