#pragma once
// Loops over rows of paths of one month, built once per vector level (tally_kernel.cc) with the
// same bits. Rows are a multiple of eight paths wide; the first `count` of them are counted, sums
// in the order of block_sum (base/statistics.h).

#include "fleet/kernel.h"

namespace warmshell::study {

// The items of each group: members[first[g]] .. members[first[g + 1] - 1]; and what of them moved
// on some path since the call before.
struct Groups {
  const int* first;
  const int* members;
  int count;
  const unsigned char* moved;  // [group]
  unsigned char which;         // bits of it that count (fleet/moved.h)
};

struct TallyKernels {
  // lanes[g * 8]: over paths, of all members of group g, in the eight lanes of block_sum; kept of
  // groups that have not moved. total: over all groups, per path, added; or null.
  void (*groups)(const double* column, int width, const Groups& groups, int count, double* lanes,
                 double* total);
  // out[g] = the lanes of group g added up
  void (*fold)(const double* lanes, int groups, double* out);
  // Sum of a row, and of its squared deviations from `mean`.
  double (*sum)(const double* row, int count);
  double (*squares)(const double* row, double mean, int count);
};

[[nodiscard]] const TallyKernels& tally_kernels(fleet::VectorLevel level);

}  // namespace warmshell::study
