#include <fmt/format.h>

#include "report/markup.h"
#include "report/replay.h"
#include "report/words.h"

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

std::string factors_text(const replay::ReplayFactors& factors) {
  std::string text = fmt::format(
      "\nagainst the same jobs run plainly, every GPU at its nameplate, by hour {:.1f}\n{:40} "
      "{:>12} {:>12} {:>12}\n",
      factors.by_h, "", "provisioned", "throughput", "busy");
  const auto row = [&](const std::string& name, const replay::WorkFactors& work) {
    text += fmt::format("  {:38} {:>12} {:>12} {:>12}\n", name, rate_text(factors.provisioned),
                        rate_text(work.throughput), rate_text(work.busy));
  };
  for (const replay::AcceleratorFactors& each : factors.accelerators) {
    row(each.accelerator, each.all);
    for (const auto& [market, work] : each.markets) row(each.accelerator + " in " + market, work);
  }
  return text;
}

}  // namespace

std::string equivalent_sentence(const study::EquivalentMw& answer) {
  const auto money = [&](const study::Gain& gain) {
    return fmt::format("{} (se {})", money_text(gain.mean, answer.currency),
                       money_text(gain.se, answer.currency));
  };
  if (!answer.complete) return "Interrupted before an equivalent was found.";
  switch (answer.found) {
    case study::EquivalentCase::equivalent:
      return fmt::format(
          "{}: the overlay gains {} of NPV, as {:.2f} MW more of firm power at {} from the start "
          "would (se {:.2f} MW, search to {:.2g} MW, {} paths).",
          answer.portfolio, money(answer.overlay), *answer.mw, answer.site, answer.se.value_or(0),
          answer.tolerance_mw, answer.paths);
    case study::EquivalentCase::worth_nothing:
      return fmt::format(
          "{}: another MW at {} is worth nothing: power for everything there, {:.1f} MW more, "
          "gains {}; the overlay gains {}.",
          answer.portfolio, answer.site, answer.most.mw, money(answer.most.gain),
          money(answer.overlay));
    case study::EquivalentCase::more_than_any:
      return fmt::format(
          "{}: the overlay gains {} of NPV, more than any number of MW at {}: power for "
          "everything there, {:.1f} MW more, gains {}.",
          answer.portfolio, money(answer.overlay), answer.site, answer.most.mw,
          money(answer.most.gain));
    case study::EquivalentCase::no_gain:
      return fmt::format("{}: the overlay gains nothing that could be told from zero: {}.",
                         answer.portfolio, money(answer.overlay));
  }
  return "";
}

std::string equivalent_sentence_chinese(const study::EquivalentMw& answer) {
  const auto money = [&](const study::Gain& gain) {
    return fmt::format("{}（标准误 {}）", money_text(gain.mean, answer.currency),
                       money_text(gain.se, answer.currency));
  };
  if (!answer.complete) return "找到等效兆瓦之前被中断。";
  switch (answer.found) {
    case study::EquivalentCase::equivalent:
      return fmt::format(
          "{}：叠加使净现值增加 {}，相当于从开始起在 {} 增加 {:.2f} MW 可靠功率（标准误 {:.2f} "
          "MW，搜索精度 {:.2g} MW，{} 条路径）。",
          answer.portfolio, money(answer.overlay), answer.site, *answer.mw, answer.se.value_or(0),
          answer.tolerance_mw, answer.paths);
    case study::EquivalentCase::worth_nothing:
      return fmt::format(
          "{}：{} 再多一兆瓦也一文不值：给那里的全部加速卡供电（多 {:.1f} MW）增加 {}；叠加增加 "
          "{}。",
          answer.portfolio, answer.site, answer.most.mw, money(answer.most.gain),
          money(answer.overlay));
    case study::EquivalentCase::more_than_any:
      return fmt::format(
          "{}：叠加使净现值增加 {}，超过在 {} 增加任何兆瓦：给那里的全部加速卡供电（多 {:.1f} "
          "MW）增加 {}。",
          answer.portfolio, money(answer.overlay), answer.site, answer.most.mw,
          money(answer.most.gain));
    case study::EquivalentCase::no_gain:
      return fmt::format("{}：叠加没有可与零区分的增益：{}。", answer.portfolio,
                         money(answer.overlay));
  }
  return "";
}

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
  if (report.factors) text += factors_text(*report.factors);
  if (report.equivalent) text += "\n" + equivalent_sentence(*report.equivalent) + "\n";
  return text;
}

}  // namespace warmshell::report
