// Lines of what is paid to run, and of what is bought: accelerators, plant and building.

#include <algorithm>
#include <cmath>

#include "catalog/shell_split.h"
#include "model/tranches.h"
#include "value/builder.h"

namespace warmshell::value {
namespace {

// They stand for never where two dates are subtracted: no run lasts a million months.
constexpr double far = 1e6, farther = 1e300;

// Paid evenly from one date to another; over one month where both are the same.
Asset asset(Builder& b, int cost, int from, int to, int in_service, int life) {
  Graph& g = b.g;
  Asset a;
  a.cost = cost;
  a.from = g.minimum(from, g.constant(far));
  a.to = g.minimum(g.maximum(to, b.plus(a.from, 1)), g.constant(farther));
  a.in_service = in_service;
  a.life_months = life;
  return a;
}

// Share of the life that remains at the horizon's end, of what has been paid by then.
int left_at_end(Builder& b, const Asset& a) {
  Graph& g = b.g;
  const int end = g.constant(b.layout.months);
  const int spent = g.minimum(
      b.one, g.maximum(b.zero, g.divide(g.subtract(end, a.from), g.subtract(a.to, a.from))));
  const int life_left =
      g.divide(g.subtract(g.sum({a.in_service, a.life_months}), end), a.life_months);
  return g.multiply(spent, g.minimum(b.one, g.maximum(b.zero, life_left)));
}

void add_assets(Builder& b, const std::string& kind, const std::vector<Asset>& assets,
                const std::string& doc) {
  if (assets.empty()) return;
  Graph& g = b.g;
  std::vector<std::pair<int, int>> spend, wear, left;
  for (const Asset& a : assets) {
    spend.emplace_back(g.negative(a.cost), g.share(a.from, a.to));
    wear.emplace_back(g.negative(g.divide(a.cost, a.life_months)),
                      g.overlap(a.in_service, g.sum({a.in_service, a.life_months})));
    left.emplace_back(a.cost, left_at_end(b, a));
  }
  b.cash("capex." + kind, g.dot(spend), "-cost x part of [from, to) in the month / (to - from)",
         doc);
  b.book("depreciation." + kind, g.dot(wear),
         "-cost / life x part of the month in [in service, in service + life)",
         "Straight line over its own life.");
  b.terminal("terminal." + kind, g.multiply(b.last_month, g.dot(left)),
             "in the last month: cost x part paid x part of its life that remains",
             "The straight-line remainder at the horizon's end.");
}

double building_share(const model::LayoutHall& hall) {
  const bool liquid =
      (hall.cooling_mask & (1u << static_cast<int>(model::CoolingClass::liquid))) != 0;
  return catalog::shell_split(liquid).structure;
}

void add_shell(Builder& b, int h, int plant_life, int building_life) {
  Graph& g = b.g;
  const model::LayoutHall& hall = b.layout.halls[h];
  const model::Hall& written = b.hall(h);
  if (!written.shell) return;
  const model::Shell& shell = *written.shell;
  const std::string name = b.place(hall.site, hall.name);
  const int warm = b.gate(hall.warm_gate);
  const int cold = hall.cold_gate < 0 ? warm : b.gate(hall.cold_gate);
  const int fitted = hall.fitted_gate < 0 ? cold : b.gate(hall.fitted_gate);
  const auto cost = [&](const std::optional<text::Given<MoneyPerItMw>>& capex, double share) {
    return b.scaled(b.input(*capex, name + " capex"), hall.it_mw * share);
  };
  if (shell.capex) {
    const double share = building_share(hall);
    b.building.push_back(asset(b, cost(shell.capex, share), cold, warm, warm, building_life));
    b.plant.push_back(asset(b, cost(shell.capex, 1 - share), cold, warm, warm, plant_life));
  }
  if (shell.cold && shell.cold->capex)
    b.building.push_back(asset(b, cost(shell.cold->capex, 1), cold, cold, warm, building_life));
  if (shell.fitted_power && shell.fitted_power->capex)
    b.building.push_back(
        asset(b, cost(shell.fitted_power->capex, 1), cold, fitted, warm, building_life));
  if (shell.warm && shell.warm->capex)
    b.plant.push_back(asset(b, cost(shell.warm->capex, 1), fitted, warm, warm, plant_life));
  if (written.retrofit && written.retrofit->capex) {
    const double done = b.month_of(written.retrofit->done.value);
    const double outage = written.retrofit->outage ? written.retrofit->outage->value.value : 0;
    b.plant.push_back(asset(b, cost(written.retrofit->capex, 1), g.constant(done - outage),
                            g.constant(done), g.constant(done), plant_life));
  }
}

void add_source(Builder& b, int s, int plant_life, int building_life) {
  Graph& g = b.g;
  const model::LayoutSource& source = b.layout.sources[s];
  const model::PowerSource& written = b.source(s);
  if (!written.capex) return;
  const bool grid =
      written.kind == model::SourceKind::grid || written.kind == model::SourceKind::grid_flexible;
  int opens = -1;
  for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
    const int own = model::tranche_gate(source, k);
    if (own < 0)
      opens = b.plus(opens, source.every);
    else
      opens = k == 0 ? b.gate(own) : g.maximum(opens, b.gate(own));
    const int cost = b.scaled(b.input(*written.capex, b.place(source.site, source.name) + " capex"),
                              source.tranche_mw[k]);
    (grid ? b.building : b.plant)
        .push_back(asset(b, cost, opens, opens, opens, grid ? building_life : plant_life));
  }
}

// In service: the most that ever ran of each lot, less what entered service a book life ago.
int in_service_wear(Builder& b, const std::vector<int>& prices, double life) {
  Graph& g = b.g;
  std::vector<std::pair<int, int>> cost;
  for (std::size_t lot = 0; lot < prices.size(); ++lot)
    cost.emplace_back(prices[lot],
                      g.running_maximum(b.of_lot(Column::installed, static_cast<int>(lot))));
  const int entered = g.dot(cost);
  const int whole = static_cast<int>(std::floor(life));
  const double part = life - whole;
  int out = whole > 0 ? b.scaled(g.lag(entered, whole), 1 - part) : b.scaled(entered, 1 - part);
  if (part > 0) out = g.sum({out, b.scaled(g.lag(entered, whole + 1), part)});
  return b.scaled(g.subtract(entered, out), -1 / life);
}

// Tenants pay for the energy of their halls and, pro rata, for the minimum of the sources: the part
// of the site's energised MW that is not live for them. -1 where no hall is let.
int not_of_tenants(Builder& b, const model::LayoutSite& site) {
  Graph& g = b.g;
  std::vector<int> live, energised;
  for (const int h : site.halls)
    if (b.hall(h).let) live.push_back(b.of_hall(Column::let_live_mw, h));
  if (live.empty()) return -1;
  for (const int s : site.sources) energised.push_back(b.of_source(Column::source_energised_mw, s));
  const int all = g.maximum(g.sum(std::move(energised)), g.constant(1e-9));  // MW
  return g.subtract(b.one, g.minimum(b.one, g.divide(g.sum(std::move(live)), all)));
}

}  // namespace

