// Markets of a block of paths: reference_markets.cc side by side, one vector of paths at a time.

#include "fleet/count_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

// What one vector of paths carries through the markets: rows of lanes by lot, by market.
struct MarketScratch {
  Lanes* sold;       // [lot] so far
  Lanes* earning;    // [lot]
  Lanes* underused;  // [lot]
  Lanes* ramped;     // [ramp][lot]
  Lanes* refusing;   // [market] unmet demand not yet counted as refusing
  Lanes* unmet;      // [market] unmet demand not yet handed to the dark
  SiteUse* use;      // [site]
};

// R16: the average of the lot's working chips over the last months.
static inline void ramp_up(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int r = 0; r < b.ramps; ++r) {
    const KernelRamp& ramp = b.ramp[r];
    for (int i = 0; i < b.active_lots; ++i) {
      const int l = b.order[i];
      int row = b.newest_row;
      Lanes sum = zero();
      for (int k = 0; k < ramp.whole_months; ++k) {
        sum = sum + load(b.worked + (row * b.lots + l) * b.width + p);
        row = row == 0 ? b.ramp_rows - 1 : row - 1;
      }
      if (ramp.part > 0)
        sum = sum + load(b.worked + (row * b.lots + l) * b.width + p) * all(ramp.part);
      at.ramped[r * b.lots + l] =
          smaller(sum * all(ramp.per_month), load(b.working + l * b.width + p));
    }
  }
}

// R14, R15, R17: markets in their order take the lots they accept in theirs.
static inline void serve_markets(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    at.sold[l] = at.earning[l] = at.underused[l] = zero();
  }
  for (int i = 0; i < b.markets; ++i) {
    const int m = b.market_order[i];
    const KernelMarket& market = b.market[m];
    Lanes left = load(b.demand_h100e + m * b.width + p);
    for (int k = 0; k < market.takes; ++k) {
      const int l = b.take_order[market.first_take + k];
      const KernelLot& lot = b.lot[l];
      const Lanes working = load(b.working + l * b.width + p);
      const Lanes accepted =
          load(b.accept_share + (m * b.classes + lot.accelerator_class) * b.width + p);
      const Lanes ramped = market.ramp < 0 ? working : at.ramped[market.ramp * b.lots + l];
      const Lanes offered = not_below_zero(ramped - at.sold[l]);
      const Lanes open = smaller(accepted * working, offered);
      const Lanes sold = smaller(left * all(lot.per_h100e), open);
      const Lanes busy = sold * all(market.busy_share);
      left = not_below_zero(left - sold * all(lot.h100e));
      at.sold[l] = at.sold[l] + sold;
      at.earning[l] = at.earning[l] + busy;
      at.underused[l] = at.underused[l] + (sold - busy);
      store(b.out_sold + (m * b.lots + l) * b.width + p, sold);
      store(b.out_busy + (m * b.lots + l) * b.width + p, busy);
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
                                     const KernelLot& lot, int l, int site, int p) {
  const int groups = b.width / lanes, group = p / lanes;
  const int to = l * b.width + p;
  unsigned char& dirty = b.dirty_sell[l * groups + group];
  const bool gates_bind = b.dirty_blame[site * groups + group] != 0;
  const Lanes installing = load(b.out_state[4] + to);
  Lanes dark = installing, alone = installing;
  if (gates_bind) {
    dark = ((load(b.out_state[1] + to) + load(b.out_state[2] + to)) + load(b.out_state[3] + to)) +
           installing;
    alone = ((load(b.out_alone[0] + to) + load(b.out_alone[1] + to)) + load(b.out_alone[2] + to)) +
            installing;
  }
  if (!any(above(dark, zero()))) {
    if (dirty != 0) sell_nothing_dark(b, l, p);
    dirty = 0;
    return;
  }
  dirty = 1;
  Lanes left = dark, sellable = zero();
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
    store(b.out_sellable_to + (m * b.lots + l) * b.width + p, chips);
  }

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

// What becomes of each lot once the markets are served, in placement order.
static inline void settle_lots(const KernelBlock& b, const MarketScratch& at, int p) {
  for (int s = 0; s < b.sites; ++s) at.use[s] = {zero(), zero(), zero()};
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    const KernelLot& lot = b.lot[l];
    const int to = l * b.width + p;
    const Lanes working = load(b.working + to);
    const Lanes sold = at.sold[l], earning = at.earning[l];
    const Lanes idle = beyond_rounding(working - sold, lot.tiny);
    Lanes ready = working;
    if (b.every_market_ramps) {
      ready = zero();
      for (int r = 0; r < b.ramps; ++r) ready = larger(at.ramped[r * b.lots + l], ready);
    }
    const Lanes refusable = smaller(idle, not_below_zero(ready - sold));
    const Lanes outclassed = find_outclassed(b, at, lot, refusable, p);
    store(b.out_state[6] + to, not_below_zero(idle - outclassed));
    store(b.out_state[7] + to, outclassed);
    store(b.out_state[8] + to, at.underused[l]);
    store(b.out_state[9] + to, earning);
    count_lot(b, lot, to, sold, earning, idle, at.use[lot.site]);
    if (b.blame) hand_unmet_demand(b, at, lot, l, lot.site, p);
  }
}

void serve(const KernelBlock& b) {
  MarketScratch at;
  at.sold = reinterpret_cast<Lanes*>(b.scratch);
  at.earning = at.sold + b.lots;
  at.underused = at.earning + b.lots;
  at.ramped = at.underused + b.lots;
  at.refusing = at.ramped + b.ramps * b.lots;
  at.unmet = at.refusing + b.markets;
  at.use = reinterpret_cast<SiteUse*>(at.unmet + b.markets);
  for (int p = 0; p < b.width; p += lanes) {
    ramp_up(b, at, p);
    serve_markets(b, at, p);
    settle_lots(b, at, p);
    for (int s = 0; s < b.sites; ++s) {
      if (!b.lift_power) count_megawatts(b, s, at.use[s], p);
      count_energy(b, s, at.use[s].energy, p);
    }
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
