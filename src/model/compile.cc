#include "model/compile.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "catalog/catalog.h"
#include "model/gates.h"
#include "text/tree.h"

namespace warmshell::model {
namespace {

using text::join_path;

unsigned bit(CoolingClass cooling) {
  return 1u << static_cast<unsigned>(cooling);
}

unsigned mask_of(const std::vector<CoolingClass>& classes) {
  unsigned mask = 0;
  for (CoolingClass each : classes) mask |= bit(each);
  return mask;
}

using GateIndex = std::map<std::string, int>;

int index_of(const GateIndex& gates, const std::string& id) {
  const auto found = gates.find(id);
  return found == gates.end() ? -1 : found->second;
}

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Not joined: two outages that overlap may each take their share.
std::vector<OutageSpan> outage_spans(const Named<Outage>& outages, double start) {
  std::vector<OutageSpan> spans;
  for (const auto& [name, outage] : outages)
    spans.push_back({outage.from.value.months - start, outage.to.value.months - start,
                     outage.share ? outage.share->value.value : 1});
  return spans;
}

void sort_by_time(std::vector<OutageSpan>& spans) {
  std::stable_sort(spans.begin(), spans.end(), [](const OutageSpan& a, const OutageSpan& b) {
    return a.from != b.from ? a.from < b.from : a.to < b.to;
  });
}

// ---- halls ------------------------------------------------------------------------------------

struct PueAt {
  double peak = 0, annual = 0;
};

PueAt value_at(const PueRecord& record, double month) {
  PueAt pue{record.peak.value, record.annual.value};
  for (const auto& [from, step] : record.steps)
    if (from.months <= month) pue = {step.peak.value, step.annual.value};
  return pue;
}

PueAt site_pue_at(const Site& site, unsigned mask, double month) {
  PueAt highest;
  for (const auto& [cooling, record] : site.pue) {
    if (!(mask & bit(cooling))) continue;
    const PueAt pue = value_at(record, month);
    highest.peak = std::max(highest.peak, pue.peak);
    highest.annual = std::max(highest.annual, pue.annual);
  }
  return highest;
}

// Months since 2000-01 in `steps`; a span for each stretch without a step.
std::vector<PueSpan> pue_spans(const Site& site, const Hall& hall, const LayoutHall& laid,
                               double start) {
  std::set<double> steps;
  const auto collect = [&](const PueRecord& record) {
    for (const auto& [from, value] : record.steps) steps.insert(from.months);
  };
  if (hall.pue)
    collect(*hall.pue);
  else
    for (const auto& [cooling, record] : site.pue) collect(record);
  if (laid.retrofit_month != never_month) steps.insert(laid.retrofit_month + start);

  std::vector<PueSpan> spans;
  const auto add = [&](double month) {
    const bool after = month >= laid.retrofit_month + start;
    const unsigned mask = after ? laid.retrofit_mask : laid.cooling_mask;
    const PueAt pue = hall.pue ? value_at(*hall.pue, month) : site_pue_at(site, mask, month);
    if (!spans.empty() && spans.back().peak == pue.peak && spans.back().annual == pue.annual)
      return;
    spans.push_back({month - start, pue.peak, pue.annual});
  };
  add(-never_month);
  for (double step : steps) add(step);
  return spans;
}

LayoutHall lay_hall(const Site& site, const Hall& hall, const std::string& path, double start) {
  LayoutHall laid;
  laid.path = path;
  laid.it_mw = hall.it_power.value.value;
  laid.cooling_mask = mask_of(hall.cooling);
  laid.max_rack_kw = hall.max_rack ? hall.max_rack->value.value : never_month;
  laid.let = hall.let.has_value();
  laid.outages = outage_spans(hall.outages, start);
  if (hall.retrofit) {
    const Retrofit& retrofit = *hall.retrofit;
    laid.retrofit_month = retrofit.done.value.months - start;
    laid.retrofit_mask = (laid.cooling_mask & ~bit(retrofit.from)) | bit(retrofit.to);
    laid.retrofit_max_rack_kw =
        retrofit.max_rack ? retrofit.max_rack->value.value : laid.max_rack_kw;
    if (retrofit.outage && retrofit.outage->value.value > 0)
      laid.outages.push_back(
          {laid.retrofit_month - retrofit.outage->value.value, laid.retrofit_month, 1});
  }
  // When the lease is over, the hall goes back to its landlord.
  if (const auto* lease = std::get_if<Leased>(&hall.tenure); lease && lease->term)
    laid.outages.push_back(
        {lease->commencement.value.months + lease->term->value.value - start, never_month, 1});
  sort_by_time(laid.outages);
  laid.pue = pue_spans(site, hall, laid, start);
  return laid;
}

// ---- sources ----------------------------------------------------------------------------------

LayoutSource lay_source(const PowerSource& source, const std::string& path, double start) {
  LayoutSource laid;
  laid.path = path;
  laid.nameplate_mw = nameplate(source).value;
  laid.outage_share = source.outage.value.value;
  laid.firm_share = 1 - laid.outage_share;
  if (source.units) {
    const double units = source.units->value.units;
    const double spare = source.spare ? source.spare->value : 0;
    laid.spare_share = spare / units;
    laid.firm_share = std::min(units - spare, units * (1 - laid.outage_share)) / units;
  }
  for (const auto& [name, tranche] : source.tranches.in_order)
    laid.tranche_mw.push_back(tranche.power.value.value);
  if (laid.tranche_mw.empty()) laid.tranche_mw.push_back(laid.nameplate_mw);
  laid.every = source.every ? source.every->value.value : 0;
  laid.ends_month = source.ends ? source.ends->value.months - start : never_month;
  laid.outages = outage_spans(source.outages, start);
  sort_by_time(laid.outages);
  laid.minimum_bill = source.minimum_bill ? source.minimum_bill->value.value : 0;
  return laid;
}

std::vector<int> tranche_gates(const PowerSource& source, const std::string& path, int first,
                               const GateIndex& gates) {
  std::vector<int> tranches;
  for (const auto& [name, tranche] : source.tranches.in_order)
    tranches.push_back(
        index_of(gates, join_path(join_path(path, "tranches"), name) + ".energised"));
  if (tranches.empty()) tranches.push_back(first);
  if (tranches.front() < 0) tranches.front() = first;
  return tranches;
}

void lay_sites(const Portfolio& portfolio, const GateIndex& gates, Draws& draws, Layout& layout) {
  for (const auto& [site_name, site] : portfolio.sites) {
    const std::string path = join_path("sites", site_name);
    const int index = static_cast<int>(layout.sites.size());
    LayoutSite laid;
    laid.name = site_name;
    if (site.install) laid.racks_per_month = site.install->value.value;

    for (const auto& [name, hall] : site.halls) {
      const std::string hall_path = join_path(join_path(path, "halls"), name);
      LayoutHall room = lay_hall(site, hall, hall_path, layout.start);
      room.name = name;
      room.site = index;
      room.cold_gate = index_of(gates, hall_path + ".shell.cold");
      room.fitted_gate = index_of(gates, hall_path + ".shell.fitted_power");
      room.warm_gate = index_of(gates, hall_path + ".shell.warm");
      laid.halls.push_back(static_cast<int>(layout.halls.size()));
      layout.halls.push_back(std::move(room));
    }
    const std::size_t first_source = layout.sources.size();
    for (const auto& [name, source] : site.power) {
      const std::string source_path = join_path(join_path(path, "power"), name);
      LayoutSource power = lay_source(source, source_path, layout.start);
      power.name = name;
      power.site = index;
      power.gate = index_of(gates, source_path + ".energised");
      power.tranche_gate = tranche_gates(source, source_path, power.gate, gates);
      power.gate = power.tranche_gate.front();
      if (!is_fixed(source.price.law.value))
        power.price_draw = draws.draw(source_path + ".price", source.price.luck);
      if (source.curtailed && !is_fixed(source.curtailed->law.value))
        power.curtailed_draw = draws.draw(source_path + ".curtailed", source.curtailed->luck);
      laid.sources.push_back(static_cast<int>(layout.sources.size()));
      layout.sources.push_back(std::move(power));
    }
    std::size_t s = first_source;
    for (const auto& [name, source] : site.power) {
      if (source.until)
        for (int other : laid.sources)
          if (layout.sources[at(other)].name == source.until->name)
            layout.sources[s].bridge_until = other;
      ++s;
    }
    layout.sites.push_back(std::move(laid));
  }
}

// ---- lots -------------------------------------------------------------------------------------

void lay_classes(const Portfolio& portfolio, Layout& layout) {
  std::set<Name> used;
  for (const auto& [name, lot] : portfolio.fleet) used.insert(lot.accelerator.name);
  for (const Name& name : used) {
    const catalog::Accelerator* row = catalog::find_accelerator(name);
    LayoutClass laid;
    laid.accelerator = name;
    laid.line = row->line;
    laid.generation = row->generation;
    laid.h100e = catalog::h100e(*row);
    laid.h100_flops_ratio = catalog::dense_8bit_tflops(*row) / catalog::h100_8bit_tflops;
    laid.fp8 = row->fp8_native;
    laid.fp4 = row->fp4_native;
    layout.classes.push_back(std::move(laid));
  }
}

int class_index(const Layout& layout, const Name& accelerator) {
  for (std::size_t c = 0; c < layout.classes.size(); ++c)
    if (layout.classes[c].accelerator == accelerator) return static_cast<int>(c);
  return -1;
}

LayoutLot lay_lot(const Portfolio& portfolio, const Lot& lot, const std::string& path,
                  const GateIndex& gates, const Layout& layout) {
  const catalog::Accelerator& row = *catalog::find_accelerator(lot.accelerator.name);
  const double oversubscription = lot.oversubscription ? lot.oversubscription->value.value : 0;
  LayoutLot laid;
  laid.path = path;
  laid.accelerator_class = class_index(layout, lot.accelerator.name);
  for (std::size_t s = 0; s < layout.sites.size(); ++s)
    if (layout.sites[s].name == lot.site.name) laid.site = static_cast<int>(s);
  laid.count = lot.count.value.value;
  if (lot.ordered) laid.ordered_month = lot.ordered->value.months - layout.start;
  laid.delivered_gate = index_of(gates, path + ".delivered");
  laid.cancelled_gate = index_of(gates, path + ".cancelled");
  laid.provisioned_kw = catalog::provisioned_kw(row, oversubscription);
  laid.peak_kw = catalog::peak_kw(row);
  laid.idle_kw = catalog::idle_kw(row);
  if (lot.it_power_each) {
    // Overhead is in the written value; idle keeps the catalogue's share of the peak.
    const double each = lot.it_power_each->value.value;
    laid.idle_kw *= each / laid.peak_kw;
    laid.peak_kw = each;
    laid.provisioned_kw = each * (1 - oversubscription);
  }
  if (const auto found = portfolio.replayed.find(lot.accelerator.name);
      found != portfolio.replayed.end() && found->second.provisioned) {
    laid.provisioned_kw *= found->second.provisioned->value.value;
    laid.peak_kw = std::min(laid.peak_kw, laid.provisioned_kw);
    laid.idle_kw = std::min(laid.idle_kw, laid.peak_kw);
  }
  laid.rack_kw = row.rack_kw.value;
  laid.accelerators_per_rack = row.accelerators_per_rack;
  if (row.air) laid.cooling_mask |= bit(CoolingClass::air);
  if (row.liquid) laid.cooling_mask |= bit(CoolingClass::liquid);
  if (lot.failures) laid.failed_share = failed_share(*lot.failures);
  if (lot.spares) laid.spares_share = lot.spares->value.value;
  if (lot.life) laid.life_months = lot.life->value.value;
  laid.h100e = catalog::h100e(row);
  return laid;
}

bool fits(const LayoutLot& lot, const LayoutHall& hall) {
  const bool before = (lot.cooling_mask & hall.cooling_mask) && lot.rack_kw <= hall.max_rack_kw;
  const bool after = hall.retrofit_month != never_month &&
                     (lot.cooling_mask & hall.retrofit_mask) &&
                     lot.rack_kw <= hall.retrofit_max_rack_kw;
  return before || after;
}

double peak_pue_at(const LayoutHall& hall, double month, double* annual = nullptr) {
  const PueSpan* span = &hall.pue.front();
  for (const PueSpan& each : hall.pue)
    if (each.from_month <= month) span = &each;
  if (annual) *annual = span->annual;
  return span->peak;
}

// R6: the hall that the fewest other lots of the site fit, lower peak PUE, name.
void match_halls(const Portfolio& portfolio, Layout& layout) {
  for (LayoutLot& lot : layout.lots) {
    const std::vector<Link>& only = portfolio.fleet.at(lot.name).halls;
    for (int h : layout.sites[at(lot.site)].halls) {
      const LayoutHall& hall = layout.halls[at(h)];
      if (hall.let) continue;
      const bool named = only.empty() || std::any_of(only.begin(), only.end(), [&](const Link& l) {
                           return l.name == hall.name;
                         });
      if (!named) continue;
      (fits(lot, hall) ? lot.halls : lot.other_halls).push_back(h);
    }
  }
  std::vector<int> fitting(layout.halls.size(), 0);
  for (const LayoutLot& lot : layout.lots)
    for (int h : lot.halls) ++fitting[at(h)];
  for (LayoutLot& lot : layout.lots)
    std::stable_sort(lot.halls.begin(), lot.halls.end(), [&](int a, int b) {
      if (fitting[at(a)] != fitting[at(b)]) return fitting[at(a)] < fitting[at(b)];
      return peak_pue_at(layout.halls[at(a)], 0) < peak_pue_at(layout.halls[at(b)], 0);
    });
}

// The least over the site's own PUE and its halls', of the classes that the lot takes.
std::vector<PueSpan> lowest_pue_spans(const Site& site, const LayoutLot& lot,
                                      const Layout& layout) {
  std::set<double> steps;
  for (const auto& [cooling, record] : site.pue)
    for (const auto& [from, value] : record.steps) steps.insert(from.months - layout.start);
  const std::vector<int>& halls = layout.sites[at(lot.site)].halls;
  for (int h : halls)
    for (const PueSpan& span : layout.halls[at(h)].pue) steps.insert(span.from_month);
  steps.insert(-never_month);

  std::vector<PueSpan> spans;
  for (double month : steps) {
    PueSpan lowest{month, never_month, never_month};
    const auto offer = [&](double peak, double annual) {
      if (peak < lowest.peak) lowest = {month, peak, annual};
    };
    for (const auto& [cooling, record] : site.pue)
      if (lot.cooling_mask & bit(cooling)) {
        const PueAt pue = value_at(record, month + layout.start);
        offer(pue.peak, pue.annual);
      }
    for (int h : halls) {
      const LayoutHall& hall = layout.halls[at(h)];
      const unsigned mask = month >= hall.retrofit_month ? hall.retrofit_mask : hall.cooling_mask;
      if (!(mask & lot.cooling_mask)) continue;
      double annual = 1;
      const double peak = peak_pue_at(hall, month, &annual);
      offer(peak, annual);
    }
    if (lowest.peak == never_month) lowest = {month, 1, 1};
    if (spans.empty() || spans.back().peak != lowest.peak || spans.back().annual != lowest.annual)
      spans.push_back(lowest);
  }
  return spans;
}

void lay_lots(const Portfolio& portfolio, const GateIndex& gates, Layout& layout) {
  for (const auto& [name, lot] : portfolio.fleet) {
    LayoutLot laid = lay_lot(portfolio, lot, join_path("fleet", name), gates, layout);
    laid.name = name;
    layout.sites[at(laid.site)].lots.push_back(static_cast<int>(layout.lots.size()));
    layout.lots.push_back(std::move(laid));
  }
  match_halls(portfolio, layout);
  for (LayoutLot& lot : layout.lots)
    lot.lowest_pue =
        lowest_pue_spans(portfolio.sites.at(layout.sites[at(lot.site)].name), lot, layout);
}

// ---- markets ----------------------------------------------------------------------------------

bool accepts(const Requires& require, const LayoutClass& accelerator) {
  if (require.feature == Feature::fp8 && !accelerator.fp8) return false;
  if (require.feature == Feature::fp4 && !accelerator.fp4) return false;
  if (require.accelerators.empty()) return true;
  return std::any_of(require.accelerators.begin(), require.accelerators.end(),
                     [&](const Link& link) { return link.name == accelerator.accelerator; });
}

const UncertainNumber<MoneyPerHour>* rent_of_type(const Rent& rent, const Name& accelerator) {
  const auto found = rent.per_accelerator.find(accelerator);
  return found == rent.per_accelerator.end() ? nullptr : &found->second;
}

struct WorkFactors {
  double throughput = 1, busy = 1;
};

WorkFactors replayed_factors(const Portfolio& portfolio, const Name& accelerator,
                             const Name& market) {
  WorkFactors factors;
  const auto found = portfolio.replayed.find(accelerator);
  if (found == portfolio.replayed.end()) return factors;
  const Replayed& replayed = found->second;
  const auto own = replayed.markets.find(market);
  const auto& throughput =
      own == replayed.markets.end() ? replayed.throughput : own->second.throughput;
  const auto& busy = own == replayed.markets.end() ? replayed.busy : own->second.busy;
  if (throughput) factors.throughput = throughput->value.value;
  if (busy) factors.busy = busy->value.value;
  return factors;
}

// What replays found of work. The fleet knows one busy share in each market: where all accelerators
// that it accepts have the same, that is the market's; where they differ the written one stays and
// the difference goes into what is paid. Take-or-pay and contract are paid busy or not.
void lay_replayed(const Portfolio& portfolio, const Layout& layout, LayoutMarket& laid) {
  if (portfolio.replayed.empty()) return;
  const bool paid_idle = laid.terms == Terms::take_or_pay || laid.terms == Terms::contract;
  std::vector<double> busy;  // of accepted classes
  for (std::size_t c = 0; c < layout.classes.size(); ++c) {
    const WorkFactors factors =
        replayed_factors(portfolio, layout.classes[c].accelerator, laid.name);
    laid.paid_work.push_back(factors.throughput);
    if (laid.accepts_class[c]) busy.push_back(std::min(1.0, laid.utilisation * factors.busy));
  }
  if (paid_idle || busy.empty() || laid.utilisation <= 0) return;
  const bool alike =
      std::all_of(busy.begin(), busy.end(), [&](double share) { return share == busy.front(); });
  const double written = laid.utilisation;
  if (alike) laid.utilisation = busy.front();
  std::size_t accepted = 0;
  for (std::size_t c = 0; c < layout.classes.size() && !alike; ++c)
    if (laid.accepts_class[c]) laid.paid_work[c] *= busy[accepted++] / written;
}

void lay_markets(const Portfolio& portfolio, const GateIndex& gates, Draws& draws, Layout& layout) {
  for (const auto& [name, market] : portfolio.markets) {
    LayoutMarket laid;
    laid.name = name;
    laid.path = join_path("markets", name);
    laid.terms = market.terms;
    laid.unbounded = !market.demand.now.has_value();
    if (market.demand.now) laid.demand_now_h100e = market.demand.now->value.value;
    if (market.demand.growth) laid.growth = market.demand.growth->value.value;
    laid.utilisation = market.utilisation.value.value;
    laid.ramp_months = market.ramp.value.value;
    if (market.require.max_behind) laid.max_behind = market.require.max_behind->value;
    laid.ready_gate = index_of(gates, laid.path + ".contract.ready_by");
    for (const LayoutClass& each : layout.classes) {
      laid.accepts_class.push_back(accepts(market.require, each));
      int draw = -1;
      const Rent& rent = market.rent;
      if (const auto* by_type = rent_of_type(rent, each.accelerator)) {
        if (!is_fixed(by_type->law.value))
          draw = draws.draw(laid.path + ".rent.per_accelerator." + each.accelerator, by_type->luck);
      } else if (rent.per_h100e && !is_fixed(rent.per_h100e->law.value)) {
        draw = draws.draw(laid.path + ".rent.per_h100e", rent.per_h100e->luck);
      }
      laid.rent_draw.push_back(draw);
    }
    lay_replayed(portfolio, layout, laid);
    layout.markets.push_back(std::move(laid));
  }
}

}  // namespace

FacilityMw nameplate(const PowerSource& source) {
  if (source.power) return source.power->value;
  if (source.units) return source.units->value.each * source.units->value.units;
  FacilityMw sum;
  for (const auto& [name, tranche] : source.tranches.in_order) sum += tranche.power.value;
  return sum;
}

double failed_share(const Failures& failures) {
  return std::min(1.0, failures.rate.value.value * failures.repair.value.value / 12);
}

Layout compile(const Portfolio& portfolio) {
  Layout layout;
  layout.months = static_cast<int>(portfolio.horizon.value.value);
  layout.start = portfolio.start.value.months;
  if (portfolio.known_at) layout.known_at = portfolio.known_at->value.months - layout.start;
  layout.in_volume_after = portfolio.in_volume_after.value.value;
  Draws draws(layout);
  compile_factors(portfolio, layout);
  const GateIndex gates = compile_gates(portfolio, draws, layout);
  lay_sites(portfolio, gates, draws, layout);
  lay_classes(portfolio, layout);
  lay_lots(portfolio, gates, layout);
  lay_markets(portfolio, gates, draws, layout);
  return layout;
}

int find_lot(const Layout& layout, std::string_view name) {
  for (std::size_t l = 0; l < layout.lots.size(); ++l)
    if (layout.lots[l].name == name) return static_cast<int>(l);
  return -1;
}

int find_gate(const Layout& layout, std::string_view id) {
  for (std::size_t g = 0; g < layout.gates.size(); ++g)
    if (layout.gates[g].id == id) return static_cast<int>(g);
  return -1;
}

}  // namespace warmshell::model
