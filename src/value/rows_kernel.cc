// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4. Nothing here may call an
// inline function of a header that is not forced inline: one level's copy could be linked into
// another.

#include "base/eight.h"
#include "value/resale_arithmetic.h"
#include "value/rows.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

// Takes the first group and says where its paths begin.
WARMSHELL_EIGHT long next_of(Groups& groups) {
  const long at = __builtin_ctzll(groups) * eight_lanes;
  groups &= groups - 1;
  return at;
}

// ---- element by element: out may be one of the operands --------------------------------------

// Most often all groups of the row are asked for.
template <class Work>
WARMSHELL_EIGHT void for_groups(Groups groups, Work work) {
  if ((groups & (groups + 1)) == 0)
    for (long at = 0; groups; at += eight_lanes, groups >>= 1) work(at);
  else
    while (groups) work(next_of(groups));
}

#define WARMSHELL_ROWS(name, expression)                                    \
  void name(const double* a, const double* b, double* out, Groups groups) { \
    for_groups(groups, [&](long at) {                                       \
      const Eight x = load_eight(a + at), y = load_eight(b + at);           \
      store_eight(out + at, expression);                                    \
    });                                                                     \
  }

WARMSHELL_ROWS(add, x + y)
WARMSHELL_ROWS(subtract, x - y)
WARMSHELL_ROWS(multiply, x* y)
WARMSHELL_ROWS(divide, x / y)
WARMSHELL_ROWS(minimum, smaller_of(x, y))
WARMSHELL_ROWS(maximum, larger_of(x, y))

void fill(double value, double* out, Groups groups) {
  for_groups(groups, [&](long at) { store_eight(out + at, all_eight(value)); });
}

void add_product(double factor, const double* row, double* out, Groups groups) {
  for_groups(groups, [&](long at) {
    store_eight(out + at, load_eight(out + at) + all_eight(factor) * load_eight(row + at));
  });
}

void constant_fall(const double* age, double log_keep, double* out, Groups groups) {
  for_groups(groups, [&](long at) {
    for (long i = at; i < at + eight_lanes; ++i) out[i] = constant_fall_at(log_keep, age[i]);
  });
}

void residual(const double* age, const double* by_year, int years, double* out, Groups groups) {
  for_groups(groups, [&](long at) {
    for (long i = at; i < at + eight_lanes; ++i) out[i] = residual_at(by_year, years, age[i]);
  });
}

// ---- sums over rows --------------------------------------------------------------------------

// One group alone, or four side by side, so that one's chain of additions hides in the others'; a
// missing one of the four is the last again.
template <class One, class Four>
WARMSHELL_EIGHT void by_fours(Groups groups, One one, Four four) {
  while (groups) {
    long at[4] = {next_of(groups)};
    if (!groups) {
      one(at);
      return;
    }
    for (int i = 1; i < 4; ++i) at[i] = groups ? next_of(groups) : at[i - 1];
    four(at);
  }
}

template <int many>
WARMSHELL_EIGHT void store_sums(const Eight (&sums)[many], double* out, const long* at) {
  for (int i = 0; i < many; ++i) store_eight(out + at[i], sums[i]);
}

template <int many>
WARMSHELL_EIGHT void sum_at(const double* const* rows, const int* operands, int count, double* out,
                            const long* at) {
  Eight sums[many] = {};
  for (int k = 0; k < count; ++k) {
    const double* row = rows[operands[k]];
    for (int i = 0; i < many; ++i) sums[i] += load_eight(row + at[i]);
  }
  store_sums(sums, out, at);
}

void sum(const double* const* rows, const int* operands, int count, double* out, Groups groups) {
  by_fours(
      groups, [&](const long* at) { sum_at<1>(rows, operands, count, out, at); },
      [&](const long* at) { sum_at<4>(rows, operands, count, out, at); });
}

template <int many>
WARMSHELL_EIGHT void dot_at(const double* factors, const double* const* rows, const int* operands,
                            int count, double* out, const long* at) {
  Eight sums[many] = {};
  for (int k = 0; k < count; ++k) {
    const double* row = rows[operands[k]];
    const Eight factor = all_eight(factors[k]);
    for (int i = 0; i < many; ++i) sums[i] += factor * load_eight(row + at[i]);
  }
  store_sums(sums, out, at);
}

void dot(const double* factors, const double* const* rows, const int* operands, int count,
         double* out, Groups groups) {
  by_fours(
      groups, [&](const long* at) { dot_at<1>(factors, rows, operands, count, out, at); },
      [&](const long* at) { dot_at<4>(factors, rows, operands, count, out, at); });
}

