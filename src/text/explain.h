#pragma once
// What stands behind a diagnostic code: `warmshell explain WS0123`. One entry for every code used
// anywhere in the sources (a test looks for them). Entries live in explain_<area>.cc.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace warmshell::text {

struct Explanation {
  std::string_view code;     // "WS0123"
  std::string_view title;    // one line
  std::string_view meaning;  // why it is refused
  std::string_view wrong;    // an example, as written
  std::string_view right;    // the same, mended
};

// By area, in order of code.
[[nodiscard]] std::span<const Explanation> file_explanations();    // WS00
[[nodiscard]] std::span<const Explanation> text_explanations();    // WS01
[[nodiscard]] std::span<const Explanation> field_explanations();   // WS02
[[nodiscard]] std::span<const Explanation> model_explanations();   // WS03
[[nodiscard]] std::span<const Explanation> import_explanations();  // WS04
[[nodiscard]] std::span<const Explanation> study_explanations();   // WS05
[[nodiscard]] std::span<const Explanation> replay_explanations();  // WS06

[[nodiscard]] std::vector<Explanation> all_explanations();                   // by code
[[nodiscard]] const Explanation* find_explanation(std::string_view code);    // nullptr: unknown
[[nodiscard]] std::string explanation_text(const Explanation& explanation);  // for the terminal

}  // namespace warmshell::text
