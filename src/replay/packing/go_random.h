#pragma once
// The random stream of the published packing experiment (Go's math/rand before version 1.20), so
// that its workloads can be rebuilt to the last pod: an additive lagged Fibonacci register, s[n] =
// s[n-607] + s[n-273] modulo 2^64. Specified in Knuth, The Art of Computer Programming 2,
// section 3.2.2; constants of the seeding from the public documentation of that generator.
// Not for the world's draws: those are counter-based.

#include <array>
#include <cstddef>
#include <cstdint>

namespace warmshell::replay::packing {

class GoRandom {
 public:
  static constexpr std::size_t length = 607;
  static constexpr std::size_t lag = 334;  // 607 - 273

  explicit GoRandom(std::int64_t seed);

  // 63 random bits.
  std::uint64_t draw63() {
    tap_ = tap_ == 0 ? length - 1 : tap_ - 1;
    feed_ = feed_ == 0 ? length - 1 : feed_ - 1;
    return (register_[feed_] += register_[tap_]) & 0x7fff'ffff'ffff'ffff;
  }

  // Uniform in [0, n), n > 0, by rejection and remainder.
  std::uint32_t below(std::uint32_t n);
  // Uniform in [0, n), n > 0, by multiplication (Lemire); another sequence than below().
  std::uint32_t below_by_product(std::uint32_t n);

 private:
  std::array<std::uint64_t, length> register_;
  std::size_t tap_ = 0;
  std::size_t feed_ = lag;
};

// The register that every seed is mixed into: the same generator after 7.8e12 draws.
[[nodiscard]] const std::array<std::uint64_t, GoRandom::length>& far_register();

}  // namespace warmshell::replay::packing
