#pragma once
// The largest of n keys, kept while single keys change: a tree of blocks of 16 keys, one cache line
// each, where every block's maximum is a key of the level above. A change touches one line per
// level and stops as soon as a block's maximum stays.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace warmshell::replay::packing {

class MaxTree {
 public:
  using Key = std::uint32_t;  // 0 is "nothing"

  // key_of(i) gives the first key of every leaf.
  template <class KeyOf>
  void build(std::size_t leaves, KeyOf key_of) {
    levels_.clear();
    std::vector<Block> level(blocks_for(leaves));
    for (std::size_t i = 0; i < leaves; ++i) level[i / width].keys[i % width] = key_of(i);
    levels_.push_back(std::move(level));
    while (levels_.back().size() > 1) {
      const std::vector<Block>& below = levels_.back();
      std::vector<Block> above(blocks_for(below.size()));
      for (std::size_t i = 0; i < below.size(); ++i)
        above[i / width].keys[i % width] = largest_of(below[i]);
      levels_.push_back(std::move(above));
    }
    largest_ = largest_of(levels_.back().front());
  }

  [[nodiscard]] bool built() const { return !levels_.empty(); }
  void forget() { levels_ = {}; }
  [[nodiscard]] Key largest() const { return largest_; }

  // Starts loading what update() of the leaf will touch first.
  void prefetch(std::size_t leaf) const { __builtin_prefetch(&levels_.front()[leaf / width], 1); }

  // Returns how many levels it touched.
  int update(std::size_t leaf, Key key) {
    std::size_t i = leaf;
    int touched = 0;
    for (std::vector<Block>& level : levels_) {
      ++touched;
      Block& block = level[i / width];
      Key& slot = block.keys[i % width];
      const Key old = slot;
      if (old == key) return touched;
      slot = key;
      i /= width;
      const Key maximum =
          &level == &levels_.back() ? largest_ : (&level + 1)->data()[i / width].keys[i % width];
      if (key > maximum) continue;        // the new maximum of the block
      if (old < maximum) return touched;  // never was, is not now
      key = largest_of(block);
    }
    largest_ = key;
    return touched;
  }

 private:
  static constexpr std::size_t width = 16;
  struct alignas(64) Block {
    Key keys[width] = {};
  };

  static std::size_t blocks_for(std::size_t keys) {
    return std::max<std::size_t>(1, (keys + width - 1) / width);
  }
  static Key largest_of(const Block& block) {
    Key largest = 0;
    for (const Key key : block.keys) largest = std::max(largest, key);
    return largest;
  }

  std::vector<std::vector<Block>> levels_;  // from the leaves up; the last has one block
  Key largest_ = 0;
};

}  // namespace warmshell::replay::packing
