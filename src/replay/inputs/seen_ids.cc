#include "replay/inputs/seen_ids.h"

#include <algorithm>
#include <optional>
#include <queue>

namespace warmshell::replay {

namespace {

constexpr std::size_t merge_buffer = 4096;  // entries read at once of each run

std::uint64_t mixed(std::uint64_t hash) {
  hash ^= hash >> 32;
  hash *= 0x9e3779b97f4a7c15ull;
  return hash ^ hash >> 29;
}

}  // namespace

void SeenIds::grow() {
  std::vector<std::uint64_t> old = std::move(table_);
  table_.assign(std::max<std::size_t>(64, old.size() * 2), 0);
  const std::size_t mask = table_.size() - 1;
  for (const std::uint64_t hash : old) {
    if (hash == 0) continue;
    std::size_t slot = mixed(hash) & mask;
    while (table_[slot] != 0) slot = (slot + 1) & mask;
    table_[slot] = hash;
  }
}

bool SeenIds::insert(std::uint64_t hash, std::int64_t row) {
  hash |= static_cast<std::uint64_t>(hash == 0);  // 0 is an empty slot
  if (table_.size() < 2 * (count_ + 1) && count_ < in_memory_) grow();
  if (!table_.empty()) {
    const std::size_t mask = table_.size() - 1;
    std::size_t slot = mixed(hash) & mask;
    for (; table_[slot] != 0; slot = (slot + 1) & mask)
      if (table_[slot] == hash) return true;
    if (count_ < in_memory_) {
      table_[slot] = hash;
      ++count_;
      return false;
    }
  }
  run_.push_back({hash, row});
  if (run_.size() >= std::max<std::size_t>(in_memory_, 2)) spill();
  return false;
}

void SeenIds::spill() {
  std::sort(run_.begin(), run_.end());
  if (!file_) file_.reset(std::tmpfile());
  sound_ = sound_ && file_ &&
           std::fwrite(run_.data(), sizeof(Entry), run_.size(), file_.get()) == run_.size();
  runs_.push_back(run_.size());
  run_.clear();
}

bool SeenIds::finish(const std::function<void(std::int64_t, std::int64_t)>& tell) {
  if (!run_.empty()) spill();
  run_ = {};
  if (!sound_ || runs_.empty()) return sound_;
  sound_ = std::fflush(file_.get()) == 0;

  // ---- the runs, each read piece by piece
  struct Reader {
    std::uint64_t next = 0, end = 0;  // entries of the file
    std::vector<Entry> buffer;
    std::size_t at = 0;
  };
  std::vector<Reader> readers;
  std::uint64_t begin = 0;
  for (const std::uint64_t length : runs_) {
    readers.push_back({begin, begin + length, {}, 0});
    begin += length;
  }
  const auto take = [&](Reader& reader) -> std::optional<Entry> {
    if (reader.at == reader.buffer.size()) {
      const std::size_t wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(merge_buffer, reader.end - reader.next));
      reader.buffer.resize(wanted);
      reader.at = 0;
      if (wanted == 0) return std::nullopt;
      const auto offset = static_cast<std::int64_t>(reader.next * sizeof(Entry));
      if (fseeko(file_.get(), offset, SEEK_SET) != 0 ||
          std::fread(reader.buffer.data(), sizeof(Entry), wanted, file_.get()) != wanted) {
        sound_ = false;
        reader.buffer.clear();
        reader.next = reader.end;
        return std::nullopt;
      }
      reader.next += wanted;
    }
    return reader.buffer[reader.at++];
  };

  // ---- merged: equal hashes stand side by side, the earliest row first
  using Head = std::pair<Entry, std::size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  for (std::size_t r = 0; r < readers.size(); ++r)
    if (const auto entry = take(readers[r])) heads.push({*entry, r});
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  std::optional<Entry> first;
  while (!heads.empty()) {
    const auto [entry, from] = heads.top();
    heads.pop();
    if (const auto next = take(readers[from])) heads.push({*next, from});
    if (first && first->hash == entry.hash)
      found.emplace_back(entry.row, first->row);
    else
      first = entry;
  }
  file_.reset();
  std::sort(found.begin(), found.end());
  for (const auto& [row, first_row] : found) tell(row, first_row);
  return sound_;
}

}  // namespace warmshell::replay
