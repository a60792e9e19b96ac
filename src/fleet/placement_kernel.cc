// Placement, crews, blame and failures of a block of paths: reference_placement.cc side by side.
// One vector of paths at a time through a whole site: what a step hands to the next stays in
// registers or in the first cache. A step is left out only where every path of the vector has
// nothing for it, so that it could only add zeros.

#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

// What a vector of paths carries through one site: rows of lanes, by slot of the site's active lots
// (in placement order), by lot in that order, by hall.
struct PlacementScratch {
  // by slot
  Lanes* racked;
  Lanes* installed;
  Lanes* housed;      // racked in the open part of its hall
  Lanes* stood;       // of them, not yet installed
  Lanes* lit_racked;  // of them, powered
  // by lot
  Lanes* waiting;
  Lanes* closed;
  Lanes* lit;
  Mark* waits;   // some of `waiting` is above 0
  Mark* stands;  // some of `stood` is above 0
  // by hall
  Lanes* racked_it;
  Lanes* room_left;
  Lanes* open;
  Lanes* room_s;
  Lanes* room_c;
  Lanes* room_h;
  Lanes* room_sc;
};

static inline int slots_in_use(const KernelBlock& b, const KernelLot& lot) {
  return b.lift_cooling || b.lift_shell ? lot.slots : lot.own;
}
static inline bool slot_open(const KernelBlock& b, const KernelSlot& slot) {
  if (slot.kind == KernelSlotKind::other) return b.lift_cooling;
  if (slot.kind == KernelSlotKind::notional) return b.lift_shell;
  return true;
}

// Of what stood the month before, the share that stays when all of it ends at one date.
static inline Lanes share_that_stays(int month, Lanes end) {
  const Lanes before = all(1.0) - part_since(month - 1, end);
  const Lanes now = all(1.0) - part_since(month, end);
  return where(above(before, zero()), now / before);
}

// R2: racked chips hold their room until they are gone; the rest of what is delivered waits.
static inline bool keep_racked(const KernelBlock& b, const KernelSite& site,
                               const PlacementScratch& at, int p) {
  const int* order = b.site_order + site.first_lot;
  for (int h = 0; h < site.halls; ++h) at.racked_it[h] = zero();
  bool any_waits = false;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    const bool whole = !lot.mortal && lot.always_whole;
    const Lanes stays =
        lot.mortal ? share_that_stays(b.month, load(b.retired + order[i] * b.width + p)) : all(1.0);
    Lanes sum = zero();
    for (int s = 0; s < n; ++s, ++row) {
      const int from = (lot.first_slot + s) * b.width + p;
      Lanes racked = load(b.racked + from), installed = load(b.installed + from);
      if (!whole) {
        const Lanes share = stays * all(slots[s].leaves);
        racked = racked * share;
        installed = installed * share;
        store(b.installed + from, installed);
      }
      at.racked[row] = racked;
      at.installed[row] = installed;
      sum = sum + racked;
      if (slots[s].hall >= 0)
        at.racked_it[slots[s].hall] = at.racked_it[slots[s].hall] + racked * all(lot.it_mw_each);
    }
    const Lanes waiting = beyond_rounding(load(b.present + order[i] * b.width + p) - sum, lot.tiny);
    at.waits[i] = any(above(waiting, zero())) ? 1 : 0;
    any_waits |= at.waits[i] != 0;
    at.waiting[i] = waiting;
  }
  return any_waits;
}

// What is racked beyond the open room of its hall stands dark in it. Whether any of it still waits
// for crews.
static inline bool open_rooms(const KernelBlock& b, const KernelSite& site,
                              const PlacementScratch& at, int p) {
  const int* order = b.site_order + site.first_lot;
  bool all_open = true;
  for (int h = 0; h < site.halls; ++h) {
    const int hall = b.site_halls[site.first_hall + h];
    const Lanes room = load(b.room + hall * b.width + p);
    const Mask over = above(at.racked_it[h], room);
    at.room_left[h] = not_below_zero(room - at.racked_it[h]);
    at.open[h] = all(1.0);
    if (!b.lift_shell && any(over)) {
      at.open[h] = choose(over, room / at.racked_it[h], all(1.0));
      all_open = false;
    }
  }
  bool any_stands = false;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    Lanes closed = zero();
    bool stands = false;
    for (int s = 0; s < n; ++s, ++row) {
      Lanes housed = at.racked[row], installed = at.installed[row];
      if (!all_open && slots[s].hall >= 0) {
        housed = housed * at.open[slots[s].hall];
        installed = installed * at.open[slots[s].hall];
        closed = closed + not_below_zero(at.racked[row] - housed);
      }
      const Lanes stood = beyond_rounding(housed - installed, lot.tiny);
      stands |= any(above(stood, zero()));
      at.housed[row] = housed;
      at.stood[row] = stood;
      at.lit_racked[row] = installed;  // until power is counted
    }
    at.closed[i] = closed;
    at.stands[i] = stands ? 1 : 0;
    any_stands |= stands;
  }
  return any_stands;
}

