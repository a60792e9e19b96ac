#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace warmshell {
namespace {

// NIST, "Cryptographic Standards and Guidelines: Examples with intermediate values", SHA-256, and
// the one million letters of FIPS 180-2, appendix B.3.
TEST(Hash, known_answers_of_nist) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, pieces_hash_like_the_whole) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  for (std::size_t size = 1; size < 200; ++size) {
    Sha256 hash;
    for (std::size_t i = 0; i < text.size(); i += size) hash.update(text.substr(i, size));
    EXPECT_EQ(hash.hex(), sha256_hex(text)) << size;
  }
}

TEST(Hash, fields_do_not_run_together) {
  const auto of = [](const std::string& a, const std::string& b) {
    Sha256 hash;
    hash.update_field(a);
    hash.update_field(b);
    return hash.hex();
  };
  EXPECT_NE(of("ab", "c"), of("a", "bc"));
  EXPECT_NE(of("", "abc"), of("abc", ""));
  EXPECT_EQ(of("ab", "c"), of("ab", "c"));
}

}  // namespace
}  // namespace warmshell