void add_energy_lines(Builder& b) {
  Graph& g = b.g;
  for (std::size_t i = 0; i < b.layout.sites.size(); ++i) {
    const model::LayoutSite& site = b.layout.sites[i];
    if (site.sources.empty()) continue;
    std::vector<int> by_source, prices;
    for (const int s : site.sources) {
      prices.push_back(b.price(s));
      if (b.basis == Basis::as_energised)
        by_source.push_back(g.multiply(prices.back(), b.of_source(Column::source_energy_mwh, s)));
    }
    int spent = -1;  // by chip count
    if (b.basis == Basis::as_energised) {
      std::vector<std::pair<int, int>> paid;
      for (const int each : by_source) paid.emplace_back(g.constant(-1), each);
      b.cash("energy." + site.name, g.dot(paid), "-sum over sources of MWh at the meter x price",
             "Cheapest source first.");
    } else {
      int dearest = prices[0];
      for (std::size_t k = 1; k < prices.size(); ++k) dearest = g.maximum(dearest, prices[k]);
      spent = g.multiply(dearest, b.of_site(Column::energy_mwh, static_cast<int>(i)));
      b.cash("energy." + site.name, g.negative(spent), "-MWh at the meter x the dearest price",
             "A chip count asks no source: the site's dearest one.");
    }

    // What the minimum asks beyond the energy taken. By chip count energy has no source: the sum of
    // the minima is held against the site's bill, and shared in proportion.
    std::vector<std::pair<int, int>> minima;  // (source, node)
    const int own_share = not_of_tenants(b, site);
    for (std::size_t k = 0; k < site.sources.size(); ++k) {
      const int s = site.sources[k];
      const auto& written = b.source(s).minimum_bill;
      if (!written || written->value.value == 0) continue;
      const int share =
          b.scaled(b.input(*written, b.place(b.layout.sources[s].site, b.layout.sources[s].name) +
                                         " minimum_bill"),
                   hours);
      const int whole =
          g.multiply(g.multiply(share, prices[k]), b.of_source(Column::source_energised_mw, s));
      minima.emplace_back(static_cast<int>(k),
                          own_share < 0 ? whole : g.multiply(whole, own_share));
    }
    int site_factor = -1;
    if (b.basis == Basis::by_chip_count && !minima.empty()) {
      std::vector<int> all;
      for (const auto& [k, node] : minima) all.push_back(node);
      const int asked = g.maximum(g.sum(all), g.constant(1e-6));  // money
      site_factor = g.divide(g.minimum(b.zero, g.subtract(spent, asked)), asked);
    }
    for (const auto& [k, node] : minima) {
      const int unused = b.basis == Basis::as_energised
                             ? g.minimum(b.zero, g.subtract(by_source[k], node))
                             : g.multiply(node, site_factor);
      b.minimum_bills[i].push_back(unused);
      b.cash("minimum_bill." + b.place(static_cast<int>(i), b.layout.sources[site.sources[k]].name),
             unused,
             "-max(0, minimum x energised MW not live for tenants x 730 h x price - energy of the "
             "source)",
             "Paid for power that is not taken.");
    }
  }
}

