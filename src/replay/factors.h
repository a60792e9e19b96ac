#pragma once
// What a replay says about an accelerator, as the three factors that a portfolio takes: provisioned
// power, throughput when busy, busy share. Factors compare the cluster as it is run with the same
// jobs on the same machine as a spreadsheet would have it: every GPU at its nameplate, no cap,
// first come first served on the first node with room.
//   provisioned  highest cap of the site over the nameplate, both at the meter; 1 without a cap
//   throughput   useful over busy GPU-hours, against the same of the plain run
//   busy         busy GPU-hours until the date, against the same of the plain run
// The date is that of marginal.h. Thread rule: pure functions; runs the engine twice.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "replay/engine/fast.h"
#include "replay/inputs/cluster.h"

namespace warmshell::replay {

struct WorkHours {  // GPU-hours until the date
  double busy = 0, useful = 0;
};
struct WorkFactors {
  WorkHours as_run, plain;
  double throughput = 1, busy = 1;
};
struct AcceleratorFactors {
  std::string accelerator;  // row of the catalogue
  WorkFactors all;
  std::map<std::string, WorkFactors> markets;  // of the queues that name one
};
struct ReplayFactors {
  double by_h = 0;
  double nameplate_mw = 0, provisioned_mw = 0;  // at the meter
  double provisioned = 1;
  std::vector<AcceleratorFactors> accelerators;  // by name; those whose GPUs did work in both runs
};

// An error where a GPU type that works has no row in the catalogue; nothing when stopped.
[[nodiscard]] Result<std::optional<ReplayFactors>> replay_factors(const ClusterInput& cluster,
                                                                  RunOptions options,
                                                                  const Progress& progress = {});

// The factors as an overlay of a portfolio: YAML, each with its source.
[[nodiscard]] std::string overlay_yaml(const ReplayFactors& factors, const std::string& cluster);
// The same as one `--set`.
[[nodiscard]] std::string overlay_setting(const ReplayFactors& factors);

}  // namespace warmshell::replay
