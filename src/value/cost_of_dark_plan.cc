#include "model/tranches.h"
#include "value/cost_of_dark.h"
#include "value/measures.h"

namespace warmshell::value {
namespace {

// Dark states, in the order of the columns.
constexpr std::size_t no_shell = 0, no_cooling = 1, no_power = 2, installing = 3;

model::PueSpan pue_at(const std::vector<model::PueSpan>& spans, int month) {
  model::PueSpan now{0, 1, 1};
  for (const model::PueSpan& span : spans)
    if (span.from_month <= month) now = span;
  return now;
}

struct PlanBuilder {
  const model::Layout& layout;
  DarkPlan& plan;

  int add(std::string id, int site, DarkPlan::Opening opening) {
    plan.cures.push_back({std::move(id), site});
    plan.openings.push_back(opening);
    return static_cast<int>(plan.cures.size()) - 1;
  }
  std::string id_of(int gate, const std::string& otherwise) const {
    return gate < 0 ? otherwise : layout.gates[gate].id;
  }
  // A tranche with a date of its own is a cure of its own; those that follow at intervals belong to
  // the gate they follow.
  void source(int s, std::vector<int>& cures) {
    const model::LayoutSource& source = layout.sources[s];
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      const int own = model::tranche_gate(source, k);
      if (k == 0 || own >= 0) {
        DarkPlan::Opening opening;
        opening.source = s;
        opening.tranche = static_cast<int>(k);
        cures.push_back(add(id_of(own, source.path), source.site, opening));
      }
      ++plan.openings.back().dates;
    }
  }
  // Lots that wait for the same share one.
  int wait(const std::vector<int>& cures, int otherwise) {
    for (std::size_t k = 0; k < plan.waits.size(); ++k) {
      const DarkPlan::Wait& other = plan.waits[k];
      if (other.otherwise == otherwise && other.cures == cures) return static_cast<int>(k);
    }
    plan.waits.push_back({cures, otherwise});
    return static_cast<int>(plan.waits.size()) - 1;
  }
};

}  // namespace

