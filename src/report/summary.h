#pragma once
// What `simulate` says at a terminal: sentences and tables of plain text, at most 100 columns.
// Pure.

#include <string>

#include "study/result.h"

namespace warmshell::report {

[[nodiscard]] std::string simulate_summary(const study::SimulateResult& result);

}  // namespace warmshell::report
