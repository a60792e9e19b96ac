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

// S of every lot of which something waits or is closed, and what it leaves out. (Of others it is
// what is housed.)
template <bool one_slot>
inline void fill_by_power(const Stretch& at) {
  for (int h = 0; h < at.site->halls; ++h)
    each(at.waits, [&](std::ptrdiff_t g) { at.room_s[h][g] = at.room[h][g]; });
  for (int i = 0; i < at.site->active_lots; ++i) {
    ActiveLot& a = at.lots[i];
    Groups left = 0;
    each(a.fills, [&](std::ptrdiff_t g) {
      Lanes housed = zero(), waits = (*a.waiting)[g];
      for (int s = 0; s < slots_of<one_slot>(a); ++s)
        housed = housed + load(a.housed + s * a.apart + g * lanes);
      Lanes lit = housed;
      for (int s = 0; holds(a.waits, g) && s < slots_of<one_slot>(a); ++s) {
        Lanes& room = at.room_s[a.slots[s].hall][g];
        lit = lit + take_room(*a.lot, fitting(a.slots[s], room), room, waits);
      }
      if (at.any_closed) waits = waits + (*a.closed)[g];
      (*a.housed_all)[g] = housed;
      (*a.lit_s)[g] = lit;
      (*a.left_out)[g] = waits;
      left |= group_above_zero(waits, g);
    });
    a.left = left;
  }
}

// C and H of one lot; rooms and powers run on to the next lot.
struct CoolingAndShell {
  Lanes c, h;
};
inline CoolingAndShell fill_by_cooling_and_shell(const Stretch& at, const ActiveLot& a,
                                                 std::ptrdiff_t g) {
  const KernelLot& lot = *a.lot;
  Lanes lit = zero();
  for (int s = 0; s < a.n; ++s) lit = lit + a.lit_racked[s][g];
  CoolingAndShell fill{lit, lit};
  Lanes waits_c = (*a.waiting)[g], waits_h = waits_c;
  Lanes power_c = (*at.power_c)[g], power_h = (*at.power_h)[g];
  for (int s = 0; s < a.n; ++s) {
    const KernelSlot& slot = a.slots[s];
    Lanes& room_c = at.room_c[slot.hall][g];
    Lanes& room_h = at.room_h[slot.hall][g];
    fill.c = fill.c + take_room_and_power(lot, slot, room_c, room_c, power_c, waits_c);
    fill.h =
        fill.h + take_room_and_power(lot, slot, fitting(slot, room_h), room_h, power_h, waits_h);
  }
  for (int s = a.n; s < lot.slots - 1; ++s) {
    Lanes& room_c = at.room_c[a.slots[s].hall][g];
    fill.c = fill.c + take_room_and_power(lot, a.slots[s], room_c, room_c, power_c, waits_c);
  }
  const KernelSlot& notional = a.slots[lot.slots - 1];
  if (at.any_closed) waits_h = waits_h + (*a.closed)[g];
  const Lanes placed = smaller(power_h * all(notional.per_mw), waits_h);
  fill.h = fill.h + placed;
  (*at.power_c)[g] = power_c;
  (*at.power_h)[g] = not_below_zero(power_h - placed * all(notional.mw_each));
  return fill;
}

// SC of lot i; the rooms run through the lots from `from` on.
inline Lanes fill_by_power_and_cooling(const Stretch& at, int from, int i, std::ptrdiff_t g) {
  if (from == 0)
    for (int h = 0; h < at.site->halls; ++h) at.room_sc[h][g] = at.room[h][g];
  Lanes lit = zero();
  for (int k = from; k <= i; ++k) {
    const ActiveLot& a = at.lots[k];
    lit = (*a.housed_all)[g];
    if (!holds(a.waits, g)) continue;
    Lanes waits = (*a.waiting)[g];
    for (int s = 0; s < a.lot->slots - 1; ++s) {
      Lanes& room = at.room_sc[a.slots[s].hall][g];
      lit = lit + take_room(*a.lot, room, room, waits);
    }
  }
  return lit;
}

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
  note_moved_dark(b, to, moves);
  b.notes[to / lanes] |= noted_power | noted_others;
}
// Power alone is to blame, or nothing.
inline void note_charge_of_power(const KernelBlock& b, std::ptrdiff_t to, Lanes power) {
  Mark& notes = b.notes[to / lanes];
  if ((notes & noted_others) != 0) {
    note_charge(b, to, {zero(), zero(), power}, {zero(), zero(), power});
    notes = static_cast<Mark>(notes & ~noted_others);
  } else if ((notes & noted_power) != 0 || any(above(power, zero()))) {
    notes |= noted_power;
    if (!store_new(b.out_state[3] + to, power)) return;
    store(b.out_alone[2] + to, power);  // held the same
    note_moved_dark(b, to, true);
  }
}

