#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const FacilityMw sum = FacilityMw(10) + ItMw(8) * Pue(1.2);
#else
const auto sum = FacilityMw(10) + ItMw(8);
#endif
