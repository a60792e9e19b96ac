// Markets of a block of paths: reference_markets.cc side by side, one vector of paths at a time.

#include "fleet/count_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

// Most lots sell what they sold the month before. So a lot is looked at anew only where what works
// of it, ramps, or is accepted has changed; of the others the markets find what they could take as
// the month before left it, and only run their demand down.

// What one vector of paths carries through the markets: rows of lanes by lot, by market.
struct MarketScratch {
  Lanes* sold;       // [lot] so far, of those looked at anew
  Lanes* earning;    // [lot]
  Lanes* underused;  // [lot]
  Lanes* refusing;   // [market] unmet demand not yet counted as refusing
  Lanes* unmet;      // [market] unmet demand not yet handed to the dark
  Lanes* gives;      // [source] of a site
  Mark* anew;        // [lot]
  Mark* stirs;       // [site] some lot of it is looked at anew
  Mark* taken;       // [class] some market accepts another share of it than the month before
};

static inline void look_at(const KernelBlock& b, const MarketScratch& at, int l) {
  at.anew[l] = 1;
  at.stirs[b.lot[l].site] = 1;
  at.sold[l] = at.earning[l] = at.underused[l] = zero();
}

// The lots whose offer to the markets has changed.
static inline void find_new(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int s = 0; s < b.sites; ++s) at.stirs[s] = 0;
  for (int c = 0; c < b.classes; ++c) {
    bool moves = b.first;
    for (int m = 0; m < b.markets; ++m) {
      const int row = m * b.classes + c;
      if (b.accepts[row] == 0) continue;
      moves |=
          store_new(b.accept_before + row * b.width + p, load(b.accept_share + row * b.width + p));
    }
    at.taken[c] = moves ? 1 : 0;
  }
  const int looks_back = b.ramp_rows > 0 ? b.ramp_rows : 1;
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    at.anew[l] = 0;
    if (b.month - b.worked_since[l * (b.width / lanes) + p / lanes] < looks_back ||
        at.taken[b.lot[l].accelerator_class] != 0)
      look_at(b, at, l);
  }
}

// R16: the average of the lot's working chips over the last months.
static inline void ramp_up(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int r = 0; r < b.ramps; ++r) {
    const KernelRamp& ramp = b.ramp[r];
    for (int i = 0; i < b.active_lots; ++i) {
      const int l = b.order[i];
      if (at.anew[l] == 0) continue;
      int row = b.newest_row;
      Lanes sum = zero();
      for (int k = 0; k < ramp.whole_months; ++k) {
        sum = sum + load(b.worked + (row * b.lots + l) * b.width + p);
        row = row == 0 ? b.ramp_rows - 1 : row - 1;
      }
      if (ramp.part > 0)
        sum = sum + load(b.worked + (row * b.lots + l) * b.width + p) * all(ramp.part);
      store(b.ramped + (r * b.lots + l) * b.width + p,
            smaller(sum * all(ramp.per_month), load(b.working + l * b.width + p)));
    }
  }
}

// R15 to R17: what a market could take of a lot.
static inline Lanes open_to(const KernelBlock& b, const MarketScratch& at, int m, int l, int p) {
  const KernelLot& lot = b.lot[l];
  const KernelMarket& market = b.market[m];
  const Lanes working = load(b.working + l * b.width + p);
  const Lanes accepted =
      load(b.accept_share + (m * b.classes + lot.accelerator_class) * b.width + p);
  const Lanes ramped =
      market.ramp < 0 ? working : load(b.ramped + (market.ramp * b.lots + l) * b.width + p);
  const Lanes offered = not_below_zero(ramped - at.sold[l]);
  return smaller(accepted * working, offered);
}

static inline void note_sale(const MarketScratch& at, int l, Lanes sold, Lanes busy) {
  at.sold[l] = at.sold[l] + sold;
  at.earning[l] = at.earning[l] + busy;
  at.underused[l] = at.underused[l] + (sold - busy);
}

// A lot that sells another number than the month before, found at the market at place i of the
// service order: what the markets before it took stands.
static inline void look_at_late(const KernelBlock& b, const MarketScratch& at, int l, int i,
                                int p) {
  look_at(b, at, l);
  for (int k = 0; k < i; ++k) {
    const int row = (b.market_order[k] * b.lots + l) * b.width + p;
    note_sale(at, l, load(b.out_sold + row), load(b.out_busy + row));
  }
}