inline void blame_nothing(const KernelBlock& b, const Stretch& at, std::ptrdiff_t g) {
  for (int i = 0; i < at.site->active_lots; ++i) {
    const std::ptrdiff_t to = at.lots[i].l * b.width + at.first_path + g * lanes;
    Mark& notes = b.notes[to / lanes];
    if ((notes & (noted_power | noted_others)) == 0) continue;
    note_charge(b, to, {zero(), zero(), zero()}, {zero(), zero(), zero()});
    notes = static_cast<Mark>(notes & ~(noted_power | noted_others));
  }
}

// R11, R12: lot i, of which S leaves something out. `next_sc`: the first lot of which SC has not
// been filled.
inline void blame_all(const KernelBlock& b, const Stretch& at, int i, const CoolingAndShell& fill,
                      int& next_sc, std::ptrdiff_t g) {
  const ActiveLot& a = at.lots[i];
  const std::ptrdiff_t p = at.first_path + g * lanes, to = a.l * b.width + p;
  const double tiny = a.lot->tiny;
  const Lanes e = (*a.lit)[g], s = (*a.lit_s)[g];
  const Lanes by_power = beyond_rounding(s - e, tiny);
  const Lanes e_s = larger(e, s);
  const Lanes by_cooling = beyond_rounding(fill.c - e_s, tiny);
  const Lanes e_s_c = larger(e_s, fill.c);
  const Lanes by_shell = beyond_rounding(fill.h - e_s_c, tiny);
  const Lanes any_one = larger(e_s_c, fill.h);
  const Lanes with_two = s + (*a.left_out)[g];  // B
  const Lanes two = beyond_rounding(with_two - any_one, tiny);
  const Charge alone{by_shell, by_cooling, by_power};
  if (!any(above(two, zero()))) {
    note_charge(b, to, alone, alone);
    return;
  }
  const Lanes sc = fill_by_power_and_cooling(at, next_sc, i, g);
  next_sc = i + 1;
  const Lanes both_lit = smaller(with_two, sc);
  const Lanes two_cooling = smaller(beyond_rounding(both_lit - any_one, tiny), two);
  const Lanes two_shell = two - two_cooling;
  const Mask power_is_later = above(next_power(b, *at.site, p), next_hall(b, *at.site, *a.lot, p));
  note_charge(b, to,
              {by_shell + choose(power_is_later, zero(), two_shell),
               by_cooling + choose(power_is_later, zero(), two_cooling),
               by_power + where(power_is_later, two)},
              alone);
}

// R10 to R13: who keeps the rest dark, in those groups in which any is.
inline void blame(const KernelBlock& b, const Stretch& at, Groups dark) {
  const int lots = at.site->active_lots;
  // Groups with a lot, from here on, of which S leaves something out.
  const auto left_from = [&](int i) {
    Groups left = 0;
    for (; i < lots; ++i) left |= at.lots[i].left;
    return left & dark;
  };
  Groups left = left_from(0);
  for (int h = 0; h < at.site->halls; ++h)
    each(left, [&](std::ptrdiff_t g) { at.room_c[h][g] = at.room_h[h][g] = at.room[h][g]; });
  each(left,
       [&](std::ptrdiff_t g) { (*at.power_c)[g] = (*at.power_h)[g] = (*at.power_racked)[g]; });
  int next_sc[stretch_groups] = {};
  for (int i = 0; i < lots; ++i) {
    const ActiveLot& a = at.lots[i];
    const std::ptrdiff_t first = a.l * b.width + at.first_path;
    const double tiny = a.lot->tiny;
    each(dark & ~a.fills, [&](std::ptrdiff_t g) {
      Lanes housed = zero();
      for (int s = 0; s < a.n; ++s) housed = housed + load(a.housed + s * a.apart + g * lanes);
      note_charge_of_power(b, first + g * lanes, beyond_rounding(housed - (*a.lit)[g], tiny));
    });
    each(dark & a.fills & ~a.left, [&](std::ptrdiff_t g) {
      note_charge_of_power(b, first + g * lanes,
                           beyond_rounding((*a.lit_s)[g] - (*a.lit)[g], tiny));
    });
    each(left & (a.waits | a.left), [&](std::ptrdiff_t g) {
      const CoolingAndShell fill = fill_by_cooling_and_shell(at, a, g);
      if (holds(a.left, g)) blame_all(b, at, i, fill, next_sc[g], g);
    });
    left = left_from(i + 1);
  }
}

}  // namespace
