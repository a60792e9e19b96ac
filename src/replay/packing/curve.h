#pragma once
// The published experiment's output: GPUs allocated against load arrived, both in percent of all
// GPUs.

#include <cstdint>
#include <span>
#include <vector>

namespace warmshell::replay::packing {

struct CurvePoint {
  int arrived_pct = 0;
  double allocated_pct = 0;  // two decimals
  bool operator==(const CurvePoint&) const = default;
};

// After every pod, placed or dropped.
struct CurveEvent {
  std::int64_t arrived_milli = 0;    // GPU demand so far
  std::int64_t allocated_milli = 0;  // GPU milli in use
};

// For every whole percent from 0 to last_pct the mean over the events that round to it (half to
// even); where there is none, over those of its neighbours; where those have none either, no point.
[[nodiscard]] std::vector<CurvePoint> allocation_curve(std::span<const CurveEvent> events,
                                                       std::int64_t gpu_capacity_milli,
                                                       int last_pct);

// The sum in the order of NumPy's pairwise summation, which the published means used.
[[nodiscard]] double pairwise_sum(std::span<const double> values);

// The nearest decimal of two digits, by the exact binary value; the nearest double to that.
[[nodiscard]] double round_to_hundredths(double value);

}  // namespace warmshell::replay::packing
