#pragma once
// Monthly quantiles over paths from fixed histograms: memory does not grow with the number of
// paths. A bin is a 64th part of an octave (1.1 % wide, either sign) from 2^-20 to 2^60; smaller
// amounts are one bin at zero, larger ones stand in the outermost. Counts are whole, so the order
// of joining does not matter. Thread rule: one Fan per thread, joined afterwards.

#include <cstdint>
#include <memory>
#include <vector>

namespace warmshell::value {

class Fan {
 public:
  explicit Fan(int months);
  void add(int month, const double* row, int count);
  void join(const Fan& other);
  // The value whose share of paths at or below reaches p: the middle of its bin.
  [[nodiscard]] double quantile(int month, double p) const;
  static constexpr double resolution = 1.0 / 64;  // of an octave

 private:
  static constexpr int lowest = -20, highest = 60, parts = 64;
  static constexpr int side = (highest - lowest) * parts;
  static constexpr int bins = 2 * side + 1;
  [[nodiscard]] static double middle_of(int bin);
  struct Free {
    void operator()(std::uint32_t* counts) const;
  };
  struct Range {  // of the bins that hold anything
    int first = bins, last = -1;
  };
  [[nodiscard]] std::uint32_t* counts_of(int month) const {
    return counts_.get() + static_cast<std::size_t>(month) * bins;
  }
  std::vector<Range> ranges_;  // [month]
  // [month][bin], mapped and never written where nothing falls: most of it costs no memory
  std::unique_ptr<std::uint32_t[], Free> counts_;
  std::vector<int> bins_of_row_;
};

}  // namespace warmshell::value
