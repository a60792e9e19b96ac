#include "simulate_export_results.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "fleet/kernel.h"
#include "fleet/ledger.h"
#include "numpy_file.h"
#include "text/json_writer.h"
#include "world/block.h"

namespace warmshell::bench {
namespace {

constexpr int width = fleet::recommended_width;
constexpr double band_shares[] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95};

std::int64_t signed_of(std::size_t n) {
  return static_cast<std::int64_t>(n);
}

// ---- by path ----------------------------------------------------------------------------------

// What the paths of one block count, month by month, and over the months.
class FleetFiles {
 public:
  FleetFiles(const model::Layout& layout, const std::string& folder, std::int64_t blocks)
      : lots_(layout.lots.size()),
        sites_(layout.sites.size()),
        by_month_(folder + "/ours_states_by_month.npy",
                  {blocks, layout.months, fleet::state_count, width}),
        chips_by_month_(folder + "/ours_chip_states_by_month.npy",
                        {blocks, layout.months, fleet::state_count, width}),
        by_lot_(folder + "/ours_states_by_lot.npy",
                {blocks, signed_of(lots_), fleet::state_count, width}),
        megawatts_(folder + "/ours_megawatts.npy",
                   {blocks, signed_of(sites_), fleet::megawatt_count, width}) {}
  void begin() {
    of_lot_.assign(lots_ * fleet::state_count * width, 0.0);
    of_site_.assign(sites_ * fleet::megawatt_count * width, 0.0);
  }
  void month(const fleet::Columns& now, const fleet::Columns& chips) {
    add_states(by_month_, now);
    add_states(chips_by_month_, chips);
    for (std::size_t s = 0; s < fleet::state_count; ++s)
      add_rows(now.state[s], lots_, s, fleet::state_count, of_lot_);
    for (std::size_t use = 0; use < fleet::megawatt_count; ++use)
      add_rows(now.megawatt[use], sites_, use, fleet::megawatt_count, of_site_);
  }
  void finish() {
    by_lot_.add(of_lot_);
    megawatts_.add(of_site_);
  }

 private:
  void add_states(NumpyFile& file, const fleet::Columns& columns) const {
    std::vector<double> sum(fleet::state_count * width, 0.0);
    for (std::size_t state = 0; state < fleet::state_count; ++state)
      for (std::size_t i = 0; i < lots_ * width; ++i)
        sum[state * width + i % width] += columns.state[state][i];
    file.add(sum);
  }
  // Rows of items into [item][kind][path].
  static void add_rows(const double* rows, std::size_t items, std::size_t kind, std::size_t kinds,
                       std::vector<double>& into) {
    for (std::size_t item = 0; item < items; ++item)
      for (std::size_t i = 0; i < width; ++i)
        into[(item * kinds + kind) * width + i] += rows[item * width + i];
  }
  std::size_t lots_, sites_;
  NumpyFile by_month_, chips_by_month_, by_lot_, megawatts_;
  std::vector<double> of_lot_, of_site_;
};

// ---- over the paths ---------------------------------------------------------------------------

void put_number(text::JsonWriter& json, std::string_view name, double x) {
  json.key(name);
  if (std::isfinite(x))
    json.value(x);
  else
    json.value("inf");
}

void write_spreads(const std::string& name, const std::vector<value::Spread>& spreads) {
  NumpyFile file(name, {signed_of(spreads.size()), 2});
  for (const value::Spread& spread : spreads)
    file.add(std::vector<double>{spread.mean, spread.standard_error()});
}

void write_totals(const value::ValuationPlan& plan, const value::ValueTotals& totals,
                  const std::string& folder) {
  const model::Layout& layout = *plan.layout;
  const auto lines = [&](const char* name, const value::Lines& of, std::size_t basis) {
    NumpyFile(folder + name, {signed_of(of.graph.lines().size()), layout.months})
        .add(totals.lines[basis]);
  };
  lines("/ours_lines.npy", plan.energised, 0);
  lines("/ours_chip_lines.npy", plan.by_chip_count, 1);
  const value::DarkTotals& dark = totals.dark;
  NumpyFile(folder + "/ours_dark.npy", {layout.months, signed_of(layout.sites.size()),
                                        fleet::dark_count, value::dark_sum_count})
      .add(dark.sums);
  write_spreads(folder + "/ours_dark_margin.npy", dark.lost_margin);  // [site][state]
  NumpyFile cures(folder + "/ours_cures.npy", {signed_of(plan.dark.cures.size()), 4});
  for (std::size_t c = 0; c < plan.dark.cures.size(); ++c)
    cures.add(std::vector<double>{dark.cure_alone[c], dark.cure_sellable[c],
                                  dark.cure_lost_margin[c].mean,
                                  dark.cure_lost_margin[c].standard_error()});
}

void write_rest(const value::ValuationPlan& plan, const value::ValueTotals& totals,
                const fleet::Residuals& residuals, const std::string& folder) {
  std::string out;
  text::JsonWriter json(out, text::JsonWriter::Style::compact);
  json.begin_object().key("cures").begin_array();
  for (const value::Cure& cure : plan.dark.cures) json.value(cure.id);
  json.end_array().key("residuals").begin_object();
  for (std::size_t i = 0; i < fleet::check_count; ++i)
    put_number(json, fleet::check_names[i], residuals.worst[i]);
  put_number(json, "cash", totals.cash_residual);
  json.end_object().field("promises_kept", totals.promises_kept);
  json.field("unmet", totals.dark.unmet).key("band_shares").begin_flat_array();
  for (const double share : band_shares) json.value(share);
  json.end_array().end_object();
  NumpyFile::write_text(folder + "/ours.json", out);
}

}  // namespace

