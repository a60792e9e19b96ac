#pragma once
// Which ids of a trace were seen before, by 64-bit hash (two of a billion ids are taken for one
// with odds of 3 %, of a hundred million 0.03 %).
//
// The first `in_memory` are remembered in a table and told at once. Beyond, memory stays what it
// is: hashes go with their rows to a temporary file in sorted runs, 16 bytes an id, and finish()
// merges them and tells what was seen twice. Thread rule: one thread.

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

namespace warmshell::replay {

class SeenIds {
 public:
  explicit SeenIds(std::size_t in_memory) : in_memory_(in_memory) {}

  // True where it was seen before, as far as memory tells.
  [[nodiscard]] bool insert(std::uint64_t hash, std::int64_t row);
  // tell(row, first row with the same id), by row; what insert() told is not told again. False
  // where the temporary file could not be written or read: then some may be missing.
  [[nodiscard]] bool finish(const std::function<void(std::int64_t, std::int64_t)>& tell);

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::int64_t row = 0;
    auto operator<=>(const Entry&) const = default;
  };
  void grow();
  void spill();

  std::size_t in_memory_;
  std::size_t count_ = 0;             // in the table
  std::vector<std::uint64_t> table_;  // open addressing; 0: empty
  std::vector<Entry> run_;            // not yet written
  std::vector<std::uint64_t> runs_;   // entries in each run of the file
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, &std::fclose};
  bool sound_ = true;
};

}  // namespace warmshell::replay