DarkPlan plan_dark(const model::Layout& layout, const model::Portfolio& portfolio,
                   const model::Decisions& decisions) {
  DarkPlan plan;
  plan.layout = &layout;
  plan.resale = make_resale_curve(portfolio);
  const model::Finance& finance = portfolio.finance;
  plan.variable_cost = finance.variable_cost.value.value;
  plan.economic_life = finance.economic_life.value.value;
  plan.book_life = finance.book_life.value.value;
  plan.log_growth = math::log1p(finance.wacc.value.value) / 12;
  for (int month = 0; month < layout.months; ++month)
    plan.grown.push_back(math::exp(plan.log_growth * (month + 1)));
  plan.discount = discount_factors(layout.months, finance.wacc.value.value);
  plan.market_order = decisions.market_order;
  std::vector<double> paid_share;
  for (const int m : plan.market_order) {
    const model::LayoutMarket& market = layout.markets[m];
    const bool always =
        market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
    paid_share.push_back(always ? 1 : market.utilisation);
    plan.paid_hours.push_back(paid_share.back() * 730);
  }

  plan.steps.assign(layout.months, false);
  plan.steps[0] = true;

  PlanBuilder b{layout, plan};
  struct SiteCures {
    std::vector<int> power;
    int no_power_left = 0, no_halls_left = 0, no_cooling_left = 0, crews = 0;
  };
  std::vector<SiteCures> of_site(layout.sites.size());
  std::vector<int> warm_cure(layout.halls.size()), retrofit_cure(layout.halls.size(), -1);
  for (std::size_t i = 0; i < layout.sites.size(); ++i) {
    const int site = static_cast<int>(i);
    const std::string path = "sites." + layout.sites[i].name;
    SiteCures& cures = of_site[i];
    for (const int s : layout.sites[i].sources) b.source(s, cures.power);
    for (const int h : layout.sites[i].halls) {
      const model::LayoutHall& hall = layout.halls[h];
      DarkPlan::Opening opening;
      opening.dates = 1;
      opening.gate = hall.warm_gate;
      warm_cure[h] = b.add(b.id_of(hall.warm_gate, hall.path), site, opening);
      if (hall.retrofit_month < model::never_month) {
        opening.gate = -1;
        opening.month = hall.retrofit_month;
        retrofit_cure[h] = b.add(hall.path + ".retrofit", site, opening);
      }
    }
    cures.no_power_left = b.add(path + ".power", site, {});
    cures.no_halls_left = b.add(path + ".halls", site, {});
    cures.no_cooling_left = b.add(path + ".cooling", site, {});
    cures.crews = b.add(path + ".install", site, {});
  }
  for (const model::LayoutLot& lot : layout.lots) {
    DarkPlan::Lot own;
    own.price = portfolio.fleet.at(lot.name).price.value.value;
    for (int month = 0; month < layout.months; ++month) {
      const model::PueSpan pue = pue_at(lot.lowest_pue, month);
      const model::PueSpan before = pue_at(lot.lowest_pue, month - 1);
      if (pue.peak != before.peak || pue.annual != before.annual) plan.steps[month] = true;
      own.mw_each.push_back(lot.provisioned_kw * pue.peak / 1000);
      for (const double paid : paid_share) {
        const double drawn_kw = lot.idle_kw + paid * (lot.peak_kw - lot.idle_kw);
        own.energy_mwh.push_back(drawn_kw * pue.annual * 730 / 1000);
      }
    }
    std::vector<int> shell, cooling;
    for (const int h : lot.halls) {
      shell.push_back(warm_cure[h]);
      cooling.push_back(warm_cure[h]);
      if (retrofit_cure[h] >= 0) cooling.push_back(retrofit_cure[h]);
    }
    const SiteCures& cures = of_site[lot.site];
    own.waits[no_shell] = b.wait(shell, cures.no_halls_left);
    own.waits[no_cooling] = b.wait(cooling, cures.no_cooling_left);
    own.waits[no_power] = b.wait(cures.power, cures.no_power_left);
    own.waits[installing] = b.wait({}, cures.crews);
    plan.lots.push_back(std::move(own));
  }
  return plan;
}

// ---- totals -----------------------------------------------------------------------------------

DarkTotals::DarkTotals(const DarkPlan& plan)
    : sums(static_cast<std::size_t>(plan.layout->months) * plan.layout->sites.size() *
           fleet::dark_count * dark_sum_count),
      lost_margin(plan.layout->sites.size() * fleet::dark_count),
      cure_alone(plan.cures.size()),
      cure_sellable(plan.cures.size()),
      cure_lost_margin(plan.cures.size()),
      unmet(static_cast<std::size_t>(plan.layout->months)) {}

std::size_t DarkTotals::index(const model::Layout& layout, int month, int site, int state,
                              DarkSum sum) {
  return ((static_cast<std::size_t>(month) * layout.sites.size() + static_cast<std::size_t>(site)) *
              fleet::dark_count +
          static_cast<std::size_t>(state)) *
             dark_sum_count +
         static_cast<std::size_t>(sum);
}

void DarkTotals::join(const DarkTotals& next) {
  const auto add = [](auto& into, const auto& from) {
    for (std::size_t i = 0; i < into.size(); ++i) {
      if constexpr (requires { into[i].join(from[i]); })
        into[i].join(from[i]);
      else
        into[i] += from[i];
    }
  };
  paths += next.paths;
  add(sums, next.sums);
  add(lost_margin, next.lost_margin);
  add(cure_alone, next.cure_alone);
  add(cure_sellable, next.cure_sellable);
  add(cure_lost_margin, next.cure_lost_margin);
  add(unmet, next.unmet);
}

}  // namespace warmshell::value
