#include "base/hash.h"

#include <bit>
#include <cstring>

namespace warmshell {

namespace {

// First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS
// 180-4, 4.2.2).
constexpr std::array<std::uint32_t, 64> round_constants = [] {
  std::array<std::uint32_t, 64> k{};
  std::size_t found = 0;
  for (std::uint64_t n = 2; found < k.size(); ++n) {
    bool prime = true;
    for (std::uint64_t d = 2; d * d <= n; ++d) prime = prime && n % d != 0;
    if (!prime) continue;
    // floor(cbrt(n) 2^32) by bisection over root^3 <= n 2^96
    __extension__ typedef unsigned __int128 Wide;
    std::uint64_t low = 0, high = std::uint64_t{1} << 36;
    while (high - low > 1) {
      const std::uint64_t middle = low + (high - low) / 2;
      const Wide square = static_cast<Wide>(middle) * middle;
      // middle < 2^35.8, so middle^3 < 2^107.4
      (square * middle <= static_cast<Wide>(n) << 96 ? low : high) = middle;
    }
    k[found++] = static_cast<std::uint32_t>(low);
  }
  return k;
}();

std::uint32_t big_endian(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

}  // namespace

void Sha256::compress(const std::uint8_t* block) {
  std::array<std::uint32_t, 64> w;
  for (std::size_t t = 0; t < 16; ++t) w[t] = big_endian(block + 4 * t);
  for (std::size_t t = 16; t < 64; ++t) {
    const std::uint32_t x = w[t - 15], y = w[t - 2];
    const std::uint32_t s0 = std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3);
    const std::uint32_t s1 = std::rotr(y, 17) ^ std::rotr(y, 19) ^ (y >> 10);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (std::size_t t = 0; t < 64; ++t) {
    const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t first = h + s1 + ((e & f) ^ (~e & g)) + round_constants[t] + w[t];
    const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t second = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  const std::array<std::uint32_t, 8> step = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state_[i] += step[i];
}

void Sha256::update(std::string_view bytes) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  std::size_t held = length_ % 64;
  length_ += left;
  while (left > 0) {
    if (held == 0 && left >= 64) {
      compress(p);
      p += 64;
      left -= 64;
      continue;
    }
    const std::size_t taken = left < 64 - held ? left : 64 - held;
    std::memcpy(pending_.data() + held, p, taken);
    held += taken;
    p += taken;
    left -= taken;
    if (held == 64) {
      compress(pending_.data());
      held = 0;
    }
  }
}

void Sha256::update_field(std::string_view bytes) {
  std::array<char, 8> size;
  for (std::size_t i = 0; i < 8; ++i) {
    size[i] = static_cast<char>(static_cast<std::uint64_t>(bytes.size()) >> (8 * i));
  }
  update({size.data(), size.size()});
  update(bytes);
}

std::array<std::uint8_t, 32> Sha256::digest() const {
  Sha256 last = *this;
  const std::uint64_t bit_length = length_ * 8;
  const std::size_t held = length_ % 64;
  std::array<char, 72> padding{};
  padding[0] = static_cast<char>(0x80);
  const std::size_t zeros_end = (held < 56 ? 56 : 120) - held;
  for (std::size_t i = 0; i < 8; ++i) {
    padding[zeros_end + i] = static_cast<char>(bit_length >> (8 * (7 - i)));
  }
  last.update({padding.data(), zeros_end + 8});
  std::array<std::uint8_t, 32> out;
  for (std::size_t i = 0; i < 32; ++i) {
    out[i] = static_cast<std::uint8_t>(last.state_[i / 4] >> (8 * (3 - i % 4)));
  }
  return out;
}

std::string Sha256::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest()) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

}  // namespace warmshell
