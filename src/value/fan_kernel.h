#pragma once
// The bins of a row of numbers (fan.h), built once per vector level (fan_kernel.cc): whole numbers
// alone, so every level gives the same. A number and its order are those of its bits: the exponent
// and the highest bits of the mantissa are the bin.

#include <cstdint>
#include <limits>

#include "fleet/kernel.h"

namespace warmshell::value {

// Bits of the size of a number, negative for negative numbers: ordered as the numbers are, and the
// two zeros are one.
struct Extent {
  std::int64_t least = std::numeric_limits<std::int64_t>::max(),
               most = std::numeric_limits<std::int64_t>::min();
};

struct BinShape {
  int shift;  // of the bits of a size, to what tells one bin from another
  int first;  // that of the smallest size that has a bin
  int side;   // bins of one sign; bin `side` is zero
};
[[nodiscard]] inline int bin_of(std::int64_t ordered, const BinShape& shape) {
  const std::int64_t size = ordered < 0 ? -ordered : ordered;
  const int place = static_cast<int>(size >> shape.shift) - shape.first + 1;
  const int within = place < 0 ? 0 : place > shape.side ? shape.side : place;
  return shape.side + (ordered < 0 ? -within : within);
}

struct FanKernels {
  void (*bins)(const double* values, int count, const BinShape& shape, std::int32_t* bins);
  Extent (*extent)(const double* values, int count);
};
[[nodiscard]] const FanKernels& fan_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
