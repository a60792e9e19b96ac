#pragma once
// Names of a replay in both languages. Pure.

#include <string_view>

#include "report/markup.h"

namespace warmshell::report {

[[nodiscard]] Words part_words(std::string_view part);  // "gang_wait"
[[nodiscard]] std::string part_css(std::string_view part);
[[nodiscard]] Words step_words(std::string_view step);  // of the waterfall of policies
[[nodiscard]] Words queue_words(std::string_view queue);

}  // namespace warmshell::report
