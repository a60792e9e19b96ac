#include "fleet/frame.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace warmshell::fleet {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

double overlap(int month, double from, double to) {
  return std::max(0.0, std::min(to, month + 1.0) - std::max(from, static_cast<double>(month)));
}

struct Pue {
  double peak = 0, annual = 0;
};
// Mean over the month.
Pue pue_of(const std::vector<model::PueSpan>& spans, int month) {
  Pue mean;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const bool last = i + 1 == spans.size();
    const double share =
        overlap(month, spans[i].from_month, last ? never : spans[i + 1].from_month);
    mean.peak += spans[i].peak * share;
    mean.annual += spans[i].annual * share;
  }
  return mean;
}

// The lowest PUE that the site can give a lot.
Pue lowest_pue(const model::Layout& layout, const model::LayoutLot& lot, int month) {
  if (!lot.lowest_pue.empty()) return pue_of(lot.lowest_pue, month);
  if (lot.halls.empty()) return {1, 1};
  Pue lowest{never, never};
  for (int h : lot.halls) {
    const Pue pue = pue_of(layout.halls[h].pue, month);
    lowest.peak = std::min(lowest.peak, pue.peak);
    lowest.annual = std::min(lowest.annual, pue.annual);
  }
  return lowest;
}

bool takes(const model::LayoutLot& lot, unsigned mask, double max_rack_kw) {
  return (lot.cooling_mask & mask) != 0 && lot.rack_kw <= max_rack_kw;
}

int place_of(const std::vector<int>& items, int item) {
  return static_cast<int>(std::find(items.begin(), items.end(), item) - items.begin());
}

void add_lot(Frame& frame, const model::Layout& layout, const model::LayoutLot& lot) {
  const std::vector<int>& halls = layout.sites[lot.site].halls;
  KernelLot k{};
  k.first_slot = static_cast<int>(frame.slots.size());
  k.own = static_cast<int>(lot.halls.size());
  k.slots = k.own + static_cast<int>(lot.other_halls.size()) + 1;
  k.accelerator_class = lot.accelerator_class;
  k.site = lot.site;
  k.mortal = lot.life_months < never;
  k.always_whole = true;
  k.count = lot.count;
  k.tiny = 1e-12 * lot.count;
  k.it_mw_each = lot.provisioned_kw / 1000;
  k.per_it_mw = 1 / k.it_mw_each;
  k.per_rack = lot.accelerators_per_rack;
  k.racks_each = 1 / lot.accelerators_per_rack;
  k.failed_share = std::min(1.0, lot.failed_share + lot.spares_share);
  k.working_share = 1.0 - k.failed_share;
  k.idle_kw = lot.idle_kw;
  k.busy_kw = lot.peak_kw - lot.idle_kw;
  k.h100e = lot.h100e > 0 ? lot.h100e : 0.0;
  k.per_h100e = lot.h100e > 0 ? 1 / lot.h100e : 0.0;
  k.ordered = lot.ordered_month;
  for (int h : lot.halls) {
    const model::LayoutHall& hall = layout.halls[h];
    if (hall.retrofit_month < never && !takes(lot, hall.retrofit_mask, hall.retrofit_max_rack_kw))
      k.always_whole = false;
    frame.slots.push_back({KernelSlotKind::own, place_of(halls, h), true, 0, 0, 0, 0, 1});
  }
  for (int h : lot.other_halls)
    frame.slots.push_back({KernelSlotKind::other, place_of(halls, h), true, 0, 0, 0, 0, 1});
  frame.slots.push_back({KernelSlotKind::notional, -1, true, 0, 0, 0, 0, 1});
  frame.lots.push_back(k);
  if (lot.lowest_pue.size() > 1) frame.month_varies = true;
}

template <class Spans>
int add_outages(Frame& frame, const Spans& outages) {
  const int first = static_cast<int>(frame.outages.size());
  for (const model::OutageSpan& outage : outages)
    frame.outages.push_back({outage.from, outage.to, outage.share});
  return first;
}

void add_site(Frame& frame, const model::Layout& layout, const model::LayoutSite& site) {
  KernelSite k{};
  k.first_hall = static_cast<int>(frame.site_halls.size());
  k.halls = static_cast<int>(site.halls.size());
  frame.site_halls.insert(frame.site_halls.end(), site.halls.begin(), site.halls.end());
  k.first_source = static_cast<int>(frame.site_sources.size());
  k.sources = static_cast<int>(site.sources.size());
  frame.site_sources.insert(frame.site_sources.end(), site.sources.begin(), site.sources.end());
  k.first_bridge = static_cast<int>(frame.bridges.size());
  for (int x = 0; x < k.sources; ++x)
    for (int s = 0; s < k.sources; ++s)
      if (layout.sources[site.sources[s]].bridge_until == site.sources[x])
        frame.bridges.push_back({s, x});
  k.bridges = static_cast<int>(frame.bridges.size()) - k.first_bridge;
  k.crews = site.racks_per_month < never;
  k.racks = site.racks_per_month;
  frame.sites.push_back(k);
}