// R7: installed chips first, then racked ones still installing, each by key.
static inline Lanes power_racked(const KernelBlock& b, const KernelSite& site,
                                 const PlacementScratch& at, Lanes power, bool any_stands) {
  const int* order = b.site_order + site.first_lot;
  Lanes left = power;
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    for (int s = 0; s < n; ++s, ++row) {
      const Lanes installed = at.lit_racked[row];
      const Lanes lit = smaller(installed, left * all(slots[s].per_mw));
      left = not_below_zero(left - lit * all(slots[s].mw_each));
      at.installed[row] = installed;
      at.lit_racked[row] = lit;
    }
  }
  if (!any_stands) return left;
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

// The same chips work as the month before. Where nothing has changed for as long as the ramps look
// back, every row of the ring holds it already.
static inline void note_quiet(const KernelBlock& b, int l, int p) {
  Mark& quiet = b.quiet[l * (b.width / lanes) + p / lanes];
  if (quiet < 255) ++quiet;
  if (quiet < b.ramp_rows)
    store(b.worked + (b.newest_row * b.lots + l) * b.width + p, load(b.working + l * b.width + p));
}

// What follows from the installed chips of a lot (R9), and where they stand.
static inline void note_installed(const KernelBlock& b, const KernelLot& lot, int l, int p,
                                  Lanes installed, Lanes installed_mw, Lanes weighted_pue) {
  const int to = l * b.width + p;
  const Mask some = above(installed, zero());
  if (!b.lift_power) store(b.mean_mw + to, where(some, installed_mw / installed));
  store(b.mean_pue + to, where(some, weighted_pue / installed));
  const Lanes working = installed * all(lot.working_share);
  if (store_new(b.working + to, working)) {
    b.quiet[l * (b.width / lanes) + p / lanes] = 0;
    if (b.ramp_rows > 0) store(b.worked + (b.newest_row * b.lots + l) * b.width + p, working);
  } else {
    note_quiet(b, l, p);
  }
  store(b.out_installed + to, installed);
  store(b.out_state[5] + to, installed * all(lot.failed_share));
}

