// Deliveries, room and power of a block of paths: reference.cc and reference_power.cc side by side.

#include "fleet/groups_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

void deliver(const KernelBlock& b) {
  const int t = b.month, groups = b.width / lanes;
  for (int l = 0; l < b.lots; ++l) {
    const KernelLot& lot = b.lot[l];
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(l) * b.width;
    const double* delivered = b.delivered + row;
    double* ages = b.out_age + row;
    for (int p = 0; p < b.width; p += lanes)
      store(ages + p, not_below_zero(all(t + 1) - load(delivered + p)));
    if (!b.first && b.lot_moves[l] == 0) continue;
    const Lanes count = all(lot.count), ordered_month = all(lot.ordered);
    for (int p = 0; p < b.width; p += lanes) {
      const std::ptrdiff_t at = row + p;
      const Lanes arrives = load(delivered + p);
      const Lanes cancelled = load(b.cancelled + at), retired = load(b.retired + at);
      const Lanes leaves_transit = smaller(arrives, cancelled);
      const Lanes in_transit = count * part_of_month(t, ordered_month, leaves_transit);
      const Lanes gone = count * part_since(t, retired) + count * part_since(t, cancelled);
      bool moves = store_new(b.out_ordered + at, count * part_since(t, ordered_month));
      moves |= store_new(b.out_delivered + at, count * part_since(t, arrives));
      moves |= store_new(b.out_gone + at, gone);
      moves |= store_new(b.out_state[0] + at, in_transit);
      if (moves) b.lot_moved[l * groups + p / lanes] = moved_dates;
      store(b.present + at, count * part_of_month(t, arrives, retired));
    }
  }
}

// Room of the halls of a site.
static inline void open_halls(const KernelBlock& b, const KernelSite& site, std::ptrdiff_t p) {
  for (int i = 0; i < site.halls; ++i) {
    const int h = b.site_halls[site.first_hall + i];
    const KernelHall& hall = b.hall[h];
    const Lanes warm = load(b.warm + h * b.width + p);
    Lanes open = part_since(b.month, warm);
    for (int o = 0; o < hall.outages; ++o) {
      const KernelOutage& outage = b.outage[hall.first_outage + o];
      open = open - all(outage.share) *
                        part_of_month(b.month, larger(warm, all(outage.from)), all(outage.to));
    }
    store(b.room + h * b.width + p, all(hall.it_mw) * not_below_zero(open));
  }
}

// Whether the curtailment of a source of the site is another than its power was worked out with.
static inline bool curtailment_moves(const KernelBlock& b, const KernelSite& site,
                                     std::ptrdiff_t p) {
  bool moves = false;
  for (int i = 0; i < site.sources; ++i) {
    const std::ptrdiff_t at = b.site_sources[site.first_source + i] * b.width + p;
    moves |= any(differ(load(b.curtailed_share + at), load(b.curtailed_before + at)));
  }
  return moves;
}

// What a stretch of paths carries through one site: rows by source.
struct SupplyScratch {
  GroupRow* contracted;
  GroupRow* energised;
  GroupRow* firm;
  GroupRow* nominal;        // energised, at the firm share
  GroupRow* ever;           // opened so far, at the firm share
  GroupRow* not_energised;  // of the site
};

