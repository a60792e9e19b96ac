#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const double megawatts = FacilityMw(3).value;
#else
const double megawatts = FacilityMw(3);
#endif