// The placement of the month (E of R10), crews (R8) and failures (R9). Whether any chip stays dark,
// and whether any was placed or installed.
struct Outcome {
  bool any_dark, any_moved;
};
static inline Outcome fill_and_install(const KernelBlock& b, const KernelSite& site, int site_index,
                                       const PlacementScratch& at, Lanes power, bool any_waits,
                                       int p) {
  const int* order = b.site_order + site.first_lot;
  const int width = b.width;
  const bool crews = site.crews && !b.lift_installation;
  Lanes racks = all(site.racks);
  Lanes site_lit_mw = zero(), site_installing_mw = zero(), could_use = zero();
  bool any_dark = false;
  Lanes moved = zero();
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = order[i];
    const KernelLot& lot = b.lot[l];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const int n = slots_in_use(b, lot);
    Lanes waiting = at.waiting[i];
    Lanes lit = zero(), housed = zero(), installed = zero(), installing = zero();
    Lanes installed_mw = zero(), installing_mw = zero(), lit_mw = zero(), weighted_pue = zero();
    for (int s = 0; s < n; ++s) lit = lit + (b.lift_power ? at.housed : at.lit_racked)[row + s];
    const bool whole = !lot.mortal && lot.always_whole;
    const bool stirs = at.waits[i] != 0 || at.stands[i] != 0;
    if (!stirs && !(b.lift_shell && any(above(at.closed[i], zero())))) {
      // Nothing waits for a place or for crews: what is installed and powered runs.
      for (int s = 0; s < n; ++s, ++row) {
        const Lanes runs = at.lit_racked[row];
        housed = housed + at.housed[row];
        installed = installed + runs;
        installed_mw = installed_mw + runs * all(slots[s].mw_each);
        weighted_pue = weighted_pue + runs * all(slots[s].annual_pue);
        if (!whole) store(b.racked + (lot.first_slot + s) * width + p, at.racked[row]);
      }
      lit_mw = installed_mw;
    } else {
      for (int s = 0; s < n; ++s, ++row) {
        const KernelSlot& slot = slots[s];
        const Lanes mw_each = all(slot.mw_each);
        Lanes placed = zero();
        if (any_waits && slot_open(b, slot)) {
          Lanes can = waiting;
          if (slot.hall >= 0) {
            Lanes room = at.room_left[slot.hall];
            if (!slot.fits_all && !b.lift_cooling) room = smaller(all(slot.fit_it_mw), room);
            can = smaller(room * all(lot.per_it_mw), waiting);
          } else {
            can = waiting + at.closed[i];
          }
          placed = beyond_rounding(smaller(power * all(slot.per_mw), can), lot.tiny);
          power = not_below_zero(power - placed * mw_each);
          waiting = not_below_zero(waiting - placed);
          if (slot.hall >= 0)
            at.room_left[slot.hall] =
                not_below_zero(at.room_left[slot.hall] - placed * all(lot.it_mw_each));
          lit = lit + placed;
        }

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
        housed = housed + (at.housed[row] + placed);
        installed = installed + slot_installed;
        installing = installing + slot_installing;
        installed_mw = installed_mw + slot_installed * mw_each;
        installing_mw = installing_mw + slot_installing * mw_each;
        lit_mw = lit_mw + slot_lit * mw_each;
        weighted_pue = weighted_pue + slot_installed * all(slot.annual_pue);

        // State of the next month.
        const int to = (lot.first_slot + s) * width + p;
        if (any_waits || !whole) store(b.racked + to, at.racked[row] + placed);
        store(b.installed + to, load(b.installed + to) + (of_stood + of_placed));
        moved = moved + (placed + of_stood);
      }
    }
    at.lit[i] = lit;

    const int to = l * width + p;
    const Lanes present = load(b.present + to);
    const Lanes dark = present - lit;
    any_dark |= any(above(dark, all(0.5 * lot.tiny)));
    could_use = could_use + not_below_zero(dark) * all(slots[lot.slots - 1].mw_each);
    site_lit_mw = site_lit_mw + lit_mw;
    site_installing_mw = site_installing_mw + installing_mw;

    // In one place, what follows from the installed chips does so alone.
    if (n == 1 && !b.first && !b.slots_vary && same(installed, load(b.out_installed + to)))
      note_quiet(b, l, p);
    else
      note_installed(b, lot, l, p, installed, installed_mw, weighted_pue);
    store_new(b.out_housed + to, housed);
    if (store_new(b.out_state[4] + to, installing))
      b.dark_moves[l * (width / lanes) + p / lanes] = 1;
  }
  const int to = site_index * width + p;
  store(b.lit_mw + to, site_lit_mw);
  store(b.could_use + to, could_use);
  if (!b.lift_power) store(b.out_megawatt[4] + to, site_installing_mw);
  return {any_dark, any(above(moved, zero()))};
}

