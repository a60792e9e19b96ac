#pragma once
// Which rows of the catalogue may fill a field, for reference pages. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace warmshell::catalog {

struct DefaultRow {
  std::string path, region, when;  // as find_default() takes them
  std::string fact;                // "conventions.pue_air"
};
// `path` may hold `*` for any one name, as those of the rows do: `sites.*.power.*.price`.
[[nodiscard]] std::vector<DefaultRow> default_rows(std::string_view path);

}  // namespace warmshell::catalog
