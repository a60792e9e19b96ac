#pragma once
// Eight bytes at once. Forced inline, as kernels of every vector level use it.

#include <cstdint>

namespace warmshell {

inline constexpr std::uint64_t lowest_bits = 0x0101010101010101;  // of each byte

// A bit for each byte that is not zero, that of the first one the lowest.
[[gnu::always_inline]] inline std::uint64_t nonzero_bytes(std::uint64_t bytes) {
  bytes |= bytes >> 4;
  bytes |= bytes >> 2;
  bytes |= bytes >> 1;  // the lowest bit of each byte is all of its bits
  return (bytes & lowest_bits) * 0x0102040810204080 >> 56;
}

}  // namespace warmshell
