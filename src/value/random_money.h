#pragma once
// Random portfolios for tests, with every thing that costs or earns, and random paths for them:
// dates in the past, inside, beyond the horizon and never; rents, prices and resale that move. What
// occurred is counted, so that a test can insist on all of it.

#include <cstdint>
#include <map>
#include <string>

#include "model/testing.h"
#include "value/testing.h"

namespace warmshell::value::testing {

struct Chance {  // any sequence will do, it must only stay the same
  std::uint64_t state;
  explicit Chance(std::uint64_t seed) : state(seed * 0x9e3779b97f4a7c15u + 88172645463325252u) {
    for (int i = 0; i < 8; ++i) next();
  }
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  int below(int n) { return static_cast<int>((next() >> 11) % static_cast<std::uint64_t>(n)); }
  bool odds(double p) { return uniform() < p; }
};

struct RandomMoney {
  model::Portfolio portfolio;
  std::map<std::string, int>& occurred;
  Chance chance;

  RandomMoney(std::uint64_t seed, std::map<std::string, int>& counts)
      : occurred(counts), chance(seed) {
    using namespace model::testing;
    const Date start = month(2026, 1 + chance.below(12));
    portfolio = empty(start, 5 + chance.below(36));
    model::Finance& f = portfolio.finance;
    f.wacc = given(PerYear(chance.between(0.03, 0.2)));
    f.book_life = given(Months(some(0.5, "book life ends") ? chance.between(2, 12) : 72));
    f.economic_life = given(Months(chance.between(2, 60)));
    f.plant_life = given(Months(chance.between(10, 200)));
    f.building_life = given(Months(chance.between(20, 400)));
    f.variable_cost = given(Fraction(chance.between(0, 0.3)));
    f.maintenance = given(PerYear(chance.between(0, 0.1)));
    if (some(0.5, "fixed cost")) f.fixed_cost = given(Money(chance.between(0, 1e5)));
    if (some(0.5, "depreciation from delivery"))
      f.depreciation_from = model::DepreciationFrom::delivery;
    if (some(0.5, "market value falls"))
      portfolio.market_value.falls = given(PerMonth(chance.between(0, 0.06)));
    const int sites = 1 + chance.below(3);
    for (int s = 0; s < sites; ++s) add_site_with_all("site-" + std::to_string(s));
    const int markets = 1 + chance.below(3);
    for (int m = 0; m < markets; ++m) add_market_of_any_terms("market-" + std::to_string(m));
  }

  // Dates and draws of every path.
  void shake(CertainRun& run) {
    for (std::size_t i = 0; i < run.gate_months.size(); ++i) {
      const double u = chance.uniform();
      double& date = run.gate_months[i];
      const bool spread = (i / width) % 3 != 0;  // a third of the gates is the same on all paths
      if (!spread) continue;
      if (u < 0.1) {
        date = model::never_month;
        ++occurred["never"];
      } else if (u < 0.8) {
        date += chance.between(-6, 12);
      } else {
        date = static_cast<double>(chance.below(run.layout.months));
        ++occurred["on a first day"];
      }
      if (date < 0) ++occurred["before start"];
    }
    for (Rows& rows : run.rows)
      for (auto* values : {&rows.rent, &rows.price, &rows.resale, &rows.demand})
        for (double& x : *values)
          if (x < 1e290) x *= chance.between(0.5, 1.5);
  }

 private:
  bool some(double p, const std::string& what) {
    const bool yes = chance.odds(p);
    if (yes) ++occurred[what];
    return yes;
  }
  model::UncertainDate about(double low, double high) {
    return model::testing::on(Date{portfolio.start.value.months + chance.between(low, high)});
  }
  Date day(double low, double high) {
    return Date{portfolio.start.value.months + chance.between(low, high)};
  }

  void add_site_with_all(const std::string& name) {
    using namespace model::testing;
    model::Site& site = add_site(portfolio, name);
    const double annual = chance.between(1, 1.3);
    site.pue[model::CoolingClass::air] = pue(annual + 0.1, annual);
    site.pue[model::CoolingClass::liquid] = pue(annual + 0.05, annual - 0.02);
    if (some(0.5, "crews")) site.install = given(RacksPerMonth(chance.between(5, 60)));
    const int halls = 1 + chance.below(3);
    for (int h = 0; h < halls; ++h) add_hall_of_any_kind(site, "hall-" + std::to_string(h));
    const int sources = 1 + chance.below(3);
    for (int s = 0; s < sources; ++s) add_source_of_any_kind(site, "source-" + std::to_string(s));
    const char* types[] = {"h100_sxm", "gb200_nvl72", "a100_80"};
    const int lots = 1 + chance.below(3);
    for (int l = 0; l < lots; ++l) {
      model::Lot& lot =
          add_lot(portfolio, name + "-lot-" + std::to_string(l), types[chance.below(3)],
                  chance.between(500, 4000), name, about(-10, 20));
      lot.price = given(Money(chance.between(1e4, 6e4)));
      if (some(0.3, "retired")) lot.life = given(Months(chance.between(5, 30)));
    }
  }

