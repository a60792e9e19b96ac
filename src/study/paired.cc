#include "study/paired.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace warmshell::study {

namespace {

constexpr std::array compared{value::Metric::npv,
                              value::Metric::npv_without_terminal,
                              value::Metric::npv_by_chip_count,
                              value::Metric::npv_overstated,
                              value::Metric::peak_funding,
                              value::Metric::dark_accelerator_months,
                              value::Metric::dark_lost_margin};

}  // namespace

Gain paired_gain(std::span<const double> base, std::span<const double> other) {
  const std::size_t n = std::min(base.size(), other.size());
  Gain gain;
  for (std::size_t i = 0; i < n; ++i) gain.mean += (other[i] - base[i]) / static_cast<double>(n);
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double off = other[i] - base[i] - gain.mean;
    squares += off * off;
  }
  if (n > 1) gain.se = std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
  return gain;
}

std::vector<double> by_path(const Simulation& run, value::Metric metric) {
  std::vector<double> values;
  for (std::int64_t path = 0; path < run.result.paths; ++path)
    values.push_back(run.metrics->get(metric, path));
  return values;
}

Difference difference(const Simulation& first, const Simulation& other) {
  Difference found;
  found.scenario = other.result.scenario;
  found.to = first.result.scenario;
  if (first.result.currency != other.result.currency)
    found.comparison = Comparison::other_currency;
  else if (first.result.seed != other.result.seed)
    found.comparison = Comparison::other_seed;
  else if (!first.metrics || !other.metrics)
    found.comparison = Comparison::no_paths;
  if (found.comparison != Comparison::path_by_path) return found;
  found.paths = std::min(first.result.paths, other.result.paths);
  for (const value::Metric metric : compared) {
    const std::string name(value::metric_names[static_cast<std::size_t>(metric)]);
    found.units[name] = other.result.metrics.at(name).unit;
    found.metrics[name] = paired_gain(by_path(first, metric), by_path(other, metric));
  }
  return found;
}

}  // namespace warmshell::study
