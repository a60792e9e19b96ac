#include "catalog/raw_table.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "catalog/embedded.h"
#include "text/csv.h"

namespace warmshell::catalog {

namespace {

[[noreturn]] void broken(const std::string& what) {
  fmt::print(stderr, "built-in catalogue is broken: {}\n", what);
  std::abort();
}

RawTable read(const EmbeddedFile& file) {
  RawTable table{file.name, {}, {}};
  text::CsvVisitor visitor;
  visitor.header = [&](const text::CsvHeader& header) {
    table.columns = header.names();
    return true;
  };
  visitor.row = [&](const text::CsvRow& row) {
    std::vector<std::string>& cells = table.rows.emplace_back();
    for (const text::CsvCell& cell : *row.cells) cells.emplace_back(cell.text);
    return true;
  };
  text::CsvProblems problems;
  if (!text::stream_csv_text(file.name, file.text, visitor, problems) || problems.count > 0)
    broken(fmt::format("{}.csv: {}", file.name, render(problems.diagnostics)));
  return table;
}

const std::vector<RawTable>& tables() {
  static const std::vector<RawTable> all = [] {
    std::vector<RawTable> read_tables;
    for (const EmbeddedFile& file : embedded_files()) read_tables.push_back(read(file));
    return read_tables;
  }();
  return all;
}

std::size_t column_of(const RawTable& table, std::string_view column) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i] == column) return i;
  broken(fmt::format("{}.csv has no column {}", table.name, column));
}

}  // namespace

bool RawTable::has(std::string_view column) const {
  for (const std::string& name_here : columns)
    if (name_here == column) return true;
  return false;
}

const std::string& RawTable::text(std::size_t row, std::string_view column) const {
  return rows[row][column_of(*this, column)];
}

std::optional<double> RawTable::number(std::size_t row, std::string_view column) const {
  const std::string& cell = text(row, column);
  if (cell.empty()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size())
    broken(
        fmt::format("{}.csv, row {}: `{}` in column {} is no number", name, row + 1, cell, column));
  return value;
}

const RawTable* find_raw_table(std::string_view name) {
  for (const RawTable& table : tables())
    if (table.name == name) return &table;
  return nullptr;
}

const RawTable& raw_table(std::string_view name) {
  const RawTable* table = find_raw_table(name);
  if (table == nullptr) broken(fmt::format("no table {}", name));
  return *table;
}

}  // namespace warmshell::catalog
