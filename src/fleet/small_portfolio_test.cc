#include "fleet/small_portfolio.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "fleet/column_store.h"
#include "fleet/reference.h"

namespace warmshell::fleet {

using model::never_month;

int SmallPortfolio::gate(double month) {
  gates.push_back(month);
  model::Gate gate;
  gate.id = fmt::format("gate-{}", gates.size() - 1);
  gate.month = month;
  layout.gates.push_back(gate);
  return static_cast<int>(gates.size()) - 1;
}

int SmallPortfolio::site(double racks_per_month) {
  model::LayoutSite site;
  site.name = fmt::format("site-{:02}", layout.sites.size());
  site.racks_per_month = racks_per_month;
  layout.sites.push_back(site);
  return static_cast<int>(layout.sites.size()) - 1;
}

model::LayoutHall& SmallPortfolio::hall(int site, double it_mw, double warm, double pue,
                                        unsigned mask, double max_rack_kw) {
  model::LayoutHall hall;
  hall.name = fmt::format("hall-{:02}", layout.halls.size());
  hall.site = site;
  hall.it_mw = it_mw;
  hall.cooling_mask = mask;
  hall.max_rack_kw = max_rack_kw;
  hall.warm_gate = gate(warm);
  hall.pue = {{-never_month, pue, pue}};
  layout.sites[site].halls.push_back(static_cast<int>(layout.halls.size()));
  layout.halls.push_back(hall);
  return layout.halls.back();
}

model::LayoutSource& SmallPortfolio::source(int site, double mw, double energised, int tranches,
                                            double every) {
  model::LayoutSource source;
  source.name = fmt::format("source-{:02}", layout.sources.size());
  source.site = site;
  source.nameplate_mw = mw;
  source.tranche_mw.assign(static_cast<std::size_t>(tranches), mw / tranches);
  source.every = every;
  source.gate = gate(energised);
  layout.sites[site].sources.push_back(static_cast<int>(layout.sources.size()));
  layout.sources.push_back(source);
  source_price.push_back(50);
  source_curtailed.push_back(0);
  return layout.sources.back();
}

model::LayoutLot& SmallPortfolio::lot(int site, double count, double delivered, double key,
                                      unsigned mask) {
  model::LayoutLot lot;
  lot.name = fmt::format("lot-{:02}", layout.lots.size());
  lot.accelerator_class = static_cast<int>(layout.classes.size());
  lot.site = site;
  lot.count = count;
  lot.delivered_gate = gate(delivered);
  lot.provisioned_kw = lot.peak_kw = lot.rack_kw = 1;
  lot.idle_kw = 0.25;
  lot.cooling_mask = mask;
  lot.h100e = 1;
  model::LayoutClass type;
  type.accelerator = lot.name;
  type.h100e = 1;
  layout.classes.push_back(type);
  layout.sites[site].lots.push_back(static_cast<int>(layout.lots.size()));
  layout.lots.push_back(lot);
  lot_key.push_back(key);
  return layout.lots.back();
}

model::LayoutMarket& SmallPortfolio::market(double demand_h100e, model::Terms terms) {
  model::LayoutMarket market;
  market.name = fmt::format("market-{:02}", layout.markets.size());
  market.terms = terms;
  market.unbounded = demand_h100e >= 1e300;
  market.demand_now_h100e = demand_h100e;
  layout.markets.push_back(market);
  return layout.markets.back();
}

void SmallPortfolio::finish() {
  if (layout.markets.empty()) market();
  for (model::LayoutMarket& market : layout.markets)
    market.accepts_class.resize(layout.classes.size(), true);
  const auto fits = [&](const model::LayoutLot& lot, const model::LayoutHall& hall) {
    const bool now = (lot.cooling_mask & hall.cooling_mask) != 0 && lot.rack_kw <= hall.max_rack_kw;
    const bool later = hall.retrofit_month < never_month &&
                       (lot.cooling_mask & hall.retrofit_mask) != 0 &&
                       lot.rack_kw <= hall.retrofit_max_rack_kw;
    return !hall.let && (now || later);
  };
  for (model::LayoutLot& lot : layout.lots) {
    lot.halls.clear();
    lot.other_halls.clear();
    const model::LayoutSite& site = layout.sites[lot.site];
    for (int h : site.halls) {
      if (fits(lot, layout.halls[h]))
        lot.halls.push_back(h);
      else if (!layout.halls[h].let)
        lot.other_halls.push_back(h);
    }
    const auto wanted = [&](int h) {
      return std::count_if(site.lots.begin(), site.lots.end(),
                           [&](int other) { return fits(layout.lots[other], layout.halls[h]); });
    };
    std::stable_sort(lot.halls.begin(), lot.halls.end(), [&](int a, int b) {  // R6
      if (wanted(a) != wanted(b)) return wanted(a) < wanted(b);
      return layout.halls[a].pue.front().peak < layout.halls[b].pue.front().peak;
    });
  }
  const int lots = static_cast<int>(layout.lots.size());
  std::vector<int> order(layout.lots.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return lot_key[a] > lot_key[b]; });
  decisions = {};
  decisions.order.assign(static_cast<std::size_t>(layout.months), order);
  for (int t = 0; t < layout.months; ++t)
    for (int l = 0; l < lots; ++l) decisions.key.push_back(lot_key[l]);
  for (int m = 0; m < static_cast<int>(layout.markets.size()); ++m) {
    decisions.market_order.push_back(m);
    std::vector<int> take(layout.lots.size());
    std::iota(take.begin(), take.end(), 0);
    decisions.take_order.push_back(take);
  }
}

