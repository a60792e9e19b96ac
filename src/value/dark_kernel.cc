// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4; see rows_kernel.cc.

#include "value/dark_kernel.h"

#include "value/resale_arithmetic.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

unsigned any(const double* const* rows, int count, int n) {
  unsigned found = 0;
  for (int k = 0; k < count; ++k) {
    const double* row = rows[k];
    double lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (int base = 0; base < n; base += 8)
      for (int lane = 0; lane < 8; ++lane) lanes[lane] += row[base + lane];
    double total = 0;
    for (int lane = 0; lane < 8; ++lane) total += lanes[lane];
    if (total != 0) found |= 1u << k;  // counts and money of dark chips are never negative
  }
  return found;
}

bool uniform(const double* row, int n) {
  const double first = row[0];
  bool same = true;
  for (int i = 0; i < n; ++i) same &= row[i] == first;
  return same;
}

void unit_costs(const UnitParameters& p, const double* age, bool uniform_age,
                const double* resale_before, const double* resale_now, const UnitCosts& out,
                int n) {
  double* __restrict market_value = out.market_value, * __restrict life = out.life, * __restrict book = out.book, * __restrict capital = out.capital, * __restrict kept_before = out.kept_before, * __restrict kept_after = out.kept_after;
  const double life_rate = p.price / p.economic_life, book_rate = p.price / p.book_life;
  const int ages = uniform_age ? 8 : n;
  for (int i = 0; i < ages; ++i) {
    const double b = age[i];
    const double a = b > 1 ? b - 1 : 0;
    const double life_b = b < p.economic_life ? b : p.economic_life;
    const double life_a = a < p.economic_life ? a : p.economic_life;
    const double book_b = b < p.book_life ? b : p.book_life;
    const double book_a = a < p.book_life ? a : p.book_life;
    life[i] = life_rate * (life_b - life_a);
    book[i] = book_rate * (book_b - book_a);
    const double grown_b = math::exp(p.log_growth * b);
    const double grown_a = b > 1 ? grown_b * p.growth_back : 1;
    capital[i] = p.price * (grown_b - grown_a);
  }
  if (p.constant_fall) {
    for (int i = 0; i < ages; ++i) {
      kept_after[i] = constant_fall_at(p.log_keep, age[i]);
      kept_before[i] = age[i] > 1 ? kept_after[i] * p.keep_back : 1;
    }
  } else {
    for (int i = 0; i < ages; ++i) {
      kept_after[i] = residual_at(p.by_year, p.years, age[i]);
      kept_before[i] = residual_at(p.by_year, p.years, age[i] > 1 ? age[i] - 1 : 0);
    }
  }
  for (int i = ages; i < n; ++i) {
    life[i] = life[0];
    book[i] = book[0];
    capital[i] = capital[0];
    kept_after[i] = kept_after[0];
    kept_before[i] = kept_before[0];
  }
  for (int i = 0; i < n; ++i)
    market_value[i] = p.price * (resale_before[i] * kept_before[i] - resale_now[i] * kept_after[i]);
}

void margins(const MarginParameters& p, const double* const* parts, double* __restrict alone,
             double* __restrict left, const Margins& out, int n) {
  double* __restrict revenue_alone = out.revenue_alone, * __restrict revenue_rest = out.revenue_rest, * __restrict margin_alone = out.margin_alone, * __restrict margin_rest = out.margin_rest;
  for (int i = 0; i < n; ++i) {
    alone[i] = parts[0][i] + parts[1][i] + parts[2][i] + parts[3][i];
    left[i] = alone[i];
    revenue_alone[i] = revenue_rest[i] = margin_alone[i] = margin_rest[i] = 0;
  }
  // left: alone chips not yet handed a market; the rest of what a market takes has two cures
  for (int m = 0; m < p.markets; ++m) {
    const double *handed = p.sellable_to[m], *rent = p.rent[m], *price = p.energy_price;
    const double paid = p.paid_share[m] * 730, energy = p.energy_mwh[m];
    for (int i = 0; i < n; ++i) {
      const double first = handed[i] < left[i] ? handed[i] : left[i];
      const double rest = handed[i] - first;
      const double revenue = rent[i] * paid;
      const double margin = revenue * p.kept_share - energy * price[i];
      left[i] -= first;
      revenue_alone[i] += first * revenue;
      revenue_rest[i] += rest * revenue;
      margin_alone[i] += first * margin;
      margin_rest[i] += rest * margin;
    }
  }
  // per chip: what was handed is what was sellable, so a lot without any divides by nothing
  for (int i = 0; i < n; ++i) {
    const double served = alone[i] - left[i];
    const double each = served > 0 ? 1 / served : 0;
    revenue_alone[i] *= each;
    margin_alone[i] *= each;
  }
  for (int i = 0; i < n; ++i) left[i] = 0;
  for (int m = 0; m < p.markets; ++m)
    for (int i = 0; i < n; ++i) left[i] += p.sellable_to[m][i];
  for (int i = 0; i < n; ++i) {
    const double rest = left[i] - alone[i];
    const double each = rest > 1e-12 * left[i] ? 1 / rest : 0;
    revenue_rest[i] *= each;
    margin_rest[i] *= each;
  }
}