// One source on one group of paths, before bridges yield.
struct Supply {
  Lanes contracted, not_energised, opened, energised, up;
};
// Every tranche is open on every path, and lasts.
static inline Supply settled_supply(const KernelBlock& b, const KernelSource& source) {
  Lanes sum = zero();
  for (int k = 0; k < source.tranches; ++k) sum = sum + all(b.tranche_mw[source.first_tranche + k]);
  return {sum, zero(), sum, sum, sum};
}
// It has no end and no outage: up is energised is opened.
static inline Supply lasting_supply(const KernelBlock& b, const KernelSource& source,
                                    std::ptrdiff_t p) {
  const double* opens_row =
      b.opens + source.first_tranche * static_cast<std::ptrdiff_t>(b.width) + p;
  Supply sum{zero(), zero(), zero(), zero(), zero()};
  for (int k = 0; k < source.tranches; ++k, opens_row += b.width) {
    const Lanes mw = all(b.tranche_mw[source.first_tranche + k]), opens = load(opens_row);
    const Mask comes = above(all(__builtin_inf()), opens);
    const Lanes until = not_below_zero(smaller(opens, all(b.month + 1)) - all(b.month));
    sum.contracted = sum.contracted + where(comes, mw);
    sum.not_energised = sum.not_energised + where(comes, mw * until);
    sum.opened = sum.opened + mw * part_since(b.month, opens);
  }
  sum.energised = sum.up = sum.opened;
  return sum;
}
static inline Supply ending_supply(const KernelBlock& b, const KernelSource& source,
                                   std::ptrdiff_t p) {
  constexpr double never = __builtin_inf();
  const double* opens_row =
      b.opens + source.first_tranche * static_cast<std::ptrdiff_t>(b.width) + p;
  Supply sum{zero(), zero(), zero(), zero(), zero()};
  const Lanes ends = all(source.ends);
  const Lanes stands = part_of_month(b.month, all(-never), ends);
  for (int k = 0; k < source.tranches; ++k, opens_row += b.width) {
    const Lanes mw = all(b.tranche_mw[source.first_tranche + k]), opens = load(opens_row);
    const Mask comes = above(all(never), opens);
    sum.contracted = sum.contracted + where(comes, mw * stands);
    sum.not_energised = sum.not_energised + where(comes, mw * part_of_month(b.month, all(-never),
                                                                            smaller(opens, ends)));
    const Lanes part = part_of_month(b.month, opens, ends);
    sum.opened = sum.opened + mw * part_since(b.month, opens);
    sum.energised = sum.energised + mw * part;
    Lanes up = part;
    for (int o = 0; o < source.outages; ++o) {
      const KernelOutage& outage = b.outage[source.first_outage + o];
      up = up - all(outage.share) * part_of_month(b.month, larger(opens, all(outage.from)),
                                                  smaller(ends, all(outage.to)));
    }
    sum.up = sum.up + mw * not_below_zero(up);
  }
  return sum;
}

// R3: a source, in those groups whose power is worked out anew.
static inline void open_source(const KernelBlock& b, const SupplyScratch& at, int index, int s,
                               std::ptrdiff_t first_path, Groups groups) {
  const KernelSource& source = b.source[index];
  const bool settled = source.lasts && b.last_opening[index] <= b.month;
  const std::ptrdiff_t row = index * static_cast<std::ptrdiff_t>(b.width) + first_path;
  each(groups, [&](std::ptrdiff_t g) {
    const std::ptrdiff_t p = first_path + g * lanes;
    const Supply now = settled        ? settled_supply(b, source)
                       : source.lasts ? lasting_supply(b, source, p)
                                      : ending_supply(b, source, p);
    const Lanes curtailed = load(b.curtailed_share + row + g * lanes);
    const Lanes share = all(source.firm_share) * (all(1.0) - curtailed);
    if (!b.same_curtailment || b.first) store(b.curtailed_before + row + g * lanes, curtailed);
    at.contracted[s][g] = now.contracted;
    (*at.not_energised)[g] = (*at.not_energised)[g] + now.not_energised;
    at.energised[s][g] = now.energised;
    at.firm[s][g] = now.up * share;
    at.nominal[s][g] = now.energised * share;
    at.ever[s][g] = now.opened * share;
  });
}

// R4: the bridges of one source yield together, in name order, MW for MW, and do not come back.
static inline void yield_bridges(const KernelBlock& b, const KernelSite& site,
                                 const SupplyScratch& at, std::ptrdiff_t g) {
  Lanes left = zero();
  int until = -1;
  for (int i = 0; i < site.bridges; ++i) {
    const KernelBridge& bridge = b.bridge[site.first_bridge + i];
    const int s = bridge.source;
    if (bridge.yields_to != until) {
      until = bridge.yields_to;
      left = at.ever[until][g];
    }
    const Lanes nominal = at.nominal[s][g];
    const Lanes yields = smaller(nominal, left);
    left = not_below_zero(left - yields);
    const Lanes share = where(above(nominal, zero()), yields / nominal);
    const Lanes kept = all(1.0) - share;
    at.contracted[s][g] = at.contracted[s][g] - at.energised[s][g] * share;
    at.energised[s][g] = at.energised[s][g] * kept;
    at.firm[s][g] = at.firm[s][g] * kept;
  }
}

