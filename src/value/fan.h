#pragma once
// Monthly quantiles over paths from fixed histograms: memory does not grow with the number of
// paths. A bin is a 64th part of an octave (1.1 % wide, either sign) from 2^-20 to 2^60; smaller
// amounts are one bin at zero, larger ones stand in the outermost. Counts are whole, so the order
// of joining does not matter. Thread rule: one Fan per thread, joined afterwards.

#include <cstdint>
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
  [[nodiscard]] static int bin_of(double x);
  [[nodiscard]] static double middle_of(int bin);
  std::vector<std::uint32_t> counts_;
};

}  // namespace warmshell::value
