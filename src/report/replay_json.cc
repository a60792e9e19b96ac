#include "report/replay.h"
#include "report/words.h"
#include "text/json_writer.h"

namespace warmshell::report {

namespace {

using text::JsonWriter;

void write_slope(JsonWriter& json, const replay::Slope& slope, std::string_view unit) {
  json.begin_object().field("value", slope.per_unit).field("se", slope.se).field("unit", unit);
  json.field("step", slope.step).field("at", slope.at);
  json.field("useful_gpu_hours", slope.useful_gpu_hours).end_object();
}

void write_marginal(JsonWriter& json, const replay::MarginalValue& marginal) {
  json.key("marginal").begin_object().field("by_hours", marginal.by_h);
  json.field("useful_gpu_hours", marginal.useful_gpu_hours);
  json.key("facility_mw");
  write_slope(json, marginal.facility_mw, "GPU-hours/MW_facility");
  json.key("oversubscription");
  write_slope(json, marginal.oversubscription, "GPU-hours/percent of the cap");
  json.end_object();
}

void write_waterfall(JsonWriter& json, const replay::Waterfall& waterfall) {
  json.key("waterfall").begin_object().field("by_hours", waterfall.by_h);
  json.field("unit", "useful GPU-hours").field("plain", waterfall.plain);
  json.key("steps").begin_array();
  for (const replay::WaterfallStep& step : waterfall.steps)
    json.begin_object()
        .field("name", step.name)
        .field("alone", step.alone)
        .field("in_turn", step.in_turn)
        .end_object();
  json.end_array().field("all", waterfall.all).end_object();
}

void write_over_time(JsonWriter& json, const replay::OverTime& time) {
  const auto parts = [&](std::string_view name, const std::vector<replay::OverTime::Part>& of) {
    json.key(name).begin_array();
    for (const replay::OverTime::Part& part : of)
      json.begin_object().field("name", part.name).field("gpus", part.gpus).end_object();
    json.end_array();
  };
  json.key("over_time").begin_object().field("span_hours", time.span_h);
  json.field("from_hours", time.from_h);
  parts("busy", time.busy);
  parts("free", time.free);
  json.field("mean_facility_kw", time.mean_kw).field("highest_facility_kw", time.highest_kw);
  json.key("cap_facility_kw").begin_flat_array();
  for (const std::optional<double>& cap : time.cap_kw) cap ? json.value(*cap) : json.null();
  json.end_array().end_object();
}

void write_work(JsonWriter& json, const replay::WorkFactors& work) {
  const auto hours = [&](std::string_view name, const replay::WorkHours& of) {
    json.key(name).begin_object().field("busy_gpu_hours", of.busy);
    json.field("useful_gpu_hours", of.useful).end_object();
  };
  json.field("throughput", work.throughput).field("busy", work.busy);
  hours("as_run", work.as_run);
  hours("plain", work.plain);
}

void write_factors(JsonWriter& json, const replay::ReplayFactors& factors) {
  json.key("factors").begin_object().field("by_hours", factors.by_h);
  json.field("nameplate_mw_facility", factors.nameplate_mw);
  json.field("provisioned_mw_facility", factors.provisioned_mw);
  json.key("accelerators").begin_object();
  for (const replay::AcceleratorFactors& each : factors.accelerators) {
    json.key(each.accelerator).begin_object().field("provisioned", factors.provisioned);
    write_work(json, each.all);
    json.key("markets").begin_object();
    for (const auto& [market, work] : each.markets) {
      json.key(market).begin_object();
      write_work(json, work);
      json.end_object();
    }
    json.end_object().end_object();
  }
  json.end_object().end_object();
}

void write_equivalent(JsonWriter& json, const study::EquivalentMw& answer) {
  const auto number_or_null = [&](std::string_view name, const std::optional<double>& number) {
    json.key(name);
    number ? json.value(*number) : json.null();
  };
  const auto gain = [&](std::string_view name, const study::Gain& of) {
    json.key(name).begin_object().field("mean", of.mean).field("se", of.se).end_object();
  };
  json.key("equivalent_mw").begin_object().field("portfolio", answer.portfolio);
  json.field("scenario", answer.scenario).field("site", answer.site);
  json.field("binds", binds_case_name(answer.binds)).field("seed", answer.seed);
  json.field("paths", answer.paths).field("complete", answer.complete);
  json.field("case", equivalent_case_name(answer.found));
  json.field("sentence", equivalent_sentence(answer));
  number_or_null("mw_facility", answer.mw);
  number_or_null("se", answer.se);
  json.field("tolerance_mw", answer.tolerance_mw).field("currency", answer.currency);
  json.field("energy_price_per_mwh", answer.energy_price);
  gain("npv_gain_of_overlay", answer.overlay);
  const auto tried = [&](const study::EquivalentTry& each) {
    json.begin_object().field("mw_facility", each.mw);
    gain("npv_gain", each.gain);
    json.end_object();
  };
  json.key("power_for_all");
  tried(answer.most);
  json.key("tried").begin_array();
  for (const study::EquivalentTry& each : answer.tried) tried(each);
  json.end_array().end_object();
}

}  // namespace

std::string replay_json(const ReplayReport& report) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("format", "warmshell.replay/1").field("version", report.version);
  json.field("cluster", report.cluster).field("inputs_sha256", report.inputs_sha256);
  json.field("status", report.complete ? "complete" : "interrupted");
  json.field("rows_passed_over", report.rows_passed_over);
  replay::write_replay_json(json, report.input, report.outcome, report.summary);
  if (report.marginal) write_marginal(json, *report.marginal);
  if (report.waterfall) write_waterfall(json, *report.waterfall);
  if (report.over_time) write_over_time(json, *report.over_time);
  if (report.factors) write_factors(json, *report.factors);
  if (report.equivalent) write_equivalent(json, *report.equivalent);
  json.end_object();
  return out + "\n";
}

}  // namespace warmshell::report