void add_operating_lines(Builder& b) {
  Graph& g = b.g;
  const model::Finance& finance = b.portfolio.finance;
  if (!b.revenue.empty())
    b.cash(
        "opex.variable",
        g.multiply(g.negative(b.input(finance.variable_cost, "variable_cost")), g.sum(b.revenue)),
        "-variable_cost x revenue of accelerators",
        "Staff, software and sales that follow revenue.");
  if (!b.layout.lots.empty()) {
    const int rate = g.divide(b.input(finance.maintenance, "maintenance"), g.constant(-12));
    std::vector<std::pair<int, int>> installed;
    for (std::size_t lot = 0; lot < b.layout.lots.size(); ++lot) {
      const std::string& name = b.layout.lots[lot].name;
      const int price = b.input(b.portfolio.fleet.at(name).price, name + " price");
      installed.emplace_back(g.multiply(rate, price),
                             b.of_lot(Column::installed, static_cast<int>(lot)));
    }
    b.cash("opex.maintenance", g.dot(installed),
           "-maintenance / 12 x price x installed accelerators", "Spares, returns and support.");
  }
  if (finance.fixed_cost) {
    const int fixed = b.input(*finance.fixed_cost, "fixed_cost");
    const std::vector<double> every(static_cast<std::size_t>(b.layout.months), -1.0);
    b.cash("opex.fixed", g.multiply(fixed, g.series(every)), "-fixed_cost",
           "Whatever runs or not.");
  }
}

