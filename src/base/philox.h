#pragma once
// Counter-based random numbers: Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC'11. Nothing has state: a number is a pure function of
// (seed, name, path, index, draw), so any path can be drawn again alone, on any thread.
//
//   key      stream_key(seed, dotted name): FNV-1a of the name's bytes, mixed with the seed by the
//            splitmix64 finaliser. Stable for ever: results depend on it.
//   counter  words 0, 1: path / 2 (low, high word); word 2: index; word 3: draw.
//            An even path takes words 0 and 1 of the block as its 64 bits, an odd one words 2
//            and 3.
//   uniform  (k + 1/2) 2^-52 with k the upper 52 of the 64 bits: open interval, symmetric about
//   1/2,
//            least 2^-53.
//   normal   the quantile of that uniform; |z| <= 8.21.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/kernels.h"
#include "base/math.h"

namespace warmshell {

using PhiloxWords = std::array<std::uint32_t, 4>;

[[nodiscard]] constexpr PhiloxWords philox4x32_10(PhiloxWords counter, std::uint32_t key0,
                                                  std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{counter[0]} * 0xd2511f53u;
    const std::uint64_t b = std::uint64_t{counter[2]} * 0xcd9e8d57u;
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(a)};
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
  return counter;
}

struct StreamKey {
  std::uint64_t bits = 0;
  constexpr bool operator==(const StreamKey&) const = default;
};

// Finaliser of splitmix64 (Steele, Lea and Flood 2014).
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return hash;
}

[[nodiscard]] constexpr StreamKey stream_key(std::uint64_t seed, std::string_view name) {
  return {mixed(mixed(seed) ^ fnv1a(name))};
}

[[nodiscard]] constexpr std::uint64_t random_bits(StreamKey key, std::uint64_t path,
                                                  std::uint32_t index, std::uint32_t draw) {
  const std::uint64_t pair = path >> 1;
  const PhiloxWords w = philox4x32_10(
      {static_cast<std::uint32_t>(pair), static_cast<std::uint32_t>(pair >> 32), index, draw},
      static_cast<std::uint32_t>(key.bits), static_cast<std::uint32_t>(key.bits >> 32));
  return (path & 1) == 0 ? w[0] | std::uint64_t{w[1]} << 32 : w[2] | std::uint64_t{w[3]} << 32;
}

[[nodiscard]] inline double uniform01(StreamKey key, std::uint64_t path, std::uint32_t index = 0,
                                      std::uint32_t draw = 0) {
  return math::unit_interval(random_bits(key, path, index, draw));
}

[[nodiscard]] inline double standard_normal(StreamKey key, std::uint64_t path,
                                            std::uint32_t index = 0, std::uint32_t draw = 0) {
  return math::normal_quantile_of_uniform(uniform01(key, path, index, draw));
}

// One column: paths first_path, first_path + 1, ... The same bits as the scalar functions.
inline void uniforms(StreamKey key, std::uint64_t first_path, std::uint32_t index,
                     std::uint32_t draw, double* out, std::size_t n) {
  kernels().uniforms({key.bits, first_path, index, draw}, out, n);
}

inline void standard_normals(StreamKey key, std::uint64_t first_path, std::uint32_t index,
                             std::uint32_t draw, double* out, std::size_t n) {
  kernels().normals({key.bits, first_path, index, draw}, out, n);
}

}  // namespace warmshell