void add_markets(Frame& frame, const model::Layout& layout, const model::Decisions& decisions) {
  frame.market_order = decisions.market_order;
  for (const model::LayoutMarket& market : layout.markets) {
    KernelMarket k{};
    k.paid_idle =
        market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
    k.busy_share = k.paid_idle ? 1.0 : market.utilisation;
    k.ramp = -1;
    if (market.ramp_months > 1) {
      const double whole = std::floor(market.ramp_months);
      const KernelRamp ramp{static_cast<int>(whole), market.ramp_months - whole,
                            1 / market.ramp_months};
      const auto same = std::find_if(frame.ramps.begin(), frame.ramps.end(), [&](auto& r) {
        return r.whole_months == ramp.whole_months && r.part == ramp.part;
      });
      k.ramp = static_cast<int>(same - frame.ramps.begin());
      if (same == frame.ramps.end()) frame.ramps.push_back(ramp);
      frame.ramp_rows = std::max(frame.ramp_rows, ramp.whole_months + 1);
    } else {
      frame.every_market_ramps = false;
    }
    frame.markets.push_back(k);
    for (std::size_t c = 0; c < layout.classes.size(); ++c)
      frame.accepts.push_back(market.accepts_class[c] ? 1 : 0);
  }
}

}  // namespace

Frame make_frame(const model::Layout& layout, const model::Decisions& decisions) {
  Frame frame;
  for (const model::LayoutHall& hall : layout.halls) {
    KernelHall k{hall.it_mw, 1, hall.let, 0, static_cast<int>(hall.outages.size())};
    k.first_outage = add_outages(frame, hall.outages);
    frame.halls.push_back(k);
    if (hall.pue.size() > 1 || hall.retrofit_month < never) frame.month_varies = true;
  }
  for (const model::LayoutSource& source : layout.sources) {
    KernelSource k{};
    k.first_tranche = static_cast<int>(frame.tranche_mw.size());
    k.tranches = static_cast<int>(source.tranche_mw.size());
    frame.tranche_mw.insert(frame.tranche_mw.end(), source.tranche_mw.begin(),
                            source.tranche_mw.end());
    k.first_outage = add_outages(frame, source.outages);
    k.outages = static_cast<int>(source.outages.size());
    k.ends = source.ends_month;
    k.lasts = source.outages.empty() && !(source.ends_month < never);
    k.firm_share = source.firm_share;
    frame.sources.push_back(k);
  }
  for (const model::LayoutSite& site : layout.sites) add_site(frame, layout, site);
  for (const model::LayoutLot& lot : layout.lots) add_lot(frame, layout, lot);
  add_markets(frame, layout, decisions);

  int most = stretch_groups * 2 * static_cast<int>(frame.markets.size());
  for (std::size_t s = 0; s < frame.sites.size(); ++s) {
    int slots = 0;
    for (int l : layout.sites[s].lots) slots += frame.lots[l].slots;
    const int placing = 5 * slots + 7 * static_cast<int>(layout.sites[s].lots.size()) +
                        8 * frame.sites[s].halls + 10;
    most = std::max(
        {most, stretch_groups * placing, stretch_groups * (5 * frame.sites[s].sources + 1)});
  }
  frame.scratch_lanes = most;
  return frame;
}

void set_month(Frame& frame, const model::Layout& layout, int month) {
  for (std::size_t h = 0; h < frame.halls.size(); ++h)
    frame.halls[h].peak_pue = pue_of(layout.halls[h].pue, month).peak;
  for (std::size_t l = 0; l < frame.lots.size(); ++l) {
    const model::LayoutLot& lot = layout.lots[l];
    const KernelLot& k = frame.lots[l];
    const std::vector<int>& here = layout.sites[lot.site].halls;
    for (int s = 0; s < k.slots; ++s) {
      KernelSlot& slot = frame.slots[k.first_slot + s];
      Pue pue;
      if (slot.kind == KernelSlotKind::notional) {
        pue = lowest_pue(layout, lot, month);
      } else {
        const model::LayoutHall& hall = layout.halls[here[slot.hall]];
        pue = pue_of(hall.pue, month);
        slot.fit_it_mw = hall.it_mw;
        if (hall.retrofit_month < never && slot.kind == KernelSlotKind::own) {
          const double after = overlap(month, hall.retrofit_month, never);
          const bool was = takes(lot, hall.cooling_mask, hall.max_rack_kw);
          const bool is = takes(lot, hall.retrofit_mask, hall.retrofit_max_rack_kw);
          slot.fits_all = was && is;
          const double share = (was ? 1.0 - after : 0.0) + (is ? after : 0.0);
          if (!slot.fits_all) slot.fit_it_mw = share * hall.it_mw;
          const double before = 1.0 - overlap(month - 1, hall.retrofit_month, never);
          if (!is) slot.leaves = before > 0 ? (1.0 - after) / before : 0.0;
        }
      }
      slot.mw_each = k.it_mw_each * pue.peak;
      slot.per_mw = 1 / slot.mw_each;
      slot.annual_pue = pue.annual;
    }
  }
}

}  // namespace warmshell::fleet
