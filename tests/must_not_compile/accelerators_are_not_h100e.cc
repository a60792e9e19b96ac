#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const H100e sum = H100e(1) + H100e(2);
#else
const auto sum = H100e(1) + Accelerators(2);
#endif
