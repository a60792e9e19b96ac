#include "base/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/kernels.h"
#include "base/laws.h"
#include "base/math.h"

namespace warmshell {

namespace {

template <class... F>
struct Cases : F... {
  using F::operator()...;
};
template <class... F>
Cases(F...) -> Cases<F...>;

// A spread ratio beyond this puts the far quantiles out of double's range.
constexpr double largest_ratio = 1e9;

// x = p50 + scale (e^(s z) - 1), or p50 + scale z when s = 0: the limit of the former.
struct PreparedMyerson {
  double s, scale;
};

PreparedMyerson prepare(const Myerson& law) {
  const double below = law.p50 - law.p10, above = law.p90 - law.p50;
  // s may be off by an ulp of 1: where it is small, scale (e^(s z) - 1) hardly depends on it
  const double s = math::log(above / below) / math::z90;
  if (s == 0) return {0, below / math::z90};
  return {s, below / -math::expm1(-s * math::z90)};
}

double total_weight(const Discrete& law) {
  return std::accumulate(law.weights.begin(), law.weights.end(), 0.0);
}

// A law that has u rather than z as its natural argument.
double at_share(const Triangular& law, double u) {
  return laws::triangular(law.low, law.mode, law.high, u);
}

double at_share(const Uniform& law, double u) {
  return laws::uniform(law.low, law.high, u);
}

double at_share(const Discrete& law, double u) {
  const double threshold = u * total_weight(law);
  double cumulative = 0;
  for (std::size_t k = 0; k + 1 < law.values.size(); ++k) {
    cumulative += law.weights[k];
    if (!(threshold > cumulative)) return law.values[k];
  }
  return law.values.back();
}

double at_share(const Empirical& law, double u) {
  if (law.sorted.size() == 1) return law.sorted[0];
  return laws::empirical(law.sorted.data(), law.sorted.size(), u);
}

double at_normal(const Myerson& law, double z) {
  const PreparedMyerson p = prepare(law);
  return p.s == 0 ? laws::affine(law.p50, p.scale, z)
                  : laws::affine_expm1(law.p50, p.scale, p.s, z);
}

double at_normal(const Lognormal& law, double z) {
  return laws::affine_exp(law.origin, law.median - law.origin, law.sigma, z);
}

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

std::optional<std::string> problem_of(const Fixed& law) {
  if (!std::isfinite(law.value)) return "the value must be finite";
  return std::nullopt;
}

std::optional<std::string> problem_of(const Myerson& law) {
  if (!all_finite({law.p10, law.p50, law.p90})) return "p10, p50 and p90 must be finite";
  if (!(law.p10 < law.p50)) return "p10 must lie below p50";
  if (!(law.p50 < law.p90)) return "p50 must lie below p90";
  const double ratio = (law.p90 - law.p50) / (law.p50 - law.p10);
  if (!(ratio <= largest_ratio && ratio >= 1 / largest_ratio)) {
    return "the distances p50 - p10 and p90 - p50 differ by a factor of more than 1e9";
  }
  return std::nullopt;
}

std::optional<std::string> problem_of(const Triangular& law) {
  if (!all_finite({law.low, law.mode, law.high})) return "low, mode and high must be finite";
  if (!(law.low < law.high)) return "low must lie below high";
  if (!(law.low <= law.mode && law.mode <= law.high)) return "mode must lie between low and high";
  return std::nullopt;
}

std::optional<std::string> problem_of(const Lognormal& law) {
  if (!all_finite({law.median, law.sigma, law.origin})) return "median and sigma must be finite";
  if (!(law.median > law.origin)) {
    return law.origin == 0 ? "the median must be above 0" : "the median must lie above the origin";
  }
  if (!(law.sigma > 0)) return "sigma must be above 0";
  if (law.sigma > 20) return "sigma must be at most 20";
  return std::nullopt;
}

std::optional<std::string> problem_of(const Uniform& law) {
  if (!all_finite({law.low, law.high})) return "low and high must be finite";
  if (!(law.low < law.high)) return "low must lie below high";
  return std::nullopt;
}

std::optional<std::string> problem_of(const Discrete& law) {
  if (law.values.empty()) return "at least one value is needed";
  if (law.values.size() != law.weights.size()) return "each value needs one weight";
  if (!all_finite(law.values)) return "the values must be finite";
  if (!all_finite(law.weights)) return "the weights must be finite";
  for (const double weight : law.weights) {
    if (!(weight > 0)) return "each weight must be above 0";
  }
  if (!std::isfinite(total_weight(law))) return "the weights must have a finite sum";
  for (std::size_t k = 1; k < law.values.size(); ++k) {
    if (!(law.values[k - 1] < law.values[k])) return "the values must ascend";
  }
  return std::nullopt;
}

std::optional<std::string> problem_of(const Empirical& law) {
  if (law.sorted.empty()) return "the sample is empty";
  if (law.sorted.size() > 1'000'000'000) return "the sample has more than 1e9 values";
  if (!all_finite(law.sorted)) return "the sample must be finite";
  if (!std::is_sorted(law.sorted.begin(), law.sorted.end())) return "the sample must ascend";
  return std::nullopt;
}

}  // namespace

Law make_quantiles(double p10, double p50, double p90) {
  if (p10 == p50 && p50 == p90) return Fixed{p50};
  return Myerson{p10, p50, p90};
}

Law make_lognormal_p50_p90(double p50, double p90) {
  return Lognormal{p50, math::log(p90 / p50) / math::z90, 0};
}

Law make_discrete(std::vector<double> values, std::vector<double> weights) {
  if (values.size() != weights.size()) return Discrete{std::move(values), std::move(weights)};
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  Discrete law;
  for (const std::size_t k : order) {
    if (!law.values.empty() && law.values.back() == values[k]) {
      law.weights.back() += weights[k];
    } else {
      law.values.push_back(values[k]);
      law.weights.push_back(weights[k]);
    }
  }
  return law;
}

Law make_empirical(std::vector<double> sample) {
  // NaN has no place in an order; left as it came, `problem` refuses it
  if (all_finite(sample)) std::sort(sample.begin(), sample.end());
  return Empirical{std::move(sample)};
}

std::optional<std::string> problem(const Law& law) {
  return std::visit([](const auto& l) { return problem_of(l); }, law);
}

bool is_fixed(const Law& law) {
  return std::visit(
      Cases{[](const Fixed&) { return true; }, [](const Myerson&) { return false; },
            [](const Triangular&) { return false; }, [](const Lognormal&) { return false; },
            [](const Uniform&) { return false; },
            [](const Discrete& l) { return l.values.size() == 1; },
            [](const Empirical& l) { return l.sorted.front() == l.sorted.back(); }},
      law);
}

double quantile(const Law& law, double u) {
  return std::visit(
      Cases{[](const Fixed& l) { return l.value; },
            [u](const Myerson& l) { return at_normal(l, math::normal_quantile(u)); },
            [u](const Lognormal& l) { return at_normal(l, math::normal_quantile(u)); },
            [u](const auto& l) { return at_share(l, u); }},
      law);
}

double from_normal(const Law& law, double z) {
  return std::visit(Cases{[](const Fixed& l) { return l.value; },
                          [z](const Myerson& l) { return at_normal(l, z); },
                          [z](const Lognormal& l) { return at_normal(l, z); },
                          [z](const auto& l) { return at_share(l, math::normal_cdf(z)); }},
                    law);
}

void from_normal(const Law& law, const double* z, double* out, std::size_t n) {
  const ColumnKernels& kernel = kernels();
  std::visit(Cases{[=](const Fixed& l) { std::fill_n(out, n, l.value); },
                   [=, &kernel](const Myerson& l) {
                     const PreparedMyerson p = prepare(l);
                     if (p.s == 0) {
                       kernel.affine(l.p50, p.scale, z, out, n);
                     } else {
                       kernel.affine_expm1(l.p50, p.scale, p.s, z, out, n);
                     }
                   },
                   [=, &kernel](const Triangular& l) {
                     kernel.triangular(l.low, l.mode, l.high, z, out, n);
                   },
                   [=, &kernel](const Lognormal& l) {
                     kernel.affine_exp(l.origin, l.median - l.origin, l.sigma, z, out, n);
                   },
                   [=, &kernel](const Uniform& l) { kernel.uniform(l.low, l.high, z, out, n); },
                   [=, &kernel](const Discrete& l) {
                     kernel.discrete(l.values.data(), l.weights.data(), l.values.size(), z, out, n);
                   },
                   [=, &kernel](const Empirical& l) {
                     if (l.sorted.size() == 1) {
                       std::fill_n(out, n, l.sorted[0]);
                     } else {
                       kernel.empirical(l.sorted.data(), l.sorted.size(), z, out, n);
                     }
                   }},
             law);
}

double p10(const Law& law) {
  const auto* myerson = std::get_if<Myerson>(&law);
  return myerson ? myerson->p10 : quantile(law, 0.1);
}

double p50(const Law& law) {
  return quantile(law, 0.5);
}

double p90(const Law& law) {
  const auto* myerson = std::get_if<Myerson>(&law);
  return myerson ? myerson->p90 : quantile(law, 0.9);
}

double mean(const Law& law) {
  return std::visit(
      Cases{[](const Fixed& l) { return l.value; },
            [](const Myerson& l) {
              const PreparedMyerson p = prepare(l);
              return l.p50 + p.scale * math::expm1(p.s * p.s / 2);  // E e^(s z) = e^(s^2/2)
            },
            [](const Triangular& l) { return (l.low + l.mode + l.high) / 3; },
            [](const Lognormal& l) {
              return l.origin + (l.median - l.origin) * math::exp(l.sigma * l.sigma / 2);
            },
            [](const Uniform& l) { return l.low + (l.high - l.low) / 2; },
            [](const Discrete& l) {
              double sum = 0;
              for (std::size_t k = 0; k < l.values.size(); ++k) sum += l.values[k] * l.weights[k];
              return sum / total_weight(l);
            },
            [](const Empirical& l) {
              // of the law, linear between the sorted values: each end counts half
              const std::size_t n = l.sorted.size();
              if (n == 1) return l.sorted[0];
              double sum = (l.sorted.front() + l.sorted.back()) / 2;
              for (std::size_t i = 1; i + 1 < n; ++i) sum += l.sorted[i];
              return sum / static_cast<double>(n - 1);
            }},
      law);
}

Law scaled(const Law& law, double factor) {
  if (factor == 0) return Fixed{0};
  return std::visit(Cases{[factor](const Fixed& l) -> Law { return Fixed{l.value * factor}; },
                          [factor](const Myerson& l) -> Law {
                            return Myerson{l.p10 * factor, l.p50 * factor, l.p90 * factor};
                          },
                          [factor](const Triangular& l) -> Law {
                            return Triangular{l.low * factor, l.mode * factor, l.high * factor};
                          },
                          [factor](const Lognormal& l) -> Law {
                            return Lognormal{l.median * factor, l.sigma, l.origin * factor};
                          },
                          [factor](const Uniform& l) -> Law {
                            return Uniform{l.low * factor, l.high * factor};
                          },
                          [factor](Discrete l) -> Law {
                            for (double& x : l.values) x *= factor;
                            return l;
                          },
                          [factor](Empirical l) -> Law {
                            for (double& x : l.sorted) x *= factor;
                            return l;
                          }},
                    law);
}

Law shifted(const Law& law, double by) {
  return std::visit(Cases{[by](const Fixed& l) -> Law { return Fixed{l.value + by}; },
                          [by](const Myerson& l) -> Law {
                            return Myerson{l.p10 + by, l.p50 + by, l.p90 + by};
                          },
                          [by](const Triangular& l) -> Law {
                            return Triangular{l.low + by, l.mode + by, l.high + by};
                          },
                          [by](const Lognormal& l) -> Law {
                            return Lognormal{l.median + by, l.sigma, l.origin + by};
                          },
                          [by](const Uniform& l) -> Law {
                            return Uniform{l.low + by, l.high + by};
                          },
                          [by](Discrete l) -> Law {
                            for (double& x : l.values) x += by;
                            return l;
                          },
                          [by](Empirical l) -> Law {
                            for (double& x : l.sorted) x += by;
                            return l;
                          }},
                    law);
}

}  // namespace warmshell
