#include "fleet/random_portfolio.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace warmshell::fleet {

namespace {

constexpr double never = model::never_month;

struct Dice {
  std::uint64_t state;
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double between(double a, double b) { return a + (b - a) * unit(); }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(double p) { return unit() < p; }
  // A date: often a whole month, sometimes before the start, beyond the horizon, or never.
  double date(int months) {
    const double d = between(-6, months * 0.8);
    if (chance(0.06)) return never;
    if (chance(0.05)) return months + between(0, 20);
    if (chance(0.4)) return std::floor(d);
    return d;
  }
};

void shuffle(std::vector<int>& items, Dice& dice) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[static_cast<std::size_t>(dice.below(static_cast<int>(i)))]);
}

void add_outages(std::vector<model::OutageSpan>& outages, int months, Dice& dice) {
  if (!dice.chance(0.25)) return;
  const double from = dice.between(-2, months);
  outages.push_back({from, from + dice.between(0.2, 5), dice.chance(0.6) ? 1 : dice.unit()});
}

void add_halls(SmallPortfolio& p, int site, Dice& dice) {
  const int halls = dice.below(4) + (dice.chance(0.9) ? 1 : 0);
  for (int i = 0; i < halls; ++i) {
    const unsigned mask = dice.chance(0.2) ? air | liquid : (dice.chance(0.5) ? air : liquid);
    model::LayoutHall& hall = p.hall(site, dice.between(0.2, 2.5), dice.date(p.layout.months),
                                     dice.between(1.05, 1.5), mask, dice.chance(0.3) ? 40 : 150);
    if (dice.chance(0.2)) {
      const double from = dice.between(0, p.layout.months);
      hall.pue.push_back({from, dice.between(1.05, 1.5), dice.between(1.02, 1.3)});
    }
    add_outages(hall.outages, p.layout.months, dice);
    if (dice.chance(0.12)) hall.let = true;
    if (dice.chance(0.15) && !hall.let) {
      hall.retrofit_month = dice.between(1, p.layout.months);
      hall.retrofit_mask = mask == air ? liquid : air;
      hall.retrofit_max_rack_kw = 150;
      const double closed = dice.between(0, 3);
      hall.outages.clear();
      hall.outages.push_back({hall.retrofit_month - closed, hall.retrofit_month, 1});
    }
  }
}

void add_sources(SmallPortfolio& p, int site, Dice& dice) {
  const int sources = dice.below(4) + (dice.chance(0.92) ? 1 : 0);
  const int first = static_cast<int>(p.layout.sources.size());
  for (int i = 0; i < sources; ++i) {
    const int tranches = dice.chance(0.4) ? 1 + dice.below(3) : 1;
    model::LayoutSource& source = p.source(site, dice.between(0.2, 3), dice.date(p.layout.months),
                                           tranches, dice.between(0.5, 5));
    if (dice.chance(0.5)) source.firm_share = dice.between(0.7, 1);
    if (dice.chance(0.15)) source.ends_month = dice.between(2, p.layout.months);
    add_outages(source.outages, p.layout.months, dice);
    p.source_price.back() = dice.chance(0.3) ? 50 : dice.between(20, 120);
    if (tranches > 1 && dice.chance(0.3)) {
      source.tranche_gate.assign(static_cast<std::size_t>(tranches), -1);
      const int gate = p.gate(dice.date(p.layout.months));
      p.layout.sources.back().tranche_gate[1] = gate;
    }
  }
  for (int i = 0; i < sources; ++i)
    if (dice.chance(0.3) && sources > 1) {
      const int until = first + dice.below(sources);
      if (until != first + i) p.layout.sources[first + i].bridge_until = until;
    }
}

void add_lots(SmallPortfolio& p, int site, Dice& dice) {
  const int lots = dice.below(5);
  for (int i = 0; i < lots; ++i) {
    const unsigned mask = dice.chance(0.3) ? air | liquid : (dice.chance(0.5) ? air : liquid);
    const double count = dice.chance(0.03) ? 0 : dice.between(50, 2000);
    model::LayoutLot& lot = p.lot(site, count, dice.date(p.layout.months), dice.below(4), mask);
    if (dice.chance(0.3) && p.layout.classes.size() > 1) {
      p.layout.classes.pop_back();
      lot.accelerator_class = dice.below(static_cast<int>(p.layout.classes.size()));
    }
    lot.provisioned_kw = dice.between(0.5, 2.5);
    lot.peak_kw = lot.provisioned_kw * dice.between(0.7, 1.3);
    lot.idle_kw = lot.peak_kw * 0.25;
    lot.rack_kw = dice.chance(0.5) ? 30 : 100;
    lot.accelerators_per_rack = dice.chance(0.5) ? 4 : 72;
    lot.h100e = dice.chance(0.03) ? 0 : dice.between(0.3, 4);
    if (dice.chance(0.5)) lot.failed_share = dice.between(0, 0.1);
    if (dice.chance(0.3)) lot.spares_share = dice.between(0, 0.1);
    if (dice.chance(0.03)) lot.spares_share = 1;
    if (dice.chance(0.3)) lot.life_months = dice.between(0.5, 20);
    if (dice.chance(0.4)) lot.ordered_month = dice.between(-3, p.layout.months * 0.6);
    if (dice.chance(0.2)) {
      const int gate = p.gate(dice.between(0, p.layout.months));
      p.layout.lots.back().cancelled_gate = gate;
    }
    if (dice.chance(0.3)) lot.lowest_pue = {{-never, dice.between(1.03, 1.1), 1.02}};
  }
}