// R14, R15, R17: markets in their order take the lots they accept in theirs.
static inline void serve_markets(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int i = 0; i < b.markets; ++i) {
    const int m = b.market_order[i];
    const KernelMarket& market = b.market[m];
    Lanes left = load(b.demand_h100e + m * b.width + p);
    for (int k = 0; k < market.takes; ++k) {
      const int l = b.take_order[market.first_take + k];
      const KernelLot& lot = b.lot[l];
      const int row = (m * b.lots + l) * b.width + p;
      const bool stood = at.anew[l] == 0;
      const Lanes open = stood ? load(b.open + row) : open_to(b, at, m, l, p);
      const Lanes sold = smaller(left * all(lot.per_h100e), open);
      left = not_below_zero(left - sold * all(lot.h100e));
      const bool as_before = same(sold, load(b.out_sold + row));
      if (stood && as_before) continue;
      if (stood)
        look_at_late(b, at, l, i, p);
      else
        store(b.open + row, open);
      const Lanes busy = sold * all(market.busy_share);
      note_sale(at, l, sold, busy);
      if (as_before) continue;
      store(b.out_sold + row, sold);
      store(b.out_busy + row, busy);
    }
    store(b.out_unmet + m * b.width + p, left);
    at.refusing[m] = at.unmet[m] = left;
  }
}

// R18: unmet demand that refuses an idle chip, each unit of it once, lots in placement order.
static inline Lanes find_outclassed(const KernelBlock& b, const MarketScratch& at,
                                    const KernelLot& lot, Lanes left, int p) {
  Lanes outclassed = zero();
  if (!any(above(left, zero())) || !(lot.h100e > 0)) return outclassed;
  for (int k = 0; k < b.markets; ++k) {
    const int m = b.market_order[k];
    const int row = m * b.classes + lot.accelerator_class;
    const Lanes accepted = b.accepts[row] != 0 ? load(b.accept_share + row * b.width + p) : zero();
    const Lanes refused = (all(1.0) - accepted) * at.refusing[m];
    const Lanes chips = smaller(refused * all(lot.per_h100e), left);
    at.refusing[m] = not_below_zero(at.refusing[m] - chips * all(lot.h100e));
    left = not_below_zero(left - chips);
    outclassed = outclassed + chips;
  }
  return outclassed;
}

static inline void sell_nothing_dark(const KernelBlock& b, int l, int p) {
  const int to = l * b.width + p;
  for (int k = 0; k < 4; ++k) store(b.out_sellable[k] + to, zero());
  for (int k = 0; k < 3; ++k) store(b.out_sellable_alone[k] + to, zero());
  for (int m = 0; m < b.markets; ++m)
    store(b.out_sellable_to + (m * b.lots + l) * b.width + p, zero());
}

// R19: unmet demand is handed to the dark by placement key, first to chips that one gate cures.
static inline void hand_unmet_demand(const KernelBlock& b, const MarketScratch& at,
                                     const KernelLot& lot, int l, int p) {
  const int groups = b.width / lanes, group = p / lanes;
  const int to = l * b.width + p;
  Mark& dirty = b.dirty_sell[l * groups + group];
  // Whether the same chips are dark as the month before, and as acceptable.
  const bool stood =
      !b.first && b.dark_moves[l * groups + group] == 0 && at.taken[lot.accelerator_class] == 0;
  if (stood && dirty == 0) return;
  const bool gates_bind = b.dirty_blame[lot.site * groups + group] != 0;
  Lanes dark;
  if (stood) {
    dark = load(b.dark + to);
  } else {
    dark = load(b.out_state[4] + to);
    if (gates_bind)
      dark = ((load(b.out_state[1] + to) + load(b.out_state[2] + to)) + load(b.out_state[3] + to)) +
             dark;
    if (!any(above(dark, zero()))) {
      if (dirty != 0) sell_nothing_dark(b, l, p);
      dirty = 0;
      return;
    }
    store(b.dark + to, dark);
    dirty = 1;
  }
  Lanes left = dark, sellable = zero();
  bool other_chips = false;
  for (int k = 0; k < b.markets; ++k) {
    const int m = b.market_order[k];
    const int row = m * b.classes + lot.accelerator_class;
    if (b.accepts[row] == 0 || !(lot.h100e > 0)) continue;
    const Lanes accepted = load(b.accept_share + row * b.width + p);
    const Lanes open = smaller(accepted * dark, left);
    const Lanes chips = smaller(at.unmet[m] * all(lot.per_h100e), open);
    at.unmet[m] = not_below_zero(at.unmet[m] - chips * all(lot.h100e));
    left = not_below_zero(left - chips);
    sellable = sellable + chips;
    other_chips |= store_new(b.out_sellable_to + (m * b.lots + l) * b.width + p, chips);
  }
  if (stood && !other_chips) return;

  const Lanes installing = load(b.out_state[4] + to);
  Lanes alone = installing;
  if (gates_bind)
    alone = ((load(b.out_alone[0] + to) + load(b.out_alone[1] + to)) + load(b.out_alone[2] + to)) +
            installing;
  const Lanes of_alone = smaller(sellable, alone);
  const Lanes share_alone = where(above(alone, zero()), of_alone / alone);
  const Lanes rest = beyond_rounding(dark - alone, lot.tiny);
  const Lanes of_rest = smaller(not_below_zero(sellable - of_alone), rest);
  const Lanes share_rest = where(above(rest, zero()), of_rest / rest);
  for (int k = 0; k < 3; ++k) {
    const Lanes state = load(b.out_state[1 + k] + to);
    const Lanes alone_here = load(b.out_alone[k] + to);
    const Lanes sells = alone_here * share_alone;
    store(b.out_sellable_alone[k] + to, sells);
    store(b.out_sellable[k] + to, sells + (state - alone_here) * share_rest);
  }
  store(b.out_sellable[3] + to, installing * share_alone);
}

