// Placement, crews, blame and failures of a block of paths: reference_placement.cc side by side.
// One group of paths at a time through a whole site: what a step hands to the next stays in
// registers or in the first cache. A step is left out only where every path of the group has
// nothing for it, so that it could only add zeros.

#include "fleet/blame_kernel.h"
#include "fleet/install_kernel.h"
#include "fleet/keep_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

// The same again: only the ramps look back at this month too, until they have seen it long enough.
static inline void stand_still(const KernelBlock& b, const KernelSite& site, int group,
                               int site_group) {
  if (b.month - b.placed_in[site_group] >= b.ramp_rows) return;
  for (int i = 0; i < site.active_lots; ++i)
    note_quiet(b, b.site_order[site.first_lot + i], group * lanes);
}

// Whether nothing that placement follows from has changed since the month before, and that one
// moved nothing: no date of the site, no power of its sources, no order of its lots.
static inline bool stands_still(const KernelBlock& b, int site_index, int site_group) {
  return !b.first && b.site_moves[site_group] == 0 && b.supply_stood[site_group] != 0 &&
         b.placed_any[site_group] == 0 && b.site_reordered[site_index] == 0;
}

// With shell, power and installation lifted whatever is delivered runs, in the notional hall.
static void run_freely(const KernelBlock& b, const KernelSite& site, int site_index) {
  const int groups = b.width / lanes;
  for (int group = 0; group < groups; ++group) {
    const int site_group = site_index * groups + group;
    const bool moves = b.first || (b.site_moves[site_group] & moves_lots) != 0;
    b.placed_now[site_group] = moves ? 1 : 0;
    if (!moves) {
      stand_still(b, site, group, site_group);
      continue;
    }
    b.placed_in[site_group] = b.month;
    const std::ptrdiff_t p = group * lanes;
    for (int i = 0; i < site.active_lots; ++i) {
      const std::ptrdiff_t l = b.site_order[site.first_lot + i], to = l * b.width + p;
      const KernelLot& lot = b.lot[l];
      const KernelSlot& slot = b.slot[lot.first_slot + lot.slots - 1];
      const Lanes present = load(b.present + to);
      const bool installed_moves = note_installed(b, lot, l, p, present);
      if (!installed_moves && !b.slots_vary) continue;
      note_means(b, to, present, zero(), present * all(slot.annual_pue));
      store(b.out_housed + to, present);
      if (installed_moves) b.lot_moved[to / lanes] = 1;
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
  at.stood = take(slots);
  at.lit_racked = take(slots);
  at.placed = take(slots);
  Lanes* const housed = take(slots);
  at.waiting = take(site.active_lots);
  at.closed = take(site.active_lots);
  at.lit = take(site.active_lots);
  at.lit_s = take(site.active_lots);
  at.left_out = take(site.active_lots);
  at.waits = b.marks;
  at.stands = at.waits + site.active_lots;
  at.left = at.stands + site.active_lots;
  at.racked_it = take(site.halls);
  at.open = take(site.halls);
  at.room = take(site.halls);
  at.room_e = take(site.halls);
  at.room_s = take(site.halls);
  at.room_c = take(site.halls);
  at.room_h = take(site.halls);
  at.room_sc = take(site.halls);

  const int groups = b.width / lanes;
  const bool blames = b.blame && !b.history;
  for (int group = 0; group < groups; ++group) {
    const int site_group = site_index * groups + group;
    const bool stood = stands_still(b, site_index, site_group);
    b.placed_now[site_group] = stood ? 0 : 1;
    if (stood) {
      stand_still(b, site, group, site_group);
      continue;
    }
    b.placed_in[site_group] = b.month;
    const std::ptrdiff_t p = group * lanes;
    Kept kept;
    keep_racked(b, site, at, kept, p);
    open_rooms(b, site, at, housed, kept, p);
    const Lanes fleet_mw =
        b.lift_power ? all(__builtin_inf())
                     : load(b.fleet_mw + site_index * static_cast<std::ptrdiff_t>(b.width) + p);
    const Lanes power = power_racked(b, site, at, kept, fleet_mw);
    const Outcome outcome = fill_and_install(b, site, site_index, at, kept, power, p);
    b.placed_any[site_group] = outcome.any_moved ? 1 : 0;
    if (!blames) continue;
    if (outcome.any_dark)
      blame(b, site, at, kept, power, p);
    else if (b.dirty_blame[site_group] != 0)
      blame_nothing(b, site, p);
    b.dirty_blame[site_group] = outcome.any_dark ? 1 : 0;
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
