#pragma once
// What the published packing protocol and a check of a trace say: JSON and one line of text. Pure.

#include <cstdint>
#include <string>

#include "replay/packing/experiment.h"

namespace warmshell::report {

// `warmshell.replay/1` with `protocol: packing`.
[[nodiscard]] std::string packing_json(const std::string& policy, std::int64_t seed,
                                       const replay::packing::Outcome& outcome);
[[nodiscard]] std::string packing_text(const std::string& policy,
                                       const replay::packing::Outcome& outcome);

struct TraceCheck {
  std::int64_t rows = 0, passed_by = 0, problems = 0;
  bool ids_checked = true;
};
[[nodiscard]] std::string trace_check_json(const TraceCheck& check);  // `warmshell.trace-check/1`
[[nodiscard]] std::string trace_check_text(const TraceCheck& check);

}  // namespace warmshell::report
