#pragma once
// What `simulate` found: the content of `warmshell.simulate/1`, field for field, before any
// rendering. Reports read this and nothing else, so every number in a report stands in the JSON.
// Carries no clock, thread count, host or file location. Quantiles that are never are nullopt.
// Units: accelerators, facility MW, money in `currency`, months counted from `start`.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "fleet/columns.h"

namespace warmshell::study {

struct Metric {
  std::string unit;
  double mean = 0, se = 0;
  std::optional<double> p05, p10, p50, p90, p95;
  std::optional<double> undefined_share;  // irr: paths whose status is not `one`
  // payback: paths that it reaches in the last month only, in which the terminal value is counted
  std::optional<double> last_month_share = std::nullopt;
};

struct Band {  // by month
  std::vector<double> p10, p50, p90;
  double resolution = 0;  // largest error of a quantile, as a part of it
};

using ByState = std::array<double, fleet::state_count>;

struct LedgerTotals {  // [month]
  std::vector<double> ordered, gone;
  std::vector<ByState> mean_accelerators, se_accelerators;
  std::vector<std::array<double, fleet::alone_count>> alone;
  std::vector<std::array<double, fleet::dark_count>> sellable;
};

struct GateQuantiles {
  std::optional<std::string> p10, p50, p90;  // dates as text, nullopt: never
};
struct GateRow {
  std::string id;  // dotted path
  GateQuantiles unconditional;
  double never = 0;       // share of paths
  GateQuantiles given;    // given completion
  double megawatts = 0;   // what opens with it
  std::string unit = "";  // MW_facility of a source, MW_it of a hall, "" of a delivery
};

struct Quarter {     // facility GW ready for service on the last day of its last month
  std::string name;  // "2026-Q2"
  double p10_gw = 0, p50_gw = 0, p90_gw = 0;
  std::optional<double> planned_gw;  // if every published plan held, the rest on its median; only
                                     // where there are plans
};

struct DarkCost {  // discounted over the horizon, mean over paths
  double lost_revenue = 0, lost_margin = 0, lost_margin_alone = 0, market_value = 0, life = 0,
         book = 0, capital = 0, mw_mean = 0, se = 0;
  double accelerator_months = 0, sellable = 0, sellable_alone = 0;  // nominal counts
};

enum class BindsCase { gate, two_gates, demand, orders_and_gates, balanced };
struct Binds {  // R20: the state that costs most over all sites, at the site where it costs most
  BindsCase kind = BindsCase::balanced;
  std::string state, site, second_state, latest_gate;
  double mw = 0;
  std::string from;  // first month above half its peak
  double lost_margin = 0;
  int sites_waiting = 0;  // for the same state, `site` among them
  double lost_margin_all_sites = 0;
};

struct Cure {
  std::string gate;
  double accelerator_months_alone = 0, sellable = 0, lost_margin = 0, se = 0;
};

struct Promise {
  std::string contract, ready_by;
  double odds = 0, damages = 0;
};

struct DefaultUsed {
  std::string path, value, source, tier;
};

struct SimulateResult {
  std::string title, scenario, currency, inputs_sha256, version;
  std::uint64_t seed = 0;
  bool complete = true;
  std::int64_t paths = 0, paths_asked = 0;
  std::vector<std::string> months;  // "2025-11"
  std::map<std::string, Metric> metrics;
  LedgerTotals ledger;
  std::map<std::string, LedgerTotals> by_site;
  std::map<std::string, std::vector<double>>
      megawatts;  // R22 names, whole portfolio, mean by month
  std::vector<GateRow> gates;
  std::vector<Quarter> quarters;
  double quarters_resolution = 0;  // as of a Band
  Band live_facility_mw, live_accelerators;
  Band cumulative_cash;
  std::string
      note;  // of the portfolio or scenario, shown first: "assumed deliveries, not a report"
  std::map<std::string, std::vector<double>> lines;                     // mean by month, money
  std::map<std::string, std::vector<double>> lines_by_chip_count;       // of the other valuation
  std::map<std::string, std::map<std::string, DarkCost>> cost_of_dark;  // site -> state
  // By site, discounted, a cost; the line carry.SITE is nominal by month, money out negative.
  std::map<std::string, double> carry;
  Binds binds;
  std::vector<std::string> binds_by_month;  // state that binds in each month, "" when none
  std::vector<double> unmet_share;          // of paths, by month: some market has unmet demand
  std::vector<Cure> cures;
  std::vector<Promise> promises;
  std::map<std::string, bool> checks;
  std::map<std::string, double> residuals;
  std::vector<DefaultUsed> defaults_used;
  std::vector<std::string> not_yet_valued;
  Diagnostics diagnostics;
};

}  // namespace warmshell::study
