#include "value/binds.h"

#include <algorithm>
#include <cmath>

#include "model/compile.h"
#include "model/tranches.h"

namespace warmshell::value {
namespace {

struct Reader {
  const ValuationPlan& plan;
  const ValueTotals& totals;
  double paths = std::max<double>(1, static_cast<double>(totals.paths));

  double month(int t, int site, int state, DarkSum sum) const {
    return totals.dark.sums[DarkTotals::index(*plan.layout, t, site, state, sum)] / paths;
  }
  double nominal(int site, int state, DarkSum sum) const {
    double total = 0;
    for (int t = 0; t < plan.layout->months; ++t) total += month(t, site, state, sum);
    return total;
  }
  double discounted(int site, int state, DarkSum sum) const {
    double total = 0;
    for (int t = 0; t < plan.layout->months; ++t)
      total += plan.dark.discount[t] * month(t, site, state, sum);
    return total;
  }
  int sites() const { return static_cast<int>(plan.layout->sites.size()); }
};

constexpr double nothing = 1e-9;  // accelerator-months, mean over paths
constexpr int no_shell = 0, no_cooling = 1, no_power = 2;

struct Weight {  // of one dark state of one site
  double sellable = 0, margin = 0;
};
// R20: the state with the largest lost margin over all sites, then its worst site; of those with
// anything sellable, the first on a tie. state -1: nothing is sellable.
struct Heaviest {
  int state = -1, site = -1, sites = 0;  // sites: with anything sellable in that state
  double margin = 0;                     // of that state, over all sites
};
Heaviest heaviest(int sites, const auto& weigh) {
  Heaviest most;
  for (int state = 0; state < fleet::dark_count; ++state) {
    Heaviest one;
    one.state = state;
    double worst = 0;
    for (int site = 0; site < sites; ++site) {
      const Weight weight = weigh(site, state);
      if (!(weight.sellable > nothing)) continue;
      ++one.sites;
      one.margin += weight.margin;
      if (one.site >= 0 && weight.margin <= worst) continue;
      worst = weight.margin;
      one.site = site;
    }
    if (one.sites > 0 && (most.state < 0 || one.margin > most.margin)) most = one;
  }
  return most;
}

// The first month above half the peak of the monthly lost margin, and the mean MW weighted by lost
// margin: MW and money of the sentence are of the same months.
void find_months(const Reader& r, Binds& binds, DarkSum margin, DarkSum megawatts) {
  std::vector<double> by_month;
  const int months = r.plan.layout->months;
  for (int t = 0; t < months; ++t) by_month.push_back(r.month(t, binds.site, binds.state, margin));
  const double half = *std::max_element(by_month.begin(), by_month.end()) / 2;
  double weighted = 0, weight = 0;
  for (int t = 0; t < months; ++t) {
    if (by_month[t] > half && binds.from < 0) binds.from = t;
    weighted += by_month[t] * r.month(t, binds.site, binds.state, megawatts);
    weight += by_month[t];
  }
  binds.mw = weight > 0 ? weighted / weight : 0;
}

// The last source tranche or hall to be expected, and the MW behind it.
void find_latest_gate(const Reader& r, Binds& binds) {
  const model::Layout& layout = *r.plan.layout;
  const std::vector<double> expected = model::expected_gate_months(layout);
  double latest = 0;
  const auto consider = [&](double month, double mw, int site, int gate) {
    if (!(month > latest) || !std::isfinite(month)) return;
    latest = month;
    binds.mw = mw;
    binds.site = site;
    binds.latest_gate = layout.gates[gate].id;
  };
  for (const model::LayoutSource& source : layout.sources) {
    int gate = -1;
    double date = 0;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      if (const int own = model::tranche_gate(source, k); own >= 0) gate = own;
      if (gate < 0) break;
      date = model::tranche_opens(source, k, date, expected.data());
      consider(date, source.tranche_mw[k], source.site, gate);
    }
  }
  for (const model::LayoutHall& hall : layout.halls)
    if (hall.warm_gate >= 0)
      consider(expected[hall.warm_gate], hall.it_mw * (hall.pue.empty() ? 1 : hall.pue.back().peak),
               hall.site, hall.warm_gate);
}

}  // namespace

std::vector<DarkCost> dark_costs(const ValuationPlan& plan, const ValueTotals& totals) {
  const Reader r{plan, totals};
  std::vector<DarkCost> costs;
  for (int site = 0; site < r.sites(); ++site)
    for (int state = 0; state < fleet::dark_count; ++state) {
      DarkCost c;
      c.site = site;
      c.state = state;
      const auto nominal = [&](DarkSum sum) { return r.nominal(site, state, sum); };
      const auto worth = [&](DarkSum sum) { return r.discounted(site, state, sum); };
      c.accelerator_months = nominal(DarkSum::accelerators);
      c.alone = nominal(DarkSum::alone);
      c.sellable = nominal(DarkSum::sellable);
      c.sellable_alone = nominal(DarkSum::sellable_alone);
      c.mw_mean = nominal(DarkSum::megawatts) / plan.layout->months;
      c.lost_revenue = worth(DarkSum::lost_revenue);
      c.lost_margin = worth(DarkSum::lost_margin);
      c.lost_margin_alone = worth(DarkSum::lost_margin_alone);
      c.market_value = worth(DarkSum::market_value);
      c.life = worth(DarkSum::life);
      c.book = worth(DarkSum::book);
      c.capital = worth(DarkSum::capital);
      c.nominal = {nominal(DarkSum::lost_revenue), nominal(DarkSum::lost_margin),
                   nominal(DarkSum::market_value), nominal(DarkSum::life),
                   nominal(DarkSum::book),         nominal(DarkSum::capital)};
      c.se = totals.dark
                 .lost_margin[static_cast<std::size_t>(site) * fleet::dark_count +
                              static_cast<std::size_t>(state)]
                 .standard_error();
      costs.push_back(c);
    }
  return costs;
}

