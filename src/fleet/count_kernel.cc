// The uses of megawatts and the energy of a block of paths: reference_power.cc side by side.

#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

inline constexpr double hours_per_month = 730;

// R22: what is sold or failed, idle, installing, waiting.
static inline void count_megawatts(const KernelBlock& b, const KernelSite& site, int site_index,
                                   int p) {
  const int* order = b.site_order + site.first_lot;
  Lanes used = zero(), customers = zero();
  for (int i = 0; i < site.active_lots; ++i) {
    const int at = order[i] * b.width + p;
    const Lanes mw_each = load(b.mean_mw + at);
    used = used + mw_each * (load(b.out_state[5] + at) + load(b.sold_total + at));
    customers = customers + mw_each * load(b.idle + at);
  }
  const int at = site_index * b.width + p;
  const Lanes free = not_below_zero(load(b.fleet_mw + at) - load(b.lit_mw + at));
  const Lanes shell = smaller(load(b.could_use + at), free);
  store(b.out_megawatt[3] + at, used);
  store(b.out_megawatt[5] + at, customers);
  store(b.out_megawatt[6] + at, shell);
  store(b.out_megawatt[7] + at, free - shell);
}

// Energy at the meter, and from which source: cheapest first, up to firm MW.
static inline void count_energy(const KernelBlock& b, const KernelSite& site, int site_index,
                                int p) {
  const int* order = b.site_order + site.first_lot;
  Lanes energy = zero();
  for (int i = 0; i < site.active_lots; ++i) {
    const KernelLot& lot = b.lot[order[i]];
    const int at = order[i] * b.width + p;
    const Lanes kw = load(b.out_installed + at) * all(lot.idle_kw) +
                     load(b.out_state[9] + at) * all(lot.busy_kw);
    energy = energy + kw * all(hours_per_month / 1000) * load(b.mean_pue + at);
  }
  store(b.out_energy + site_index * b.width + p, energy);

  const int* sources = b.site_sources + site.first_source;
  const Lanes hours = all(hours_per_month);
  Lanes most = zero();
  for (int s = 0; s < site.sources; ++s)
    most = most + load(b.firm + sources[s] * b.width + p) * hours;
  const Mask beyond = both(above(energy, most), above(most, zero()));
  const Lanes stretch = choose(beyond, energy / most, all(1.0));
  for (int s = 0; s < site.sources; ++s) {
    const int at = sources[s] * b.width + p;
    const Lanes price = load(b.price_per_mwh + at);
    Lanes cheaper = zero();
    for (int o = 0; o < site.sources; ++o) {
      if (o == s) continue;
      const Lanes theirs = load(b.price_per_mwh + sources[o] * b.width + p);
      const Lanes gives = load(b.firm + sources[o] * b.width + p) * hours;
      cheaper = cheaper + where(o < s ? at_most(theirs, price) : above(price, theirs), gives);
    }
    const Lanes given = not_below_zero(smaller(energy - cheaper, load(b.firm + at) * hours));
    store(b.out_source_energy + at, given * stretch);
  }
}

void count(const KernelBlock& b) {
  for (int s = 0; s < b.sites; ++s) {
    for (int p = 0; p < b.width; p += lanes) {
      count_megawatts(b, b.site[s], s, p);
      count_energy(b, b.site[s], s, p);
    }
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
