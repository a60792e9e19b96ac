#pragma once
// A set of small integers that finds its k-th member: counts in a Fenwick tree (Fenwick 1994).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace warmshell::replay::packing {

class CountTree {
 public:
  template <class IsMember>
  void build(std::size_t n, IsMember is_member) {
    counts_.assign(n + 1, 0);
    members_.assign(n, false);
    size_ = 0;
    for (std::size_t i = 0; i < n; ++i)
      if (is_member(i)) {
        members_[i] = true;
        ++counts_[i + 1];
        ++size_;
      }
    for (std::size_t i = 1; i <= n; ++i)
      if (const std::size_t parent = i + (i & (~i + 1)); parent <= n) counts_[parent] += counts_[i];
  }

  [[nodiscard]] bool built() const { return !counts_.empty(); }
  void forget() {
    counts_ = {};
    members_ = {};
  }
  [[nodiscard]] std::uint32_t size() const { return size_; }

  void update(std::size_t i, bool member) {
    if (members_[i] == member) return;
    members_[i] = member;
    const std::uint32_t change = member ? 1u : ~0u;  // +1 or -1, modulo 2^32
    size_ += change;
    for (std::size_t k = i + 1; k < counts_.size(); k += k & (~k + 1)) counts_[k] += change;
  }

  // The member with exactly k smaller ones; k < size().
  [[nodiscard]] std::size_t member_at(std::uint32_t k) const {
    std::size_t before = 0;
    for (std::size_t step = std::bit_floor(counts_.size() - 1); step > 0; step /= 2)
      if (before + step < counts_.size() && counts_[before + step] <= k) {
        before += step;
        k -= counts_[before];
      }
    return before;
  }

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<bool> members_;
  std::uint32_t size_ = 0;
};

}  // namespace warmshell::replay::packing
