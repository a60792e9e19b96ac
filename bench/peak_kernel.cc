// The machine's peak for a mix of operations that do not fuse: independent chains that stay in
// registers, at one vector level. Compiled once per level (WARMSHELL_LEVEL 2, 3, 4).

#include <cstdint>
#include <utility>

#include "bench/peak_mix.h"
#include "fleet/lanes.h"

#if WARMSHELL_LEVEL == 4
#define WARMSHELL_PEAK_LOOP peak_loop_v4
#define WARMSHELL_PEAK_OPERATIONS peak_operations_v4
#elif WARMSHELL_LEVEL == 3
#define WARMSHELL_PEAK_LOOP peak_loop_v3
#define WARMSHELL_PEAK_OPERATIONS peak_operations_v3
#else
#define WARMSHELL_PEAK_LOOP peak_loop_v2
#define WARMSHELL_PEAK_OPERATIONS peak_operations_v2
#endif

namespace warmshell::bench {

namespace {

// Enough to hide every latency, few enough to stay in registers.
constexpr int chains = register_lanes == 8 ? 16 : 10;

enum class Kind { add, multiply, divide, compare };

// The operation at place i of the pattern, the kinds spread evenly over it.
constexpr Kind kind_at(int i) {
  constexpr int n = pattern;
  const auto due = [](int place, int count) { return (place + 1) * count / n - place * count / n; };
  if (due(i, pattern_divides) > 0) return Kind::divide;
  int adds = 0, multiplies = 0, compares = 0;
  Kind last = Kind::add;
  for (int k = 0; k <= i; ++k) {
    if (due(k, pattern_divides) > 0) continue;
    // the kind that is furthest behind its share
    const int behind_add = pattern_adds * (k + 1) - adds * n;
    const int behind_multiply = pattern_multiplies * (k + 1) - multiplies * n;
    const int behind_compare = pattern_compares * (k + 1) - compares * n;
    if (behind_add >= behind_multiply && behind_add >= behind_compare)
      ++adds, last = Kind::add;
    else if (behind_multiply >= behind_compare)
      ++multiplies, last = Kind::multiply;
    else
      ++compares, last = Kind::compare;
  }
  return last;
}

template <Kind kind>
inline Register step(Register x, Register step_size, Register share, Register bound) {
  if constexpr (kind == Kind::add) return WARMSHELL_OP(add_pd)(x, step_size);
  if constexpr (kind == Kind::multiply) return WARMSHELL_OP(mul_pd)(x, share);
  if constexpr (kind == Kind::divide) return WARMSHELL_OP(div_pd)(x, share);
  return WARMSHELL_OP(min_pd)(x, bound);
}

template <std::size_t... places>
inline void turn(Register (&x)[chains], Register step_size, Register share, Register bound,
                 std::index_sequence<places...>) {
  // chains stand at different places of the pattern, so that all kinds are under way at once
  ((x[places % chains] =
        step<kind_at(static_cast<int>((places / chains + 5 * (places % chains)) % pattern))>(
            x[places % chains], step_size, share, bound)),
   ...);
}

}  // namespace

double WARMSHELL_PEAK_LOOP(std::int64_t turns) {
  Register x[chains];
  for (int i = 0; i < chains; ++i) x[i] = WARMSHELL_OP(set1_pd)(1.0 + i);
  const Register step_size = WARMSHELL_OP(set1_pd)(0.25), share = WARMSHELL_OP(set1_pd)(0.875),
                 bound = WARMSHELL_OP(set1_pd)(64.0);
  for (std::int64_t t = 0; t < turns; ++t)
    turn(x, step_size, share, bound, std::make_index_sequence<pattern * chains>{});
  double sum = 0, row[register_lanes];
  for (int i = 0; i < chains; ++i) {
    WARMSHELL_OP(storeu_pd)(row, x[i]);
    for (double one : row) sum += one;
  }
  return sum;
}

const double WARMSHELL_PEAK_OPERATIONS = double{pattern} * chains * register_lanes;

}  // namespace warmshell::bench
