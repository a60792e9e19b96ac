#include "replay/packing/go_random.h"

#include <vector>

namespace warmshell::replay::packing {

namespace {

using Register = std::array<std::uint64_t, GoRandom::length>;
// A polynomial of degree below 607 over the integers modulo 2^64, coefficient of x^i at i.
using Polynomial = std::array<std::uint64_t, GoRandom::length>;

constexpr std::size_t length = GoRandom::length;
constexpr std::size_t lag = GoRandom::lag;
constexpr std::uint64_t draws_ahead = 7'800'000'000'000;

// Park and Miller's multiplicative generator, the seeder.
constexpr std::uint64_t modulus = 2147483647;
std::uint64_t next_seed(std::uint64_t x) {
  return 48271 * x % modulus;
}

// Every word of the register is three seeder values, shifted by high, low and 0 bits.
Register seeded(std::uint64_t seed, int high, int low) {
  std::uint64_t x = seed;
  for (int i = 0; i < 20; ++i) x = next_seed(x);
  Register words;
  for (std::uint64_t& word : words) {
    x = next_seed(x);
    word = x << high;
    x = next_seed(x);
    word ^= x << low;
    x = next_seed(x);
    word ^= x;
  }
  return words;
}

// x^607 = x^334 + 1: the recurrence read as a rule on exponents.
void reduce(std::vector<std::uint64_t>& wide) {
  for (std::size_t i = wide.size() - 1; i >= length; --i) {
    wide[i - length] += wide[i];
    wide[i - length + lag] += wide[i];
  }
}

Polynomial square(const Polynomial& p) {
  std::vector<std::uint64_t> wide(2 * length - 1, 0);
  for (std::size_t i = 0; i < length; ++i)
    for (std::size_t j = 0; j < length; ++j) wide[i + j] += p[i] * p[j];
  reduce(wide);
  Polynomial result;
  for (std::size_t i = 0; i < length; ++i) result[i] = wide[i];
  return result;
}

Polynomial times_x(const Polynomial& p) {
  Polynomial result{};
  for (std::size_t i = 0; i + 1 < length; ++i) result[i + 1] = p[i];
  result[0] += p[length - 1];
  result[lag] += p[length - 1];
  return result;
}

// x^exponent, by squaring from the top bit down.
Polynomial power_of_x(std::uint64_t exponent) {
  Polynomial result{};
  result[0] = 1;
  for (int bit = 63; bit >= 0; --bit) {
    result = square(result);
    if ((exponent >> bit & 1) != 0) result = times_x(result);
  }
  return result;
}

// The register holds the last 607 terms of the sequence; term j stands at (333 - j) modulo 607.
std::size_t position(std::uint64_t term) {
  return (lag - 1 + length - term % length) % length;
}

Register jump_ahead(const Register& start, std::uint64_t draws) {
  std::vector<std::uint64_t> terms(2 * length);
  for (std::size_t j = 0; j < length; ++j) terms[j] = start[position(j)];
  for (std::size_t j = length; j < terms.size(); ++j)
    terms[j] = terms[j - length] + terms[j - length + lag];
  // Term draws + k is the same combination of the terms k .. k + 606, for every k.
  const Polynomial combination = power_of_x(draws);
  Register result{};
  for (std::size_t k = 0; k < length; ++k)
    for (std::size_t i = 0; i < length; ++i)
      result[position(draws + k)] += combination[i] * terms[k + i];
  return result;
}

}  // namespace

const Register& far_register() {
  static const Register words = jump_ahead(seeded(1, 20, 10), draws_ahead);
  return words;
}

GoRandom::GoRandom(std::int64_t seed) {
  std::int64_t x = seed % static_cast<std::int64_t>(modulus);
  if (x < 0) x += static_cast<std::int64_t>(modulus);
  if (x == 0) x = 89482311;
  register_ = seeded(static_cast<std::uint64_t>(x), 40, 20);
  const Register& far = far_register();
  for (std::size_t i = 0; i < length; ++i) register_[i] ^= far[i];
}

std::uint32_t GoRandom::below(std::uint32_t n) {
  const auto draw31 = [this] { return static_cast<std::uint32_t>(draw63() >> 32); };
  if ((n & (n - 1)) == 0) return draw31() & (n - 1);
  const std::uint32_t largest = 0x7fff'ffffu - 0x8000'0000u % n;
  std::uint32_t draw = draw31();
  while (draw > largest) draw = draw31();
  return draw % n;
}

std::uint32_t GoRandom::below_by_product(std::uint32_t n) {
  const auto product = [this, n] { return (draw63() >> 31) * n; };
  std::uint64_t p = product();
  if (static_cast<std::uint32_t>(p) < n) {
    const std::uint32_t uneven = (0u - n) % n;
    while (static_cast<std::uint32_t>(p) < uneven) p = product();
  }
  return static_cast<std::uint32_t>(p >> 32);
}

}  // namespace warmshell::replay::packing