// The sources of a site together, then its tenants.
static inline void sum_power(const KernelBlock& b, const KernelSite& site, const SupplyScratch& at,
                             int site_index, std::ptrdiff_t first_path, std::ptrdiff_t g) {
  const std::ptrdiff_t width = b.width, p = first_path + g * lanes;
  bool moves = false;
  Lanes contracted = zero(), reserve = zero(), firm = zero();
  for (int s = 0; s < site.sources; ++s) {
    const std::ptrdiff_t to = b.site_sources[site.first_source + s] * width + p;
    const Lanes energised_here = at.energised[s][g], firm_here = at.firm[s][g];
    contracted = contracted + at.contracted[s][g];
    reserve = reserve + not_below_zero(energised_here - firm_here);
    firm = firm + firm_here;
    store(b.firm + to, firm_here);
    moves |= store_new(b.out_energised + to, energised_here);
  }
  Lanes left = firm, tenants = zero();
  bool lets = false;
  for (int i = 0; i < site.halls; ++i) {
    const std::ptrdiff_t h = b.site_halls[site.first_hall + i];
    const KernelHall& hall = b.hall[h];
    if (!hall.let) continue;
    lets = true;
    const Lanes live = smaller(load(b.room + h * width + p) * all(hall.peak_pue), left);
    left = not_below_zero(left - live);
    tenants = tenants + live;
    moves |= store_new(b.out_let + h * width + p, live);
  }
  const std::ptrdiff_t to = site_index * width + p;
  store(b.fleet_mw + to, left);
  moves |= store_new(b.out_megawatt[0] + to, contracted);
  moves |= store_new(b.out_megawatt[1] + to, (*at.not_energised)[g]);
  moves |= store_new(b.out_megawatt[2] + to, reserve);
  if (lets) moves |= store_new(b.out_megawatt[8] + to, tenants);
  moves |= store_new(b.out_megawatt[9] + to, firm);
  if (moves) b.site_moved[to / lanes] |= moved_supply;
}

static inline void power_site(const KernelBlock& b, const KernelSite& site, int site_index,
                              std::ptrdiff_t first_path, Groups groups) {
  SupplyScratch at;
  at.not_energised = reinterpret_cast<GroupRow*>(b.scratch);
  at.contracted = at.not_energised + 1;
  at.energised = at.contracted + site.sources;
  at.firm = at.energised + site.sources;
  at.nominal = at.firm + site.sources;
  at.ever = at.nominal + site.sources;
  each(groups, [&](std::ptrdiff_t g) { (*at.not_energised)[g] = zero(); });
  for (int s = 0; s < site.sources; ++s)
    open_source(b, at, b.site_sources[site.first_source + s], s, first_path, groups);
  each(groups, [&](std::ptrdiff_t g) {
    if (site.bridges > 0) yield_bridges(b, site, at, g);
    sum_power(b, site, at, site_index, first_path, g);
  });
}

void supply(const KernelBlock& b) {
  const bool asks_room = !(b.lift_shell && b.lift_power && b.lift_installation);
  const int groups = b.width / lanes;
  if (!asks_room) {  // and then none of power either: it is lifted too
    if (b.first)
      for (int i = 0; i < b.sites * groups; ++i) b.supply_stood[i] = 1;
    return;
  }
  for (int s = 0; s < b.sites; ++s) {
    const KernelSite& site = b.site[s];
    for (int first = 0; first < groups; first += stretch_groups) {
      const int n = groups - first < stretch_groups ? groups - first : stretch_groups;
      const std::ptrdiff_t from = s * groups + first, first_path = first * lanes;
      const auto moved = [&](Mark what) {
        return b.first ? all_groups(n) : marked(b.site_moves + from, what, n);
      };
      if (asks_room)
        each(moved(moves_rooms),
             [&](std::ptrdiff_t g) { open_halls(b, site, first_path + g * lanes); });
      Groups anew = b.lift_power ? 0 : moved(moves_power);
      if (!b.lift_power && !b.same_curtailment)
        each(all_groups(n) & ~anew, [&](std::ptrdiff_t g) {
          anew |= group_if(curtailment_moves(b, site, first_path + g * lanes), g);
        });
      mark_groups(b.supply_stood + from, ~anew, n);
      if (anew != 0) power_site(b, site, s, first_path, anew);
    }
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
