#pragma once
// First portfolios to edit: `warmshell init --template NAME`.

#include <string_view>
#include <vector>

namespace warmshell::model {

struct Template {
  struct File {
    std::string_view name, text;
  };
  std::string_view name, about;
  std::vector<File> files;  // the first is portfolio.yaml
};
[[nodiscard]] const std::vector<Template>& templates();

}  // namespace warmshell::model
