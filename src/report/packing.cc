#include "report/packing.h"

#include <fmt/format.h>

#include "text/json_writer.h"

namespace warmshell::report {

std::string packing_json(const std::string& policy, std::int64_t seed,
                         const replay::packing::Outcome& outcome) {
  std::string out;
  text::JsonWriter json(out);
  json.begin_object()
      .field("format", "warmshell.replay/1")
      .field("protocol", "packing")
      .field("policy", policy)
      .field("seed", seed);
  json.field("placed", outcome.placed)
      .field("dropped", outcome.dropped)
      .field("gpu_used_milli", outcome.gpu_used_milli);
  json.field("gpu_capacity_milli", outcome.gpu_capacity_milli).key("gpu_allocation").begin_array();
  for (const replay::packing::CurvePoint& point : outcome.gpu_allocation)
    json.begin_object()
        .field("arrived_pct", point.arrived_pct)
        .field("allocated_pct", point.allocated_pct)
        .end_object();
  json.end_array().end_object();
  return out + "\n";
}

std::string packing_text(const std::string& policy, const replay::packing::Outcome& outcome) {
  return fmt::format("{}: {} of {} pods placed, {} dropped; {:.2f} % of GPU capacity in use\n",
                     policy, outcome.placed, outcome.placed + outcome.dropped, outcome.dropped,
                     100.0 * static_cast<double>(outcome.gpu_used_milli) /
                         static_cast<double>(outcome.gpu_capacity_milli));
}

std::string trace_check_json(const TraceCheck& check) {
  std::string out;
  text::JsonWriter json(out);
  json.begin_object().field("format", "warmshell.trace-check/1");
  json.field("rows", check.rows).field("passed_by", check.passed_by);
  json.field("problems", check.problems).field("ids_checked", check.ids_checked).end_object();
  return out + "\n";
}

std::string trace_check_text(const TraceCheck& check) {
  return fmt::format("{} rows read, {} of them no jobs to replay, {} problems\n", check.rows,
                     check.passed_by, check.problems);
}

}  // namespace warmshell::report