void export_results(const study::Prepared& prepared, const value::ValuationPlan& plan,
                    const std::string& folder, std::int64_t paths, std::uint64_t seed) {
  const model::Layout& layout = prepared.layout;
  const std::int64_t blocks = (paths + width - 1) / width;
  world::Block world(layout, prepared.read->portfolio, seed, width);
  fleet::Funnel energised(layout, prepared.decisions, width),
      chips(layout, prepared.decisions, width, fleet::by_chip_count);
  fleet::Ledger ledger(layout);
  value::BlockValuation valuation(plan, width);
  value::Evaluator lines(plan.energised.graph, width);  // for rows that the valuation keeps
  value::PathMetrics metrics(paths);
  value::ValueTotals totals(plan);
  value::Fan fan(layout.months);

  FleetFiles fleet_files(layout, folder, blocks);
  NumpyFile cash(folder + "/ours_cash.npy", {blocks, layout.months, width});
  NumpyFile revenue(folder + "/ours_revenue.npy", {blocks, width});
  for (std::int64_t block = 0; block < blocks; ++block) {
    const std::int64_t first = block * width;
    const int count = static_cast<int>(std::min<std::int64_t>(width, paths - first));
    world.begin(first, count);
    const std::vector<const double*> gates = value::gate_rows(world, layout);
    energised.begin(gates.data());
    chips.begin(gates.data());
    ledger.begin();
    valuation.begin(gates, first, count, totals, fan);
    lines.begin(gates);
    fleet_files.begin();
    for (int month = 0; month < layout.months; ++month) {
      const world::MonthColumns& draws = world.next_month();
      const fleet::Columns& now = energised.next_month(draws);
      const fleet::Columns& counted = chips.next_month(draws);
      ledger.check(now, draws);
      valuation.month(draws, now, counted);
      lines.month(month, value::month_rows(draws, now, now));
      std::vector<double> balance(width);
      lines.copy(plan.energised.cumulative_cash, balance.data());
      cash.add(balance);
      fleet_files.month(now, counted);
    }
    valuation.finish(metrics);
    revenue.add(valuation.revenue_value(), width);
    fleet_files.finish();
  }
  NumpyFile rows(folder + "/ours_metrics.npy", {value::metric_count, paths});
  for (int metric = 0; metric < value::metric_count; ++metric)
    for (std::int64_t path = 0; path < paths; ++path) {
      const double x = metrics.get(static_cast<value::Metric>(metric), path);
      rows.add(&x, 1);
    }
  NumpyFile bands(folder + "/ours_bands.npy", {layout.months, signed_of(std::size(band_shares))});
  for (int month = 0; month < layout.months; ++month) bands.add(fan.quantiles(month, band_shares));
  write_totals(plan, totals, folder);
  write_rest(plan, totals, ledger.residuals(), folder);
}

}  // namespace warmshell::bench
