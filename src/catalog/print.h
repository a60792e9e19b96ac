#pragma once
// The catalogue's tables for reading: `warmshell catalog accelerators [FILTER]`. FILTER keeps the
// rows in which some cell contains it, letters' case aside.
//
// Text shows the columns one decides by; CSV and JSON hold every column of the file. Accelerators
// carry the derived h100e, provisioned_kw, idle_kw and peak_kw as well. Numbers in JSON are
// numbers, empty cells null. Pure; the same bytes at every call.

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace warmshell::catalog {

enum class PrintFormat { text, csv, json };

[[nodiscard]] std::vector<std::string> printable_tables();  // sorted
// Unknown table: a diagnostic with the nearest name.
[[nodiscard]] Result<std::string> print_table(std::string_view table, std::string_view filter,
                                              PrintFormat format);

}  // namespace warmshell::catalog
