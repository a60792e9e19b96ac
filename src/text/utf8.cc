#include "text/utf8.h"

namespace warmshell::text {

namespace {

constexpr bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Length of the well-formed sequence at `at`, 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto in = [](unsigned value, unsigned low, unsigned high) {
    return value >= low && value <= high;
  };
  const unsigned first = byte(at), second = byte(at + 1), third = byte(at + 2),
                 fourth = byte(at + 3);
  if (first < 0x80) return 1;
  if (in(first, 0xC2, 0xDF)) return in(second, 0x80, 0xBF) ? 2 : 0;
  if (in(first, 0xE0, 0xEF)) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;  // no surrogates
    return in(second, low, high) && in(third, 0x80, 0xBF) ? 3 : 0;
  }
  if (in(first, 0xF0, 0xF4)) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return in(second, low, high) && in(third, 0x80, 0xBF) && in(fourth, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

std::string shown(std::string_view text, std::size_t limit, std::string_view tail) {
  std::string out;
  std::size_t points = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (points++ == limit) {
      out += tail;
      break;
    }
    const std::size_t length = sequence_length(text, i);
    const auto first = static_cast<unsigned char>(text[i]);
    // C0 and C1 controls and DEL; the tab stays because carets are aligned by it.
    const bool control =
        (first < 0x20 && first != '\t') || first == 0x7F ||
        (length == 2 && first == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0);
    if (length == 0 || control)
      out += '?';
    else
      out.append(text.substr(i, length));
    i += length == 0 ? 1 : length;
  }
  return out;
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += !continues(c);
  return count;
}

std::size_t advance_code_points(std::string_view text, std::size_t from, std::size_t n) {
  std::size_t at = from;
  for (; n > 0 && at < text.size(); --n) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
  }
  return at < text.size() ? at : text.size();
}

std::string excerpt(std::string_view line) {
  return shown(line, 2000, "");
}

std::string ticked(std::string_view text) {
  return "`" + shown(text, 60, "...") + "`";
}

}  // namespace warmshell::text
