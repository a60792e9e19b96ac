#include "report/read_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "report/words.h"
#include "text/utf8.h"

namespace warmshell::report {

namespace {

using Json = nlohmann::json;
using study::SimulateResult;

// What is wrong, and where: the path is completed on the way up.
struct Wrong {
  std::string path;  // `ledger.gone[3]`, "" while it is the value itself
  std::string message;
};

void stand_in(const std::string& above, Wrong& wrong) {
  const bool joined = !wrong.path.empty() && wrong.path.front() != '[';
  wrong.path = above + (joined ? "." : "") + wrong.path;
}

std::string kind_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::string:
      return "text";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return "a number";
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return "nothing";
}

void need(bool is, const Json& json, std::string_view wanted) {
  if (!is) throw Wrong{"", fmt::format("is {}, and must be {}", kind_of(json), wanted)};
}

// ---- values of each kind; those of a result are described below

void read(const Json& json, bool& into) {
  need(json.is_boolean(), json, "true or false");
  into = json.get<bool>();
}
void read(const Json& json, double& into) {
  need(json.is_number(), json, "a number");
  into = json.get<double>();
}
void read(const Json& json, std::string& into) {
  need(json.is_string(), json, "text");
  into = json.get<std::string>();
}
template <std::integral Whole>
void read(const Json& json, Whole& into) {
  need(json.is_number(), json, "a whole number");
  const bool fits = json.is_number_unsigned()  ? std::in_range<Whole>(json.get<std::uint64_t>())
                    : json.is_number_integer() ? std::in_range<Whole>(json.get<std::int64_t>())
                                               : false;
  if (!fits) throw Wrong{"", fmt::format("is {}, and must be a whole number", json.dump())};
  into = json.get<Whole>();
}

void read(const Json& json, Severity& into);
void read(const Json& json, Diagnostic& into);
void read(const Json& json, study::BindsCase& into);
void read(const Json& json, study::Metric& into);
void read(const Json& json, study::LedgerTotals& into);
void read(const Json& json, study::GateQuantiles& into);
void read(const Json& json, study::GateRow& into);
void read(const Json& json, study::Band& into);
void read(const Json& json, study::Quarter& into);
void read(const Json& json, study::DarkCost& into);
void read(const Json& json, study::Cure& into);
void read(const Json& json, study::Promise& into);
void read(const Json& json, study::DefaultUsed& into);

template <class T>
void read(const Json& json, std::optional<T>& into) {
  if (!json.is_null()) read(json, into.emplace());
}

template <class T, std::size_t N>
void read(const Json& json, std::array<T, N>& into);
template <class T>
void read(const Json& json, std::vector<T>& into);
template <class T>
void read(const Json& json, std::map<std::string, T>& into);

template <class T>
void read_item(const Json& json, std::size_t i, T& into) {
  try {
    read(json[i], into);
  } catch (Wrong& wrong) {
    stand_in(fmt::format("[{}]", i), wrong);
    throw;
  }
}
template <class T, std::size_t N>
void read(const Json& json, std::array<T, N>& into) {
  need(json.is_array(), json, "a list");
  if (json.size() != N)
    throw Wrong{"", fmt::format("has {} entries, and must have {}", json.size(), N)};
  for (std::size_t i = 0; i < N; ++i) read_item(json, i, into[i]);
}
template <class T>
void read(const Json& json, std::vector<T>& into) {
  need(json.is_array(), json, "a list");
  into.resize(json.size());
  for (std::size_t i = 0; i < into.size(); ++i) read_item(json, i, into[i]);
}
template <class T>
void read(const Json& json, std::map<std::string, T>& into) {
  need(json.is_object(), json, "an object");
  for (const auto& [name, value] : json.items()) try {
      read(value, into[name]);
    } catch (Wrong& wrong) {
      stand_in(name, wrong);
      throw;
    }
}

// What stands under the key, read by `read_it`.
template <class ReadIt>
void within(const Json& json, const std::string& key, const ReadIt& read_it) {
  need(json.is_object(), json, "an object");
  const auto found = json.find(key);
  if (found == json.end()) throw Wrong{key, "is missing"};
  try {
    read_it(*found);
  } catch (Wrong& wrong) {
    stand_in(key, wrong);
    throw;
  }
}
template <class T>
void get(const Json& json, const std::string& key, T& into) {
  within(json, key, [&](const Json& value) { read(value, into); });
}
template <class T>
void get_if_there(const Json& json, const std::string& key, T& into) {
  need(json.is_object(), json, "an object");
  if (json.contains(key)) get(json, key, into);
}

// ---- what a result is made of

template <std::size_t N>
void get_columns(const Json& json, const char* key, const std::array<std::string_view, N>& names,
                 std::vector<std::array<double, N>>& rows) {
  within(json, key, [&](const Json& columns) {
    for (std::size_t i = 0; i < N; ++i) {
      std::vector<double> column;
      get(columns, std::string(names[i]), column);
      rows.resize(i == 0 ? column.size() : rows.size());
      if (rows.size() != column.size()) throw Wrong{"", "has columns of different lengths"};
      for (std::size_t month = 0; month < rows.size(); ++month) rows[month][i] = column[month];
    }
  });
}

void read(const Json& json, study::LedgerTotals& ledger) {
  get(json, "ordered", ledger.ordered);
  get(json, "gone", ledger.gone);
  get(json, "mean_accelerators", ledger.mean_accelerators);
  get_if_there(json, "se_accelerators", ledger.se_accelerators);
  get_columns(json, "alone", alone_names, ledger.alone);
  get_columns(json, "sellable", dark_names, ledger.sellable);
}

void read(const Json& json, study::GateQuantiles& q) {
  get(json, "p10", q.p10);
  get(json, "p50", q.p50);
  get(json, "p90", q.p90);
}

void read(const Json& json, study::Band& band) {
  get(json, "p10", band.p10);
  get(json, "p50", band.p50);
  get(json, "p90", band.p90);
  get(json, "resolution", band.resolution);
}

void read(const Json& json, study::DarkCost& c) {
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
}

void read(const Json& json, study::BindsCase& into) {
  using enum study::BindsCase;
  std::string name;
  read(json, name);
  for (const study::BindsCase one : {gate, two_gates, demand, orders_and_gates, balanced})
    if (binds_case_name(one) == name) {
      into = one;
      return;
    }
  throw Wrong{"", fmt::format("is {}, which is no case that there is", text::ticked(name))};
}

void read(const Json& json, Severity& into) {
  std::string name;
  read(json, name);
  for (const Severity one : {Severity::error, Severity::warning, Severity::note})
    if (severity_name(one) == name) {
      into = one;
      return;
    }
  throw Wrong{"", fmt::format("is {}, and must be error, warning or note", text::ticked(name))};
}

void read(const Json& json, study::Metric& metric) {
  get(json, "unit", metric.unit);
  get(json, "mean", metric.mean);
  get(json, "se", metric.se);
  get(json, "p05", metric.p05);
  get(json, "p10", metric.p10);
  get(json, "p50", metric.p50);
  get(json, "p90", metric.p90);
  get(json, "p95", metric.p95);
  get_if_there(json, "undefined_share", metric.undefined_share);
  get_if_there(json, "last_month_share", metric.last_month_share);
}

void read(const Json& json, study::GateRow& gate) {
  get(json, "id", gate.id);
  read(json, gate.unconditional);
  get(json, "never", gate.never);
  get(json, "given", gate.given);
  get(json, "megawatts", gate.megawatts);
  get(json, "unit", gate.unit);
}

void read(const Json& json, study::Quarter& quarter) {
  get(json, "quarter", quarter.name);
  get(json, "p10_gw", quarter.p10_gw);
  get(json, "p50_gw", quarter.p50_gw);
  get(json, "p90_gw", quarter.p90_gw);
  get(json, "planned_gw", quarter.planned_gw);
}

void read(const Json& json, study::Cure& cure) {
  get(json, "gate", cure.gate);
  get(json, "accelerator_months_alone", cure.accelerator_months_alone);
  get(json, "sellable", cure.sellable);
  get(json, "lost_margin", cure.lost_margin);
  get(json, "se", cure.se);
}

void read(const Json& json, study::Promise& promise) {
  get(json, "contract", promise.contract);
  get(json, "ready_by", promise.ready_by);
  get(json, "odds", promise.odds);
  get(json, "damages", promise.damages);
}

void read(const Json& json, study::DefaultUsed& used) {
  get(json, "path", used.path);
  get(json, "value", used.value);
  get(json, "source", used.source);
  get(json, "tier", used.tier);
}

void read(const Json& json, Diagnostic& diagnostic) {
  get(json, "severity", diagnostic.severity);
  get(json, "code", diagnostic.code);
  get(json, "file", diagnostic.where.file);
  get(json, "line", diagnostic.where.line);
  get(json, "column", diagnostic.where.column);
  get(json, "path", diagnostic.path);
  get(json, "message", diagnostic.message);
  get(json, "help", diagnostic.help);
}

// ---- the result

void read_head(const Json& json, SimulateResult& r) {
  get(json, "version", r.version);
  get(json, "inputs_sha256", r.inputs_sha256);
  get(json, "portfolio", r.title);
  get(json, "note", r.note);
  get(json, "scenario", r.scenario);
  get(json, "seed", r.seed);
  std::string status;
  get(json, "status", status);
  if (status != "complete" && status != "interrupted")
    throw Wrong{"status",
                fmt::format("is {}, and must be complete or interrupted", text::ticked(status))};
  r.complete = status == "complete";
  get(json, "paths", r.paths);
  get(json, "paths_asked", r.paths_asked);
  if (r.paths < 0) throw Wrong{"paths", "is below zero"};
  get(json, "currency", r.currency);
  get(json, "months", r.months);
  get(json, "metrics", r.metrics);
}

void read_when(const Json& json, SimulateResult& r) {
  within(json, "ledger", [&](const Json& ledger) {
    read(ledger, r.ledger);
    get(ledger, "by_site", r.by_site);
  });
  get(json, "megawatts", r.megawatts);
  get(json, "gates", r.gates);
  within(json, "live_by", [&](const Json& live) {
    get(live, "facility_mw", r.live_facility_mw);
    get(live, "accelerators", r.live_accelerators);
    get(live, "quarters", r.quarters);
    get(live, "quarters_resolution", r.quarters_resolution);
  });
}

void read_money(const Json& json, SimulateResult& r) {
  get(json, "cost_of_dark", r.cost_of_dark);
  get(json, "carry", r.carry);
  within(json, "binds", [&](const Json& binds) {
    get(binds, "case", r.binds.kind);
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
  });
  get(json, "cures", r.cures);
  get(json, "promises", r.promises);
  get(json, "lines", r.lines);
  get(json, "lines_by_chip_count", r.lines_by_chip_count);
  get(json, "cumulative_cash", r.cumulative_cash);
}

void read_checks(const Json& json, SimulateResult& r) {
  get(json, "checks", r.checks);
  std::map<std::string, std::optional<double>> residuals;  // null: no number
  get(json, "residuals", residuals);
  for (const auto& [name, residual] : residuals)
    r.residuals[name] = residual.value_or(std::numeric_limits<double>::quiet_NaN());
  get(json, "defaults_used", r.defaults_used);
  get(json, "not_yet_valued", r.not_yet_valued);
  get(json, "diagnostics", r.diagnostics);
}

// A report indexes by month: every series must be as long as `months`.
void check_lengths(const SimulateResult& r) {
  const auto same = [&](std::size_t length, const std::string& what) {
    if (length != r.months.size())
      throw Wrong{what, fmt::format("has {} months, and `months` has {}", length, r.months.size())};
  };
  const auto whole = [&](const study::LedgerTotals& ledger, const std::string& what) {
    same(ledger.ordered.size(), what + ".ordered");
    same(ledger.gone.size(), what + ".gone");
    same(ledger.mean_accelerators.size(), what + ".mean_accelerators");
    same(ledger.alone.size(), what + ".alone");
    same(ledger.sellable.size(), what + ".sellable");
  };
  const auto band = [&](const study::Band& b, const std::string& what) {
    same(b.p10.size(), what + ".p10");
    same(b.p50.size(), what + ".p50");
    same(b.p90.size(), what + ".p90");
  };
  const auto each = [&](const std::map<std::string, std::vector<double>>& all,
                        const std::string& what) {
    for (const auto& [name, series] : all) same(series.size(), what + "." + name);
  };
  whole(r.ledger, "ledger");
  same(r.ledger.se_accelerators.size(), "ledger.se_accelerators");
  for (const auto& [site, ledger] : r.by_site) whole(ledger, "ledger.by_site." + site);
  each(r.megawatts, "megawatts");
  each(r.lines, "lines");
  each(r.lines_by_chip_count, "lines_by_chip_count");
  band(r.live_facility_mw, "live_by.facility_mw");
  band(r.live_accelerators, "live_by.accelerators");
  band(r.cumulative_cash, "cumulative_cash");
  same(r.binds_by_month.size(), "binds.by_month");
  same(r.unmet_share.size(), "binds.unmet_share");
}

// ---- what is told of a file that is no result

constexpr std::string_view format = "warmshell.simulate/1", simulate_format = "warmshell.simulate/";

Diagnostic not_a_result(const std::string& file, const std::string& why) {
  Diagnostic diagnostic = plain_error(
      "WS0015", why,
      "give the folder that `warmshell simulate --out` wrote, unchanged; or run it again");
  diagnostic.where.file = file;
  return diagnostic;
}

// `byte` counts from 1, and stands behind the text where that ends too early.
Diagnostic not_json(std::string_view text, const std::string& file, std::size_t byte) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return not_a_result(file, "this file is empty");
  if (byte > text.size())
    return not_a_result(file, "this file ends before its JSON does: it was not written whole");
  Diagnostic diagnostic =
      not_a_result(file, "this is not JSON: the mistake is here or just before");
  const std::size_t at = std::max<std::size_t>(byte, 1) - 1;
  const auto newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view line = text.substr(begin, text.find('\n', at) - begin);
  diagnostic.where.line = 1 + static_cast<int>(std::count_if(
                                  text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin),
                                  [](char c) { return c == '\n'; }));
  diagnostic.where.column =
      1 + static_cast<int>(text::count_code_points(text.substr(begin, at - begin)));
  const auto steers = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
  if (!text::first_invalid_utf8(line) && std::none_of(line.begin(), line.end(), steers))
    diagnostic.where.source_line = line;
  return diagnostic;
}

