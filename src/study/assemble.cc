#include "study/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace warmshell::study {

namespace {

constexpr std::array<std::string_view, 4> dark_names{"no_shell", "no_cooling", "no_power",
                                                     "installing"};

Date date_of(const model::Layout& layout, double month) {
  return Date{layout.start + month};
}

std::string unit_in_words(std::string_view unit, const std::string& currency) {
  return unit == "money" ? currency : std::string(unit);
}

// ---- metrics

std::map<std::string, Metric> metrics_of(const Assembly& parts) {
  std::map<std::string, Metric> metrics;
  for (int m = 0; m < value::metric_count; ++m) {
    const value::Summary s = parts.metrics.summary(static_cast<value::Metric>(m), parts.paths);
    const std::string& currency = parts.prepared.read->portfolio.currency;
    Metric& metric = metrics[std::string(value::metric_names[static_cast<std::size_t>(m)])];
    metric.unit = unit_in_words(value::metric_units[static_cast<std::size_t>(m)], currency);
    metric.mean = s.mean;
    metric.se = s.se;
    metric.p05 = s.p05;
    metric.p10 = s.p10;
    metric.p50 = s.p50;
    metric.p90 = s.p90;
    metric.p95 = s.p95;
    if (s.undefined_share > 0) metric.undefined_share = s.undefined_share;
  }
  if (parts.compute_cost) {
    Metric& metric = metrics["levelised_cost"];
    metric.unit = parts.prepared.read->portfolio.currency + "/accelerator-h";
    metric.mean = parts.compute_cost->mean;
    metric.se = parts.compute_cost->se;
  }
  const double last_month = parts.prepared.layout.months - 1;
  std::int64_t late = 0;
  for (std::int64_t path = 0; path < parts.paths; ++path) {
    const double payback = parts.metrics.get(value::Metric::payback, path);
    late += payback > last_month && std::isfinite(payback) ? 1 : 0;
  }
  if (late > 0)
    metrics["payback"].last_month_share =
        static_cast<double>(late) / static_cast<double>(parts.paths);
  return metrics;
}

// ---- ledger

LedgerTotals ledger_of(const Assembly& parts, int first_site, int last_site) {
  const int months = parts.prepared.layout.months,
            sites = static_cast<int>(parts.prepared.layout.sites.size());
  const double paths = static_cast<double>(std::max<std::int64_t>(parts.paths, 1));
  LedgerTotals ledger;
  for (int month = 0; month < months; ++month) {
    StateSums sum;
    for (int site = first_site; site < last_site; ++site) {
      const StateSums& one = parts.fleet.by_site[static_cast<std::size_t>(month * sites + site)];
      sum.ordered += one.ordered;
      sum.gone += one.gone;
      for (std::size_t i = 0; i < sum.state.size(); ++i) sum.state[i] += one.state[i];
      for (std::size_t i = 0; i < sum.alone.size(); ++i) sum.alone[i] += one.alone[i];
      for (std::size_t i = 0; i < sum.sellable.size(); ++i) sum.sellable[i] += one.sellable[i];
    }
    for (double& x : sum.state) x /= paths;
    for (double& x : sum.alone) x /= paths;
    for (double& x : sum.sellable) x /= paths;
    ledger.ordered.push_back(sum.ordered / paths);
    ledger.gone.push_back(sum.gone / paths);
    ledger.mean_accelerators.push_back(sum.state);
    ledger.alone.push_back(sum.alone);
    ledger.sellable.push_back(sum.sellable);
  }
  return ledger;
}

void add_standard_errors(const Assembly& parts, LedgerTotals& ledger) {
  for (const auto& month : parts.fleet.portfolio) {
    ByState se{};
    for (std::size_t i = 0; i < se.size(); ++i) se[i] = standard_error(month[i]);
    ledger.se_accelerators.push_back(se);
  }
}

std::map<std::string, std::vector<double>> megawatts_of(const Assembly& parts) {
  const int months = parts.prepared.layout.months,
            sites = static_cast<int>(parts.prepared.layout.sites.size());
  std::map<std::string, std::vector<double>> megawatts;
  for (std::size_t m = 0; m < fleet::megawatt_names.size(); ++m) {
    std::vector<double>& by_month = megawatts[std::string(fleet::megawatt_names[m])];
    for (int month = 0; month < months; ++month) {
      double sum = 0;
      for (int site = 0; site < sites; ++site)
        sum += parts.fleet.by_site[static_cast<std::size_t>(month * sites + site)].megawatts[m];
      by_month.push_back(sum / static_cast<double>(std::max<std::int64_t>(parts.paths, 1)));
    }
  }
  return megawatts;
}

// ---- gates

constexpr std::array band_shares{0.1, 0.5, 0.9};

Band band_of(const value::Fan& fan, int months) {
  Band band;
  band.resolution = fan.resolution();
  for (int month = 0; month < months; ++month) {
    const std::vector<double> at = fan.quantiles(month, band_shares);
    band.p10.push_back(at[0]);
    band.p50.push_back(at[1]);
    band.p90.push_back(at[2]);
  }
  return band;
}

// ---- money

std::vector<Quarter> quarters_of(const Assembly& parts) {
  const std::vector<double> ends = quarter_ends_of(parts.prepared.layout);
  std::vector<Quarter> quarters;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::string month = month_text(date_of(parts.prepared.layout, ends[i]));
    const std::vector<double> at =
        parts.bands.ready_facility_mw.quantiles(static_cast<int>(i), band_shares);
    Quarter quarter{fmt::format("{}-Q{}", month.substr(0, 4), std::stoi(month.substr(5, 2)) / 3),
                    at[0] / 1000, at[1] / 1000, at[2] / 1000, std::nullopt};
    if (!parts.planned_at_quarter_ends.empty())
      quarter.planned_gw = parts.planned_at_quarter_ends[i] / 1000;
    quarters.push_back(std::move(quarter));
  }
  return quarters;
}

