#include <fmt/format.h>

#include <algorithm>

#include "report/charts_replay.h"
#include "report/html_parts.h"
#include "report/replay.h"
#include "report/replay_words.h"

namespace warmshell::report {

namespace {

constexpr double width = 1110;

std::string hours_text(double hours) {
  return with_thousands(hours, hours < 10 ? 2 : 1);
}
std::string gained(double gpu_hours) {
  return (gpu_hours > 0 ? "+" : "") + with_thousands(gpu_hours, 1);
}

// ---- head

std::string verdict(const replay::ReplaySummary& s) {
  const replay::ReplaySummary::Part* worst = nullptr;
  for (const auto& part : s.parts)
    if (part.name != "useful" && (worst == nullptr || part.gpu_hours > worst->gpu_hours))
      worst = &part;
  const replay::ReplaySummary::Part& useful = s.parts.front();
  std::string out = "<p class=\"verdict\">" + both({"", "GPU 时中 "}) +
                    number_span(useful.share, percent_text(useful.share)) +
                    both({" of the GPU-hours did useful work", " 做了有用功"});
  if (worst != nullptr && worst->gpu_hours > 0) {
    const Words name = part_words(worst->name);
    out += both({"; the largest loss is " + name.en + " with ",
                 "；最大的损失是" + name.zh + "，占 "}) +
           number_span(worst->share, percent_text(worst->share));
  }
  if (s.excursion_minutes > 0)
    out += both({". Power was over a cap for ", "。功率超过上限共 "}) +
           number_span(s.excursion_minutes, with_thousands(s.excursion_minutes, 1)) +
           both({" minutes in all.", " 分钟。"});
  else
    out += both({". Power was never over a cap.", "。功率从未超过上限。"});
  return out + "</p>\n";
}

std::string key_figures(const ReplayReport& report) {
  const replay::ReplaySummary& s = report.summary;
  std::string out = "<div class=\"tiles\">\n";
  out += tile({"useful GPU-hours", "有用 GPU 时"},
              number_span(s.parts.front().gpu_hours, with_thousands(s.parts.front().gpu_hours, 0)),
              both({"of ", "共 "}) + number_span(s.gpu_hours, with_thousands(s.gpu_hours, 0)));
  out += tile({"useful GPU-hours per MWh", "每 MWh 有用 GPU 时"},
              number_span(s.useful_per_mwh, with_thousands(s.useful_per_mwh, 1)),
              number_span(s.energy_mwh, with_thousands(s.energy_mwh, 1)) +
                  both({" MWh at the meter", " MWh（电表）"}));
  out +=
      tile({"useful GPU-hours per provisioned MW", "每配置 MW 有用 GPU 时"},
           number_span(s.useful_per_provisioned_mw, with_thousands(s.useful_per_provisioned_mw, 0)),
           number_span(s.provisioned_mw, fmt::format("{:.4g}", s.provisioned_mw)) +
               both({" MW at the meter", " MW（电表）"}));
  out += tile({"median wait, hours", "等待中位数，小时"},
              number_span(s.all.p50_h, hours_text(s.all.p50_h)),
              "P90 " + number_span(s.all.p90_h, hours_text(s.all.p90_h)) + " · P99 " +
                  number_span(s.all.p99_h, hours_text(s.all.p99_h)));
  out += tile({"jobs completed", "完成作业"},
              number_span(static_cast<double>(s.completed),
                          with_thousands(static_cast<double>(s.completed), 0)),
              both({"of ", "共 "}) + number_span(static_cast<double>(s.jobs),
                                                 with_thousands(static_cast<double>(s.jobs), 0)));
  if (report.marginal && !report.marginal->facility_mw.at.empty()) {
    const replay::Slope& slope = report.marginal->facility_mw;
    out += tile({"one more MW, useful GPU-hours", "多一兆瓦，有用 GPU 时"},
                number_span(slope.per_unit, with_thousands(slope.per_unit, 0)),
                "± " + number_span(slope.se, with_thousands(slope.se, 0)));
  }
  return out + "</div>\n";
}

// ---- over time

HourAxis hour_axis_of(const ReplayReport& report) {
  return {report.over_time->from_h, report.summary.hours};
}

std::string occupancy(const ReplayReport& report) {
  const replay::OverTime& time = *report.over_time;
  std::vector<Series> series;
  std::vector<LegendEntry> entries;
  std::vector<Table::Head> heads{{{"from hour", "起始小时"}, true}};
  const auto add = [&](const Words& name, const std::string& css, const std::vector<double>& gpus) {
    series.push_back({name, css, gpus});
    entries.push_back({name, css});
    heads.push_back({name, true});
  };
  for (std::size_t q = 0; q < time.busy.size(); ++q) {
    const Words name = queue_words(time.busy[q].name);
    add({"busy: " + name.en, "在忙：" + name.zh}, fmt::format("q{}", q), time.busy[q].gpus);
  }
  for (const replay::OverTime::Part& part : time.free) {
    const Words name = part_words(part.name);
    add({"free: " + name.en, "空闲：" + name.zh}, part_css(part.name), part.gpus);
  }
  Table table(heads);
  for (std::size_t s = 0; s < time.from_h.size(); ++s) {
    std::vector<std::string> cells{number_cell(time.from_h[s], hours_text(time.from_h[s]))};
    for (const Series& one : series)
      cells.push_back(number_cell(one.values[s], with_thousands(one.values[s], 1)));
    table.row(cells);
  }
  const double gpus = static_cast<double>(report.outcome.capacity_milli) / 1000;
  return figure(stacked_steps(width, {"GPUs over time", "GPU 随时间"}, hour_axis_of(report), series,
                              {0, gpus, 1, {"GPUs", "GPU 数"}}),
                legend(entries) + details({"The numbers", "数字"}, table.finish()));
}

std::string power(const ReplayReport& report) {
  const replay::OverTime& time = *report.over_time;
  PowerSteps steps{time.mean_kw, time.highest_kw, time.cap_kw, {}};
  for (const replay::Excursion& excursion : report.outcome.excursions)
    steps.over_at.push_back(static_cast<double>(excursion.begin_ms) / 3'600'000);
  double highest = 0;
  for (const double kw : time.highest_kw) highest = std::max(highest, kw);
  for (const auto& cap : time.cap_kw) highest = std::max(highest, cap.value_or(0));
  const bool mega = highest >= 10'000;
  Table table({{{"from hour", "起始小时"}, true},
               {{"mean kW", "平均 kW"}, true},
               {{"highest kW", "最高 kW"}, true},
               {{"lowest cap kW", "最低上限 kW"}, true}});
  for (std::size_t s = 0; s < time.from_h.size(); ++s)
    table.row({number_cell(time.from_h[s], hours_text(time.from_h[s])),
               number_cell(time.mean_kw[s], with_thousands(time.mean_kw[s], 2)),
               number_cell(time.highest_kw[s], with_thousands(time.highest_kw[s], 2)),
               time.cap_kw[s] ? number_cell(*time.cap_kw[s], with_thousands(*time.cap_kw[s], 2))
                              : empty_cell({"none", "无"})});
  std::string out =
      figure(power_against_cap(
                 width, {"Power against the cap", "功率与上限"}, hour_axis_of(report), steps,
                 {0, highest, mega ? 1000.0 : 1.0,
                  mega ? Words{"MW, facility", "园区 MW"} : Words{"kW, facility", "园区 kW"}}),
             legend({{{"mean power", "平均功率"}, "s-no_demand"},
                     {{"highest power", "最高功率"}, "highest"},
                     {{"cap of the site", "站点上限"}, "cap"},
                     {{"over a cap", "超过上限"}, "over"}}) +
                 details({"The numbers", "数字"}, table.finish()));

  // ---- excursions
  constexpr std::size_t most_rows = 200;
  const auto& excursions = report.outcome.excursions;
  if (excursions.empty()) return out + aside({"No excursion.", "没有超限。"});
  Table over({{{"over the cap of", "超限对象"}, false},
              {{"from second", "起始秒"}, true},
              {{"seconds", "秒"}, true},
              {{"worst kW over", "最大超出 kW"}, true}});
  for (std::size_t i = 0; i < std::min(most_rows, excursions.size()); ++i) {
    const replay::Excursion& e = excursions[i];
    const double from = static_cast<double>(e.begin_ms) / 1000,
                 seconds = static_cast<double>(e.end_ms - e.begin_ms) / 1000,
                 worst = static_cast<double>(e.worst_over) / 1e9;
    over.row({e.domain < 0
                  ? words_cell({"site", "站点"})
                  : text_cell(report.input.machine.rows[static_cast<std::size_t>(e.domain)].name),
              number_cell(from, with_thousands(from, 0)),
              number_cell(seconds, with_thousands(seconds, 1)),
              number_cell(worst, with_thousands(worst, 2))});
  }
  out += details({"Excursions", "超限记录"}, over.finish());
  if (excursions.size() > most_rows)
    out += aside({"Further excursions stand in the JSON.", "其余超限见 JSON。"});
  return out;
}

// ---- where it went

std::string where_it_went(const ReplayReport& report) {
  const replay::ReplaySummary& s = report.summary;
  std::vector<FallRow> rows{{{"all GPU-hours", "全部 GPU 时"},
                             "s-underused",
                             with_thousands(s.gpu_hours, 0),
                             0,
                             s.gpu_hours,
                             s.gpu_hours}};
  Table table({{{"", ""}, false}, {{"GPU-hours", "GPU 时"}, true}, {{"share", "占比"}, true}});
  double left = s.gpu_hours;
  const auto lost = [&](const replay::ReplaySummary::Part& part) {
    rows.push_back({part_words(part.name), part_css(part.name), with_thousands(part.gpu_hours, 0),
                    left, left - part.gpu_hours, part.gpu_hours});
    left -= part.gpu_hours;
  };
  for (std::size_t p = s.parts.size(); p-- > 1;) lost(s.parts[p]);
  const replay::ReplaySummary::Part& useful = s.parts.front();
  rows.push_back({part_words("useful"), part_css("useful"), with_thousands(useful.gpu_hours, 0), 0,
                  useful.gpu_hours, useful.gpu_hours});
  for (const auto& part : s.parts)
    table.row({words_cell(part_words(part.name)),
               number_cell(part.gpu_hours, with_thousands(part.gpu_hours, 1)),
               number_cell(part.share, rate_text(part.share))});
  table.row({words_cell({"all", "合计"}), number_cell(s.gpu_hours, with_thousands(s.gpu_hours, 1)),
             empty_cell()},
            "total");
  return figure(waterfall_bars(width, {"Where the GPU-hours went", "GPU 时去了哪里"}, rows),
                table.finish());
}

std::string policies(const ReplayReport& report) {
  const replay::Waterfall& w = *report.waterfall;
  const Words plain{"plain: first come, first fit, nameplate", "朴素：先到先得、首次适配、按铭牌"};
  const Words all{"all of them", "全部启用"};
  std::vector<FallRow> rows{
      {{"plain", "朴素"}, "s-underused", with_thousands(w.plain, 0), 0, w.plain, w.plain}};
  Table table({{{"", ""}, false},
               {{"alone, useful GPU-hours", "单独启用，有用 GPU 时"}, true},
               {{"in turn", "依次启用"}, true}});
  table.row({words_cell(plain), empty_cell(), number_cell(w.plain, with_thousands(w.plain, 1))});
  double reached = w.plain;
  for (const replay::WaterfallStep& step : w.steps) {
    rows.push_back({step_words(step.name), step.in_turn < 0 ? "s-no_power" : "s-earning",
                    gained(step.in_turn), reached, reached + step.in_turn, step.in_turn});
    reached += step.in_turn;
    table.row({words_cell(step_words(step.name)), number_cell(step.alone, gained(step.alone)),
               number_cell(step.in_turn, gained(step.in_turn))});
  }
  rows.push_back({all, "s-outclassed", with_thousands(w.all, 0), 0, w.all, w.all});
  table.row({words_cell(all), empty_cell(), number_cell(w.all, with_thousands(w.all, 1))}, "total");
  return figure(waterfall_bars(width, {"What each policy gains", "每项策略的增益"}, rows),
                table.finish());
}

std::string marginal(const ReplayReport& report) {
  const replay::MarginalValue& m = *report.marginal;
  if (m.facility_mw.at.empty())
    return aside({"No cap holds at the site: one more MW is worth nothing.",
                  "站点没有上限：多一兆瓦一文不值。"});
  Table table({{{"one more", "增加"}, false},
               {{"useful GPU-hours", "有用 GPU 时"}, true},
               {{"standard error", "标准误"}, true},
               {{"step of the five runs", "五次运行的步长"}, true}});
  const auto row = [&](const Words& name, const replay::Slope& slope) {
    table.row({words_cell(name), number_cell(slope.per_unit, with_thousands(slope.per_unit, 1)),
               number_cell(slope.se, with_thousands(slope.se, 1)),
               number_cell(slope.step, fmt::format("{:.4g}", slope.step))});
  };
  row({"MW of the cap at the meter", "电表处上限 MW"}, m.facility_mw);
  row({"per cent of oversubscription", "超额准入百分点"}, m.oversubscription);
  Table runs({{{"run", "运行"}, false},
              {{"changed by", "变化量"}, true},
              {{"useful GPU-hours", "有用 GPU 时"}, true}});
  const auto add = [&](const Words& name, const replay::Slope& slope) {
    for (std::size_t i = 0; i < slope.at.size(); ++i)
      runs.row(
          {words_cell(name), number_cell(slope.at[i], fmt::format("{:.4g}", slope.at[i])),
           number_cell(slope.useful_gpu_hours[i], with_thousands(slope.useful_gpu_hours[i], 1))});
  };
  add({"cap, MW", "上限 MW"}, m.facility_mw);
  add({"oversubscription, %", "超额准入 %"}, m.oversubscription);
  return table.finish() + details({"The runs", "各次运行"}, runs.finish());
}

// ---- waits

std::string waits(const ReplayReport& report) {
  const replay::ReplaySummary& s = report.summary;
  std::vector<WaitRow> rows;
  Table table({{{"queue", "队列"}, false},
               {{"jobs", "作业"}, true},
               {{"wait P50, h", "等待 P50，小时"}, true},
               {{"P90", "P90"}, true},
               {{"P99", "P99"}, true},
               {{"longest", "最长"}, true},
               {{"completion P50, h", "完成 P50，小时"}, true},
               {{"P90", "P90"}, true}});
  const auto add = [&](const std::string& name, const replay::WaitSummary& w,
                       std::string_view row_class) {
    const double jobs = static_cast<double>(w.jobs);
    std::vector<std::string> cells{
        row_class.empty() ? text_cell(name) : words_cell({"all", "合计"}),
        number_cell(jobs, with_thousands(jobs, 0))};
    for (const double hours :
         {w.p50_h, w.p90_h, w.p99_h, w.longest_h, w.completion_p50_h, w.completion_p90_h})
      cells.push_back(number_cell(hours, hours_text(hours)));
    table.row(cells, row_class);
  };
  constexpr std::size_t most_bars = 30;
  for (const auto& [name, w] : s.waits) {
    if (rows.size() < most_bars) rows.push_back({name, w.p50_h, w.p90_h, w.p99_h});
    add(name, w, "");
  }
  add("all", s.all, "total");
  return figure(wait_bars(width, {"Waits by queue", "各队列等待"}, rows),
                legend({{{"to the median", "至中位数"}, "s-failed"},
                        {{"to P90", "至 P90"}, "s-outclassed"},
                        {{"to P99", "至 P99"}, "s-underused"}}) +
                    table.finish());
}

std::string overlay(const ReplayReport& report) {
  const replay::ReplayFactors& f = *report.factors;
  Table table({{{"accelerator", "加速卡"}, false},
               {{"market", "市场"}, false},
               {{"provisioned power", "配置功率"}, true},
               {{"throughput when busy", "在忙时吞吐"}, true},
               {{"busy share", "在忙占比"}, true},
               {{"busy GPU-hours", "在忙 GPU 时"}, true},
               {{"plainly", "朴素运行"}, true}});
  const auto row = [&](const std::string& accelerator, const std::string& market,
                       const replay::WorkFactors& work) {
    table.row({code_cell(accelerator),
               market.empty() ? words_cell({"any", "任意"}) : text_cell(market),
               number_cell(f.provisioned, rate_text(f.provisioned)),
               number_cell(work.throughput, rate_text(work.throughput)),
               number_cell(work.busy, rate_text(work.busy)),
               number_cell(work.as_run.busy, with_thousands(work.as_run.busy, 1)),
               number_cell(work.plain.busy, with_thousands(work.plain.busy, 1))});
  };
  for (const replay::AcceleratorFactors& each : f.accelerators) {
    row(each.accelerator, "", each.all);
    for (const auto& [market, work] : each.markets) row(each.accelerator, market, work);
  }
  std::string out = table.finish();
  if (!report.equivalent) return out;
  const study::EquivalentMw& e = *report.equivalent;
  out += "<p class=\"note\">" + both({equivalent_sentence(e), equivalent_sentence_chinese(e)}) +
         "</p>\n";
  Table tried({{{"MW more at the meter", "电表处增加 MW"}, true},
               {{"NPV gained", "净现值增加"}, true},
               {{"standard error", "标准误"}, true}});
  const auto gain = [&](const std::string& first, const study::Gain& g,
                        std::string_view row_class) {
    tried.row({first, money_cell(g.mean, e.currency), money_cell(g.se, e.currency)}, row_class);
  };
  for (const study::EquivalentTry& each : e.tried)
    gain(number_cell(each.mw, with_thousands(each.mw, 3)), each.gain, "");
  gain(number_cell(e.most.mw, with_thousands(e.most.mw, 1)), e.most.gain, "");
  gain(words_cell({"the overlay", "叠加"}), e.overlay, "total");
  return out + details({"The search", "搜索过程"}, tried.finish());
}

std::string checks(const ReplayReport& report) {
  Table table({{{"", ""}, false}, {{"", ""}, false}});
  const auto row = [&](const Words& name, bool holds) {
    table.row({words_cell(name),
               std::string("<td class=\"") + (holds ? "ok" : "fail") + "\">" +
                   both(holds ? Words{"holds", "成立"} : Words{"fails", "不成立"}) + "</td>"});
  };
  row({"the parts of GPU time add up to capacity x time", "GPU 时各部分之和等于容量乘时间"},
      report.summary.gpu_time_conserved);
  row({"every job is completed, running, waiting, refused or not yet submitted",
       "每个作业恰为完成、运行、等待、拒绝或未提交之一"},
      report.summary.jobs_conserved);
  return table.finish();
}

std::string manifest(const ReplayReport& report) {
  Table table({{{"", ""}, false}, {{"", ""}, false}});
  const auto row = [&](const Words& name, const std::string& value) {
    table.row({words_cell(name), code_cell(value)});
  };
  row({"version", "版本"}, "warmshell " + report.version);
  row({"inputs, SHA-256", "输入 SHA-256"}, report.inputs_sha256);
  row({"placement", "放置"}, std::string(policy_name(report.input.scheduling.placement)));
  row({"seed", "种子"}, fmt::format("{}", report.input.scheduling.seed));
  row({"rows passed over", "略过的行"}, fmt::format("{}", report.rows_passed_over));
  row({"status", "状态"}, report.complete ? "complete" : "interrupted");
  return table.finish();
}

struct Part {
  std::string id;
  Words title, lead;
  std::string content;
};

std::vector<Part> parts_of(const ReplayReport& report) {
  std::vector<Part> parts;
  if (report.over_time && !report.over_time->from_h.empty()) {
    parts.push_back({"occupancy",
                     {"Occupancy", "占用"},
                     {"Busy GPUs by queue; above them the free ones, by why they are free.",
                      "按队列的在忙 GPU；其上为空闲 GPU，按原因。"},
                     occupancy(report)});
    parts.push_back(
        {"power",
         {"Power against the cap", "功率与上限"},
         {"At the meter. A cap that falls is a curtailment.", "电表处。上限下降即限电。"},
         power(report)});
  }
  parts.push_back({"gpu-hours",
                   {"Where the GPU-hours went", "GPU 时去了哪里"},
                   {"Capacity times time, less what was lost to each reason; they add up exactly.",
                    "容量乘时间，减去每种原因的损失；合计严格闭合。"},
                   where_it_went(report)});
  if (report.waterfall)
    parts.push_back(
        {"policies",
         {"What each policy gains", "每项策略的增益"},
         {fmt::format("Useful GPU-hours by hour {:.1f}, from runs of the same jobs: each policy "
                      "switched on alone, and in turn.",
                      report.waterfall->by_h),
          fmt::format("到第 {:.1f} 小时为止的有用 GPU 时，同样的作业重跑：逐项单独启用与依次启用。",
                      report.waterfall->by_h)},
         policies(report)});
  if (report.marginal)
    parts.push_back(
        {"marginal",
         {"What one more MW is worth", "多一兆瓦值多少"},
         {fmt::format("Useful GPU-hours by hour {:.1f}: the line of least squares through five "
                      "runs around where things stand.",
                      report.marginal->by_h),
          fmt::format("到第 {:.1f} 小时为止的有用 GPU 时：在现状附近五次运行的最小二乘直线。",
                      report.marginal->by_h)},
         marginal(report)});
  if (report.factors)
    parts.push_back(
        {"overlay",
         {"Megawatts that need not be built", "不必新建的兆瓦"},
         {"Factors against the same jobs run plainly, every GPU at its nameplate and no cap; an "
          "overlay takes them to a portfolio.",
          "与朴素运行相比的因子（每个 GPU 按铭牌、无上限）；叠加文件把它们带入组合。"},
         overlay(report)});
  parts.push_back({"waits", {"Waits by queue", "各队列等待"}, {}, waits(report)});
  parts.push_back({"checks", {"Checks", "校验"}, {}, checks(report)});
  parts.push_back({"manifest", {"Manifest", "清单"}, {}, manifest(report)});
  return parts;
}

}  // namespace

std::string replay_html(const ReplayReport& report) {
  const replay::ReplaySummary& s = report.summary;
  std::string page = page_begin(report.version, report.cluster);
  page += "<div class=\"sub\">" + both({"Jobs replayed on the cluster, ", "在集群上重放作业，"}) +
          number_span(s.hours, hours_text(s.hours)) + both({" hours", " 小时"}) + "</div>\n";
  if (!report.complete)
    page +=
        "<p class=\"note bad\">" +
        both({"Interrupted: this is the run up to there.", "运行中断：以下为截至该处的结果。"}) +
        "</p>\n";
  page += verdict(s) + key_figures(report) + "</header>\n<main>\n<nav>";
  const std::vector<Part> parts = parts_of(report);
  for (const Part& part : parts)
    page += fmt::format("<a href=\"#{}\">{}</a> ", part.id, both(part.title));
  page += "</nav>\n";
  for (const Part& part : parts) {
    page += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n", part.id, both(part.title));
    if (!part.lead.en.empty()) page += "<p class=\"lead\">" + both(part.lead) + "</p>\n";
    page += part.content + "</section>\n";
  }
  return page + "</main>\n<footer>" +
         both({"Every number here stands in the JSON of the same run; ticks of axes are round "
               "values.",
               "本页每个数字均见于同一次运行的 JSON；坐标刻度为整值。"}) +
         "</footer>\n</body>\n</html>\n";
}

}  // namespace warmshell::report
