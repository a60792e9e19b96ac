#pragma once
// A strip of a block: groups of paths, side by side, that a step takes together; how many is known
// when compiling. What is true of some of its paths is a set of them. Only for *_kernel.cc.

#include "fleet/kernel_data.h"
#include "fleet/lanes.h"

namespace {

using namespace warmshell::fleet;

using Paths = unsigned long;  // a set: a bit for each path, so a byte for each group

static inline Paths of_group(unsigned paths, int g) {
  return static_cast<Paths>(paths) << g * lanes;
}
static inline Paths group_if(bool in, int g) {
  return (static_cast<Paths>(in) * 255) << g * lanes;
}
static inline bool holds(Paths set, int g) {
  return (set >> g * lanes & 255) != 0;
}

template <int groups_of_strip>
struct StripOf {
  static constexpr int groups = groups_of_strip;
  static constexpr Paths all = ~Paths{0} >> (64 - groups * lanes);
  long width;  // of the block
  int from;    // first path

  // Where a group stands in a column of rows.
  long at(int item, int g) const { return item * width + from + g * lanes; }
  // The groups with marks that are not 0.
  Paths marked(const Mark* marks, int item) const {
    const Mark* of_item = marks + at(item, 0) / lanes;
    int some = 0;
    for (int g = 0; g < groups; ++g) some |= of_item[g];
    if (some == 0) return 0;
    Paths set = 0;
    for (int g = 0; g < groups; ++g) set |= group_if(of_item[g] != 0, g);
    return set;
  }
  // work(0), work(1), ...: written out, so that rows of the strip stay in registers.
  template <int g = 0, class Work>
  [[gnu::always_inline, gnu::flatten]] static inline void each(const Work& work) {
    if constexpr (g < groups) {
      work(g);
      each<g + 1>(work);
    }
  }
};

}  // namespace
