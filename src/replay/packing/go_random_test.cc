#include "replay/packing/go_random.h"

#include <gtest/gtest.h>

#include <set>

namespace warmshell::replay::packing {
namespace {

// Known answers: the first outputs of Go's math/rand, as documented widely (rand.Seed(1) prints
// 5577006791947779410), and the first constant of its seeding table.
TEST(GoRandom, the_far_register_is_reached_by_jumping) {
  EXPECT_EQ(static_cast<std::int64_t>(far_register()[0]), -4181792142133755926);
}

TEST(GoRandom, seeds_give_the_published_first_draws) {
  EXPECT_EQ(GoRandom(1).draw63(), 5577006791947779410u);
  GoRandom random(42);
  EXPECT_EQ(random.draw63(), 3440579354231278675u);
  EXPECT_EQ(random.draw63(), 608747136543856411u);
}

TEST(GoRandom, seeds_are_taken_modulo_the_seeders_prime) {
  EXPECT_EQ(GoRandom(1 + 2147483647LL).draw63(), GoRandom(1).draw63());
  EXPECT_EQ(GoRandom(1 - 2147483647LL).draw63(), GoRandom(1).draw63());
  EXPECT_EQ(GoRandom(0).draw63(), GoRandom(89482311).draw63());
}

// Chi-square over 10 cells, 9 degrees of freedom: above 33.7 once in 10,000 streams.
TEST(GoRandom, numbers_below_n_are_even) {
  for (const bool by_product : {false, true}) {
    GoRandom random(7);
    std::array<int, 10> counts{};
    for (int i = 0; i < 100000; ++i)
      ++counts[by_product ? random.below_by_product(10) : random.below(10)];
    double chi_square = 0;
    for (const int count : counts) chi_square += (count - 1e4) * (count - 1e4) / 1e4;
    EXPECT_LT(chi_square, 33.7);
  }
}

TEST(GoRandom, numbers_below_n_stay_below_n) {
  GoRandom random(3);
  for (std::uint32_t n : {1u, 2u, 3u, 64u, 1000003u, 0x40000001u})
    for (int i = 0; i < 1000; ++i) {
      EXPECT_LT(random.below(n), n);
      EXPECT_LT(random.below_by_product(n), n);
    }
}

}  // namespace
}  // namespace warmshell::replay::packing
