#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chinese.h"
#include "report/html_parts.h"
#include "report/words.h"

namespace warmshell::report {

using study::SimulateResult;

// ---- shared small parts

std::string page_begin(const std::string& version, const std::string& title) {
  return fmt::format(
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
             "<meta name=\"generator\" content=\"warmshell {}\"/>\n<title>{}</title>\n"
             "<style>{}</style>\n</head>\n<body>\n"
             "<input class=\"language\" type=\"radio\" name=\"language\" id=\"language-en\" "
             "checked=\"checked\" aria-label=\"English\"/>\n"
             "<input class=\"language\" type=\"radio\" name=\"language\" id=\"language-zh\" "
             "aria-label=\"中文\"/>\n",
             escape(version), escape(title), style_sheet()) +
         "<header>\n<div class=\"switch\"><label for=\"language-en\">English</label>"
         "<label for=\"language-zh\">中文</label></div>\n<h1>" +
         escape(title) + "</h1>\n";
}

std::string tile(const Words& name, const std::string& value, const std::string& under) {
  return fmt::format(
      "<div class=\"tile\"><span class=\"k\">{}</span><b>{}</b><span class=\"u\">{}</span></div>\n",
      both(name), value, under);
}

std::string legend(const std::vector<LegendEntry>& entries) {
  std::string out = "<ul class=\"legend\">";
  for (const LegendEntry& entry : entries)
    out += "<li>" + (entry.css.empty() ? "" : fmt::format("<i class=\"{}\"></i>", entry.css)) +
           both(entry.name) + "</li>";
  return out + "</ul>\n";
}

// A chart keeps its width where the screen is narrower, and scrolls inside its frame.
std::string figure(const std::string& chart, const std::string& below) {
  if (chart.empty()) return "<figure>\n" + below + "</figure>\n";
  return "<figure>\n<p class=\"swipe\">" +
         both({"← the chart scrolls sideways →", "← 图表可左右滑动 →"}) +
         "</p>\n<div class=\"chart\" tabindex=\"0\">\n" + chart + "</div>\n" + below +
         "</figure>\n";
}

std::string resolution_note(double resolution) {
  const std::string percent = fixed_text(100 * resolution, 2);
  return aside({"Quantiles are off by at most " + percent +
                    " % of themselves; what is the same on all paths is exact.",
                "分位数误差不超过自身的 " + percent + " %；所有路径相同的值是精确的。"});
}

std::string aside(const Words& words) {
  return "<p class=\"aside\">" + both(words) + "</p>\n";
}

std::string money_cell(double money, const std::string& currency) {
  return number_cell(money, money_text(money, currency));
}

std::string state_css(std::string_view state) {
  return "s-" + std::string(state);
}

namespace {

Axis money_axis(double low, double high, const std::string& currency) {
  const double size = std::max(std::abs(low), std::abs(high));
  Axis axis{std::min(low, 0.0), std::max(high, 0.0), 1, {currency, currency}};
  for (const auto& [divide, letter] : {std::pair{1e9, "B"}, {1e6, "M"}, {1e3, "k"}})
    if (size >= divide) {
      axis.divide = divide;
      axis.unit = {letter + currency, letter + currency};
      break;
    }
  return axis;
}

void reach(double& low, double& high, const std::vector<double>& values) {
  for (const double x : values) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
}

}  // namespace

SharedAxes shared_axes(const std::vector<View>& views) {
  SharedAxes axes;
  double held = 0, contracted = 0, live = 0, cash_low = 0, cash_high = 0, npv_low = 0, npv_high = 0;
  for (const View& view : views) {
    const SimulateResult& r = view.result;
    for (std::size_t month = 0; month < r.months.size(); ++month)
      held = std::max(held, r.ledger.ordered[month] - r.ledger.gone[month]);
    if (const auto found = r.megawatts.find("contracted"); found != r.megawatts.end())
      for (const double mw : found->second) contracted = std::max(contracted, mw);
    for (const study::Quarter& q : r.quarters)
      live = std::max({live, q.p90_gw, q.planned_gw.value_or(0)});
    reach(cash_low, cash_high, r.cumulative_cash.p10);
    reach(cash_low, cash_high, r.cumulative_cash.p90);
    for (const char* name : {"npv", "npv_without_terminal", "npv_by_chip_count", "npv_overstated"})
      if (const auto found = r.metrics.find(name); found != r.metrics.end()) {
        const study::Metric& m = found->second;
        reach(npv_low, npv_high, {m.mean, m.p10.value_or(m.mean), m.p90.value_or(m.mean)});
      }
    for (const study::Cure& cure : r.cures)
      axes.largest_cure = std::max(axes.largest_cure, cure.lost_margin);
  }
  const std::string& currency = views.front().result.currency;
  if (held >= 2e6)
    axes.accelerators = {0, held, 1e6, {"million accelerators", "百万张"}};
  else if (held >= 2e4)
    axes.accelerators = {0, held, 1e3, {"thousand accelerators", "千张"}};
  else
    axes.accelerators = {0, held, 1, {"accelerators", "张"}};
  axes.megawatts = {
      0, contracted, contracted >= 3000 ? 1e3 : 1,
      contracted >= 3000 ? Words{"GW, facility", "园区 GW"} : Words{"MW, facility", "园区 MW"}};
  axes.live_gw = {0, live, live >= 1 ? 1.0 : 1e-3,
                  live >= 1 ? Words{"GW, facility", "园区 GW"} : Words{"MW, facility", "园区 MW"}};
  axes.cash = money_axis(cash_low, cash_high, currency);
  axes.npv = money_axis(npv_low, npv_high, currency);
  if (axes.npv.low == axes.npv.high) axes.npv.high = axes.npv.low + axes.npv.divide;
  return axes;
}

namespace {

// ---- head

std::string range_of(double low, double high, const auto& text) {
  return "<span class=\"range\">P10 " + number_span(low, text(low)) +
         "</span> · <span class=\"range\">P90 " + number_span(high, text(high)) + "</span>";
}
std::string range_of(const study::Metric& m, const auto& text) {
  return m.p10 && m.p90 ? range_of(*m.p10, *m.p90, text) : "";
}

std::string key_figures(const View& view) {
  const SimulateResult& r = view.result;
  const Holding& all = view.figures.portfolio;
  std::string out = "<div class=\"tiles\">\n";
  if (all.held > 0)
    for (const Group group : {Group::earning, Group::dark, Group::idle, Group::waiting}) {
      const std::size_t g = static_cast<std::size_t>(group);
      const Words words = group_words(group);
      out += tile({"accelerators " + words.en + ", mean", words.zh + "的加速卡，均值"},
                  number_span(all.group[g], with_thousands(all.group[g], 0)),
                  both({"", "占持有的 "}) + number_span(all.share[g], percent_text(all.share[g])) +
                      both({" of those held", ""}));
    }
  if (!r.quarters.empty()) {
    const study::Quarter& last = r.quarters.back();
    const bool giga = last.p90_gw >= 1;
    const auto text = [&](double gw) {
      return giga ? with_thousands(gw, 1) + " GW" : with_thousands(gw * 1000, 0) + " MW";
    };
    out +=
        tile({"facility power ready for service by " + last.name + ", median",
              last.name + " 前可投运的园区功率，中位数"},
             number_span(last.p50_gw, text(last.p50_gw)), range_of(last.p10_gw, last.p90_gw, text));
  }
  for (const char* name :
       {"npv", "npv_without_terminal", "npv_by_chip_count", "npv_overstated", "peak_funding"})
    if (const auto found = r.metrics.find(name); found != r.metrics.end()) {
      const study::Metric& m = found->second;
      const double largest =
          std::max({std::abs(m.mean), std::abs(m.p10.value_or(0)), std::abs(m.p90.value_or(0))});
      const auto money = [&](double x) { return money_text_like(x, largest, r.currency); };
      const Words words = metric_words(name);
      out += tile({words.en + ", mean", words.zh + "，均值"}, number_span(m.mean, money(m.mean)),
                  range_of(m, money));
    }
  if (const auto found = r.metrics.find("irr"); found != r.metrics.end() && found->second.p50)
    out += tile({"IRR as energised, median", "内部收益率（按通电），中位数"},
                number_span(*found->second.p50, rate_text(*found->second.p50)),
                found->second.undefined_share
                    ? both({"no single IRR, left out: ", "无唯一解、未计入："}) +
                          number_span(*found->second.undefined_share,
                                      rate_text(*found->second.undefined_share))
                    : range_of(found->second, rate_text));
  return out + "</div>\n";
}

std::string scenario_chip(const SimulateResult& r) {
  return r.scenario.empty() ? "<span class=\"scenario\">" + both({"as written", "原样"}) + "</span>"
                            : "<span class=\"scenario\">" + escape(r.scenario) + "</span>";
}

std::string head_of(const View& view) {
  const SimulateResult& r = view.result;
  std::string out;
  if (!r.note.empty()) out += "<p class=\"note\">" + escape(r.note) + "</p>\n";
  if (!r.complete)
    out += "<p class=\"note bad\">" +
           both({fmt::format("Interrupted: {} of {} paths were run.", r.paths, r.paths_asked),
                 fmt::format("运行中断：完成 {} / {} 条路径。", r.paths, r.paths_asked)}) +
           "</p>\n";
  for (const auto& [name, passed] : r.checks)
    if (!passed)
      out += "<p class=\"note bad\">" +
             both({"A check fails: " + check_words(name).en + ".",
                   "校验不成立：" + check_words(name).zh + "。"}) +
             "</p>\n";
  out += "<p class=\"verdict\">" + both({first_sentence(r), first_sentence_chinese(r)}) + "</p>\n";
  return out + key_figures(view);
}

// Content of every view: alone, or under the name of its scenario in columns (or, wide, in rows).
std::string beside(const std::vector<View>& views, bool wide, const auto& content) {
  if (views.size() == 1) return content(views.front());
  std::string out = wide ? "<div>\n" : "<div class=\"pair\">\n";
  for (const View& view : views)
    out += "<div>" + scenario_chip(view.result) + "\n" + content(view) + "</div>\n";
  return out + "</div>\n";
}

constexpr std::size_t most_beside = 2;
constexpr double alone_width = 1110, beside_width = 540;

}  // namespace

std::string simulate_html(std::span<const SimulateResult> results,
                          std::span<const study::Difference> differences) {
  if (results.empty()) return "";

  // ---- what the page holds
  std::vector<View> views;
  for (const SimulateResult& result : results.first(std::min(results.size(), most_beside)))
    views.push_back({result, figures_of(result), results.size() == 1 ? alone_width : beside_width});
  const SharedAxes axes = shared_axes(views);
  std::vector<Section> sections;
  for (const auto& group : {sections_of_when(), sections_of_worth(), sections_of_support()})
    for (const Section& section : group) sections.push_back(section);

  // ---- head
  const SimulateResult& first = results.front();
  std::string page = page_begin(first.version, first.title);
  page += fmt::format("<div class=\"sub\">{}</div>\n",
                      both({fmt::format("{} to {} · {} paths, seed {}", first.months.front(),
                                        first.months.back(), first.paths, first.seed),
                            fmt::format("{} 至 {} · {} 条路径，种子 {}", first.months.front(),
                                        first.months.back(), first.paths, first.seed)}));
  if (views.size() == 1 && !first.scenario.empty()) page += scenario_chip(first) + "\n";
  page += beside(views, false, head_of);
  page += "</header>\n<main>\n<nav>";
  const Words scenarios{"Scenario by scenario", "逐个情景"};
  if (results.size() > 1) page += "<a href=\"#scenarios\">" + both(scenarios) + "</a> ";
  for (const Section& section : sections)
    page += fmt::format("<a href=\"#{}\">{}</a> ", section.id, both(section.title));
  page += "</nav>\n";

  // ---- sections
  if (results.size() > 1)
    page += "<section id=\"scenarios\">\n<h2>" + both(scenarios) + "</h2>\n" +
            scenarios_table(results) + differences_table(differences) + "</section>\n";
  for (const Section& section : sections) {
    page += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n", section.id, both(section.title));
    if (!section.lead.en.empty()) page += "<p class=\"lead\">" + both(section.lead) + "</p>\n";
    page +=
        beside(views, section.wide, [&](const View& view) { return section.content(view, axes); });
    page += "</section>\n";
  }
  page += "</main>\n<footer>" +
          both({"Every number here stands in the JSON of the same run; ticks of axes are round "
                "values.",
                "本页每个数字均见于同一次运行的 JSON；坐标刻度为整值。"}) +
          "</footer>\n</body>\n</html>\n";
  return page;
}

}  // namespace warmshell::report
