// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4: nothing here may call a
// function that is not forced inline.

#include "study/tally_kernel.h"

#include "base/eight.h"

namespace warmshell::study {
namespace WARMSHELL_LEVEL {
namespace {

void groups(const double* column, int width, const Groups& of, int count, double* lanes,
            double* __restrict total) {
  const int registers = width / eight_lanes;
  for (int g = 0; g < of.count; ++g) {
    const int begin = of.first[g], end = of.first[g + 1];
    bool moved = false;
    for (int r = 0; r < registers; ++r) moved |= (of.moved[g * registers + r] & of.which) != 0;
    if (!moved && !total) continue;
    Eight sum{};
    for (int p = 0; p < count; p += eight_lanes) {
      const bool adds = total && (of.any_moved[p / eight_lanes] & of.which) != 0;
      if (!moved && !adds) continue;
      Eight here{};
      for (int k = begin; k < end; ++k)
        here += load_eight(column + static_cast<long>(of.members[k]) * width + p);
      if (adds) store_eight(total + p, load_eight(total + p) + here);
      sum += p + eight_lanes <= count ? here : first_lanes(here, count - p);
    }
    if (moved) store_eight(lanes + g * eight_lanes, sum);
  }
}

void fold(const double* lanes, int groups, double* out) {
  for (int g = 0; g < groups; ++g) out[g] = 0;
  fold_rows(lanes, groups, out);
}

double sum(const double* row, int count) {
  Eight total{};
  int p = 0;
  for (; p + eight_lanes <= count; p += eight_lanes) total += load_eight(row + p);
  if (p < count) total += first_lanes(load_eight(row + p), count - p);
  return fold_eight(total);
}

double squares(const double* row, double mean, int count) {
  Eight total{};
  for (int p = 0; p < count; p += eight_lanes) {
    const Eight off = first_lanes(load_eight(row + p) - all_eight(mean), count - p);
    total += off * off;
  }
  return fold_eight(total);
}

}  // namespace

extern const TallyKernels tally;
const TallyKernels tally{groups, fold, sum, squares};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::study
