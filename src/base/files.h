#pragma once
// Files: bounded reads, and writes that a kill at any instant cannot leave half done.
// Diagnostics: WS0001 cannot be read, WS0002 too large, WS0012 cannot be written.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace warmshell {

inline constexpr std::size_t largest_input_bytes = std::size_t{64} << 20;

// The whole of a regular file, refused (not cut) when it holds more than `limit` bytes.
[[nodiscard]] Result<std::string> read_file(const std::string& path,
                                            std::size_t limit = largest_input_bytes);

// Writes beside `path` under a temporary name, flushes to disk, then renames over it: a reader sees
// the old content or the new, never a part. The folder must exist.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view content);

// The folder and those above it.
[[nodiscard]] Result<void> make_folder(const std::string& path);

}  // namespace warmshell
