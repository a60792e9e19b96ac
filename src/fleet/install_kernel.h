#pragma once
// The placement of the month, crews and failures, on one group of paths: reference_placement.cc
// side by side. Part of placement_kernel.cc.

#include "fleet/keep_kernel.h"

namespace {

// The same chips work as the month before. Where nothing has changed for as long as the ramps look
// back, every row of the ring holds it already.
inline void note_quiet(const KernelBlock& b, std::ptrdiff_t l, std::ptrdiff_t p) {
  if (b.month - b.worked_since[(l * b.width + p) / lanes] < b.ramp_rows)
    store(b.worked + (b.newest_row * b.lots + l) * b.width + p, load(b.working + l * b.width + p));
}

// Facility MW and annual PUE of the installed chips of a lot.
inline void note_means(const KernelBlock& b, std::ptrdiff_t to, Lanes installed, Lanes installed_mw,
                       Lanes weighted_pue) {
  const Mask some = above(installed, zero());
  if (!b.lift_power) store(b.mean_mw + to, where(some, installed_mw / installed));
  store(b.mean_pue + to, where(some, weighted_pue / installed));
}

// What follows from the installed chips of a lot alone (R9). Whether they are others than before.
inline bool note_installed(const KernelBlock& b, const KernelLot& lot, std::ptrdiff_t l,
                           std::ptrdiff_t p, Lanes installed) {
  const std::ptrdiff_t to = l * b.width + p;
  if (!store_new(b.out_installed + to, installed) && !b.first) {
    note_quiet(b, l, p);
    return false;
  }
  store(b.out_state[5] + to, installed * all(lot.failed_share));
  const Lanes working = installed * all(lot.working_share);
  if (store_new(b.working + to, working)) {
    b.worked_since[to / lanes] = b.month;
    if (b.ramp_rows > 0) store(b.worked + (b.newest_row * b.lots + l) * b.width + p, working);
  } else {
    note_quiet(b, l, p);
  }
  return true;
}

// Sums over the slots of a lot.
struct LotSums {
  Lanes housed, installed, installing, installed_mw, installing_mw, lit_mw, weighted_pue;
};

// What waits of a lot is placed by power and room (E of R10). Whether any was.
inline bool place_waiting(const KernelBlock& b, const KernelLot& lot, const PlacementScratch& at,
                          int i, int row, Lanes& power, Lanes& lit) {
  const KernelSlot* slots = b.slot + lot.first_slot;
  const int n = slots_in_use(b, lot);
  Lanes waiting = at.waiting[i];
  bool any_placed = false;
  for (int s = 0; s < n; ++s, ++row) {
    const KernelSlot& slot = slots[s];
    at.placed[row] = zero();
    if (!slot_open(b, slot)) continue;
    Lanes can = waiting;
    if (slot.hall >= 0) {
      Lanes room = at.room_e[slot.hall];
      if (!slot.fits_all && !b.lift_cooling) room = smaller(all(slot.fit_it_mw), room);
      can = smaller(room * all(lot.per_it_mw), waiting);
    }
    const Lanes placed = beyond_rounding(smaller(power * all(slot.per_mw), can), lot.tiny);
    if (!any(above(placed, zero()))) continue;
    any_placed = true;
    at.placed[row] = placed;
    power = not_below_zero(power - placed * all(slot.mw_each));
    waiting = not_below_zero(waiting - placed);
    if (slot.hall >= 0)
      at.room_e[slot.hall] = not_below_zero(at.room_e[slot.hall] - placed * all(lot.it_mw_each));
    lit = lit + placed;
  }
  return any_placed;
}

// Nothing is placed and nothing waits for crews: what is installed and powered runs.
inline LotSums run_lit(const KernelSlot* slots, int n, const PlacementScratch& at, int row) {
  LotSums sum{zero(), zero(), zero(), zero(), zero(), zero(), zero()};
  for (int s = 0; s < n; ++s, ++row) {
    const Lanes runs = at.lit_racked[row];
    sum.housed = sum.housed + at.housed[row];
    sum.installed = sum.installed + runs;
    sum.installed_mw = sum.installed_mw + runs * all(slots[s].mw_each);
    sum.weighted_pue = sum.weighted_pue + runs * all(slots[s].annual_pue);
  }
  sum.lit_mw = sum.installed_mw;
  return sum;
}

// R8: crews install what is racked, then what is placed, slot by slot; the state of the next month.
inline LotSums install(const KernelBlock& b, const KernelLot& lot, const KernelSlot* slots, int n,
                       const PlacementScratch& at, int row, bool crews, bool any_placed,
                       Lanes& racks, Lanes& moved, std::ptrdiff_t p) {
  LotSums sum{zero(), zero(), zero(), zero(), zero(), zero(), zero()};
  double* racked_to = b.racked + lot.first_slot * static_cast<std::ptrdiff_t>(b.width) + p;
  double* installed_to = b.installed + lot.first_slot * static_cast<std::ptrdiff_t>(b.width) + p;
  for (int s = 0; s < n; ++s, ++row, racked_to += b.width, installed_to += b.width) {
    const KernelSlot& slot = slots[s];
    const Lanes mw_each = all(slot.mw_each);
    const Lanes placed = any_placed ? at.placed[row] : zero();
    Lanes of_stood = at.stood[row], of_placed = placed;
    if (crews) {
      of_stood = smaller(racks * all(lot.per_rack), at.stood[row]);
      racks = not_below_zero(racks - of_stood * all(lot.racks_each));
      of_placed = smaller(racks * all(lot.per_rack), placed);
      racks = not_below_zero(racks - of_placed * all(lot.racks_each));
    }
    const Lanes through = at.installed[row] + of_stood;
    const Lanes slot_lit = at.lit_racked[row] + placed;
    const Lanes slot_installed = smaller(at.lit_racked[row], through) + of_placed;
    const Lanes slot_installing =
        not_below_zero(at.lit_racked[row] - through) + (placed - of_placed);
    sum.housed = sum.housed + (at.housed[row] + placed);
    sum.installed = sum.installed + slot_installed;
    sum.installing = sum.installing + slot_installing;
    sum.installed_mw = sum.installed_mw + slot_installed * mw_each;
    sum.installing_mw = sum.installing_mw + slot_installing * mw_each;
    sum.lit_mw = sum.lit_mw + slot_lit * mw_each;
    sum.weighted_pue = sum.weighted_pue + slot_installed * all(slot.annual_pue);

    if (any_placed) store(racked_to, at.racked[row] + placed);
    store(installed_to, load(installed_to) + (of_stood + of_placed));
    moved = moved + (placed + of_stood);
  }
  return sum;
}

// The placement of the month (E of R10), crews (R8) and failures (R9). Whether any chip stays dark,
// and whether any was placed or installed.
struct Outcome {
  bool any_dark, any_moved;
};
inline Outcome fill_and_install(const KernelBlock& b, const KernelSite& site, int site_index,
                                const PlacementScratch& at, const Kept& kept, Lanes power,
                                std::ptrdiff_t p) {
  const int* order = b.site_order + site.first_lot;
  const std::ptrdiff_t width = b.width;
  const bool crews = site.crews && !b.lift_installation;
  if (kept.any_waits)
    for (int h = 0; h < site.halls; ++h) at.room_e[h] = at.room[h];
  Lanes racks = all(site.racks);
  Lanes site_lit_mw = zero(), site_installing_mw = zero(), could_use = zero(), moved = zero();
  bool any_dark = false;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const std::ptrdiff_t l = order[i];
    const KernelLot& lot = b.lot[l];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    Lanes lit = zero();
    for (int s = 0; s < n; ++s) lit = lit + (b.lift_power ? at.housed : at.lit_racked)[row + s];
    const bool any_placed = at.waits[i] != 0 && place_waiting(b, lot, at, i, row, power, lit);
    const LotSums sum = any_placed || at.stands[i] != 0
                            ? install(b, lot, slots, n, at, row, crews, any_placed, racks, moved, p)
                            : run_lit(slots, n, at, row);
    at.lit[i] = lit;
    row += n;

    const std::ptrdiff_t to = l * width + p, group = to / lanes;
    const Lanes dark = load(b.present + to) - lit;
    any_dark |= any(above(dark, all(0.5 * lot.tiny)));
    could_use = could_use + not_below_zero(dark) * all(slots[lot.slots - 1].mw_each);
    site_lit_mw = site_lit_mw + sum.lit_mw;
    site_installing_mw = site_installing_mw + sum.installing_mw;

    bool moves = note_installed(b, lot, l, p, sum.installed);
    // In one place, the means follow from the installed chips alone.
    if (moves || n > 1 || b.slots_vary)
      note_means(b, to, sum.installed, sum.installed_mw, sum.weighted_pue);
    moves |= store_new(b.out_housed + to, sum.housed);
    if (store_new(b.out_state[4] + to, sum.installing)) {
      b.dark_moves[group] = 1;
      moves = true;
    }
    if (moves) b.lot_moved[group] = 1;
  }
  const std::ptrdiff_t to = site_index * width + p;
  store(b.lit_mw + to, site_lit_mw);
  store(b.could_use + to, could_use);
  if (!b.lift_power && store_new(b.out_megawatt[4] + to, site_installing_mw))
    b.site_moved[to / lanes] = 1;
  return {any_dark, any(above(moved, zero()))};
}

}  // namespace
