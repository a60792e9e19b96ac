#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const ItMw power = Kilowatts(130) * Accelerators(72);
#else
const ItMw power = Kilowatts(130);
#endif
