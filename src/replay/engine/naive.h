#pragma once
// The naive engine: one list of jobs, full scans, everything else computed afresh from the list. It
// is the specification of replay: slow, written to be read beside src/replay/README.md, and the
// twin that the fast engine (engine/fast.h) is held against event for event. Thread rule: a run
// touches nothing but its arguments.

#include "replay/engine/input.h"

namespace warmshell::replay {

[[nodiscard]] Outcome replay_naive(const ReplayInput& input, const RunOptions& options);

}  // namespace warmshell::replay
