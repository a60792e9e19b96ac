// Lines of what is earned: accelerators by market, halls by tenant.

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "value/builder.h"
#include "value/measures.h"
#include "world/terms.h"

namespace warmshell::value {
namespace {

constexpr double no_cap = 1e300;

// From the month of `deadline` on, what was held then caps what may be had: 1e300 before.
int capped_at(Builder& b, int held_now, double deadline) {
  const int months = b.layout.months;
  const int month = static_cast<int>(std::floor(deadline));
  if (month >= months) return held_now;
  std::vector<double> at(static_cast<std::size_t>(months), 0.0), before(at);
  at[std::max(month, 0)] = 1;
  for (int t = 0; t < std::max(month, 0); ++t) before[t] = no_cap;
  const int held_then = b.g.running_sum(b.g.multiply(b.g.series(at), held_now));
  return b.g.minimum(held_now, b.g.sum({held_then, b.g.series(before)}));
}

// One market: paid accelerator-hours at the market's rent.
int market_revenue(Builder& b, int market) {
  Graph& g = b.g;
  const int classes = static_cast<int>(b.layout.classes.size());
  const int lots = static_cast<int>(b.layout.lots.size());
  std::vector<std::pair<int, int>> by_class;
  for (int c = 0; c < classes; ++c) {
    std::vector<int> busy;
    for (int lot = 0; lot < lots; ++lot)
      if (b.layout.lots[lot].accelerator_class == c &&
          b.layout.markets[market].accepts_class[static_cast<std::size_t>(c)])
        busy.push_back(b.busy(market, lot));
    if (busy.empty()) continue;
    const int rent = g.column(Column::rent_per_hour, market * classes + c);
    by_class.emplace_back(g.constant(hours), g.multiply(rent, g.sum(std::move(busy))));
  }
  return g.dot(by_class);
}

void add_contract(Builder& b, int market, const model::Contract& contract, int& revenue) {
  Graph& g = b.g;
  const int months = b.layout.months;
  const double ready = b.month_of(contract.ready_by.value);
  const double longstop =
      contract.longstop ? ready + contract.longstop->value.value : model::never_month;
  const int unmet = g.column(Column::unmet_h100e, market);
  const std::string name = b.layout.markets[market].name;

  if (contract.damages) {
    const int each = b.input(*contract.damages, name + " damages");
    // What is unmet is the month's average: of a month that the longstop cuts, its part before.
    const world::DemandSpan asks = world::demand_span(b.portfolio.markets.at(name), b.layout.start);
    const world::DemandSpan due{asks.from, std::min(asks.to, longstop)};
    std::vector<double> part;
    for (int t = 0; t < months; ++t) {
      const double asked = world::share_of_month(asks, t);
      part.push_back(asked > 0 ? world::share_of_month(due, t) / asked : 0);
    }
    const int owed = g.multiply(g.series(std::move(part)), each);
    b.cash("damages." + name, g.negative(g.multiply(owed, unmet)),
           "-(part of the month's demand before longstop) x damages x unmet h100e",
           "Damages for what is not ready.");
  }
  if (contract.longstop) {
    const int demand = g.column(Column::demand_h100e, market);
    const int served = g.subtract(b.one, g.divide(unmet, g.maximum(demand, g.constant(1e-300))));
    const int month = static_cast<int>(std::floor(longstop));
    if (month < months) {
      // what was not ready at the longstop leaves: revenue by the share served then
      std::vector<double> at(static_cast<std::size_t>(months), 0.0), before(at);
      at[std::max(month, 0)] = 1;
      for (int t = 0; t < std::max(month, 0); ++t) before[t] = 1;
      const int kept = g.running_sum(g.multiply(g.series(at), served));
      revenue = g.multiply(revenue, g.sum({kept, g.series(before)}));
    }
  }
  if (contract.default_rate) {
    // the odds that the customer still pays
    const double keeps = 1 - contract.default_rate->value.value;
    std::vector<double> pays;
    for (int t = 0; t < months; ++t)
      pays.push_back(math::pow(keeps, std::max(0.0, t - ready) / 12));
    revenue = g.multiply(revenue, g.series(std::move(pays)));
  }
}

void add_let_hall(Builder& b, int h, const model::Let& let) {
  Graph& g = b.g;
  const model::LayoutHall& hall = b.layout.halls[h];
  const int months = b.layout.months;
  const std::string name = b.place(hall.site, hall.name);
  const double commencement = b.month_of(let.commencement.value);
  const double free = let.free ? let.free->value.value : 0;
  const double term = let.term ? let.term->value.value : model::never_month;
  const double yearly = let.escalator ? let.escalator->value.value : 0;

  // Share of the hall that is live: facility MW over what the hall needs at its PUE of the month.
  const int full_mw = g.series(full_facility_mw(hall, months));
  int live = g.minimum(b.one, g.divide(b.of_hall(Column::let_live_mw, h), full_mw));
  const bool leaves = let.late.longstop.has_value();
  const double longstop =
      leaves ? commencement + let.late.longstop->value.value : model::never_month;
  if (let.late.damages) {
    const int each = b.input(*let.late.damages, name + " damages");
    const int due = b.span(commencement, longstop);
    const int late_mw = b.scaled(g.subtract(b.one, live), hall.it_mw);
    b.cash("damages." + name, g.negative(g.multiply(g.multiply(due, each), late_mw)),
           "-(part of the month in [commencement, longstop)) x damages x IT MW not live",
           "Damages for a hall that is late.");
  }
  if (leaves) live = capped_at(b, live, longstop);

  // Months of tenancy so far count free months and term, from the later of commencement and live.
  const int tenancy = g.multiply(b.span(commencement, model::never_month), live);
  const int began_before =  // of a hall that was live before `start`
      g.maximum(b.zero,
                g.subtract(b.zero, g.maximum(g.constant(commencement), b.gate(hall.warm_gate))));
  const int so_far = g.running_sum(tenancy, began_before);
  const auto paid_of = [&](int count) {
    return g.maximum(b.zero, b.plus(g.minimum(count, g.constant(term)), -free));
  };
  const int paid = g.subtract(paid_of(so_far), paid_of(g.subtract(so_far, tenancy)));
  const int rent = b.input(let.rent, name + " rent");
  const int full =
      g.multiply(b.scaled(rent, hall.it_mw), g.series(escalator(months, yearly, commencement)));
  b.cash("rent." + name, g.multiply(full, paid),
         "rent x IT MW x (1 + escalator)^(years since commencement) x months paid",
         "Rent of a hall that is let, from the later of commencement and live, after free months.");
}

}  // namespace

std::vector<double> escalator(int months, double yearly, double anniversary) {
  return escalated_share(months, -model::never_month, model::never_month, yearly, anniversary);
}

std::vector<double> escalated_share(int months, double from, double to, double yearly,
                                    double anniversary) {
  std::vector<double> share(static_cast<std::size_t>(months), 0.0);
  for (int t = 0; t < months; ++t) {
    const double first = std::max<double>(t, from), last = std::min<double>(t + 1, to);
    if (!(last > first)) continue;
    const double year = std::floor((first - anniversary) / 12);
    const double next = std::clamp(anniversary + 12 * (year + 1), first, last);
    const int now = std::max(0, static_cast<int>(year)),
              then = std::max(0, static_cast<int>(year) + 1);
    share[t] = (next - first) * whole_power(1 + yearly, now) +
               (last - next) * whole_power(1 + yearly, then);
  }
  return share;
}

std::vector<double> full_facility_mw(const model::LayoutHall& hall, int months) {
  std::vector<double> megawatts;
  for (int t = 0; t < months; ++t) {
    double peak = 1;
    for (const model::PueSpan& span : hall.pue)
      if (span.from_month <= t) peak = span.peak;
    megawatts.push_back(hall.it_mw * peak);
  }
  return megawatts;
}

void add_market_lines(Builder& b) {
  for (std::size_t m = 0; m < b.layout.markets.size(); ++m) {
    const model::LayoutMarket& market = b.layout.markets[m];
    const model::Market& written = b.portfolio.markets.at(market.name);
    int revenue = market_revenue(b, static_cast<int>(m));
    if (written.contract) add_contract(b, static_cast<int>(m), *written.contract, revenue);
    b.revenue.push_back(revenue);
    b.cash("revenue." + market.name, revenue, "730 h x sum over lots of paid accelerators x rent",
           "Take-or-pay and contract are paid busy or not, the others when busy.");
  }
}

void add_hall_lines(Builder& b) {
  Graph& g = b.g;
  for (std::size_t h = 0; h < b.layout.halls.size(); ++h) {
    const model::Hall& hall = b.hall(static_cast<int>(h));
    const std::string name = b.place(b.layout.halls[h].site, b.layout.halls[h].name);
    if (hall.let) add_let_hall(b, static_cast<int>(h), *hall.let);
    if (const auto* lease = std::get_if<model::Leased>(&hall.tenure)) {
      const double commencement = b.month_of(lease->commencement.value);
      const double free = lease->free ? lease->free->value.value : 0;
      const double end = lease->term ? commencement + lease->term->value.value : model::never_month;
      const double yearly = lease->escalator ? lease->escalator->value.value : 0;
      const int share = g.series(
          escalated_share(b.layout.months, commencement + free, end, yearly, commencement));
      const int rent = b.scaled(b.input(lease->rent, name + " rent"), -b.layout.halls[h].it_mw);
      const int due = g.multiply(rent, share);
      b.leases[b.layout.halls[h].site].push_back(due);
      b.cash("lease." + name, due,
             "-rent x IT MW x (1 + escalator)^(years since commencement) x months due",
             "Rent paid for a hall that is leased, used or not.");
    }
  }
}

}  // namespace warmshell::value
