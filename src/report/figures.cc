#include "report/figures.h"

namespace warmshell::report {

Group group_of(int state) {
  switch (static_cast<fleet::State>(state)) {
    case fleet::State::in_transit:
      return Group::waiting;
    case fleet::State::no_shell:
    case fleet::State::no_cooling:
    case fleet::State::no_power:
    case fleet::State::installing:
      return Group::dark;
    case fleet::State::failed:
    case fleet::State::no_demand:
    case fleet::State::outclassed:
    case fleet::State::underused:
      return Group::idle;
    case fleet::State::earning:
      return Group::earning;
  }
  return Group::earning;
}

namespace {

Holding holding_of(const study::LedgerTotals& ledger) {
  Holding all{};
  const std::size_t months = ledger.mean_accelerators.size();
  if (months == 0) return all;
  for (std::size_t month = 0; month < months; ++month) {
    all.held += ledger.ordered[month] - ledger.gone[month];
    for (std::size_t state = 0; state < all.state.size(); ++state) {
      const double count = ledger.mean_accelerators[month][state];
      all.state[state] += count;
      all.months_of[static_cast<std::size_t>(group_of(static_cast<int>(state)))] += count;
    }
  }
  const double n = static_cast<double>(months);
  all.held /= n;
  for (double& count : all.state) count /= n;
  for (std::size_t group = 0; group < group_count; ++group) {
    all.group[group] = all.months_of[group] / n;
    all.share[group] = all.held > 0 ? all.group[group] / all.held : 0;
  }
  return all;
}

std::array<double, stage_count> funnel_of(const Holding& all) {
  const auto state = [&](fleet::State s) { return all.state[static_cast<std::size_t>(s)]; };
  // Counted from the end, so that each stage is a sum of states and never a difference.
  std::array<double, stage_count> stages{};
  stages[7] = state(fleet::State::earning);
  stages[6] = stages[7] + state(fleet::State::underused);
  stages[5] = stages[6] + state(fleet::State::no_demand) + state(fleet::State::outclassed);
  stages[4] = stages[5] + state(fleet::State::failed);
  stages[3] = stages[4] + state(fleet::State::installing);
  stages[2] = stages[3] + state(fleet::State::no_power);
  stages[1] = stages[2] + state(fleet::State::no_shell) + state(fleet::State::no_cooling);
  stages[0] = stages[1] + state(fleet::State::in_transit);
  return stages;
}

void add(study::DarkCost& sum, const study::DarkCost& one) {
  sum.lost_revenue += one.lost_revenue;
  sum.lost_margin += one.lost_margin;
  sum.lost_margin_alone += one.lost_margin_alone;
  sum.market_value += one.market_value;
  sum.life += one.life;
  sum.book += one.book;
  sum.capital += one.capital;
  sum.mw_mean += one.mw_mean;
  sum.accelerator_months += one.accelerator_months;
  sum.sellable += one.sellable;
}

}  // namespace

Figures figures_of(const study::SimulateResult& result) {
  Figures figures;
  figures.portfolio = holding_of(result.ledger);
  figures.funnel = funnel_of(figures.portfolio);
  for (const auto& [site, ledger] : result.by_site) figures.by_site[site] = holding_of(ledger);
  for (const auto& [site, states] : result.cost_of_dark)
    for (const auto& [state, cost] : states) add(figures.dark_by_state[state], cost);
  for (const auto& [site, carry] : result.carry) figures.carry += carry;
  for (const auto& [name, monthly] : result.lines) {
    if (name == "cumulative_cash") continue;  // a balance: its sum says nothing
    double& total = figures.line_totals[name];
    for (const double money : monthly) total += money;
  }
  return figures;
}

}  // namespace warmshell::report
