#pragma once
// UTF-8 as bytes: what is valid, how many code points. Pure functions.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace warmshell::text {

// Offset of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7).
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);
[[nodiscard]] std::size_t count_code_points(std::string_view text);
// Byte offset of the n-th code point from `from`, at most the text's size.
[[nodiscard]] std::size_t advance_code_points(std::string_view text, std::size_t from,
                                              std::size_t n);
// A source line as a diagnostic may show it: cut after 200 code points, control characters but the
// tab shown as `?`, so that a hostile file cannot steer the terminal.
[[nodiscard]] std::string excerpt(std::string_view line);
// The same for a word quoted in a message, cut after 60 code points with `...`.
[[nodiscard]] std::string ticked(std::string_view text);

}  // namespace warmshell::text
