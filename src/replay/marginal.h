#pragma once
// What one more megawatt, one more per cent of oversubscription and each policy are worth: useful
// GPU-hours by a date, from runs of the same jobs that differ in one thing.
//
// Without a horizon every run would end with the same work done, so the last submission is taken.
// A run that is stopped gives nothing. Thread rule: pure functions; each runs the engine several
// times.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "replay/engine/fast.h"

namespace warmshell::replay {

// Until when useful GPU-hours are counted: the horizon, else the last submission, at least 1 ms.
[[nodiscard]] Milliseconds counted_until(const ReplayInput& input, const RunOptions& options);

// A schedule answers to a small change in jumps (a gang fits or does not), so a slope is the line
// of least squares through runs at -2, -1, 0, +1 and +2 steps, and says how far it is certain.
struct Slope {
  double per_unit = 0;                   // useful GPU-hours by the date
  double se = 0;                         // of the line through the runs
  double step = 0;                       // units by which the runs differ
  std::vector<double> at;                // units from where things stand
  std::vector<double> useful_gpu_hours;  // of each run
};

struct MarginalValue {
  double by_h = 0;              // the date, from the first submission
  double useful_gpu_hours = 0;  // as things stand
  Slope facility_mw;            // per MW at the meter; step: 1 % of the highest cap, at most 1 MW
  Slope oversubscription;       // per per cent of the cap; step: 1 %
};
// Slopes are zero, without runs, where no site cap holds.
[[nodiscard]] std::optional<MarginalValue> marginal_value(const ReplayInput& input,
                                                          RunOptions options,
                                                          const Progress& progress = {});

struct WaterfallStep {
  std::string name;    // "easy backfill"
  double alone = 0;    // GPU-hours gained on the plain policy by this alone
  double in_turn = 0;  // gained on top of all steps before
};
struct Waterfall {
  double by_h = 0;
  double plain = 0;  // first come first served on the first node with room, nameplate, no control
  std::vector<WaterfallStep> steps;
  double all = 0;  // as the input says: plain + the sum of in_turn, up to rounding
};
// Steps are the things in which the input's policy and power rules differ from the plain ones.
[[nodiscard]] std::optional<Waterfall> policy_waterfall(const ReplayInput& input,
                                                        RunOptions options,
                                                        const Progress& progress = {});

// The same jobs and machine under the plain policy.
[[nodiscard]] ReplayInput plain_policy(ReplayInput input);

}  // namespace warmshell::replay
