// Which vector level the kernels run at; the same bits at each (*_kernel.cc).

#include "fleet/kernel.h"
#include "value/dark_kernel.h"
#include "value/fan_kernel.h"
#include "value/rate_kernel.h"
#include "value/rows.h"

namespace warmshell::value {

#define WARMSHELL_DECLARE(level)  \
  namespace level {               \
  extern const RowKernels rows;   \
  extern const DarkKernels dark;  \
  extern const FanKernels fan;    \
  extern const RateKernels rates; \
  }
WARMSHELL_DECLARE(v2)
WARMSHELL_DECLARE(v3)
WARMSHELL_DECLARE(v4)
#undef WARMSHELL_DECLARE

namespace {

template <class Kernels>
const Kernels& at_level(fleet::VectorLevel level, const Kernels& low, const Kernels& middle,
                        const Kernels& high) {
  switch (level) {
    case fleet::VectorLevel::v2:
      return low;
    case fleet::VectorLevel::v3:
      return middle;
    case fleet::VectorLevel::v4:
      return high;
  }
  return low;
}

}  // namespace

const RowKernels& row_kernels(fleet::VectorLevel level) {
  return at_level(level, v2::rows, v3::rows, v4::rows);
}
const DarkKernels& dark_kernels(fleet::VectorLevel level) {
  return at_level(level, v2::dark, v3::dark, v4::dark);
}

const FanKernels& fan_kernels(fleet::VectorLevel level) {
  return at_level(level, v2::fan, v3::fan, v4::fan);
}

const RateKernels& rate_kernels(fleet::VectorLevel level) {
  return at_level(level, v2::rates, v3::rates, v4::rates);
}

}  // namespace warmshell::value
