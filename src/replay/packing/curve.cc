#include "replay/packing/curve.h"

#include <charconv>
#include <cmath>

namespace warmshell::replay::packing {

double pairwise_sum(std::span<const double> values) {
  const std::size_t n = values.size();
  if (n < 8) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum;
  }
  if (n <= 128) {
    double lanes[8];
    for (std::size_t lane = 0; lane < 8; ++lane) lanes[lane] = values[lane];
    const std::size_t whole = n - n % 8;
    for (std::size_t i = 8; i < whole; i += 8)
      for (std::size_t lane = 0; lane < 8; ++lane) lanes[lane] += values[i + lane];
    double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
                 ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (std::size_t i = whole; i < n; ++i) sum += values[i];
    return sum;
  }
  const std::size_t half = n / 2 - n / 2 % 8;
  return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
}

double round_to_hundredths(double value) {
  char text[400];
  const char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 2).ptr;
  double rounded = 0;
  std::from_chars(text, end, rounded);
  return rounded;
}

std::vector<CurvePoint> allocation_curve(std::span<const CurveEvent> events,
                                         std::int64_t gpu_capacity_milli, int last_pct) {
  // Written as the experiment computes it: GPUs, then percent.
  const double gpus = static_cast<double>(gpu_capacity_milli) / 1000;
  const auto percent = [gpus](std::int64_t milli) {
    return static_cast<double>(milli) / gpus / 10;
  };

  std::vector<std::vector<double>> buckets(static_cast<std::size_t>(last_pct) + 2);
  std::int64_t last_allocated = 0;
  double allocated_pct = 0;
  for (const CurveEvent& event : events) {
    const double bucket = std::nearbyint(percent(event.arrived_milli));  // half to even
    if (event.allocated_milli != last_allocated) {
      last_allocated = event.allocated_milli;
      allocated_pct = round_to_hundredths(percent(last_allocated));
    }
    if (bucket < static_cast<double>(buckets.size()))
      buckets[static_cast<std::size_t>(bucket)].push_back(allocated_pct);
  }

  std::vector<CurvePoint> curve;
  for (int k = 0; k <= last_pct; ++k) {
    const auto at = static_cast<std::size_t>(k);
    std::vector<double> values = buckets[at];
    if (values.empty()) {
      if (k > 0) values = buckets[at - 1];
      values.insert(values.end(), buckets[at + 1].begin(), buckets[at + 1].end());
    }
    if (values.empty()) continue;
    const double mean = pairwise_sum(values) / static_cast<double>(values.size());
    curve.push_back({k, std::nearbyint(mean * 100) / 100});  // half to even, as NumPy rounds
  }
  return curve;
}

}  // namespace warmshell::replay::packing
