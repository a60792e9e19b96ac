#pragma once
// What a site does with its megawatts and where its energy comes from, on one vector of paths:
// reference_power.cc side by side. Part of market_kernel.cc.

#include "fleet/kernel_data.h"
#include "fleet/lanes.h"

namespace {

using namespace warmshell::fleet;

inline constexpr double hours_per_month = 730;

// Sums over the lots of a site, in placement order.
struct SiteUse {
  Lanes used, customers, energy;
};

// R22 and energy, one lot: what is sold or failed, what is idle, what is drawn.
inline void count_lot(const KernelBlock& b, const KernelLot& lot, int to, SiteUse& use) {
  if (!b.lift_power) {
    const Lanes mw_each = load(b.mean_mw + to);
    use.used = use.used + mw_each * (load(b.out_state[5] + to) + load(b.sold_all + to));
    use.customers = use.customers + mw_each * load(b.idle + to);
  }
  const Lanes kw =
      load(b.out_installed + to) * all(lot.idle_kw) + load(b.out_state[9] + to) * all(lot.busy_kw);
  use.energy = use.energy + kw * all(hours_per_month / 1000) * load(b.mean_pue + to);
}

// R22, the site: what is left waits for a shell, or for chips.
inline void count_megawatts(const KernelBlock& b, int site, const SiteUse& use, int p) {
  const int at = site * b.width + p;
  const Lanes free = not_below_zero(load(b.fleet_mw + at) - load(b.lit_mw + at));
  const Lanes shell = smaller(load(b.could_use + at), free);
  store(b.out_megawatt[3] + at, use.used);
  store(b.out_megawatt[5] + at, use.customers);
  store(b.out_megawatt[6] + at, shell);
  store(b.out_megawatt[7] + at, free - shell);
}

// Whether a source of the site asks another price than the month before.
inline bool prices_move(const KernelBlock& b, const KernelSite& site, int p) {
  bool move = false;
  for (int i = 0; i < site.sources; ++i) {
    const int at = b.site_sources[site.first_source + i] * b.width + p;
    move |= store_new(b.price_before + at, load(b.price_per_mwh + at));
  }
  return move;
}

// Energy at the meter, and from which source: cheapest first, up to firm MW.
inline void count_energy(const KernelBlock& b, int site_index, Lanes energy, Lanes* gives, int p) {
  const KernelSite& site = b.site[site_index];
  const int* sources = b.site_sources + site.first_source;
  store(b.out_energy + site_index * b.width + p, energy);
  if (b.lift_power) return;  // from no source
  const Lanes hours = all(hours_per_month);
  Lanes most = zero();
  for (int s = 0; s < site.sources; ++s) {
    gives[s] = load(b.firm + sources[s] * b.width + p) * hours;
    most = most + gives[s];
  }
  const Mask beyond = both(above(energy, most), above(most, zero()));
  const Lanes stretch = any(beyond) ? choose(beyond, energy / most, all(1.0)) : all(1.0);
  for (int s = 0; s < site.sources; ++s) {
    const int at = sources[s] * b.width + p;
    const Lanes price = load(b.price_per_mwh + at);
    Lanes cheaper = zero();
    for (int o = 0; o < site.sources; ++o) {
      if (o == s) continue;
      const Lanes theirs = load(b.price_per_mwh + sources[o] * b.width + p);
      cheaper = cheaper + where(o < s ? at_most(theirs, price) : above(price, theirs), gives[o]);
    }
    const Lanes given = not_below_zero(smaller(energy - cheaper, gives[s]));
    store(b.out_source_energy + at, given * stretch);
  }
}

}  // namespace
