#include "cli/verbs.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>

namespace warmshell::cli {

namespace {
constexpr int warnings_told = 3;
}

int report(const Diagnostics& diagnostics) {
  std::map<std::string, int> told;
  for (const Diagnostic& diagnostic : diagnostics)
    if (diagnostic.severity == Severity::error || ++told[diagnostic.code] <= warnings_told)
      fmt::print(stderr, "{}", render(diagnostic));
  for (const auto& [code, count] : told)
    if (count > warnings_told)
      fmt::print(stderr, "and {} more of {}; `warmshell check` tells all\n", count - warnings_told,
                 code);
  return has_errors(diagnostics) ? input_wrong : done;
}

int report_all(const Diagnostics& diagnostics) {
  fmt::print(stderr, "{}", render(diagnostics));
  return has_errors(diagnostics) ? input_wrong : done;
}

Result<text::SourcePtr> open_source(const std::string& path) {
  const std::filesystem::path file(path);
  const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
  return text::Folder::open(folder).and_then(
      [&](const text::Folder& opened) { return opened.load(file.filename().string()); });
}

}  // namespace warmshell::cli
