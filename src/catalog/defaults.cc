#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/raw_table.h"

namespace warmshell::catalog {

namespace {

// Segment by segment; `*` in the pattern stands for any one segment.
bool matches(std::string_view pattern, std::string_view path) {
  while (true) {
    const std::size_t p = std::min(pattern.find('.'), pattern.size());
    const std::size_t q = std::min(path.find('.'), path.size());
    const std::string_view segment = pattern.substr(0, p);
    if (segment != "*" && segment != path.substr(0, q)) return false;
    const bool pattern_ends = p == pattern.size(), path_ends = q == path.size();
    if (pattern_ends || path_ends) return pattern_ends && path_ends;
    pattern.remove_prefix(p + 1);
    path.remove_prefix(q + 1);
  }
}

// How exactly a row's region says the region asked for: 0 for `*`, else its length; -1 not at all.
int nearness(std::string_view row_region, std::string_view region) {
  if (row_region == "*") return 0;
  const bool same = row_region == region;
  const bool parent = region.size() > row_region.size() && region.starts_with(row_region) &&
                      region[row_region.size()] == '-';
  return same || parent ? static_cast<int>(row_region.size()) : -1;
}

std::string weaker(const std::string& a, const std::string& b) {
  return tier_rank(b) > tier_rank(a) ? b : a;
}

const Fact& fact_of(TableName table, std::string_view row) {
  const Fact* fact = find_fact(table, row);
  if (fact == nullptr) {
    fmt::print(stderr, "built-in catalogue is broken: defaults.csv names no row {}.{}\n",
               table_text(table), row);
    std::abort();
  }
  return *fact;
}

Range scaled(Range r, double factor) {
  return {r.low * factor, r.value * factor, r.high * factor};
}

}  // namespace

std::optional<Default> find_default(std::string_view path, std::string_view region,
                                    std::string_view when) {
  const RawTable& table = raw_table("defaults");

  // The best row: `when` said exactly beats `when` left open, then the nearest region.
  std::optional<std::size_t> best;
  int best_score = -1;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (!matches(table.text(row, "path"), path)) continue;
    const std::string& row_when = table.text(row, "when");
    if (!row_when.empty() && row_when != when) continue;
    const int near = nearness(table.text(row, "region"), region);
    if (near < 0) continue;
    const int score = (row_when.empty() ? 0 : 1000) + near;
    if (score > best_score) {
      best_score = score;
      best = row;
    }
  }
  if (!best) return std::nullopt;

  Default found;
  found.unit = table.text(*best, "unit");
  found.table = table.text(*best, "table");
  found.row = table.text(*best, "row");
  found.note = table.text(*best, "note");
  const double factor = table.number(*best, "factor").value_or(1);

  if (found.table == "accelerators") {  // the row is the lot's own accelerator
    const Accelerator* accelerator = find_accelerator(when);
    if (accelerator == nullptr) return std::nullopt;
    found.row = accelerator->id;
    found.value = scaled(accelerator->all_in_usd, factor);
    found.source = accelerator->source_price;
    found.tier = accelerator->tier;
    return found;
  }

  // `a x b` is the product of two rows of the same table: heat rate x price of the fuel.
  const TableName name = *parse_table(found.table);
  const std::size_t times = found.row.find(" x ");
  const Fact& first = fact_of(name, found.row.substr(0, times));
  found.value = scaled(range(first), factor);
  found.source = first.source;
  found.tier = first.tier;
  if (times != std::string::npos) {
    const Fact& second = fact_of(name, found.row.substr(times + 3));
    const Range by = range(second);
    found.value = {found.value.low * by.low, found.value.value * by.value,
                   found.value.high * by.high};
    found.source += " x " + second.source;
    found.tier = weaker(found.tier, second.tier);
  }
  return found;
}

}  // namespace warmshell::catalog
