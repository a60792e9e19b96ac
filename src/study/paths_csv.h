#pragma once
// A row per path: what a run keeps so that another may be compared with it path by path. Numbers in
// shortest form, so that what is read back is what was written; never and undefined are empty
// cells.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "study/simulate.h"

namespace warmshell::study {

[[nodiscard]] std::string paths_csv_header();
// From `first_path` on. Row N of a whole run is the row of path N alone.
[[nodiscard]] std::string paths_csv(const Simulation& run, std::int64_t first_path);

// No table of so many paths is larger.
[[nodiscard]] std::size_t most_paths_csv_bytes(std::int64_t paths);

// Of a run from path 0 on. Null where it is not the rows of so many paths; an empty cell is no
// number.
[[nodiscard]] std::shared_ptr<const value::PathMetrics> read_paths_csv(std::string_view text,
                                                                       std::int64_t paths);

}  // namespace warmshell::study
