// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4; see rows_kernel.cc.

#include "value/dark_kernel.h"

#include "base/eight.h"
#include "base/math.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

// ---- what a dark chip costs -------------------------------------------------------------------

WARMSHELL_EIGHT Eight exp_eight(Eight x) {
  alignas(64) double lanes[eight_lanes];
  store_eight(lanes, x);
  for (double& lane : lanes) lane = math::exp(lane);
  return load_eight(lanes);
}

struct Years {  // between which every age of the row and the age a month before lie
  int first, last;
};

WARMSHELL_EIGHT Years years_of(const double* age, int years, int count) {
  double least = age[0], most = age[0];
  for (int i = 1; i < count; ++i) {
    least = age[i] < least ? age[i] : least;
    most = most < age[i] ? age[i] : most;
  }
  const int end = years - 2;
  const auto year = [&](double months) {  // as in `residual`, so that no neighbour changes a bit
    const int whole = months > 0 ? static_cast<int>(months * (1.0 / 12)) : 0;
    return whole < end ? whole : end;
  };
  return {year(least - 1), year(most)};
}

// The curve at an age of that many years.
WARMSHELL_EIGHT Eight residual(const double* by_year, Years years, Eight year) {
  Eight begin = all_eight(years.first), from = all_eight(by_year[years.first]),
        to = all_eight(by_year[years.first + 1]);
  for (int y = years.first + 1; y <= years.last; ++y) {
    const EightMask older = year >= all_eight(y);
    begin = older ? all_eight(y) : begin;
    from = older ? all_eight(by_year[y]) : from;
    to = older ? all_eight(by_year[y + 1]) : to;
  }
  return from + (to - from) * (year - begin);
}

struct UnitCosts {  // money per dark chip
  Eight market_value, life, book, capital;
};

WARMSHELL_EIGHT UnitCosts unit_costs(const UnitParameters& p, Years years, Eight end,
                                     Eight resale_before, Eight resale_now) {
  const EightMask delivered_before = end > all_eight(1);
  const Eight begin = delivered_before ? end - all_eight(1) : Eight{};
  const auto used = [&](double life) {
    const Eight whole = all_eight(life);
    return all_eight(p.price / life) * (smaller_of(end, whole) - smaller_of(begin, whole));
  };
  const Eight grown_end = exp_eight(all_eight(p.log_growth) * end);
  const Eight grown_begin = delivered_before ? grown_end * all_eight(p.growth_back) : all_eight(1);
  Eight kept_end, kept_begin;
  if (p.constant_fall) {
    kept_end = exp_eight(all_eight(p.log_keep) * end);
    kept_begin = delivered_before ? kept_end * all_eight(p.keep_back) : all_eight(1);
  } else {
    kept_end = residual(p.by_year, years, end * all_eight(1.0 / 12));
    kept_begin = residual(p.by_year, years, begin * all_eight(1.0 / 12));
  }
  return {all_eight(p.price) * (resale_before * kept_begin - resale_now * kept_end),
          used(p.economic_life), used(p.book_life), all_eight(p.price) * (grown_end - grown_begin)};
}

// ---- what a sellable one would earn -----------------------------------------------------------

struct Margins {  // money per sellable chip: alone ones, and those with two cures
  Eight revenue_alone, revenue_rest, margin_alone, margin_rest;
};

WARMSHELL_EIGHT Margins margins(const MarginParameters& p, Eight alone, int path) {
  Margins m{};
  // left: alone chips not yet handed a market; the rest of what a market takes has two cures
  Eight left = alone, total{};
  const Eight price = load_eight(p.energy_price + path);
  for (int k = 0; k < p.markets; ++k) {
    const Eight handed = load_eight(p.sellable_to[k] + path);
    const Eight first = smaller_of(left, handed);
    const Eight rest = handed - first;
    const Eight revenue = load_eight(p.rent[k] + path) * all_eight(p.paid_share[k] * 730);
    const Eight margin = revenue * all_eight(p.kept_share) - all_eight(p.energy_mwh[k]) * price;
    left -= first;
    total += handed;
    m.revenue_alone += first * revenue;
    m.revenue_rest += rest * revenue;
    m.margin_alone += first * margin;
    m.margin_rest += rest * margin;
  }
  // per chip: what was handed is what was sellable, so a lot without any divides by nothing
  const Eight served = alone - left, others = total - alone;
  const Eight each = served > Eight{} ? all_eight(1) / served : Eight{};
  const Eight each_rest = others > all_eight(1e-12) * total ? all_eight(1) / others : Eight{};
  m.revenue_alone *= each;
  m.margin_alone *= each;
  m.revenue_rest *= each_rest;
  m.margin_rest *= each_rest;
  return m;
}

// ---- both, by state ---------------------------------------------------------------------------

WARMSHELL_EIGHT void add_to(double* row, Eight x) {
  store_eight(row, load_eight(row) + x);
}

