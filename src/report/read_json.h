#pragma once
// `warmshell.simulate/1` read back: what was written by simulate_json, so that a report can be made
// of a run folder without running again. The text is hostile until read.
// Diagnostics: WS0015.

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "study/result.h"

namespace warmshell::report {

// `file` is named in the diagnostic. simulate_json of the result gives the same bytes again.
[[nodiscard]] Result<study::SimulateResult> read_simulate_json(std::string_view text,
                                                               const std::string& file);

}  // namespace warmshell::report
