// Every level of eight.h does lane by lane what the language does with one double.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/eight_test_kernel.h"
#include "base/kernels.h"

namespace warmshell {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::array values = {0.0,    -0.0,     1.0,       -1.0,      3.5,   1e300,
                               5e-324, infinity, -infinity, no_number, -1e-7, 2.0};

EightWork* work_at(VectorLevel level) {
  return level == VectorLevel::v2   ? v2::eight_work
         : level == VectorLevel::v3 ? v3::eight_work
                                    : v4::eight_work;
}
EightSums* sums_at(VectorLevel level) {
  return level == VectorLevel::v2   ? v2::eight_sums
         : level == VectorLevel::v3 ? v3::eight_sums
                                    : v4::eight_sums;
}

std::array<double, eight_results> by_lane(double x, double y, bool counted) {
  return {x + y,          x - y,          x * y,          x / y,          -x,
          y < x ? y : x,  x < y ? y : x,  x < y ? x : y,  x <= y ? x : y, x > y && y > -1 ? x : 0,
          x >= y ? x : 0, y != 0 ? x : 0, counted ? x : 0};
}

bool same(double a, double b) {  // which of several numbers that are none is not told
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

TEST(Eight, every_level_does_what_one_double_does_signed_zeros_and_no_numbers_too) {
  for (const VectorLevel level : available_levels())
    for (std::size_t i = 0; i < values.size(); ++i)
      for (std::size_t j = 0; j < values.size(); ++j) {
        double a[8], b[8], results[eight_results * 8 + 1];
        for (std::size_t lane = 0; lane < 8; ++lane) {
          a[lane] = values[(i + lane) % values.size()];
          b[lane] = values[(j + 5 * lane) % values.size()];
        }
        const int count = static_cast<int>(i) - 2;
        work_at(level)(a, b, count, results);
        for (int lane = 0; lane < 8; ++lane) {
          const auto expected = by_lane(a[lane], b[lane], lane < count);
          for (std::size_t k = 0; k < eight_results; ++k)
            EXPECT_TRUE(same(results[k * 8 + lane], expected[k]))
                << name(level) << ": result " << k << " of " << a[lane] << " and " << b[lane]
                << " is " << results[k * 8 + lane] << ", not " << expected[k];
        }
        if (std::none_of(a, a + 8, [](double x) { return std::isnan(x); })) {
          EXPECT_EQ(results[eight_results * 8], *std::min_element(a, a + 8)) << name(level);
        }
      }
}

TEST(Eight, every_level_folds_rows_in_the_same_order) {
  double rows[11 * 8], expected[11];
  for (int i = 0; i < 11 * 8; ++i) rows[i] = std::ldexp(1.0 + i / 3.0, i * 7 % 60);
  for (int k = 0; k < 11; ++k) {
    const double* x = rows + k * 8;
    expected[k] = 0.1 + (((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])));
  }
  for (const VectorLevel level : available_levels()) {
    double sums[11];
    std::fill(sums, sums + 11, 0.1);
    sums_at(level)(rows, sums);
    for (int k = 0; k < 11; ++k) EXPECT_EQ(sums[k], expected[k]) << name(level) << ", row " << k;
  }
}

}  // namespace
}  // namespace warmshell
