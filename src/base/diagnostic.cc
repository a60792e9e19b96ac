#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace warmshell {

namespace {

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

// Insertions, deletions, substitutions and swaps of neighbours.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitute});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

constexpr int widest_line = 150, before_caret = 60;  // code points

// What is shown of the line: all of it, or what stands around the caret.
struct Window {
  std::string line, margin;  // margin: what stands below the line, before the carets
  int carets = 1;
};

Window window(const SourceSpan& where) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const int whole =
      static_cast<int>(std::count_if(where.source_line.begin(), where.source_line.end(), starts));
  const bool cut = whole > widest_line;
  const int first =
                cut ? std::max(1, std::min(where.column - before_caret, whole - widest_line + 1))
                    : 1,
            last = cut ? std::min(whole, first + widest_line - 1) : whole;
  Window seen;
  if (first > 1) seen.line = seen.margin = "...";
  std::fill(seen.margin.begin(), seen.margin.end(), ' ');
  int column = 0;
  for (const char c : where.source_line) {
    column += starts(c) ? 1 : 0;
    if (column < first || column > last) continue;
    seen.line += c;
    // Tabs are kept so that the caret stands under its column in any terminal.
    if (starts(c) && column < where.column) seen.margin += c == '\t' ? '\t' : ' ';
  }
  if (last < whole) seen.line += "...";
  seen.carets = std::max(1, where.length);
  if (cut) seen.carets = std::max(1, std::min(seen.carets, last + 1 - where.column));
  return seen;
}

}  // namespace

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string render(const Diagnostic& diagnostic) {
  std::string text;
  const SourceSpan& where = diagnostic.where;
  if (!where.file.empty()) {
    text += where.file;
    if (where.line > 0) text += fmt::format(":{}:{}", where.line, where.column);
    text += ": ";
  }
  text +=
      fmt::format("{}[{}]: {}\n", word(diagnostic.severity), diagnostic.code, diagnostic.message);
  if (!where.source_line.empty() && where.line > 0) {
    const std::string number = std::to_string(where.line);
    const Window seen = window(where);
    text += fmt::format(" {} | {}\n", number, seen.line);
    text += fmt::format(" {} | {}{}\n", std::string(number.size(), ' '), seen.margin,
                        std::string(static_cast<size_t>(seen.carets), '^'));
  }
  if (!diagnostic.help.empty()) text += fmt::format("   help: {}\n", diagnostic.help);
  return text;
}

std::string render(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += render(diagnostic);
  return text;
}

Diagnostic plain_error(std::string code, std::string message, std::string help) {
  Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  return diagnostic;
}

tl::unexpected<Diagnostics> fail(Diagnostic diagnostic) {
  return tl::unexpected<Diagnostics>(Diagnostics{std::move(diagnostic)});
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
  size_t best = std::max<size_t>(1, name.size() / 3) + 1;
  std::string found;
  for (const std::string& candidate : known) {
    const size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

}  // namespace warmshell
