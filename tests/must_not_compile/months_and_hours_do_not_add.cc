#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const Months sum = Months(1) + Months(2);
#else
const auto sum = Months(1) + Hours(2);
#endif
