// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4; see rows_kernel.cc.
//
// A site in a month: look for what is dark, lot by lot, and write what a chip of each path costs
// into rows; then add up state by state, the sums in registers; then credit the cures.

#include "value/dark_kernel.h"

#include "base/eight.h"
#include "base/math.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

// ---- registers and lanes ----------------------------------------------------------------------

using Index = std::int64_t;

template <class Work>
WARMSHELL_EIGHT void for_each_register(Registers set, Work work) {
  for (; set != 0; set &= set - 1) work(static_cast<Index>(__builtin_ctzll(set)));
}
WARMSHELL_EIGHT Registers only(Index r) {
  return Registers{1} << r;
}

WARMSHELL_EIGHT void add_to(double* row, Eight x) {
  store_eight(row, load_eight(row) + x);
}

WARMSHELL_EIGHT Eight row(const double* rows, Index r) {
  return load_eight(rows + r * eight_lanes);
}
// A row that is added up over paths: zero beyond the last one.
WARMSHELL_EIGHT Eight counted(const double* rows, Index r, int count) {
  const int left = count - static_cast<int>(r) * eight_lanes;
  return left >= eight_lanes ? row(rows, r) : first_lanes(row(rows, r), left);
}

// ---- what is dark -----------------------------------------------------------------------------

WARMSHELL_EIGHT Registers any_state(const Registers* of_state) {
  return of_state[0] | of_state[1] | of_state[2] | of_state[3];
}

void look(const DarkMonth& m, DarkLot& lot) {
  const Registers moved = moved_groups(m.lot_moved, lot.marks_at, m.registers);
  if (moved == 0) return;
  const auto those_with = [&](const double* column, Registers set) {
    Registers some = 0;
    for_each_register(set, [&](Index r) {
      some |= static_cast<Registers>(any_eight(row(column + lot.at, r))) << r;
    });
    return some;
  };
  for (int s = 0; s < dark_states; ++s) {
    const Registers dark = those_with(m.dark[s], moved);
    lot.dark[s] = (lot.dark[s] & ~moved) | dark;
    lot.sells[s] = (lot.sells[s] & ~moved) | those_with(m.sellable[s], dark);
  }
}

// ---- what a dark chip costs -------------------------------------------------------------------

// Rows of costs, register by register: money per dark chip, then per sellable one.
enum CostRow {
  market_value,
  life,
  book,
  capital,
  revenue_alone,  // of those that one gate cures
  revenue_rest,   // of those with two cures
  margin_alone,
  margin_rest
};
static_assert(margin_rest + 1 == dark_cost_rows);
constexpr int register_of_costs = dark_cost_rows * eight_lanes;

WARMSHELL_EIGHT Eight exp_eight(Eight x) {
  alignas(64) double lanes[eight_lanes];
  store_eight(lanes, x);
  for (double& lane : lanes) lane = math::exp(lane);
  return load_eight(lanes);
}

struct Years {  // between which the ages of a row lie
  int first, last;
};

WARMSHELL_EIGHT Years years_of(double least, double most, int years) {
  const int end = years - 1;
  const auto year = [&](double months) {  // as in `residual`, so that no neighbour changes a bit
    const int whole = months > 0 ? static_cast<int>(months * (1.0 / 12)) : 0;
    return whole < end ? whole : end;
  };
  return {year(least), year(most)};
}

// The curve at an age of that many years.
WARMSHELL_EIGHT Eight residual(const CurveYear* curve, Years years, Eight age) {
  const CurveYear& first = curve[years.first];
  Eight begin = all_eight(first.begin), from = all_eight(first.from), rise = all_eight(first.rise);
  for (int y = years.first + 1; y <= years.last; ++y) {
    const CurveYear& next = curve[y];
    const EightMask older = age >= all_eight(next.begin);
    begin = choose(older, all_eight(next.begin), begin);
    from = choose(older, all_eight(next.from), from);
    rise = choose(older, all_eight(next.rise), rise);
  }
  return from + rise * (age - begin);
}

