#include "base/eight_test_kernel.h"

#include "base/eight.h"

namespace warmshell::WARMSHELL_LEVEL {

void eight_work(const double* a, const double* b, int count, double* results) {
  const Eight x = load_eight(a), y = load_eight(b);
  Eight sum = x, difference = x;
  sum += y;
  difference -= y;
  const Eight all[eight_results] = {
      sum,
      difference,
      x * y,
      x / y,
      -x,
      smaller_of(x, y),
      larger_of(x, y),
      choose(x < y, x, y),
      choose(x <= y, x, y),
      where((x > y) & (y > all_eight(-1)), x),
      where(x >= y, x),
      keep_lanes(x, lanes_of(y)),
      first_lanes(x, count),
  };
  for (int k = 0; k < eight_results; ++k) store_eight(results + k * eight_lanes, all[k]);
  results[eight_results * eight_lanes] = least_of(x);
}

void eight_sums(const double* rows, double* sums) {
  fold_rows(rows, 11, sums);
}

}  // namespace warmshell::WARMSHELL_LEVEL
