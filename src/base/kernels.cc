#include "base/kernels.h"

#include <cstdlib>
#include <string_view>

namespace warmshell {

namespace v2 {
extern const ColumnKernels column_kernels;
}
namespace v3 {
extern const ColumnKernels column_kernels;
}
namespace v4 {
extern const ColumnKernels column_kernels;
}

const char* name(VectorLevel level) {
  switch (level) {
    case VectorLevel::v2:
      return "x86-64-v2";
    case VectorLevel::v3:
      return "x86-64-v3";
    case VectorLevel::v4:
      return "x86-64-v4";
  }
  __builtin_unreachable();
}

std::vector<VectorLevel> available_levels() {
  // v2 is what the whole program is built for
  std::vector<VectorLevel> levels = {VectorLevel::v2};
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
  if (v3) levels.push_back(VectorLevel::v3);
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  if (v4) levels.push_back(VectorLevel::v4);
  return levels;
}

const ColumnKernels& kernels_at(VectorLevel level) {
  switch (level) {
    case VectorLevel::v2:
      return v2::column_kernels;
    case VectorLevel::v3:
      return v3::column_kernels;
    case VectorLevel::v4:
      return v4::column_kernels;
  }
  __builtin_unreachable();
}

VectorLevel chosen_level() {
  static const VectorLevel chosen = [] {
    const char* asked = std::getenv("WARMSHELL_KERNEL");
    const std::vector<VectorLevel> levels = available_levels();
    for (const VectorLevel level : levels)
      // "x86-64-v3" without its first seven letters
      if (asked != nullptr && std::string_view(name(level)).substr(7) == asked) return level;
    return levels.back();
  }();
  return chosen;
}

const ColumnKernels& kernels() {
  static const ColumnKernels& best = kernels_at(chosen_level());
  return best;
}

}  // namespace warmshell
