#include "value/fan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <new>

namespace warmshell::value {

void Fan::Free::operator()(std::uint32_t* counts) const {
  std::free(counts);
}

Fan::Fan(int months)
    : ranges_(static_cast<std::size_t>(months)),
      counts_(static_cast<std::uint32_t*>(std::calloc(
          static_cast<std::size_t>(std::max(months, 1)) * bins, sizeof(std::uint32_t)))) {
  if (!counts_) throw std::bad_alloc();
}

double Fan::middle_of(int bin) {
  if (bin == side) return 0;
  const int place = bin > side ? bin - side - 1 : side - 1 - bin;
  const double size = std::ldexp(1 + (place % parts + 0.5) / parts, lowest + place / parts);
  return bin > side ? size : -size;
}

// The exponent and the top six bits of the mantissa are the bin.
void Fan::add(int month, const double* row, int count) {
  constexpr std::int64_t first = static_cast<std::int64_t>(1023 + lowest) * parts;
  if (static_cast<int>(bins_of_row_.size()) < count)
    bins_of_row_.resize(static_cast<std::size_t>(count));
  Range range = ranges_[static_cast<std::size_t>(month)];
  for (int i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::int64_t>(row[i]);
    const int place = static_cast<int>((bits & 0x7fffffffffffffff) >> 46) - static_cast<int>(first);
    const int size = std::clamp(place + 1, 0, side);
    const int bin = side + (bits < 0 ? -size : size);
    bins_of_row_[static_cast<std::size_t>(i)] = bin;
    range.first = std::min(range.first, bin);
    range.last = std::max(range.last, bin);
  }
  ranges_[static_cast<std::size_t>(month)] = range;
  std::uint32_t* counts = counts_of(month);
  for (int i = 0; i < count; ++i) ++counts[bins_of_row_[static_cast<std::size_t>(i)]];
}

void Fan::join(const Fan& other) {
  for (std::size_t month = 0; month < ranges_.size(); ++month) {
    const Range& range = other.ranges_[month];
    std::uint32_t* into = counts_of(static_cast<int>(month));
    const std::uint32_t* from = other.counts_of(static_cast<int>(month));
    for (int bin = range.first; bin <= range.last; ++bin) into[bin] += from[bin];
    ranges_[month].first = std::min(ranges_[month].first, range.first);
    ranges_[month].last = std::max(ranges_[month].last, range.last);
  }
}

double Fan::quantile(int month, double p) const {
  const Range& range = ranges_[static_cast<std::size_t>(month)];
  const std::uint32_t* counts = counts_of(month);
  std::uint64_t total = 0, below = 0;
  for (int bin = range.first; bin <= range.last; ++bin) total += counts[bin];
  const double wanted = p * static_cast<double>(total);
  for (int bin = range.first; bin <= range.last; ++bin) {
    below += counts[bin];
    if (counts[bin] > 0 && static_cast<double>(below) >= wanted) return middle_of(bin);
  }
  return 0;
}

}  // namespace warmshell::value
