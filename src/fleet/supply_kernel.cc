// Deliveries, room and power of a block of paths: reference.cc and reference_power.cc side by side.

#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

void deliver(const KernelBlock& b) {
  const int width = b.width, t = b.month;
  for (int l = 0; l < b.lots; ++l) {
    const KernelLot& lot = b.lot[l];
    const double* delivered = b.delivered + l * width;
    if (!b.lot_moves[l]) {  // as the month before, but older
      for (int p = 0; p < width; p += lanes) {
        const Lanes age = not_below_zero(all(t + 1) - load(delivered + p));
        store(b.out_age + l * width + p, age);
      }
      continue;
    }
    const Lanes count = all(lot.count), ordered_month = all(lot.ordered);
    for (int p = 0; p < width; p += lanes) {
      const int at = l * width + p;
      const Lanes arrives = load(delivered + p);
      const Lanes cancelled = load(b.cancelled + at), retired = load(b.retired + at);
      store(b.out_ordered + at, count * part_since(t, ordered_month));
      store(b.out_delivered + at, count * part_since(t, arrives));
      store(b.out_gone + at, count * part_since(t, retired) + count * part_since(t, cancelled));
      const Lanes leaves_transit = smaller(arrives, cancelled);
      store(b.out_state[0] + at, count * part_of_month(t, ordered_month, leaves_transit));
      store(b.present + at, count * part_of_month(t, arrives, retired));
      store(b.out_age + at, not_below_zero(all(t + 1) - arrives));
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

// Whether nothing that supply and room follow from has changed since the month before: no date of
// the site moves them, and the curtailment is the same.
static inline bool stands(const KernelBlock& b, const KernelSite& site, int site_index, int p) {
  const int blocks = b.width / kernel_lanes;
  if (b.first || b.site_moves[site_index * blocks + p / kernel_lanes] != 0) return false;
  bool same = true;
  for (int i = 0; i < site.sources && !b.lift_power && !b.same_curtailment; ++i) {
    const int at = b.site_sources[site.first_source + i] * b.width + p;
    same &= !any(differ(load(b.curtailed_share + at), load(b.curtailed_before + at)));
  }
  return same;
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

// R4: the bridges of one source yield together, in name order, MW for MW, and do not come back.
static inline void yield_bridges(const KernelBlock& b, const KernelSite& site, Lanes* contracted,
                                 Lanes* energised, Lanes* firm, const Lanes* nominal,
                                 const Lanes* ever) {
  Lanes left = zero();
  int group = -1;
  for (int i = 0; i < site.bridges; ++i) {
    const KernelBridge& bridge = b.bridge[site.first_bridge + i];
    const int s = bridge.source;
    if (bridge.yields_to != group) {
      group = bridge.yields_to;
      left = ever[group];
    }
    const Lanes yields = smaller(nominal[s], left);
    left = not_below_zero(left - yields);
    const Lanes share = where(above(nominal[s], zero()), yields / nominal[s]);
    const Lanes kept = all(1.0) - share;
    contracted[s] = contracted[s] - energised[s] * share;
    energised[s] = energised[s] * kept;
    firm[s] = firm[s] * kept;
  }
}

// The sources of a site, then its tenants.
static void supply_site(const KernelBlock& b, const KernelSite& site, int site_index) {
  const int width = b.width, n = site.sources;
  const int* sources = b.site_sources + site.first_source;
  Lanes* contracted = reinterpret_cast<Lanes*>(b.scratch);
  Lanes* energised = contracted + n;
  Lanes* firm = energised + n;
  Lanes* nominal = firm + n;
  Lanes* ever = nominal + n;
  for (int p = 0; p < width; p += lanes) {
    Mark& stood = b.supply_stood[site_index * (width / lanes) + p / lanes];
    stood = stands(b, site, site_index, p) ? 1 : 0;
    if (stood != 0) continue;
    open_halls(b, site, p);
    if (b.lift_power) continue;
    Lanes not_energised = zero();
    for (int s = 0; s < n; ++s) {
      const KernelSource& source = b.source[sources[s]];
      const Supply now = source_supply(b, source, p);
      const Lanes curtailed = load(b.curtailed_share + sources[s] * width + p);
      const Lanes share = all(source.firm_share) * (all(1.0) - curtailed);
      store(b.curtailed_before + sources[s] * width + p, curtailed);
      contracted[s] = now.contracted;
      not_energised = not_energised + now.not_energised;
      energised[s] = now.energised;
      firm[s] = now.up * share;
      nominal[s] = now.energised * share;
      ever[s] = now.opened * share;
    }
    if (site.bridges > 0) yield_bridges(b, site, contracted, energised, firm, nominal, ever);

    Lanes site_contracted = zero(), site_reserve = zero(), site_firm = zero();
    for (int s = 0; s < n; ++s) {
      site_contracted = site_contracted + contracted[s];
      site_reserve = site_reserve + not_below_zero(energised[s] - firm[s]);
      site_firm = site_firm + firm[s];
      store(b.firm + sources[s] * width + p, firm[s]);
      store(b.out_energised + sources[s] * width + p, energised[s]);
    }

    Lanes left = site_firm, tenants = zero();
    for (int i = 0; i < site.halls; ++i) {
      const int h = b.site_halls[site.first_hall + i];
      const KernelHall& hall = b.hall[h];
      if (!hall.let) continue;
      const Lanes live = smaller(load(b.room + h * width + p) * all(hall.peak_pue), left);
      left = not_below_zero(left - live);
      tenants = tenants + live;
      store(b.out_let + h * width + p, live);
    }

    const int at = site_index * width + p;
    store(b.fleet_mw + at, left);
    store(b.out_megawatt[0] + at, site_contracted);
    store(b.out_megawatt[1] + at, not_energised);
    store(b.out_megawatt[2] + at, site_reserve);
    store(b.out_megawatt[8] + at, tenants);
    store(b.out_megawatt[9] + at, site_firm);
  }
}

void supply(const KernelBlock& b) {
  for (int s = 0; s < b.sites; ++s) supply_site(b, b.site[s], s);
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