void age_costs(const DarkUnit& unit, const DarkMonth& m, const DarkLot& lot, Registers set,
               double* costs) {
  const double* ages = m.age + lot.at;
  const double *before = m.resale_before + lot.class_at, *now = m.resale_now + lot.class_at;
  const double least = m.month + 1 - lot.last_delivery, most = m.month + 1 - lot.first_delivery;
  const Years years = years_of(least, most, unit.years);
  const Years years_before = years_of(least - 1, most - 1, unit.years);
  const Eight price = all_eight(lot.price);
  for_each_register(set, [&](Index r) {
    const Eight end = row(ages, r);
    const EightMask delivered_before = end > all_eight(1);
    const Eight begin = where(delivered_before, end - all_eight(1));
    const auto used = [&](double a_month, double whole) {
      if (most <= whole) return all_eight(a_month) * (end - begin);
      return all_eight(a_month) *
             (smaller_of(end, all_eight(whole)) - smaller_of(begin, all_eight(whole)));
    };
    const Eight grown_end = exp_eight(all_eight(unit.log_growth) * end);
    const Eight grown_begin =
        choose(delivered_before, grown_end * all_eight(unit.growth_back), all_eight(1));
    Eight kept_end, kept_begin;
    if (unit.constant_fall) {
      kept_end = exp_eight(all_eight(unit.log_keep) * end);
      kept_begin = choose(delivered_before, kept_end * all_eight(unit.keep_back), all_eight(1));
    } else {
      kept_end = residual(unit.curve, years, end * all_eight(1.0 / 12));
      kept_begin = residual(unit.curve, years_before, begin * all_eight(1.0 / 12));
    }
    double* into = costs + r * register_of_costs;
    const auto put = [&](CostRow row, Eight x) { store_eight(into + row * eight_lanes, x); };
    put(market_value, price * (row(before, r) * kept_begin - row(now, r) * kept_end));
    put(life, used(lot.life_a_month, unit.economic_life));
    put(book, used(lot.book_a_month, unit.book_life));
    put(capital, price * (grown_end - grown_begin));
  });
}

// What a sellable chip would earn: the alone ones are served first.
void margins(const DarkUnit& unit, const DarkMonth& m, const DarkLot& lot, const double* prices,
             Registers set, double* costs) {
  const double *handed_to = m.handed + lot.at, *rents = m.rent + lot.class_at;
  for_each_register(set, [&](Index r) {
    Eight alone{};
    for (int s = 0; s < dark_states; ++s) alone += row(m.sellable_alone[s] + lot.at, r);
    // left: alone chips not yet handed a market; the rest of what a market takes has two cures
    Eight left = alone, total{};
    Eight revenue_of_alone{}, revenue_of_rest{}, margin_of_alone{}, margin_of_rest{};
    const Eight price = row(prices, r);
    for (int k = 0; k < unit.markets; ++k) {
      const Eight handed = row(handed_to + unit.market[k] * m.market_lots, r);
      const Eight rent = row(rents + unit.market[k] * m.market_rents, r);
      const Eight first = smaller_of(left, handed);
      const Eight rest = handed - first;
      const Eight revenue = rent * all_eight(unit.paid_hours[k]);
      const Eight margin =
          revenue * all_eight(unit.kept_share) - all_eight(lot.energy_mwh[k]) * price;
      left -= first;
      total += handed;
      revenue_of_alone += first * revenue;
      revenue_of_rest += rest * revenue;
      margin_of_alone += first * margin;
      margin_of_rest += rest * margin;
    }
    // per chip: what was handed is what was sellable, so a lot without any divides by nothing
    const Eight served = alone - left, others = total - alone;
    const Eight each = where(served > Eight{}, all_eight(1) / served);
    const Eight real = where(others > all_eight(1e-12) * total, others);  // not rounding
    const bool any_rest = any_eight(real);
    const Eight each_rest = any_rest ? where(real > Eight{}, all_eight(1) / real) : Eight{};
    double* into = costs + r * register_of_costs;
    const auto put = [&](CostRow at, Eight x) { store_eight(into + at * eight_lanes, x); };
    put(revenue_alone, revenue_of_alone * each);
    put(revenue_rest, revenue_of_rest * each_rest);
    put(margin_alone, margin_of_alone * each);
    put(margin_rest, margin_of_rest * each_rest);
  });
}

// ---- sums by state ----------------------------------------------------------------------------

struct StateSums {
  Eight accelerators{}, alone{}, sellable{}, sellable_alone{}, megawatts{}, sellable_megawatts{};
  Eight revenue{}, margin{}, margin_of_alone{}, value{}, life_used{}, written_off{}, tied{};
};

