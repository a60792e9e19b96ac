#pragma once
// The engine of replay. Decides exactly what the naive engine (engine/naive.h) decides, event for
// event, but keeps what it knows: waiting jobs in ordered buckets, a placement index, power and
// free capacity up to date, work accrued only when a rate changes. Thread rule: a run touches
// nothing but its arguments.

#include <functional>

#include "replay/engine/input.h"

namespace warmshell::replay {

// Called now and then with the simulated time and the share of jobs done; false stops the run
// there, and the outcome is valid up to that time.
using Progress = std::function<bool(Milliseconds now, double done)>;

// The input must pass check_input().
[[nodiscard]] Outcome replay(const ReplayInput& input, const RunOptions& options,
                             const Progress& progress = {});

}  // namespace warmshell::replay
