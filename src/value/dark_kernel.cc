// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4; see rows_kernel.cc.
//
// A site in a month, lot by lot: look for what is dark, write what a chip of each path costs into
// rows, then add up state by state, the sums in registers.

#include "value/dark_kernel.h"

#include "base/eight.h"
#include "base/math.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

// ---- rows -------------------------------------------------------------------------------------

using Index = std::int64_t;

WARMSHELL_EIGHT void add_to(double* row, Eight x) {
  store_eight(row, load_eight(row) + x);
}

WARMSHELL_EIGHT Eight row(const double* rows, Index g) {
  return load_eight(rows + g * eight_lanes);
}

// Groups with a path that is counted.
WARMSHELL_EIGHT Index groups_of(const DarkMonth& m) {
  return (m.count + eight_lanes - 1) / eight_lanes;
}

// work(group, counted): counted(rows, group) is zero beyond the last path, for what is added up.
template <class Work>
WARMSHELL_EIGHT void for_counted(const DarkMonth& m, Work work) {
  const Index whole = m.count / eight_lanes;
  const int rest = m.count % eight_lanes;
  for (Index g = 0; g < whole; ++g) work(g, row);
  if (rest != 0)
    work(whole, [rest](const double* rows, Index g) { return first_lanes(row(rows, g), rest); });
}

// ---- what is dark -----------------------------------------------------------------------------

WARMSHELL_EIGHT bool any_state(const bool* of_state) {
  return of_state[0] | of_state[1] | of_state[2] | of_state[3];
}

void look(const DarkMonth& m, DarkLot& lot) {
  if (moved_groups(m.lot_moved, lot.marks_at, m.width / eight_lanes) == 0) return;
  const auto any = [&](const double* column) {
    unsigned lanes = 0;
    for (Index g = 0; g < groups_of(m); ++g) lanes |= lanes_of(row(column + lot.at, g));
    return lanes != 0;
  };
  for (int s = 0; s < dark_states; ++s) {
    lot.dark[s] = any(m.dark[s]);
    lot.sells[s] = lot.dark[s] && any(m.sellable[s]);
  }
}

// ---- what a dark chip costs -------------------------------------------------------------------

// Rows of costs, group by group: money per dark chip, then per sellable one.
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
constexpr int group_of_costs = dark_cost_rows * eight_lanes;

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
    int whole = months > 0 ? static_cast<int>(months * (1.0 / 12)) : 0;
    if (whole > 0 && months < 12 * whole) --whole;
    return whole < end ? whole : end;
  };
  return {year(least), year(most)};
}

// The curve at an age of that many months.
WARMSHELL_EIGHT Eight residual(const CurveYear* curve, Years years, Eight age) {
  Eight from = all_eight(curve[years.first].from), rise = all_eight(curve[years.first].rise);
  for (int y = years.first + 1; y <= years.last; ++y) {
    const EightMask older = age >= all_eight(12.0 * y);
    from = choose(older, all_eight(curve[y].from), from);
    rise = choose(older, all_eight(curve[y].rise), rise);
  }
  return from + rise * age;
}

// What a chip is worth, of its price.
WARMSHELL_EIGHT Eight worth_of(const DarkUnit& unit, Years years, Eight resale, Eight age) {
  return resale * (unit.constant_fall ? exp_eight(all_eight(unit.log_keep) * age)
                                      : residual(unit.curve, years, age));
}

// The worth that no month before has left, to the bit what it would have left.
void find_worth(const DarkUnit& unit, const DarkMonth& m, const DarkLot& lot) {
  const Years years =
      years_of(m.month - lot.last_delivery, m.month - lot.first_delivery, unit.years);
  for (Index g = 0; g < groups_of(m); ++g) {
    const Eight age = larger_of(Eight{}, all_eight(m.month) - row(lot.delivery, g));
    const Eight resale = row(m.resale_before + lot.class_at, g);
    store_eight(lot.worth + g * eight_lanes, worth_of(unit, years, resale, age));
  }
}

