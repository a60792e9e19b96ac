// Placement, crews, blame and failures of a block of paths: reference_placement.cc side by side.
// The groups of paths of a site that something moves, side by side, step by step: what a step hands
// to the next stays in the first cache. A step is left out only where every path of the group has
// nothing for it, so that it could only add zeros.

#include "fleet/blame_kernel.h"
#include "fleet/groups_kernel.h"
#include "fleet/install_kernel.h"
#include "fleet/keep_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

// The same again: only the ramps look back at this month too, until they have seen it long enough.
static inline void stand_still(const KernelBlock& b, const KernelSite& site, std::ptrdiff_t group,
                               std::ptrdiff_t site_group) {
  if (b.month - b.placed_in[site_group] >= b.ramp_rows) return;
  for (int i = 0; i < site.active_lots; ++i)
    note_quiet(b, b.site_order[site.first_lot + i], group * lanes);
}

// Notes which groups of a stretch of a site are placed this month.
static inline void note_placed(const KernelBlock& b, const KernelSite& site, int site_index,
                               int first, Groups anew, int n) {
  const std::ptrdiff_t from = site_index * (b.width / lanes) + first;
  mark_groups(b.placed_now + from, anew, n);
  each(anew, [&](std::ptrdiff_t g) { b.placed_in[from + g] = b.month; });
  if (b.ramp_rows > 0)
    each(all_groups(n) & ~anew,
         [&](std::ptrdiff_t g) { stand_still(b, site, first + g, from + g); });
}

// The groups in which nothing that placement follows from has changed since the month before, and
// that one moved nothing: no date of the site, no power of its sources, no order of its lots.
static inline Groups stood_still(const KernelBlock& b, int site_index, int first, int n) {
  if (b.first || b.site_reordered[site_index] != 0) return 0;
  const std::ptrdiff_t from = site_index * (b.width / lanes) + first;
  return marked(b.supply_stood + from, 1, n) & ~marked(b.site_moves + from, moves_all, n) &
         ~marked(b.placed_any + from, 1, n);
}

// With shell, power and installation lifted whatever is delivered runs, in the notional hall.
static void run_freely(const KernelBlock& b, const KernelSite& site, int site_index) {
  const int groups = b.width / lanes;
  for (int first = 0; first < groups; first += stretch_groups) {
    const int n = groups - first < stretch_groups ? groups - first : stretch_groups;
    const Groups anew =
        b.first ? all_groups(n) : marked(b.site_moves + site_index * groups + first, moves_lots, n);
    note_placed(b, site, site_index, first, anew, n);
    for (int i = 0; anew != 0 && i < site.active_lots; ++i) {
      const std::ptrdiff_t l = b.site_order[site.first_lot + i];
      const KernelLot& lot = b.lot[l];
      const KernelSlot& slot = b.slot[lot.first_slot + lot.slots - 1];
      each(anew, [&](std::ptrdiff_t g) {
        const std::ptrdiff_t p = (first + g) * lanes, to = l * b.width + p;
        const Lanes present = load(b.present + to);
        const bool installed_moves = note_installed(b, lot, l, p, present);
        if (!installed_moves && !b.slots_vary) return;
        note_means(b, to, present, zero(), present * all(slot.annual_pue));
        store(b.out_housed + to, present);
        if (installed_moves) b.lot_moved[to / lanes] |= moved_running;
      });
    }
  }
}

// The active lots of a site and the rows of a stretch, one after the other in the scratch memory.
static Stretch stretch_of(const KernelBlock& b, const KernelSite& site, int site_index) {
  Stretch at{};
  at.site = &site;
  at.site_index = site_index;
  GroupRow* next = reinterpret_cast<GroupRow*>(b.scratch);
  GroupRow** const by_hall[] = {&at.racked_it, &at.open,   &at.room,   &at.room_e,
                                &at.room_s,    &at.room_c, &at.room_h, &at.room_sc};
  for (GroupRow** rows : by_hall) {
    *rows = next;
    next += site.halls;
  }
  GroupRow** const of_site[] = {&at.power,         &at.power_racked, &at.power_c,
                                &at.power_h,       &at.racks,        &at.lit_mw,
                                &at.installing_mw, &at.could_use,    &at.moved};
  for (GroupRow** row : of_site) *row = next++;
  GroupRow* lots = next;
  next += (site.active_lots * sizeof(ActiveLot) + sizeof(GroupRow) - 1) / sizeof(GroupRow);
  at.lots = reinterpret_cast<ActiveLot*>(lots);
  for (int i = 0; i < site.active_lots; ++i) {
    ActiveLot& a = at.lots[i];
    a.l = b.site_order[site.first_lot + i];
    a.lot = b.lot + a.l;
    a.slots = b.slot + a.lot->first_slot;
    a.n = b.lift_cooling || b.lift_shell ? a.lot->slots : a.lot->own;
    GroupRow** const of_lot[] = {&a.waiting,    &a.closed, &a.lit,
                                 &a.housed_all, &a.lit_s,  &a.left_out};
    for (GroupRow** row : of_lot) *row = next++;
    GroupRow** const by_slot[] = {&a.stood, &a.lit_racked, &a.placed};
    for (GroupRow** rows : by_slot) {
      *rows = next;
      next += a.n;
    }
    next += 2 * a.n;  // close_rooms
  }
  return at;
}

static void point_at_paths(const KernelBlock& b, Stretch& at) {
  const std::ptrdiff_t width = b.width;
  for (int i = 0; i < at.site->active_lots; ++i) {
    ActiveLot& a = at.lots[i];
    a.present = b.present + a.l * width + at.first_path;
    a.racked = b.racked + a.lot->first_slot * width + at.first_path;
    a.installed = b.installed + a.lot->first_slot * width + at.first_path;
    a.housed = a.racked;
    a.housed_installed = a.installed;
    a.apart = width;
    a.leaves = b.lot_retires[a.l] != 0 || !a.lot->always_whole;
  }
}

template <bool one_slot>
static void place_stretch(const KernelBlock& b, Stretch& at) {
  point_at_paths(b, at);
  keep_racked<one_slot>(b, at);
  open_rooms(b, at);
  power_racked<one_slot>(b, at);
  const bool blames = b.blame && !b.history;
  if (blames) fill_by_power<one_slot>(at);  // before anything is placed
  const Groups dark = fill_and_install<one_slot>(b, at);
  if (!blames) return;
  if (dark != 0) blame(b, at, dark);
  Mark* dirty = b.dirty_blame + (at.site_index * b.width + at.first_path) / lanes;
  each(at.groups, [&](std::ptrdiff_t g) {
    if (!holds(dark, g) && dirty[g] != 0) blame_nothing(b, at, g);
    dirty[g] = holds(dark, g) ? 1 : 0;
  });
}

static void place_site(const KernelBlock& b, const KernelSite& site, int site_index) {
  const int groups = b.width / lanes;
  Stretch at{};
  bool one_slot = true;
  for (int first = 0; first < groups; first += stretch_groups) {
    const int n = groups - first < stretch_groups ? groups - first : stretch_groups;
    const Groups anew = all_groups(n) & ~stood_still(b, site_index, first, n);
    note_placed(b, site, site_index, first, anew, n);
    if (anew == 0) continue;
    if (at.site == nullptr) {
      at = stretch_of(b, site, site_index);
      for (int i = 0; i < site.active_lots; ++i) one_slot &= at.lots[i].n == 1;
    }
    at.first_path = static_cast<std::ptrdiff_t>(first) * lanes;
    at.groups = anew;
    if (one_slot)
      place_stretch<true>(b, at);
    else
      place_stretch<false>(b, at);
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
