#pragma once
// SHA-256 (FIPS 180-4), for the fingerprint of a run's inputs. Not for secrets.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace warmshell {

class Sha256 {
 public:
  void update(std::string_view bytes);
  // A string together with its length, so that ("ab", "c") and ("a", "bc") differ.
  void update_field(std::string_view bytes);
  [[nodiscard]] std::array<std::uint8_t, 32> digest() const;  // of what came so far
  [[nodiscard]] std::string hex() const;                      // 64 lower-case digits

 private:
  void compress(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> pending_{};
  std::uint64_t length_ = 0;  // bytes in all
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace warmshell
