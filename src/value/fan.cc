#include "value/fan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <new>

namespace warmshell::value {

namespace {

constexpr int mantissa_bits = 52, exponent_bias = 1023;

double number_of(std::int64_t ordered) {
  const double size = std::bit_cast<double>(ordered < 0 ? -ordered : ordered);
  return ordered < 0 ? -size : size;
}

}  // namespace

void Fan::Free::operator()(std::uint32_t* counts) const {
  std::free(counts);
}

Fan::Fan(int rows, int parts, fleet::VectorLevel level)
    : parts_(parts),
      shape_{mantissa_bits - std::countr_zero(static_cast<unsigned>(parts)),
             (exponent_bias + lowest) * parts, (highest - lowest) * parts},
      bins_(2 * static_cast<std::size_t>(shape_.side) + 1),
      kernels_(&fan_kernels(level)),
      rows_(static_cast<std::size_t>(rows)),
      counts_(static_cast<std::uint32_t*>(std::calloc(
          static_cast<std::size_t>(std::max(rows, 1)) * bins_, sizeof(std::uint32_t)))) {
  if (!counts_) throw std::bad_alloc();
}

double Fan::middle_of(int bin) const {
  if (bin == shape_.side) return 0;
  const int place = std::abs(bin - shape_.side) - 1;
  const double size = std::ldexp(1 + (place % parts_ + 0.5) / parts_, lowest + place / parts_);
  return bin > shape_.side ? size : -size;
}

void Fan::add(int row, const double* values, int count) {
  const Extent extent = kernels_->extent(values, count);
  Row& of = rows_[static_cast<std::size_t>(row)];
  of.paths += count;
  of.extent.least = std::min(of.extent.least, extent.least);
  of.extent.most = std::max(of.extent.most, extent.most);
  std::uint32_t* counts = counts_of(row);
  if (extent.least == extent.most) {
    counts[bin_of(extent.least, shape_)] += static_cast<std::uint32_t>(count);
    return;
  }
  if (static_cast<int>(bins_of_row_.size()) < count)
    bins_of_row_.resize(static_cast<std::size_t>(count));
  kernels_->bins(values, count, shape_, bins_of_row_.data());
  const std::int32_t* bins = bins_of_row_.data();
  for (int i = 0; i < count; ++i) ++counts[bins[i]];
  // The next row is far away in memory, and its paths will lie nearby.
  if (row + 1 < static_cast<int>(rows_.size()))
    for (int i = 0; i < count; i += 4) __builtin_prefetch(counts + bins_ + bins[i], 1);
}

void Fan::join(const Fan& other) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const Row& from = other.rows_[row];
    if (from.paths == 0) continue;
    Row& into = rows_[row];
    into.paths += from.paths;
    into.extent.least = std::min(into.extent.least, from.extent.least);
    into.extent.most = std::max(into.extent.most, from.extent.most);
    std::uint32_t* counts = counts_of(static_cast<int>(row));
    const std::uint32_t* more = other.counts_of(static_cast<int>(row));
    const int last = bin_of(from.extent.most, shape_);
    for (int bin = bin_of(from.extent.least, shape_); bin <= last; ++bin)
      if (more[bin] != 0) counts[bin] += more[bin];
  }
}

std::vector<double> Fan::quantiles(int row, std::span<const double> shares) const {
  const Row& of = rows_[static_cast<std::size_t>(row)];
  std::vector<double> found(shares.size(), 0.0);
  if (of.paths == 0) return found;
  const double least = number_of(of.extent.least), most = number_of(of.extent.most);
  const std::uint32_t* counts = counts_of(row);
  int bin = bin_of(of.extent.least, shape_);
  const int last = bin_of(of.extent.most, shape_);
  std::int64_t below = counts[bin];
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double wanted = shares[i] * static_cast<double>(of.paths);
    while (bin < last && static_cast<double>(below) < wanted) below += counts[++bin];
    found[i] = std::clamp(middle_of(bin), least, most);
  }
  return found;
}

double Fan::quantile(int row, double share) const {
  return quantiles(row, {&share, 1}).front();
}

}  // namespace warmshell::value
