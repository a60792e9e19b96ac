// Deliveries, room and power of a block of paths: reference.cc and reference_power.cc side by side.

#include <cstddef>

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
      if (moves) b.lot_moved[l * groups + p / lanes] = 1;
      store(b.present + at, count * part_of_month(t, arrives, retired));
    }
  }
}

// Room of the halls of a site.
static inline void open_halls(const KernelBlock& b, const KernelSite& site, int p) {
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
static inline bool curtailment_moves(const KernelBlock& b, const KernelSite& site, int p) {
  bool moves = false;
  for (int i = 0; i < site.sources && !b.same_curtailment; ++i) {
    const int at = b.site_sources[site.first_source + i] * b.width + p;
    moves |= any(differ(load(b.curtailed_share + at), load(b.curtailed_before + at)));
  }
  return moves;
}

// One source on one vector of paths, before bridges yield.
struct Supply {
  Lanes contracted, not_energised, opened, energised, up;
};
static inline Supply source_supply(const KernelBlock& b, const KernelSource& source, int p) {
  constexpr double never = __builtin_inf();
  Supply sum{zero(), zero(), zero(), zero(), zero()};
  if (source.lasts) {  // no end and no outage: up is energised is opened
    for (int k = 0; k < source.tranches; ++k) {
      const Lanes mw = all(b.tranche_mw[source.first_tranche + k]);
      const Lanes opens = load(b.opens + (source.first_tranche + k) * b.width + p);
      const Mask comes = above(all(never), opens);
      const Lanes until = not_below_zero(smaller(opens, all(b.month + 1)) - all(b.month));
      sum.contracted = sum.contracted + where(comes, mw);
      sum.not_energised = sum.not_energised + where(comes, mw * until);
      sum.opened = sum.opened + mw * part_since(b.month, opens);
    }
    sum.energised = sum.up = sum.opened;
    return sum;
  }
  const Lanes ends = all(source.ends);
  const Lanes stands = part_of_month(b.month, all(-never), ends);
  for (int k = 0; k < source.tranches; ++k) {
    const Lanes mw = all(b.tranche_mw[source.first_tranche + k]);
    const Lanes opens = load(b.opens + (source.first_tranche + k) * b.width + p);
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

// What a group of paths carries through the sources of a site.
struct SupplyScratch {  // rows of lanes by source
  Lanes* contracted;
  Lanes* energised;
  Lanes* firm;
  Lanes* nominal;
  Lanes* ever;
};

// R4: the bridges of one source yield together, in name order, MW for MW, and do not come back.
static inline void yield_bridges(const KernelBlock& b, const KernelSite& site,
                                 const SupplyScratch& at) {
  Lanes left = zero();
  int group = -1;
  for (int i = 0; i < site.bridges; ++i) {
    const KernelBridge& bridge = b.bridge[site.first_bridge + i];
    const int s = bridge.source;
    if (bridge.yields_to != group) {
      group = bridge.yields_to;
      left = at.ever[group];
    }
    const Lanes yields = smaller(at.nominal[s], left);
    left = not_below_zero(left - yields);
    const Lanes share = where(above(at.nominal[s], zero()), yields / at.nominal[s]);
    const Lanes kept = all(1.0) - share;
    at.contracted[s] = at.contracted[s] - at.energised[s] * share;
    at.energised[s] = at.energised[s] * kept;
    at.firm[s] = at.firm[s] * kept;
  }
}

// The sources of a site, then its tenants.
static void power_site(const KernelBlock& b, const KernelSite& site, const SupplyScratch& at,
                       int site_index, int p) {
  const int width = b.width, n = site.sources;
  const int* sources = b.site_sources + site.first_source;
  Lanes not_energised = zero();
  for (int s = 0; s < n; ++s) {
    const KernelSource& source = b.source[sources[s]];
    const Supply now = source_supply(b, source, p);
    const Lanes curtailed = load(b.curtailed_share + sources[s] * width + p);
    const Lanes share = all(source.firm_share) * (all(1.0) - curtailed);
    store(b.curtailed_before + sources[s] * width + p, curtailed);
    at.contracted[s] = now.contracted;
    not_energised = not_energised + now.not_energised;
    at.energised[s] = now.energised;
    at.firm[s] = now.up * share;
    at.nominal[s] = now.energised * share;
    at.ever[s] = now.opened * share;
  }
  if (site.bridges > 0) yield_bridges(b, site, at);

  bool moves = false;
  Lanes site_contracted = zero(), site_reserve = zero(), site_firm = zero();
  for (int s = 0; s < n; ++s) {
    site_contracted = site_contracted + at.contracted[s];
    site_reserve = site_reserve + not_below_zero(at.energised[s] - at.firm[s]);
    site_firm = site_firm + at.firm[s];
    store(b.firm + sources[s] * width + p, at.firm[s]);
    moves |= store_new(b.out_energised + sources[s] * width + p, at.energised[s]);
  }

  Lanes left = site_firm, tenants = zero();
  for (int i = 0; i < site.halls; ++i) {
    const int h = b.site_halls[site.first_hall + i];
    const KernelHall& hall = b.hall[h];
    if (!hall.let) continue;
    const Lanes live = smaller(load(b.room + h * width + p) * all(hall.peak_pue), left);
    left = not_below_zero(left - live);
    tenants = tenants + live;
    moves |= store_new(b.out_let + h * width + p, live);
  }

  const int to = site_index * width + p;
  store(b.fleet_mw + to, left);
  moves |= store_new(b.out_megawatt[0] + to, site_contracted);
  moves |= store_new(b.out_megawatt[1] + to, not_energised);
  moves |= store_new(b.out_megawatt[2] + to, site_reserve);
  moves |= store_new(b.out_megawatt[8] + to, tenants);
  moves |= store_new(b.out_megawatt[9] + to, site_firm);
  if (moves) b.site_moved[to / lanes] = 1;
}

void supply(const KernelBlock& b) {
  const bool asks_room = !(b.lift_shell && b.lift_power && b.lift_installation);
  const int groups = b.width / lanes;
  for (int s = 0; s < b.sites; ++s) {
    const KernelSite& site = b.site[s];
    SupplyScratch at;
    at.contracted = reinterpret_cast<Lanes*>(b.scratch);
    at.energised = at.contracted + site.sources;
    at.firm = at.energised + site.sources;
    at.nominal = at.firm + site.sources;
    at.ever = at.nominal + site.sources;
    for (int group = 0; group < groups; ++group) {
      const int p = group * lanes;
      const Mark moves = b.first ? moves_all : b.site_moves[s * groups + group];
      if (asks_room && (moves & moves_rooms) != 0) open_halls(b, site, p);
      const bool powers =
          !b.lift_power && ((moves & moves_power) != 0 || curtailment_moves(b, site, p));
      if (powers) power_site(b, site, at, s, p);
      b.supply_stood[s * groups + group] = powers ? 0 : 1;
    }
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
