#include "base/kernels.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "base/hash.h"
#include "base/laws.h"
#include "base/math.h"
#include "base/philox.h"

namespace warmshell {
namespace {

using Values = std::vector<double>;

::testing::AssertionResult same_bits(const Values& a, const Values& b, const Values& input) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;  // the payload of a NaN has no meaning
    if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) {
      return ::testing::AssertionFailure()
             << "at " << input[i] << ": " << a[i] << " against " << b[i];
    }
  }
  return ::testing::AssertionSuccess();
}

// Ordinary values, far ones, and every edge; an odd count so that the tail loops run too.
Values inputs() {
  std::mt19937_64 generator(7);
  Values x = {0.0,
              -0.0,
              1.0,
              -1.0,
              math::infinity,
              -math::infinity,
              math::not_a_number,
              0x1p-1074,
              -0x1p-1074,
              0x1p-1022,
              1e308,
              -1e308,
              709.78,
              709.79,
              -745.1,
              -745.2,
              0x1p-53,
              1 - 0x1p-53,
              0.5,
              0.0225,
              0.9775};
  while (x.size() < 200'001) {
    x.push_back(std::bit_cast<double>(generator()));  // any bits
    x.push_back((static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5) * 80);
    x.push_back((static_cast<double>(generator() >> 11) * 0x1p-53 - 0.5) * 4);
  }
  return x;
}

Values uniform_inputs() {
  std::mt19937_64 generator(8);
  Values u = {0x1p-53, 1 - 0x1p-53, 0.5 - 0x1p-53, 0.5 + 0x1p-53};
  while (u.size() < 200'001) u.push_back(math::unit_interval(generator()));
  return u;
}

class EveryLevel : public ::testing::TestWithParam<VectorLevel> {
 protected:
  void SetUp() override {
    for (const VectorLevel level : available_levels()) {
      if (level == GetParam()) return;
    }
    GTEST_SKIP() << "this processor lacks " << name(GetParam());
  }
};

INSTANTIATE_TEST_SUITE_P(Kernels, EveryLevel,
                         ::testing::Values(VectorLevel::v2, VectorLevel::v3, VectorLevel::v4),
                         [](const auto& instance) {
                           return "v" + std::to_string(static_cast<int>(instance.param) + 2);
                         });

TEST_P(EveryLevel, functions_give_the_bits_of_the_scalar) {
  const ColumnKernels& k = kernels_at(GetParam());
  const Values x = inputs(), u = uniform_inputs();
  const auto check = [](const char* what, const Values& in, auto column, auto scalar) {
    Values got(in.size()), want(in.size());
    column(in.data(), got.data(), in.size());
    for (std::size_t i = 0; i < in.size(); ++i) want[i] = scalar(in[i]);
    EXPECT_TRUE(same_bits(got, want, in)) << what;
    Values in_place = in;
    column(in_place.data(), in_place.data(), in.size());
    EXPECT_TRUE(same_bits(in_place, want, in)) << what << " in place";
  };
  check("exp", x, k.exp, [](double v) { return math::exp(v); });
  check("expm1", x, k.expm1, [](double v) { return math::expm1(v); });
  check("log", x, k.log, [](double v) { return math::log(v); });
  check("log1p", x, k.log1p, [](double v) { return math::log1p(v); });
  check("normal_cdf", x, k.normal_cdf, [](double v) { return math::normal_cdf(v); });
  check("normal_quantile", u, k.normal_quantile, [](double v) { return math::normal_quantile(v); });
  for (const double y : {0.0, 1.0 / 12, -3.7, 250.0}) {
    check(
        "pow", x, [&](const double* in, double* out, std::size_t n) { k.pow(in, y, out, n); },
        [y](double v) { return math::pow(v, y); });
  }
  check(
      "affine_expm1", x,
      [&](const double* in, double* out, std::size_t n) { k.affine_expm1(3, 2, 0.4, in, out, n); },
      [](double v) { return laws::affine_expm1(3, 2, 0.4, v); });
  check(
      "triangular", x,
      [&](const double* in, double* out, std::size_t n) { k.triangular(1, 2, 7, in, out, n); },
      [](double v) { return laws::triangular(1, 2, 7, math::normal_cdf(v)); });
}

TEST_P(EveryLevel, random_columns_give_the_bits_of_the_scalar) {
  const ColumnKernels& k = kernels_at(GetParam());
  const StreamKey key = stream_key(42, "sites.quincy.power.grid-2.energised");
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{12345},
                                    (std::uint64_t{1} << 33) - 7, (std::uint64_t{1} << 40) + 2}) {
    for (const std::size_t n : {1u, 2u, 7u, 16u, 255u, 256u, 257u, 1001u}) {
      Values uniforms(n + 1, -7), normals(n + 1, -7);
      k.uniforms({key.bits, first, 3, 5}, uniforms.data(), n);
      k.normals({key.bits, first, 3, 5}, normals.data(), n);
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(uniforms[i], uniform01(key, first + i, 3, 5)) << first << " " << i;
        ASSERT_EQ(normals[i], standard_normal(key, first + i, 3, 5)) << first << " " << i;
      }
      EXPECT_EQ(uniforms[n], -7);  // nothing is written past the end
      EXPECT_EQ(normals[n], -7);
    }
  }
}

// The same bytes on every machine and for ever: a change here changes users' results.
TEST_P(EveryLevel, bytes_are_those_recorded) {
  const ColumnKernels& k = kernels_at(GetParam());
  Values z(4096), x(4096);
  k.normals({stream_key(1, "recorded").bits, 0, 0, 0}, z.data(), z.size());
  k.affine_expm1(10, 2, 0.3, z.data(), x.data(), x.size());
  const std::string_view bytes(reinterpret_cast<const char*>(x.data()), x.size() * sizeof(double));
  EXPECT_EQ(sha256_hex(bytes).substr(0, 16), "8e37af114d32d697");
}

TEST(Kernels, the_lowest_level_is_always_there) {
  EXPECT_EQ(available_levels().front(), VectorLevel::v2);
  EXPECT_EQ(&kernels(), &kernels_at(available_levels().back()));
}

}  // namespace
}  // namespace warmshell
