// The checks of fleet/ledger.h on a block of paths. Residuals are kept as their largest, and as a
// sum that a NaN anywhere makes NaN.

#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

namespace {

struct Residual {
  Lanes worst, sum;
};
inline void note(Residual& residual, Lanes difference, Lanes per_scale) {
  const Lanes off = larger(difference, zero() - difference) * per_scale;
  residual.worst = larger(off, residual.worst);
  residual.sum = residual.sum + off;
}
// A quantity that must not be above zero.
inline void note_excess(Residual& residual, Lanes excess, Lanes per_scale) {
  const Lanes off = excess * per_scale;
  residual.worst = larger(off, residual.worst);
  residual.sum = residual.sum + not_below_zero(off) + (off - off);
}
inline Lanes inverse(Lanes scale) {
  return where(above(scale, zero()), all(1.0) / scale);
}

void check_lot(const LedgerBlock& b, int l, Residual* residual) {
  const Lanes per_count = all(b.per_count[l]);
  for (int p = 0; p < b.width; p += lanes) {
    const int at = l * b.width + p;
    const Lanes ordered = load(b.ordered + at), delivered = load(b.delivered + at);
    const Lanes gone = load(b.gone + at);
    if (b.ask_chips) {
      Lanes counted = gone;
      for (int s = 0; s < 10; ++s) counted = counted + load(b.state[s] + at);
      note(residual[0], ordered - counted, per_count);
    }
    note_excess(residual[0], load(b.ordered_before + at) - ordered, per_count);
    note_excess(residual[0], load(b.delivered_before + at) - delivered, per_count);
    note_excess(residual[0], load(b.gone_before + at) - gone, per_count);
    note_excess(residual[0], delivered - ordered, per_count);
    store(b.ordered_before + at, ordered);
    store(b.delivered_before + at, delivered);
    store(b.gone_before + at, gone);

    const Lanes underused = load(b.state[8] + at), earning = load(b.state[9] + at);
    const Lanes uses =
        load(b.state[5] + at) + load(b.state[6] + at) + load(b.state[7] + at) + underused + earning;
    note(residual[1], load(b.installed + at) - uses, per_count);

    Lanes sold = zero(), busy = zero(), handed = zero();
    for (int m = 0; m < b.markets; ++m) {
      const int row = (m * b.lots + l) * b.width + p;
      sold = sold + load(b.sold + row);
      busy = busy + load(b.busy + row);
      handed = handed + load(b.sellable_to + row);
    }
    note(residual[2], sold - (underused + earning), per_count);
    note(residual[2], busy - earning, per_count);

    Lanes sellable = zero();
    for (int k = 0; k < 4; ++k) {
      const Lanes sells = load(b.sellable[k] + at);
      sellable = sellable + sells;
      note_excess(residual[3], sells - load(b.state[1 + k] + at), per_count);
    }
    note(residual[3], handed - sellable, per_count);
  }
}

void check_market(const LedgerBlock& b, int m, Residual* residual) {
  for (int p = 0; p < b.width; p += lanes) {
    const Lanes demand = load(b.demand + m * b.width + p);
    Lanes met = load(b.unmet + m * b.width + p);
    for (int l = 0; l < b.lots; ++l)
      met = met + load(b.sold + (m * b.lots + l) * b.width + p) * all(b.h100e[l]);
    note(residual[4], demand - met, inverse(demand));
  }
}

void check_site(const LedgerBlock& b, int s, Residual* residual) {
  for (int p = 0; p < b.width; p += lanes) {
    const int at = s * b.width + p;
    const Lanes contracted = load(b.megawatt[0] + at), not_energised = load(b.megawatt[1] + at);
    const Lanes per_mw = inverse(contracted);
    Lanes uses = not_energised;
    for (int u = 2; u < 9; ++u) uses = uses + load(b.megawatt[u] + at);
    note(residual[5], contracted - uses, per_mw);
    const Lanes firm = load(b.megawatt[9] + at);
    note(residual[5], firm - (contracted - not_energised - load(b.megawatt[2] + at)), per_mw);
    Lanes energised = zero(), given = zero();
    for (int i = 0; i < b.sources; ++i) {
      if (b.source_site[i] != s) continue;
      energised = energised + load(b.source_energised + i * b.width + p);
      given = given + load(b.source_energy + i * b.width + p);
    }
    note(residual[5], energised - (contracted - not_energised), per_mw);
    const Lanes energy = load(b.energy + at);
    note(residual[6], where(above(firm, zero()), energy - given), inverse(energy));
  }
}

}  // namespace

void check(LedgerBlock& b) {
  Residual residual[7];
  for (Residual& r : residual) r = {zero(), zero()};
  for (int l = 0; l < b.lots; ++l) check_lot(b, l, residual);
  for (int m = 0; m < b.markets; ++m) check_market(b, m, residual);
  if (b.ask_power)
    for (int s = 0; s < b.sites; ++s) check_site(b, s, residual);
  for (int i = 0; i < 7; ++i) {
    double worst[lanes], sum[lanes];
    store(worst, residual[i].worst);
    store(sum, residual[i].sum);
    b.worst[i] = b.sum[i] = 0;
    for (int k = 0; k < lanes; ++k) {
      b.worst[i] = worst[k] > b.worst[i] ? worst[k] : b.worst[i];
      b.sum[i] += sum[k];
    }
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
