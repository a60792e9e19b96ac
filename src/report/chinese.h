#pragma once
// The names of the glossary in both languages, and the first sentence in Chinese. Pure.

#include <string>
#include <string_view>

#include "report/figures.h"
#include "report/markup.h"

namespace warmshell::report {

[[nodiscard]] Words state_words(std::string_view state);
[[nodiscard]] Words group_words(Group group);
[[nodiscard]] Words stage_words(int stage);
[[nodiscard]] Words megawatt_words(std::string_view name);  // R22
[[nodiscard]] Words metric_words(std::string_view name);
[[nodiscard]] Words check_words(std::string_view name);

// A gate to cure, or what stands for one where no gate is left.
[[nodiscard]] Words cure_words(const std::string& gate);

// first_sentence, said in Chinese: the same case, numbers and names.
[[nodiscard]] std::string first_sentence_chinese(const study::SimulateResult& result);

}  // namespace warmshell::report
