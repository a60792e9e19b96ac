#include "catalog/catalog.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "catalog/raw_table.h"

namespace warmshell::catalog {

namespace {

constexpr double peak_over_server = 1.10;  // conventions.csv, asserted by a test
constexpr double idle_over_peak = 0.25;

Range range_of(std::optional<double> low, std::optional<double> value, std::optional<double> high) {
  const double base = value ? *value : low ? *low : high.value_or(0);
  return {low.value_or(base), base, high.value_or(base)};
}

std::vector<Accelerator> read_accelerators() {
  const RawTable& table = raw_table("accelerators");
  std::vector<Accelerator> all;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    const auto text = [&](std::string_view column) { return table.text(row, column); };
    const auto number = [&](std::string_view column) { return table.number(row, column); };
    const auto three = [&](std::string_view low, std::string_view value, std::string_view high) {
      return range_of(number(low), number(value), number(high));
    };
    Accelerator a;
    a.id = text("id");
    a.name = text("name");
    a.vendor = text("vendor");
    a.line = text("line");
    a.generation = number("generation").value_or(0);
    a.available = parse_date(text("available")).value_or(never);
    a.server_kw = number("it_kw_per_accel").value_or(0);
    a.rack_kw = three("rack_kw_low", "rack_kw", "rack_kw_high");
    a.accelerators_per_rack = number("accels_per_rack").value_or(0);
    a.fp16_tflops = number("fp16_dense_tflops").value_or(0);
    a.fp8_tflops = number("fp8_dense_tflops").value_or(0);
    a.fp4_tflops = number("fp4_dense_tflops").value_or(0);
    a.int8_tops = number("int8_dense_tops").value_or(0);
    a.fp8_native = number("fp8_native").value_or(0) != 0;
    a.fp4_native = a.fp4_tflops > 0;
    a.hbm_gb = number("hbm_gb").value_or(0);
    a.hbm_tbps = number("hbm_tbps").value_or(0);
    a.air = text("cooling").find("air") != std::string::npos;
    a.liquid = text("cooling").find("liquid") != std::string::npos;
    a.chip_usd = three("chip_usd_low", "chip_usd", "chip_usd_high");
    a.all_in_usd = three("allin_usd_low", "allin_usd", "allin_usd_high");
    a.source_specs = text("source_specs");
    a.source_price = text("source_price");
    a.source_rack = text("source_rack");
    a.source_available = text("source_available");
    a.tier = text("tier");
    a.note = text("note");
    all.push_back(std::move(a));
  }
  return all;
}

// ---- facts

constexpr std::array<std::pair<TableName, std::string_view>, 8> table_names{{
    {TableName::power_sources, "power_sources"},
    {TableName::shells, "shells"},
    {TableName::rental_prices, "rental_prices"},
    {TableName::depreciation, "depreciation"},
    {TableName::queue_stats, "queue_stats"},
    {TableName::finance, "finance"},
    {TableName::utilisation, "utilisation"},
    {TableName::conventions, "conventions"},
}};

// Lower case; runs of anything but letters, digits and full stops become one `-`.
std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool kept =
        (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '.';
    if (kept)
      out += lower;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

struct KeyColumns {
  std::string_view item, metric;
  std::vector<std::string_view> id;
};

KeyColumns key_columns(TableName table) {
  switch (table) {
    case TableName::rental_prices:
      return {"gpu", "channel", {"gpu", "channel", "date"}};
    case TableName::depreciation:
      return {"entity", "asset", {"entity", "asset"}};
    case TableName::queue_stats:
      return {"region", "metric", {"region", "cohort_or_date", "metric"}};
    case TableName::finance:
    case TableName::utilisation:
      return {"item", "", {}};
    case TableName::power_sources:
    case TableName::shells:
    case TableName::conventions:
      return {"item", "metric", {}};
  }
  return {};
}

std::vector<Fact> read_facts(TableName name) {
  const RawTable& table = raw_table(table_text(name));
  const KeyColumns keys = key_columns(name);
  std::vector<Fact> all;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    Fact fact;
    if (keys.id.empty()) fact.id = table.text(row, "id");
    for (const std::string_view column : keys.id)
      fact.id += (fact.id.empty() ? "" : "/") + slug(table.text(row, column));
    fact.item = table.text(row, keys.item);
    if (!keys.metric.empty()) fact.metric = table.text(row, keys.metric);
    fact.low = table.number(row, "low");
    fact.value = table.number(row, "value");
    fact.high = table.number(row, "high");
    fact.unit = table.text(row, "unit");
    fact.source = table.text(row, "source");
    fact.tier = table.text(row, "tier");
    fact.note = table.text(row, "note");
    all.push_back(std::move(fact));
  }
  return all;
}

const Fact& must_find(TableName table, std::string_view id) {
  const Fact* fact = find_fact(table, id);
  if (fact == nullptr) {
    fmt::print(stderr, "built-in catalogue is broken: no {}.{}\n", table_text(table), id);
    std::abort();
  }
  return *fact;
}

}  // namespace

