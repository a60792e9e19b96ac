#include "base/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numbers>
#include <random>

namespace warmshell {
namespace {

// References are glibc's functions in long double (64-bit mantissa, errors of an ulp or so of that
// format), 2^-11 of an ulp of double. The bounds are of the largest error seen over some tens of
// millions of points, with a little room; here fewer points are tried.
static_assert(std::numeric_limits<long double>::digits == 64);

double ulps(double got, long double want) {
  if (std::isnan(got)) return math::infinity;
  int exponent = 0;
  std::frexp(std::fabs(want), &exponent);
  const long double ulp = std::ldexp(1.0L, std::max(exponent - 53, -1074));
  return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / ulp);
}

struct Points {
  std::mt19937_64 generator{20251101};
  double between(double low, double high) {
    return low + (high - low) * (static_cast<double>(generator() >> 11) * 0x1p-53);
  }
  double log_between(double low, double high) {
    return std::exp(between(std::log(low), std::log(high)));
  }
};

template <class Function, class Reference, class Draw>
double worst_ulps(Function function, Reference reference, Draw draw, int count = 300'000) {
  double worst = 0;
  for (int i = 0; i < count; ++i) {
    const double x = draw();
    worst = std::max(worst, ulps(function(x), reference(x)));
  }
  return worst;
}

#define WORST(function, reference, draw)           \
  worst_ulps([](double x) { return function(x); }, \
             [](double x) -> long double { return reference(x); }, [&] { return draw; })

TEST(Math, exp_is_within_one_ulp) {
  Points p;
  EXPECT_LT(WORST(math::exp, expl, p.between(-1, 1)), 0.95);        // seen 0.850
  EXPECT_LT(WORST(math::exp, expl, p.between(-745, 709.7)), 0.95);  // seen 0.883
}

TEST(Math, expm1_is_within_two_ulps) {
  Points p;
  EXPECT_LT(WORST(math::expm1, expm1l, p.between(-1, 1)), 1.8);  // seen 1.632
  EXPECT_LT(WORST(math::expm1, expm1l, p.between(-50, 709.7)), 1.8);
  EXPECT_LT(WORST(math::expm1, expm1l, p.log_between(1e-300, 1)), 1.8);
  EXPECT_LT(WORST(math::expm1, expm1l, -p.log_between(1e-300, 1)), 1.8);
}

TEST(Math, log_is_within_one_ulp) {
  Points p;
  EXPECT_LT(WORST(math::log, logl, p.between(0.5, 2)), 0.95);  // seen 0.835
  EXPECT_LT(WORST(math::log, logl, p.between(0.999, 1.001)), 0.95);
  EXPECT_LT(WORST(math::log, logl, p.log_between(1e-307, 1e308)), 0.95);
  EXPECT_LT(WORST(math::log, logl, p.log_between(1e-320, 1e-308)), 0.95);  // subnormal
}

TEST(Math, log1p_is_within_two_ulps) {
  Points p;
  EXPECT_LT(WORST(math::log1p, log1pl, p.between(-0.9999, 1)), 1.6);  // seen 1.436
  EXPECT_LT(WORST(math::log1p, log1pl, p.log_between(1e-300, 1e300)), 1.6);
  EXPECT_LT(WORST(math::log1p, log1pl, -p.log_between(1e-300, 0.9)), 1.6);
}

TEST(Math, pow_is_within_one_ulp) {
  Points p;
  const auto of = [&](double x, double low, double high) {
    return worst_ulps([x](double y) { return math::pow(x, y); },
                      [x](double y) -> long double { return powl(x, y); },
                      [&] { return p.between(low, high); }, 100'000);
  };
  EXPECT_LT(of(1.05, -5000, 5000), 0.95);  // seen 0.893
  EXPECT_LT(of(1.6, -20, 20), 0.95);
  EXPECT_LT(of(1e-310, -0.9, 1), 0.95);
  const auto base = [&](double y, double low, double high) {
    return worst_ulps([y](double x) { return math::pow(x, y); },
                      [y](double x) -> long double { return powl(x, y); },
                      [&] { return p.log_between(low, high); }, 100'000);
  };
  EXPECT_LT(base(3.7, 1e-80, 1e80), 0.95);
  EXPECT_LT(base(1.0 / 12, 1e-300, 1e300), 0.95);
}

long double phi_below(long double x) {
  return erfcl(-x / sqrtl(2.0L)) / 2;
}

TEST(Math, normal_cdf_is_within_two_ulps_far_into_the_tail) {
  Points p;
  EXPECT_LT(WORST(math::normal_cdf, phi_below, p.between(-3, 3)), 1.6);       // seen 1.342
  EXPECT_LT(WORST(math::normal_cdf, phi_below, p.between(-37, -3)), 1.8);     // seen 1.584
  EXPECT_LT(WORST(math::normal_cdf, phi_below, p.between(-38.4, -37)), 2.0);  // seen 1.821
  EXPECT_LT(WORST(math::normal_cdf, phi_below, p.between(0, 9)), 1.6);
}

// The quantile in long double, by Newton steps from a double near it.
long double quantile_near(double u, double start) {
  long double z = start;
  for (int i = 0; i < 3; ++i) {
    const long double density = expl(-z * z / 2) / sqrtl(2 * std::numbers::pi_v<long double>);
    // the difference Phi(z) - u where it cancels least
    const long double excess =
        fabsl(z) < 1 ? erfl(z / sqrtl(2.0L)) / 2 - (static_cast<long double>(u) - 0.5L)
        : z < 0      ? phi_below(z) - u
                     : (1 - static_cast<long double>(u)) - phi_below(-z);
    z -= excess / density;
  }
  return z;
}

double worst_quantile(std::function<double()> draw, int count = 200'000) {
  double worst = 0;
  for (int i = 0; i < count; ++i) {
    const double u = draw();
    const double z = math::normal_quantile(u);
    worst = std::max(worst, ulps(z, quantile_near(u, z)));
  }
  return worst;
}

TEST(Math, normal_quantile_is_within_two_ulps) {
  Points p;
  EXPECT_LT(worst_quantile([&] { return math::unit_interval(p.generator()); }), 2.0);  // seen 1.810
  EXPECT_LT(worst_quantile([&] { return p.log_between(1.2e-16, 0.5); }), 2.0);
  EXPECT_LT(worst_quantile([&] { return 1 - p.log_between(1.2e-16, 0.5); }), 2.0);
  EXPECT_LT(worst_quantile([&] { return p.between(0.021, 0.024); }), 2.0);  // where the forms meet
  EXPECT_LT(worst_quantile([&] { return 0.5 + p.log_between(1e-15, 0.1); }), 2.0);
  EXPECT_LT(worst_quantile([&] { return p.log_between(1e-307, 1.1e-16); }), 2.0);
}

TEST(Math, normal_quantile_never_falls) {
  Points p;
  for (const double start : {0x1p-53, 1e-9, 0.0225, 0.3, 0.5, 0.7, 0.9775, 1 - 1e-9}) {
    double u = start, z = math::normal_quantile(u);
    for (int i = 0; i < 20'000; ++i) {
      u += 0x1p-53;
      const double next = math::normal_quantile(u);
      // neighbours differ by less than the error near the middle, so an ulp of slack
      ASSERT_GE(next, z - std::fabs(z) * 0x1p-51) << u;
      z = next;
    }
  }
}

TEST(Math, known_normal_values) {
  // 30-digit values from mpmath 1.3: sqrt(2) erfinv(2u - 1)
  EXPECT_DOUBLE_EQ(math::normal_quantile(0.9), 1.28155156554460046696510332945);
  EXPECT_DOUBLE_EQ(math::normal_quantile(0.975), 1.95996398454005423552459443052);
  EXPECT_DOUBLE_EQ(math::z90, math::normal_quantile(0.9));
  EXPECT_DOUBLE_EQ(-math::z90, math::normal_quantile(0.1));
  EXPECT_EQ(math::normal_quantile(0.5), 0);
  EXPECT_EQ(math::normal_cdf(0), 0.5);
  EXPECT_DOUBLE_EQ(math::normal_cdf(1), 0.841344746068542948585232545632);
  EXPECT_DOUBLE_EQ(math::normal_cdf(-10), 7.61985302416052606597337225152e-24);
}

TEST(Math, edges) {
  const double inf = math::infinity, nan = math::not_a_number;
  EXPECT_EQ(math::exp(0), 1);
  EXPECT_EQ(math::exp(inf), inf);
  EXPECT_EQ(math::exp(-inf), 0);
  EXPECT_EQ(math::exp(709.782712893384), std::exp(709.782712893384));
  EXPECT_EQ(math::exp(709.79), inf);
  EXPECT_EQ(math::exp(-745.2), 0);
  EXPECT_EQ(math::exp(-745), 0x1p-1074);
  EXPECT_TRUE(std::isnan(math::exp(nan)));

  EXPECT_EQ(math::expm1(0), 0);
  EXPECT_EQ(math::expm1(inf), inf);
  EXPECT_EQ(math::expm1(-inf), -1);
  EXPECT_EQ(math::expm1(0x1p-1074), 0x1p-1074);
  EXPECT_TRUE(std::isnan(math::expm1(nan)));

  EXPECT_EQ(math::log(1), 0);
  EXPECT_EQ(math::log(0), -inf);
  EXPECT_EQ(math::log(-0.0), -inf);
  EXPECT_EQ(math::log(inf), inf);
  EXPECT_TRUE(std::isnan(math::log(-1)));
  EXPECT_TRUE(std::isnan(math::log(-inf)));
  EXPECT_TRUE(std::isnan(math::log(nan)));
  EXPECT_DOUBLE_EQ(math::log(0x1p-1074), -744.440071921381262);

  EXPECT_EQ(math::log1p(0), 0);
  EXPECT_EQ(math::log1p(-1), -inf);
  EXPECT_EQ(math::log1p(inf), inf);
  EXPECT_TRUE(std::isnan(math::log1p(-2)));
  EXPECT_TRUE(std::isnan(math::log1p(nan)));
  EXPECT_EQ(math::log1p(0x1p-1074), 0x1p-1074);

  EXPECT_EQ(math::pow(2, 10), 1024);
  EXPECT_EQ(math::pow(2, -1074), 0x1p-1074);
  EXPECT_EQ(math::pow(2, 1024), inf);
  EXPECT_EQ(math::pow(10, 22), 1e22);
  EXPECT_EQ(math::pow(0, 2), 0);
  EXPECT_EQ(math::pow(0, -2), inf);
  EXPECT_EQ(math::pow(0, 0), 1);
  EXPECT_EQ(math::pow(inf, 1), inf);
  EXPECT_EQ(math::pow(inf, -1), 0);
  EXPECT_EQ(math::pow(inf, 0), 1);
  EXPECT_EQ(math::pow(1, inf), 1);
  EXPECT_EQ(math::pow(1.1, inf), inf);
  EXPECT_EQ(math::pow(0.9, inf), 0);
  EXPECT_EQ(math::pow(1.1, -inf), 0);
  EXPECT_EQ(math::pow(nan, 0), 1);
  EXPECT_TRUE(std::isnan(math::pow(-8, 2)));
  EXPECT_TRUE(std::isnan(math::pow(nan, 1)));
  EXPECT_TRUE(std::isnan(math::pow(2, nan)));
  EXPECT_TRUE(std::isnan(math::pow(0, nan)));

  EXPECT_EQ(math::normal_cdf(inf), 1);
  EXPECT_EQ(math::normal_cdf(-inf), 0);
  EXPECT_TRUE(std::isnan(math::normal_cdf(nan)));
  EXPECT_EQ(math::normal_quantile(0), -inf);
  EXPECT_EQ(math::normal_quantile(1), inf);
  EXPECT_TRUE(std::isnan(math::normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(math::normal_quantile(1.1)));
  EXPECT_TRUE(std::isnan(math::normal_quantile(nan)));
  EXPECT_NEAR(math::normal_quantile(0x1p-1074), -38.467405617144344, 1e-13);  // mpmath
}

TEST(Math, whole_powers_are_exact_where_the_result_is) {
  for (int base = 2; base <= 9; ++base) {
    double exact = 1;
    for (int k = 0; exact < 0x1p53; ++k) {
      EXPECT_EQ(math::pow(base, k), exact) << base << "^" << k;
      exact *= base;
    }
  }
}

}  // namespace
}  // namespace warmshell
