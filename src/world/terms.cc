#include "world/terms.h"

#include <algorithm>

#include "base/math.h"
#include "world/rents.h"

namespace warmshell::world {

double growth_factor(double per_year, double month) {
  return per_year == 0 ? 1 : math::pow(1 + per_year, month / 12);
}

double falls_factor(double per_month, double month) {
  return per_month == 0 ? 1 : math::pow(1 - per_month, month);
}

DemandSpan demand_span(const model::Market& market, double start) {
  DemandSpan span;
  if (!market.contract) return span;
  span.from = market.contract->ready_by.value.months - start;
  if (market.contract->term) span.to = span.from + market.contract->term->value.value;
  return span;
}

double share_of_month(const DemandSpan& span, int month) {
  return std::max(0.0, std::min<double>(span.to, month + 1) - std::max<double>(span.from, month));
}

namespace {

RentTerm term_without_replay(const model::Layout& layout, const model::Portfolio& portfolio,
                             int market, int accelerator_class) {
  const model::LayoutMarket& place = layout.markets[static_cast<std::size_t>(market)];
  const model::LayoutClass& chip = layout.classes[static_cast<std::size_t>(accelerator_class)];
  const model::Rent& rent = portfolio.markets.at(place.name).rent;

  RentTerm term;
  if (rent.falls) term.falls = (*rent.falls)->value;
  if (static_cast<std::size_t>(accelerator_class) < place.rent_draw.size())
    term.draw = place.rent_draw[static_cast<std::size_t>(accelerator_class)];

  if (const auto own = rent.per_accelerator.find(chip.accelerator);
      own != rent.per_accelerator.end()) {
    term.kind = RentTerm::Kind::written;
    term.law = *own->second.law;
    return term;
  }
  if (rent.per_h100e) {
    term.kind = RentTerm::Kind::written;
    term.law = *rent.per_h100e->law;
    term.scale = chip.h100e;
    return term;
  }

  // The catalogue's law, in the portfolio's currency.
  const std::string tier = rent.tier ? **rent.tier : portfolio.rents.tier;
  const double level = portfolio.rents.level ? **portfolio.rents.level : 1.0;
  const double dollar = portfolio.fx.factor("USD").value_or(1);
  term.scale = tier_factor(tier).value_or(1) * level * dollar;
  if (rent.falls) {  // a constant fall from what the law expects at the start: nothing is drawn
    term.kind = RentTerm::Kind::written;
    term.law = Fixed{newest_level(chip) * mean_regime(chip.fp8, scarcity_odds(layout.start, 0))};
    term.draw = -1;
  }
  return term;
}

}  // namespace

RentTerm rent_term(const model::Layout& layout, const model::Portfolio& portfolio, int market,
                   int accelerator_class) {
  RentTerm term = term_without_replay(layout, portfolio, market, accelerator_class);
  term.scale *=
      model::paid_work(layout.markets[static_cast<std::size_t>(market)], accelerator_class);
  return term;
}

GrowthTerm price_term(const model::Layout& layout, const model::Portfolio& portfolio, int source) {
  const model::LayoutSource& place = layout.sources[static_cast<std::size_t>(source)];
  const model::Name& site = layout.sites[static_cast<std::size_t>(place.site)].name;
  const model::PowerSource& written = portfolio.sites.at(site).power.at(place.name);
  return {*written.price.law, place.price_draw,
          written.price_growth ? (*written.price_growth)->value : 0};
}

GrowthTerm curtailed_term(const model::Layout& layout, const model::Portfolio& portfolio,
                          int source) {
  const model::LayoutSource& place = layout.sources[static_cast<std::size_t>(source)];
  const model::Name& site = layout.sites[static_cast<std::size_t>(place.site)].name;
  const model::PowerSource& written = portfolio.sites.at(site).power.at(place.name);
  if (!written.curtailed) return {Fixed{0}, -1, 0};
  return {*written.curtailed->law, place.curtailed_draw, 0};
}

}  // namespace warmshell::world
