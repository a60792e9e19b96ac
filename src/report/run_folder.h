#pragma once
// A run folder: everything that a reader of a run may want, and nothing of the machine it ran on
// except run/timing.json. Written by `simulate --out`, read by `report`.
//
//   simulate.json  the result              report.html  its page       NAME.csv  its tables
//   paths.csv      the numbers by path     run/timing.json  how long it took
//
// Of several scenarios a folder each, named as they are, beside scenarios.json and the report.html
// of all.

#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "study/paired.h"
#include "study/simulate.h"
#include "study/workings.h"

namespace warmshell::report {

struct TimedRun {
  study::Simulation run;
  double seconds = 0;
};
[[nodiscard]] Result<void> write_run_folders(const std::string& folder,
                                             std::span<const TimedRun> runs,
                                             std::span<const study::Difference> differences);
// The tables alone, of one run in the folder itself.
[[nodiscard]] Result<void> write_table_folders(const std::string& folder,
                                               std::span<const TimedRun> runs);

// workings.csv and dates.csv, beside the tables of one path.
[[nodiscard]] Result<void> write_workings(const std::string& folder,
                                          const study::SimulateResult& result,
                                          const study::Workings& workings);

// Whether to read paths.csv: what it holds is no part of a page of one run. Without the file there
// are no metrics.
enum class WithPaths { no, if_there };
[[nodiscard]] Result<study::Simulation> read_run_folder(const std::string& folder,
                                                        WithPaths with_paths);

// A folder for each, in their order: the scenario, `as-written` without one; a name that was there
// before gets a number.
[[nodiscard]] std::vector<std::string> scenario_folders(std::span<const TimedRun> runs);

}  // namespace warmshell::report
