#include "model/left_out.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/catalog.h"
#include "catalog/default_rows.h"

namespace warmshell::model {
namespace {

std::string value_text(const catalog::Default& found, const text::AnyField& field) {
  if (found.unit.starts_with("USD"))
    return fmt::format("`{:.12g} {}`", found.value.value, found.unit);
  return field.number_text ? "`" + field.number_text(found.value.value) + "`"
                           : fmt::format("`{:.6g}`", found.value.value);
}

// What tells several rows of one field apart.
std::string apart(const std::vector<catalog::DefaultRow>& rows) {
  bool kind = false, region = false;
  for (const catalog::DefaultRow& row : rows) {
    kind = kind || row.when != rows.front().when || row.path != rows.front().path;
    region = region || row.region != rows.front().region;
  }
  return kind && region ? "by kind and region" : kind ? "by kind" : "by region";
}

}  // namespace

std::string left_out(const std::string& path, const text::AnyField& field) {
  if (path == "known_at") return "`start`";
  if (path.starts_with("debt.")) return "";  // rows are there, and nothing is valued yet
  const std::vector<catalog::DefaultRow> rows = catalog::default_rows(path);
  if (rows.empty()) return "";
  if (rows.size() == 1) {
    const auto found = catalog::find_default(rows[0].path, rows[0].region, rows[0].when);
    if (found) return fmt::format("{}: `{}`", value_text(*found, field), rows[0].fact);
    return fmt::format("`{}`", rows[0].fact);
  }
  constexpr std::size_t told = 3;
  std::vector<std::string> facts;
  for (const catalog::DefaultRow& row : rows)
    if (std::find(facts.begin(), facts.end(), row.fact) == facts.end()) facts.push_back(row.fact);
  std::string text = "catalogue, " + apart(rows) + ":";
  for (std::size_t i = 0; i < facts.size() && i < told; ++i)
    text += fmt::format("{} `{}`", i ? "," : "", facts[i]);
  return text + (facts.size() > told ? ", ..." : "");
}

}  // namespace warmshell::model
