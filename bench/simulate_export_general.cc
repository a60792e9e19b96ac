#include "simulate_export_general.h"

#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "text/json_writer.h"

namespace warmshell::bench {
namespace {

using text::JsonWriter;

// By value::Operation and value::Column.
constexpr std::array<std::string_view, 19> operation_names{
    "constant", "input",       "series",          "gate",    "column",  "sum",     "dot",
    "subtract", "multiply",    "divide",          "minimum", "maximum", "overlap", "share",
    "imported", "running_sum", "running_maximum", "lag",     "resale"};
constexpr std::string_view present_value = "present_value";
constexpr std::array<std::string_view, value::column_count> column_names{
    "rent_per_hour",       "demand_h100e",      "price_per_mwh",
    "resale_factor",       "delivered",         "gone",
    "installed",           "delivered_age",     "busy",
    "unmet_h100e",         "energy_mwh",        "let_live_mw",
    "source_energised_mw", "source_energy_mwh", "used_mw",
    "installing_mw",       "idle_lit_mw"};
constexpr std::array<std::string_view, 4> shape_names{"constant", "month", "path", "month_path"};
constexpr std::array<std::string_view, 4> kind_names{"cash", "terminal", "book", "balance"};

std::string_view name_of(value::Operation operation) {
  return operation == value::Operation::present_value
             ? present_value
             : operation_names[static_cast<std::size_t>(operation)];
}

// JSON has no infinity: it is written as a word.
void number(JsonWriter& json, double x) {
  if (std::isfinite(x))
    json.value(x);
  else
    json.value(x > 0 ? "inf" : "-inf");
}
void put(JsonWriter& json, std::string_view name, double x) {
  json.key(name);
  number(json, x);
}
void put(JsonWriter& json, std::string_view name, const std::vector<double>& xs) {
  json.key(name).begin_flat_array();
  for (const double x : xs) number(json, x);
  json.end_array();
}

void put(JsonWriter& json, std::string_view name, const std::vector<model::PueSpan>& spans) {
  json.key(name).begin_array();
  for (const model::PueSpan& span : spans) {
    json.begin_flat_array();
    for (const double x : {span.from_month, span.peak, span.annual}) number(json, x);
    json.end_array();
  }
  json.end_array();
}

void put(JsonWriter& json, std::string_view name, const std::vector<model::OutageSpan>& spans) {
  json.key(name).begin_array();
  for (const model::OutageSpan& span : spans) {
    json.begin_flat_array();
    for (const double x : {span.from, span.to, span.share}) number(json, x);
    json.end_array();
  }
  json.end_array();
}

void write_sites(JsonWriter& json, const model::Layout& layout) {
  json.key("sites").begin_array();
  for (const model::LayoutSite& site : layout.sites) {
    json.begin_object().field("name", site.name).field("halls", site.halls);
    json.field("sources", site.sources).field("lots", site.lots);
    put(json, "racks_per_month", site.racks_per_month);
    json.end_object();
  }
  json.end_array().key("halls").begin_array();
  for (const model::LayoutHall& hall : layout.halls) {
    json.begin_object().field("name", hall.name).field("site", hall.site);
    put(json, "it_mw", hall.it_mw);
    json.field("cooling_mask", hall.cooling_mask).field("warm_gate", hall.warm_gate);
    put(json, "max_rack_kw", hall.max_rack_kw);
    put(json, "pue", hall.pue);
    put(json, "outages", hall.outages);
    put(json, "retrofit_month", hall.retrofit_month);
    json.field("retrofit_mask", hall.retrofit_mask);
    put(json, "retrofit_max_rack_kw", hall.retrofit_max_rack_kw);
    json.field("let", hall.let);
    json.field("path", hall.path).end_object();
  }
  json.end_array().key("sources").begin_array();
  for (const model::LayoutSource& source : layout.sources) {
    json.begin_object().field("name", source.name).field("site", source.site);
    json.field("gate", source.gate).field("tranche_gate", source.tranche_gate);
    put(json, "tranche_mw", source.tranche_mw);
    put(json, "every", source.every);
    put(json, "firm_share", source.firm_share);
    put(json, "ends_month", source.ends_month);
    put(json, "outages", source.outages);
    json.field("bridge_until", source.bridge_until).field("path", source.path).end_object();
  }
  json.end_array();
}

void write_lots(JsonWriter& json, const model::Layout& layout, const model::Portfolio& portfolio) {
  json.key("lots").begin_array();
  for (const model::LayoutLot& lot : layout.lots) {
    json.begin_object().field("name", lot.name).field("class", lot.accelerator_class);
    json.field("site", lot.site).field("halls", lot.halls).field("other_halls", lot.other_halls);
    json.field("delivered_gate", lot.delivered_gate).field("cancelled_gate", lot.cancelled_gate);
    json.field("cooling_mask", lot.cooling_mask);
    put(json, "count", lot.count);
    put(json, "ordered_month", lot.ordered_month);
    put(json, "provisioned_kw", lot.provisioned_kw);
    put(json, "idle_kw", lot.idle_kw);
    put(json, "peak_kw", lot.peak_kw);
    put(json, "rack_kw", lot.rack_kw);
    put(json, "accelerators_per_rack", lot.accelerators_per_rack);
    put(json, "failed_share", lot.failed_share);
    put(json, "spares_share", lot.spares_share);
    put(json, "life_months", lot.life_months);
    put(json, "h100e", lot.h100e);
    put(json, "lowest_pue", lot.lowest_pue);
    put(json, "price", portfolio.fleet.at(lot.name).price.value.value);
    json.end_object();
  }
  json.end_array();
}

void write_markets(JsonWriter& json, const model::Layout& layout) {
  json.field("classes", layout.classes.size()).key("markets").begin_array();
  for (const model::LayoutMarket& market : layout.markets) {
    const bool paid_idle =
        market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
    json.begin_object().field("name", market.name);
    put(json, "ramp_months", market.ramp_months);
    json.field("paid_idle", paid_idle).field("utilisation", market.utilisation);
    json.key("accepts_class").begin_flat_array();
    for (const bool accepts : market.accepts_class) json.value(accepts);
    json.end_array().end_object();
  }
  json.end_array();
}

void write_decisions(JsonWriter& json, const model::Decisions& decisions) {
  json.key("order").begin_array();
  for (const std::vector<int>& order : decisions.order) json.value(order);
  json.end_array().field("market_order", decisions.market_order).key("take_order").begin_array();
  for (const std::vector<int>& order : decisions.take_order) json.value(order);
  json.end_array();
}

void write_promises(JsonWriter& json, const std::vector<value::Promise>& promises) {
  json.key("promises").begin_array();
  for (const value::Promise& promise : promises) {
    json.begin_object().field("market", promise.market).field("hall", promise.hall);
    json.field("month", promise.month).field("full_mw", promise.full_mw).end_object();
  }
  json.end_array();
}

void write_graph(JsonWriter& json, std::string_view name, const value::Lines& lines) {
  json.key(name).begin_object().key("nodes").begin_array();
  for (const value::Node& node : lines.graph.nodes()) {
    json.begin_object().field("operation", name_of(node.operation));
    json.field("shape", shape_names[static_cast<std::size_t>(node.shape)]);
    if (!node.operands.empty()) json.field("operands", node.operands);
    if (node.shape == value::Shape::constant) put(json, "value", node.value);
    if (node.shape == value::Shape::month) put(json, "monthly", node.monthly);
    if (node.operation == value::Operation::column)
      json.field("column", column_names[static_cast<std::size_t>(node.column)]);
    json.field("item", node.item).field("after_months", node.after_months);
    if (!node.needed.empty()) {
      json.key("needed").begin_flat_array();
      for (const char needed : node.needed) json.value(static_cast<int>(needed));
      json.end_array();
    }
    json.end_object();
  }
  json.end_array().key("lines").begin_array();
  for (const value::Line& line : lines.graph.lines())
    json.begin_object()
        .field("name", line.name)
        .field("kind", kind_names[static_cast<std::size_t>(line.kind)])
        .field("node", line.node)
        .end_object();
  json.end_array();
  json.field("net_cash", lines.net_cash).field("cumulative_cash", lines.cumulative_cash);
  json.field("revenue", lines.revenue).field("npv", lines.npv);
  json.field("npv_without_terminal", lines.npv_without_terminal).end_object();
}

}  // namespace

std::string general_tables(const study::Prepared& prepared, const value::ValuationPlan& plan,
                           std::int64_t paths, std::int64_t compared) {
  const model::Layout& layout = prepared.layout;
  const model::Portfolio& portfolio = prepared.read->portfolio;
  const model::Finance& finance = portfolio.finance;
  std::string out;
  JsonWriter json(out, JsonWriter::Style::compact);
  json.begin_object().field("inputs_sha256", prepared.read->inputs_sha256);
  json.field("paths", paths).field("compared", compared).field("months", layout.months);
  json.key("gates").begin_array();
  for (const model::Gate& gate : layout.gates) json.value(gate.id);
  json.end_array();
  write_sites(json, layout);
  write_lots(json, layout, portfolio);
  write_markets(json, layout);
  write_decisions(json, prepared.decisions);
  const value::ResaleCurve resale = value::make_resale_curve(portfolio);
  json.key("finance").begin_object().field("wacc", finance.wacc.value.value);
  json.field("book_life", finance.book_life.value.value);
  json.field("economic_life", finance.economic_life.value.value);
  json.field("variable_cost", finance.variable_cost.value.value);
  json.field("discount", plan.energised.discount);
  json.field("constant_fall", resale.constant_fall).field("log_keep", resale.log_keep);
  json.field("resale_by_year", resale.by_year).end_object();
  write_promises(json, plan.promises);
  write_graph(json, "energised", plan.energised);
  write_graph(json, "by_chip_count", plan.by_chip_count);
  json.key("metrics").begin_flat_array();
  for (const std::string_view name : value::metric_names) json.value(name);
  json.end_array().end_object();
  return out;
}

}  // namespace warmshell::bench