History run_reference(const SmallPortfolio& portfolio, Mode mode) {
  const model::Layout& layout = portfolio.layout;
  const std::size_t markets = layout.markets.size(), classes = layout.classes.size();
  std::vector<double> demand, accept(markets * classes);
  for (std::size_t m = 0; m < markets; ++m) {
    demand.push_back(layout.markets[m].demand_now_h100e);
    for (std::size_t c = 0; c < classes; ++c)
      accept[m * classes + c] = layout.markets[m].accepts_class[c] ? 1.0 : 0.0;
  }
  world::MonthColumns draws;
  draws.demand_h100e = demand.data();
  draws.accept_share = accept.data();
  draws.price_per_mwh = portfolio.source_price.data();
  draws.curtailed_share = portfolio.source_curtailed.data();

  Reference reference(layout, portfolio.decisions, mode);
  reference.begin(portfolio.gates);
  History run;
  run.lots = static_cast<int>(layout.lots.size());
  run.sites = static_cast<int>(layout.sites.size());
  run.sources = static_cast<int>(layout.sources.size());
  run.markets = static_cast<int>(markets);
  run.months = layout.months;
  for (int t = 0; t < layout.months; ++t) {
    draws.month = t;
    const Columns& columns = reference.next_month(draws);
    MonthRow row;
    for_each_column(columns, [&](std::string_view, const double* column, int rows) {
      row.column.emplace_back(column, column + rows);
    });
    run.rows.push_back(row);
  }
  return run;
}

namespace {
// Places of the columns in the order of for_each_column.
constexpr int first_state = 3, first_alone = first_state + state_count,
              first_sellable = first_alone + alone_count,
              first_megawatt = first_sellable + dark_count + alone_count + 3 + 4;
int dark_place(State state) {
  return static_cast<int>(state) - static_cast<int>(State::no_shell);
}
}  // namespace

double History::value(int column, int month, int row) const {
  return rows[month].column[column][row];
}
double History::state(State s, int month, int lot) const {
  return value(first_state + static_cast<int>(s), month, lot);
}
double History::total(State s, int month) const {
  double sum = 0;
  for (int l = 0; l < lots; ++l) sum += state(s, month, l);
  return sum;
}
double History::alone(State s, int month, int lot) const {
  return value(first_alone + dark_place(s), month, lot);
}
double History::sellable(State s, int month, int lot) const {
  return value(first_sellable + dark_place(s), month, lot);
}
double History::megawatt(Megawatt use, int month, int site) const {
  return value(first_megawatt + static_cast<int>(use), month, site);
}
double History::lit(int month, int lot) const {
  double sum = 0;
  for (State s : {State::installing, State::failed, State::no_demand, State::outclassed,
                  State::underused, State::earning})
    sum += state(s, month, lot);
  return sum;
}

}  // namespace warmshell::fleet
