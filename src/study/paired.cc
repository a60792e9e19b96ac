#include "study/paired.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace warmshell::study {

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

namespace {

// Tranches at intervals follow the date of another.
bool is_own_date(const GateRow& gate) {
  return gate.id.find(" (tranche ") == std::string::npos;
}
bool is_uncertain(const GateRow& gate) {
  return (gate.never > 0 && gate.never < 1) || gate.given.p10 != gate.given.p90;
}

void count_dates(const SimulateResult& first, const SimulateResult& other, Difference& found) {
  std::map<std::string, int> runs_with;
  std::set<std::string> uncertain;
  for (const SimulateResult* run : {&first, &other})
    for (const GateRow& gate : run->gates) {
      if (!is_own_date(gate)) continue;
      ++runs_with[gate.id];
      if (is_uncertain(gate)) uncertain.insert(gate.id);
    }
  found.dates = static_cast<int>(uncertain.size());
  for (const std::string& id : uncertain) found.shared_dates += runs_with.at(id) == 2 ? 1 : 0;
}

}  // namespace

Difference difference(const Simulation& first, const Simulation& other) {
  Difference found;
  found.scenario = other.result.scenario;
  found.to = first.result.scenario;
  if (first.result.currency != other.result.currency)
    found.comparison = Comparison::other_currency;
  else if (first.result.seed != other.result.seed)
    found.comparison = Comparison::other_seed;
  else if (first.result.months != other.result.months)
    found.comparison = Comparison::other_months;
  found.paths = std::min(first.result.paths, other.result.paths);
  if (found.comparison == Comparison::path_by_path &&
      (!first.metrics || !other.metrics || found.paths == 0))
    found.comparison = Comparison::no_paths;
  if (found.comparison != Comparison::path_by_path) {
    found.paths = 0;
    return found;
  }
  count_dates(first.result, other.result, found);
  for (const value::Metric metric : compared_metrics) {
    const std::string name(value::metric_names[static_cast<std::size_t>(metric)]);
    found.units[name] = other.result.metrics.at(name).unit;
    found.metrics[name] = paired_gain(by_path(first, metric), by_path(other, metric));
  }
  return found;
}

}  // namespace warmshell::study
