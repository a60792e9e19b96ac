#include "text/explain.h"

#include <fmt/format.h>

#include <algorithm>

namespace warmshell::text {

std::vector<Explanation> all_explanations() {
  std::vector<Explanation> all;
  for (const auto area :
       {file_explanations(), text_explanations(), field_explanations(), model_explanations(),
        import_explanations(), study_explanations(), replay_explanations()})
    all.insert(all.end(), area.begin(), area.end());
  std::sort(all.begin(), all.end(),
            [](const Explanation& a, const Explanation& b) { return a.code < b.code; });
  return all;
}

const Explanation* find_explanation(std::string_view code) {
  for (const auto area :
       {file_explanations(), text_explanations(), field_explanations(), model_explanations(),
        import_explanations(), study_explanations(), replay_explanations()})
    for (const Explanation& each : area)
      if (each.code == code) return &each;
  return nullptr;
}

std::string explanation_text(const Explanation& explanation) {
  const auto indented = [](std::string_view text) {
    std::string out;
    while (!text.empty()) {
      const std::size_t newline = text.find('\n');
      out += fmt::format("    {}\n", text.substr(0, newline));
      text = newline == std::string_view::npos ? "" : text.substr(newline + 1);
    }
    return out;
  };
  std::string text =
      fmt::format("{}: {}\n\n{}\n", explanation.code, explanation.title, explanation.meaning);
  if (!explanation.wrong.empty())
    text += fmt::format("\nrefused:\n{}", indented(explanation.wrong));
  if (!explanation.right.empty())
    text += fmt::format("\ninstead:\n{}", indented(explanation.right));
  return text;
}

}  // namespace warmshell::text
