#pragma once
// Loops over the paths of a block, those of its dates and those of its months, built once per
// vector level from path_kernel.cc. Every level gives the same bits. Pure; out may be an input
// column itself.

#include <cstddef>

#include "base/kernels.h"

namespace warmshell::world {

struct StanceStep {  // see world/rents.h
  double glut = 1, rise = 0;
  double look_odds = 0, least_step = 0, greatest_step = 0;
};

struct PathKernels {
  // regime: 1 in scarcity, 0 in glut
  void (*start_regime)(const double* u, double odds, double* regime, std::size_t n);
  void (*step_regime)(const double* u, double odds, double* regime, std::size_t n);
  void (*start_stance)(const StanceStep& law, const double* regime, double* stance, std::size_t n);
  void (*step_stance)(const StanceStep& law, const double* regime, const double* u, double* stance,
                      std::size_t n);
  // list x (1 - step x part of month t after date)
  void (*fall_behind)(const double* date, double t, double step, double* list, std::size_t n);
  void (*share_before)(const double* date, double t, double* out, std::size_t n);
  void (*add_scaled)(const double* x, double factor, double* out,
                     std::size_t n);  // out += x factor
  void (*at_least)(double low, double* out, std::size_t n);
  void (*latest)(const double* x, double* out, std::size_t n);  // out = max(out, x)
  // Where (z < bound) is `comes`, the date stays; elsewhere it becomes +infinity.
  void (*never_unless)(const double* z, double bound, bool comes, double* out, std::size_t n);
  void (*scale)(const double* x, double factor, double* out, std::size_t n);
  void (*ratio)(const double* above, const double* below, double* out, std::size_t n);
};

[[nodiscard]] const PathKernels& path_kernels_at(VectorLevel level);
[[nodiscard]] const PathKernels& path_kernels();  // at chosen_level()

}  // namespace warmshell::world
