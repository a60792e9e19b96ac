#pragma once
// What a chip of some age is worth over its price: a constant fall per month where the user wrote
// one, else the catalogue's residual curve by straight lines between whole years, and its last
// yearly ratio beyond. The market's own movement is world's resale_factor. Ages in months, >= 0.
// Thread rule: plain data, made once.

#include <vector>

#include "model/portfolio.h"
#include "value/resale_arithmetic.h"

namespace warmshell::value {

struct ResaleCurve {
  bool constant_fall = true;
  double log_keep = 0;          // ln(1 - fall per month)
  std::vector<double> by_year;  // at ages 0, 12, 24, ... months, long enough for any age in a run
};

[[nodiscard]] inline ResaleCurve falling_resale_curve(double fall_per_month) {
  return {true, math::log1p(-fall_per_month), {}};
}
[[nodiscard]] ResaleCurve make_resale_curve(const model::Portfolio& portfolio);

}  // namespace warmshell::value