void add_markets(SmallPortfolio& p, Dice& dice) {
  const int markets = 1 + dice.below(4);
  for (int m = 0; m < markets; ++m) {
    const double demand = dice.chance(0.15) ? 1e300 : dice.between(0, 3000);
    model::LayoutMarket& market = p.market(demand, static_cast<model::Terms>(dice.below(4)));
    market.utilisation = dice.between(0.3, 1);
    const double ramps[] = {0, 1, 2, 2.5, 3, 5.75};
    market.ramp_months = ramps[dice.below(6)];
    for (std::size_t c = 0; c < p.layout.classes.size(); ++c)
      market.accepts_class.push_back(dice.chance(0.7));
  }
}

void shuffle_orders(SmallPortfolio& p, Dice& dice) {
  std::vector<int> order(p.layout.lots.size());
  std::iota(order.begin(), order.end(), 0);
  for (std::vector<int>& month : p.decisions.order) {
    if (dice.chance(0.1)) shuffle(order, dice);
    month = order;
  }
  shuffle(p.decisions.market_order, dice);
  for (std::vector<int>& take : p.decisions.take_order) shuffle(take, dice);
}

}  // namespace

RandomPortfolio random_portfolio(std::uint64_t seed) {
  Dice dice{seed * 0x2545F4914F6CDD1Dull + 1};
  RandomPortfolio r;
  r.p = SmallPortfolio(10 + dice.below(20));
  constexpr int widths[] = {16, 32, 64, 80};
  r.width = widths[dice.below(4)];
  const int sites = 1 + dice.below(3);
  for (int s = 0; s < sites; ++s) {
    const int site = r.p.site(dice.chance(0.5) ? never : dice.between(1, 60));
    add_halls(r.p, site, dice);
    add_sources(r.p, site, dice);
    add_lots(r.p, site, dice);
  }
  add_markets(r.p, dice);
  r.p.finish();
  shuffle_orders(r.p, dice);

  // Half of the portfolios are calm: dates are the same on most paths and curtailment does not
  // change, so that there are months in which nothing moves.
  const bool calm = dice.chance(0.5);
  const std::size_t width = static_cast<std::size_t>(r.width);
  for (double gate : r.p.gates)
    for (std::size_t path = 0; path < width; ++path) {
      double date = gate;
      if (dice.chance(calm ? 0.02 : 0.5)) date = gate + dice.between(-2, 6);
      if (dice.chance(calm ? 0.005 : 0.05)) date = never;
      r.gates.push_back(date);
    }
  const model::Layout& layout = r.p.layout;
  for (int t = 0; t < layout.months; ++t) {
    RandomPortfolio::Month month;
    for (const model::LayoutMarket& market : layout.markets)
      for (std::size_t path = 0; path < width; ++path)
        month.demand.push_back(market.unbounded ? 1e300
                               : dice.chance(0.05)
                                   ? 0
                                   : market.demand_now_h100e * dice.between(0.5, 2));
    for (const model::LayoutMarket& market : layout.markets)
      for (std::size_t c = 0; c < layout.classes.size(); ++c)
        for (std::size_t path = 0; path < width; ++path) {
          const double part = dice.chance(0.8) ? 1 : (dice.chance(0.5) ? 0 : dice.unit());
          month.accept.push_back(market.accepts_class[c] ? part : 0);
        }
    for (std::size_t s = 0; s < layout.sources.size(); ++s)
      for (std::size_t path = 0; path < width; ++path) {
        month.price.push_back(dice.chance(0.3) ? 50 : r.p.source_price[s] * dice.between(0.5, 2));
        const double curtailed = dice.chance(0.7) ? 0 : dice.between(0, 0.4);
        month.curtailed.push_back(calm && t > 0 && !dice.chance(0.001)
                                      ? r.months.back().curtailed[s * width + path]
                                      : curtailed);
      }
    r.months.push_back(month);
  }
  return r;
}

Mode random_mode(std::uint64_t seed) {
  if (seed % 3 != 0) return as_energised;
  const std::uint64_t bits = seed / 3;
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, false};
}

world::MonthColumns pointers(const RandomPortfolio::Month& month, int number) {
  world::MonthColumns draws;
  draws.month = number;
  draws.demand_h100e = month.demand.data();
  draws.accept_share = month.accept.data();
  draws.price_per_mwh = month.price.data();
  draws.curtailed_share = month.curtailed.data();
  return draws;
}

world::MonthColumns RandomPortfolio::draws(int month) const {
  world::MonthColumns draws = pointers(months[month], month);
  if (month % 2 == 1) {  // in other months the kernels find it out themselves
    draws.same_prices = months[month].price == months[month - 1].price;
    draws.same_curtailment = months[month].curtailed == months[month - 1].curtailed;
  }
  return draws;
}

std::vector<const double*> RandomPortfolio::gate_rows() const {
  std::vector<const double*> rows;
  for (std::size_t g = 0; g < p.gates.size(); ++g)
    rows.push_back(gates.data() + g * static_cast<std::size_t>(width));
  return rows;
}

std::vector<double> RandomPortfolio::gates_of(int path) const {
  std::vector<double> column;
  for (std::size_t g = 0; g < p.gates.size(); ++g)
    column.push_back(gates[g * static_cast<std::size_t>(width) + static_cast<std::size_t>(path)]);
  return column;
}

RandomPortfolio::Month RandomPortfolio::month_of(int month, int path) const {
  const auto pick = [&](const std::vector<double>& rows) {
    std::vector<double> column;
    for (std::size_t i = static_cast<std::size_t>(path); i < rows.size();
         i += static_cast<std::size_t>(width))
      column.push_back(rows[i]);
    return column;
  };
  const Month& all = months[month];
  return {pick(all.demand), pick(all.accept), pick(all.price), pick(all.curtailed)};
}

}  // namespace warmshell::fleet
