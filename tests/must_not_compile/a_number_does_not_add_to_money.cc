#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const Money sum = Money(1) + Money(2);
#else
const auto sum = Money(1) + 2.0;
#endif