std::map<std::string, std::vector<double>> lines_of(const Assembly& parts, value::Basis basis) {
  std::map<std::string, std::vector<double>> lines;
  const auto& valued =
      basis == value::Basis::as_energised ? parts.plan.energised : parts.plan.by_chip_count;
  const auto& graph_lines = valued.graph.lines();
  for (std::size_t line = 0; line < graph_lines.size(); ++line) {
    std::vector<double>& monthly = lines[graph_lines[line].name];
    for (int month = 0; month < parts.prepared.layout.months; ++month)
      monthly.push_back(parts.value.line_mean(parts.plan, basis, static_cast<int>(line), month));
  }
  return lines;
}

void add_dark_costs(const Assembly& parts, SimulateResult& result) {
  const auto& sites = parts.prepared.layout.sites;
  for (const value::DarkCost& cost : value::dark_costs(parts.plan, parts.value)) {
    if (cost.accelerator_months <= 0) continue;
    DarkCost& out =
        result.cost_of_dark[sites[static_cast<std::size_t>(cost.site)].name]
                           [std::string(dark_names[static_cast<std::size_t>(cost.state)])];
    out = {cost.lost_revenue,
           cost.lost_margin,
           cost.lost_margin_alone,
           cost.market_value,
           cost.life,
           cost.book,
           cost.capital,
           cost.mw_mean,
           cost.se,
           cost.accelerator_months,
           cost.sellable,
           cost.sellable_alone};
  }
  const std::vector<double> carry = value::carry(parts.plan, parts.value);
  for (std::size_t site = 0; site < carry.size(); ++site)
    result.carry[sites[site].name] = carry[site];
}

Binds binds_of(const Assembly& parts, const std::vector<std::string>& months) {
  const value::Binds found = value::what_binds(parts.plan, parts.value);
  const auto name = [](int state) {
    return state < 0 ? std::string() : std::string(dark_names[static_cast<std::size_t>(state)]);
  };
  Binds binds;
  binds.kind = static_cast<BindsCase>(static_cast<int>(found.kind));
  binds.state = name(found.state);
  binds.second_state = name(found.second_state);
  if (found.site >= 0)
    binds.site = parts.prepared.layout.sites[static_cast<std::size_t>(found.site)].name;
  binds.mw = found.mw;
  if (found.from >= 0) binds.from = months[static_cast<std::size_t>(found.from)];
  binds.lost_margin = found.lost_margin;
  binds.sites_waiting = found.sites_waiting;
  binds.lost_margin_all_sites = found.lost_margin_all_sites;
  binds.latest_gate = found.latest_gate;
  return binds;
}

}  // namespace