WARMSHELL_EIGHT void add_dark(const DarkMonth& m, const DarkLot& lot, int s, const double* costs,
                              StateSums& sum) {
  const double *darks = m.dark[s] + lot.at, *alones = m.alone[s] + lot.at;
  double* waiting = lot.waits[s]->alone;
  const Eight mw_each = all_eight(lot.mw_each);
  for_each_register(lot.dark[s], [&](Index r) {
    const auto each = [&](CostRow kind) { return row(costs + r * register_of_costs, kind); };
    const Eight dark = counted(darks, r, m.count), cured_by_one = counted(alones, r, m.count);
    sum.accelerators += dark;
    sum.alone += cured_by_one;
    sum.megawatts += dark * mw_each;
    sum.value += dark * each(market_value);
    sum.life_used += dark * each(life);
    sum.written_off += dark * each(book);
    sum.tied += dark * each(capital);
    add_to(waiting + r * eight_lanes, cured_by_one);
  });
}

WARMSHELL_EIGHT void add_sellable(const DarkMonth& m, const DarkLot& lot, int s,
                                  const double* costs, double* margin_row, StateSums& sum) {
  const double* sellables = m.sellable[s] + lot.at;
  const double* alones = m.sellable_alone[s] + lot.at;
  DarkWait& wait = *lot.waits[s];
  const Eight mw_each = all_eight(lot.mw_each), discount = all_eight(m.discount);
  for_each_register(lot.sells[s], [&](Index r) {
    const auto each = [&](CostRow kind) { return row(costs + r * register_of_costs, kind); };
    const Eight sellable = counted(sellables, r, m.count), alone = counted(alones, r, m.count);
    const Eight rest = sellable - alone;
    const Eight of_alone = alone * each(margin_alone);
    const Eight margin = of_alone + rest * each(margin_rest);
    sum.sellable += sellable;
    sum.sellable_alone += alone;
    sum.sellable_megawatts += alone * mw_each;
    sum.revenue += alone * each(revenue_alone) + rest * each(revenue_rest);
    sum.margin += margin;
    sum.margin_of_alone += of_alone;
    add_to(margin_row + r * eight_lanes, discount * margin);
    add_to(wait.sellable + r * eight_lanes, alone);
    add_to(wait.margin + r * eight_lanes, discount * of_alone);
  });
}

// In the order of DarkSum.
WARMSHELL_EIGHT void fold(const StateSums& sum, double* sums) {
  constexpr int rows = 16;  // whole groups of eight
  alignas(64) double lanes[rows * eight_lanes], folded[rows] = {};
  const Eight all[kernel_sums] = {
      sum.accelerators,       sum.alone,       sum.sellable, sum.sellable_alone,  sum.megawatts,
      sum.sellable_megawatts, sum.revenue,     sum.margin,   sum.margin_of_alone, sum.value,
      sum.life_used,          sum.written_off, sum.tied};
  for (int k = 0; k < rows; ++k)
    store_eight(lanes + k * eight_lanes, k < kernel_sums ? all[k] : Eight{});
  fold_rows(lanes, rows, folded);
  for (int k = 0; k < kernel_sums; ++k) sums[k] += folded[k];
}

void add_state(const DarkMonth& m, const DarkSite& site, int s, const double* costs) {
  StateSums sum;
  for (int l = 0; l < site.count; ++l, costs += dark_cost_rows * m.width) {
    DarkLot& lot = site.lots[l];
    if (lot.dark[s] == 0) continue;
    lot.waits[s]->waiting |= lot.dark[s];
    lot.waits[s]->selling |= lot.sells[s];
    add_dark(m, lot, s, costs, sum);
    add_sellable(m, lot, s, costs, site.margin_rows[s], sum);
  }
  fold(sum, site.sums + s * kernel_sums);
}

// ---- which gate cures -------------------------------------------------------------------------

WARMSHELL_EIGHT Eight next_opening(const DarkCure& cure, Index width, Index r, double month) {
  Eight next = all_eight(math::infinity);
  for (int k = 0; k < cure.openings; ++k) {
    const Eight date = row(cure.dates + k * width, r);
    const Eight later = choose(date > all_eight(month), date, all_eight(math::infinity));
    next = smaller_of(next, later);
  }
  return next;
}

// Whose turn it is from this month until the first of the dates found has passed.
void find_turn(const DarkWait& wait, const DarkMonth& m, Index r) {
  Eight nearest = all_eight(math::infinity);
  for (int k = 0; k < wait.count; ++k)
    nearest = smaller_of(nearest, next_opening(wait.cures[k], m.width, r, m.month));
  Eight open = all_eight(1);  // 0 where a cure has taken the path
  for (int k = 0; k < wait.count; ++k) {
    const bool otherwise = k + 1 == wait.count;
    const Eight next = next_opening(wait.cures[k], m.width, r, m.month);
    const Eight hit = where(nearest < all_eight(math::infinity), open);
    const Eight mine = otherwise ? open : where(next <= nearest, hit);
    const unsigned lanes = lanes_of(mine);
    wait.takes[k * m.registers + r] = static_cast<unsigned char>(lanes);
    wait.taking[k] = (wait.taking[k] & ~only(r)) | (lanes != 0 ? only(r) : 0);
    open -= mine;
  }
  wait.until[r] = least_of(nearest);
}

