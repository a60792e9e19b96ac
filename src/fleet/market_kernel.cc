// Markets of a block of paths: reference_markets.cc side by side, a strip of paths at a time.
//
// Most lots sell what they sold the month before. So a lot is looked at anew only where what works
// of it, ramps, or is accepted has changed; of the others the markets find what they could take as
// the month before left it, and only run their demand down. A lot is taken on all paths of the
// strip or on none: where nothing changed, the same inputs give the same bytes again.

#include "fleet/count_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"
#include "fleet/strip.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

// What a strip carries through the markets: sets of paths, and rows by group.
struct MarketScratch {
  Paths* anew;      // [lot] looked at anew
  Paths* stirs;     // [site] a lot of it is looked at anew
  Paths* taken;     // [class] a market accepts another share of it than the month before
  Paths* refused;   // [class] a market does not accept all of it
  Lanes* refusing;  // [market] unmet demand not yet counted as refusing
  Lanes* unmet;     // [market] unmet demand not yet handed to the dark
  Paths* refuse;    // [market] 0: none of `refusing` is above 0
  Paths* lack;      // [market] 0: none of `unmet` is above 0
  // What stands from month to month:
  Mark* shut;     // [market][lot] nothing of it is open to the market
  Paths* idles;   // [lot] where some of `refusable` is above 0
  Paths* sells;   // [lot] where some of the dark is sellable
  Mark* dark_in;  // [lot] which states of the dark are above 0, a bit each
};

template <class Strip>
static inline void find_accepted(const KernelBlock& b, const Strip& strip,
                                 const MarketScratch& at) {
  for (int c = 0; c < b.classes; ++c) {
    Paths taken = b.first ? Strip::all : 0, refused = 0;
    for (int m = 0; m < b.markets; ++m) {
      const int row = m * b.classes + c;
      if (b.accepts[row] == 0) {
        refused = Strip::all;
        continue;
      }
      for (int g = 0; g < Strip::groups; ++g) {
        const Lanes share = load(b.accept_share + strip.at(row, g));
        taken |= group_if(store_new(b.accept_before + strip.at(row, g), share), g);
        refused |= of_group(other_bits(share, all(1.0)), g);
      }
    }
    at.taken[c] = taken;
    at.refused[c] = refused;
  }
}

// The lots whose offer to the markets has changed.
template <class Strip>
static inline void find_new(const KernelBlock& b, const Strip& strip, const MarketScratch& at) {
  for (int s = 0; s < b.sites; ++s) at.stirs[s] = 0;
  int looks_back = 1;
  for (int r = 0; r < b.ramps; ++r) {
    const int months = b.ramp[r].whole_months + (b.ramp[r].part > 0 ? 1 : 0);
    if (months > looks_back) looks_back = months;
  }
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    at.anew[l] = at.taken[b.lot[l].accelerator_class] |
                 strip.number_above(b.worked_since, l, b.month - looks_back);
  }
}

// R16: the average of the lot's working chips over the last months.
template <class Strip>
static inline void ramp_up(const KernelBlock& b, const Strip& strip, const MarketScratch& at,
                           int r) {
  const KernelRamp& ramp = b.ramp[r];
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    if (at.anew[l] == 0) continue;
    Lanes sum[Strip::groups];
    strip.each([&](int g) { sum[g] = zero(); });
    int row = b.newest_row;
    for (int k = 0; k < ramp.whole_months; ++k) {
      const double* worked = b.worked + strip.at(row * b.lots + l, 0);
      strip.each([&](int g) { sum[g] = sum[g] + load(worked + g * lanes); });
      row = row == 0 ? b.ramp_rows - 1 : row - 1;
    }
    if (ramp.part > 0) {
      const double* worked = b.worked + strip.at(row * b.lots + l, 0);
      strip.each([&](int g) { sum[g] = sum[g] + load(worked + g * lanes) * all(ramp.part); });
    }
    const double* working = b.working + strip.at(l, 0);
    double* ramped = b.ramped + strip.at(r * b.lots + l, 0);
    strip.each([&](int g) {
      store(ramped + g * lanes, smaller(sum[g] * all(ramp.per_month), load(working + g * lanes)));
    });
  }
}

