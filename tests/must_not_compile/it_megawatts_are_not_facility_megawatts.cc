#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const FacilityMw power = ItMw(8) * Pue(1.2);
#else
const FacilityMw power = ItMw(8);
#endif
