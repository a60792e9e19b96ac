#pragma once
// Small portfolios for tests, written as C++: every field that compile() needs is filled. Money in
// USD, catalogue accelerators. Not part of any result.

#include <string>

#include "model/portfolio.h"

namespace warmshell::model::testing {

template <class T>
Given<T> given(T value) {
  return Given<T>{value, {}};
}
inline Date month(int year, int m) {
  return Date{(year - 2000) * 12.0 + (m - 1)};
}

inline UncertainDate on(Date date) {
  return {given(DateLaw(FixedDate{date})), {}};
}
inline UncertainDate drawn(Law months_since_2000) {
  return {given(DateLaw(LawDate{std::move(months_since_2000)})), {}};
}
inline UncertainDate after(Law months) {
  return {given(DateLaw(AfterDate{std::move(months)})), {}};
}
inline UncertainDate with(const std::string& path, double offset_months = 0) {
  return {given(DateLaw(WithDate{{Link{path, {}, {}}}, Months(offset_months)})), {}};
}
template <class Q>
UncertainNumber<Q> number(Law law) {
  return {given(std::move(law)), {}};
}
inline Link link(std::string name) {
  return Link{std::move(name), {}, {}};
}

inline Portfolio empty(Date start, int months) {
  Portfolio p;
  p.portfolio = "test";
  p.start = given(start);
  p.horizon = given(Months(months));
  p.known_at = p.start;
  p.finance.wacc = given(PerYear(0.12));
  p.finance.tax = given(Fraction(0.21));
  p.finance.book_life = given(Months(72));
  p.finance.economic_life = given(Months(36));
  p.finance.plant_life = given(Months(180));
  p.finance.building_life = given(Months(360));
  return p;
}

inline PueRecord pue(double peak, double annual) {
  return {given(peak), given(annual), {}};
}

// A site whose halls have PUE 1, and no limit on installation.
inline Site& add_site(Portfolio& p, const std::string& name) {
  Site& site = p.sites[name];
  site.pue[CoolingClass::air] = pue(1, 1);
  site.pue[CoolingClass::liquid] = pue(1, 1);
  return site;
}
inline Hall& add_hall(Site& site, const std::string& name, double it_mw, UncertainDate warm,
                      CoolingClass cooling = CoolingClass::air) {
  Hall& hall = site.halls[name];
  hall.it_power = given(ItMw(it_mw));
  hall.cooling = {cooling};
  hall.shell = Shell{};
  hall.shell->warm = ShellStage{std::move(warm), {}};
  return hall;
}
inline PowerSource& add_source(Site& site, const std::string& name, double facility_mw,
                               UncertainDate energised, double usd_per_mwh = 0) {
  PowerSource& source = site.power[name];
  source.power = given(FacilityMw(facility_mw));
  source.energised = std::move(energised);
  source.price = number<MoneyPerMwh>(Fixed{usd_per_mwh});
  return source;
}
// `kw` > 0 overrides the catalogue's provisioned kW.
inline Lot& add_lot(Portfolio& p, const std::string& name, const std::string& accelerator,
                    double count, const std::string& site, UncertainDate delivered, double kw = 0) {
  Lot& lot = p.fleet[name];
  lot.accelerator = link(accelerator);
  lot.count = given(Accelerators(count));
  lot.site = link(site);
  lot.delivered = std::move(delivered);
  lot.price = given(Money(0));
  if (kw > 0) lot.it_power_each = given(Kilowatts(kw));
  return lot;
}
// Unbounded demand when h100e_now < 0; rent fixed when usd_per_h100e_hour >= 0.
inline Market& add_market(Portfolio& p, const std::string& name, Terms terms, double h100e_now,
                          double usd_per_h100e_hour, double utilisation = 1) {
  Market& market = p.markets[name];
  market.terms = terms;
  if (h100e_now >= 0) market.demand.now = given(H100e(h100e_now));
  market.utilisation = given(Fraction(utilisation));
  market.ramp = given(Months(0));
  if (usd_per_h100e_hour >= 0)
    market.rent.per_h100e = number<MoneyPerH100eHour>(Fixed{usd_per_h100e_hour});
  return market;
}

}  // namespace warmshell::model::testing