// R15 to R17: what the market at place i of the service order could take of a lot.
template <class Strip>
static inline bool open_to(const KernelBlock& b, const Strip& strip, int i, int l) {
  const int m = b.market_order[i], ramp = b.market[m].ramp;
  const int accepts = m * b.classes + b.lot[l].accelerator_class;
  Lanes sold[Strip::groups];
  strip.each([&](int g) { sold[g] = zero(); });
  for (int k = 0; k < i; ++k) {
    const double* before = b.out_sold + strip.at(b.market_order[k] * b.lots + l, 0);
    strip.each([&](int g) { sold[g] = sold[g] + load(before + g * lanes); });
  }
  const double* working = b.working + strip.at(l, 0);
  const double* ramped = ramp < 0 ? working : b.ramped + strip.at(ramp * b.lots + l, 0);
  const double* accepted = b.accept_share + strip.at(accepts, 0);
  double* open = b.open + strip.at(m * b.lots + l, 0);
  Lanes most = zero();
  strip.each([&](int g) {
    const Lanes offered = not_below_zero(load(ramped + g * lanes) - sold[g]);
    const Lanes takes = smaller(load(accepted + g * lanes) * load(working + g * lanes), offered);
    store(open + g * lanes, takes);
    most = larger(takes, most);
  });
  return any(above(most, zero()));
}

// R14, R15, R17: the market at place i takes the lots it accepts in its own order. A lot that sells
// it another number than the month before is looked at anew from here on.
template <class Strip>
static inline void serve_market(const KernelBlock& b, const Strip& strip, const MarketScratch& at,
                                int i) {
  const int m = b.market_order[i];
  const KernelMarket& market = b.market[m];
  Lanes left[Strip::groups];
  strip.each([&](int g) { left[g] = load(b.demand_h100e + strip.at(m, g)); });
  for (int k = 0; k < market.takes; ++k) {
    const int l = b.take_order[market.first_take + k];
    Mark& shut = at.shut[m * b.lots + l];
    if (at.anew[l] != 0)
      shut = open_to(b, strip, i, l) ? 0 : 1;
    else if (shut != 0)
      continue;
    const Lanes h100e = all(b.lot[l].h100e), per_h100e = all(b.lot[l].per_h100e);
    const double* open = b.open + strip.at(m * b.lots + l, 0);
    double* out_sold = b.out_sold + strip.at(m * b.lots + l, 0);
    Lanes sold[Strip::groups];
    Paths other = 0;
    strip.each([&](int g) {
      sold[g] = smaller(left[g] * per_h100e, load(open + g * lanes));
      left[g] = not_below_zero(left[g] - sold[g] * h100e);
      other |= of_group(other_bits(sold[g], load(out_sold + g * lanes)), g);
    });
    if (other == 0) continue;
    double* out_busy = b.out_busy + strip.at(m * b.lots + l, 0);
    strip.each([&](int g) {
      store(out_sold + g * lanes, sold[g]);
      store(out_busy + g * lanes, sold[g] * all(market.busy_share));
    });
    at.anew[l] |= other;
  }
  Lanes most = zero();
  strip.each([&](int g) {
    store(b.out_unmet + strip.at(m, g), left[g]);
    at.refusing[m * Strip::groups + g] = at.unmet[m * Strip::groups + g] = left[g];
    most = larger(left[g], most);
  });
  at.refuse[m] = at.lack[m] = any(above(most, zero())) ? strip.all : 0;
}

// What is sold of a lot, and what stays idle. Where unmet demand could refuse any.
template <class Strip>
static inline Paths settle_sales(const KernelBlock& b, const Strip& strip, int l) {
  const long to = strip.at(l, 0);
  Lanes sold[Strip::groups], earning[Strip::groups], underused[Strip::groups];
  strip.each([&](int g) { sold[g] = earning[g] = underused[g] = zero(); });
  for (int k = 0; k < b.markets; ++k) {
    const int m = b.market_order[k];
    const double* of_market = b.out_sold + strip.at(m * b.lots + l, 0);
    const Lanes busy_share = all(b.market[m].busy_share);
    strip.each([&](int g) {
      const Lanes sold_here = load(of_market + g * lanes), busy = sold_here * busy_share;
      sold[g] = sold[g] + sold_here;
      earning[g] = earning[g] + busy;
      underused[g] = underused[g] + (sold_here - busy);
    });
  }
  const double tiny = b.lot[l].tiny;
  const double* works = b.working + to;
  Paths refuses = 0;
  strip.each([&](int g) {
    const Lanes working = load(works + g * lanes);
    const Lanes idle = beyond_rounding(working - sold[g], tiny);
    Lanes ready = working;
    if (b.every_market_ramps) {
      ready = zero();
      for (int r = 0; r < b.ramps; ++r)
        ready = larger(load(b.ramped + strip.at(r * b.lots + l, g)), ready);
    }
    const Lanes refusable = smaller(idle, not_below_zero(ready - sold[g]));
    refuses |= group_if(any(above(refusable, zero())), g);
    store(b.refusable + to + g * lanes, refusable);
    store(b.sold_all + to + g * lanes, sold[g]);
    store(b.idle + to + g * lanes, idle);
    store(b.out_state[8] + to + g * lanes, underused[g]);
    store(b.out_state[9] + to + g * lanes, earning[g]);
  });
  return refuses;
}

