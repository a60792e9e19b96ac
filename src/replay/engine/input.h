#pragma once
// The whole input of one replay. Thread rule: plain values.

#include "replay/engine/outcome.h"
#include "replay/engine/policy.h"
#include "replay/engine/power.h"
#include "replay/engine/workload.h"

namespace warmshell::replay {

struct ReplayInput {
  Machine machine;
  Workload workload;
  Scheduling scheduling;
  PowerRules power;
};

// What an engine takes for granted: indices in range, sizes that agree, levels falling. Input that
// comes through the readers never fails here. First violation in words, "" where there is none.
[[nodiscard]] std::string check_input(const ReplayInput& input);

}  // namespace warmshell::replay
