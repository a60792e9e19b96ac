#pragma once
// Sets of groups of paths, and rows of them, for kernels that take the groups of a site side by
// side.

#include <cstddef>

#include "fleet/kernel_data.h"
#include "fleet/lanes.h"

namespace {

using namespace warmshell::fleet;

// A set of groups of one stretch of the block, one bit each.
using Groups = unsigned;
template <class Visit>
inline void each(Groups groups, Visit visit) {
  for (; groups != 0; groups &= groups - 1)
    visit(static_cast<std::ptrdiff_t>(static_cast<unsigned>(__builtin_ctz(groups))));
}
inline Groups group_if(bool some, std::ptrdiff_t g) {
  return static_cast<Groups>(some) << g;
}
// Those of which some lane is above 0.
inline Groups group_above_zero(Lanes a, std::ptrdiff_t g) {
  return group_if(any(above(a, zero())), g);
}
inline bool holds(Groups groups, std::ptrdiff_t g) {
  return (groups >> g & 1) != 0;
}

// Lanes of every group of a stretch.
struct GroupRow {
  Lanes of[stretch_groups];
  Lanes& operator[](std::ptrdiff_t g) { return of[g]; }
};

}  // namespace
