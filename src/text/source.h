#pragma once
// A text the program was given, kept whole so that any part of it can be pointed at later.
//
// Invariants: at most 16 MiB, valid UTF-8 without NUL and without a byte order mark; immutable once
// made, so it may be read from any thread. A Place keeps its Source alive.
// Files are reached only through a Folder, which refuses to leave the folder that was opened:
// absolute paths, `..`, links that lead out, and whatever is not a regular file.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace warmshell::text {

inline constexpr std::size_t max_source_bytes = std::size_t{16} << 20;

class Source {
 public:
  // `name` is what diagnostics call it: a path relative to the opened folder, or a flag: "--set".
  [[nodiscard]] static Result<std::shared_ptr<const Source>> make(std::string name,
                                                                  std::string text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  // Byte offsets; end past the line is cut at the line's end, so a span is always of one line.
  [[nodiscard]] SourceSpan span(std::size_t begin, std::size_t end) const;

 private:
  Source(std::string name, std::string text);
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

using SourcePtr = std::shared_ptr<const Source>;

// A stretch of a Source in bytes, [begin, end). Without a source: nowhere (a built-in default).
struct Place {
  SourcePtr source;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] SourceSpan span() const;
  [[nodiscard]] Place part(std::size_t offset, std::size_t length) const;  // within this place
};

// A folder opened for reading, and nothing beyond it.
class Folder {
 public:
  [[nodiscard]] static Result<Folder> open(const std::string& path);

  // `path` is relative to the folder, with `/`. `asked_at` is where the user wrote it, if he did.
  [[nodiscard]] Result<SourcePtr> load(const std::string& path, const Place& asked_at = {}) const;
  [[nodiscard]] bool has(const std::string& path) const;
  // Names of the regular files in a sub-folder that end in `suffix`, sorted; empty when none.
  [[nodiscard]] std::vector<std::string> list(const std::string& sub_folder,
                                              std::string_view suffix) const;

 private:
  std::string root_;  // canonical
};

}  // namespace warmshell::text
