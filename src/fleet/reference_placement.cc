// Placement on one path: racked chips that stay, power, the fills of R10, crews, blame.

#include "fleet/reference.h"
#include "fleet/reference_arithmetic.h"

namespace warmshell::fleet {

using namespace reference;

namespace {

int place_of(const std::vector<int>& halls, int hall) {
  for (std::size_t i = 0; i < halls.size(); ++i)
    if (halls[i] == hall) return static_cast<int>(i);
  return -1;
}

}  // namespace

// R2: racked chips hold their room until they are gone, or until a retrofit takes their cooling
// away; then they wait again. What is racked beyond the open room of its hall stands dark in it.
void Reference::keep_racked(int month, int site) {
  const model::LayoutSite& here = layout_.sites[site];
  SiteMonth& at = site_[site];
  std::vector<double> racked_it(here.halls.size(), 0.0);
  for (int l : at.order) {
    const model::LayoutLot& lot = layout_.lots[l];
    const double stays = share_that_stays(month, dates_[l].retired);
    double racked = 0;
    for (Slot& slot : slots_[l]) {
      double share = stays;
      if (slot.kind == SlotKind::own) {
        const model::LayoutHall& hall = layout_.halls[slot.hall];
        const bool fits_after = (lot.cooling_mask & hall.retrofit_mask) != 0 &&
                                lot.rack_kw <= hall.retrofit_max_rack_kw;
        if (hall.retrofit_month < never && !fits_after)
          share = stays * share_that_stays(month, hall.retrofit_month);
      }
      slot.racked = slot.racked * share;
      slot.installed = slot.installed * share;
      racked += slot.racked;
      if (slot.kind != SlotKind::notional)
        racked_it[place_of(here.halls, slot.hall)] += slot.racked * (lot.provisioned_kw / 1000);
    }
    lot_[l].waiting = beyond_rounding(lot_[l].present - racked, lot.count);
  }

  for (std::size_t h = 0; h < here.halls.size(); ++h)
    at.room_left_it.push_back(larger(at.room_it[h] - racked_it[h], 0.0));
  for (int l : at.order) {
    for (std::size_t s = 0; s < slots_[l].size(); ++s) {
      const Slot& slot = slots_[l][s];
      double open = 1;
      if (slot.kind != SlotKind::notional && !mode_.lift_shell) {
        const int h = place_of(here.halls, slot.hall);
        open = racked_it[h] > at.room_it[h] ? at.room_it[h] / racked_it[h] : 1.0;
      }
      lot_[l].slots[s].housed = slot.racked * open;
      lot_[l].slots[s].installed = slot.installed * open;
      lot_[l].closed += larger(slot.racked - lot_[l].slots[s].housed, 0.0);
    }
  }
}

// R7: installed chips first, then racked ones still installing, each by key. What counts as
// installed is what was installed when the month began.
void Reference::power_racked(int site) {
  SiteMonth& at = site_[site];
  double left = mode_.lift_power ? never : at.fleet_mw;
  for (int l : at.order) {
    for (SlotMonth& slot : lot_[l].slots) {
      const double lit = smaller(slot.installed, left * (1 / slot.mw_each));
      left = larger(left - lit * slot.mw_each, 0.0);
      slot.lit_racked = lit;
    }
  }
  for (int l : at.order) {
    for (SlotMonth& slot : lot_[l].slots) {
      const double installing =
          beyond_rounding(slot.housed - slot.installed, layout_.lots[l].count);
      const double lit = smaller(installing, left * (1 / slot.mw_each));
      left = larger(left - lit * slot.mw_each, 0.0);
      slot.lit_racked += lit;
    }
  }
  at.mw_after_racked = left;
}

// R10: places what waits, in placement order, with some limits lifted; per lot of the order, the
// chips that are then housed and powered. `keep` makes it the placement of the month (E).
std::vector<double> Reference::fill(int site, Lifted lifted, bool keep) {
  const model::LayoutSite& here = layout_.sites[site];
  const SiteMonth& at = site_[site];
  std::vector<double> room = at.room_left_it;
  double power = lifted.power ? never : at.mw_after_racked;

  std::vector<double> lit_by_lot;
  for (int l : at.order) {
    LotMonth& lot = lot_[l];
    const double it_mw_each = layout_.lots[l].provisioned_kw / 1000;
    double waiting = lot.waiting;
    double lit = 0;
    for (const SlotMonth& slot : lot.slots) lit += lifted.power ? slot.housed : slot.lit_racked;
    for (std::size_t s = 0; s < lot.slots.size(); ++s) {
      const SlotKind kind = slots_[l][s].kind;
      if (kind == SlotKind::other && !lifted.cooling) continue;
      if (kind == SlotKind::notional && !lifted.shell) continue;
      SlotMonth& slot = lot.slots[s];

      double can = waiting;
      if (kind == SlotKind::notional) {
        can = waiting + lot.closed;  // what a closed hall holds would run elsewhere
      } else {
        double room_here = room[place_of(here.halls, slots_[l][s].hall)];
        if (!lifted.cooling) room_here = smaller(slot.fit_it_mw, room_here);
        can = smaller(room_here * (1 / it_mw_each), waiting);
      }
      double placed = smaller(power * (1 / slot.mw_each), can);
      if (keep) placed = beyond_rounding(placed, layout_.lots[l].count);  // R13
      power = larger(power - placed * slot.mw_each, 0.0);
      waiting = larger(waiting - placed, 0.0);
      if (kind != SlotKind::notional) {
        double& left = room[place_of(here.halls, slots_[l][s].hall)];
        left = larger(left - placed * it_mw_each, 0.0);
      }
      lit += placed;
      if (keep) slot.placed = placed;
    }
    if (keep) lot.lit = lit;
    lit_by_lot.push_back(lit);
  }
  return lit_by_lot;
}

// R8: the crews of the month, in placement order, powered or not; then what runs and what is
// racked.
void Reference::install(int site) {
  double racks = mode_.lift_installation ? never : layout_.sites[site].racks_per_month;
  for (int l : site_[site].order) {
    LotMonth& lot = lot_[l];
    const double per_rack = layout_.lots[l].accelerators_per_rack;
    for (std::size_t s = 0; s < lot.slots.size(); ++s) {
      SlotMonth& slot = lot.slots[s];
      const double stood = beyond_rounding(slot.housed - slot.installed, layout_.lots[l].count);
      const double of_stood = smaller(racks * per_rack, stood);
      racks = larger(racks - of_stood * (1 / per_rack), 0.0);
      const double of_placed = smaller(racks * per_rack, slot.placed);
      racks = larger(racks - of_placed * (1 / per_rack), 0.0);

      const double installed = slot.installed + of_stood;
      slot.lit = slot.lit_racked + slot.placed;
      slot.lit_installed = smaller(slot.lit_racked, installed) + of_placed;
      slot.installing = larger(slot.lit_racked - installed, 0.0) + (slot.placed - of_placed);

      lot.housed += slot.housed + slot.placed;
      lot.installed += slot.lit_installed;
      lot.installing += slot.installing;
      lot.installed_mw += slot.lit_installed * slot.mw_each;
      lot.installing_mw += slot.installing * slot.mw_each;
      lot.lit_mw += slot.lit * slot.mw_each;

      slots_[l][s].racked += slot.placed;
      slots_[l][s].installed += of_stood + of_placed;
    }
    Columns& out = store_.columns();
    out.housed[l] = lot.housed;
    out.installed[l] = lot.installed;
    out.state[static_cast<int>(State::installing)][l] = lot.installing;
  }
}

// With shell, power and installation lifted whatever is delivered runs, in the notional hall.
void Reference::run_freely(int site) {
  Columns& out = store_.columns();
  for (int l : site_[site].order) {
    LotMonth& lot = lot_[l];
    SlotMonth& slot = lot.slots.back();
    slot.lit = slot.lit_installed = lot.present;
    lot.housed = lot.lit = lot.installed = lot.present;
    lot.installed_mw = lot.lit_mw = lot.present * slot.mw_each;
    out.housed[l] = out.installed[l] = lot.present;
    out.state[static_cast<int>(State::installing)][l] = 0;
  }
}

// R10 to R13: who keeps the rest dark.
void Reference::blame(int month, int site) {
  const model::LayoutSite& here = layout_.sites[site];
  const std::vector<int>& order = site_[site].order;
  const bool shell = mode_.lift_shell, cooling = mode_.lift_cooling, power = mode_.lift_power;
  const std::vector<double> fill_s = fill(site, {shell, cooling, true}, false);
  const std::vector<double> fill_c = fill(site, {shell, true, power}, false);
  const std::vector<double> fill_h = fill(site, {true, cooling, power}, false);
  const std::vector<double> fill_b = fill(site, {true, cooling, true}, false);
  const std::vector<double> fill_sc = fill(site, {shell, true, true}, false);

  // R12: the first opening of power after the month's first day.
  double next_power = never;
  for (int s : here.sources)
    for (double opens : opens_[s])
      if (opens > month) next_power = smaller(opens, next_power);

  Columns& out = store_.columns();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int l = order[i];
    const double count = layout_.lots[l].count;
    const double e = lot_[l].lit, s = fill_s[i], c = fill_c[i], h = fill_h[i];
    const double by_power = beyond_rounding(s - e, count);
    const double e_s = larger(e, s);
    const double by_cooling = beyond_rounding(c - e_s, count);
    const double e_s_c = larger(e_s, c);
    const double by_shell = beyond_rounding(h - e_s_c, count);
    const double any_one = larger(e_s_c, h);
    const double two = beyond_rounding(fill_b[i] - any_one, count);
    const double both_lit = smaller(fill_b[i], fill_sc[i]);
    const double two_cooling = smaller(beyond_rounding(both_lit - any_one, count), two);
    const double two_shell = two - two_cooling;

    double next_hall = never;
    for (int hall : layout_.lots[l].halls) {
      if (layout_.halls[hall].warm_gate < 0) continue;
      const double opens = gate_[layout_.halls[hall].warm_gate];
      if (opens > month) next_hall = smaller(opens, next_hall);
    }
    const bool power_is_later = next_power > next_hall;

    const double no_shell = by_shell + (power_is_later ? 0.0 : two_shell);
    const double no_cooling = by_cooling + (power_is_later ? 0.0 : two_cooling);
    const double no_power = by_power + (power_is_later ? two : 0.0);
    out.state[static_cast<int>(State::no_shell)][l] = no_shell;
    out.state[static_cast<int>(State::no_cooling)][l] = no_cooling;
    out.state[static_cast<int>(State::no_power)][l] = no_power;
    out.alone[0][l] = by_shell;
    out.alone[1][l] = by_cooling;
    out.alone[2][l] = by_power;
    lot_[l].dark = no_shell + no_cooling + no_power + lot_[l].installing;
    lot_[l].alone = by_shell + by_cooling + by_power + lot_[l].installing;
  }
}

}  // namespace warmshell::fleet