unsigned lot_month(const DarkLot& lot, const DarkSums& into, int count) {
  unsigned found = 0;
  Years years{0, -1};
  for (int path = 0; path < count; path += eight_lanes) {
    const auto row = [&](const double* from) {
      const Eight x = load_eight(from + path);
      return path + eight_lanes <= count ? x : first_lanes(x, count - path);
    };
    Eight dark[dark_states];
    for (int s = 0; s < dark_states; ++s) dark[s] = row(lot.dark[s]);
    const Eight all_dark = (dark[0] + dark[1]) + (dark[2] + dark[3]);
    if (!any_eight(all_dark)) continue;
    add_to(into.dark_row + path, all_dark);

    if (years.last < 0) years = years_of(lot.age, lot.unit.years, count);
    const UnitCosts costs =
        unit_costs(lot.unit, years, load_eight(lot.age + path),
                   load_eight(lot.resale_before + path), load_eight(lot.resale_now + path));
    Eight sellable[dark_states], alone{};
    for (int s = 0; s < dark_states; ++s) {
      sellable[s] = row(lot.sellable[s]);
      alone += row(lot.sellable_alone[s]);
    }
    const bool sells = any_eight((sellable[0] + sellable[1]) + (sellable[2] + sellable[3]));
    const Margins each = sells ? margins(lot.margin, alone, path) : Margins{};

    for (int s = 0; s < dark_states; ++s) {
      if (!any_eight(dark[s])) continue;
      found |= 1u << s;
      double* sums = into.lanes[s];
      const auto add = [&](int sum, Eight x) { add_to(sums + sum * eight_lanes, x); };
      const Eight cured_by_one = row(lot.alone[s]);
      add(0, dark[s]);
      add(1, cured_by_one);
      add(4, dark[s] * all_eight(lot.mw_each));
      add(9, dark[s] * costs.market_value);
      add(10, dark[s] * costs.life);
      add(11, dark[s] * costs.book);
      add(12, dark[s] * costs.capital);
      add_to(into.alone[s] + path, cured_by_one);
      if (!sells) continue;
      const Eight sells_alone = row(lot.sellable_alone[s]), rest = sellable[s] - sells_alone;
      const Eight margin_alone = sells_alone * each.margin_alone;
      const Eight margin = margin_alone + rest * each.margin_rest;
      add(2, sellable[s]);
      add(3, sells_alone);
      add(5, sells_alone * all_eight(lot.mw_each));
      add(6, sells_alone * each.revenue_alone + rest * each.revenue_rest);
      add(7, margin);
      add(8, margin_alone);
      add_to(into.margin_rows[s] + path, all_eight(lot.discount) * margin);
      add_to(into.sellable_alone[s] + path, sells_alone);
      add_to(into.margin_alone[s] + path, all_eight(lot.discount) * margin_alone);
    }
  }
  return found;
}

// ---- which gate cures -------------------------------------------------------------------------

WARMSHELL_EIGHT Eight next_opening(const double* dates, int openings, int width, int path,
                                   double month) {
  Eight next = all_eight(math::infinity);
  for (int k = 0; k < openings; ++k) {
    const Eight date = load_eight(dates + static_cast<long>(k) * width + path);
    const Eight later = date > all_eight(month) ? date : all_eight(math::infinity);
    next = smaller_of(next, later);
  }
  return next;
}

void credit(const Credit& c, int width, int count) {
  for (int path = 0; path < count; path += eight_lanes) {
    const Eight alone = load_eight(c.alone + path);
    if (!any_eight(alone)) continue;
    const Eight sellable = load_eight(c.sellable + path), margin = load_eight(c.margin + path);
    const auto opens = [&](int k) {
      return next_opening(c.dates[k], c.openings[k], width, path, c.month);
    };
    constexpr int remembered = 8;
    Eight next[remembered], nearest = all_eight(math::infinity);
    for (int k = 0; k < c.cures; ++k) {
      const Eight opening = opens(k);
      if (k < remembered) next[k] = opening;
      nearest = smaller_of(nearest, opening);
    }
    Eight open = all_eight(1);  // 0 where a cure has taken the path
    const auto take = [&](int k, Eight mine) {
      add_to(c.lanes[k], mine * alone);
      add_to(c.lanes[k] + eight_lanes, mine * sellable);
      add_to(c.margin_rows[k] + path, mine * margin);
      open -= mine;
    };
    for (int k = 0; k < c.cures; ++k) {
      const Eight hit = nearest < all_eight(math::infinity) ? open : Eight{};
      take(k, (k < remembered ? next[k] : opens(k)) == nearest ? hit : Eight{});
    }
    take(c.cures, open);
  }
}

double short_paths(const double* unmet, const double* demand, int markets, int width, int count) {
  Eight paths{};
  for (int path = 0; path < count; path += eight_lanes) {
    Eight some{};
    for (int m = 0; m < markets; ++m) {
      const long at = static_cast<long>(m) * width + path;
      const Eight asked = load_eight(demand + at);
      some = load_eight(unmet + at) > all_eight(1e-9) * asked ? all_eight(1) : some;
    }
    paths += first_lanes(some, count - path);
  }
  return fold_eight(paths);
}

void fold(double* lanes, int rows, double* sums) {
  fold_rows(lanes, rows, sums);
  for (int k = 0; k < rows; ++k) store_eight(lanes + k * eight_lanes, Eight{});
}

void raise(const double* other, double* row, int width) {
  for (int path = 0; path < width; path += eight_lanes)
    store_eight(row + path, larger_of(load_eight(row + path), load_eight(other + path)));
}

}  // namespace

extern const DarkKernels dark;
const DarkKernels dark{lot_month, credit, short_paths, fold, raise};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
