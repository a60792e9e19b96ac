#include "fleet/reference.h"

#include <algorithm>
#include <cmath>

#include "fleet/reference_arithmetic.h"

namespace warmshell::fleet {

using namespace reference;

Reference::Reference(const model::Layout& layout, const model::Decisions& decisions, Mode mode)
    : layout_(layout), decisions_(decisions), mode_(mode), store_(layout, 1) {
  for (const model::LayoutLot& lot : layout.lots) {
    std::vector<Slot> slots;
    for (int hall : lot.halls) slots.push_back({SlotKind::own, hall});
    for (int hall : lot.other_halls) slots.push_back({SlotKind::other, hall});
    slots.push_back({SlotKind::notional, -1});
    slots_.push_back(slots);
  }
}

void Reference::begin(std::vector<double> gate_month) {
  gate_ = std::move(gate_month);
  month_ = 0;
  dates_.clear();
  for (const model::LayoutLot& lot : layout_.lots) {
    const double delivered = larger(gate_[lot.delivered_gate], lot.ordered_month);
    const double cancelled = lot.cancelled_gate >= 0 && delivered == never
                                 ? larger(gate_[lot.cancelled_gate], lot.ordered_month)
                                 : never;
    dates_.push_back({lot.ordered_month, delivered, cancelled, delivered + lot.life_months});
  }
  opens_.clear();
  for (const model::LayoutSource& source : layout_.sources) opens_.push_back(openings(source));
  for (std::vector<Slot>& slots : slots_)
    for (Slot& slot : slots) slot.racked = slot.installed = 0;
  double longest_ramp = 1;
  for (const model::LayoutMarket& market : layout_.markets)
    longest_ramp = larger(longest_ramp, market.ramp_months);
  worked_.assign(layout_.lots.size(),
                 std::vector<double>(static_cast<std::size_t>(std::ceil(longest_ramp)) + 1, 0.0));
}

// R3: tranches open in their order, `every` after the one before or at a date of their own, and
// none overtakes.
std::vector<double> Reference::openings(const model::LayoutSource& source) const {
  std::vector<double> opens;
  for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
    const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
    if (own >= 0)
      opens.push_back(k == 0 ? gate_[own] : larger(gate_[own], opens[k - 1]));
    else
      opens.push_back(k == 0 ? gate_[source.gate] : opens[k - 1] + source.every);
  }
  return opens;
}

const Columns& Reference::next_month(const world::MonthColumns& draws) {
  if (month_ == 0) run_history(draws);
  place_and_install(month_, draws);
  const int sites = static_cast<int>(layout_.sites.size());
  const bool free = mode_.lift_shell && mode_.lift_power && mode_.lift_installation;
  for (int site = 0; site < sites; ++site)
    if (mode_.blame && !free) blame(month_, site);
  fail();
  serve_markets(draws);
  find_outclassed(month_, draws);
  if (mode_.blame) hand_unmet_demand(month_, draws);
  for (int site = 0; site < sites; ++site) {
    if (!mode_.lift_power) count_megawatts(site);
    count_energy(site, draws);
  }
  ++month_;
  return store_.columns();
}

// What stands in the halls at `start` got there by the same rules; the curtailment and the order of
// the first month stand for those before it.
void Reference::run_history(const world::MonthColumns& draws) {
  double first_delivery = 0;
  for (const Dates& dates : dates_) first_delivery = smaller(dates.delivered, first_delivery);
  const double from = larger(std::floor(first_delivery), -120.0);
  for (int month = static_cast<int>(from); month < 0; ++month) {
    place_and_install(month, draws);
    fail();
  }
}

void Reference::place_and_install(int month, const world::MonthColumns& draws) {
  deliver(month);
  source_.assign(layout_.sources.size(), {});
  site_.assign(layout_.sites.size(), {});
  for (int site = 0; site < static_cast<int>(layout_.sites.size()); ++site) {
    for (int lot : order_of(month))
      if (layout_.lots[lot].site == site) site_[site].order.push_back(lot);
    open_halls(month, site);
    if (!mode_.lift_power) supply(month, draws, site);
    if (mode_.lift_shell && mode_.lift_power && mode_.lift_installation) {
      run_freely(site);
      continue;
    }
    keep_racked(month, site);
    power_racked(site);
    fill(site, {mode_.lift_shell, mode_.lift_cooling, mode_.lift_power}, true);
    install(site);
  }
}

