#pragma once
// What one more megawatt, one more per cent of oversubscription and each policy are worth: useful
// GPU-hours by a date, from runs of the same jobs that differ in one thing.
//
// Without a horizon every run would end with the same work done, so the last submission is taken.
// Thread rule: pure functions; each runs the engine several times.

#include <functional>
#include <string>
#include <vector>

#include "replay/engine/input.h"

namespace warmshell::replay {

struct MarginalValue {
  double useful_gpu_hours = 0;  // as things stand
  double per_facility_mw = 0;   // GPU-hours by the date for one more MW at the meter
  double mw_step = 0;           // facility MW by which the cap was raised to find it
  double per_oversubscription_percent = 0;
};
// Zero where no site cap holds. The step is 1 % of the highest cap, at most 1 MW.
[[nodiscard]] MarginalValue marginal_value(const ReplayInput& input, RunOptions options);

struct WaterfallStep {
  std::string name;    // "easy backfill"
  double alone = 0;    // GPU-hours gained on the plain policy by this alone
  double in_turn = 0;  // gained on top of all steps before
};
struct Waterfall {
  double plain = 0;  // first come first served on the first node with room, nameplate, no control
  std::vector<WaterfallStep> steps;
  double all = 0;  // as the input says: plain + the sum of in_turn, up to rounding
};
// Steps are the things in which the input's policy and power rules differ from the plain ones.
[[nodiscard]] Waterfall policy_waterfall(const ReplayInput& input, RunOptions options);

}  // namespace warmshell::replay
