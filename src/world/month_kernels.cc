#include "world/month_kernels.h"

namespace warmshell::world {

namespace v2 {
extern const MonthKernels month_kernels;
}
namespace v3 {
extern const MonthKernels month_kernels;
}
namespace v4 {
extern const MonthKernels month_kernels;
}

const MonthKernels& month_kernels_at(VectorLevel level) {
  switch (level) {
    case VectorLevel::v2:
      return v2::month_kernels;
    case VectorLevel::v3:
      return v3::month_kernels;
    case VectorLevel::v4:
      return v4::month_kernels;
  }
  __builtin_unreachable();
}

const MonthKernels& month_kernels() {
  static const MonthKernels& best = month_kernels_at(available_levels().back());
  return best;
}

}  // namespace warmshell::world