// ---- accelerators

std::span<const Accelerator> accelerators() {
  static const std::vector<Accelerator> all = read_accelerators();
  return all;
}

const Accelerator* find_accelerator(std::string_view id) {
  for (const Accelerator& each : accelerators())
    if (each.id == id) return &each;
  return nullptr;
}

std::vector<std::string> accelerator_ids() {
  std::vector<std::string> ids;
  for (const Accelerator& each : accelerators()) ids.push_back(each.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

double dense_8bit_tflops(const Accelerator& a) {
  if (a.fp8_tflops > 0) return a.fp8_tflops;
  if (a.int8_tops > 0) return a.int8_tops;
  return a.fp16_tflops;
}

double h100e(const Accelerator& a) {
  return dense_8bit_tflops(a) / h100_8bit_tflops;
}

double network_overhead() {
  static const double overhead = range(must_find(TableName::utilisation, "net_overhead")).value;
  return overhead;
}

double provisioned_kw(const Accelerator& a, double oversubscription) {
  return a.server_kw * (1 + network_overhead()) * (1 - oversubscription);
}

double peak_kw(const Accelerator& a) {
  return a.server_kw * peak_over_server;
}

double idle_kw(const Accelerator& a) {
  return peak_kw(a) * idle_over_peak;
}

// ---- facts

std::string_view table_text(TableName table) {
  for (const auto& [name, text] : table_names)
    if (name == table) return text;
  return "";
}

std::optional<TableName> parse_table(std::string_view text) {
  for (const auto& [name, known] : table_names)
    if (known == text) return name;
  return std::nullopt;
}

std::span<const Fact> facts(TableName table) {
  static const std::map<TableName, std::vector<Fact>> all = [] {
    std::map<TableName, std::vector<Fact>> read;
    for (const auto& [name, text] : table_names) read.emplace(name, read_facts(name));
    return read;
  }();
  return all.at(table);
}

const Fact* find_fact(TableName table, std::string_view id) {
  for (const Fact& fact : facts(table))
    if (fact.id == id) return &fact;
  return nullptr;
}

Range range(const Fact& fact) {
  return range_of(fact.low, fact.value, fact.high);
}

const ResidualCurve& residual_curve() {
  static const ResidualCurve curve = [] {
    ResidualCurve read;
    read.by_year.push_back({1, 1, 1});
    for (const char* year :
         {"resale-of-new-end-year-1", "end-year-2", "end-year-3", "end-year-4", "end-year-5"})
      read.by_year.push_back(
          range(must_find(TableName::depreciation, std::string("residual-h100/") + year)));
    read.step_at_next_generation = range(must_find(
        TableName::depreciation, "new-arch-step-down/one-off-value-drop-at-next-gen-volume"));
    return read;
  }();
  return curve;
}

int tier_rank(std::string_view tier) {
  static constexpr std::array<std::string_view, 7> best_first{"T1",    "T2",   "T3", "calc",
                                                              "brief", "rule", "GK"};
  int worst = -1;
  while (!tier.empty()) {
    const std::size_t slash = std::min(tier.find('/'), tier.size());
    const auto found = std::find(best_first.begin(), best_first.end(), tier.substr(0, slash));
    worst = std::max(worst, static_cast<int>(found - best_first.begin()));
    tier.remove_prefix(std::min(slash + 1, tier.size()));
  }
  return worst < 0 ? static_cast<int>(best_first.size()) : worst;
}

}  // namespace warmshell::catalog
