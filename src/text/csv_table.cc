#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "text/csv.h"
#include "text/table.h"
#include "text/utf8.h"

namespace warmshell::text {

namespace {

Diagnostic at(const Place& place, std::string code, std::string message, std::string help) {
  Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
  diagnostic.where = place.span();
  return diagnostic;
}

// `halls.main.it_power` into nested maps; false when a value stands where a map is needed.
bool put(Node& map, std::string_view dotted, const Place& key_place, Node value) {
  Node* node = &map;
  while (true) {
    const std::size_t dot = dotted.find('.');
    const std::string key(dotted.substr(0, dot));
    if (!node->is_map() || key.empty()) return false;
    Entry* entry = nullptr;
    for (Entry& each : node->entries)
      if (each.key == key) entry = &each;
    if (dot == std::string_view::npos) {
      if (entry) return false;
      node->entries.push_back({key, key_place, std::move(value)});
      return true;
    }
    if (!entry) {
      node->entries.push_back({key, key_place, make_map(value.place)});
      entry = &node->entries.back();
    }
    node = &entry->value;
    dotted = dotted.substr(dot + 1);
  }
}

// Rows that cannot be read are problems; nothing: the header cannot be used.
std::optional<Table> read_rows(const SourcePtr& source, Diagnostics& told) {
  Table table;
  table.source = source;
  CsvProblems problems;
  CsvVisitor visitor;
  visitor.header = [&](const CsvHeader& header) {
    table.columns = header.names();
    return true;
  };
  visitor.row = [&](const CsvRow& row) {
    std::vector<Table::Cell> cells;
    cells.reserve(row.cells->size());
    for (const CsvCell& cell : *row.cells) {
      Place place{source, static_cast<std::uint32_t>(cell.offset),
                  static_cast<std::uint32_t>(cell.offset + cell.raw.size())};
      cells.push_back({std::string(cell.text), std::move(place), cell.quoted});
    }
    table.rows.push_back(std::move(cells));
    return true;
  };
  const auto rows = stream_csv_text(source->name(), source->text(), visitor, problems);
  const Diagnostics& wrong = rows ? problems.diagnostics : rows.error();
  told.insert(told.end(), wrong.begin(), wrong.end());
  if (!rows) return std::nullopt;
  return table;
}

// The cells of the header, which is known to be well-formed.
std::vector<Place> header_places(const SourcePtr& source) {
  const std::string_view text = source->text();
  std::vector<Place> places;
  std::size_t at = text.find_first_not_of("\r\n");
  if (at == std::string_view::npos) return places;
  std::size_t begin = at;
  for (bool quoted = false;; ++at) {
    const char c = at < text.size() ? text[at] : '\n';
    if (at < text.size() && c == '"') quoted = !quoted;
    if (at < text.size() && (quoted || (c != ',' && c != '\r' && c != '\n'))) continue;
    places.push_back({source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at)});
    if (c != ',') return places;
    begin = at + 1;
  }
}

// A spreadsheet of another language writes semicolons, and decimal commas with them.
std::string header_help(const std::vector<std::string>& columns) {
  const std::string first = columns.empty() ? "" : columns[0];
  for (const auto& [separator, word] : {std::pair{';', "semicolons"}, {'\t', "tabs"}})
    if (columns.size() == 1 && first.find(separator) != std::string::npos)
      return fmt::format(
          "its columns are parted by {}: save it with commas, and numbers with decimal points",
          word);
  return "it holds the name of what each row describes";
}

// A spreadsheet leaves rows of empty cells below the last.
bool is_blank(const std::vector<Table::Cell>& row) {
  return std::all_of(row.begin(), row.end(), [](const auto& cell) { return cell.text.empty(); });
}

// Every row an entry, without those that cannot be one.
Node entries_of(const Table& table, Diagnostics& out) {
  const Place top{table.source, 0, 0};
  Node map = make_map(top);
  if (table.columns.empty() || table.columns[0] != "name") {
    out.push_back(
        at(top, "WS0125", "the first column must be called `name`", header_help(table.columns)));
    return map;
  }
  std::unordered_map<std::string, Place> seen;
  std::set<std::size_t> misplaced;
  for (const auto& row : table.rows) {
    const Table::Cell& name = row[0];
    if (is_blank(row)) continue;
    if (name.text.empty()) {
      out.push_back(
          at(name.place, "WS0126", "this row has no name", "write one in the first column"));
      continue;
    }
    const auto [first, fresh] = seen.try_emplace(name.text, name.place);
    if (!fresh) {
      out.push_back(at(name.place, "WS0126",
                       fmt::format("the name {} stands here twice", ticked(name.text)),
                       fmt::format("it was first written in line {}", first->second.span().line)));
      continue;
    }
    Node entry = make_map(name.place);
    for (std::size_t i = 1; i < row.size(); ++i) {
      if (row[i].text.empty()) continue;
      if (put(entry, table.columns[i], row[i].place,
              make_scalar(row[i].text, row[i].place, row[i].quoted)))
        continue;
      if (misplaced.insert(i).second)
        out.push_back(at(column_of(row[i].place), "WS0126",
                         fmt::format("the column {} fits no place", ticked(table.columns[i])),
                         "a column is a field, or fields joined by dots, each once"));
    }
    map.entries.push_back({name.text, name.place, std::move(entry)});
  }
  return map;
}

}  // namespace

std::optional<std::size_t> Table::find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i] == column) return i;
  return std::nullopt;
}

Result<Table> read_csv(const SourcePtr& source) {
  Diagnostics problems;
  std::optional<Table> table = read_rows(source, problems);
  if (!problems.empty()) return tl::unexpected<Diagnostics>(std::move(problems));
  return std::move(*table);
}

Result<Node> table_to_map(const Table& table) {
  Diagnostics problems;
  Node map = entries_of(table, problems);
  if (!problems.empty()) return tl::unexpected<Diagnostics>(std::move(problems));
  return map;
}

Node usable_rows(const SourcePtr& source, Diagnostics& problems) {
  const std::optional<Table> table = read_rows(source, problems);
  return table ? entries_of(*table, problems) : make_map(Place{source, 0, 0});
}

Place column_of(const Place& cell) {
  if (!cell.source || !cell.source->name().ends_with(".csv")) return cell;
  Place column = cell;
  CsvVisitor visitor;
  CsvProblems problems;
  visitor.row = [&](const CsvRow& row) {
    for (std::size_t i = 0; i < row.cells->size(); ++i) {
      if (row[i].offset != cell.begin) continue;
      const std::vector<Place> header = header_places(cell.source);
      if (i < header.size()) column = header[i];
      return false;
    }
    return true;
  };
  (void)stream_csv_text(cell.source->name(), cell.source->text(), visitor, problems);
  return column;
}

}  // namespace warmshell::text
