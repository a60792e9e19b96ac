#pragma once
// Sums, moments and quantiles over paths that come out the same for any number of threads and any
// vector width. Within a block sums run over eight fixed lanes; blocks are joined in their order.
// Counts are whole numbers, so histograms may be joined in any order.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace warmshell {

// Lane j takes x[j], x[j + 8], ...; then ((0+1)+(2+3)) + ((4+5)+(6+7)).
[[nodiscard]] double block_sum(std::span<const double> x);

// Count, mean and spread of what was added; plain data that joins exactly in a fixed order.
struct Moments {
  std::uint64_t count = 0;
  double mean = 0;
  double squares = 0;  // sum of (x - mean)^2

  bool operator==(const Moments&) const = default;
};

[[nodiscard]] Moments moments(std::span<const double> block);
[[nodiscard]] Moments joined(const Moments& earlier, const Moments& later);  // Chan et al. 1979
[[nodiscard]] double variance(const Moments& m);        // divided by count - 1; 0 below two values
[[nodiscard]] double standard_error(const Moments& m);  // of the mean; 0 below two values

// Exact quantile at position (n-1) u, linear in between (type 7 of Hyndman and Fan 1996). Values
// may be infinite; between a finite and an infinite neighbour it is the infinite one. NaN when
// empty.
[[nodiscard]] double sorted_quantile(std::span<const double> ascending, double u);
[[nodiscard]] double exact_quantile(std::vector<double> values, double u);
// Several at once, from one sort.
[[nodiscard]] std::vector<double> exact_quantiles(std::vector<double> values,
                                                  std::span<const double> us);

// Counts in equal bins [low + k width, low + (k+1) width). +infinity counts as never, NaN is not
// allowed. A quantile is linear within its bin, so its resolution is `width`; mass below the first
// or above the last bin answers with that edge.
class Histogram {
 public:
  Histogram(double low, double width, std::size_t bins);

  void add(double x);
  void add(std::span<const double> block);
  void join(const Histogram& other);  // of equal shape

  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double high() const { return low_ + width_ * static_cast<double>(counts_.size()); }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t below() const { return below_; }
  [[nodiscard]] std::uint64_t above() const { return above_; }
  [[nodiscard]] std::uint64_t never() const { return never_; }
  [[nodiscard]] std::uint64_t total() const { return total_; }

  // Over everything: nothing where the quantile is never (or nothing was added).
  [[nodiscard]] std::optional<double> quantile(double u) const;

  bool operator==(const Histogram&) const = default;

 private:
  [[nodiscard]] double at_rank(double rank) const;  // rank <= total - never

  double low_, width_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t below_ = 0, above_ = 0, never_ = 0, total_ = 0;
};

// Pearson's r of two columns of equal length; 0 when either does not vary.
[[nodiscard]] double correlation(std::span<const double> x, std::span<const double> y);

// For tests of random things. The probability of a statistic at least this large when the claim
// holds: a test that fails below p raises a false alarm in a share p of all seeds.
[[nodiscard]] double chi_square_p_value(double statistic, double degrees_of_freedom);
[[nodiscard]] double chi_square(std::span<const std::uint64_t> counts,
                                std::span<const double> expected);
// Largest distance between the sample's distribution and the uniform; sorts its argument.
[[nodiscard]] double kolmogorov_distance(std::vector<double> uniforms);
[[nodiscard]] double kolmogorov_p_value(double distance, std::size_t n);  // asymptotic, n >= 100

}  // namespace warmshell
