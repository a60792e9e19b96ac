#pragma once
// What a site does with its megawatts and where its energy comes from, on a strip of paths:
// reference_power.cc side by side. Part of market_kernel.cc.

#include "fleet/kernel_data.h"
#include "fleet/lanes.h"
#include "fleet/strip.h"

namespace {

using namespace warmshell::fleet;

inline constexpr double hours_per_month = 730;

// R22, the site: what is left waits for a shell, or for chips.
inline void count_megawatts(const KernelBlock& b, Lanes used, Lanes customers, long at) {
  const Lanes free = not_below_zero(load(b.fleet_mw + at) - load(b.lit_mw + at));
  const Lanes shell = smaller(load(b.could_use + at), free);
  store(b.out_megawatt[3] + at, used);
  store(b.out_megawatt[5] + at, customers);
  store(b.out_megawatt[6] + at, shell);
  store(b.out_megawatt[7] + at, free - shell);
}

// R22 and energy, over the lots of a site in placement order: what is sold or failed, what is idle,
// what is drawn.
template <bool megawatts, class Strip>
inline void count_lots(const KernelBlock& b, const Strip& strip, const KernelSite& site, int s) {
  Lanes used[Strip::groups], customers[Strip::groups], energy[Strip::groups];
  strip.each([&](int g) { used[g] = customers[g] = energy[g] = zero(); });
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = b.site_order[site.first_lot + i];
    const KernelLot& lot = b.lot[l];
    const Lanes failed_share = all(lot.failed_share);
    const Lanes idle_kw = all(lot.idle_kw), busy_kw = all(lot.busy_kw);
    const long from = strip.at(l, 0);
    strip.each([&](int g) {
      const long to = from + g * lanes;
      const Lanes installed = load(b.out_installed + to);
      if constexpr (megawatts) {
        const Lanes mw_each = load(b.mean_mw + to), failed = installed * failed_share;
        used[g] = used[g] + mw_each * (failed + load(b.sold_all + to));
        customers[g] = customers[g] + mw_each * load(b.idle + to);
      }
      const Lanes kw = installed * idle_kw + load(b.out_state[9] + to) * busy_kw;
      energy[g] = energy[g] + kw * all(hours_per_month / 1000) * load(b.mean_pue + to);
    });
  }
  strip.each([&](int g) {
    const long to = strip.at(s, g);
    if constexpr (megawatts) count_megawatts(b, used[g], customers[g], to);
    store(b.out_energy + to, energy[g]);
  });
}

// Where a source of the site asks another price than the month before.
template <class Strip>
inline Paths prices_move(const KernelBlock& b, const Strip& strip, const KernelSite& site) {
  Paths move = 0;
  for (int i = 0; i < site.sources; ++i)
    for (int g = 0; g < Strip::groups; ++g) {
      const long at = strip.at(b.site_sources[site.first_source + i], g);
      move |= group_if(store_new(b.price_before + at, load(b.price_per_mwh + at)), g);
    }
  return move;
}

// What the sources of a site can give, and the cheaper ones before each.
template <class Strip>
inline void rank_sources(const KernelBlock& b, const Strip& strip, const KernelSite& site, int s) {
  const int* sources = b.site_sources + site.first_source;
  const Lanes hours = all(hours_per_month);
  strip.each([&](int g) {
    Lanes most = zero();
    for (int i = 0; i < site.sources; ++i) {
      most = most + load(b.firm + strip.at(sources[i], g)) * hours;
      store(b.cheaper_mwh + strip.at(sources[i], g), zero());
    }
    store(b.most_mwh + strip.at(s, g), most);
  });
  for (int i = 0; i < site.sources; ++i)
    for (int o = i + 1; o < site.sources; ++o)
      strip.each([&](int g) {
        const long one = strip.at(sources[i], g), other = strip.at(sources[o], g);
        const Lanes price = load(b.price_per_mwh + one), theirs = load(b.price_per_mwh + other);
        const Lanes gives = load(b.firm + one) * hours, theirs_gives = load(b.firm + other) * hours;
        store(b.cheaper_mwh + other,
              load(b.cheaper_mwh + other) + where(at_most(price, theirs), gives));
        store(b.cheaper_mwh + one,
              load(b.cheaper_mwh + one) + where(above(price, theirs), theirs_gives));
      });
}

// From which source the site's energy comes: cheapest first, up to firm MW.
template <class Strip>
inline void count_sources(const KernelBlock& b, const Strip& strip, const KernelSite& site, int s) {
  const int* sources = b.site_sources + site.first_source;
  Lanes energy[Strip::groups], stretch[Strip::groups];
  strip.each([&](int g) {
    energy[g] = load(b.out_energy + strip.at(s, g));
    const Lanes most = load(b.most_mwh + strip.at(s, g));
    const Mask beyond = both(above(energy[g], most), above(most, zero()));
    stretch[g] = any(beyond) ? choose(beyond, energy[g] / most, all(1.0)) : all(1.0);
  });
  for (int i = 0; i < site.sources; ++i) {
    const long from = strip.at(sources[i], 0);
    strip.each([&](int g) {
      const long at = from + g * lanes;
      const Lanes most_here = load(b.firm + at) * all(hours_per_month);
      const Lanes given = not_below_zero(smaller(energy[g] - load(b.cheaper_mwh + at), most_here));
      store(b.out_source_energy + at, given * stretch[g]);
    });
  }
}

}  // namespace
