#pragma once
// The story of one path: when its gates opened, where its accelerators stood, what bound, its cash.
// The result of a run of that path alone. Pure.

#include <cstdint>
#include <string>

#include "study/result.h"

namespace warmshell::report {

[[nodiscard]] std::string path_story(const study::SimulateResult& result, std::int64_t path);

}  // namespace warmshell::report
