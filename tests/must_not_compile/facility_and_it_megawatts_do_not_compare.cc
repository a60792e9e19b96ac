#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const bool fits = ItMw(8) * Pue(1.2) <= FacilityMw(10);
#else
const bool fits = ItMw(8) <= FacilityMw(10);
#endif
