#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const Money cost = MoneyPerMwh(60) * (FacilityMw(10) * Hours(5));
#else
const auto cost = MoneyPerMwh(60) * FacilityMw(10);
#endif
