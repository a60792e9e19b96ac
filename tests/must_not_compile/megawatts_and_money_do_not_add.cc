#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const Money sum = Money(1) + MoneyPerMwh(60) * (FacilityMw(10) * hours_per_month);
#else
const auto sum = Money(1) + FacilityMw(10);
#endif