// R12: the first later opening of power, and of a hall of the lot.
static inline Lanes next_power(const KernelBlock& b, const KernelSite& site, int p) {
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
static inline Lanes next_hall(const KernelBlock& b, const KernelSite& site, const KernelLot& lot,
                              int p) {
  Lanes next = all(__builtin_inf());
  const Lanes today = all(b.month);
  for (int s = 0; s < lot.own; ++s) {
    const int hall = b.site_halls[site.first_hall + b.slot[lot.first_slot + s].hall];
    const Lanes opens = load(b.hall_gate + hall * b.width + p);
    next = choose(above(opens, today), smaller(opens, next), next);
  }
  return next;
}

// The fills of R10 that lift something, for one lot; rooms and powers run on to the next lot.
struct Fills {
  Lanes s, c, h, b, sc;
};
static inline Fills lifted_fills(const KernelLot& lot, const KernelSlot* slots,
                                 const PlacementScratch& at, int i, int row, Lanes& power_c,
                                 Lanes& power_h) {
  Lanes lit = zero(), housed = zero();
  for (int s = 0; s < lot.own; ++s) {
    lit = lit + at.lit_racked[row + s];
    housed = housed + at.housed[row + s];
  }
  Fills fill{housed, lit, lit, housed, housed};
  const Lanes it_mw = all(lot.it_mw_each), per_it = all(lot.per_it_mw);
  Lanes waits_s = at.waiting[i], waits_c = waits_s, waits_h = waits_s, waits_sc = waits_s;
  const int with_cooling = lot.slots - 1;
  for (int s = 0; s < with_cooling; ++s) {
    const KernelSlot& slot = slots[s];
    const int hall = slot.hall;
    const Lanes mw_each = all(slot.mw_each), per_mw = all(slot.per_mw);

    const Lanes placed_c = smaller(power_c * per_mw, smaller(at.room_c[hall] * per_it, waits_c));
    power_c = not_below_zero(power_c - placed_c * mw_each);
    waits_c = not_below_zero(waits_c - placed_c);
    at.room_c[hall] = not_below_zero(at.room_c[hall] - placed_c * it_mw);
    fill.c = fill.c + placed_c;

    const Lanes placed_sc = smaller(at.room_sc[hall] * per_it, waits_sc);
    waits_sc = not_below_zero(waits_sc - placed_sc);
    at.room_sc[hall] = not_below_zero(at.room_sc[hall] - placed_sc * it_mw);
    fill.sc = fill.sc + placed_sc;

    if (s >= lot.own) continue;
    Lanes room_s = at.room_s[hall], room_h = at.room_h[hall];
    if (!slot.fits_all) {
      room_s = smaller(all(slot.fit_it_mw), room_s);
      room_h = smaller(all(slot.fit_it_mw), room_h);
    }
    const Lanes placed_s = smaller(room_s * per_it, waits_s);
    waits_s = not_below_zero(waits_s - placed_s);
    at.room_s[hall] = not_below_zero(at.room_s[hall] - placed_s * it_mw);
    fill.s = fill.s + placed_s;

    const Lanes placed_h = smaller(power_h * per_mw, smaller(room_h * per_it, waits_h));
    power_h = not_below_zero(power_h - placed_h * mw_each);
    waits_h = not_below_zero(waits_h - placed_h);
    at.room_h[hall] = not_below_zero(at.room_h[hall] - placed_h * it_mw);
    fill.h = fill.h + placed_h;
  }
  const KernelSlot& notional = slots[lot.slots - 1];
  const Lanes placed_h = smaller(power_h * all(notional.per_mw), waits_h + at.closed[i]);
  power_h = not_below_zero(power_h - placed_h * all(notional.mw_each));
  fill.h = fill.h + placed_h;
  fill.b = fill.s + (waits_s + at.closed[i]);
  return fill;
}

// R10 to R13: who keeps the rest dark.
static inline void blame(const KernelBlock& b, const KernelSite& site, const PlacementScratch& at,
                         Lanes power, int p) {
  const int* order = b.site_order + site.first_lot;
  for (int h = 0; h < site.halls; ++h) {
    at.room_s[h] = at.room_left[h];
    at.room_c[h] = at.room_left[h];
    at.room_h[h] = at.room_left[h];
    at.room_sc[h] = at.room_left[h];
  }
  Lanes power_c = power, power_h = power;
  const Lanes power_opens = next_power(b, site, p);
  int row = 0;
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = order[i];
    const KernelLot& lot = b.lot[l];
    const KernelSlot* slots = b.slot + lot.first_slot;
    const Fills fill = lifted_fills(lot, slots, at, i, row, power_c, power_h);
    row += lot.own;

    const Lanes e = at.lit[i];
    const Lanes by_power = beyond_rounding(fill.s - e, lot.tiny);
    const Lanes e_s = larger(e, fill.s);
    const Lanes by_cooling = beyond_rounding(fill.c - e_s, lot.tiny);
    const Lanes e_s_c = larger(e_s, fill.c);
    const Lanes by_shell = beyond_rounding(fill.h - e_s_c, lot.tiny);
    const Lanes any_one = larger(e_s_c, fill.h);
    const Lanes two = beyond_rounding(fill.b - any_one, lot.tiny);
    const Lanes both_lit = smaller(fill.b, fill.sc);
    const Lanes two_cooling = smaller(beyond_rounding(both_lit - any_one, lot.tiny), two);
    const Lanes two_shell = two - two_cooling;
    const Mask power_is_later = above(power_opens, next_hall(b, site, lot, p));

    const int to = l * b.width + p;
    bool moves = false;
    const Lanes no_shell = by_shell + choose(power_is_later, zero(), two_shell);
    const Lanes no_cooling = by_cooling + choose(power_is_later, zero(), two_cooling);
    const Lanes no_power = by_power + where(power_is_later, two);
    moves |= store_new(b.out_state[1] + to, no_shell);
    moves |= store_new(b.out_state[2] + to, no_cooling);
    moves |= store_new(b.out_state[3] + to, no_power);
    moves |= store_new(b.out_alone[0] + to, by_shell);
    moves |= store_new(b.out_alone[1] + to, by_cooling);
    moves |= store_new(b.out_alone[2] + to, by_power);
    if (moves) b.dark_moves[l * (b.width / lanes) + p / lanes] = 1;
  }
}

