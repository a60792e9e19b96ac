// Bands over paths against sorted samples.

#include "value/fan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace warmshell::value {
namespace {

constexpr double zero = 0x1p-20;  // what is smaller than this is one bin

// Whole numbers at random, the same everywhere.
struct Dice {
  std::uint64_t state = 88172645463325252u;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  double share() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  int below(int limit) { return static_cast<int>(next() % static_cast<std::uint64_t>(limit)); }
};

// Either sign, zeros of both signs, sizes from below the smallest bin to 2^59, some of them often.
std::vector<double> some_sample(Dice& dice, int count) {
  const int kind = dice.below(4), octaves = 1 + dice.below(80);
  std::vector<double> sample;
  for (int i = 0; i < count; ++i) {
    const double size = std::ldexp(1 + dice.share(), dice.below(octaves) - 20);
    const bool negative = kind == 1 || (kind >= 2 && dice.below(2) == 0);
    if (kind == 3 && dice.below(3) == 0)
      sample.push_back(i > 0 && dice.below(2) == 0 ? sample.back() : negative ? -0.0 : 0.0);
    else
      sample.push_back(negative ? -size : size);
  }
  return sample;
}

std::vector<fleet::VectorLevel> levels() {
  std::vector<fleet::VectorLevel> here;
  for (const auto level : {fleet::VectorLevel::v2, fleet::VectorLevel::v3, fleet::VectorLevel::v4})
    if (fleet::runs_here(level)) here.push_back(level);
  return here;
}

TEST(Fan, what_is_the_same_on_all_paths_is_exact) {
  for (const double x : {12.0, 969.8140237500002, -25103512345.67, 0.1, 1e-9, -3e-7, 4e18, 0.0}) {
    Fan fan(1), other(1);
    const std::vector<double> row(100, x);
    fan.add(0, row.data(), 100);
    other.add(0, row.data(), 37);
    fan.join(other);
    for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0}) EXPECT_EQ(fan.quantile(0, share), x);
  }
}

TEST(Fan, no_quantile_lies_outside_what_occurred) {
  Fan fan(1);
  const std::vector<double> row{45, 45, 45, 45, -7, 12};
  fan.add(0, row.data(), 6);
  EXPECT_EQ(fan.quantile(0, 0.0), -7);
  EXPECT_EQ(fan.quantile(0, 0.1), -7);
  EXPECT_EQ(fan.quantile(0, 0.5), 45);
  EXPECT_EQ(fan.quantile(0, 0.9), 45);
}

TEST(Fan, quantiles_are_off_by_at_most_half_a_bin) {
  Dice dice;
  for (const int parts : {Fan::coarse, Fan::fine})
    for (int round = 0; round < 200; ++round) {
      const int count = 1 + dice.below(round % 10 == 0 ? 2000 : 60);
      std::vector<double> sample = some_sample(dice, count);
      Fan fan(2, parts);
      fan.add(1, sample.data(), count);
      std::sort(sample.begin(), sample.end());
      for (const double share : {0.0, 0.05, 0.1, 0.25, 0.5, 0.77, 0.9, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * count));
        const double exact = sample[std::max<std::size_t>(rank, 1) - 1], size = std::abs(exact);
        const double bin = size < zero ? 2 * zero : std::ldexp(1.0 / parts, std::ilogb(exact));
        EXPECT_LE(std::abs(fan.quantile(1, share) - exact), bin / 2) << share << " of " << count;
        if (size >= zero) {
          EXPECT_LE(std::abs(fan.quantile(1, share) - exact), fan.resolution() * size);
        }
      }
      EXPECT_EQ(fan.quantile(0, 0.5), 0);  // nothing was added
    }
}

TEST(Fan, several_quantiles_at_once_are_those_asked_for_one_by_one) {
  Dice dice;
  const std::vector<double> sample = some_sample(dice, 500);
  Fan fan(1);
  fan.add(0, sample.data(), 500);
  const std::vector<double> shares{0.1, 0.1, 0.5, 0.9}, found = fan.quantiles(0, shares);
  for (std::size_t i = 0; i < shares.size(); ++i) EXPECT_EQ(found[i], fan.quantile(0, shares[i]));
}

TEST(Fan, the_order_of_joining_and_the_vector_level_change_nothing) {
  Dice dice;
  for (int round = 0; round < 50; ++round) {
    const int count = 10 + dice.below(300), first = dice.below(count + 1);
    const std::vector<double> sample = some_sample(dice, count);
    Fan all(1);
    all.add(0, sample.data(), count);
    for (const fleet::VectorLevel level : levels()) {
      Fan early(1, Fan::coarse, level), late(1, Fan::coarse, level), one(1), other(1);
      early.add(0, sample.data(), first);
      late.add(0, sample.data() + first, count - first);
      one.join(early);
      one.join(late);
      other.join(late);
      other.join(early);
      for (int percent = 0; percent <= 100; ++percent) {
        const double expected = all.quantile(0, percent / 100.0);
        EXPECT_EQ(one.quantile(0, percent / 100.0), expected);
        EXPECT_EQ(other.quantile(0, percent / 100.0), expected);
      }
    }
  }
}

TEST(Fan, kernels_find_the_bins_and_the_extent_of_plain_arithmetic) {
  Dice dice;
  const BinShape shape{46, 1003 * 64, 80 * 64};
  for (int count = 1; count < 70; ++count) {
    std::vector<double> sample = some_sample(dice, count);
    sample.front() = count % 2 == 0 ? 1e30 : -1e30;  // beyond the outermost bin
    for (const fleet::VectorLevel level : levels()) {
      std::vector<std::int32_t> bins(static_cast<std::size_t>(count));
      fan_kernels(level).bins(sample.data(), count, shape, bins.data());
      const Extent extent = fan_kernels(level).extent(sample.data(), count);
      const auto [least, most] = std::minmax_element(sample.begin(), sample.end());
      Extent of_least = fan_kernels(level).extent(&*least, 1),
             of_most = fan_kernels(level).extent(&*most, 1);
      EXPECT_EQ(extent.least, of_least.least);
      EXPECT_EQ(extent.most, of_most.most);
      for (std::size_t i = 0; i < sample.size(); ++i) {
        const double size = std::abs(sample[i]);
        int place = 0;
        if (size >= zero)
          place = std::min(1 + 64 * (std::ilogb(size) + 20) +
                               static_cast<int>((std::ldexp(size, -std::ilogb(size)) - 1) * 64),
                           80 * 64);
        EXPECT_EQ(bins[i], 80 * 64 + (sample[i] < 0 ? -place : place)) << sample[i];
        EXPECT_EQ(bin_of(fan_kernels(level).extent(&sample[i], 1).least, shape), bins[i]);
      }
    }
  }
}

}  // namespace
}  // namespace warmshell::value
