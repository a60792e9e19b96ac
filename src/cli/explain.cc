#include "text/explain.h"

#include <fmt/format.h>

#include <memory>

#include "cli/verbs.h"

namespace warmshell::cli {

Verb add_explain(CLI::App& app) {
  auto code = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "explain", "What a diagnostic means and how to mend it; without CODE, all of them");
  command->add_option("CODE", *code, "as printed: WS0201");
  return {command, [code] {
            if (code->empty()) {
              for (const text::Explanation& one : text::all_explanations())
                fmt::print("{}  {}\n", one.code, one.title);
              return static_cast<int>(done);
            }
            const text::Explanation* found = text::find_explanation(*code);
            if (found == nullptr)
              return report(
                  {plain_error("WS0010", fmt::format("no diagnostic has the code `{}`", *code),
                               "`warmshell explain` lists them")});
            fmt::print("{}", text::explanation_text(*found));
            return static_cast<int>(done);
          }};
}

}  // namespace warmshell::cli
