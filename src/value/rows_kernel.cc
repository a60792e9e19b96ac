// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4. Nothing here may call an
// inline function of a header that is not forced inline: one level's copy could be linked into
// another.

#include "base/eight.h"
#include "value/resale_arithmetic.h"
#include "value/rows.h"

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

#define WARMSHELL_ROWS(name, expression)                            \
  void name(const double* a, const double* b, double* out, int n) { \
    for (int i = 0; i < n; ++i) out[i] = expression;                \
  }
#define WARMSHELL_ROW_SCALAR(name, expression)                          \
  void name(const double* a, double b, double* __restrict out, int n) { \
    for (int i = 0; i < n; ++i) out[i] = expression;                    \
  }
#define WARMSHELL_SCALAR_ROW(name, expression)                          \
  void name(double a, const double* b, double* __restrict out, int n) { \
    for (int i = 0; i < n; ++i) out[i] = expression;                    \
  }

// out may be one of the operands, element by element
WARMSHELL_ROWS(add, a[i] + b[i])
WARMSHELL_ROWS(subtract, a[i] - b[i])
WARMSHELL_ROWS(multiply, a[i] * b[i])
WARMSHELL_ROWS(divide, a[i] / b[i])
WARMSHELL_ROWS(minimum, b[i] < a[i] ? b[i] : a[i])
WARMSHELL_ROWS(maximum, a[i] < b[i] ? b[i] : a[i])
WARMSHELL_ROW_SCALAR(add_scalar, a[i] + b)
WARMSHELL_SCALAR_ROW(subtract_from_scalar, a - b[i])
WARMSHELL_ROW_SCALAR(multiply_scalar, a[i] * b)
WARMSHELL_ROW_SCALAR(divide_scalar, a[i] / b)
WARMSHELL_SCALAR_ROW(divide_into_scalar, a / b[i])
WARMSHELL_ROW_SCALAR(minimum_scalar, b < a[i] ? b : a[i])
WARMSHELL_ROW_SCALAR(maximum_scalar, a[i] < b ? b : a[i])

void fill(double value, double* out, int n) {
  for (int i = 0; i < n; ++i) out[i] = value;
}

void accumulate(const double* factors, const double* const* rows, int count, double* __restrict out,
                int n) {
  int k = 0;
  for (; k + 4 <= count; k += 4) {
    const double f0 = factors[k], f1 = factors[k + 1], f2 = factors[k + 2], f3 = factors[k + 3];
    const double *a = rows[k], *b = rows[k + 1], *c = rows[k + 2], *d = rows[k + 3];
    for (int i = 0; i < n; ++i)
      out[i] = (((out[i] + f0 * a[i]) + f1 * b[i]) + f2 * c[i]) + f3 * d[i];
  }
  for (; k < count; ++k) {
    const double f = factors[k];
    const double* a = rows[k];
    for (int i = 0; i < n; ++i) out[i] += f * a[i];
  }
}

void overlap(const double* from, const double* to, double month, double* __restrict out, int n) {
  const double end = month + 1;
  for (int i = 0; i < n; ++i) {
    const double last = to[i] < end ? to[i] : end;
    const double first = month < from[i] ? from[i] : month;
    const double length = last - first;
    out[i] = 0 < length ? length : 0;
  }
}

void constant_fall(const double* age, double log_keep, double* __restrict out, int n) {
  for (int i = 0; i < n; ++i) out[i] = constant_fall_at(log_keep, age[i]);
}

void residual(const double* age, const double* by_year, int years, double* __restrict out, int n) {
  for (int i = 0; i < n; ++i) out[i] = residual_at(by_year, years, age[i]);
}

WARMSHELL_EIGHT Eight size_of(Eight x) {
  return larger_of(x, -x);
}

double sum_lines(const LineRow* lines, int line_count, const double* balance, const double* before,
                 double* scratch, double* sums, int count, int n) {
  double* paid = scratch;
  double* sizes = scratch + n;
  double* lanes = scratch + 2 * n;
  for (int i = 0; i < n; ++i) paid[i] = sizes[i] = 0;
  for (int l = 0; l < line_count; ++l) {
    const LineRow& line = lines[l];
    Eight sum{};
    for (int i = 0; i < count; i += eight_lanes) {
      const Eight x = line.row ? load_eight(line.row + i) : all_eight(line.scalar);
      sum += i + eight_lanes <= count ? x : first_lanes(x, count - i);
      if (!line.paid) continue;
      store_eight(paid + i, load_eight(paid + i) + x);
      store_eight(sizes + i, load_eight(sizes + i) + size_of(x));
    }
    store_eight(lanes + l * eight_lanes, sum);
    sums[l] = 0;
  }
  fold_rows(lanes, line_count, sums);
  Eight worst{};
  for (int i = 0; i < count; i += eight_lanes) {
    const Eight now = load_eight(balance + i), then = load_eight(before + i);
    const Eight off = size_of(now - then - load_eight(paid + i));
    const Eight size = load_eight(sizes + i) + size_of(now) + size_of(then);
    const Eight share = size > Eight{} ? off / size : Eight{};
    worst = larger_of(worst, first_lanes(share, count - i));
  }
  double largest = 0;
  for (int lane = 0; lane < eight_lanes; ++lane)
    largest = largest < worst[lane] ? worst[lane] : largest;
  return largest;
}

}  // namespace

extern const RowKernels rows;
const RowKernels rows{add,
                      subtract,
                      multiply,
                      divide,
                      minimum,
                      maximum,
                      add_scalar,
                      subtract_from_scalar,
                      multiply_scalar,
                      divide_scalar,
                      divide_into_scalar,
                      minimum_scalar,
                      maximum_scalar,
                      fill,
                      accumulate,
                      overlap,
                      constant_fall,
                      residual,
                      sum_lines};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