Binds what_binds(const ValuationPlan& plan, const ValueTotals& totals) {
  const Reader r{plan, totals};
  Binds binds;
  const std::vector<DarkCost> costs = dark_costs(plan, totals);
  double dark = 0;
  for (const DarkCost& c : costs) dark += c.accelerator_months;
  const auto cost = [&](int site, int state) -> const DarkCost& {
    return costs[static_cast<std::size_t>(site * fleet::dark_count + state)];
  };
  const auto find = [&](BindsCase kind, const auto& weigh, DarkSum margin, DarkSum megawatts) {
    const Heaviest found = heaviest(r.sites(), weigh);
    if (found.state < 0) return false;
    binds.kind = kind;
    binds.site = found.site;
    binds.state = found.state;
    binds.sites_waiting = found.sites;
    binds.lost_margin = weigh(found.site, found.state).margin;
    binds.lost_margin_all_sites = found.margin;
    find_months(r, binds, margin, megawatts);
    return true;
  };

  // ---- one gate
  const auto alone = [&](int site, int state) {
    return Weight{cost(site, state).sellable_alone, cost(site, state).lost_margin_alone};
  };
  if (find(BindsCase::gate, alone, DarkSum::lost_margin_alone, DarkSum::megawatts_sellable_alone))
    return binds;

  // ---- two gates: always power and a place (R10, R11), so the other one is of the other kind
  const auto both = [&](int site, int state) {
    return Weight{cost(site, state).sellable, cost(site, state).lost_margin};
  };
  if (find(BindsCase::two_gates, both, DarkSum::lost_margin, DarkSum::megawatts)) {
    const bool cooling = cost(binds.site, no_cooling).sellable > nothing;
    binds.second_state = binds.state != no_power ? no_power : cooling ? no_cooling : no_shell;
    return binds;
  }

  // ---- none
  if (dark > nothing) {
    binds.kind = BindsCase::demand;
    return binds;
  }
  const bool short_of_chips = std::any_of(totals.dark.unmet.begin(), totals.dark.unmet.end(),
                                          [](double n) { return n > 0; });
  if (short_of_chips) {
    binds.kind = BindsCase::orders_and_gates;
    find_latest_gate(r, binds);
  }
  return binds;
}

std::vector<int> binds_by_month(const ValuationPlan& plan, const ValueTotals& totals) {
  const Reader r{plan, totals};
  std::vector<int> states;
  for (int t = 0; t < plan.layout->months; ++t)
    states.push_back(heaviest(r.sites(), [&](int site, int state) {
                       return Weight{r.month(t, site, state, DarkSum::sellable_alone),
                                     r.month(t, site, state, DarkSum::lost_margin_alone)};
                     }).state);
  return states;
}

std::vector<CureFound> cures(const ValuationPlan& plan, const ValueTotals& totals) {
  std::vector<CureFound> found;
  const double paths = std::max<double>(1, static_cast<double>(totals.paths));
  for (std::size_t c = 0; c < plan.dark.cures.size(); ++c) {
    if (totals.dark.cure_alone[c] == 0) continue;
    const Spread& margin = totals.dark.cure_lost_margin[c];
    found.push_back({plan.dark.cures[c].id, totals.dark.cure_alone[c] / paths,
                     totals.dark.cure_sellable[c] / paths, margin.mean, margin.standard_error()});
  }
  std::sort(found.begin(), found.end(), [](const CureFound& a, const CureFound& b) {
    if (a.lost_margin != b.lost_margin) return a.lost_margin > b.lost_margin;
    if (a.accelerator_months_alone != b.accelerator_months_alone)
      return a.accelerator_months_alone > b.accelerator_months_alone;
    return a.gate < b.gate;
  });
  return found;
}

std::vector<double> carry(const ValuationPlan& plan, const ValueTotals& totals) {
  std::vector<double> by_site;
  for (const model::LayoutSite& site : plan.layout->sites) {
    const int line = plan.energised.graph.find_line("carry." + site.name);
    by_site.push_back(line < 0 ? 0 : 0 - totals.line_value(plan, Basis::as_energised, line));
  }
  return by_site;
}

std::vector<PromiseFound> promises(const ValuationPlan& plan, const ValueTotals& totals) {
  std::vector<PromiseFound> found;
  const double paths = std::max<double>(1, static_cast<double>(totals.paths));
  for (std::size_t p = 0; p < plan.promises.size(); ++p) {
    const Promise& promise = plan.promises[p];
    const int line = promise.line.empty() ? -1 : plan.energised.graph.find_line(promise.line);
    const double damages = line < 0 ? 0 : 0 - totals.line_value(plan, Basis::as_energised, line);
    found.push_back({promise.name, promise.date, totals.promises_kept[p] / paths, damages});
  }
  return found;
}

}  // namespace warmshell::value
