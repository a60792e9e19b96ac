#include "value/lines.h"

#include <algorithm>

#include "value/builder.h"
#include "value/measures.h"

namespace warmshell::value {

namespace {

Lines start_lines(const model::Layout& layout, const model::Portfolio& portfolio, Basis basis) {
  Lines lines;
  lines.basis = basis;
  lines.graph = Graph(layout.months);
  lines.graph.set_resale(make_resale_curve(portfolio));
  lines.discount = discount_factors(layout.months, portfolio.finance.wacc.value.value);
  return lines;
}

Builder start_builder(const model::Layout& layout, const model::Portfolio& portfolio,
                      Lines& lines) {
  Graph& g = lines.graph;
  std::vector<double> last(static_cast<std::size_t>(layout.months), 0.0);
  last.back() = 1;
  Builder b{layout, portfolio, lines.basis, g, g.constant(1), g.constant(0), g.series(last), {},
            {},     {},        {},          {}};
  b.minimum_bills.resize(layout.sites.size());
  b.leases.resize(layout.sites.size());
  return b;
}

// Sums, balance and present values over the lines that are there.
void close_lines(Lines& lines) {
  Graph& g = lines.graph;
  std::vector<int> cash, terminal;
  for (const Line& line : g.lines()) {
    if (line.kind == LineKind::cash) cash.push_back(line.node);
    if (line.kind == LineKind::terminal) terminal.push_back(line.node);
  }
  // so that the sums are by month even without any line
  const int nothing = g.series(std::vector<double>(static_cast<std::size_t>(g.months()), 0.0));
  cash.push_back(nothing);
  terminal.push_back(nothing);
  lines.operating_cash = g.sum(cash);
  lines.net_cash = g.sum({lines.operating_cash, g.sum(terminal)});
  lines.cumulative_cash = g.running_sum(lines.net_cash);
  g.line({"net_cash", "money", "sum of the cash and terminal lines",
          "What comes in less what goes out, before tax and debt.", LineKind::balance,
          lines.net_cash});
  g.line({"cumulative_cash", "money", "running sum of net_cash", "The balance of net_cash.",
          LineKind::balance, lines.cumulative_cash});
  const int factors = g.series(lines.discount);
  lines.npv = g.present_value(lines.net_cash, factors);
  lines.npv_without_terminal = g.present_value(lines.operating_cash, factors);
  g.finish({lines.operating_cash});
}

}  // namespace

Lines build_lines(const model::Layout& layout, const model::Portfolio& portfolio) {
  Lines lines = start_lines(layout, portfolio, Basis::as_energised);
  Builder b = start_builder(layout, portfolio, lines);
  add_market_lines(b);
  add_hall_lines(b);
  add_energy_lines(b);
  add_operating_lines(b);
  add_chip_lines(b);
  add_plant_lines(b);
  add_carry_lines(b);
  lines.revenue = b.revenue;
  close_lines(lines);
  return lines;
}

Lines build_chip_count_lines(const model::Layout& layout, const model::Portfolio& portfolio,
                             const Lines& energised) {
  Lines lines = start_lines(layout, portfolio, Basis::by_chip_count);
  Builder b = start_builder(layout, portfolio, lines);
  add_market_lines(b);
  add_energy_lines(b);
  add_operating_lines(b);
  Graph& g = lines.graph;
  for (const Line& line : energised.graph.lines()) {
    if (line.kind != LineKind::cash && line.kind != LineKind::terminal) continue;
    if (g.find_line(line.name) >= 0) continue;
    Line same = line;
    const Node& node = energised.graph.node(line.node);
    same.node = node.shape == Shape::month      ? g.series(node.monthly)
                : node.shape == Shape::constant ? g.constant(node.value)
                                                : g.imported(line.node);
    g.line(std::move(same));
  }
  close_lines(lines);
  return lines;
}

std::vector<std::string> not_yet_valued(const model::Portfolio& portfolio) {
  std::vector<std::string> names;
  for (const auto& [name, debt] : portfolio.debt) names.push_back("debt." + name);
  if (portfolio.finance.tax.value.value != 0) names.emplace_back("finance.tax");
  return names;
}

MonthRows month_rows(const world::MonthColumns& draws, const fleet::Columns& valued,
                     const fleet::Columns& energised) {
  MonthRows rows;
  const auto set = [&](Column column, const double* of) {
    rows.columns[static_cast<std::size_t>(column)] = of;
  };
  const auto moved = [&](Owners owners, const unsigned char* marks, fleet::Moved which) {
    rows.moved[static_cast<std::size_t>(owners)] = {marks, which};
  };
  static constexpr unsigned char nowhere[most_paths / fleet::mark_paths]{};
  if (draws.same_prices) moved(Owners::prices, nowhere, fleet::moved_anything);
  moved(Owners::lot_dates, valued.lot_moved, fleet::moved_dates);
  moved(Owners::lots_running, valued.lot_moved, fleet::moved_running);
  moved(Owners::sites, valued.site_moved, fleet::moved_use);
  moved(Owners::energised_supply, energised.site_moved, fleet::moved_supply);
  moved(Owners::energised_use, energised.site_moved, fleet::moved_use);
  set(Column::rent_per_hour, draws.rent_per_hour);
  set(Column::demand_h100e, draws.demand_h100e);
  set(Column::price_per_mwh, draws.price_per_mwh);
  set(Column::resale_factor, draws.resale_factor);
  set(Column::delivered, valued.delivered);
  set(Column::gone, valued.gone);
  set(Column::installed, valued.installed);
  set(Column::delivered_age, valued.delivered_age);
  set(Column::busy, valued.busy);
  set(Column::unmet_h100e, valued.unmet_h100e);
  set(Column::energy_mwh, valued.energy_mwh);
  set(Column::let_live_mw, energised.let_live_mw);
  set(Column::source_energised_mw, energised.source_energised_mw);
  set(Column::source_energy_mwh, valued.source_energy_mwh);
  const auto megawatts = [&](fleet::Megawatt use) {
    return energised.megawatt[static_cast<std::size_t>(use)];
  };
  set(Column::used_mw, megawatts(fleet::Megawatt::used));
  set(Column::installing_mw, megawatts(fleet::Megawatt::installing));
  set(Column::idle_lit_mw, megawatts(fleet::Megawatt::waiting_customers));
  return rows;
}

std::vector<const double*> gate_rows(const world::Block& block, const model::Layout& layout) {
  std::vector<const double*> rows;
  for (std::size_t g = 0; g < layout.gates.size(); ++g)
    rows.push_back(block.gate_month(static_cast<int>(g)));
  return rows;
}

}  // namespace warmshell::value
