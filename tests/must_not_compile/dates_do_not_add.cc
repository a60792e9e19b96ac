#include "base/calendar.h"

using namespace warmshell;

#ifndef WRONG
const Months between = Date{310} - Date{300};
#else
const auto sum = Date{310} + Date{300};
#endif