// Those who wait to the cure whose turn it is; then nobody waits.
void credit(DarkWait& wait, const DarkMonth& m) {
  for_each_register(wait.waiting, [&](Index r) {
    if (!(wait.until[r] > m.month)) find_turn(wait, m, r);
  });
  for (int k = 0; k < wait.count; ++k) {
    const Registers mine = wait.waiting & wait.taking[k];
    if (mine == 0) continue;
    const DarkCure& cure = wait.cures[k];
    const unsigned char* takes = wait.takes + k * m.registers;
    const auto taken = [&](const double* rows, Index r) {
      return keep_lanes(row(rows, r), takes[r]);
    };
    Eight alone = load_eight(cure.lanes), sellable = load_eight(cure.lanes + eight_lanes);
    for_each_register(mine, [&](Index r) { alone += taken(wait.alone, r); });
    for_each_register(mine & wait.selling, [&](Index r) {
      sellable += taken(wait.sellable, r);
      add_to(cure.margin_row + r * eight_lanes, taken(wait.margin, r));
    });
    store_eight(cure.lanes, alone);
    store_eight(cure.lanes + eight_lanes, sellable);
  }
  for_each_register(wait.waiting,
                    [&](Index r) { store_eight(wait.alone + r * eight_lanes, Eight{}); });
  for_each_register(wait.selling, [&](Index r) {
    store_eight(wait.sellable + r * eight_lanes, Eight{});
    store_eight(wait.margin + r * eight_lanes, Eight{});
  });
  wait.waiting = wait.selling = 0;
}

// ---- a site -----------------------------------------------------------------------------------

void count_dark(const DarkMonth& m, const DarkLot& lot, Registers set, double* dark_row) {
  for_each_register(set, [&](Index r) {
    const auto dark = [&](int s) { return row(m.dark[s] + lot.at, r); };
    add_to(dark_row + r * eight_lanes, (dark(0) + dark(1)) + (dark(2) + dark(3)));
  });
}

void site_month(const DarkUnit& unit, const DarkMonth& m, const DarkSite& site, double* dark_row,
                double* costs) {
  for (int k = 0; k < dark_states * kernel_sums; k += eight_lanes)
    __builtin_prefetch(site.sums + k, 1);  // not seen since the block before
  Registers in_state[dark_states] = {};
  double* of_lot = costs;
  for (int l = 0; l < site.count; ++l, of_lot += dark_cost_rows * m.width) {
    DarkLot& lot = site.lots[l];
    look(m, lot);
    const Registers dark = any_state(lot.dark);
    if (dark == 0) continue;
    count_dark(m, lot, dark, dark_row);
    age_costs(unit, m, lot, dark, of_lot);
    margins(unit, m, lot, site.energy_price, any_state(lot.sells), of_lot);
    for (int s = 0; s < dark_states; ++s) in_state[s] |= lot.dark[s];
  }
  if (any_state(in_state) == 0) return;
  for (int s = 0; s < dark_states; ++s)
    if (in_state[s] != 0) add_state(m, site, s, costs);
  for (int l = 0; l < site.count; ++l)
    for (int s = 0; s < dark_states; ++s)
      if (site.lots[l].dark[s] != 0 && site.lots[l].waits[s]->waiting != 0)
        credit(*site.lots[l].waits[s], m);
}

// ---- beside -----------------------------------------------------------------------------------

double short_paths(const double* unmet, const double* demand, int markets, int width, int count) {
  Eight paths{};
  for (int path = 0; path < count; path += eight_lanes) {
    Eight some{};
    for (int m = 0; m < markets; ++m) {
      const Index at = static_cast<Index>(m) * width + path;
      const Eight asked = load_eight(demand + at);
      some = choose(load_eight(unmet + at) > all_eight(1e-9) * asked, all_eight(1), some);
    }
    paths += first_lanes(some, count - path);
  }
  return fold_eight(paths);
}

void raise(const double* other, double* row, int width) {
  for (int path = 0; path < width; path += eight_lanes)
    store_eight(row + path, larger_of(load_eight(row + path), load_eight(other + path)));
}

}  // namespace

extern const DarkKernels dark;
const DarkKernels dark{site_month, short_paths, raise};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
