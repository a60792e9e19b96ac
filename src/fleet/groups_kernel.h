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

// The groups of a stretch with any of some marks, and those of a set marked 1, the others 0.
inline Groups all_groups(int groups) {
  return (1u << groups) - 1;
}
inline Groups marked(const Mark* marks, Mark any_of, int groups) {
  Groups set = 0;
  if (groups == stretch_groups) {
    const __m128i all_marks = _mm_loadu_si128(reinterpret_cast<const __m128i*>(marks));
    const __m128i in = _mm_and_si128(all_marks, _mm_set1_epi16(static_cast<short>(any_of)));
    const __m128i out = _mm_cmpeq_epi16(in, _mm_setzero_si128());
    return ~static_cast<Groups>(_mm_movemask_epi8(_mm_packs_epi16(out, out))) & all_groups(groups);
  }
  for (int g = 0; g < groups; ++g) set |= group_if((marks[g] & any_of) != 0, g);
  return set;
}
inline void mark_groups(Mark* marks, Groups set, int groups) {
  for (int g = 0; g < groups; ++g) marks[g] = holds(set, g) ? 1 : 0;
}

// Lanes of every group of a stretch.
struct GroupRow {
  Lanes of[stretch_groups];
  Lanes& operator[](std::ptrdiff_t g) { return of[g]; }
};

}  // namespace
