#pragma once
// What is wrong with an input, said once for terminal, JSON, studio and Python.
// A diagnostic is a value: nothing here prints or throws.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace warmshell {

enum class Severity { error, warning, note };

// A span in a text the user wrote. line and column count from 1; column counts code points.
// line 0: the whole file; empty file: no text stands behind it (a flag, a built-in default).
struct SourceSpan {
  std::string file;
  int line = 0;
  int column = 0;
  int length = 1;           // code points under the caret
  std::string source_line;  // the line itself, without its end

  bool operator==(const SourceSpan&) const = default;
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;  // "WS0123", stable for ever; `warmshell explain WS0123` says more
  SourceSpan where;
  std::string path;     // dotted path in the model, "" where there is none
  std::string message;  // what is wrong, one line
  std::string help;     // how to mend it, "" where nothing can be said

  bool operator==(const Diagnostic&) const = default;
};

using Diagnostics = std::vector<Diagnostic>;

[[nodiscard]] bool has_errors(const Diagnostics& diagnostics);

// file:line:col: error[WS0123]: message, then source line, caret and help.
[[nodiscard]] std::string render(const Diagnostic& diagnostic);
[[nodiscard]] std::string render(const Diagnostics& diagnostics);

// Bad input, infeasible and I/O are values.
template <class T>
using Result = tl::expected<T, Diagnostics>;

// An error that stands on no text: wrong flags, files that cannot be opened.
[[nodiscard]] Diagnostic plain_error(std::string code, std::string message, std::string help = "");
[[nodiscard]] tl::unexpected<Diagnostics> fail(Diagnostic diagnostic);

// The name in `known` nearest to `name` by edit distance, "" when none is near enough to suggest.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       const std::vector<std::string>& known);

}  // namespace warmshell