static inline void blame_nothing(const KernelBlock& b, const KernelSite& site, int p) {
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = b.site_order[site.first_lot + i], to = l * b.width + p;
    b.dark_moves[l * (b.width / lanes) + p / lanes] = 1;
    for (int k = 0; k < 3; ++k) {
      store(b.out_state[1 + k] + to, zero());
      store(b.out_alone[k] + to, zero());
    }
  }
}

// Nothing that the site's placement follows from has changed, and the month before moved nothing:
// the same again. Only the ramps look back at this month too.
static inline void stand_still(const KernelBlock& b, const KernelSite& site, int p) {
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = b.site_order[site.first_lot + i];
    b.dark_moves[l * (b.width / lanes) + p / lanes] = 0;
    note_quiet(b, l, p);
  }
}

// With shell, power and installation lifted whatever is delivered runs, in the notional hall.
static void run_freely(const KernelBlock& b, const KernelSite& site, int site_index) {
  for (int p = 0; p < b.width; p += lanes) {
    const int group = site_index * (b.width / lanes) + p / lanes;
    b.placed_now[group] = b.supply_stood[group] != 0 ? 0 : 1;
    if (b.supply_stood[group] != 0) {
      stand_still(b, site, p);
      continue;
    }
    for (int i = 0; i < site.active_lots; ++i) {
      const int l = b.site_order[site.first_lot + i];
      const KernelLot& lot = b.lot[l];
      const KernelSlot& slot = b.slot[lot.first_slot + lot.slots - 1];
      const Lanes present = load(b.present + l * b.width + p);
      note_installed(b, lot, l, p, present, zero(), present * all(slot.annual_pue));
      store(b.out_housed + l * b.width + p, present);
    }
  }
}

static void place_site(const KernelBlock& b, const KernelSite& site, int site_index) {
  int slots = 0;
  for (int i = 0; i < site.active_lots; ++i)
    slots += slots_in_use(b, b.lot[b.site_order[site.first_lot + i]]);
  Lanes* next = reinterpret_cast<Lanes*>(b.scratch);
  const auto take = [&next](int n) {
    Lanes* rows = next;
    next += n;
    return rows;
  };
  PlacementScratch at;
  at.racked = take(slots);
  at.installed = take(slots);
  at.housed = take(slots);
  at.stood = take(slots);
  at.lit_racked = take(slots);
  at.waiting = take(site.active_lots);
  at.closed = take(site.active_lots);
  at.lit = take(site.active_lots);
  at.waits = b.marks;
  at.stands = at.waits + site.active_lots;
  at.racked_it = take(site.halls);
  at.room_left = take(site.halls);
  at.open = take(site.halls);
  at.room_s = take(site.halls);
  at.room_c = take(site.halls);
  at.room_h = take(site.halls);
  at.room_sc = take(site.halls);

  const int first_group = site_index * (b.width / lanes);
  const bool blames = b.blame && !b.history;
  for (int p = 0; p < b.width; p += lanes) {
    const int group = first_group + p / lanes;
    if (b.supply_stood[group] != 0 && b.placed_any[group] == 0 &&
        b.site_reordered[site_index] == 0) {
      b.placed_now[group] = 0;
      stand_still(b, site, p);
      continue;
    }
    b.placed_now[group] = 1;
    for (int i = 0; i < site.active_lots; ++i)
      b.dark_moves[b.site_order[site.first_lot + i] * (b.width / lanes) + p / lanes] = 0;
    const bool any_waits = keep_racked(b, site, at, p);
    const bool any_stands = open_rooms(b, site, at, p);
    const Lanes fleet_mw =
        b.lift_power ? all(__builtin_inf()) : load(b.fleet_mw + site_index * b.width + p);
    const Lanes power = power_racked(b, site, at, fleet_mw, any_stands);
    if (blames && any_waits)
      for (int h = 0; h < site.halls; ++h) at.room_s[h] = at.room_left[h];
    const Outcome outcome = fill_and_install(b, site, site_index, at, power, any_waits, p);
    b.placed_any[group] = outcome.any_moved ? 1 : 0;
    if (!blames) continue;
    if (any_waits)
      for (int h = 0; h < site.halls; ++h) at.room_left[h] = at.room_s[h];
    if (outcome.any_dark)
      blame(b, site, at, power, p);
    else if (b.dirty_blame[group] != 0)
      blame_nothing(b, site, p);
    b.dirty_blame[group] = outcome.any_dark ? 1 : 0;
  }
}

void place(const KernelBlock& b) {
  const bool free = b.lift_shell && b.lift_power && b.lift_installation;
  for (int s = 0; s < b.sites; ++s) {
    if (b.site[s].active_lots == 0) continue;
    if (free)
      run_freely(b, b.site[s], s);
    else
      place_site(b, b.site[s], s);
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