void age_costs(const DarkUnit& unit, const DarkMonth& m, DarkLot& lot, double* costs) {
  if (lot.worth_month != m.month) find_worth(unit, m, lot);
  lot.worth_month = m.month + 1;
  const double *ages = m.age + lot.at, *resale = m.resale + lot.class_at;
  const double least = m.month + 1 - lot.last_delivery, most = m.month + 1 - lot.first_delivery;
  const Years years = years_of(least, most, unit.years);
  const Eight price = all_eight(lot.price);
  for (Index g = 0; g < groups_of(m); ++g) {
    const Eight end = row(ages, g);
    const EightMask delivered_before = end > all_eight(1);
    const Eight begin = where(delivered_before, end - all_eight(1));
    const auto used = [&](double a_month, double whole) {
      if (most <= whole) return all_eight(a_month) * (end - begin);
      return all_eight(a_month) *
             (smaller_of(end, all_eight(whole)) - smaller_of(begin, all_eight(whole)));
    };
    const Eight grown = all_eight(m.grown) * row(lot.growth_to, g);
    const Eight tied =
        choose(delivered_before, grown * all_eight(unit.growth_share), grown - all_eight(1));
    const Eight worth = worth_of(unit, years, row(resale, g), end);
    double* into = costs + g * group_of_costs;
    const auto put = [&](CostRow at, Eight x) { store_eight(into + at * eight_lanes, x); };
    put(market_value, price * (row(lot.worth, g) - worth));
    put(life, used(lot.life_a_month, unit.economic_life));
    put(book, used(lot.book_a_month, unit.book_life));
    put(capital, price * tied);
    store_eight(lot.worth + g * eight_lanes, worth);
  }
}

