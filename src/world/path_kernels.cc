#include "world/path_kernels.h"

namespace warmshell::world {

namespace v2 {
extern const PathKernels path_kernels;
}
namespace v3 {
extern const PathKernels path_kernels;
}
namespace v4 {
extern const PathKernels path_kernels;
}

const PathKernels& path_kernels_at(VectorLevel level) {
  switch (level) {
    case VectorLevel::v2:
      return v2::path_kernels;
    case VectorLevel::v3:
      return v3::path_kernels;
    case VectorLevel::v4:
      return v4::path_kernels;
  }
  __builtin_unreachable();
}

const PathKernels& path_kernels() {
  static const PathKernels& best = path_kernels_at(chosen_level());
  return best;
}

}  // namespace warmshell::world
