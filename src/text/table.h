#pragma once
// A table that stands for a map of a portfolio (`fleet: {from: lots.csv}`), and where its columns
// are named. Pure; any thread.

#include "text/source.h"
#include "text/tree.h"

namespace warmshell::text {

// As table_to_map() of csv.h, but of all that can be used: rows and columns that cannot are told,
// each once, and left out.
[[nodiscard]] Node usable_rows(const SourcePtr& source, Diagnostics& problems);

// The cell of the header above a cell of a table; elsewhere the place itself.
[[nodiscard]] Place column_of(const Place& cell);

}  // namespace warmshell::text