void check_format(const Json& json) {
  std::string written;
  get(json, "format", written);
  if (written == format) return;
  const bool other_version = written.starts_with(simulate_format);
  throw Wrong{"format", fmt::format("is {}{}: this warmshell reads `{}`", text::ticked(written),
                                    other_version ? ", of another version" : "", format)};
}

Diagnostic told(const Json& json, const std::string& file, const Wrong& wrong) {
  Diagnostic diagnostic = not_a_result(
      file, wrong.path.empty() ? fmt::format("this file {}", wrong.message)
                               : fmt::format("{} {}", text::ticked(wrong.path), wrong.message));
  diagnostic.path = wrong.path;
  const auto version = json.is_object() ? json.find("version") : json.end();
  if (version != json.end() && version->is_string() && *version != WARMSHELL_VERSION)
    diagnostic.help =
        fmt::format("warmshell {} wrote it, and this is {}: run `warmshell simulate --out` again",
                    text::excerpt(version->get<std::string>()), WARMSHELL_VERSION);
  return diagnostic;
}

}  // namespace

Result<SimulateResult> read_simulate_json(std::string_view text, const std::string& file) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& wrong) {
    return fail(not_json(text, file, wrong.byte));
  } catch (const Json::out_of_range&) {
    return fail(not_a_result(file, "this file holds a number that is too large"));
  }
  try {
    SimulateResult result;
    check_format(json);
    read_head(json, result);
    read_when(json, result);
    read_money(json, result);
    read_checks(json, result);
    check_lengths(result);
    return result;
  } catch (const Wrong& wrong) {
    return fail(told(json, file, wrong));
  }
}

}  // namespace warmshell::report
