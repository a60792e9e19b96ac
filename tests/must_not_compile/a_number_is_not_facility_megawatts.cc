#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const FacilityMw power{3.0};
#else
const FacilityMw power = 3.0;
#endif