// ---- spans of dates --------------------------------------------------------------------------

void span(const double* from, const double* to, const double* rate, int month, double* out,
          Groups groups) {
  const Eight begin = all_eight(month), end = all_eight(month + 1.0);
  for_groups(groups, [&](long at) {
    const Eight last = smaller_of(end, load_eight(to + at));
    const Eight first = larger_of(begin, load_eight(from + at));
    const Eight part = larger_of(Eight{}, last - first);
    store_eight(out + at, rate ? part * load_eight(rate + at) : part);
  });
}

// Months beyond the run are all alike.
WARMSHELL_EIGHT int bounded(double month, int months) {
  return static_cast<int>(month < -2 ? -2 : month > months + 1 ? months + 1 : month);
}

// Whether any month of the run has a part of it.
WARMSHELL_EIGHT EightMask in_run(Eight from, Eight to, int months) {
  return (from < all_eight(months)) & (to > Eight{}) & (to > from);
}

void span_rates(const double* from, const double* to, int months, double* rates, Groups groups) {
  for_groups(groups, [&](long at) {
    const Eight a = load_eight(from + at), b = load_eight(to + at);
    store_eight(rates + at, where(in_run(a, b, months), all_eight(1) / (b - a)));
  });
}

// In the month in which a span begins or ends, and in the one after; between them it is whole.
SpanMonths span_moves(const double* from, const double* to, int months, int group_count,
                      unsigned char* moves) {
  // first moves[month + 1]: the groups with a date in that month, or before or beyond the run
  for (int at = 0; at < months + 2; ++at) moves[at] = 0;
  const Eight before = all_eight(-1), beyond = all_eight(months);
  const Eight endless = all_eight(math::infinity);
  Eight least = endless, most = -endless;
  for (int g = 0; g < group_count; ++g) {
    const Eight a = load_eight(from + g * eight_lanes), b = load_eight(to + g * eight_lanes);
    const EightMask some = in_run(a, b, months);
    least = smaller_of(least, choose(some, a, endless));
    most = larger_of(most, choose(some, b, -endless));
    double dates[2 * eight_lanes];
    const auto in_months = [&](Eight date) {
      return larger_of(before, smaller_of(beyond, choose(some, date, before)));
    };
    store_eight(dates, in_months(a));
    store_eight(dates + eight_lanes, in_months(b));
    const auto group = static_cast<unsigned char>(1 << g);
    for (const double date : dates) moves[static_cast<int>(date) + 1] |= group;
  }
  for (int month = 0; month < months; ++month) moves[month] |= moves[month + 1];
  const double first = least_of(least), last = -least_of(-most);
  return {bounded(__builtin_floor(first), months), bounded(__builtin_ceil(last) - 1, months)};
}

// ---- over paths ------------------------------------------------------------------------------

void over_paths(const double* const* rows, int count, int paths, double* lanes, double* sums) {
  const int whole = paths / eight_lanes * eight_lanes;
  for (int k = 0; k < count; ++k) {
    Eight sum{};
    for (int i = 0; i < whole; i += eight_lanes) sum += load_eight(rows[k] + i);
    if (whole < paths) sum += first_lanes(load_eight(rows[k] + whole), paths - whole);
    store_eight(lanes + k * eight_lanes, sum);
    sums[k] = 0;
  }
  fold_rows(lanes, count, sums);
}

WARMSHELL_EIGHT Eight size_of(Eight x) {
  return larger_of(x, -x);
}

double cash_residual(const double* const* rows, int count, const double* balance,
                     const double* before, int paths) {
  Eight worst{};
  for (int i = 0; i < paths; i += eight_lanes) {
    Eight paid{}, sizes{};
    for (int k = 0; k < count; ++k) {
      const Eight x = load_eight(rows[k] + i);
      paid += x;
      sizes += size_of(x);
    }
    const Eight now = load_eight(balance + i), then = load_eight(before + i);
    const Eight off = size_of(now - then - paid);
    const Eight size = sizes + size_of(now) + size_of(then);
    const Eight share = where(size > Eight{}, off / size);
    worst = larger_of(worst, first_lanes(share, paths - i));
  }
  return -least_of(-worst);
}

}  // namespace

extern const RowKernels rows;
const RowKernels rows{add,        subtract,      multiply, divide,     minimum,      maximum,
                      fill,       add_product,   sum,      dot,        span,         span_rates,
                      span_moves, constant_fall, residual, over_paths, cash_residual};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
