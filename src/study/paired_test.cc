#include "study/paired.h"

#include <gtest/gtest.h>

#include <cmath>

namespace warmshell::study {
namespace {

TEST(Paired, the_error_is_that_of_the_differences_and_not_of_either_mean) {
  const std::vector<double> base{10, 200, -3000, 40000}, other{11, 203, -2995, 40007};
  const Gain gain = paired_gain(base, other);
  EXPECT_DOUBLE_EQ(gain.mean, 4);  // of 1, 3, 5, 7
  EXPECT_DOUBLE_EQ(gain.se, std::sqrt((9.0 + 1 + 1 + 9) / 3 / 4));
}

TEST(Paired, only_paths_that_both_have_are_compared) {
  const Gain gain = paired_gain(std::vector<double>{1, 2}, std::vector<double>{2, 3, 1e9});
  EXPECT_EQ(gain.mean, 1);
  EXPECT_EQ(gain.se, 0);
  EXPECT_EQ(paired_gain({}, {}).mean, 0);
}

}  // namespace
}  // namespace warmshell::study
