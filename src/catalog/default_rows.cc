#include "catalog/default_rows.h"

#include <algorithm>

#include "catalog/raw_table.h"

namespace warmshell::catalog {
namespace {

// Segment by segment; `*` on either side stands for any one segment.
bool overlap(std::string_view a, std::string_view b) {
  while (true) {
    const std::size_t p = std::min(a.find('.'), a.size()), q = std::min(b.find('.'), b.size());
    const std::string_view first = a.substr(0, p), second = b.substr(0, q);
    if (first != "*" && second != "*" && first != second) return false;
    if (p == a.size() || q == b.size()) return p == a.size() && q == b.size();
    a.remove_prefix(p + 1);
    b.remove_prefix(q + 1);
  }
}

}  // namespace

std::vector<DefaultRow> default_rows(std::string_view path) {
  const RawTable& table = raw_table("defaults");
  std::vector<DefaultRow> rows;
  for (std::size_t row = 0; row < table.rows.size(); ++row)
    if (overlap(table.text(row, "path"), path))
      rows.push_back({table.text(row, "path"), table.text(row, "region"), table.text(row, "when"),
                      table.text(row, "table") + "." + table.text(row, "row")});
  return rows;
}

}  // namespace warmshell::catalog
