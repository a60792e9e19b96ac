#include "report/json.h"

#include <fmt/format.h>

#include "report/chinese.h"
#include "report/figures.h"
#include "report/words.h"
#include "text/json_writer.h"

namespace warmshell::report {

namespace {

using study::SimulateResult;
using text::json_number;
using text::JsonWriter;

void optional_field(JsonWriter& json, std::string_view name, const std::optional<double>& value) {
  json.key(name);
  value ? json.value(*value) : json.null();
}
void optional_field(JsonWriter& json, std::string_view name,
                    const std::optional<std::string>& value) {
  json.key(name);
  value ? json.value(*value) : json.null();
}

void write_head(JsonWriter& json, const SimulateResult& r) {
  json.field("format", "warmshell.simulate/1")
      .field("version", r.version)
      .field("inputs_sha256", r.inputs_sha256);
  json.field("portfolio", r.title)
      .field("note", r.note)
      .field("scenario", r.scenario)
      .field("seed", r.seed);
  json.field("status", r.complete ? "complete" : "interrupted")
      .field("paths", r.paths)
      .field("paths_asked", r.paths_asked);
  json.field("currency", r.currency).field("summary", first_sentence(r));
  json.field("summary_chinese", first_sentence_chinese(r)).field("months", r.months);
}

void write_metrics(JsonWriter& json, const SimulateResult& r) {
  json.key("metrics").begin_object();
  for (const auto& [name, m] : r.metrics) {
    json.key(name).begin_object().field("unit", m.unit).field("mean", m.mean).field("se", m.se);
    optional_field(json, "p05", m.p05);
    optional_field(json, "p10", m.p10);
    optional_field(json, "p50", m.p50);
    optional_field(json, "p90", m.p90);
    optional_field(json, "p95", m.p95);
    if (m.undefined_share) json.field("undefined_share", *m.undefined_share);
    if (m.last_month_share) json.field("last_month_share", *m.last_month_share);
    json.end_object();
  }
  json.end_object();
}

template <std::size_t N>
void write_rows(JsonWriter& json, std::string_view name,
                const std::vector<std::array<double, N>>& rows) {
  json.key(name).begin_array();
  for (const auto& row : rows) json.value(std::vector<double>(row.begin(), row.end()));
  json.end_array();
}

template <std::size_t N>
void write_columns(JsonWriter& json, std::string_view name,
                   const std::vector<std::array<double, N>>& rows,
                   const std::array<std::string_view, N>& names) {
  json.key(name).begin_object();
  for (std::size_t i = 0; i < N; ++i) {
    std::vector<double> column;
    for (const auto& row : rows) column.push_back(row[i]);
    json.field(names[i], column);
  }
  json.end_object();
}

void write_ledger(JsonWriter& json, const study::LedgerTotals& ledger) {
  json.field("ordered", ledger.ordered).field("gone", ledger.gone);
  write_rows(json, "mean_accelerators", ledger.mean_accelerators);
  if (!ledger.se_accelerators.empty()) write_rows(json, "se_accelerators", ledger.se_accelerators);
  write_columns(json, "alone", ledger.alone, alone_names);
  write_columns(json, "sellable", ledger.sellable, dark_names);
}

void write_ledgers(JsonWriter& json, const SimulateResult& r) {
  json.key("ledger").begin_object();
  json.field("states",
             std::vector<std::string>(fleet::state_names.begin(), fleet::state_names.end()));
  write_ledger(json, r.ledger);
  json.key("by_site").begin_object();
  for (const auto& [site, ledger] : r.by_site) {
    json.key(site).begin_object();
    write_ledger(json, ledger);
    json.end_object();
  }
  json.end_object().end_object();
  json.key("megawatts").begin_object();
  for (const auto& [name, by_month] : r.megawatts) json.field(name, by_month);
  json.end_object();
}

void write_quantiles(JsonWriter& json, const study::GateQuantiles& q) {
  optional_field(json, "p10", q.p10);
  optional_field(json, "p50", q.p50);
  optional_field(json, "p90", q.p90);
}

void write_band(JsonWriter& json, std::string_view name, const study::Band& band) {
  json.key(name)
      .begin_object()
      .field("p10", band.p10)
      .field("p50", band.p50)
      .field("p90", band.p90)
      .field("resolution", band.resolution)
      .end_object();
}

void write_gates(JsonWriter& json, const SimulateResult& r) {
  json.key("gates").begin_array();
  for (const study::GateRow& gate : r.gates) {
    json.begin_object().field("id", gate.id);
    write_quantiles(json, gate.unconditional);
    json.field("never", gate.never).key("given").begin_object();
    write_quantiles(json, gate.given);
    json.end_object().field("megawatts", gate.megawatts).field("unit", gate.unit).end_object();
  }
  json.end_array();
  json.key("live_by").begin_object().field("months", r.months);
  write_band(json, "facility_mw", r.live_facility_mw);
  write_band(json, "accelerators", r.live_accelerators);
  json.key("quarters").begin_array();
  for (const study::Quarter& quarter : r.quarters) {
    json.begin_object()
        .field("quarter", quarter.name)
        .field("p10_gw", quarter.p10_gw)
        .field("p50_gw", quarter.p50_gw)
        .field("p90_gw", quarter.p90_gw);
    optional_field(json, "planned_gw", quarter.planned_gw);
    json.end_object();
  }
  json.end_array().field("quarters_resolution", r.quarters_resolution).end_object();
}

void write_money(JsonWriter& json, const SimulateResult& r) {
  json.key("cost_of_dark").begin_object();
  for (const auto& [site, states] : r.cost_of_dark) {
    json.key(site).begin_object();
    for (const auto& [state, c] : states)
      json.key(state)
          .begin_object()
          .field("lost_revenue", c.lost_revenue)
          .field("lost_margin", c.lost_margin)
          .field("lost_margin_alone", c.lost_margin_alone)
          .field("market_value", c.market_value)
          .field("life", c.life)
          .field("book", c.book)
          .field("capital", c.capital)
          .field("mw_mean", c.mw_mean)
          .field("se", c.se)
          .field("accelerator_months", c.accelerator_months)
          .field("sellable", c.sellable)
          .field("sellable_alone", c.sellable_alone)
          .end_object();
    json.end_object();
  }
  json.end_object().key("carry").begin_object();
  for (const auto& [site, money] : r.carry) json.field(site, money);
  json.end_object();
  json.key("binds").begin_object().field("case", binds_case_name(r.binds.kind));
  json.field("state", r.binds.state)
      .field("second_state", r.binds.second_state)
      .field("site", r.binds.site)
      .field("mw", r.binds.mw);
  json.field("from", r.binds.from)
      .field("lost_margin", r.binds.lost_margin)
      .field("sites_waiting", r.binds.sites_waiting)
      .field("lost_margin_all_sites", r.binds.lost_margin_all_sites)
      .field("latest_gate", r.binds.latest_gate);
  json.field("by_month", r.binds_by_month).field("unmet_share", r.unmet_share).end_object();
  json.key("cures").begin_array();
  for (const study::Cure& cure : r.cures)
    json.begin_object()
        .field("gate", cure.gate)
        .field("accelerator_months_alone", cure.accelerator_months_alone)
        .field("sellable", cure.sellable)
        .field("lost_margin", cure.lost_margin)
        .field("se", cure.se)
        .end_object();
  json.end_array().key("promises").begin_array();
  for (const study::Promise& promise : r.promises)
    json.begin_object()
        .field("contract", promise.contract)
        .field("ready_by", promise.ready_by)
        .field("odds", promise.odds)
        .field("damages", promise.damages)
        .end_object();
  json.end_array();
  json.key("lines").begin_object();
  for (const auto& [name, monthly] : r.lines) json.field(name, monthly);
  json.end_object().key("lines_by_chip_count").begin_object();
  for (const auto& [name, monthly] : r.lines_by_chip_count) json.field(name, monthly);
  json.end_object();
  write_band(json, "cumulative_cash", r.cumulative_cash);
}

template <std::size_t N>
void write_named(JsonWriter& json, std::string_view name, const std::array<double, N>& values,
                 const std::array<std::string_view, N>& names) {
  json.key(name).begin_object();
  for (std::size_t i = 0; i < N; ++i) json.field(names[i], values[i]);
  json.end_object();
}

void write_holding(JsonWriter& json, const Holding& all) {
  json.field("mean_held", all.held);
  write_named(json, "mean_accelerators", all.state, fleet::state_names);
  write_named(json, "mean_by_group", all.group, group_names);
  write_named(json, "accelerator_months", all.months_of, group_names);
  write_named(json, "share", all.share, group_names);
}

// Sums and means of what stands above, so that a report shows no number of its own.
void write_figures(JsonWriter& json, const SimulateResult& r) {
  const Figures figures = figures_of(r);
  json.key("figures").begin_object();
  write_holding(json, figures.portfolio);
  write_named(json, "funnel", figures.funnel, stage_names);
  json.key("by_site").begin_object();
  for (const auto& [site, all] : figures.by_site) {
    json.key(site).begin_object();
    write_holding(json, all);
    json.end_object();
  }
  json.end_object().key("cost_of_dark").begin_object();
  for (const auto& [state, c] : figures.dark_by_state)
    json.key(state)
        .begin_object()
        .field("lost_revenue", c.lost_revenue)
        .field("lost_margin", c.lost_margin)
        .field("lost_margin_alone", c.lost_margin_alone)
        .field("market_value", c.market_value)
        .field("life", c.life)
        .field("book", c.book)
        .field("capital", c.capital)
        .field("mw_mean", c.mw_mean)
        .field("accelerator_months", c.accelerator_months)
        .field("sellable", c.sellable)
        .end_object();
  json.end_object().field("carry", figures.carry).key("line_totals").begin_object();
  for (const auto& [name, total] : figures.line_totals) json.field(name, total);
  json.end_object().end_object();
}

void write_checks(JsonWriter& json, const SimulateResult& r) {
  json.key("checks").begin_object();
  for (const auto& [name, passed] : r.checks) json.field(name, passed);
  json.end_object().key("residuals").begin_object();
  for (const auto& [name, residual] : r.residuals)
    optional_field(json, name, residual - residual == 0 ? std::optional(residual) : std::nullopt);
  json.end_object();
  json.key("defaults_used").begin_array();
  for (const study::DefaultUsed& used : r.defaults_used)
    json.begin_object()
        .field("path", used.path)
        .field("value", used.value)
        .field("source", used.source)
        .field("tier", used.tier)
        .end_object();
  json.end_array().field("not_yet_valued", r.not_yet_valued);
  json.key("diagnostics").begin_array();
  for (const Diagnostic& d : r.diagnostics)
    json.begin_object()
        .field("code", d.code)
        .field("severity", severity_name(d.severity))
        .field("file", d.where.file)
        .field("line", d.where.line)
        .field("column", d.where.column)
        .field("path", d.path)
        .field("message", d.message)
        .field("help", d.help)
        .end_object();
  json.end_array();
}

void write_result(JsonWriter& json, const SimulateResult& result) {
  json.begin_object();
  write_head(json, result);
  write_metrics(json, result);
  write_ledgers(json, result);
  write_gates(json, result);
  write_money(json, result);
  write_figures(json, result);
  write_checks(json, result);
  json.end_object();
}

}  // namespace

std::string simulate_json(const SimulateResult& result) {
  std::string out;
  JsonWriter json(out);
  write_result(json, result);
  return out + "\n";
}

std::string scenarios_json(std::span<const SimulateResult> results,
                           std::span<const study::Difference> differences) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("format", "warmshell.scenarios/1").key("scenarios").begin_array();
  for (const SimulateResult& result : results) write_result(json, result);
  json.end_array().key("differences").begin_array();
  for (const study::Difference& d : differences) {
    json.begin_object().field("scenario", d.scenario).field("to", d.to).field("paths", d.paths);
    json.field("comparison", comparison_name(d.comparison))
        .field("dates", d.dates)
        .field("shared_dates", d.shared_dates)
        .key("metrics")
        .begin_object();
    for (const auto& [name, gain] : d.metrics)
      json.key(name)
          .begin_object()
          .field("unit", d.units.at(name))
          .field("mean", gain.mean)
          .field("se", gain.se)
          .end_object();
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

std::vector<CsvTable> simulate_csv(const SimulateResult& r) {
  std::vector<CsvTable> tables;
  CsvTable ledger{"ledger", "month,ordered,gone"};
  for (const std::string_view state : fleet::state_names) ledger.text += fmt::format(",{}", state);
  ledger.text += "\n";
  for (std::size_t month = 0; month < r.months.size(); ++month) {
    ledger.text += fmt::format("{},{},{}", r.months[month], json_number(r.ledger.ordered[month]),
                               json_number(r.ledger.gone[month]));
    for (const double x : r.ledger.mean_accelerators[month]) ledger.text += "," + json_number(x);
    ledger.text += "\n";
  }
  tables.push_back(std::move(ledger));

  const auto by_month = [&](std::string name,
                            const std::map<std::string, std::vector<double>>& columns) {
    CsvTable table{std::move(name), "month"};
    for (const auto& [column, values] : columns) table.text += "," + column;
    table.text += "\n";
    for (std::size_t month = 0; month < r.months.size(); ++month) {
      table.text += r.months[month];
      for (const auto& [column, values] : columns) table.text += "," + json_number(values[month]);
      table.text += "\n";
    }
    tables.push_back(std::move(table));
  };
  by_month("megawatts", r.megawatts);
  by_month("lines", r.lines);
  by_month("lines_by_chip_count", r.lines_by_chip_count);

  CsvTable gates{"gates", "id,p10,p50,p90,never,given_p10,given_p50,given_p90,megawatts,unit\n"};
  for (const study::GateRow& g : r.gates)
    gates.text +=
        fmt::format("{},{},{},{},{},{},{},{},{},{}\n", g.id, g.unconditional.p10.value_or(""),
                    g.unconditional.p50.value_or(""), g.unconditional.p90.value_or(""),
                    json_number(g.never), g.given.p10.value_or(""), g.given.p50.value_or(""),
                    g.given.p90.value_or(""), json_number(g.megawatts), g.unit);
  tables.push_back(std::move(gates));
  return tables;
}

}  // namespace warmshell::report
