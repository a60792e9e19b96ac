#include "base/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/math.h"
#include "base/philox.h"
#include "base/statistics.h"

namespace warmshell {
namespace {

struct Named {
  std::string name;
  Law law;
};

std::vector<Named> one_of_each() {
  return {
      {"fixed", Fixed{3}},
      {"myerson right", Myerson{10, 17, 36}},
      {"myerson left", Myerson{10, 29, 36}},
      {"myerson even", Myerson{10, 20, 30}},
      {"myerson nearly even", Myerson{10, 20, 30 + 1e-13}},
      {"myerson below zero", Myerson{-5, -1, 0}},
      {"triangular", Triangular{1, 2, 7}},
      {"triangular, mode low", Triangular{1, 1, 7}},
      {"triangular, mode high", Triangular{1, 7, 7}},
      {"lognormal", Lognormal{4, 0.5, 0}},
      {"lognormal shifted", Lognormal{4, 0.5, -3}},
      {"uniform", Uniform{-2, 5}},
      {"discrete", make_discrete({5, 1, 3}, {2, 1, 1})},
      {"discrete of one", make_discrete({5}, {2})},
      {"empirical", make_empirical({3, 1, 4, 1, 5, 9, 2, 6})},
      {"empirical of one", make_empirical({3})},
      {"empirical of two", make_empirical({3, 8})},
  };
}

TEST(Distribution, every_example_is_valid) {
  for (const auto& [name, law] : one_of_each()) EXPECT_EQ(problem(law), std::nullopt) << name;
}

TEST(Distribution, myerson_gives_its_three_quantiles_back) {
  for (const Myerson& l :
       {Myerson{10, 17, 36}, Myerson{10, 29, 36}, Myerson{10, 20, 30}, Myerson{-5, -1, 0},
        Myerson{0, 1, 1000}, Myerson{0, 999, 1000}, Myerson{304, 320.5, 347}}) {
    const double spread = l.p90 - l.p10;
    EXPECT_EQ(p10(l), l.p10);
    EXPECT_EQ(p50(l), l.p50);
    EXPECT_EQ(p90(l), l.p90);
    EXPECT_EQ(quantile(l, 0.5), l.p50);
    EXPECT_NEAR(quantile(l, 0.1), l.p10, 4e-15 * spread);
    EXPECT_NEAR(quantile(l, 0.9), l.p90, 4e-15 * spread);
  }
}

TEST(Distribution, myerson_follows_its_formula) {
  // straight from the definition, in long double
  const Myerson l{10, 17, 36};
  const long double r = 19.0L / 7.0L, s = logl(r) / 1.28155156554460046696510332945L;
  for (const double z : {-3.0, -1.0, -0.1, 0.0, 0.2, 1.0, 2.5, 6.0}) {
    const long double x = 17 + 7 * (expl(s * z) - 1) / (1 - 1 / r);
    EXPECT_NEAR(from_normal(l, z), static_cast<double>(x),
                1e-15 * std::fabs(static_cast<double>(x)) * 4);
  }
}

TEST(Distribution, an_even_myerson_is_the_normal_and_near_it_nothing_jumps) {
  const double sd = 10 / math::z90;
  for (const double z : {-8.0, -2.0, -0.3, 0.7, 3.0, 8.0}) {
    EXPECT_DOUBLE_EQ(from_normal(Myerson{10, 20, 30}, z), 20 + sd * z);
    // x moves with p90 no faster than (z/z90)(z + z90)/2z90 + ..., about 30 at z = 8
    for (double eps = 1e-15; eps < 1e-3; eps *= 10) {
      EXPECT_NEAR(from_normal(Myerson{10, 20, 30 + eps}, z), 20 + sd * z, 40 * eps + 4e-14) << eps;
      EXPECT_NEAR(from_normal(Myerson{10, 20, 30 - eps}, z), 20 + sd * z, 40 * eps + 4e-14) << eps;
    }
  }
}

TEST(Distribution, quantiles_known_by_hand) {
  EXPECT_DOUBLE_EQ(quantile(Uniform{-2, 5}, 0.25), -0.25);
  // low + sqrt(u (high-low)(mode-low)) up to u = 1/6, then high - sqrt((1-u)(high-low)(high-mode))
  EXPECT_DOUBLE_EQ(quantile(Triangular{1, 2, 7}, 1.0 / 6), 2);
  EXPECT_DOUBLE_EQ(quantile(Triangular{1, 2, 7}, 0.06), 1.6);
  EXPECT_DOUBLE_EQ(quantile(Triangular{1, 2, 7}, 0.7), 4);
  EXPECT_DOUBLE_EQ(quantile(Triangular{1, 1, 7}, 0.75), 4);
  EXPECT_DOUBLE_EQ(quantile(Triangular{1, 7, 7}, 0.25), 4);
  EXPECT_DOUBLE_EQ(quantile(Lognormal{4, 0.5, 0}, 0.5), 4);
  EXPECT_DOUBLE_EQ(quantile(Lognormal{4, 0.5, 0}, 0.9), 4 * std::exp(0.5 * math::z90));
  EXPECT_DOUBLE_EQ(p90(make_lognormal_p50_p90(4, 9)), 9);
  EXPECT_DOUBLE_EQ(p50(make_lognormal_p50_p90(4, 9)), 4);
  const Law die = make_discrete({5, 1, 3}, {2, 1, 1});
  EXPECT_EQ(quantile(die, 0.2), 1);
  EXPECT_EQ(quantile(die, 0.25), 1);
  EXPECT_EQ(quantile(die, 0.26), 3);
  EXPECT_EQ(quantile(die, 0.5), 3);
  EXPECT_EQ(quantile(die, 0.51), 5);
  EXPECT_EQ(quantile(die, 0.99), 5);
  const Law sample = make_empirical({40, 10, 20, 30, 50});
  EXPECT_EQ(quantile(sample, 0.5), 30);
  EXPECT_DOUBLE_EQ(quantile(sample, 0.1), 14);  // type 7: position 4 * 0.1
  EXPECT_DOUBLE_EQ(quantile(sample, 0.9), 46);
}

TEST(Distribution, quantiles_never_fall) {
  for (const auto& [name, law] : one_of_each()) {
    double before = -math::infinity;
    for (int i = 1; i < 20'000; ++i) {
      const double u = i / 20'000.0, x = quantile(law, u);
      ASSERT_GE(x, before - std::fabs(x) * 0x1p-50) << name << " at " << u;
      before = x;
    }
    before = -math::infinity;
    for (double z = -8.21; z < 8.21; z += 0.001) {
      const double x = from_normal(law, z);
      ASSERT_GE(x, before - std::fabs(x) * 0x1p-50) << name << " at z " << z;
      ASSERT_TRUE(std::isfinite(x)) << name << " at z " << z;
      before = x;
    }
  }
}

TEST(Distribution, shares_and_normals_are_two_ways_to_the_same_value) {
  for (const auto& [name, law] : one_of_each()) {
    if (std::holds_alternative<Discrete>(law)) continue;  // jumps where the last bit differs
    for (const double u : {0.001, 0.1, 0.37, 0.5, 0.8, 0.999}) {
      const double x = quantile(law, u);
      EXPECT_NEAR(from_normal(law, math::normal_quantile(u)), x, 1e-13 * (1 + std::fabs(x)))
          << name;
    }
  }
}

TEST(Distribution, columns_hold_the_bits_of_the_scalar) {
  std::vector<double> z(777), column(777);
  standard_normals(stream_key(9, "columns"), 0, 0, 0, z.data(), z.size());
  z[0] = 8.2095;
  z[1] = -8.2095;
  for (const auto& [name, law] : one_of_each()) {
    from_normal(law, z.data(), column.data(), z.size());
    for (std::size_t i = 0; i < z.size(); ++i) {
      ASSERT_EQ(column[i], from_normal(law, z[i])) << name << " at z " << z[i];
    }
    std::vector<double> in_place = z;
    from_normal(law, in_place.data(), in_place.data(), z.size());
    EXPECT_EQ(in_place, column) << name;
  }
}

// False alarm 1e-6 for each law: 4.9 standard errors.
TEST(Distribution, means_are_those_of_many_draws) {
  const std::size_t n = 100'000;
  std::vector<double> z(n), x(n);
  standard_normals(stream_key(11, "means"), 0, 0, 0, z.data(), n);
  for (const auto& [name, law] : one_of_each()) {
    from_normal(law, z.data(), x.data(), n);
    const Moments m = moments(x);
    EXPECT_NEAR(m.mean, mean(law), 4.9 * standard_error(m) + 1e-12) << name;
  }
}

TEST(Distribution, scaling_and_shifting_act_on_every_quantile) {
  for (const auto& [name, law] : one_of_each()) {
    const Law twice = scaled(law, 2.5), later = shifted(law, 12);
    EXPECT_EQ(problem(twice), std::nullopt) << name;
    EXPECT_EQ(problem(later), std::nullopt) << name;
    for (const double u : {0.01, 0.1, 0.33, 0.5, 0.9, 0.99}) {
      const double x = quantile(law, u);
      EXPECT_NEAR(quantile(twice, u), 2.5 * x, 1e-12 * (1 + std::fabs(x))) << name;
      EXPECT_NEAR(quantile(later, u), x + 12, 1e-11 * (1 + std::fabs(x))) << name;
    }
    EXPECT_EQ(scaled(law, 0), Law{Fixed{0}}) << name;
  }
}

TEST(Distribution, equal_quantiles_are_a_fixed_value) {
  EXPECT_EQ(make_quantiles(3, 3, 3), Law{Fixed{3}});
  EXPECT_EQ(make_quantiles(3, 4, 5), (Law{Myerson{3, 4, 5}}));
  EXPECT_TRUE(is_fixed(Fixed{3}));
  EXPECT_TRUE(is_fixed(make_discrete({3}, {1})));
  EXPECT_TRUE(is_fixed(make_empirical({3, 3})));
  EXPECT_FALSE(is_fixed(Myerson{3, 4, 5}));
}

TEST(Distribution, equal_values_of_a_discrete_law_are_joined) {
  EXPECT_EQ(make_discrete({2, 1, 2}, {1, 1, 3}), (Law{Discrete{{1, 2}, {1, 4}}}));
}

TEST(Distribution, what_makes_a_law_meaningless_is_said) {
  const double inf = math::infinity;
  const std::vector<std::pair<Law, std::string>> cases = {
      {Fixed{inf}, "the value must be finite"},
      {Myerson{1, 2, inf}, "p10, p50 and p90 must be finite"},
      {Myerson{2, 2, 3}, "p10 must lie below p50"},
      {Myerson{1, 3, 3}, "p50 must lie below p90"},
      {Myerson{1, 3, 2}, "p50 must lie below p90"},
      {Myerson{0, 1e-12, 1},
       "the distances p50 - p10 and p90 - p50 differ by a factor of more than 1e9"},
      {Triangular{1, 1, 1}, "low must lie below high"},
      {Triangular{1, 3, 2}, "mode must lie between low and high"},
      {Lognormal{0, 1, 0}, "the median must be above 0"},
      {Lognormal{1, 1, 2}, "the median must lie above the origin"},
      {Lognormal{1, 0, 0}, "sigma must be above 0"},
      {Lognormal{1, 21, 0}, "sigma must be at most 20"},
      {Uniform{2, 2}, "low must lie below high"},
      {Discrete{}, "at least one value is needed"},
      {make_discrete({1, 2}, {1}), "each value needs one weight"},
      {make_discrete({1, 2}, {1, 0}), "each weight must be above 0"},
      {make_discrete({1, inf}, {1, 1}), "the values must be finite"},
      {Discrete{{2, 1}, {1, 1}}, "the values must ascend"},
      {Empirical{}, "the sample is empty"},
      {make_empirical({1, math::not_a_number}), "the sample must be finite"},
      {Empirical{{2, 1}}, "the sample must ascend"},
  };
  for (const auto& [law, text] : cases) EXPECT_EQ(problem(law), text);
}

}  // namespace
}  // namespace warmshell
