#pragma once
// Who keeps the rest dark (R10 to R13), on one group of paths: reference_placement.cc side by side.
// Part of placement_kernel.cc.
//
// S, power unlimited, is filled first. Where it leaves nothing of a lot out, all that is delivered
// of the lot is lit by it, no other fill can light more (beyond rounding, R13), and power alone is
// to blame. The other fills are asked only as far as some lot is left out, SC and the dates of R12
// only where two cures are needed.

#include "fleet/keep_kernel.h"

namespace {

// R12: the first later opening of power, and of a hall of the lot.
inline Lanes next_power(const KernelBlock& b, const KernelSite& site, std::ptrdiff_t p) {
  Lanes next = all(__builtin_inf());
  const Lanes today = all(b.month);
  for (int i = 0; i < site.sources; ++i) {
    const KernelSource& source = b.source[b.site_sources[site.first_source + i]];
    for (int k = 0; k < source.tranches; ++k) {
      const Lanes opens = load(b.opens + (source.first_tranche + k) * b.width + p);
      next = choose(above(opens, today), smaller(opens, next), next);
    }
  }
  return next;
}
inline Lanes next_hall(const KernelBlock& b, const KernelSite& site, const KernelLot& lot,
                       std::ptrdiff_t p) {
  Lanes next = all(__builtin_inf());
  const Lanes today = all(b.month);
  for (int s = 0; s < lot.own; ++s) {
    const int hall = b.site_halls[site.first_hall + b.slot[lot.first_slot + s].hall];
    const Lanes opens = load(b.hall_gate + hall * b.width + p);
    next = choose(above(opens, today), smaller(opens, next), next);
  }
  return next;
}

// As far as `room` goes, at most what `waits`, and less of both.
inline Lanes take_room(const KernelLot& lot, Lanes limit, Lanes& room, Lanes& waits) {
  const Lanes placed = smaller(limit * all(lot.per_it_mw), waits);
  waits = not_below_zero(waits - placed);
  room = not_below_zero(room - placed * all(lot.it_mw_each));
  return placed;
}
// The same, as far as power goes too.
inline Lanes take_room_and_power(const KernelLot& lot, const KernelSlot& slot, Lanes limit,
                                 Lanes& room, Lanes& power, Lanes& waits) {
  const Lanes fits = smaller(limit * all(lot.per_it_mw), waits);
  const Lanes placed = smaller(power * all(slot.per_mw), fits);
  power = not_below_zero(power - placed * all(slot.mw_each));
  waits = not_below_zero(waits - placed);
  room = not_below_zero(room - placed * all(lot.it_mw_each));
  return placed;
}
// Room that a retrofit leaves to the lot.
inline Lanes fitting(const KernelSlot& slot, Lanes room) {
  return slot.fits_all ? room : smaller(all(slot.fit_it_mw), room);
}

// S of every lot, and what it leaves out. The last lot of which it leaves anything out, -1: none.
inline int fill_by_power(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at,
                         const Kept& kept) {
  if (kept.any_waits)
    for (int h = 0; h < site.halls; ++h) at.room_s[h] = at.room[h];
  int last = -1, row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[b.site_order[site.first_lot + i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    Lanes lit = zero(), waits = at.waiting[i];
    for (int s = 0; s < lot.own; ++s) lit = lit + at.housed[row + s];
    if (at.waits[i] != 0)
      for (int s = 0; s < lot.own; ++s) {
        Lanes& room = at.room_s[slots[s].hall];
        lit = lit + take_room(lot, fitting(slots[s], room), room, waits);
      }
    if (kept.any_closed) waits = waits + at.closed[i];
    const bool left = (at.waits[i] != 0 || kept.any_closed) && any(above(waits, zero()));
    at.lit_s[i] = lit;
    at.left_out[i] = waits;
    at.left[i] = left ? 1 : 0;
    if (left) last = i;
    row += lot.own;
  }
  return last;
}

// C and H of one lot; rooms and powers run on to the next lot.
struct Powers {
  Lanes c, h;
};
inline void fill_by_cooling_and_shell(const KernelLot& lot, const KernelSlot* slots,
                                      const PlacementScratch& at, const Kept& kept, int i,
                                      Powers& power, Lanes& c, Lanes& h) {
  Lanes waits_c = at.waiting[i], waits_h = waits_c;
  for (int s = 0; s < lot.own; ++s) {
    const KernelSlot& slot = slots[s];
    Lanes& room_c = at.room_c[slot.hall];
    Lanes& room_h = at.room_h[slot.hall];
    c = c + take_room_and_power(lot, slot, room_c, room_c, power.c, waits_c);
    h = h + take_room_and_power(lot, slot, fitting(slot, room_h), room_h, power.h, waits_h);
  }
  for (int s = lot.own; s < lot.slots - 1; ++s) {
    Lanes& room_c = at.room_c[slots[s].hall];
    c = c + take_room_and_power(lot, slots[s], room_c, room_c, power.c, waits_c);
  }
  const KernelSlot& notional = slots[lot.slots - 1];
  if (kept.any_closed) waits_h = waits_h + at.closed[i];
  const Lanes placed = smaller(power.h * all(notional.per_mw), waits_h);
  power.h = not_below_zero(power.h - placed * all(notional.mw_each));
  h = h + placed;
}

// SC of the lots from `from` to `to`: that of the last one.
inline Lanes fill_by_power_and_cooling(const KernelBlock& b, const KernelSite& site,
                                       const PlacementScratch& at, int from, int to, int row) {
  if (from == 0)
    for (int h = 0; h < site.halls; ++h) at.room_sc[h] = at.room[h];
  Lanes lit = zero();
  for (int i = from; i <= to; ++i) {
    const KernelLot& lot = b.lot[b.site_order[site.first_lot + i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    lit = zero();
    for (int s = 0; i == to && s < lot.own; ++s) lit = lit + at.housed[row + s];
    if (at.waits[i] == 0) continue;
    Lanes waits = at.waiting[i];
    for (int s = 0; s < lot.slots - 1; ++s) {
      Lanes& room = at.room_sc[slots[s].hall];
      lit = lit + take_room(lot, room, room, waits);
    }
  }
  return lit;
}

// Which columns of the dark of a lot are not all 0.
inline constexpr Mark blamed_power = 1, blamed_others = 2;

struct Charge {
  Lanes shell, cooling, power;
};
inline void note_charge(const KernelBlock& b, std::ptrdiff_t to, const Charge& all_of,
                        const Charge& alone) {
  bool moves = store_new(b.out_state[1] + to, all_of.shell);
  moves |= store_new(b.out_state[2] + to, all_of.cooling);
  moves |= store_new(b.out_state[3] + to, all_of.power);
  moves |= store_new(b.out_alone[0] + to, alone.shell);
  moves |= store_new(b.out_alone[1] + to, alone.cooling);
  moves |= store_new(b.out_alone[2] + to, alone.power);
  if (moves) b.dark_moves[to / lanes] = b.lot_moved[to / lanes] = 1;
  b.blamed[to / lanes] = blamed_power | blamed_others;
}
// Power alone is to blame, or nothing.
inline void note_charge_of_power(const KernelBlock& b, std::ptrdiff_t to, Lanes power) {
  Mark& blamed = b.blamed[to / lanes];
  if ((blamed & blamed_others) != 0) {
    note_charge(b, to, {zero(), zero(), power}, {zero(), zero(), power});
    blamed = blamed_power;
  } else if (blamed != 0 || any(above(power, zero()))) {
    bool moves = store_new(b.out_state[3] + to, power);
    moves |= store_new(b.out_alone[2] + to, power);
    if (moves) b.dark_moves[to / lanes] = b.lot_moved[to / lanes] = 1;
    blamed = blamed_power;
  }
}

inline void blame_nothing(const KernelBlock& b, const KernelSite& site, std::ptrdiff_t p) {
  for (int i = 0; i < site.active_lots; ++i) {
    const std::ptrdiff_t to =
        b.site_order[site.first_lot + i] * static_cast<std::ptrdiff_t>(b.width) + p;
    if (b.blamed[to / lanes] == 0) continue;
    note_charge(b, to, {zero(), zero(), zero()}, {zero(), zero(), zero()});
    b.blamed[to / lanes] = 0;
  }
}

// R10 to R13: who keeps the rest dark.
inline void blame(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at,
                  const Kept& kept, Lanes power_left, std::ptrdiff_t p) {
  const int last = fill_by_power(b, site, at, kept);
  for (int h = 0; h < site.halls && last >= 0; ++h) at.room_c[h] = at.room_h[h] = at.room[h];
  Powers power{power_left, power_left};
  int row = 0, next_sc = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const std::ptrdiff_t l = b.site_order[site.first_lot + i], to = l * b.width + p;
    const KernelLot& lot = b.lot[l];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int first = row;
    row += lot.own;
    const Lanes e = at.lit[i], s = at.lit_s[i];
    const Lanes by_power = beyond_rounding(s - e, lot.tiny);
    Lanes c = zero(), h = zero();
    if (i <= last && (at.waits[i] != 0 || at.left[i] != 0)) {
      for (int k = first; k < row; ++k) c = c + at.lit_racked[k];
      h = c;
      fill_by_cooling_and_shell(lot, slots, at, kept, i, power, c, h);
    }
    if (at.left[i] == 0) {
      note_charge_of_power(b, to, by_power);
      continue;
    }
    const Lanes e_s = larger(e, s);
    const Lanes by_cooling = beyond_rounding(c - e_s, lot.tiny);
    const Lanes e_s_c = larger(e_s, c);
    const Lanes by_shell = beyond_rounding(h - e_s_c, lot.tiny);
    const Lanes any_one = larger(e_s_c, h);
    const Lanes with_two = s + at.left_out[i];  // B
    const Lanes two = beyond_rounding(with_two - any_one, lot.tiny);
    const Charge alone{by_shell, by_cooling, by_power};
    if (!any(above(two, zero()))) {
      note_charge(b, to, alone, alone);
      continue;
    }
    const Lanes sc = fill_by_power_and_cooling(b, site, at, next_sc, i, first);
    next_sc = i + 1;
    const Lanes both_lit = smaller(with_two, sc);
    const Lanes two_cooling = smaller(beyond_rounding(both_lit - any_one, lot.tiny), two);
    const Lanes two_shell = two - two_cooling;
    const Mask power_is_later = above(next_power(b, site, p), next_hall(b, site, lot, p));
    note_charge(b, to,
                {by_shell + choose(power_is_later, zero(), two_shell),
                 by_cooling + choose(power_is_later, zero(), two_cooling),
                 by_power + where(power_is_later, two)},
                alone);
  }
}

}  // namespace
