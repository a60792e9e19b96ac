#pragma once
// The placement of the month, crews and failures: reference_placement.cc side by side. Part of
// placement_kernel.cc.

#include "fleet/keep_kernel.h"

namespace {

// The same chips work as the month before. Where nothing has changed for as long as the ramps look
// back, every row of the ring holds it already.
inline void note_quiet(const KernelBlock& b, std::ptrdiff_t l, std::ptrdiff_t p) {
  if (b.month - b.worked_since[(l * b.width + p) / lanes] < b.ramp_rows)
    store(b.worked + (b.newest_row * b.lots + l) * b.width + p, load(b.working + l * b.width + p));
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

// Facility MW and annual PUE of the installed chips of a lot.
inline void note_means(const KernelBlock& b, std::ptrdiff_t to, Lanes installed, Lanes installed_mw,
                       Lanes weighted_pue) {
  const Mask some = above(installed, zero());
  if (!b.lift_power) store(b.mean_mw + to, where(some, installed_mw / installed));
  store(b.mean_pue + to, where(some, weighted_pue / installed));
}

// What waits of a lot is placed by power and room (E of R10). The groups in which any is.
template <bool one_slot>
inline Groups place_waiting(const KernelBlock& b, const Stretch& at, const ActiveLot& a) {
  Groups some_placed = 0;
  const KernelLot& lot = *a.lot;
  each(a.waits, [&](std::ptrdiff_t g) {
    Lanes waiting = (*a.waiting)[g], power = (*at.power)[g];
    for (int s = 0; s < slots_of<one_slot>(a); ++s) {
      const KernelSlot& slot = a.slots[s];
      Lanes placed = zero();
      if (slot_open(b, slot)) {
        Lanes can = waiting;
        if (slot.hall >= 0) {
          Lanes room = at.room_e[slot.hall][g];
          if (!slot.fits_all && !b.lift_cooling) room = smaller(all(slot.fit_it_mw), room);
          can = smaller(room * all(lot.per_it_mw), waiting);
        }
        placed = beyond_rounding(smaller(power * all(slot.per_mw), can), lot.tiny);
        power = not_below_zero(power - placed * all(slot.mw_each));
        waiting = not_below_zero(waiting - placed);
        if (slot.hall >= 0) {
          Lanes& room = at.room_e[slot.hall][g];
          room = not_below_zero(room - placed * all(lot.it_mw_each));
        }
      }
      a.placed[s][g] = placed;
      some_placed |= group_above_zero(placed, g);
    }
    (*at.power)[g] = power;
  });
  return some_placed;
}

// E: what is powered of a lot.
template <bool one_slot>
inline Lanes lit_of(const KernelBlock& b, const ActiveLot& a, bool any_placed, std::ptrdiff_t g) {
  Lanes lit = zero();
  for (int s = 0; s < slots_of<one_slot>(a); ++s)
    lit = lit + (b.lift_power ? load(a.housed + s * a.apart + g * lanes) : a.lit_racked[s][g]);
  for (int s = 0; any_placed && s < slots_of<one_slot>(a); ++s) lit = lit + a.placed[s][g];
  return lit;
}

// Sums over the slots of a lot.
struct LotSums {
  Lanes housed, installed, installing, installed_mw, installing_mw, lit_mw, weighted_pue;
};
inline LotSums no_sums() {
  return {zero(), zero(), zero(), zero(), zero(), zero(), zero()};
}

// Nothing is placed and nothing waits for crews: what is installed and powered runs.
template <bool one_slot>
inline LotSums run_lit(const ActiveLot& a, std::ptrdiff_t g) {
  LotSums sum = no_sums();
  for (int s = 0; s < slots_of<one_slot>(a); ++s) {
    const Lanes runs = a.lit_racked[s][g];
    sum.housed = sum.housed + load(a.housed + s * a.apart + g * lanes);
    sum.installed = sum.installed + runs;
    sum.installed_mw = sum.installed_mw + runs * all(a.slots[s].mw_each);
    sum.weighted_pue = sum.weighted_pue + runs * all(a.slots[s].annual_pue);
  }
  sum.lit_mw = sum.installed_mw;
  return sum;
}

// R8: crews install what is racked, then what is placed, slot by slot; the state of the next month.
template <bool one_slot>
inline LotSums install(const KernelBlock& b, const Stretch& at, const ActiveLot& a, bool crews,
                       bool any_placed, std::ptrdiff_t g) {
  const std::ptrdiff_t width = b.width;
  const KernelLot& lot = *a.lot;
  LotSums sum = no_sums();
  Lanes racks = (*at.racks)[g], moved = (*at.moved)[g];
  for (int s = 0; s < slots_of<one_slot>(a); ++s) {
    const KernelSlot& slot = a.slots[s];
    const Lanes mw_each = all(slot.mw_each);
    const Lanes placed = any_placed ? a.placed[s][g] : zero();
    const Lanes lit = a.lit_racked[s][g], stood = a.stood[s][g];
    Lanes of_stood = stood, of_placed = placed;
    if (crews) {
      of_stood = smaller(racks * all(lot.per_rack), stood);
      racks = not_below_zero(racks - of_stood * all(lot.racks_each));
      if (any_placed) {
        of_placed = smaller(racks * all(lot.per_rack), placed);
        racks = not_below_zero(racks - of_placed * all(lot.racks_each));
      }
    }
    const Lanes through = load(a.housed_installed + s * a.apart + g * lanes) + of_stood;
    const Lanes slot_installed = smaller(lit, through) + of_placed;
    const Lanes slot_installing = not_below_zero(lit - through) + (placed - of_placed);
    sum.housed = sum.housed + (load(a.housed + s * a.apart + g * lanes) + placed);
    sum.installed = sum.installed + slot_installed;
    sum.installing = sum.installing + slot_installing;
    sum.installed_mw = sum.installed_mw + slot_installed * mw_each;
    sum.installing_mw = sum.installing_mw + slot_installing * mw_each;
    sum.lit_mw = sum.lit_mw + (lit + placed) * mw_each;
    sum.weighted_pue = sum.weighted_pue + slot_installed * all(slot.annual_pue);

    const std::ptrdiff_t to = s * width + g * lanes;
    if (any_placed) store(a.racked + to, load(a.racked + to) + placed);
    store(a.installed + to, load(a.installed + to) + (of_stood + of_placed));
    moved = moved + (placed + of_stood);
  }
  (*at.racks)[g] = racks;
  (*at.moved)[g] = moved;
  return sum;
}

// What the month says of a lot once it is placed. Whether any of it stays dark.
template <bool one_slot>
inline bool note_lot(const KernelBlock& b, const Stretch& at, const ActiveLot& a,
                     const LotSums& sum, Lanes lit, bool any_placed, bool stirs, std::ptrdiff_t g) {
  const KernelLot& lot = *a.lot;
  const std::ptrdiff_t p = at.first_path + g * lanes, to = a.l * b.width + p;
  Mark& notes = b.notes[to / lanes];
  (*a.lit)[g] = lit;
  (*at.lit_mw)[g] = (*at.lit_mw)[g] + sum.lit_mw;
  const Lanes dark = load(a.present + g * lanes) - lit;
  (*at.could_use)[g] =
      (*at.could_use)[g] + not_below_zero(dark) * all(a.slots[lot.slots - 1].mw_each);

  bool moves = note_installed(b, lot, a.l, p, sum.installed);
  // In one place, the means follow from the installed chips alone.
  if (moves || slots_of<one_slot>(a) != 1 || b.slots_vary)
    note_means(b, to, sum.installed, sum.installed_mw, sum.weighted_pue);
  if (a.leaves || at.any_closed || b.first || (notes & noted_closed) != 0) {
    moves |= store_new(b.out_housed + to, sum.housed);
    notes = static_cast<Mark>(at.any_closed ? notes | noted_closed : notes & ~noted_closed);
  }
  if (any_placed) {
    store(b.out_housed + to, sum.housed);
    moves = true;
  }
  if (stirs || (notes & noted_installing) != 0) {
    (*at.installing_mw)[g] = (*at.installing_mw)[g] + sum.installing_mw;
    note_moved_dark(b, to, store_new(b.out_state[4] + to, sum.installing));
    notes = static_cast<Mark>(stirs ? notes | noted_installing : notes & ~noted_installing);
  }
  b.lot_moved[to / lanes] |= moves ? moved_running : 0;
  return any(above(dark, all(0.5 * lot.tiny)));
}

// The placement of the month (E of R10), crews (R8) and failures (R9). The groups in which any chip
// stays dark; marks those in which any was placed or installed.
template <bool one_slot>
inline Groups fill_and_install(const KernelBlock& b, const Stretch& at) {
  const KernelSite& site = *at.site;
  const bool crews = site.crews && !b.lift_installation;
  for (int h = 0; h < site.halls; ++h)
    each(at.waits, [&](std::ptrdiff_t g) { at.room_e[h][g] = at.room[h][g]; });
  each(at.groups, [&](std::ptrdiff_t g) {
    (*at.racks)[g] = all(site.racks);
    (*at.lit_mw)[g] = (*at.installing_mw)[g] = (*at.could_use)[g] = (*at.moved)[g] = zero();
  });
  Groups dark = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const ActiveLot& a = at.lots[i];
    const Groups placed = a.waits != 0 ? place_waiting<one_slot>(b, at, a) : 0;
    const Groups stirs = placed | a.stands;
    each(stirs, [&](std::ptrdiff_t g) {
      const bool any_placed = holds(placed, g);
      const Lanes lit = lit_of<one_slot>(b, a, any_placed, g);
      const LotSums sum = install<one_slot>(b, at, a, crews, any_placed, g);
      dark |= group_if(note_lot<one_slot>(b, at, a, sum, lit, any_placed, true, g), g);
    });
    each(at.groups & ~stirs, [&](std::ptrdiff_t g) {
      const Lanes lit = lit_of<one_slot>(b, a, false, g);
      const LotSums sum = run_lit<one_slot>(a, g);
      dark |= group_if(note_lot<one_slot>(b, at, a, sum, lit, false, false, g), g);
    });
  }
  const std::ptrdiff_t first = at.site_index * static_cast<std::ptrdiff_t>(b.width) + at.first_path;
  each(at.groups, [&](std::ptrdiff_t g) {
    const std::ptrdiff_t to = first + g * lanes;
    store(b.lit_mw + to, (*at.lit_mw)[g]);
    store(b.could_use + to, (*at.could_use)[g]);
    if (!b.lift_power && store_new(b.out_megawatt[4] + to, (*at.installing_mw)[g]))
      b.site_moved[to / lanes] |= moved_use;
    b.placed_any[to / lanes] = any(above((*at.moved)[g], zero())) ? 1 : 0;
  });
  return dark;
}

}  // namespace
