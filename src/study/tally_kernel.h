#pragma once
// Loops over rows of paths of one month, built once per vector level (tally_kernel.cc) with the
// same bits. Rows are a multiple of eight paths wide; the first `count` of them are counted, sums
// in the order of block_sum (base/statistics.h).

#include "fleet/kernel.h"

namespace warmshell::study {

// The items of each group: members[first[g]] .. members[first[g + 1] - 1].
struct Groups {
  const int* first;
  const int* members;
  int count;
};

struct TallyKernels {
  // sums[g]: over paths, of all members of group g. total: over groups, per path, added; or null.
  // scratch: eight doubles for each group
  void (*groups)(const double* column, int width, const Groups& groups, int count, double* scratch,
                 double* sums, double* total);
  // Sum of a row, and of its squared deviations from `mean`.
  double (*sum)(const double* row, int count);
  double (*squares)(const double* row, double mean, int count);
};

[[nodiscard]] const TallyKernels& tally_kernels(fleet::VectorLevel level);

}  // namespace warmshell::study
