#include "report/gates.h"

#include <fmt/format.h>

#include "text/json_writer.h"

namespace warmshell::report {

namespace {

void write_quantiles(text::JsonWriter& json, const study::GateQuantiles& q) {
  const auto write = [&](std::string_view name, const std::optional<std::string>& date) {
    json.key(name);
    date ? json.value(*date) : json.null();
  };
  write("p10", q.p10);
  write("p50", q.p50);
  write("p90", q.p90);
}

}  // namespace

std::string gates_json(const study::GatesResult& result) {
  std::string out;
  text::JsonWriter json(out);
  json.begin_object()
      .field("format", "warmshell.gates/1")
      .field("portfolio", result.title)
      .field("scenario", result.scenario);
  json.field("inputs_sha256", result.inputs_sha256)
      .field("seed", result.seed)
      .field("paths", result.paths)
      .field("at", result.at);
  json.field("it_mw", result.total.it_mw)
      .field("facility_mw", result.total.facility_mw)
      .key("sites")
      .begin_object();
  for (const study::EnergisedSite& site : result.sites)
    json.key(site.site)
        .begin_object()
        .field("it_mw", site.it_mw)
        .field("facility_mw", site.facility_mw)
        .end_object();
  json.end_object().key("gates").begin_array();
  for (const study::GateRow& gate : result.gates) {
    json.begin_object().field("id", gate.id);
    write_quantiles(json, gate.unconditional);
    json.field("never", gate.never).key("given").begin_object();
    write_quantiles(json, gate.given);
    json.end_object().field("megawatts", gate.megawatts).field("unit", gate.unit).end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

std::string gates_text(const study::GatesResult& result) {
  std::string text = fmt::format(
      "Ready for service at {} (halls warm, as far as power is energised), nameplate, mean over {} "
      "paths: {:.1f} MW IT, {:.1f} MW facility\n\n{:40} {:>12} {:>12}\n",
      result.at, result.paths, result.total.it_mw, result.total.facility_mw, "site", "MW_it",
      "MW_facility");
  for (const study::EnergisedSite& site : result.sites)
    text += fmt::format("{:40} {:12.1f} {:12.1f}\n", site.site, site.it_mw, site.facility_mw);
  text += fmt::format("\n{:62} {:>10} {:>10} {:>10} {:>7}\n", "gate", "p10", "p50", "p90", "never");
  for (const study::GateRow& gate : result.gates)
    text += fmt::format("{:62} {:>10} {:>10} {:>10} {:6.1f}%\n", gate.id,
                        gate.unconditional.p10.value_or("never"),
                        gate.unconditional.p50.value_or("never"),
                        gate.unconditional.p90.value_or("never"), gate.never * 100);
  return text;
}

}  // namespace warmshell::report
