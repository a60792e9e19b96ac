#pragma once
// What stays racked, and the power of it: reference_placement.cc side by side. Part of
// placement_kernel.cc.
//
// A step goes through the lots of a site in placement order, and for each lot through the groups of
// paths that need it: chains through the lots of one group then run beside those of the others.

#include "fleet/groups_kernel.h"

namespace {

using namespace warmshell::fleet;

// One active lot of a site and what a stretch carries of it.
struct ActiveLot {
  std::ptrdiff_t l;
  const KernelLot* lot;
  const KernelSlot* slots;
  int n;        // slots in use
  bool leaves;  // at the end of its life or by a retrofit
  // rows from the first path of the stretch on
  const double* present;
  double* racked;  // of the first slot, the others a width apart: the state of the next month
  double* installed;
  const double* housed;  // racked in the open part of the hall, before anything is placed
  const double* housed_installed;
  std::ptrdiff_t apart;  // slots of these two
  // by slot
  GroupRow* stood;       // housed, not yet installed
  GroupRow* lit_racked;  // racked and powered
  GroupRow* placed;      // newly, this month
  // of the lot
  GroupRow* waiting;
  GroupRow* closed;  // racked and not housed, where any hall is closed
  GroupRow* lit;
  GroupRow* housed_all;  // in all its slots, before anything is placed; of groups in `fills`
  GroupRow* lit_s;       // S of R10, power unlimited; of these too
  GroupRow* left_out;    // what waits or is closed even then; of these too
  Groups waits;          // some of `waiting` is above 0
  Groups stands;         // some of `stood` is above 0
  Groups fills;          // something waits or is closed
  Groups left;           // some of `left_out` is above 0
};
// Most lots use one slot, and the loops over slots fall away.
template <bool one_slot>
inline int slots_of(const ActiveLot& a) {
  return one_slot ? 1 : a.n;
}

// A site and the stretch of paths that begins at `first_path`.
struct Stretch {
  const KernelSite* site;
  int site_index;
  std::ptrdiff_t first_path;
  Groups groups;    // to be placed
  Groups waits;     // in which anything waits for a place
  bool any_closed;  // some hall holds more than its open room
  ActiveLot* lots;  // in placement order
  // by hall
  GroupRow* racked_it;
  GroupRow* open;
  GroupRow* room;    // left by what is racked
  GroupRow* room_e;  // left by each fill of R10
  GroupRow* room_s;
  GroupRow* room_c;
  GroupRow* room_h;
  GroupRow* room_sc;
  // of the site
  GroupRow *power, *power_racked;  // left now, left by what is racked
  GroupRow *power_c, *power_h;     // left by fills of R10
  GroupRow *racks, *lit_mw, *installing_mw, *could_use, *moved;
};

// Whether other chips of a lot are dark than the month before.
inline void note_moved_dark(const KernelBlock& b, std::ptrdiff_t to, bool moved) {
  b.dark_moves[to / lanes] |= moved ? 1 : 0;
  b.lot_moved[to / lanes] |= moved ? moved_dark : 0;
}

inline bool slot_open(const KernelBlock& b, const KernelSlot& slot) {
  if (slot.kind == KernelSlotKind::other) return b.lift_cooling;
  if (slot.kind == KernelSlotKind::notional) return b.lift_shell;
  return true;
}

// Of what stood the month before, the share that stays when all of it ends at one date.
inline Lanes share_that_stays(int month, Lanes end) {
  const Lanes before = all(1.0) - part_since(month - 1, end);
  const Lanes now = all(1.0) - part_since(month, end);
  return where(above(before, zero()), now / before);
}

// What leaves at the end of its life or by a retrofit.
inline void let_leave(const KernelBlock& b, const Stretch& at, const ActiveLot& a) {
  const std::ptrdiff_t width = b.width;
  const double* retired = b.retired + a.l * width + at.first_path;
  each(at.groups, [&](std::ptrdiff_t g) {
    const Lanes stays =
        a.lot->mortal ? share_that_stays(b.month, load(retired + g * lanes)) : all(1.0);
    for (int s = 0; s < a.n; ++s) {
      const std::ptrdiff_t to = s * width + g * lanes;
      const Lanes share = stays * all(a.slots[s].leaves);
      store(a.racked + to, load(a.racked + to) * share);
      store(a.installed + to, load(a.installed + to) * share);
    }
  });
}

// R7, first part, of one lot and group: what is installed, as far as power goes. Whether anything
// stands that is not installed.
template <bool one_slot>
inline bool power_installed(const Stretch& at, const ActiveLot& a, std::ptrdiff_t g) {
  Lanes left = (*at.power)[g];
  bool stands = false;
  for (int s = 0; s < slots_of<one_slot>(a); ++s) {
    const Lanes installed = load(a.housed_installed + s * a.apart + g * lanes);
    const Lanes housed = load(a.housed + s * a.apart + g * lanes);
    const Lanes stood = beyond_rounding(housed - installed, a.lot->tiny);
    stands |= any(above(stood, zero()));
    a.stood[s][g] = stood;
    const Lanes lit = smaller(installed, left * all(a.slots[s].per_mw));
    left = not_below_zero(left - lit * all(a.slots[s].mw_each));
    a.lit_racked[s][g] = lit;
  }
  (*at.power)[g] = left;
  return stands;
}

inline void give_power(const KernelBlock& b, const Stretch& at) {
  const double* fleet_mw =
      b.fleet_mw + at.site_index * static_cast<std::ptrdiff_t>(b.width) + at.first_path;
  each(at.groups, [&, lifted = b.lift_power](std::ptrdiff_t g) {
    (*at.power)[g] = lifted ? all(__builtin_inf()) : load(fleet_mw + g * lanes);
  });
}

// R2: racked chips hold their room until they are gone, the rest of what is delivered waits; and
// their power, as long as no hall is closed to them.
template <bool one_slot>
inline void keep_racked(const KernelBlock& b, Stretch& at) {
  const std::ptrdiff_t width = b.width;
  for (int h = 0; h < at.site->halls; ++h)
    each(at.groups, [row = at.racked_it + h](std::ptrdiff_t g) { (*row)[g] = zero(); });
  give_power(b, at);
  at.waits = 0;
  for (int i = 0; i < at.site->active_lots; ++i) {
    ActiveLot& a = at.lots[i];
    const KernelLot& lot = *a.lot;
    if (a.leaves) let_leave(b, at, a);
    Groups waits = 0, stands = 0;
    each(at.groups, [&, it_mw = all(lot.it_mw_each), tiny = lot.tiny](std::ptrdiff_t g) {
      Lanes sum = zero();
      for (int s = 0; s < slots_of<one_slot>(a); ++s) {
        const Lanes racked = load(a.racked + s * width + g * lanes);
        sum = sum + racked;
        if (a.slots[s].hall < 0) continue;
        Lanes& in_hall = at.racked_it[a.slots[s].hall][g];
        in_hall = in_hall + racked * it_mw;
      }
      const Lanes waiting = beyond_rounding(load(a.present + g * lanes) - sum, tiny);
      (*a.waiting)[g] = waiting;
      waits |= group_above_zero(waiting, g);
      stands |= group_if(power_installed<one_slot>(at, a, g), g);
    });
    a.waits = a.fills = waits;
    a.stands = stands;
    at.waits |= waits;
  }
}

// What is racked beyond the open room of its hall stands dark in it.
inline void close_rooms(const KernelBlock& b, Stretch& at) {
  const std::ptrdiff_t width = b.width;
  for (int h = 0; h < at.site->halls; ++h) {
    const double* rooms = b.room + b.site_halls[at.site->first_hall + h] * width + at.first_path;
    each(at.groups, [&](std::ptrdiff_t g) {
      const Lanes room = load(rooms + g * lanes), racked = at.racked_it[h][g];
      at.open[h][g] = choose(above(racked, room), room / racked, all(1.0));
    });
  }
  for (int i = 0; i < at.site->active_lots; ++i) {
    ActiveLot& a = at.lots[i];
    GroupRow* housed_rows = a.placed + a.n;
    GroupRow* installed_rows = housed_rows + a.n;
    each(at.groups, [&](std::ptrdiff_t g) {
      Lanes closed = zero();
      for (int s = 0; s < a.n; ++s) {
        const int hall = a.slots[s].hall;
        const Lanes open = hall >= 0 ? at.open[hall][g] : all(1.0);
        const Lanes racked = load(a.racked + s * width + g * lanes), housed = racked * open;
        housed_rows[s][g] = housed;
        installed_rows[s][g] = load(a.installed + s * width + g * lanes) * open;
        closed = closed + not_below_zero(racked - housed);
      }
      (*a.closed)[g] = closed;
    });
    a.housed = reinterpret_cast<const double*>(housed_rows);
    a.housed_installed = reinterpret_cast<const double*>(installed_rows);
    a.apart = stretch_groups * lanes;
    a.fills = at.groups;
  }
}

// Room left in the halls by what is racked.
inline void open_rooms(const KernelBlock& b, Stretch& at) {
  const std::ptrdiff_t width = b.width;
  Groups over = 0;
  for (int h = 0; h < at.site->halls; ++h) {
    const double* rooms = b.room + b.site_halls[at.site->first_hall + h] * width + at.first_path;
    each(at.groups, [&, racked_it = at.racked_it + h, left = at.room + h](std::ptrdiff_t g) {
      const Lanes room = load(rooms + g * lanes), racked = (*racked_it)[g];
      (*left)[g] = not_below_zero(room - racked);
      over |= group_if(any(above(racked, room)), g);
    });
  }
  at.any_closed = !b.lift_shell && over != 0;
  if (at.any_closed) close_rooms(b, at);
}

// R7: installed chips first, then racked ones still installing, each by key, as far as the power of
// the site goes.
template <bool one_slot>
inline void power_racked(const KernelBlock& b, Stretch& at) {
  if (at.any_closed) {  // other chips than keep_racked gave it to
    give_power(b, at);
    for (int i = 0; i < at.site->active_lots; ++i) {
      ActiveLot& a = at.lots[i];
      a.stands = 0;
      each(at.groups,
           [&](std::ptrdiff_t g) { a.stands |= group_if(power_installed<false>(at, a, g), g); });
    }
  }
  for (int i = 0; i < at.site->active_lots; ++i) {
    ActiveLot& a = at.lots[i];
    if (a.stands == 0) continue;
    each(at.groups, [&, power = at.power](std::ptrdiff_t g) {
      Lanes left = (*power)[g];
      for (int s = 0; s < slots_of<one_slot>(a); ++s) {
        const Lanes lit = smaller(a.stood[s][g], left * all(a.slots[s].per_mw));
        left = not_below_zero(left - lit * all(a.slots[s].mw_each));
        a.lit_racked[s][g] = a.lit_racked[s][g] + lit;
      }
      (*power)[g] = left;
    });
  }
  each(at.any_closed ? at.groups : at.waits,
       [&](std::ptrdiff_t g) { (*at.power_racked)[g] = (*at.power)[g]; });
}

}  // namespace