std::vector<double> quarter_ends_of(const model::Layout& layout) {
  std::vector<double> ends;
  for (int month = 0; month < layout.months; ++month) {
    const std::string text = month_text(date_of(layout, month));
    if (std::stoi(text.substr(5, 2)) % 3 != 0) continue;
    const bool thirty = text.ends_with("06") || text.ends_with("09");
    ends.push_back(parse_date(text + (thirty ? "-30" : "-31"))->months - layout.start);
  }
  return ends;
}

SimulateResult assemble(const Assembly& parts) {
  const model::ReadPortfolio& read = *parts.prepared.read;
  const model::Layout& layout = parts.prepared.layout;
  SimulateResult result;

  // ---- what was run
  result.title = read.portfolio.portfolio;
  result.note = read.portfolio.note;
  result.scenario = read.scenario;
  result.currency = read.portfolio.currency;
  result.inputs_sha256 = read.inputs_sha256;
  result.version = WARMSHELL_VERSION;
  result.seed = parts.seed;
  result.paths = parts.paths;
  result.paths_asked = parts.paths_asked;
  result.complete = parts.paths == parts.paths_asked;
  for (int month = 0; month < layout.months; ++month)
    result.months.push_back(month_text(date_of(layout, month)));

  // ---- what will run, and when
  const int sites = static_cast<int>(layout.sites.size());
  result.ledger = ledger_of(parts, 0, sites);
  add_standard_errors(parts, result.ledger);
  for (int site = 0; site < sites; ++site)
    result.by_site[layout.sites[static_cast<std::size_t>(site)].name] =
        ledger_of(parts, site, site + 1);
  result.megawatts = megawatts_of(parts);
  result.gates = parts.openings.rows();
  result.live_facility_mw = band_of(parts.bands.live_facility_mw, layout.months);
  result.live_accelerators = band_of(parts.bands.live_accelerators, layout.months);
  result.quarters = quarters_of(parts);
  result.quarters_resolution = parts.bands.ready_facility_mw.resolution();

  // ---- what it is worth, what the dark costs, what to cure
  result.metrics = metrics_of(parts);
  result.lines = lines_of(parts, value::Basis::as_energised);
  result.lines_by_chip_count = lines_of(parts, value::Basis::by_chip_count);
  result.cumulative_cash = band_of(parts.bands.cumulative_cash, layout.months);
  add_dark_costs(parts, result);
  result.binds = binds_of(parts, result.months);
  for (const int state : value::binds_by_month(parts.plan, parts.value))
    result.binds_by_month.emplace_back(state < 0 ? ""
                                                 : dark_names[static_cast<std::size_t>(state)]);
  for (const double paths_short : parts.value.dark.unmet)
    result.unmet_share.push_back(paths_short /
                                 static_cast<double>(std::max<std::int64_t>(parts.paths, 1)));
  for (const value::CureFound& cure : value::cures(parts.plan, parts.value))
    result.cures.push_back(
        {cure.gate, cure.accelerator_months_alone, cure.sellable, cure.lost_margin, cure.se});
  for (const value::PromiseFound& promise : value::promises(parts.plan, parts.value))
    result.promises.push_back(
        {promise.name, date_text(date_of(layout, promise.date)), promise.odds, promise.damages});

  // ---- what was checked, and what stands behind it
  for (int check = 0; check < fleet::check_count; ++check) {
    const std::string name(fleet::check_names[static_cast<std::size_t>(check)]);
    result.checks[name] = parts.residuals.closes(static_cast<fleet::Check>(check));
    result.residuals[name] = parts.residuals.worst[static_cast<std::size_t>(check)];
  }
  result.checks["cash"] = parts.value.cash_residual <= value::cash_tolerance;
  result.residuals["cash"] = parts.value.cash_residual;
  for (const model::DefaultUsed& used : read.defaults_used)
    result.defaults_used.push_back({used.path, used.value, used.source, used.tier});
  result.not_yet_valued = read.not_yet_valued;
  result.diagnostics = read.diagnostics;
  return result;
}

}  // namespace warmshell::study
