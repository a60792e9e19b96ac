#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const MegawattHours sum = MegawattHours(5) + FacilityMw(10) * Hours(1);
#else
const auto sum = MegawattHours(5) + FacilityMw(10);
#endif
