#pragma once
// Quantiles over paths, a row (a month, say) at a time, from fixed histograms: memory does not grow
// with the number of paths. A bin is a `parts`-th part of an octave, of either sign, from 2^-20 to
// 2^60; smaller amounts are one bin at zero, larger ones stand in the outermost. A quantile is the
// middle of its bin, but within the least and the most of the row: what is the same on all paths is
// exact, and nothing lies outside what occurred. Counts are whole, so the order of joining does not
// matter. Thread rule: one Fan per thread, joined afterwards.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "value/fan_kernel.h"

namespace warmshell::value {

class Fan {
 public:
  static constexpr int coarse = 64, fine = 1024;
  // parts: a power of two
  explicit Fan(int rows, int parts = coarse, fleet::VectorLevel level = fleet::best_level());
  void add(int row, const double* values, int count);
  void join(const Fan& other);
  // For shares that never fall: the least value at or below which that share of the paths lies.
  [[nodiscard]] std::vector<double> quantiles(int row, std::span<const double> shares) const;
  [[nodiscard]] double quantile(int row, double share) const;
  // A quantile is off by at most this part of itself: half a bin.
  [[nodiscard]] double resolution() const { return 0.5 / parts_; }

 private:
  static constexpr int lowest = -20, highest = 60;
  struct Free {
    void operator()(std::uint32_t* counts) const;
  };
  struct Row {
    std::int64_t paths = 0;
    Extent extent;
  };
  [[nodiscard]] double middle_of(int bin) const;
  [[nodiscard]] std::uint32_t* counts_of(int row) const {
    return counts_.get() + static_cast<std::size_t>(row) * bins_;
  }
  int parts_;
  BinShape shape_;
  std::size_t bins_;
  const FanKernels* kernels_;
  std::vector<Row> rows_;
  // [row][bin], mapped and never written where nothing falls: most of it costs no memory
  std::unique_ptr<std::uint32_t[], Free> counts_;
  std::vector<std::int32_t> bins_of_row_;
};

}  // namespace warmshell::value
