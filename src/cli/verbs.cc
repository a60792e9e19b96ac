#include "cli/verbs.h"

#include <fmt/format.h>

#include <filesystem>

namespace warmshell::cli {

int report(const Diagnostics& diagnostics) {
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
