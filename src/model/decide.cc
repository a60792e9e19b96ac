#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/math.h"
#include "model/compile.h"
#include "model/gates.h"

namespace warmshell::model {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// `middle` of a law: its mean, or its median.
double expected(const Layout& layout, const Gate& gate, const std::vector<double>& months,
                double (*middle)(const Law&)) {
  double month = gate.month;
  switch (gate.kind) {
    case Gate::Kind::fixed:
      break;
    case Gate::Kind::law:
      month = middle(gate.law);
      break;
    case Gate::Kind::planned:
      month = std::clamp(month, gate.not_before, std::max(gate.not_before, gate.not_after));
      if (gate.has_law && month > layout.known_at)
        month = layout.known_at + (month - layout.known_at) * middle(gate.law);
      break;
    case Gate::Kind::after:
      month = months[at(gate.follows)] + std::max(0.0, middle(gate.law));
      break;
    case Gate::Kind::with:
      month = months[at(gate.follows)];
      for (int other : gate.also_follows) month = std::max(month, months[at(other)]);
      month += gate.offset;
      break;
  }
  if (gate.cut_at_known) month = std::max(month, layout.known_at);
  return gate.when_not ? never_month : month;
}

bool paid_always(Terms terms) {
  switch (terms) {
    case Terms::take_or_pay:
    case Terms::contract:
      return true;
    case Terms::on_demand:
    case Terms::internal:
      return false;
  }
  return false;
}

int service_rank(Terms terms) {
  switch (terms) {
    case Terms::contract:
      return 0;
    case Terms::take_or_pay:
      return 1;
    case Terms::internal:
    case Terms::on_demand:
      return 2;
  }
  return 2;
}

double rent_at(const Layout& layout, const Expectations& e, int month, std::size_t market,
               int accelerator_class) {
  return e.rent_per_hour[(at(month) * layout.markets.size() + market) * layout.classes.size() +
                         at(accelerator_class)];
}

struct LowestPue {
  double peak = 0, annual = 0;
};

// Lowest peak PUE of the halls that the lot fits, in the month; 1 where it fits none.
LowestPue lowest_pue(const Layout& layout, const LayoutLot& lot, int month) {
  LowestPue lowest;
  for (int h : lot.halls) {
    const LayoutHall& hall = layout.halls[at(h)];
    const PueSpan* span = &hall.pue.front();
    for (const PueSpan& each : hall.pue)
      if (each.from_month <= month) span = &each;
    if (lowest.peak == 0 || span->peak < lowest.peak) lowest = {span->peak, span->annual};
  }
  if (lowest.peak == 0) lowest = {1, 1};
  return lowest;
}

std::vector<double> released_months(const Layout& layout) {
  const std::vector<double> gates = expected_gate_months(layout);
  std::vector<double> released;
  for (int gate : layout.release_gates) released.push_back(gates[at(gate)]);
  return released;
}

// R5. Net revenue per hour and facility kW is that of the month over 730 h; the hours cancel
// between revenue and energy but not in the key, so they stay.
double key(const Layout& layout, const Expectations& e, const std::vector<double>& released,
           const LayoutLot& lot, int month) {
  const LowestPue pue = lowest_pue(layout, lot, month);
  const double price = e.price_per_mwh[at(month) * layout.sites.size() + at(lot.site)];
  double best = 0;
  bool found = false;
  for (std::size_t m = 0; m < layout.markets.size(); ++m) {
    const LayoutMarket& market = layout.markets[m];
    const double share = accepted_share(layout, market, lot.accelerator_class, released, month);
    if (share <= 0) continue;
    const double rent = rent_at(layout, e, month, m, lot.accelerator_class);
    const double sold = paid_always(market.terms) ? 1 : market.utilisation;
    const double drawn_kw = lot.idle_kw + market.utilisation * (lot.peak_kw - lot.idle_kw);
    const double energy = drawn_kw / 1000 * pue.annual * price;
    const double net = (rent * sold - energy) * 730 * share;
    if (!found || net > best) best = net;
    found = true;
  }
  return found ? best / (lot.provisioned_kw * pue.peak) : 0;
}

// R14, at the expected rents of the first month: mean over the accepted classes of rent per h100e.
std::vector<int> service_order(const Layout& layout, const Expectations& e) {
  std::vector<double> price(layout.markets.size(), 0);
  for (std::size_t m = 0; m < layout.markets.size() && layout.months > 0; ++m) {
    double sum = 0;
    int count = 0;
    for (std::size_t c = 0; c < layout.classes.size(); ++c) {
      if (!layout.markets[m].accepts_class[c]) continue;
      sum += rent_at(layout, e, 0, m, static_cast<int>(c)) / layout.classes[c].h100e;
      ++count;
    }
    if (count) price[m] = sum / count;
  }
  std::vector<int> order(layout.markets.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const int rank_a = service_rank(layout.markets[at(a)].terms);
    const int rank_b = service_rank(layout.markets[at(b)].terms);
    if (rank_a != rank_b) return rank_a < rank_b;
    return price[at(a)] > price[at(b)];
  });
  return order;
}