void state(const StateRows& rows, const Margins& margins, const UnitCosts& costs, double discount,
           double* __restrict sums, double* __restrict margin_row, double* __restrict dark_row,
           double* __restrict alone_margin, int n) {
  constexpr int lanes = 8;
  double total[state_sums][lanes];
  for (auto& sum : total)
    for (double& lane : sum) lane = 0;
  for (int base = 0; base < n; base += lanes)
    for (int lane = 0; lane < lanes; ++lane) {
      const int i = base + lane;
      const double alone = rows.sellable_alone[i], rest = rows.sellable[i] - alone;
      const double margin_alone = alone * margins.margin_alone[i];
      const double margin = margin_alone + rest * margins.margin_rest[i];
      const double dark = rows.dark[i];
      total[0][lane] += dark;
      total[1][lane] += rows.alone[i];
      total[2][lane] += rows.sellable[i];
      total[3][lane] += alone;
      total[4][lane] += alone * margins.revenue_alone[i] + rest * margins.revenue_rest[i];
      total[5][lane] += margin;
      total[6][lane] += margin_alone;
      total[7][lane] += dark * costs.market_value[i];
      total[8][lane] += dark * costs.life[i];
      total[9][lane] += dark * costs.book[i];
      total[10][lane] += dark * costs.capital[i];
      margin_row[i] += discount * margin;
      dark_row[i] += dark;
      alone_margin[i] = margin_alone;
    }
  for (int k = 0; k < state_sums; ++k)
    for (int lane = 0; lane < lanes; ++lane) sums[k * lanes + lane] = total[k][lane];
}

void next_opening(const double* date, double month, double* __restrict next, int n) {
  for (int i = 0; i < n; ++i) {
    const double later = month < date[i] ? date[i] : math::infinity;
    next[i] = later < next[i] ? later : next[i];
  }
}

void nearest_of(const double* next, double* __restrict nearest, int n) {
  for (int i = 0; i < n; ++i) nearest[i] = next[i] < nearest[i] ? next[i] : nearest[i];
}

void credit(const Credit& of, const double* next, const double* nearest, bool last,
            double* __restrict taken, double* __restrict row, double* __restrict sums, int n) {
  double alone[8] = {0, 0, 0, 0, 0, 0, 0, 0}, sellable[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (int base = 0; base < n; base += 8)
    for (int lane = 0; lane < 8; ++lane) {
      const int i = base + lane;
      const double hit = next[i] == nearest[i] ? (nearest[i] < math::infinity ? 1.0 : 0.0) : 0.0;
      const double mine = (last ? 1.0 : hit) * (1 - taken[i]);
      taken[i] += mine;
      alone[lane] += mine * of.alone[i];
      sellable[lane] += mine * of.sellable[i];
      row[i] += mine * (of.discount * of.margin[i]);
    }
  for (int lane = 0; lane < 8; ++lane) {
    sums[lane] = alone[lane];
    sums[8 + lane] = sellable[lane];
  }
}

}  // namespace

extern const DarkKernels dark;
const DarkKernels dark{any, uniform, unit_costs, margins, state, next_opening, nearest_of, credit};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
