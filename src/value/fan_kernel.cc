// Built once per vector level with WARMSHELL_LEVEL set to v2, v3, v4: nothing here may call a
// function that is not forced inline.

#include "value/fan_kernel.h"

#include <cstring>

namespace warmshell::value {
namespace WARMSHELL_LEVEL {
namespace {

constexpr std::int64_t size_bits = std::numeric_limits<std::int64_t>::max();
constexpr std::int32_t upper_size_bits = std::numeric_limits<std::int32_t>::max();

// The upper half of a number holds all that tells its bin.
void bins(const double* values, int count, const BinShape& shape, std::int32_t* __restrict out) {
  const int shift = shape.shift - 32, side = shape.side, before = 1 - shape.first;
  for (int i = 0; i < count; ++i) {
    std::int64_t bits;
    std::memcpy(&bits, values + i, sizeof bits);
    const auto upper = static_cast<std::int32_t>(bits >> 32);
    const std::int32_t sign = upper >> 31;
    const std::int32_t place = ((upper & upper_size_bits) >> shift) + before,
                       above = place > 0 ? place : 0, within = above < side ? above : side;
    out[i] = side + ((within ^ sign) - sign);
  }
}

Extent extent(const double* values, int count) {
  std::int64_t least = size_bits, most = -size_bits;
  for (int i = 0; i < count; ++i) {
    std::int64_t bits;
    std::memcpy(&bits, values + i, sizeof bits);
    const std::int64_t sign = bits < 0 ? -1 : 0, ordered = ((bits & size_bits) ^ sign) - sign;
    least = ordered < least ? ordered : least;
    most = ordered > most ? ordered : most;
  }
  return {least, most};
}

}  // namespace

extern const FanKernels fan;
const FanKernels fan{bins, extent};

}  // namespace WARMSHELL_LEVEL
}  // namespace warmshell::value
