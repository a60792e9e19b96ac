#include <fmt/format.h>

#include "report/markup.h"
#include "report/replay.h"

namespace warmshell::report {

namespace {

std::string gpu_hours_text(double hours, int width, bool sign = false) {
  return fmt::format("{:>{}}", (sign && hours > 0 ? "+" : "") + with_thousands(hours, 1), width);
}

std::string where_it_went(const replay::ReplaySummary& s) {
  std::string text = fmt::format("{:28} {:>14} {:>8}\n", "GPU-hours", "", "share");
  for (const auto& part : s.parts)
    text += fmt::format("  {:26} {} {:7.2f}%\n", part.name, gpu_hours_text(part.gpu_hours, 14),
                        100 * part.share);
  return text + fmt::format("  {:26} {}\n", "all", gpu_hours_text(s.gpu_hours, 14));
}

std::string waits_table(const replay::ReplaySummary& s) {
  std::string text = fmt::format("{:20} {:>8} {:>12} {:>10} {:>10} {:>10}\n", "queue", "jobs",
                                 "wait p50 h", "p90", "p99", "longest");
  const auto row = [&](const std::string& name, const replay::WaitSummary& w) {
    text += fmt::format("{:20} {:8} {:12.2f} {:10.2f} {:10.2f} {:10.2f}\n", name, w.jobs, w.p50_h,
                        w.p90_h, w.p99_h, w.longest_h);
  };
  for (const auto& [name, waits] : s.waits) row(name, waits);
  row("all", s.all);
  return text;
}

std::string waterfall_text(const replay::Waterfall& waterfall) {
  std::string text =
      fmt::format("\nuseful GPU-hours by hour {:.1f}, policy by policy\n{:28} {:>14} {:>14}\n",
                  waterfall.by_h, "", "alone", "in turn");
  text += fmt::format("  {:26} {:>14} {}\n", "plain: fifo, first fit", "",
                      gpu_hours_text(waterfall.plain, 14));
  for (const replay::WaterfallStep& step : waterfall.steps)
    text += fmt::format("  {:26} {} {}\n", step.name, gpu_hours_text(step.alone, 14, true),
                        gpu_hours_text(step.in_turn, 14, true));
  return text +
         fmt::format("  {:26} {:>14} {}\n", "all of them", "", gpu_hours_text(waterfall.all, 14));
}

std::string marginal_text(const replay::MarginalValue& marginal) {
  if (marginal.facility_mw.at.empty())
    return "\nno cap holds at the site: one more MW is worth nothing\n";
  return fmt::format(
      "\none more MW at the meter: {} useful GPU-hours by hour {:.1f} (se {}; five runs {:.4g} MW "
      "apart)\none more per cent of oversubscription: {} (se {}; five runs 1 % apart)\n",
      with_thousands(marginal.facility_mw.per_unit, 0), marginal.by_h,
      with_thousands(marginal.facility_mw.se, 0), marginal.facility_mw.step,
      with_thousands(marginal.oversubscription.per_unit, 1),
      with_thousands(marginal.oversubscription.se, 1));
}

}  // namespace

std::string replay_text(const ReplayReport& report) {
  const replay::ReplaySummary& s = report.summary;
  std::string text =
      fmt::format("{}, {}: {} of {} jobs completed in {:.1f} h{}\n\n", report.cluster,
                  replay::policy_name(report.input.scheduling.placement), s.completed, s.jobs,
                  s.hours, report.complete ? "" : " (interrupted)");
  text += where_it_went(s);
  text += fmt::format(
      "\nuseful GPU-hours per MWh {:.2f}, per provisioned MW {}; {:.1f} MWh at the meter, cost {} "
      "{}\nover the cap for {:.1f} minutes, longest {:.1f} s\n\n",
      s.useful_per_mwh, with_thousands(s.useful_per_provisioned_mw, 1), s.energy_mwh,
      with_thousands(s.cost, 2), report.currency, s.excursion_minutes, s.longest_excursion_s);
  text += waits_table(s);
  if (report.waterfall) text += waterfall_text(*report.waterfall);
  if (report.marginal) text += marginal_text(*report.marginal);
  return text;
}

}  // namespace warmshell::report
