// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4: nothing here may call a
// function that is not forced inline.

#include "study/tally_kernel.h"

#include "base/eight.h"

namespace warmshell::study {
namespace WARMSHELL_LEVEL {
namespace {

void groups(const double* column, int width, const Groups& of, int count, double* lanes,
            double* __restrict total) {
  const int whole = count / eight_lanes * eight_lanes;
  for (int g = 0; g < of.count; ++g) {
    const bool moved = (of.moved[g] & of.which) != 0;
    if (!moved && !total) continue;
    Eight sum{};
    const auto rows = [&](auto at) {
      const auto add = [&](int p) {
        const Eight here = at(p);
        if (total) store_eight(total + p, load_eight(total + p) + here);
        return here;
      };
      for (int p = 0; p < whole; p += eight_lanes) sum += add(p);
      if (whole < count) sum += first_lanes(add(whole), count - whole);
    };
    const int *member = of.members + of.first[g], *end = of.members + of.first[g + 1];
    const auto row = [&](int item) { return column + static_cast<long>(item) * width; };
    if (end - member == 1) {
      const double* only = row(*member);
      rows([&](int p) { return Eight{} + load_eight(only + p); });
    } else {
      rows([&](int p) {
        Eight here{};
        for (const int* k = member; k < end; ++k) here += load_eight(row(*k) + p);
        return here;
      });
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
