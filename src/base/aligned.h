#pragma once
// A vector of doubles that begins on a cache line, so that rows of a multiple of eight paths do too
// and no register of a kernel straddles two lines.

#include <cstddef>
#include <new>
#include <vector>

namespace warmshell {

template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t line{64};
  LineAllocator() = default;
  template <class Other>
  explicit LineAllocator(const LineAllocator<Other>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, line); }
  bool operator==(const LineAllocator&) const = default;
};

using AlignedDoubles = std::vector<double, LineAllocator<double>>;

}  // namespace warmshell
