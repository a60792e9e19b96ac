#pragma once
// Elementary functions with the same bits on every x86-64 and every vector width.
//
// Only + - * /, square root, comparisons and integer operations on the bits are used, without
// contraction, so a loop over an array vectorises without changing a bit. Rounding must be to
// nearest and subnormals must be kept (the defaults). NaN in gives NaN out. The sign of a zero
// result is not defined. Largest errors, measured in math_test.cc against 64-bit-mantissa
// references:
//
//   exp            1 ulp         log     1 ulp       expm1   2 ulp        log1p  2 ulp
//   normal_cdf     2 ulp         pow     1 ulp       normal_quantile      2 ulp
//
// The coefficients come from tools/fit_math.py.

#include <cstdint>
#include <limits>

namespace warmshell::math {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr double z90 = 1.28155156554460046696510332945;  // normal_quantile(0.9)

// A function that leaves no copy of its own behind: kernels built for different vector levels may
// all use it without one level's code being linked into another.
#define WARMSHELL_INLINE [[gnu::always_inline]] inline

namespace detail {

// As tools/fit_math.py prints them.
// clang-format off
inline constexpr double exp_tail[] = {
    0x1.0000000000000p-1,
    0x1.5555555555557p-3,
    0x1.5555555555556p-5,
    0x1.11111111100dfp-7,
    0x1.6c16c16c162d6p-10,
    0x1.a01a01abe63a9p-13,
    0x1.a01a01a6d787dp-16,
    0x1.71de02372dd4ep-19,
    0x1.27e4db679d0c0p-22,
    0x1.af4dddd8d7f8cp-26,
    0x1.1f72fca335d17p-29};
inline constexpr double log_tail[] = {
    0x1.5555555555555p-1,
    0x1.9999999999a39p-2,
    0x1.2492492476a2ap-2,
    0x1.c71c7201a392ep-3,
    0x1.745cf8e57ad9ap-3,
    0x1.3b1c3bf3eb52ap-3,
    0x1.0fbde53294a1cp-3,
    0x1.0c0ad2b332f6ep-3};
inline constexpr double log_tail2[] = {
    0x1.999999999999ap-2,
    0x1.2492492492522p-2,
    0x1.c71c71c6ea5c9p-3,
    0x1.745d177ad2974p-3,
    0x1.3b1395b8d436dp-3,
    0x1.1118cd42614d9p-3,
    0x1.df7ba9a3c3a2ap-4,
    0x1.e03a2a85c66a4p-4};
inline constexpr double w_middle = 0x1.37fd000000000p+0;
inline constexpr double v_middle = 0x1.9ffc680000000p+1;
inline constexpr double cdf_k = 0x1.fffe780000000p+1;
inline constexpr double quantile_centre[] = {
    0x1.abd7512085795p+1,
    0x1.691b123610024p-1,
    0x1.f8f40f5b121c8p-8,
    -0x1.a50b349f4fbbfp-8,
    0x1.9b2fb3b8d2250p-12,
    0x1.7cc56bccc64f0p-14,
    -0x1.d7fd742a62ba9p-17,
    -0x1.059dcc6afb8eep-20,
    0x1.842054f46fe9fp-22,
    -0x1.290c0a7d29a0bp-30,
    -0x1.0ea6c00632278p-27,
    0x1.10b970834611ep-31,
    0x1.4299b01af9017p-33,
    -0x1.5d5f2a4d9714ap-36,
    -0x1.2ec5213a36989p-39,
    0x1.42ea16a184691p-41,
    0x1.1a8978597827cp-46,
    -0x1.b8b9abff74a7cp-47,
    0x1.524a5d5c1039ep-52};
inline constexpr double quantile_tail[] = {
    0x1.3ed3c71943164p+0,
    0x1.9dc2fd20abc40p-2,
    -0x1.6db6317d9a0b6p-2,
    0x1.86c50ea7a5914p-3,
    -0x1.9912f7a8278dfp-4,
    0x1.8953ad554102fp-5,
    -0x1.881513ab35bb1p-6,
    0x1.6c7c1062f1c3ep-7,
    -0x1.6ae92419c5822p-8,
    0x1.42d2b757cff96p-9,
    -0x1.4f23c5bc62549p-10,
    0x1.0f68218d0f685p-11,
    -0x1.41e7be191dd9ap-12,
    0x1.8ab97b6ae2611p-14,
    -0x1.5ecbe5e8fd9d5p-14,
    0x1.4cc7600c2973cp-17,
    -0x1.c8b3a362bdf90p-16,
    -0x1.01cd122bb0e36p-16,
    -0x1.6633bcb48f445p-16};
inline constexpr double quantile_far_tail[] = {
    0x1.65ebe16586146p+0,
    0x1.cbbb1e7c622e1p-5,
    -0x1.8942d1f72465fp-4,
    0x1.010293af32888p-3,
    -0x1.3393861d94ee1p-3,
    0x1.5e94f6749dfa7p-3,
    -0x1.844141475d951p-3,
    0x1.a582f67ea70afp-3,
    -0x1.c345c2a9cd066p-3,
    0x1.de0808b3d5437p-3,
    -0x1.f649eeb688330p-3,
    0x1.062912a0b5e5ep-2,
    -0x1.103bf7de427a8p-2,
    0x1.19d34d0c21933p-2,
    -0x1.22b23e73425fcp-2,
    0x1.2644d2f1ae583p-2,
    -0x1.2a6b9b0fff7cfp-2,
    0x1.56eaf86d32719p-2,
    -0x1.70d5f5f669ca5p-2,
    0x1.52ac94e6a600fp-3,
    -0x1.ae02c0346d652p-4,
    0x1.7826be400d05ap-1,
    -0x1.adb254ec384a2p-1};
inline constexpr double cdf[] = {
    0x1.cfbed5409e329p-2,
    -0x1.fca6e96fb522dp-5,
    -0x1.712a3b202ee6cp-7,
    0x1.619f20b62692ap-5,
    -0x1.3b1f4a2b52a14p-5,
    0x1.421d6b6f8935bp-6,
    -0x1.4e8dc61f1e966p-8,
    -0x1.b3c886547a0abp-12,
    0x1.8041086d49b4cp-11,
    -0x1.6517524cc6110p-14,
    -0x1.88ea3b374ab12p-14,
    0x1.549eb5b8ce0e3p-16,
    0x1.e6a268b9b7721p-17,
    -0x1.b5c2aa528e546p-19,
    -0x1.70d8b1ef11ed1p-19,
    0x1.82a4c833c7195p-22,
    0x1.32fe9e35f83c6p-21,
    0x1.126a5ee24a103p-26,
    -0x1.e5713db11632ep-24,
    -0x1.c1c8bc3a4fb25p-26,
    0x1.230991c014d9ep-26,
    0x1.32f5fe078405bp-27,
    -0x1.8873e952150b0p-31,
    -0x1.85ceca0874e66p-30,
    -0x1.3ae4ad070a974p-32};
// clang-format on

WARMSHELL_INLINE std::uint64_t bits(double x) {
  return __builtin_bit_cast(std::uint64_t, x);
}
WARMSHELL_INLINE double from_bits(std::uint64_t b) {
  return __builtin_bit_cast(double, b);
}

// x with the lower 27 bits of its mantissa cleared: the product of two such is exact.
WARMSHELL_INLINE double upper_half(double x) {
  return from_bits(bits(x) & ~std::uint64_t{0x7ffffff});
}

// (a + a_more) (b + c) with little more than one rounding; |c| at most about |b|, a_more tiny.
WARMSHELL_INLINE double product_of_sum(double a, double b, double c, double a_more = 0) {
  const double a_high = upper_half(a), sum_high = upper_half(b + c);
  const double a_low = (a - a_high) + a_more, sum_low = (b - sum_high) + c;
  return a_high * sum_high + (a_high * sum_low + a_low * (sum_high + sum_low));
}

// c[I] + c[I+1] t + ... by even and odd powers, which halves the chain of dependent operations.
template <int I, int Step, int N>
WARMSHELL_INLINE double every(const double (&c)[N], double t) {
  if constexpr (I + Step >= N) {
    return c[I];
  } else {
    return c[I] + t * every<I + Step, Step>(c, t);
  }
}
template <int I, int N>
WARMSHELL_INLINE double polynomial(const double (&c)[N], double t) {
  const double tt = t * t;
  return every<I, 2>(c, tt) + t * every<I + 1, 2>(c, tt);
}

// The same with each coefficient chosen between two sets.
template <int I, int Step, int N>
WARMSHELL_INLINE double every(const double (&yes)[N], const double (&no)[N], bool which, double t) {
  const double c = which ? yes[I] : no[I];
  if constexpr (I + Step >= N) {
    return c;
  } else {
    return c + t * every<I + Step, Step>(yes, no, which, t);
  }
}
template <int I, int N>
WARMSHELL_INLINE double polynomial(const double (&yes)[N], const double (&no)[N], bool which,
                                   double t) {
  const double tt = t * t;
  return every<I, 2>(yes, no, which, tt) + t * every<I + 1, 2>(yes, no, which, tt);
}

struct Pair {  // high + low, |low| at most half an ulp of high
  double high, low;
};

WARMSHELL_INLINE Pair exact_sum(double a, double b) {
  const double s = a + b;
  const double part = s - a;
  return {s, (a - (s - part)) + (b - part)};
}

WARMSHELL_INLINE Pair quick_sum(double a, double b) {  // |a| >= |b|
  const double s = a + b;
  return {s, b - (s - a)};
}

WARMSHELL_INLINE Pair exact_product(double a, double b) {  // Dekker 1971; |a|, |b| < 2^970
  const double a_big = a * 134217729.0, b_big = b * 134217729.0;
  const double a_high = a_big - (a_big - a), b_high = b_big - (b_big - b);
  const double a_low = a - a_high, b_low = b - b_high;
  const double p = a * b;
  return {p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

inline constexpr double to_integer = 0x1.8p52;            // adding it rounds to the nearest integer
inline constexpr double ln2_high = 0x1.62e42fee00000p-1;  // 32 bits: times an exponent it is exact
inline constexpr double ln2_low = 0x1.a39ef35793c76p-33;
inline constexpr double log2_e = 0x1.71547652b82fep+0;

// 2^k from bits(k + to_integer), -1022 <= k <= 1023.
WARMSHELL_INLINE double power_of_two(std::uint64_t shifted) {
  return from_bits((shifted + 1023) << 52);
}

// y 2^k for any k of interest: in two steps, so that only the last one may round or overflow.
WARMSHELL_INLINE double scale(double y, double k) {
  const double half = k * 0.5 + to_integer;
  const double rest = (k - (half - to_integer)) + to_integer;
  return y * power_of_two(bits(half)) * power_of_two(bits(rest));
}

struct Reduced {
  double k;     // integer
  double r;     // |r| <= ln 2 / 2 (a little more when `low` was given)
  double lost;  // what rounding r lost
};

// x + low = k ln 2 + r
WARMSHELL_INLINE Reduced reduce(double x, double low = 0) {
  const double k = (x * log2_e + to_integer) - to_integer;
  const double high = x - k * ln2_high;
  const double small = k * ln2_low - low;
  const double r = high - small;
  return {k, r, (high - r) - small};
}

WARMSHELL_INLINE double clamp(double x, double low, double high) {
  const double y = x < low ? low : x;  // keeps NaN
  return y > high ? high : y;
}

// log of a normal positive number.
WARMSHELL_INLINE double log_normal_range(double x, double extra_exponent = 0) {
  // x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2)
  constexpr std::uint64_t root_half = 0x3fe6a09e00000000, one = 0x3ff0000000000000;
  const std::uint64_t b = bits(x) + (one - root_half);
  const double k = (from_bits((b >> 52) | 0x4330000000000000) - (0x1p52 + 1023)) + extra_exponent;
  const double f = from_bits((b & 0x000fffffffffffff) + root_half) - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  const double tail = z * polynomial<0>(log_tail, z);
  const double half_square = 0.5 * f * f;
  // log(1 + f) = f - (f^2/2 - s (f^2/2 + tail)): the small parts are summed first
  return k * ln2_high - ((half_square - (s * (half_square + tail) + k * ln2_low)) - f);
}

}  // namespace detail

// (k + 1/2) 2^-52 with k the upper 52 bits: in [2^-53, 1 - 2^-53], symmetric about 1/2.
WARMSHELL_INLINE double unit_interval(std::uint64_t random) {
  return detail::from_bits((random >> 12) | 0x3ff0000000000000) - (1 - 0x1p-53);
}

WARMSHELL_INLINE double sqrt(double x) {
  return __builtin_sqrt(x);
}

WARMSHELL_INLINE double exp(double x) {
  const detail::Reduced a = detail::reduce(detail::clamp(x, -746, 710));
  const double p = detail::polynomial<0>(detail::exp_tail, a.r);
  return detail::scale(1 + (a.r + (a.r * a.r * p + a.lost)), a.k);
}

WARMSHELL_INLINE double expm1(double x) {
  // below -40 the result is -1 to the last bit
  const detail::Reduced a = detail::reduce(detail::clamp(x, -40, 710));
  const double p = detail::polynomial<0>(detail::exp_tail, a.r);
  const double near_zero = a.r + (a.r * a.r * p + a.lost * (1 + a.r));
  const double inverse =
      detail::power_of_two(detail::bits(detail::clamp(-a.k, -1022, 1022) + detail::to_integer));
  return detail::scale(near_zero + (1 - inverse), a.k);
}

WARMSHELL_INLINE double log(double x) {
  const bool subnormal = x < 0x1p-1022;
  const double y = detail::log_normal_range(subnormal ? x * 0x1p54 : x, subnormal ? -54 : 0);
  const double finite = x < infinity ? y : x;
  return x > 0 ? finite : (x == 0 ? -infinity : not_a_number);
}

WARMSHELL_INLINE double log1p(double x) {
  const double u = 1 + x;
  const double part = u - x;
  const double lost = (1 - part) + (x - (u - part));  // 1 + x = u + lost exactly
  const bool inside = u > 0 && u < infinity;
  const double y = log(u) + (inside ? lost : 0.0) / (inside ? u : 1.0);
  return y;
}

// Phi(x), the standard normal distribution function; relative accuracy holds far into the lower
// tail.
WARMSHELL_INLINE double normal_cdf(double x) {
  // Phi(-t) = e^(-t^2/2) M(t)/(t + b); t^2 is split so that its rounding does not reach the
  // exponent
  const double t = detail::clamp(__builtin_fabs(x), 0, 39);
  const double t_high = detail::from_bits(detail::bits(t) & ~std::uint64_t{0x7ffffff});
  const double rest = (t - t_high) * (t + t_high);
  const detail::Reduced a = detail::reduce(-0.5 * t_high * t_high, -0.5 * rest);
  const double e = a.r + (a.r * a.r * detail::polynomial<0>(detail::exp_tail, a.r) + a.lost);
  const double s = (t + t) / (t + detail::cdf_k) - 1;  // near -1 more exact than (t-k)/(t+k)
  const detail::Pair n =
      detail::quick_sum(detail::cdf[0], s * detail::polynomial<1>(detail::cdf, s));
  const detail::Pair d = detail::exact_sum(t, 0.796875);
  const double inverse = 1 / d.high;
  const double m = n.high * inverse;
  const detail::Pair back = detail::exact_product(m, d.high);
  const double m_low = ((n.high - back.high) - back.low + n.low - m * d.low) * inverse;
  const double lower = detail::scale(detail::product_of_sum(m, 1, e, m_low), a.k);
  return x > 0 ? 1 - lower : lower;
}

namespace detail {

// The quantile in steps, so that a column may take one after the other: short loops overlap better
// than one long chain. |z| = scale c(t), the centre and the tail each with its own
// c.
struct QuantileArgument {
  double t, scale;
};

WARMSHELL_INLINE double smaller_share(double u) {
  return u > 0.5 ? 1 - u : u;
}
WARMSHELL_INLINE bool is_central(double p) {
  return p > 0.0225;
}

WARMSHELL_INLINE double quantile_log(double u) {
  const double p = smaller_share(u);
  return -log_normal_range(is_central(p) ? 4 * p * (1 - p) : p);
}

WARMSHELL_INLINE QuantileArgument quantile_argument(double u, double w) {
  const double p = smaller_share(u);
  const double v = __builtin_sqrt(w);
  const bool centre = is_central(p);
  return {centre ? w - w_middle : (v - v_middle) / (v + 1.5), centre ? 0.5 - p : v};
}

WARMSHELL_INLINE double quantile_value(double u, QuantileArgument a) {
  const bool centre = is_central(smaller_share(u));
  const double c0 = centre ? quantile_centre[0] : quantile_tail[0];
  const double c1 = centre ? quantile_centre[1] : quantile_tail[1];
  const double rest = a.t * (c1 + a.t * polynomial<2>(quantile_centre, quantile_tail, centre, a.t));
  return __builtin_copysign(product_of_sum(a.scale, c0, rest), u - 0.5);
}

}  // namespace detail

// The standard normal quantile for 2^-53 <= u <= 1 - 2^-53, the range of Philox uniforms.
// Branch-free.
WARMSHELL_INLINE double normal_quantile_of_uniform(double u) {
  return detail::quantile_value(u, detail::quantile_argument(u, detail::quantile_log(u)));
}

// The same for every u: 0 gives -infinity, 1 infinity, outside NaN.
inline double normal_quantile(double u) {
  if (u >= 0x1p-53 && u <= 1 - 0x1p-53) return normal_quantile_of_uniform(u);
  if (!(u >= 0 && u <= 1)) return not_a_number;
  if (u == 0) return -infinity;
  if (u == 1) return infinity;
  const double v = sqrt(-log(u));
  const double t = (v - 13) / (v + 13);
  const double rest = t * detail::polynomial<1>(detail::quantile_far_tail, t);
  return -detail::product_of_sum(v, detail::quantile_far_tail[0], rest);
}

namespace detail {

// log x to about 65 bits, x positive and finite.
WARMSHELL_INLINE Pair log_pair(double x) {
  const bool subnormal = x < 0x1p-1022;
  constexpr std::uint64_t root_half = 0x3fe6a09e00000000, one = 0x3ff0000000000000;
  const std::uint64_t b = bits(subnormal ? x * 0x1p54 : x) + (one - root_half);
  const double k =
      (from_bits((b >> 52) | 0x4330000000000000) - (0x1p52 + 1023)) - (subnormal ? 54 : 0);
  const double m = from_bits((b & 0x000fffffffffffff) + root_half);
  // s = (m-1)/(m+1), z = s^2, log m = s (2 + z (2/3 + z L2(z)))
  const double f = m - 1;
  const Pair d = exact_sum(1, m);
  const double s = f / d.high;
  const Pair back = exact_product(s, d.high);
  const double s_low = (((f - back.high) - back.low) - s * d.low) / d.high;
  Pair z = exact_product(s, s);
  z.low += 2 * s * s_low;
  const Pair two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
  Pair g = exact_sum(two_thirds.high, z.high * polynomial<0>(log_tail2, z.high));
  g.low += two_thirds.low;
  Pair h = exact_product(z.high, g.high);
  h.low += z.high * g.low + z.low * g.high;
  Pair v = exact_sum(2, h.high);
  v.low += h.low;
  Pair y = exact_product(s, v.high);
  y.low += s * v.low + s_low * v.high;
  Pair sum = exact_sum(k * ln2_high, y.high);
  sum.low += y.low + k * ln2_low;
  return exact_sum(sum.high, sum.low);
}

}  // namespace detail

// x^y for x >= 0. A negative x gives NaN (1 when y = 0), whole y included.
WARMSHELL_INLINE double pow(double x, double y) {
  const bool usual = x > 0 && x < infinity;
  const detail::Pair l = detail::log_pair(usual ? x : 1.0);
  const double bounded = detail::clamp(y, -1e22, 1e22);  // beyond, only 0, 1 and infinity come out
  const detail::Pair product = detail::exact_product(bounded, l.high);
  const bool in_range = __builtin_fabs(product.high) < 746;
  const detail::Reduced a = detail::reduce(detail::clamp(product.high, -746, 710),
                                           in_range ? product.low + bounded * l.low : 0.0);
  const double p = detail::polynomial<0>(detail::exp_tail, a.r);
  const double finite = detail::scale(1 + (a.r + (a.r * a.r * p + a.lost)), a.k);
  // x = 0 or infinity, y != 0
  const double at_zero = y > 0 ? 0.0 : infinity, at_infinity = y > 0 ? infinity : 0.0;
  const double edge = x == 0 ? at_zero : (x > 0 ? at_infinity : not_a_number);
  const double any = usual ? finite : edge;
  const double known = y == y ? any : y;
  return y == 0 ? 1.0 : known;
}

}  // namespace warmshell::math
