#include "value/fan.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace warmshell::value {

Fan::Fan(int months) : counts_(static_cast<std::size_t>(months) * bins) {}

// The exponent and the top six bits of the mantissa are the bin.
int Fan::bin_of(double x) {
  constexpr std::uint64_t first = static_cast<std::uint64_t>(1023 + lowest) << 6;
  const std::uint64_t top = (std::bit_cast<std::uint64_t>(x) & 0x7fffffffffffffff) >> 46;
  if (top < first) return side;
  const int place = static_cast<int>(std::min<std::uint64_t>(top - first, side - 1));
  return x > 0 ? side + 1 + place : side - 1 - place;
}

double Fan::middle_of(int bin) {
  if (bin == side) return 0;
  const int place = bin > side ? bin - side - 1 : side - 1 - bin;
  const double size = std::ldexp(1 + (place % parts + 0.5) / parts, lowest + place / parts);
  return bin > side ? size : -size;
}

void Fan::add(int month, const double* row, int count) {
  std::uint32_t* counts = &counts_[static_cast<std::size_t>(month) * bins];
  for (int i = 0; i < count; ++i) ++counts[bin_of(row[i])];
}

void Fan::join(const Fan& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

double Fan::quantile(int month, double p) const {
  const std::uint32_t* counts = &counts_[static_cast<std::size_t>(month) * bins];
  std::uint64_t total = 0, below = 0;
  for (int bin = 0; bin < bins; ++bin) total += counts[bin];
  const double wanted = p * static_cast<double>(total);
  for (int bin = 0; bin < bins; ++bin) {
    below += counts[bin];
    if (counts[bin] > 0 && static_cast<double>(below) >= wanted) return middle_of(bin);
  }
  return 0;
}

}  // namespace warmshell::value
