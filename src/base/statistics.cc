#include "base/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/math.h"

namespace warmshell {

namespace {

constexpr std::size_t lanes = 8;

// Sum of term(i) over i < n in the order stated at block_sum.
template <class Term>
double lane_sum(std::size_t n, Term term) {
  std::array<double, lanes> part{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t j = 0; j < lanes; ++j) part[j] += term(i + j);
  }
  for (std::size_t j = 0; i + j < n; ++j) part[j] += term(i + j);
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

// Q(a, x), the upper regularised incomplete gamma function, by series or continued fraction.
double upper_gamma(double a, double x) {
  if (x <= 0) return 1;
  const double front = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a, sum = term;
    for (double k = a + 1; term > sum * 1e-16; ++k) sum += term *= x / k;
    return 1 - front * sum;
  }
  double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;  // Lentz
  for (int i = 1; i < 100000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= c * d;
    if (std::abs(c * d - 1) < 1e-15) break;
  }
  return front * h;
}

}  // namespace

double block_sum(std::span<const double> x) {
  return lane_sum(x.size(), [&](std::size_t i) { return x[i]; });
}

Moments moments(std::span<const double> block) {
  if (block.empty()) return {};
  const double n = static_cast<double>(block.size());
  const double mean = block_sum(block) / n;
  const double squares = lane_sum(block.size(), [&](std::size_t i) {
    const double d = block[i] - mean;
    return d * d;
  });
  return {block.size(), mean, squares};
}

Moments joined(const Moments& earlier, const Moments& later) {
  if (earlier.count == 0) return later;
  if (later.count == 0) return earlier;
  const double a = static_cast<double>(earlier.count), b = static_cast<double>(later.count);
  const double step = later.mean - earlier.mean;
  return {earlier.count + later.count, earlier.mean + step * (b / (a + b)),
          earlier.squares + later.squares + step * step * (a * b / (a + b))};
}

double variance(const Moments& m) {
  return m.count < 2 ? 0 : m.squares / static_cast<double>(m.count - 1);
}

double standard_error(const Moments& m) {
  return m.count < 2 ? 0 : math::sqrt(variance(m) / static_cast<double>(m.count));
}

double sorted_quantile(std::span<const double> ascending, double u) {
  if (ascending.empty()) return math::not_a_number;
  const double position = u * static_cast<double>(ascending.size() - 1);
  const std::size_t i = std::min(static_cast<std::size_t>(position), ascending.size() - 1);
  const double share = position - static_cast<double>(i);
  if (share == 0 || i + 1 == ascending.size()) return ascending[i];
  const double below = ascending[i], above = ascending[i + 1];
  if (below == above) return below;
  if (std::isinf(below) || std::isinf(above)) return std::isinf(above) ? above : below;
  return std::min(below + share * (above - below), above);
}

double exact_quantile(std::vector<double> values, double u) {
  if (values.empty()) return math::not_a_number;
  const double position = u * static_cast<double>(values.size() - 1);
  const std::size_t i = std::min(static_cast<std::size_t>(position), values.size() - 1);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(i);
  std::nth_element(values.begin(), nth, values.end());
  if (i + 1 == values.size()) return *nth;
  const double pair[2] = {*nth, *std::min_element(nth + 1, values.end())};
  return sorted_quantile(pair, position - static_cast<double>(i));
}

std::vector<double> exact_quantiles(std::vector<double> values, std::span<const double> us) {
  std::sort(values.begin(), values.end());
  std::vector<double> out;
  for (const double u : us) out.push_back(sorted_quantile(values, u));
  return out;
}

Histogram::Histogram(double low, double width, std::size_t bins)
    : low_(low), width_(width), counts_(bins) {}

void Histogram::add(double x) {
  ++total_;
  const double bin = std::floor((x - low_) / width_);
  if (x == math::infinity) {
    ++never_;
  } else if (!(bin >= 0)) {
    ++below_;
  } else if (bin >= static_cast<double>(counts_.size())) {
    ++above_;
  } else {
    ++counts_[static_cast<std::size_t>(bin)];
  }
}

void Histogram::add(std::span<const double> block) {
  for (const double x : block) add(x);
}

void Histogram::join(const Histogram& other) {
  for (std::size_t k = 0; k < counts_.size(); ++k) counts_[k] += other.counts_[k];
  below_ += other.below_;
  above_ += other.above_;
  never_ += other.never_;
  total_ += other.total_;
}

double Histogram::at_rank(double rank) const {
  double passed = static_cast<double>(below_);
  if (rank <= passed && below_ > 0) return low_;
  for (std::size_t k = 0; k < counts_.size(); ++k) {
    const double here = static_cast<double>(counts_[k]);
    if (here > 0 && rank <= passed + here) {
      return low_ + width_ * (static_cast<double>(k) + (rank - passed) / here);
    }
    passed += here;
  }
  return high();
}

std::optional<double> Histogram::quantile(double u) const {
  const double rank = u * static_cast<double>(total_);
  if (total_ == never_ || rank > static_cast<double>(total_ - never_)) return std::nullopt;
  return at_rank(rank);
}

double correlation(std::span<const double> x, std::span<const double> y) {
  const Moments a = moments(x), b = moments(y);
  const double together =
      lane_sum(x.size(), [&](std::size_t i) { return (x[i] - a.mean) * (y[i] - b.mean); });
  const double scale = math::sqrt(a.squares) * math::sqrt(b.squares);
  return scale > 0 ? together / scale : 0;
}

double chi_square_p_value(double statistic, double degrees_of_freedom) {
  return upper_gamma(degrees_of_freedom / 2, statistic / 2);
}

double chi_square(std::span<const std::uint64_t> counts, std::span<const double> expected) {
  double sum = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double d = static_cast<double>(counts[k]) - expected[k];
    sum += d * d / expected[k];
  }
  return sum;
}

double kolmogorov_distance(std::vector<double> uniforms) {
  std::sort(uniforms.begin(), uniforms.end());
  const double n = static_cast<double>(uniforms.size());
  double worst = 0;
  for (std::size_t i = 0; i < uniforms.size(); ++i) {
    const double before = static_cast<double>(i) / n, after = static_cast<double>(i + 1) / n;
    worst = std::max({worst, uniforms[i] - before, after - uniforms[i]});
  }
  return worst;
}

double kolmogorov_p_value(double distance, std::size_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const double t = (root + 0.12 + 0.11 / root) * distance;  // Stephens 1970
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * t * t);
  return std::clamp(sum, 0.0, 1.0);
}

}  // namespace warmshell
