#pragma once
// What `simulate` says at a terminal: sentences and tables of plain text, at most 100 columns.
// Pure.

#include <span>
#include <string>

#include "study/paired.h"
#include "study/result.h"

namespace warmshell::report {

[[nodiscard]] std::string simulate_summary(const study::SimulateResult& result);

// Two at most are told whole; of several, what binds in each, one below the other, and what each
// differs from the first where that is known.
[[nodiscard]] std::string simulate_summaries(std::span<const study::SimulateResult> results,
                                             std::span<const study::Difference> differences = {});

}  // namespace warmshell::report
