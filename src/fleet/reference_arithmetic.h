#pragma once
// The arithmetic of the reference twin. Selections are written out because the kernels must agree
// bit for bit: of equal values, and of +0 and -0, the second is returned.

#include <limits>
#include <vector>

#include "model/layout.h"

namespace warmshell::fleet::reference {

inline constexpr double never = std::numeric_limits<double>::infinity();
inline constexpr double hours_per_month = 730;

inline double smaller(double a, double b) {
  return a < b ? a : b;
}
inline double larger(double a, double b) {
  return a > b ? a : b;
}

// R13: what is below 1e-12 of the lot is rounding.
inline double beyond_rounding(double chips, double count) {
  return chips > 1e-12 * count ? chips : 0.0;
}

// R1: the part of the month in [from, to), dates in months since start.
inline double part_of_month(int month, double from, double to) {
  const double first = larger(from, month);
  const double last = smaller(to, month + 1);
  return larger(last - first, 0.0);
}
inline double part_since(int month, double from) {
  return part_of_month(month, from, never);
}

// Of what stood the month before, the share that stays when all of it ends at one date.
inline double share_that_stays(int month, double end) {
  const double before = 1.0 - part_since(month - 1, end);
  const double now = 1.0 - part_since(month, end);
  return before > 0 ? now / before : 0.0;
}

inline double peak_pue(const std::vector<model::PueSpan>& spans, int month) {
  double pue = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const double to = i + 1 < spans.size() ? spans[i + 1].from_month : never;
    pue += spans[i].peak * part_of_month(month, spans[i].from_month, to);
  }
  return pue;
}
inline double annual_pue(const std::vector<model::PueSpan>& spans, int month) {
  double pue = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const double to = i + 1 < spans.size() ? spans[i + 1].from_month : never;
    pue += spans[i].annual * part_of_month(month, spans[i].from_month, to);
  }
  return pue;
}

}  // namespace warmshell::fleet::reference