// R18: unmet demand that refuses idle chips, each unit of it once, lots in placement order.
template <class Strip>
static inline void find_outclassed(const KernelBlock& b, const Strip& strip,
                                   const MarketScratch& at, int l, Lanes* outclassed) {
  const KernelLot& lot = b.lot[l];
  const Lanes h100e = all(lot.h100e), per_h100e = all(lot.per_h100e);
  const double* refusable = b.refusable + strip.at(l, 0);
  Lanes left[Strip::groups];
  strip.each([&](int g) { left[g] = load(refusable + g * lanes); });
  for (int k = 0; k < b.markets; ++k) {
    const int m = b.market_order[k], row = m * b.classes + lot.accelerator_class;
    if (at.refuse[m] == 0) continue;
    const double* accepted = b.accept_share + strip.at(row, 0);
    const bool accepts = b.accepts[row] != 0;
    Lanes* refusing = at.refusing + m * Strip::groups;
    strip.each([&](int g) {
      const Lanes share = accepts ? load(accepted + g * lanes) : zero();
      const Lanes refused = (all(1.0) - share) * refusing[g];
      const Lanes chips = smaller(refused * per_h100e, left[g]);
      refusing[g] = not_below_zero(refusing[g] - chips * h100e);
      left[g] = not_below_zero(left[g] - chips);
      outclassed[g] = outclassed[g] + chips;
    });
  }
}

template <class Strip>
static inline void settle_idle(const KernelBlock& b, const Strip& strip, const MarketScratch& at,
                               int l) {
  const KernelLot& lot = b.lot[l];
  Lanes outclassed[Strip::groups];
  strip.each([&](int g) { outclassed[g] = zero(); });
  if (at.idles[l] != 0 && lot.h100e > 0 && at.refused[lot.accelerator_class] != 0)
    find_outclassed(b, strip, at, l, outclassed);
  double* out = b.out_state[7] + strip.at(l, 0);
  double* no_demand = b.out_state[6] + strip.at(l, 0);
  const double* idle = b.idle + strip.at(l, 0);
  Paths other = at.anew[l];
  strip.each(
      [&](int g) { other |= of_group(other_bits(outclassed[g], load(out + g * lanes)), g); });
  if (other == 0) return;
  strip.each([&](int g) {
    store(out + g * lanes, outclassed[g]);
    store(no_demand + g * lanes, not_below_zero(load(idle + g * lanes) - outclassed[g]));
  });
  strip.mark(b.lot_moved, l, other, moved_running);
}

// The dark chips of a lot. Which of their states are above 0, a bit each.
template <class Strip>
static inline unsigned find_dark(const KernelBlock& b, const Strip& strip, int l, bool gates_bind) {
  Lanes most[4] = {zero(), zero(), zero(), zero()};
  for (int g = 0; g < Strip::groups; ++g) {
    const long to = strip.at(l, g);
    const Lanes installing = load(b.out_state[4] + to);
    Lanes dark = installing;
    if (gates_bind) {
      const Lanes shell = load(b.out_state[1] + to), cooling = load(b.out_state[2] + to);
      const Lanes power = load(b.out_state[3] + to);
      dark = ((shell + cooling) + power) + installing;
      most[0] = larger(shell, most[0]);
      most[1] = larger(cooling, most[1]);
      most[2] = larger(power, most[2]);
    }
    most[3] = larger(installing, most[3]);
    store(b.dark + to, dark);
  }
  unsigned states = 0;
  for (int k = 0; k < 4; ++k) states |= any(above(most[k], zero())) ? 1u << k : 0;
  return states;
}

