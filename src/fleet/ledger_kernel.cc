// The checks of fleet/ledger.h on a block of paths.

#include <cstddef>

#include "base/nonzero_bytes.h"
#include "fleet/groups_kernel.h"
#include "fleet/kernel_steps.h"
#include "fleet/lanes.h"

namespace warmshell::fleet::WARMSHELL_LEVEL_NAME {

namespace {

// The largest residual of one check, and a sum of all checks' that a NaN anywhere makes NaN.
inline void note(Lanes& worst, Lanes& sum, Lanes difference) {
  worst = larger(magnitude(difference), worst);
  sum = sum + difference;
}
inline void note(Lanes& worst, Lanes& sum, Lanes difference, Lanes per_scale) {
  note(worst, sum, difference * per_scale);
}
// A quantity that must not be above zero.
inline void note_excess(Lanes& worst, Lanes excess) {
  worst = larger(excess, worst);
}
inline Lanes inverse(Lanes scale) {
  return where(above(scale, zero()), all(1.0) / scale);
}

// The marks of the groups of a stretch, a byte each.
using Marks = unsigned long;
inline Marks marks_of(const unsigned char* marks, int groups) {
  Marks all_marks = 0;
  if (groups == stretch_groups)
    __builtin_memcpy(&all_marks, marks, stretch_groups);
  else
    for (int g = 0; g < groups; ++g) all_marks |= static_cast<Marks>(marks[g]) << 8 * g;
  return all_marks;
}
// The groups that have a mark of `kinds`.
inline Groups groups_of(Marks marks, Moved kinds) {
  return static_cast<Groups>(nonzero_bytes(marks & lowest_bits * kinds));
}

// The largest residuals of a lot, in accelerators.
struct Worst {
  Lanes chips, working, sold, sellable, sum;
};

inline void check_dates(const LedgerBlock& b, std::ptrdiff_t at, Worst& worst) {
  const Lanes ordered = load(b.ordered + at), delivered = load(b.delivered + at);
  const Lanes gone = load(b.gone + at);
  note_excess(worst.chips, load(b.ordered_before + at) - ordered);
  note_excess(worst.chips, load(b.delivered_before + at) - delivered);
  note_excess(worst.chips, load(b.gone_before + at) - gone);
  note_excess(worst.chips, delivered - ordered);
  worst.sum = worst.sum + ((ordered + delivered) + gone);
  store(b.ordered_before + at, ordered);
  store(b.delivered_before + at, delivered);
  store(b.gone_before + at, gone);
}

inline void check_running(const LedgerBlock& b, std::ptrdiff_t at, Worst& worst) {
  const Lanes underused = load(b.state[8] + at), earning = load(b.state[9] + at);
  const Lanes uses =
      load(b.state[5] + at) + load(b.state[6] + at) + load(b.state[7] + at) + underused + earning;
  note(worst.working, worst.sum, load(b.installed + at) - uses);
  Lanes sold = zero(), busy = zero();
  std::ptrdiff_t row = at;
  for (int m = 0; m < b.markets; ++m, row += static_cast<std::ptrdiff_t>(b.lots) * b.width) {
    sold = sold + load(b.sold + row);
    busy = busy + load(b.busy + row);
  }
  note(worst.sold, worst.sum, sold - (underused + earning));
  note(worst.sold, worst.sum, busy - earning);
}

inline void check_dark(const LedgerBlock& b, std::ptrdiff_t at, Worst& worst) {
  Lanes handed = zero(), sellable = zero();
  std::ptrdiff_t row = at;
  for (int m = 0; m < b.markets; ++m, row += static_cast<std::ptrdiff_t>(b.lots) * b.width)
    handed = handed + load(b.sellable_to + row);
  for (int k = 0; k < 4; ++k) {
    const Lanes sells = load(b.sellable[k] + at);
    sellable = sellable + sells;
    note_excess(worst.sellable, sells - load(b.state[1 + k] + at));
  }
  note(worst.sellable, worst.sum, handed - sellable);
}

inline void check_states(const LedgerBlock& b, std::ptrdiff_t at, Worst& worst) {
  Lanes counted = load(b.gone + at);
  for (int s = 0; s < 10; ++s) counted = counted + load(b.state[s] + at);
  note(worst.chips, worst.sum, load(b.ordered + at) - counted);
}

void check_lot(const LedgerBlock& b, int l, Lanes* worst_of, Lanes& sum) {
  const int groups = b.width / lanes;
  const unsigned char* marks = b.lot_moved + l * groups;
  Worst worst{zero(), zero(), zero(), zero(), zero()};
  bool any_moved = false;
  for (int first = 0; first < groups; first += stretch_groups) {
    const int n = groups - first < stretch_groups ? groups - first : stretch_groups;
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(l) * b.width + first * lanes;
    const Marks moved = b.ask_all ? ~Marks{0} >> (64 - 8 * n) : marks_of(marks + first, n);
    if (moved == 0) continue;
    any_moved = true;
    const auto each_of = [moved](Moved kinds, auto visit) { each(groups_of(moved, kinds), visit); };
    if (b.ask_chips)
      each_of(moved_anything, [&](std::ptrdiff_t g) { check_states(b, at + g * lanes, worst); });
    each_of(moved_dates, [&](std::ptrdiff_t g) { check_dates(b, at + g * lanes, worst); });
    each_of(moved_running, [&](std::ptrdiff_t g) { check_running(b, at + g * lanes, worst); });
    each_of(moved_dark, [&](std::ptrdiff_t g) { check_dark(b, at + g * lanes, worst); });
  }
  if (!any_moved) return;
  const Lanes per_count = all(b.per_count[l]);
  const Lanes of_lot[] = {worst.chips, worst.working, worst.sold, worst.sellable};
  for (int k = 0; k < 4; ++k) note(worst_of[k], sum, of_lot[k], per_count);
  sum = sum + worst.sum;
}

void check_market(const LedgerBlock& b, int m, Lanes* worst_of, Lanes& sum) {
  const std::ptrdiff_t width = b.width;
  constexpr int side = 2;  // groups side by side: widths are multiples of two
  for (std::ptrdiff_t p = 0; p < width; p += side * lanes) {
    Lanes met[side];
    for (int g = 0; g < side; ++g) met[g] = load(b.unmet + m * width + p + g * lanes);
    const double* sold = b.sold + m * b.lots * width + p;
    for (int l = 0; l < b.lots; ++l, sold += width) {
      const Lanes h100e = all(b.h100e[l]);
      for (int g = 0; g < side; ++g) met[g] = met[g] + load(sold + g * lanes) * h100e;
    }
    for (int g = 0; g < side; ++g) {
      const Lanes demand = load(b.demand + m * width + p + g * lanes);
      note(worst_of[4], sum, demand - met[g], inverse(demand));
    }
  }
}

void check_site(const LedgerBlock& b, int s, Lanes* worst_of, Lanes& sum) {
  const unsigned char* moved = b.site_moved + s * (b.width / mark_paths);
  for (int p = 0; p < b.width; p += lanes) {
    if (!b.ask_all && moved[p / lanes] == 0) continue;
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
  for (int l = 0; l < b.lots; ++l) check_lot(b, l, worst_of, sum);
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
