// Any bytes as YAML, as CSV and as a setting: no crash, no leak, no hang; what is read can be
// merged, and every complaint points into the text.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "text/csv.h"
#include "text/overlay.h"
#include "text/quantity_text.h"
#include "text/yaml.h"

using namespace warmshell;
using namespace warmshell::text;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Diagnostics& diagnostics) {
  require(!diagnostics.empty());
  for (const Diagnostic& each : diagnostics) {
    require(each.code.size() == 6 && !each.message.empty());
    require(each.where.column >= 0 && each.where.length >= 1);
  }
  require(!render(diagnostics).empty());
}

void check(const Node& node, std::size_t size) {
  require(node.place.begin <= node.place.end && node.place.end <= size);
  for (const Entry& entry : node.entries) {
    require(entry.key_place.begin < entry.key_place.end);
    check(entry.value, size);
  }
  for (const Node& item : node.items) check(item, size);
  if (node.is_scalar())
    for (const Dimension dimension : all_dimensions())
      if (const auto parsed = parse_quantity(node.text, dimension); !parsed)
        require(parsed.error().offset + parsed.error().length <= node.text.size() + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto source = Source::make("fuzz", bytes);
  if (!source) {
    check(source.error());
  } else {
    const auto tree = read_yaml(*source);
    if (tree)
      check(*tree, (*source)->text().size());
    else
      check(tree.error());
    if (tree && count_nodes(*tree) < 10000) {
      const Node merged = merge(*tree, *tree);
      require(count_nodes(merged) <= count_nodes(*tree));
    }
    if (const auto table = read_csv(*source)) {
      for (const auto& row : table->rows) require(row.size() == table->columns.size());
      if (const auto map = table_to_map(*table); !map) check(map.error());
    } else {
      check(table.error());
    }
  }
  if (const auto setting = read_setting(bytes); !setting) check(setting.error());

  // The stream reads what the whole-file reader refuses, NUL and broken UTF-8 included.
  CsvProblems problems;
  std::int64_t seen = 0;
  CsvVisitor visitor;
  visitor.row = [&](const CsvRow& row) {
    for (const CsvCell& cell : *row.cells) (void)csv_span("fuzz", cell);
    return ++seen > 0;
  };
  const auto rows = stream_csv_text("fuzz", bytes, visitor, problems);
  if (rows) require(seen + problems.count == *rows);
  return 0;
}
