#include "report/read_json.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "report/words.h"

namespace warmshell::report {

namespace {

using Json = nlohmann::json;
using study::SimulateResult;

struct Wrong {
  std::string message;
};

// Every access is checked: a missing key or another type is a json::exception, told by the caller.
template <class T>
void get(const Json& json, const char* key, T& into) {
  json.at(key).get_to(into);
}
template <class T>
void get(const Json& json, const char* key, std::optional<T>& into) {
  const Json& value = json.at(key);
  if (!value.is_null()) into = value.get<T>();
}

// Iterating over a number or a string gives that itself: only what is there by its kind is walked.
const Json& object(const Json& json, const char* key) {
  if (!json.at(key).is_object()) throw Wrong{fmt::format("`{}` is not an object", key)};
  return json.at(key);
}
const Json& array(const Json& json, const char* key) {
  if (!json.at(key).is_array()) throw Wrong{fmt::format("`{}` is not an array", key)};
  return json.at(key);
}

template <std::size_t N>
void get_columns(const Json& json, const char* key, const std::array<std::string_view, N>& names,
                 std::vector<std::array<double, N>>& rows) {
  for (std::size_t i = 0; i < N; ++i) {
    const auto column = json.at(key).at(std::string(names[i])).get<std::vector<double>>();
    rows.resize(i == 0 ? column.size() : rows.size());
    if (rows.size() != column.size())
      throw Wrong{fmt::format("columns of `{}` differ in length", key)};
    for (std::size_t month = 0; month < rows.size(); ++month) rows[month][i] = column[month];
  }
}

study::LedgerTotals ledger_of(const Json& json) {
  study::LedgerTotals ledger;
  get(json, "ordered", ledger.ordered);
  get(json, "gone", ledger.gone);
  get(json, "mean_accelerators", ledger.mean_accelerators);
  if (json.contains("se_accelerators")) get(json, "se_accelerators", ledger.se_accelerators);
  get_columns(json, "alone", alone_names, ledger.alone);
  get_columns(json, "sellable", dark_names, ledger.sellable);
  return ledger;
}

// Of gates (a date or never) and of bands (by month).
template <class Quantiles>
Quantiles quantiles_of(const Json& json) {
  Quantiles q;
  get(json, "p10", q.p10);
  get(json, "p50", q.p50);
  get(json, "p90", q.p90);
  return q;
}

study::Band band_of(const Json& json) {
  study::Band band = quantiles_of<study::Band>(json);
  get(json, "resolution", band.resolution);
  return band;
}

study::DarkCost dark_cost_of(const Json& json) {
  study::DarkCost c;
  get(json, "lost_revenue", c.lost_revenue);
  get(json, "lost_margin", c.lost_margin);
  get(json, "lost_margin_alone", c.lost_margin_alone);
  get(json, "market_value", c.market_value);
  get(json, "life", c.life);
  get(json, "book", c.book);
  get(json, "capital", c.capital);
  get(json, "mw_mean", c.mw_mean);
  get(json, "se", c.se);
  get(json, "accelerator_months", c.accelerator_months);
  get(json, "sellable", c.sellable);
  get(json, "sellable_alone", c.sellable_alone);
  return c;
}

study::BindsCase binds_case_of(const std::string& name) {
  using enum study::BindsCase;
  for (const study::BindsCase one : {gate, two_gates, demand, orders_and_gates, balanced})
    if (binds_case_name(one) == name) return one;
  throw Wrong{fmt::format("`binds.case` is `{}`", name)};
}

Severity severity_of(const std::string& name) {
  for (const Severity one : {Severity::error, Severity::warning, Severity::note})
    if (severity_name(one) == name) return one;
  throw Wrong{fmt::format("a diagnostic has the severity `{}`", name)};
}

void read_head(const Json& json, SimulateResult& r) {
  if (json.at("format") != "warmshell.simulate/1")
    throw Wrong{"`format` is not warmshell.simulate/1"};
  get(json, "version", r.version);
  get(json, "inputs_sha256", r.inputs_sha256);
  get(json, "portfolio", r.title);
  get(json, "note", r.note);
  get(json, "scenario", r.scenario);
  get(json, "seed", r.seed);
  const auto status = json.at("status").get<std::string>();
  if (status != "complete" && status != "interrupted")
    throw Wrong{fmt::format("`status` is `{}`", status)};
  r.complete = status == "complete";
  get(json, "paths", r.paths);
  get(json, "paths_asked", r.paths_asked);
  get(json, "currency", r.currency);
  get(json, "months", r.months);
  for (const auto& [name, m] : object(json, "metrics").items()) {
    study::Metric& metric = r.metrics[name];
    get(m, "unit", metric.unit);
    get(m, "mean", metric.mean);
    get(m, "se", metric.se);
    get(m, "p05", metric.p05);
    get(m, "p10", metric.p10);
    get(m, "p50", metric.p50);
    get(m, "p90", metric.p90);
    get(m, "p95", metric.p95);
    if (m.contains("undefined_share")) get(m, "undefined_share", metric.undefined_share);
    if (m.contains("last_month_share")) get(m, "last_month_share", metric.last_month_share);
  }
}

void read_when(const Json& json, SimulateResult& r) {
  const Json& ledger = json.at("ledger");
  r.ledger = ledger_of(ledger);
  for (const auto& [site, one] : object(ledger, "by_site").items())
    r.by_site[site] = ledger_of(one);
  get(json, "megawatts", r.megawatts);
  for (const Json& g : array(json, "gates")) {
    study::GateRow gate;
    get(g, "id", gate.id);
    gate.unconditional = quantiles_of<study::GateQuantiles>(g);
    get(g, "never", gate.never);
    gate.given = quantiles_of<study::GateQuantiles>(g.at("given"));
    get(g, "megawatts", gate.megawatts);
    get(g, "unit", gate.unit);
    r.gates.push_back(std::move(gate));
  }
  const Json& live = json.at("live_by");
  r.live_facility_mw = band_of(live.at("facility_mw"));
  r.live_accelerators = band_of(live.at("accelerators"));
  for (const Json& q : array(live, "quarters")) {
    study::Quarter quarter;
    get(q, "quarter", quarter.name);
    get(q, "p10_gw", quarter.p10_gw);
    get(q, "p50_gw", quarter.p50_gw);
    get(q, "p90_gw", quarter.p90_gw);
    get(q, "planned_gw", quarter.planned_gw);
    r.quarters.push_back(std::move(quarter));
  }
  get(live, "quarters_resolution", r.quarters_resolution);
}

void read_money(const Json& json, SimulateResult& r) {
  for (const auto& [site, states] : object(json, "cost_of_dark").items())
    for (const auto& [state, cost] : states.items())
      r.cost_of_dark[site][state] = dark_cost_of(cost);
  get(json, "carry", r.carry);
  const Json& binds = json.at("binds");
  r.binds.kind = binds_case_of(binds.at("case").get<std::string>());
  get(binds, "state", r.binds.state);
  get(binds, "second_state", r.binds.second_state);
  get(binds, "site", r.binds.site);
  get(binds, "mw", r.binds.mw);
  get(binds, "from", r.binds.from);
  get(binds, "lost_margin", r.binds.lost_margin);
  get(binds, "sites_waiting", r.binds.sites_waiting);
  get(binds, "lost_margin_all_sites", r.binds.lost_margin_all_sites);
  get(binds, "latest_gate", r.binds.latest_gate);
  get(binds, "by_month", r.binds_by_month);
  get(binds, "unmet_share", r.unmet_share);
  for (const Json& c : array(json, "cures")) {
    study::Cure cure;
    get(c, "gate", cure.gate);
    get(c, "accelerator_months_alone", cure.accelerator_months_alone);
    get(c, "sellable", cure.sellable);
    get(c, "lost_margin", cure.lost_margin);
    get(c, "se", cure.se);
    r.cures.push_back(std::move(cure));
  }
  for (const Json& p : array(json, "promises")) {
    study::Promise promise;
    get(p, "contract", promise.contract);
    get(p, "ready_by", promise.ready_by);
    get(p, "odds", promise.odds);
    get(p, "damages", promise.damages);
    r.promises.push_back(std::move(promise));
  }
  get(json, "lines", r.lines);
  get(json, "lines_by_chip_count", r.lines_by_chip_count);
  r.cumulative_cash = band_of(json.at("cumulative_cash"));
}

void read_checks(const Json& json, SimulateResult& r) {
  get(json, "checks", r.checks);
  for (const auto& [name, residual] : object(json, "residuals").items())
    r.residuals[name] =
        residual.is_null() ? std::numeric_limits<double>::quiet_NaN() : residual.get<double>();
  for (const Json& u : array(json, "defaults_used")) {
    study::DefaultUsed used;
    get(u, "path", used.path);
    get(u, "value", used.value);
    get(u, "source", used.source);
    get(u, "tier", used.tier);
    r.defaults_used.push_back(std::move(used));
  }
  get(json, "not_yet_valued", r.not_yet_valued);
  for (const Json& d : array(json, "diagnostics")) {
    Diagnostic diagnostic;
    diagnostic.severity = severity_of(d.at("severity").get<std::string>());
    get(d, "code", diagnostic.code);
    get(d, "file", diagnostic.where.file);
    get(d, "line", diagnostic.where.line);
    get(d, "column", diagnostic.where.column);
    get(d, "path", diagnostic.path);
    get(d, "message", diagnostic.message);
    get(d, "help", diagnostic.help);
    r.diagnostics.push_back(std::move(diagnostic));
  }
}

// A report indexes by month: every series must be as long as `months`.
void check_lengths(const SimulateResult& r) {
  const auto same = [&](std::size_t length, std::string_view what) {
    if (length != r.months.size())
      throw Wrong{
          fmt::format("`{}` has {} months, `months` has {}", what, length, r.months.size())};
  };
  const auto whole = [&](const study::LedgerTotals& ledger) {
    same(ledger.ordered.size(), "ledger.ordered");
    same(ledger.gone.size(), "ledger.gone");
    same(ledger.mean_accelerators.size(), "ledger.mean_accelerators");
    same(ledger.alone.size(), "ledger.alone");
    same(ledger.sellable.size(), "ledger.sellable");
  };
  const auto band = [&](const study::Band& b, std::string_view what) {
    for (const std::vector<double>* series : {&b.p10, &b.p50, &b.p90}) same(series->size(), what);
  };
  whole(r.ledger);
  same(r.ledger.se_accelerators.size(), "ledger.se_accelerators");
  for (const auto& [site, ledger] : r.by_site) whole(ledger);
  for (const auto& [name, series] : r.megawatts) same(series.size(), name);
  for (const auto& [name, series] : r.lines) same(series.size(), name);
  for (const auto& [name, series] : r.lines_by_chip_count) same(series.size(), name);
  band(r.live_facility_mw, "live_by.facility_mw");
  band(r.live_accelerators, "live_by.accelerators");
  band(r.cumulative_cash, "cumulative_cash");
  same(r.binds_by_month.size(), "binds.by_month");
  same(r.unmet_share.size(), "binds.unmet_share");
}

}  // namespace

Result<SimulateResult> read_simulate_json(std::string_view text, const std::string& file) {
  std::string problem;
  try {
    const Json json = Json::parse(text);
    SimulateResult result;
    read_head(json, result);
    read_when(json, result);
    read_money(json, result);
    read_checks(json, result);
    check_lengths(result);
    return result;
  } catch (const Json::exception& wrong) {
    problem = wrong.what();
  } catch (const Wrong& wrong) {
    problem = wrong.message;
  }
  Diagnostic diagnostic =
      plain_error("WS0015", fmt::format("this is not a result of `simulate`: {}", problem),
                  "give the folder that `warmshell simulate --out` wrote, by this version");
  diagnostic.where.file = file;
  return fail(std::move(diagnostic));
}

}  // namespace warmshell::report
