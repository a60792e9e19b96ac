#include "base/quantity.h"

using namespace warmshell;

#ifndef WRONG
const ItMw twice = ItMw(8) * 2.0;
#else
const auto square = ItMw(8) * ItMw(8);
#endif