// What stays idle of a lot looked at anew.
static inline void settle_anew(const KernelBlock& b, const MarketScratch& at, const KernelLot& lot,
                               int l, int p) {
  const int to = l * b.width + p;
  const Lanes working = load(b.working + to);
  const Lanes sold = at.sold[l];
  const Lanes idle = beyond_rounding(working - sold, lot.tiny);
  Lanes ready = working;
  if (b.every_market_ramps) {
    ready = zero();
    for (int r = 0; r < b.ramps; ++r)
      ready = larger(load(b.ramped + (r * b.lots + l) * b.width + p), ready);
  }
  const Lanes refusable = smaller(idle, not_below_zero(ready - sold));
  const bool idles = any(above(refusable, zero()));
  b.idles[l * (b.width / lanes) + p / lanes] = idles ? 1 : 0;
  if (idles) store(b.refusable + to, refusable);
  store(b.idle + to, idle);
  store(b.sold_all + to, sold);
  store(b.out_state[8] + to, at.underused[l]);
  store(b.out_state[9] + to, at.earning[l]);
}

// What becomes of each lot once the markets are served, in placement order.
static inline void settle_lots(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    const KernelLot& lot = b.lot[l];
    const int to = l * b.width + p;
    const bool anew = at.anew[l] != 0;
    if (anew) settle_anew(b, at, lot, l, p);
    const bool idles = b.idles[l * (b.width / lanes) + p / lanes] != 0;
    if (anew || idles) {
      const Lanes outclassed =
          idles ? find_outclassed(b, at, lot, load(b.refusable + to), p) : zero();
      if (store_new(b.out_state[7] + to, outclassed) || anew)
        store(b.out_state[6] + to, not_below_zero(load(b.idle + to) - outclassed));
    }
    if (b.blame) hand_unmet_demand(b, at, lot, l, p);
  }
}

// What a site does with its megawatts, and from where its energy comes.
static inline void settle_site(const KernelBlock& b, const MarketScratch& at, int s, int p) {
  const KernelSite& site = b.site[s];
  const int group = s * (b.width / lanes) + p / lanes;
  const bool prices = !b.lift_power && !b.same_prices && prices_move(b, site, p);
  const bool stood = !b.first && at.stirs[s] == 0 && b.placed_now[group] == 0 &&
                     b.supply_stood[group] != 0 && b.site_reordered[s] == 0;
  if (stood && !prices) return;
  SiteUse use{zero(), zero(), zero()};
  for (int i = 0; i < site.active_lots; ++i) {
    const int l = b.site_order[site.first_lot + i];
    count_lot(b, b.lot[l], l * b.width + p, use);
  }
  if (!b.lift_power) count_megawatts(b, s, use, p);
  count_energy(b, s, use.energy, at.gives, p);
}

void serve(const KernelBlock& b) {
  MarketScratch at;
  at.sold = reinterpret_cast<Lanes*>(b.scratch);
  at.earning = at.sold + b.lots;
  at.underused = at.earning + b.lots;
  at.refusing = at.underused + b.lots;
  at.unmet = at.refusing + b.markets;
  at.gives = at.unmet + b.markets;
  at.anew = b.marks;
  at.stirs = at.anew + b.lots;
  at.taken = at.stirs + b.sites;
  for (int p = 0; p < b.width; p += lanes) {
    find_new(b, at, p);
    ramp_up(b, at, p);
    serve_markets(b, at, p);
    settle_lots(b, at, p);
    for (int s = 0; s < b.sites; ++s) settle_site(b, at, s, p);
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
