#pragma once
// What one run gains over another on the same paths: luck is shared, so the error of the difference
// is that of the differences path by path, far below that of either mean. Pure.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "study/simulate.h"

namespace warmshell::study {

struct Gain {  // mean of other less base over paths
  double mean = 0, se = 0;
};
// Of the paths that both have.
[[nodiscard]] Gain paired_gain(std::span<const double> base, std::span<const double> other);

// Of the paths that were run.
[[nodiscard]] std::vector<double> by_path(const Simulation& run, value::Metric metric);

enum class Comparison {
  path_by_path,
  other_seed,  // no path of one is a path of the other
  other_currency,
  no_paths  // a run that kept no numbers by path
};
struct Difference {  // of a scenario to the first; without metrics unless path by path
  std::string scenario, to;
  std::int64_t paths = 0;
  std::map<std::string, std::string> units;  // by metric
  std::map<std::string, Gain> metrics;       // those that every path has: no IRR, no payback
  Comparison comparison = Comparison::path_by_path;
};
// Both from the same first path on.
[[nodiscard]] Difference difference(const Simulation& first, const Simulation& other);

}  // namespace warmshell::study
