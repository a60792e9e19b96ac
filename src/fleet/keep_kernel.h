#pragma once
// What stays racked, and the power of it, on one group of paths: reference_placement.cc side by
// side. Part of placement_kernel.cc.

#include <cstddef>

#include "fleet/kernel_data.h"
#include "fleet/lanes.h"

namespace {

using namespace warmshell::fleet;

// What a group of paths carries through one site: rows of lanes by slot of the site's active lots
// (in placement order), by lot in that order, by hall.
struct PlacementScratch {
  // by slot
  Lanes* racked;
  Lanes* housed;      // racked in the open part of its hall
  Lanes* installed;   // of them
  Lanes* stood;       // of them, not yet installed
  Lanes* lit_racked;  // of them, powered
  Lanes* placed;      // newly, this month
  // by lot
  Lanes* waiting;
  Lanes* closed;  // racked and not housed
  Lanes* lit;
  Lanes* lit_s;     // S of R10: power unlimited
  Lanes* left_out;  // what waits or is closed even then
  Mark* waits;      // some of `waiting` is above 0
  Mark* stands;     // some of `stood` is above 0
  Mark* left;       // some of `left_out` is above 0
  // by hall
  Lanes* racked_it;
  Lanes* open;
  Lanes* room;    // left by what is racked
  Lanes* room_e;  // left by each fill of R10
  Lanes* room_s;
  Lanes* room_c;
  Lanes* room_h;
  Lanes* room_sc;
};

// Whether any lot waits for a place, waits for crews, stands in a hall closed to it.
struct Kept {
  bool any_waits, any_stands, any_closed;
};

inline int slots_in_use(const KernelBlock& b, const KernelLot& lot) {
  return b.lift_cooling || b.lift_shell ? lot.slots : lot.own;
}
inline bool slot_open(const KernelBlock& b, const KernelSlot& slot) {
  if (slot.kind == KernelSlotKind::other) return b.lift_cooling;
  if (slot.kind == KernelSlotKind::notional) return b.lift_shell;
  return true;
}

// Whether some of what stood the month before may leave: at the end of its life, by a retrofit.
inline bool some_leave(const KernelBlock& b, const KernelLot& lot, int l) {
  return b.lot_retires[l] != 0 || !lot.always_whole;
}

// Of what stood the month before, the share that stays when all of it ends at one date.
inline Lanes share_that_stays(int month, Lanes end) {
  const Lanes before = all(1.0) - part_since(month - 1, end);
  const Lanes now = all(1.0) - part_since(month, end);
  return where(above(before, zero()), now / before);
}

// R2: racked chips hold their room until they are gone; the rest of what is delivered waits.
inline void keep_racked(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at,
                        Kept& kept, std::ptrdiff_t p) {
  const std::ptrdiff_t width = b.width;
  const int* order = b.site_order + site.first_lot;
  for (int h = 0; h < site.halls; ++h) at.racked_it[h] = zero();
  kept.any_waits = false;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = order[i];
    const KernelLot& lot = b.lot[l];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    double* racked_from = b.racked + lot.first_slot * width + p;
    double* installed_from = b.installed + lot.first_slot * width + p;
    const bool leaves = some_leave(b, lot, l);
    const Lanes stays = leaves && lot.mortal
                            ? share_that_stays(b.month, load(b.retired + l * width + p))
                            : all(1.0);
    Lanes sum = zero();
    for (int s = 0; s < n; ++s, ++row, racked_from += width, installed_from += width) {
      Lanes racked = load(racked_from), installed = load(installed_from);
      if (leaves) {
        const Lanes share = stays * all(slots[s].leaves);
        racked = racked * share;
        installed = installed * share;
        store(racked_from, racked);
        store(installed_from, installed);
      }
      at.racked[row] = racked;
      at.installed[row] = installed;
      sum = sum + racked;
      const int hall = slots[s].hall;
      if (hall >= 0) at.racked_it[hall] = at.racked_it[hall] + racked * all(lot.it_mw_each);
    }
    const Lanes waiting = beyond_rounding(load(b.present + l * width + p) - sum, lot.tiny);
    const bool waits = any(above(waiting, zero()));
    at.waiting[i] = waiting;
    at.waits[i] = waits ? 1 : 0;
    kept.any_waits |= waits;
  }
}

// Room left in the halls of a site by what is racked. Whether none holds more than its open room.
inline bool leave_rooms(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at,
                        std::ptrdiff_t p) {
  bool all_open = true;
  for (int h = 0; h < site.halls; ++h) {
    const std::ptrdiff_t hall = b.site_halls[site.first_hall + h];
    const Lanes room = load(b.room + hall * b.width + p);
    const Mask over = above(at.racked_it[h], room);
    at.room[h] = not_below_zero(room - at.racked_it[h]);
    if (!b.lift_shell && any(over)) {
      if (all_open)
        for (int k = 0; k < site.halls; ++k) at.open[k] = all(1.0);
      at.open[h] = choose(over, room / at.racked_it[h], all(1.0));
      all_open = false;
    }
  }
  return all_open;
}

// What is racked beyond the open room of its hall stands dark in it.
inline void close_rooms(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at) {
  const int* order = b.site_order + site.first_lot;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    Lanes closed = zero();
    for (int s = 0; s < n; ++s, ++row) {
      const int hall = slots[s].hall;
      at.housed[row] = at.racked[row];
      if (hall < 0) continue;
      at.housed[row] = at.racked[row] * at.open[hall];
      at.installed[row] = at.installed[row] * at.open[hall];
      closed = closed + not_below_zero(at.racked[row] - at.housed[row]);
    }
    at.closed[i] = closed;
  }
}

// What is housed of what is racked, and what of it still waits for crews.
inline void open_rooms(const KernelBlock& b, const KernelSite& site, PlacementScratch& at,
                       Lanes* housed_rows, Kept& kept, std::ptrdiff_t p) {
  kept.any_closed = !leave_rooms(b, site, at, p);
  at.housed = kept.any_closed ? housed_rows : at.racked;
  if (kept.any_closed) close_rooms(b, site, at);
}

// R7: installed chips first, then racked ones still installing, each by key. Returns the power that
// is left.
inline Lanes power_racked(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at,
                          Kept& kept, Lanes left) {
  const int* order = b.site_order + site.first_lot;
  kept.any_stands = false;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    bool stands = false;
    for (int s = 0; s < n; ++s, ++row) {
      const Lanes installed = at.installed[row];
      const Lanes stood = beyond_rounding(at.housed[row] - installed, lot.tiny);
      stands |= any(above(stood, zero()));
      at.stood[row] = stood;
      const Lanes lit = smaller(installed, left * all(slots[s].per_mw));
      left = not_below_zero(left - lit * all(slots[s].mw_each));
      at.lit_racked[row] = lit;
    }
    at.stands[i] = stands ? 1 : 0;
    kept.any_stands |= stands;
  }
  if (!kept.any_stands) return left;
  row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    if (at.stands[i] == 0) {
      row += n;
      continue;
    }
    for (int s = 0; s < n; ++s, ++row) {
      const Lanes lit = smaller(at.stood[row], left * all(slots[s].per_mw));
      left = not_below_zero(left - lit * all(slots[s].mw_each));
      at.lit_racked[row] = at.lit_racked[row] + lit;
    }
  }
  return left;
}

}  // namespace