  void add_hall_of_any_kind(model::Site& site, const std::string& name) {
    using namespace model::testing;
    const bool liquid = some(0.5, "liquid hall");
    model::Hall& hall = add_hall(site, name, chance.between(1, 6), about(-5, 25),
                                 liquid ? model::CoolingClass::liquid : model::CoolingClass::air);
    const auto per_mw = [&] { return given(MoneyPerItMw(chance.between(1e6, 1e7))); };
    if (some(0.7, "cold shell")) {
      hall.shell->cold = model::ShellStage{about(-15, 5), {}};
      if (some(0.5, "capex of cold shell")) hall.shell->cold->capex = per_mw();
      if (some(0.6, "fitted power")) {
        hall.shell->fitted_power = model::ShellStage{about(-5, 10), {}};
        if (some(0.5, "capex of fitted power")) hall.shell->fitted_power->capex = per_mw();
      }
    }
    if (some(0.5, "capex of warm")) hall.shell->warm->capex = per_mw();
    if (some(0.5, "capex of a shell")) hall.shell->capex = per_mw();
    if (some(0.3, "leased")) {
      model::Leased lease;
      lease.rent = given(MoneyPerItMwMonth(chance.between(5e4, 2e5)));
      lease.commencement = given(day(-20, 15));
      if (some(0.5, "lease escalates")) lease.escalator = given(PerYear(0.03));
      if (some(0.5, "lease has a term")) lease.term = given(Months(chance.between(6, 40)));
      if (some(0.5, "lease has free months")) lease.free = given(Months(chance.between(0, 5)));
      hall.tenure = lease;
    }
    if (some(0.3, "let")) {
      model::Let let;
      let.tenant = "acme";
      let.rent = given(MoneyPerItMwMonth(chance.between(5e4, 2e5)));
      let.commencement = given(day(-20, 15));
      if (some(0.5, "let escalates")) let.escalator = given(PerYear(0.025));
      if (some(0.5, "let has a term")) let.term = given(Months(chance.between(6, 40)));
      if (some(0.5, "let has free months")) let.free = given(Months(chance.between(0, 5)));
      if (some(0.5, "late damages"))
        let.late.damages = given(MoneyPerItMwMonth(chance.between(0, 1e5)));
      if (some(0.5, "let has a longstop")) let.late.longstop = given(Months(chance.between(1, 12)));
      hall.let = let;
    } else if (some(0.2, "retrofit")) {
      model::Retrofit retrofit;
      retrofit.from = hall.cooling[0];
      retrofit.to = liquid ? model::CoolingClass::air : model::CoolingClass::liquid;
      retrofit.done = given(day(3, 20));
      if (some(0.5, "retrofit closes the hall"))
        retrofit.outage = given(Months(chance.between(1, 4)));
      retrofit.capex = per_mw();
      hall.retrofit = retrofit;
    }
  }

  void add_source_of_any_kind(model::Site& site, const std::string& name) {
    using namespace model::testing;
    const double mw = chance.between(1, 8);
    model::PowerSource& source =
        add_source(site, name, mw, about(-10, 25), chance.between(20, 120));
    if (some(0.5, "own generation")) source.kind = model::SourceKind::recip_gas;
    if (some(0.6, "capex of a source"))
      source.capex = given(MoneyPerFacilityMw(chance.between(1e5, 2e6)));
    if (some(0.5, "minimum bill")) source.minimum_bill = given(Fraction(chance.between(0.2, 0.9)));
    if (some(0.3, "tranches")) {
      for (int k = 0; k < 3; ++k) {
        model::Tranche tranche;
        tranche.power = given(FacilityMw(mw / 3));
        if (some(0.4, "tranche with a date of its own")) tranche.energised = about(-5, 25);
        source.tranches.in_order.emplace_back("t" + std::to_string(k), tranche);
      }
      source.every = given(Months(chance.between(0.5, 6)));
    }
  }

  void add_market_of_any_terms(const std::string& name) {
    using namespace model::testing;
    const model::Terms terms[] = {model::Terms::take_or_pay, model::Terms::on_demand,
                                  model::Terms::internal, model::Terms::contract};
    const char* words[] = {"take-or-pay", "on-demand", "internal", "contract"};
    const int kind = chance.below(4);
    ++occurred[words[kind]];
    const bool unbounded = kind != 3 && some(0.3, "unbounded demand");
    model::Market& market =
        add_market(portfolio, name, terms[kind], unbounded ? -1 : chance.between(100, 6000),
                   chance.between(0.2, 4), chance.between(0.4, 1));
    if (some(0.3, "ramp")) market.ramp = given(Months(2));
    if (kind != 3) return;
    model::Contract contract;
    contract.customer = "bank";
    contract.ready_by = given(day(-3, 20));
    if (some(0.6, "contract damages")) contract.damages = given(Money(chance.between(10, 500)));
    if (some(0.6, "contract longstop")) contract.longstop = given(Months(chance.between(1, 10)));
    if (some(0.6, "contract term")) contract.term = given(Months(chance.between(4, 30)));
    if (some(0.6, "customer may stop paying"))
      contract.default_rate = given(PerYear(chance.between(0.01, 0.3)));
    market.contract = contract;
  }
};

}  // namespace warmshell::value::testing
