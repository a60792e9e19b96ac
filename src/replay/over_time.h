#pragma once
// A replay by equal spans of time, for charts: GPUs busy by queue, free ones by why they are free,
// power against the cap. Means over a span are exact integrals of the run's steps.
// Thread rule: pure function.

#include <optional>
#include <string>
#include <vector>

#include "replay/engine/input.h"

namespace warmshell::replay {

struct OverTime {
  double span_h = 0;
  std::vector<double> from_h;  // where each span begins
  struct Part {
    std::string name;
    std::vector<double> gpus;  // mean over each span
  };
  std::vector<Part> busy;  // by queue, the most used first; beyond eight: "other queues"
  std::vector<Part> free;  // power, fragmentation, gang_wait, quota, idle
  std::vector<double> mean_kw, highest_kw;    // facility power
  std::vector<std::optional<double>> cap_kw;  // the lowest that holds in the span; none: no cap
};

// Needs an outcome with log and samples, of a run that took time; `spans` at least 1.
[[nodiscard]] OverTime over_time(const ReplayInput& input, const Outcome& outcome, int spans = 240);

}  // namespace warmshell::replay
