#pragma once
// A run folder: everything that a reader of a run may want, and nothing of the machine it ran on
// except run/timing.json. Written by `simulate --out`, read by `report`.
//
//   simulate.json  the result       report.html  its page       NAME.csv  its tables
//   run/timing.json  how long it took

#include <string>

#include "base/diagnostic.h"
#include "study/result.h"

namespace warmshell::report {

[[nodiscard]] Result<void> write_run_folder(const std::string& folder,
                                            const study::SimulateResult& result, double seconds);
[[nodiscard]] Result<void> write_tables(const std::string& folder,
                                        const study::SimulateResult& result);
[[nodiscard]] Result<study::SimulateResult> read_run_folder(const std::string& folder);

}  // namespace warmshell::report
