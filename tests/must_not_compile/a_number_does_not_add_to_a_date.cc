#include "base/calendar.h"

using namespace warmshell;

#ifndef WRONG
const Date later = Date{300} + Months(2);
#else
const auto later = Date{300} + 2.0;
#endif
