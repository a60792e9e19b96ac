#pragma once
// Memory for one block of paths: columns of `block` doubles, one value per path, each column
// aligned to a cache line. An arena belongs to one thread. `reset` forgets all columns and keeps
// the memory, so after the first block nothing is allocated; reserve before the first block and
// nothing ever is. A column is not cleared: it holds whatever was there, so write before reading,
// or take `zeros`.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace warmshell {

using Column = std::span<double>;
using ConstColumn = std::span<const double>;

class Arena {
 public:
  static constexpr std::size_t alignment = 64;

  // block: paths side by side, at least 1; columns: how many are taken per block, a first guess.
  explicit Arena(std::size_t block, std::size_t columns = 64)
      : block_(block), stride_((block + lane - 1) / lane * lane) {
    reserve(columns);
  }

  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  [[nodiscard]] std::size_t block() const { return block_; }
  [[nodiscard]] std::size_t columns_taken() const { return taken_; }
  [[nodiscard]] std::size_t columns_reserved() const { return slabs_.size() * columns_per_slab; }

  void reserve(std::size_t columns) {
    while (columns_reserved() < columns) {
      const std::size_t bytes = columns_per_slab * stride_ * sizeof(double);
      auto* memory = static_cast<double*>(::operator new (bytes, std::align_val_t{alignment}));
      slabs_.emplace_back(memory);
    }
  }

  // Valid until reset. The first `count` paths are used: fewer than block() in the last block.
  [[nodiscard]] Column column() { return column(block_); }
  [[nodiscard]] Column column(std::size_t count) {
    if (taken_ == columns_reserved()) reserve(taken_ + 1);
    double* memory = slabs_[taken_ / columns_per_slab].get();
    memory += taken_ % columns_per_slab * stride_;
    ++taken_;
    return {memory, std::min(count, block_)};
  }

  [[nodiscard]] Column filled(double value) {
    const Column c = column();
    std::fill(c.begin(), c.end(), value);
    return c;
  }
  [[nodiscard]] Column zeros() { return filled(0); }

  void reset() { taken_ = 0; }

 private:
  static constexpr std::size_t lane = alignment / sizeof(double);
  static constexpr std::size_t columns_per_slab = 64;

  struct Release {
    void operator()(double* p) const { ::operator delete (p, std::align_val_t{alignment}); }
  };

  std::size_t block_;
  std::size_t stride_;  // block rounded up, so that every column is aligned
  std::size_t taken_ = 0;
  std::vector<std::unique_ptr<double[], Release>> slabs_;
};

}  // namespace warmshell
