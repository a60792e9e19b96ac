#pragma once
// One value of each law, shared by the scalar functions and the kernels so that both give the same
// bits. Parameters are prepared outside; nothing here branches on z or u.

#include <cstddef>

#include "base/math.h"

namespace warmshell::laws {

WARMSHELL_INLINE double affine(double origin, double scale, double z) {
  return origin + scale * z;
}

WARMSHELL_INLINE double affine_expm1(double origin, double scale, double s, double z) {
  return origin + scale * math::expm1(s * z);
}

WARMSHELL_INLINE double affine_exp(double origin, double scale, double s, double z) {
  return origin + scale * math::exp(s * z);
}

WARMSHELL_INLINE double triangular(double low, double mode, double high, double u) {
  const double rising = low + math::sqrt(u * ((high - low) * (mode - low)));
  const double falling = high - math::sqrt((1 - u) * ((high - low) * (high - mode)));
  return u * (high - low) < mode - low ? rising : falling;
}

WARMSHELL_INLINE double uniform(double low, double high, double u) {
  return low + u * (high - low);
}

// Position (count-1) u of an ascending sample, linear in between; count >= 2.
WARMSHELL_INLINE double empirical(const double* sorted, std::size_t count, double u) {
  const double position = u * static_cast<double>(count - 1);
  const int last = static_cast<int>(count) - 2;
  const int floor = static_cast<int>(position);
  const int i = floor < last ? floor : last;
  const double below = sorted[i], above = sorted[i + 1];
  const double x = below + (position - i) * (above - below);
  return x < above ? x : above;
}

}  // namespace warmshell::laws
