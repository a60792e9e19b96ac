#pragma once
// The arithmetic of resale.h without its header's company, so that kernels of any vector level may
// use it. Ages in months, >= 0.

#include "base/math.h"

namespace warmshell::value {

WARMSHELL_INLINE double constant_fall_at(double log_keep, double age) {
  return math::exp(log_keep * age);
}

// by_year holds values at ages 0, 12, 24, ...; straight lines between.
WARMSHELL_INLINE double residual_at(const double* by_year, int years, double age) {
  const double year = age / 12;
  const int last = years - 2;
  const int whole = static_cast<int>(year) < last ? static_cast<int>(year) : last;
  return by_year[whole] + (by_year[whole + 1] - by_year[whole]) * (year - whole);
}

}  // namespace warmshell::value