// What a sellable chip would earn: the alone ones are served first.
void margins(const DarkUnit& unit, const DarkMonth& m, const DarkLot& lot, const double* prices,
             double* costs) {
  const double *handed_to = m.handed + lot.at, *rents = m.rent + lot.class_at;
  for (Index g = 0; g < groups_of(m); ++g) {
    Eight alone{};
    for (int s = 0; s < dark_states; ++s) alone += row(m.sellable_alone[s] + lot.at, g);
    // left: alone chips not yet handed a market; the rest of what a market takes has two cures
    Eight left = alone, total{};
    Eight revenue_of_alone{}, revenue_of_rest{}, margin_of_alone{}, margin_of_rest{};
    const Eight price = row(prices, g);
    for (int k = 0; k < unit.markets; ++k) {
      const Eight handed = row(handed_to + unit.market[k] * m.market_lots, g);
      const Eight rent = row(rents + unit.market[k] * m.market_rents, g);
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
    double* into = costs + g * group_of_costs;
    const auto put = [&](CostRow at, Eight x) { store_eight(into + at * eight_lanes, x); };
    put(revenue_alone, revenue_of_alone * each);
    put(revenue_rest, revenue_of_rest * each_rest);
    put(margin_alone, margin_of_alone * each);
    put(margin_rest, margin_of_rest * each_rest);
  }
}

// ---- sums by state ----------------------------------------------------------------------------

// Rows of a wait, group by group: who has waited since the turn began, and the number of the cure
// among those of the wait.
enum WaitRow {
  waiting_alone,     // chips that one gate cures
  waiting_sellable,  // sellable ones
  waiting_margin,    // their discounted lost margin
  whose_turn
};
static_assert(whose_turn + 1 == dark_wait_rows);
constexpr int group_of_wait = dark_wait_rows * eight_lanes;

// Rows of sums of a state, of eight lanes each.
enum SumRow {  // as DarkSum
  accelerators,
  alone_chips,
  sellable_chips,
  sellable_alone,
  megawatts,
  sellable_megawatts,
  revenue,
  margin,
  margin_of_alone,
  value,
  life_used,
  written_off,
  tied,
};
static_assert(tied + 1 == kernel_sums);
constexpr int sum_rows = 16;  // whole groups of eight

void add_dark(const DarkMonth& m, const DarkLot& lot, int s, const double* costs, double* sums) {
  const double *darks = m.dark[s] + lot.at, *alones = m.alone[s] + lot.at;
  double* waiting = lot.waits[s]->rows;
  const Eight mw_each = all_eight(lot.mw_each);
  Eight chips = row(sums, accelerators), alone = row(sums, alone_chips), mw = row(sums, megawatts);
  Eight lost = row(sums, value), used = row(sums, life_used), off = row(sums, written_off);
  Eight capital_tied = row(sums, tied);
  for_counted(m, [&](Index g, auto counted) {
    const auto each = [&](CostRow kind) { return row(costs + g * group_of_costs, kind); };
    const Eight dark = counted(darks, g), cured_by_one = counted(alones, g);
    chips += dark;
    alone += cured_by_one;
    mw += dark * mw_each;
    lost += dark * each(market_value);
    used += dark * each(life);
    off += dark * each(book);
    capital_tied += dark * each(capital);
    add_to(waiting + g * group_of_wait + waiting_alone * eight_lanes, cured_by_one);
  });
  const auto put = [&](SumRow at, Eight x) { store_eight(sums + at * eight_lanes, x); };
  put(accelerators, chips);
  put(alone_chips, alone);
  put(megawatts, mw);
  put(value, lost);
  put(life_used, used);
  put(written_off, off);
  put(tied, capital_tied);
}

void add_sellable(const DarkMonth& m, const DarkLot& lot, int s, const double* costs,
                  double* margin_row, double* sums) {
  const double* sellables = m.sellable[s] + lot.at;
  const double* alones = m.sellable_alone[s] + lot.at;
  double* waits = lot.waits[s]->rows;
  const Eight mw_each = all_eight(lot.mw_each), discount = all_eight(m.discount);
  Eight chips = row(sums, sellable_chips), of_one = row(sums, sellable_alone);
  Eight mw = row(sums, sellable_megawatts), revenues = row(sums, revenue);
  Eight margins = row(sums, margin), margins_of_one = row(sums, margin_of_alone);
  for_counted(m, [&](Index g, auto counted) {
    const auto each = [&](CostRow kind) { return row(costs + g * group_of_costs, kind); };
    const Eight sellable = counted(sellables, g), alone = counted(alones, g);
    const Eight rest = sellable - alone;
    const Eight alone_margin = alone * each(margin_alone);
    const Eight both = alone_margin + rest * each(margin_rest);
    chips += sellable;
    of_one += alone;
    mw += alone * mw_each;
    revenues += alone * each(revenue_alone) + rest * each(revenue_rest);
    margins += both;
    margins_of_one += alone_margin;
    add_to(margin_row + g * eight_lanes, discount * both);
    double* wait = waits + g * group_of_wait;
    add_to(wait + waiting_sellable * eight_lanes, alone);
    add_to(wait + waiting_margin * eight_lanes, discount * alone_margin);
  });
  const auto put = [&](SumRow at, Eight x) { store_eight(sums + at * eight_lanes, x); };
  put(sellable_chips, chips);
  put(sellable_alone, of_one);
  put(sellable_megawatts, mw);
  put(revenue, revenues);
  put(margin, margins);
  put(margin_of_alone, margins_of_one);
}

void fold(const double* lanes, double* sums) {
  double folded[sum_rows] = {};
  fold_rows(lanes, sum_rows, folded);
  for (int k = 0; k < kernel_sums; ++k) sums[k] += folded[k];
}

// ---- which gate cures -------------------------------------------------------------------------

// Whose turn it is from this month until the first of the dates found has passed.
void find_turn(const DarkWait& wait, const DarkMonth& m, Index g) {
  const Eight now = all_eight(m.month);
  Eight nearest = all_eight(math::infinity), whose = all_eight(wait.count - 1);
  for (int k = 0; k < wait.count; ++k)
    for (int opening = 0; opening < wait.cures[k].openings; ++opening) {
      const Eight date = row(wait.cures[k].dates + opening * m.width, g);
      const EightMask next = (date > now) & (date < nearest);
      nearest = choose(next, date, nearest);
      whose = choose(next, all_eight(k), whose);
    }
  store_eight(wait.rows + g * group_of_wait + whose_turn * eight_lanes, whose);
  wait.until[g] = least_of(nearest);
}

// Those who wait to the cure whose turn it is; then nobody waits.
void credit(const DarkWait& wait, Index g) {
  double* waiting = wait.rows + g * group_of_wait;
  const Eight alone = row(waiting, waiting_alone), sellable = row(waiting, waiting_sellable);
  const Eight margins = row(waiting, waiting_margin), whose = row(waiting, whose_turn);
  for (int k = 0; k < wait.count; ++k) {
    const DarkCure& cure = wait.cures[k];
    const EightMask mine = (whose >= all_eight(k)) & (whose <= all_eight(k));
    add_to(cure.lanes, where(mine, alone));
    add_to(cure.lanes + eight_lanes, where(mine, sellable));
    add_to(cure.margin_row + g * eight_lanes, where(mine, margins));
  }
  for (int of = waiting_alone; of <= waiting_margin; ++of)
    store_eight(waiting + of * eight_lanes, Eight{});
}

// Where a turn is over by this month, another begins.
void pass_turns(const DarkWait& wait, const DarkMonth& m) {
  const Eight now = all_eight(m.month);
  for (Index first = 0; first < groups_of(m); first += eight_lanes)
    for (unsigned over = lanes_of(load_eight(wait.until + first) <= now); over; over &= over - 1) {
      const Index g = first + __builtin_ctz(over);
      credit(wait, g);
      find_turn(wait, m, g);
    }
}

void end_turns(const DarkWait& wait, Index width) {
  for (Index g = 0; g < width / eight_lanes; ++g) credit(wait, g);
}

// ---- a site -----------------------------------------------------------------------------------

void count_dark(const DarkMonth& m, const DarkLot& lot, double* dark_row) {
  for (Index g = 0; g < groups_of(m); ++g) {
    const auto dark = [&](int s) { return row(m.dark[s] + lot.at, g); };
    add_to(dark_row + g * eight_lanes, (dark(0) + dark(1)) + (dark(2) + dark(3)));
  }
}

void site_month(const DarkUnit& unit, const DarkMonth& m, const DarkSite& site, double* dark_row,
                double* costs) {
  for (int k = 0; k < dark_states * kernel_sums; k += eight_lanes)
    __builtin_prefetch(site.sums + k, 1);  // not seen since the block before
  bool in_state[dark_states] = {};
  alignas(64) double sums[dark_states][sum_rows * eight_lanes];
  for (int l = 0; l < site.count; ++l) {
    DarkLot& lot = site.lots[l];
    look(m, lot);
    if (!any_state(lot.dark)) continue;
    count_dark(m, lot, dark_row);
    age_costs(unit, m, lot, costs);
    if (any_state(lot.sells)) margins(unit, m, lot, site.energy_price, costs);
    for (int s = 0; s < dark_states; ++s) {
      if (!lot.dark[s]) continue;
      if (!in_state[s])
        for (Index k = 0; k < sum_rows; ++k) store_eight(sums[s] + k * eight_lanes, Eight{});
      in_state[s] = true;
      pass_turns(*lot.waits[s], m);
      add_dark(m, lot, s, costs, sums[s]);
      if (lot.sells[s]) add_sellable(m, lot, s, costs, site.margin_rows[s], sums[s]);
    }
  }
  for (int s = 0; s < dark_states; ++s)
    if (in_state[s]) fold(sums[s], site.sums + s * kernel_sums);
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

void powers(double rate, const double* dates, double end, double* row, int width) {
  for (int path = 0; path < width; path += eight_lanes) {
    const Eight date = smaller_of(load_eight(dates + path), all_eight(end));
    store_eight(row + path, exp_eight(all_eight(rate) * date));
  }
}

void raise(const double* other, double* row, int width) {
  for (int path = 0; path < width; path += eight_lanes)
    store_eight(row + path, larger_of(load_eight(row + path), load_eight(other + path)));
}

}  // namespace

extern const DarkKernels dark;
const DarkKernels dark{site_month, end_turns, powers, short_paths, raise};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
