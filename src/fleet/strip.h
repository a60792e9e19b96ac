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

// Of eight groups at once: a byte, a mark or a number each.
static inline __m128i no_bits() {
  return _mm_setzero_si128();
}
static inline __m128i load_bits(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
static inline Paths first_bytes(__m128i bytes) {
  return static_cast<Paths>(_mm_cvtsi128_si64(bytes));
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
    if constexpr (groups == 8) {
      const __m128i all_marks = load_bits(of_item);
      return first_bytes(_mm_cmpgt_epi8(_mm_packs_epi16(all_marks, all_marks), no_bits()));
    }
    Paths set = 0;
    for (int g = 0; g < groups; ++g) set |= group_if(of_item[g] != 0, g);
    return set;
  }
  // The groups of which a number is above a bound.
  Paths number_above(const int* numbers, int item, int bound) const {
    const int* of_item = numbers + at(item, 0) / lanes;
    if constexpr (groups == 8) {
      const __m128i bounds = _mm_set1_epi32(bound);
      const __m128i low = _mm_cmpgt_epi32(load_bits(of_item), bounds);
      const __m128i high = _mm_cmpgt_epi32(load_bits(of_item + 4), bounds);
      return first_bytes(_mm_packs_epi16(_mm_packs_epi32(low, high), no_bits()));
    }
    Paths set = 0;
    for (int g = 0; g < groups; ++g) set |= group_if(of_item[g] > bound, g);
    return set;
  }
  // Adds a mark to the groups of which some path is in a set.
  void mark(unsigned char* marks, int item, Paths set, Moved what) const {
    unsigned char* of_item = marks + at(item, 0) / lanes;
    if constexpr (groups == 8) {
      const __m128i out = _mm_cmpeq_epi8(_mm_cvtsi64_si128(static_cast<long long>(set)), no_bits());
      const Paths in = first_bytes(_mm_andnot_si128(out, _mm_set1_epi8(static_cast<char>(what))));
      Paths all_marks;
      __builtin_memcpy(&all_marks, of_item, sizeof all_marks);
      all_marks |= in;
      __builtin_memcpy(of_item, &all_marks, sizeof all_marks);
      return;
    }
    for (int g = 0; g < groups; ++g)
      if (holds(set, g)) of_item[g] |= what;
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