// R19: what unmet demand takes of a lot's dark chips, by market. Where a market takes another
// number than the month before.
template <class Strip>
static inline Paths hand_over(const KernelBlock& b, const Strip& strip, const MarketScratch& at,
                              int l, Lanes* sellable) {
  const KernelLot& lot = b.lot[l];
  const Lanes h100e = all(lot.h100e), per_h100e = all(lot.per_h100e);
  const double* dark = b.dark + strip.at(l, 0);
  Lanes left[Strip::groups];
  strip.each([&](int g) {
    left[g] = load(dark + g * lanes);
    sellable[g] = zero();
  });
  Paths other = 0;
  for (int k = 0; k < b.markets; ++k) {
    const int m = b.market_order[k], row = m * b.classes + lot.accelerator_class;
    if (b.accepts[row] == 0 || !(lot.h100e > 0)) continue;
    const double* accepted = b.accept_share + strip.at(row, 0);
    double* out = b.out_sellable_to + strip.at(m * b.lots + l, 0);
    if (at.lack[m] == 0) {
      Paths sold = 0;
      strip.each([&](int g) { sold |= of_group(other_bits(zero(), load(out + g * lanes)), g); });
      if (sold != 0) strip.each([&](int g) { store(out + g * lanes, zero()); });
      other |= sold;
      continue;
    }
    Lanes* unmet = at.unmet + m * Strip::groups;
    Lanes most = zero();
    strip.each([&](int g) {
      const Lanes open = smaller(load(accepted + g * lanes) * load(dark + g * lanes), left[g]);
      const Lanes chips = smaller(unmet[g] * per_h100e, open);
      unmet[g] = not_below_zero(unmet[g] - chips * h100e);
      most = larger(unmet[g], most);
      left[g] = not_below_zero(left[g] - chips);
      sellable[g] = sellable[g] + chips;
      other |= of_group(other_bits(chips, load(out + g * lanes)), g);
      store(out + g * lanes, chips);
    });
    at.lack[m] = any(above(most, zero())) ? strip.all : 0;
  }
  return other;
}

// R19, within a lot: first chips that one gate cures, then the rest, each pro rata over its states.
// States that are all 0, and were the month before, are left out.
template <class Strip>
static inline void share_sellable(const KernelBlock& b, const Strip& strip, int l, unsigned states,
                                  Paths again, const Lanes* sellable) {
  const double tiny = b.lot[l].tiny;
  for (int g = 0; g < Strip::groups; ++g) {
    if (!holds(again, g)) continue;
    const long to = strip.at(l, g);
    Lanes alone = zero();
    for (int k = 0; k < 3; ++k)
      if ((states >> k & 1) != 0) alone = alone + load(b.out_alone[k] + to);
    const Lanes installing = load(b.out_state[4] + to);
    alone = alone + installing;
    const Lanes of_alone = smaller(sellable[g], alone);
    const Lanes share_alone = where(above(alone, zero()), of_alone / alone);
    const Lanes rest = beyond_rounding(load(b.dark + to) - alone, tiny);
    const Mask some_rest = above(rest, zero());
    Lanes share_rest = zero();
    if (any(some_rest)) {
      const Lanes of_rest = smaller(not_below_zero(sellable[g] - of_alone), rest);
      share_rest = where(some_rest, of_rest / rest);
    }
    for (int k = 0; k < 3; ++k) {
      if ((states >> k & 1) == 0) continue;
      const Lanes state = load(b.out_state[1 + k] + to);
      const Lanes alone_here = load(b.out_alone[k] + to);
      const Lanes sells = alone_here * share_alone;
      store(b.out_sellable_alone[k] + to, sells);
      store(b.out_sellable[k] + to, sells + (state - alone_here) * share_rest);
    }
    store(b.out_sellable[3] + to, installing * share_alone);
  }
}

// R19: unmet demand is handed to the dark by placement key.
template <class Strip>
static inline void hand_unmet_demand(const KernelBlock& b, const Strip& strip,
                                     const MarketScratch& at, int l) {
  const KernelLot& lot = b.lot[l];
  // Where other chips are dark than the month before, or otherwise acceptable.
  const Paths fresh =
      b.first ? Strip::all : strip.marked(b.dark_moves, l) | at.taken[lot.accelerator_class];
  const unsigned before = at.dark_in[l];
  unsigned now = before;
  if (fresh != 0) {
    now = find_dark(b, strip, l, strip.marked(b.dirty_blame, lot.site) != 0);
    at.dark_in[l] = static_cast<Mark>(now);
  }
  if ((before | now) == 0) return;
  Lanes sellable[Strip::groups];
  const Paths other = hand_over(b, strip, at, l, sellable) | fresh;
  Paths sells = 0;
  strip.each([&](int g) { sells |= group_if(any(above(sellable[g], zero())), g); });
  const Paths again = other & (sells | at.sells[l]);
  at.sells[l] = sells;
  if (again == 0) return;
  share_sellable(b, strip, l, before | now, again, sellable);
  strip.mark(b.lot_moved, l, again, moved_dark);
}

