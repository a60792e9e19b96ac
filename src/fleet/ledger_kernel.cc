// The checks of fleet/ledger.h on a block of paths.

#include <cstddef>

#include "fleet/columns.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

namespace {

// The largest residual of one check, and a sum of all checks' that a NaN anywhere makes NaN.
inline void note(Lanes& worst, Lanes& sum, Lanes difference, Lanes per_scale) {
  const Lanes off = larger(difference, zero() - difference) * per_scale;
  worst = larger(off, worst);
  sum = sum + off;
}
// A quantity that must not be above zero.
inline void note_excess(Lanes& worst, Lanes& sum, Lanes excess, Lanes per_scale) {
  const Lanes off = excess * per_scale;
  worst = larger(off, worst);
  sum = sum + off;
}
inline Lanes inverse(Lanes scale) {
  return where(above(scale, zero()), all(1.0) / scale);
}

// Whether any of the paths from p on has a mark.
inline bool any_moved(const unsigned char* marks, int p) {
  bool moved = false;
  for (int group = p / mark_paths; group <= (p + lanes - 1) / mark_paths; ++group)
    moved |= marks[group] != 0;
  return moved;
}

struct Worst {
  Lanes chips, working, sales, sellables, sum;
};

void check_lot(const LedgerBlock& b, int l, Worst& worst) {
  const unsigned char* moved = b.lot_moved + l * (b.width / mark_paths);
  const Lanes per_count = all(b.per_count[l]);
  const std::ptrdiff_t lot = static_cast<std::ptrdiff_t>(l) * b.width;
  for (int p = 0; p < b.width; p += lanes) {
    if (!b.ask_all && !any_moved(moved, p)) continue;
    const std::ptrdiff_t at = lot + p;
    const Lanes ordered = load(b.ordered + at), delivered = load(b.delivered + at);
    const Lanes gone = load(b.gone + at);
    if (b.ask_chips) {
      Lanes counted = gone;
      for (int s = 0; s < 10; ++s) counted = counted + load(b.state[s] + at);
      note(worst.chips, worst.sum, ordered - counted, per_count);
    }
    note_excess(worst.chips, worst.sum, load(b.ordered_before + at) - ordered, per_count);
    note_excess(worst.chips, worst.sum, load(b.delivered_before + at) - delivered, per_count);
    note_excess(worst.chips, worst.sum, load(b.gone_before + at) - gone, per_count);
    note_excess(worst.chips, worst.sum, delivered - ordered, per_count);
    store_new(b.ordered_before + at, ordered);
    store_new(b.delivered_before + at, delivered);
    store_new(b.gone_before + at, gone);

    const Lanes underused = load(b.state[8] + at), earning = load(b.state[9] + at);
    const Lanes uses =
        load(b.state[5] + at) + load(b.state[6] + at) + load(b.state[7] + at) + underused + earning;
    note(worst.working, worst.sum, load(b.installed + at) - uses, per_count);

    Lanes sold = zero(), busy = zero(), handed = zero();
    std::ptrdiff_t row = at;
    for (int m = 0; m < b.markets; ++m, row += static_cast<std::ptrdiff_t>(b.lots) * b.width) {
      sold = sold + load(b.sold + row);
      busy = busy + load(b.busy + row);
      handed = handed + load(b.sellable_to + row);
    }
    note(worst.sales, worst.sum, sold - (underused + earning), per_count);
    note(worst.sales, worst.sum, busy - earning, per_count);

    Lanes sellable = zero();
    for (int k = 0; k < 4; ++k) {
      const Lanes sells = load(b.sellable[k] + at);
      sellable = sellable + sells;
      note_excess(worst.sellables, worst.sum, sells - load(b.state[1 + k] + at), per_count);
    }
    note(worst.sellables, worst.sum, handed - sellable, per_count);
  }
}

void check_market(const LedgerBlock& b, int m, Lanes* worst_of, Lanes& sum) {
  const std::ptrdiff_t width = b.width;
  for (std::ptrdiff_t p = 0; p < width; p += lanes) {
    const Lanes demand = load(b.demand + m * width + p);
    Lanes met = load(b.unmet + m * width + p);
    const double* sold = b.sold + m * b.lots * width + p;
    for (int l = 0; l < b.lots; ++l, sold += width) met = met + load(sold) * all(b.h100e[l]);
    note(worst_of[4], sum, demand - met, inverse(demand));
  }
}

void check_site(const LedgerBlock& b, int s, Lanes* worst_of, Lanes& sum) {
  const unsigned char* moved = b.site_moved + s * (b.width / mark_paths);
  for (int p = 0; p < b.width; p += lanes) {
    if (!b.ask_all && !any_moved(moved, p)) continue;
    const int at = s * b.width + p;
    const Lanes contracted = load(b.megawatt[0] + at), not_energised = load(b.megawatt[1] + at);
    const Lanes per_mw = inverse(contracted);
    Lanes uses = not_energised;
    for (int u = 2; u < 9; ++u) uses = uses + load(b.megawatt[u] + at);
    note(worst_of[5], sum, contracted - uses, per_mw);
    const Lanes firm = load(b.megawatt[9] + at);
    note(worst_of[5], sum, firm - (contracted - not_energised - load(b.megawatt[2] + at)), per_mw);
    Lanes energised = zero(), given = zero();
    for (int k = b.first_source[s]; k < b.first_source[s + 1]; ++k) {
      const int i = b.site_sources[k];
      energised = energised + load(b.source_energised + i * b.width + p);
      given = given + load(b.source_energy + i * b.width + p);
    }
    note(worst_of[5], sum, energised - (contracted - not_energised), per_mw);
    const Lanes energy = load(b.energy + at);
    note(worst_of[6], sum, where(above(firm, zero()), energy - given), inverse(energy));
  }
}

}  // namespace

void check(LedgerBlock& b) {
  Lanes worst_of[7], sum = zero();
  for (Lanes& worst : worst_of) worst = zero();
  Worst worst{zero(), zero(), zero(), zero(), zero()};
  for (int l = 0; l < b.lots; ++l) check_lot(b, l, worst);
  worst_of[0] = worst.chips;
  worst_of[1] = worst.working;
  worst_of[2] = worst.sales;
  worst_of[3] = worst.sellables;
  sum = worst.sum;
  for (int m = 0; m < b.markets; ++m) check_market(b, m, worst_of, sum);
  if (b.ask_power)
    for (int s = 0; s < b.sites; ++s) check_site(b, s, worst_of, sum);
  double row[lanes];
  store(row, sum);
  b.sum = 0;
  for (double one : row) b.sum += one;
  for (int i = 0; i < 7; ++i) {
    store(row, worst_of[i]);
    b.worst[i] = 0;
    for (double one : row) b.worst[i] = one > b.worst[i] ? one : b.worst[i];
  }
}

}  // namespace warmshell::fleet::WARMSHELL_LEVEL_NAME
