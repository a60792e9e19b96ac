#pragma once
// Marks of rows, a byte for each group of eight paths: which kinds of rows moved. Forced inline, as
// kernels of every vector level use it.

#include <cstdint>

#include "base/nonzero_bytes.h"

namespace warmshell::value {

struct Marks {  // null: nothing is known
  const unsigned char* of = nullptr;
  unsigned char which = 255;  // bits that count (fleet/moved.h)
};

// A bit for each mark from `first` on that says so, eight at a time; at most 64 of them.
[[gnu::always_inline]] inline std::uint64_t moved_groups(Marks marks, std::int64_t first,
                                                         std::int64_t count) {
  const unsigned char* of = marks.of + first;
  std::uint64_t set = 0;
  std::int64_t g = 0;
  for (; g + 8 <= count; g += 8) {
    std::uint64_t bytes;
    __builtin_memcpy(&bytes, of + g, sizeof bytes);
    set |= nonzero_bytes(bytes & marks.which * lowest_bits) << g;
  }
  for (; g < count; ++g) set |= static_cast<std::uint64_t>((of[g] & marks.which) != 0) << g;
  return set;
}

}  // namespace warmshell::value
