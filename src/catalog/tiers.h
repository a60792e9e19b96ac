#pragma once
// What the tiers of the catalogue mean, in one sentence.

#include <string_view>

namespace warmshell::catalog {

inline constexpr std::string_view tier_words =
    "Tiers, best first: T1 primary, T2 press or analyst, T3 vendor or blog, calc computed from "
    "others, brief the project's own brief (also written \"project brief\"), rule a convention of "
    "the model, GK general knowledge, unverified; of two, the weaker counts.";

}  // namespace warmshell::catalog
