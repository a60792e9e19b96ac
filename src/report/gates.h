#pragma once
// `warmshell.gates/1` and the terminal table of the gates study. Pure.

#include <string>

#include "study/gates.h"

namespace warmshell::report {

[[nodiscard]] std::string gates_json(const study::GatesResult& result);
[[nodiscard]] std::string gates_text(const study::GatesResult& result);

}  // namespace warmshell::report