// What becomes of each lot once the markets are served, in placement order.
template <class Strip>
static inline void settle_lots(const KernelBlock& b, const Strip& strip, const MarketScratch& at) {
  for (int i = 0; i < b.active_lots; ++i) {
    const int l = b.order[i];
    if (at.anew[l] != 0) {
      at.stirs[b.lot[l].site] |= at.anew[l];
      constexpr int side = Strip::groups < 4 ? Strip::groups : 4;
      using Part = StripOf<side>;
      for (int g = 0; g < Strip::groups; g += side) {
        if ((at.anew[l] >> g * lanes & Part::all) == 0) continue;
        const Paths refuses = settle_sales(b, Part{strip.width, strip.from + g * lanes}, l);
        at.idles[l] = (at.idles[l] & ~(Part::all << g * lanes)) | refuses << g * lanes;
      }
    }
    if (at.anew[l] != 0 || at.idles[l] != 0) settle_idle(b, strip, at, l);
    if (b.blame) hand_unmet_demand(b, strip, at, l);
  }
}

// What a site does with its megawatts, and from where its energy comes.
template <class Strip>
static inline void settle_site(const KernelBlock& b, const Strip& strip, const MarketScratch& at,
                               int s) {
  const KernelSite& site = b.site[s];
  Paths ranked = b.first ? Strip::all : Strip::all & ~strip.marked(b.supply_stood, s);
  const bool renewed = b.first || b.site_reordered[s] != 0;
  const Paths again = renewed ? Strip::all : ranked | at.stirs[s] | strip.marked(b.placed_now, s);
  if (!b.lift_power && !b.same_prices) ranked |= prices_move(b, strip, site);
  const Paths work = again | ranked;
  if (work == 0) return;
  strip.mark(b.site_moved, s, work, moved_use);
  constexpr int side = Strip::groups < 4 ? Strip::groups : 4;
  using Part = StripOf<side>;
  for (int g = 0; g < Strip::groups; g += side) {
    const auto any_of = [&](Paths set) { return (set >> g * lanes & Part::all) != 0; };
    const Part part{strip.width, strip.from + g * lanes};
    if (any_of(again))
      b.lift_power ? count_lots<false>(b, part, site, s) : count_lots<true>(b, part, site, s);
    if (b.lift_power) continue;  // energy from no source
    if (any_of(ranked)) rank_sources(b, part, site, s);
    if (any_of(work)) count_sources(b, part, site, s);
  }
}

// The strips from a path on that have as many groups. The first path that they leave.
template <class Strip>
static int serve_strips(const KernelBlock& b, MarketScratch& at, int from) {
  at.refusing = reinterpret_cast<Lanes*>(b.scratch);
  at.unmet = at.refusing + b.markets * Strip::groups;
  Strip strip{b.width, from};
  for (; strip.from + Strip::groups * lanes <= b.width; strip.from += Strip::groups * lanes) {
    find_accepted(b, strip, at);
    find_new(b, strip, at);
    for (int r = 0; r < b.ramps; ++r) ramp_up(b, strip, at, r);
    for (int i = 0; i < b.markets; ++i) serve_market(b, strip, at, i);
    settle_lots(b, strip, at);
    for (int s = 0; s < b.sites; ++s) settle_site(b, strip, at, s);
    at.shut += b.markets * b.lots;
    at.idles += b.lots;
    at.sells += b.lots;
    at.dark_in += b.lots;
  }
  return strip.from;
}

void serve(const KernelBlock& b) {
  MarketScratch at;
  at.anew = b.path_sets;
  at.stirs = at.anew + b.lots;
  at.taken = at.stirs + b.sites;
  at.refused = at.taken + b.classes;
  at.refuse = at.refused + b.classes;
  at.lack = at.refuse + b.markets;
  at.shut = b.shut;
  at.idles = b.idles;
  at.sells = b.sells;
  at.dark_in = b.dark_in;
  const int rest = serve_strips<StripOf<8>>(b, at, 0);
  serve_strips<StripOf<2>>(b, at, rest);
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