void add_chip_lines(Builder& b) {
  if (b.layout.lots.empty()) return;
  Graph& g = b.g;
  const model::Finance& finance = b.portfolio.finance;
  const double book_life = finance.book_life.value.value;
  std::vector<int> prices;
  std::vector<std::pair<int, int>> spend, wear, left;
  for (std::size_t i = 0; i < b.layout.lots.size(); ++i) {
    const model::LayoutLot& lot = b.layout.lots[i];
    const int item = static_cast<int>(i);
    const int price = b.input(b.portfolio.fleet.at(lot.name).price, lot.name + " price");
    prices.push_back(price);
    const int cost = b.scaled(price, lot.count);
    const int delivered = b.gate(lot.delivered_gate);
    spend.emplace_back(g.negative(cost), g.overlap(delivered, b.plus(delivered, 1)));
    if (finance.depreciation_from == model::DepreciationFrom::delivery)
      wear.emplace_back(b.scaled(cost, -1 / book_life),
                        g.overlap(delivered, b.plus(delivered, book_life)));
    // an order that was cancelled is gone and was never held
    const int held = g.maximum(
        b.zero, g.subtract(b.of_lot(Column::delivered, item), b.of_lot(Column::gone, item)));
    const int worth = g.multiply(g.column(Column::resale_factor, lot.accelerator_class),
                                 g.resale(g.column(Column::delivered_age, item)));
    left.emplace_back(price, g.multiply(held, worth));
  }
  b.cash("capex.chips", g.dot(spend),
         "-price x count x part of the month in [delivered, delivered + 1 month)",
         "All-in price of accelerators, paid over the month after delivery.");
  const bool from_delivery = finance.depreciation_from == model::DepreciationFrom::delivery;
  b.book("depreciation.chips", from_delivery ? g.dot(wear) : in_service_wear(b, prices, book_life),
         from_delivery ? "-price / book_life x delivered accelerators younger than book_life"
                       : "-price / book_life x accelerators in service for less than book_life",
         from_delivery ? "Straight line from delivery."
                       : "Straight line from the month in which they first run; what runs at "
                         "`start` from then.");
  b.terminal("terminal.chips", g.multiply(b.last_month, g.dot(left)),
             "in the last month: price x accelerators held x resale factor x curve(age)",
             "Accelerators at their market value at the horizon's end.");
}

void add_carry_lines(Builder& b) {
  Graph& g = b.g;
  for (std::size_t i = 0; i < b.layout.sites.size(); ++i) {
    if (b.minimum_bills[i].empty() && b.leases[i].empty()) continue;
    std::vector<double> room(static_cast<std::size_t>(b.layout.months), 0.0);
    for (const int h : b.layout.sites[i].halls) {
      if (b.layout.halls[h].let) continue;
      const std::vector<double> full = full_facility_mw(b.layout.halls[h], b.layout.months);
      for (std::size_t t = 0; t < room.size(); ++t) room[t] += full[t];
    }
    for (double& mw : room) mw = std::max(mw, 1e-300);
    const int site = static_cast<int>(i);
    const int taken =
        g.sum({b.of_site(Column::used_mw, site), b.of_site(Column::installing_mw, site),
               b.of_site(Column::idle_lit_mw, site)});
    const int empty = g.maximum(b.zero, g.subtract(b.one, g.divide(taken, g.series(room))));
    std::vector<int> parts = b.minimum_bills[i];
    for (const int lease : b.leases[i]) parts.push_back(g.multiply(lease, empty));
    b.book(
        "carry." + b.layout.sites[i].name, g.sum(parts),
        "minimum bills + leases x max(0, 1 - facility MW lit or installing / what the halls take)",
        "What empty megawatts cost; part of the lines above, not added again.");
  }
}

void add_plant_lines(Builder& b) {
  const int plant_life = b.input(b.portfolio.finance.plant_life, "plant_life");
  const int building_life = b.input(b.portfolio.finance.building_life, "building_life");
  for (std::size_t h = 0; h < b.layout.halls.size(); ++h)
    add_shell(b, static_cast<int>(h), plant_life, building_life);
  for (std::size_t s = 0; s < b.layout.sources.size(); ++s)
    add_source(b, static_cast<int>(s), plant_life, building_life);
  add_assets(b, "plant", b.plant, "Electrical and cooling plant, generation on site.");
  add_assets(b, "building", b.building, "Structure, utility works and interconnection.");
}

}  // namespace warmshell::value
