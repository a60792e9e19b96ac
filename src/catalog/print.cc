#include "catalog/print.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "catalog/catalog.h"
#include "catalog/embedded.h"
#include "catalog/raw_table.h"
#include "text/json_writer.h"

namespace warmshell::catalog {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Notes and sources mention other rows: they are not searched.
bool keeps(const RawTable& table, const std::vector<std::string>& row,
           const std::string& lower_filter) {
  if (lower_filter.empty()) return true;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const bool prose = table.columns[c] == "note" || table.columns[c].starts_with("source");
    if (!prose && lower(row[c]).find(lower_filter) != std::string::npos) return true;
  }
  return false;
}

std::optional<double> as_number(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || error != std::errc{} || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

// Digits, an optional sign and a point only: "1e9" and "inf" in a name are not numbers.
bool is_plain_number(std::string_view cell) {
  return as_number(cell) && cell.find_first_not_of("-.0123456789") == std::string_view::npos;
}

// The file's columns, with what the program derives from them put after the id.
RawTable with_derived(const RawTable& raw) {
  RawTable table = raw;
  if (const auto name = parse_table(raw.name); name && !raw.has("id")) {
    table.columns.insert(table.columns.begin(), "id");
    for (std::size_t row = 0; row < table.rows.size(); ++row)
      table.rows[row].insert(table.rows[row].begin(), facts(*name)[row].id);
  }
  if (raw.name == "accelerators") {
    for (const char* column : {"h100e", "provisioned_kw", "idle_kw", "peak_kw"})
      table.columns.emplace_back(column);
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const Accelerator& a = accelerators()[row];
      for (const double value : {h100e(a), provisioned_kw(a), idle_kw(a), peak_kw(a)})
        table.rows[row].push_back(fmt::format("{:.4g}", value));
    }
  }
  return table;
}

std::vector<std::string> text_columns(const RawTable& table) {
  if (table.name == "accelerators")
    return {"id",
            "generation",
            "available",
            "it_kw_per_accel",
            "provisioned_kw",
            "rack_kw",
            "accels_per_rack",
            "h100e",
            "allin_usd",
            "cooling",
            "tier",
            "name"};
  if (table.name == "defaults") return {"path", "region", "when", "table", "row", "factor", "unit"};
  if (table.name == "epoch_ml_hardware_clean")
    return {"name", "manufacturer", "release_date", "tdp_w", "fp16_tensor_flops", "fp8_flops"};
  std::vector<std::string> columns;
  for (const char* column : {"id", "low", "value", "high", "unit", "tier", "source"})
    if (table.has(column)) columns.emplace_back(column);
  return columns;
}

// Columns two spaces apart, numbers to the right, nothing after the last cell.
std::string text_form(const RawTable& table) {
  const std::vector<std::string> columns = text_columns(table);
  std::vector<std::vector<std::string>> lines{columns};
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const std::string& column : columns) line.push_back(table.text(row, column));
  }
  std::vector<std::size_t> width(columns.size(), 0);
  for (const auto& line : lines)
    for (std::size_t c = 0; c < columns.size(); ++c) width[c] = std::max(width[c], line[c].size());

  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) text += "  ";
      if (&line != &lines.front() && is_plain_number(line[c]))
        text += fmt::format("{:>{}}", line[c], width[c]);
      else
        text += fmt::format("{:<{}}", line[c], width[c]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_form(const RawTable& table) {
  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) out += (c > 0 ? "," : "") + csv_cell(cells[c]);
    out += "\n";
  };
  line(table.columns);
  for (const auto& row : table.rows) line(row);
  return out;
}

std::string json_form(const RawTable& table) {
  std::string out;
  text::JsonWriter json(out);
  json.begin_object();
  json.field("table", table.name);
  json.key("rows").begin_array();
  for (const auto& row : table.rows) {
    json.begin_object();
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      json.key(table.columns[c]);
      if (row[c].empty())
        json.null();
      else if (is_plain_number(row[c]))
        json.value(*as_number(row[c]));
      else
        json.value(row[c]);
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return out + "\n";
}

}  // namespace

std::vector<std::string> printable_tables() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) names.emplace_back(file.name);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> print_table(std::string_view name, std::string_view filter,
                                PrintFormat format) {
  const RawTable* raw = find_raw_table(name);
  if (raw == nullptr) {
    const std::vector<std::string> known = printable_tables();
    const std::string near = did_you_mean(name, known);
    std::string help = near.empty() ? "" : fmt::format("did you mean `{}`? ", near);
    help += "tables:";
    for (const std::string& each : known) help += " " + each;
    return fail(plain_error("WS0050", fmt::format("the catalogue has no table `{}`", name), help));
  }
  RawTable table = with_derived(*raw);
  const std::string lower_filter = lower(filter);
  std::erase_if(table.rows, [&](const auto& row) { return !keeps(table, row, lower_filter); });
  switch (format) {
    case PrintFormat::text:
      return text_form(table);
    case PrintFormat::csv:
      return csv_form(table);
    case PrintFormat::json:
      return json_form(table);
  }
  return std::string();
}

}  // namespace warmshell::catalog
