#pragma once
// The report of `simulate`: one HTML file that reads offline, in English and Chinese, light, dark
// and on paper. No script, no external reference. The same results give the same bytes. Pure.

#include <span>
#include <string>

#include "study/paired.h"
#include "study/result.h"

namespace warmshell::report {

// One result is one report. Of several, the first two stand side by side on the same axes, and a
// table says of each what binds, and what it differs from the first where that is known.
[[nodiscard]] std::string simulate_html(std::span<const study::SimulateResult> results,
                                        std::span<const study::Difference> differences = {});

}  // namespace warmshell::report
