#pragma once
// What one run gains over another on the same paths: luck is shared by what both call the same, so
// the error of the difference is that of the differences path by path, mostly far below that of
// either mean. Pure.

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "study/simulate.h"

namespace warmshell::study {

// Those that every path has: no IRR, no payback.
inline constexpr std::array compared_metrics{value::Metric::npv,
                                             value::Metric::npv_without_terminal,
                                             value::Metric::npv_by_chip_count,
                                             value::Metric::npv_overstated,
                                             value::Metric::peak_funding,
                                             value::Metric::dark_accelerator_months,
                                             value::Metric::dark_lost_margin};

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
  other_months,  // NPV is forward from the first month, to the last
  no_paths       // a run that kept no numbers by path, or ran none
};
struct Difference {  // of a scenario to the first; without metrics unless path by path
  std::string scenario, to;
  std::int64_t paths = 0;
  std::map<std::string, std::string> units;  // by metric
  std::map<std::string, Gain> metrics;       // of compared_metrics
  Comparison comparison = Comparison::path_by_path;
  // Luck goes by name. Dates that are uncertain in either run, and how many of them both runs have:
  // where a portfolio calls a thing otherwise, its date is drawn for itself.
  int dates = 0, shared_dates = 0;
};
// Both from the same first path on.
[[nodiscard]] Difference difference(const Simulation& first, const Simulation& other);

}  // namespace warmshell::study
