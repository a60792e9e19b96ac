#include "value/levels.h"

#include <cstdlib>
#include <string_view>

#include "value/dark_kernel.h"
#include "value/rows.h"

namespace warmshell::value {

#define WARMSHELL_DECLARE(level) \
  namespace level {              \
  extern const RowKernels rows;  \
  extern const DarkKernels dark; \
  }
WARMSHELL_DECLARE(v2)
WARMSHELL_DECLARE(v3)
WARMSHELL_DECLARE(v4)
#undef WARMSHELL_DECLARE

namespace {

VectorLevel choose() {
  const char* written = std::getenv("WARMSHELL_VECTOR");
  const std::string_view asked = written ? written : "v4";
  if (asked != "v2" && asked != "v3" && __builtin_cpu_supports("x86-64-v4")) return VectorLevel::v4;
  if (asked != "v2" && __builtin_cpu_supports("x86-64-v3")) return VectorLevel::v3;
  return VectorLevel::v2;
}

template <class Kernels>
const Kernels& at_level(const Kernels& low, const Kernels& middle, const Kernels& high) {
  switch (vector_level()) {
    case VectorLevel::v2:
      return low;
    case VectorLevel::v3:
      return middle;
    case VectorLevel::v4:
      return high;
  }
  return low;
}

}  // namespace

VectorLevel vector_level() {
  static const VectorLevel level = choose();
  return level;
}

const RowKernels& row_kernels() {
  return at_level(v2::rows, v3::rows, v4::rows);
}
const DarkKernels& dark_kernels() {
  return at_level(v2::dark, v3::dark, v4::dark);
}

}  // namespace warmshell::value