// R1, R2: what is ordered, under way, delivered and gone, at the month's average.
void Reference::deliver(int month) {
  Columns& out = store_.columns();
  lot_.assign(layout_.lots.size(), {});
  for (std::size_t l = 0; l < layout_.lots.size(); ++l) {
    const Dates& date = dates_[l];
    const double count = layout_.lots[l].count;
    out.ordered[l] = count * part_since(month, date.ordered);
    out.delivered[l] = count * part_since(month, date.delivered);
    out.gone[l] =
        count * part_since(month, date.retired) + count * part_since(month, date.cancelled);
    const double leaves_transit = smaller(date.delivered, date.cancelled);
    out.state[static_cast<int>(State::in_transit)][l] =
        count * part_of_month(month, date.ordered, leaves_transit);
    lot_[l].present = count * part_of_month(month, date.delivered, date.retired);
    out.delivered_age[l] = larger((month + 1) - date.delivered, 0.0);
  }
}

// R1: room of the halls, and what the month says of each slot of each lot.
void Reference::open_halls(int month, int site) {
  const model::LayoutSite& here = layout_.sites[site];
  SiteMonth& at = site_[site];
  for (int h : here.halls) {
    const model::LayoutHall& hall = layout_.halls[h];
    const double warm = hall.warm_gate >= 0 ? gate_[hall.warm_gate] : -never;
    double open = part_since(month, warm);
    for (const model::OutageSpan& outage : hall.outages)
      open -= outage.share * part_of_month(month, larger(warm, outage.from), outage.to);
    at.room_it.push_back(hall.it_mw * larger(open, 0.0));
  }
  for (int l : here.lots) {
    const model::LayoutLot& lot = layout_.lots[l];
    const double it_mw_each = lot.provisioned_kw / 1000;
    for (const Slot& slot : slots_[l]) {
      SlotMonth now;
      if (slot.kind == SlotKind::notional) {
        now.peak_pue = peak_pue(lot.lowest_pue, month);
        now.annual_pue = annual_pue(lot.lowest_pue, month);
        if (lot.lowest_pue.empty()) {
          now.peak_pue = now.annual_pue = lot.halls.empty() ? 1.0 : never;
          for (int h : lot.halls) {
            now.peak_pue = smaller(peak_pue(layout_.halls[h].pue, month), now.peak_pue);
            now.annual_pue = smaller(annual_pue(layout_.halls[h].pue, month), now.annual_pue);
          }
        }
      } else {
        const model::LayoutHall& hall = layout_.halls[slot.hall];
        now.peak_pue = peak_pue(hall.pue, month);
        now.annual_pue = annual_pue(hall.pue, month);
        // A retrofit changes what the hall takes from its date on.
        const double after = part_since(month, hall.retrofit_month);
        const bool fits_before =
            (lot.cooling_mask & hall.cooling_mask) != 0 && lot.rack_kw <= hall.max_rack_kw;
        const bool fits_after = (lot.cooling_mask & hall.retrofit_mask) != 0 &&
                                lot.rack_kw <= hall.retrofit_max_rack_kw;
        double fits = 1;
        if (hall.retrofit_month < never && !(fits_before && fits_after))
          fits = (fits_before ? 1.0 - after : 0.0) + (fits_after ? after : 0.0);
        now.fit_it_mw = fits * hall.it_mw;
      }
      now.mw_each = it_mw_each * now.peak_pue;
      lot_[l].slots.push_back(now);
    }
  }
}

// R5: the order of the month, fixed before the run; that of the first month stands for history.
const std::vector<int>& Reference::order_of(int month) const {
  return decisions_.order[static_cast<std::size_t>(std::max(month, 0))];
}

}  // namespace warmshell::fleet
