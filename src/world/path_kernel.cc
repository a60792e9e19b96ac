// Built once per vector level, with WARMSHELL_LEVEL naming the namespace. Calls nothing that is not
// in this file: anything else could be linked into another level's code.

#include "world/path_kernels.h"

namespace warmshell::world::WARMSHELL_LEVEL {

extern const PathKernels path_kernels;

namespace {

// Paths are independent, so in-place columns are no dependence.
#define WARMSHELL_EACH_PATH _Pragma("GCC ivdep") for (std::size_t p = 0; p < n; ++p)

void start_regime(const double* u, double odds, double* regime, std::size_t n) {
  WARMSHELL_EACH_PATH regime[p] = u[p] < odds ? 1.0 : 0.0;
}

void step_regime(const double* u, double odds, double* regime, std::size_t n) {
  WARMSHELL_EACH_PATH {
    const double other = 1.0 - regime[p];
    regime[p] = u[p] < odds ? other : regime[p];
  }
}

void start_stance(const StanceStep& law, const double* regime, double* stance, std::size_t n) {
  const double glut = law.glut, rise = law.rise;
  WARMSHELL_EACH_PATH stance[p] = glut + rise * regime[p];
}

void step_stance(const StanceStep& law, const double* regime, const double* u, double* stance,
                 std::size_t n) {
  const double glut = law.glut, rise = law.rise, odds = law.look_odds, least = law.least_step;
  const double size_per_u = (law.greatest_step - law.least_step) / law.look_odds;
  WARMSHELL_EACH_PATH {
    // One uniform says whether the list is looked at and, given that, the size of the step.
    const double now = stance[p];
    const double target = glut + rise * regime[p];
    const double size = least + u[p] * size_per_u;
    const double sign = target > now ? 1.0 : -1.0;
    const double moved = now * (1 + sign * size);
    // Nearer in logs: it passes the target by less than it was short of it, new x old against the
    // target's square.
    const double passed = sign * (moved * now - target * target);
    const double taken = passed < 0 ? moved : now;
    stance[p] = u[p] < odds ? taken : now;
  }
}

void fall_behind(const double* date, double t, double step, double* list, std::size_t n) {
  WARMSHELL_EACH_PATH {
    double before = date[p] - t;
    before = before < 0 ? 0 : before;
    before = before > 1 ? 1 : before;
    list[p] *= 1 - step * (1 - before);
  }
}

void share_before(const double* date, double t, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH {
    double before = date[p] - t;
    before = before < 0 ? 0 : before;
    out[p] = before > 1 ? 1 : before;
  }
}

void add_scaled(const double* x, double factor, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[p] += x[p] * factor;
}

void at_least(double low, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[p] = out[p] < low ? low : out[p];
}

void latest(const double* x, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[p] = out[p] < x[p] ? x[p] : out[p];
}

void never_unless(const double* z, double bound, bool comes, double* out, std::size_t n) {
  const double never = __builtin_inf();
  const double below = comes ? 0 : never, above = comes ? never : 0;
  // adding an infinity to a date gives never, adding 0 the date
  WARMSHELL_EACH_PATH out[p] += z[p] < bound ? below : above;
}

void scale(const double* x, double factor, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[p] = x[p] * factor;
}

void ratio(const double* above, const double* below, double* out, std::size_t n) {
  WARMSHELL_EACH_PATH out[p] = above[p] / below[p];
}

}  // namespace

const PathKernels path_kernels = {start_regime, step_regime,  start_stance, step_stance,
                                  fall_behind,  share_before, add_scaled,   at_least,
                                  latest,       never_unless, scale,        ratio};

}  // namespace warmshell::world::WARMSHELL_LEVEL