// R17. The lot's own market is among those counted for every lot alike, so it does not matter.
std::vector<std::vector<int>> take_orders(const Layout& layout) {
  std::vector<int> takers(layout.classes.size(), 0);
  for (const LayoutMarket& market : layout.markets)
    for (std::size_t c = 0; c < layout.classes.size(); ++c) takers[c] += market.accepts_class[c];
  std::vector<std::vector<int>> orders;
  for (const LayoutMarket& market : layout.markets) {
    std::vector<int> order;
    for (std::size_t l = 0; l < layout.lots.size(); ++l)
      if (market.accepts_class[at(layout.lots[l].accelerator_class)])
        order.push_back(static_cast<int>(l));
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      const LayoutLot& first = layout.lots[at(a)];
      const LayoutLot& second = layout.lots[at(b)];
      const int takers_a = takers[at(first.accelerator_class)];
      const int takers_b = takers[at(second.accelerator_class)];
      if (takers_a != takers_b) return takers_a < takers_b;
      return first.h100e * second.provisioned_kw > second.h100e * first.provisioned_kw;
    });
    orders.push_back(std::move(order));
  }
  return orders;
}

void expect_energy_prices(const Portfolio& portfolio, const Layout& layout, Expectations& e) {
  struct Mean {
    double mw = 0, cost = 0;
  };
  const std::vector<double> gates = expected_gate_months(layout);
  std::vector<Mean> live(e.price_per_mwh.size()), all(e.price_per_mwh.size());
  for (const LayoutSource& source : layout.sources) {
    const PowerSource& written =
        portfolio.sites.at(layout.sites[at(source.site)].name).power.at(source.name);
    const double growth = written.price_growth ? written.price_growth->value.value : 0;
    const double monthly = growth == 0 ? 1 : math::pow(1 + growth, 1 / 12.0);
    double price = mean(written.price.law.value);
    for (int month = 0; month < layout.months; ++month, price *= monthly) {
      const std::size_t cell = at(month) * layout.sites.size() + at(source.site);
      all[cell].mw += source.nameplate_mw;
      all[cell].cost += source.nameplate_mw * price;
      if (source.gate < 0 || gates[at(source.gate)] > month || month >= source.ends_month) continue;
      live[cell].mw += source.nameplate_mw;
      live[cell].cost += source.nameplate_mw * price;
    }
  }
  for (std::size_t cell = 0; cell < e.price_per_mwh.size(); ++cell) {
    const Mean& of = live[cell].mw > 0 ? live[cell] : all[cell];
    if (of.mw > 0) e.price_per_mwh[cell] = of.cost / of.mw;
  }
}

}  // namespace

std::vector<double> expected_gate_months(const Layout& layout) {
  std::vector<double> months;
  for (const Gate& gate : layout.gates)
    months.push_back(expected(layout, gate, months, [](const Law& law) { return mean(law); }));
  return months;
}

std::vector<double> median_gate_months(const Layout& layout) {
  std::vector<double> months;
  for (const Gate& gate : layout.gates)
    months.push_back(expected(layout, gate, months, [](const Law& law) { return p50(law); }));
  return months;
}

double accepted_share(const Layout& layout, const LayoutMarket& market, int accelerator_class,
                      const std::vector<double>& released, int month) {
  if (!market.accepts_class[at(accelerator_class)]) return 0;
  const LayoutClass& own = layout.classes[at(accelerator_class)];
  double until = never_month;
  for (std::size_t r = 0; r < layout.release_gates.size(); ++r) {
    if (layout.release_line[r] != own.line) continue;
    const double behind = std::floor(layout.release_generation[r]) - std::floor(own.generation);
    if (behind > market.max_behind) until = std::min(until, released[r] + layout.in_volume_after);
  }
  return std::clamp(until - month, 0.0, 1.0);
}

bool has_written_rent(const Portfolio& portfolio, const Layout& layout, int market,
                      int accelerator_class) {
  const Rent& rent = portfolio.markets.at(layout.markets[at(market)].name).rent;
  return rent.per_h100e.has_value() ||
         rent.per_accelerator.count(layout.classes[at(accelerator_class)].accelerator) > 0;
}

Expectations written_expectations(const Portfolio& portfolio, const Layout& layout) {
  Expectations e;
  e.rent_per_hour.assign(at(layout.months) * layout.markets.size() * layout.classes.size(), 0);
  e.price_per_mwh.assign(at(layout.months) * layout.sites.size(), 0);
  for (std::size_t m = 0; m < layout.markets.size(); ++m) {
    const Rent& rent = portfolio.markets.at(layout.markets[m].name).rent;
    const double kept = rent.falls ? 1 - rent.falls->value.value : 1;
    for (std::size_t c = 0; c < layout.classes.size(); ++c) {
      const auto by_type = rent.per_accelerator.find(layout.classes[c].accelerator);
      double price = 0;
      if (by_type != rent.per_accelerator.end())
        price = mean(by_type->second.law.value);
      else if (rent.per_h100e)
        price = mean(rent.per_h100e->law.value) * layout.classes[c].h100e;
      price *= paid_work(layout.markets[m], static_cast<int>(c));
      for (int month = 0; month < layout.months; ++month, price *= kept)
        e.rent_per_hour[(at(month) * layout.markets.size() + m) * layout.classes.size() + c] =
            price;
    }
  }
  const std::vector<double> gates = expected_gate_months(layout);
  expect_energy_prices(portfolio, layout, e);
  return e;
}

Decisions decide(const Layout& layout, const Expectations& expected_values) {
  Decisions decisions;
  decisions.market_order = service_order(layout, expected_values);
  decisions.take_order = take_orders(layout);
  const std::vector<double> released = released_months(layout);
  for (int month = 0; month < layout.months; ++month) {
    std::vector<int> order(layout.lots.size());
    std::iota(order.begin(), order.end(), 0);
    const std::size_t first = decisions.key.size();
    for (const LayoutLot& lot : layout.lots)
      decisions.key.push_back(key(layout, expected_values, released, lot, month));
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return decisions.key[first + at(a)] > decisions.key[first + at(b)];
    });
    decisions.order.push_back(std::move(order));
  }
  return decisions;
}

}  // namespace warmshell::model
