#pragma once
// Laws of one uncertain number, over plain double in whatever unit the owner states.
//
// A Law is a description: plain data, immutable once valid, safe to read from any thread. Every law
// is evaluated as a non-decreasing function of one standard normal z, or of u = Phi(z), so a copula
// over normals carries any mix of laws. Evaluation never allocates and calls no libm: the same
// bytes on every x86-64. Evaluating a law for which `problem` returns a text has no meaning.

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace warmshell {

struct Fixed {
  double value = 0;
  bool operator==(const Fixed&) const = default;
};

// Three quantiles, p10 < p50 < p90 (Myerson 2005): r = (p90-p50)/(p50-p10), s = ln r / z90,
// x = p50 + (p50-p10) (e^(s z) - 1)/(1 - 1/r). r = 1 is the normal. z90 = 1.2815515655446004.
// Lower bound p50 - (p50-p10) r/(r-1) when r > 1, an upper bound likewise when r < 1.
struct Myerson {
  double p10 = 0, p50 = 0, p90 = 0;
  bool operator==(const Myerson&) const = default;
};

// low <= mode <= high, low < high.
struct Triangular {
  double low = 0, mode = 0, high = 0;
  bool operator==(const Triangular&) const = default;
};

// x = origin + (median - origin) e^(sigma z); median > origin, sigma > 0.
struct Lognormal {
  double median = 1, sigma = 0, origin = 0;
  bool operator==(const Lognormal&) const = default;
};

// low < high.
struct Uniform {
  double low = 0, high = 0;
  bool operator==(const Uniform&) const = default;
};

// values strictly ascending, one weight > 0 each; weights need not sum to 1. Quantile: the first
// value whose cumulative share reaches u. Build with make_discrete.
struct Discrete {
  std::vector<double> values, weights;
  bool operator==(const Discrete&) const = default;
};

// A sample in ascending order, at least one value. Quantile: linear between order statistics at
// position (n-1) u (type 7 of Hyndman and Fan 1996). Build with make_empirical.
struct Empirical {
  std::vector<double> sorted;
  bool operator==(const Empirical&) const = default;
};

using Law = std::variant<Fixed, Myerson, Triangular, Lognormal, Uniform, Discrete, Empirical>;

// Fixed when all three are equal, else Myerson (which `problem` may still refuse).
[[nodiscard]] Law make_quantiles(double p10, double p50, double p90);
[[nodiscard]] Law make_lognormal_p50_p90(double p50, double p90);
// Sorted, equal values joined. values and weights of equal length.
[[nodiscard]] Law make_discrete(std::vector<double> values, std::vector<double> weights);
[[nodiscard]] Law make_empirical(std::vector<double> sample);

// What makes the law meaningless, in words ("p10 must lie below p50"), or nothing.
[[nodiscard]] std::optional<std::string> problem(const Law& law);
[[nodiscard]] bool is_fixed(const Law& law);

[[nodiscard]] double quantile(const Law& law, double u);     // 0 < u < 1
[[nodiscard]] double from_normal(const Law& law, double z);  // z standard normal
// The same bits as the scalar form for each z; vectorised, no branch on data. out may be z itself.
void from_normal(const Law& law, const double* z, double* out, std::size_t n);

[[nodiscard]] double p10(const Law& law);
[[nodiscard]] double p50(const Law& law);
[[nodiscard]] double p90(const Law& law);
[[nodiscard]] double mean(const Law& law);

[[nodiscard]] Law scaled(const Law& law, double factor);  // factor >= 0; 0 gives Fixed{0}
[[nodiscard]] Law shifted(const Law& law, double by);

}  // namespace warmshell
