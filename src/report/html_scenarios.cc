// Scenario by scenario: how the cause changes from one to the next. One table over all results.

#include <fmt/format.h>

#include <algorithm>

#include "report/chinese.h"
#include "report/html_parts.h"
#include "report/words.h"

namespace warmshell::report {

using study::SimulateResult;

namespace {

std::string metric_cell(const SimulateResult& r, const std::string& name, const auto& text) {
  const auto found = r.metrics.find(name);
  return found == r.metrics.end() ? empty_cell()
                                  : number_cell(found->second.mean, text(found->second.mean));
}

}  // namespace

std::string scenarios_table(std::span<const SimulateResult> results) {
  Table table({{{"scenario", "情景"}, false},
               {{"what binds", "瓶颈"}, false},
               {{"dark accelerator-months, mean", "吃灰卡月，均值"}, true},
               {{"margin lost in the dark, mean", "吃灰损失毛利，均值"}, true},
               {{"facility MW live at the end, median", "期末上线 MW，中位数"}, true},
               {{"NPV as energised, mean", "净现值（按通电），均值"}, true},
               {{"without terminal value", "不计期末残值"}, true}});
  for (const SimulateResult& r : results) {
    const auto count = [](double x) { return with_thousands(x, 0); };
    const auto money = [&](double x) { return money_text(x, r.currency); };
    const double live = r.live_facility_mw.p50.empty() ? 0 : r.live_facility_mw.p50.back();
    table.row({r.scenario.empty() ? words_cell({"as written", "原样"}) : code_cell(r.scenario),
               words_cell({first_sentence(r), first_sentence_chinese(r)}),
               metric_cell(r, "dark_accelerator_months", count),
               metric_cell(r, "dark_lost_margin", money), number_cell(live, count(live)),
               metric_cell(r, "npv", money), metric_cell(r, "npv_without_terminal", money)});
  }
  return table.finish();
}

std::string differences_table(std::span<const study::Difference> differences) {
  if (differences.empty()) return "";
  const std::string title = "<h3>" + both({"Differences", "差异"}) + "</h3>\n";
  std::string not_shown;
  for (const study::Difference& d : differences)
    if (d.comparison != study::Comparison::path_by_path) not_shown += aside(no_difference_words(d));
  const auto shown = std::find_if(differences.begin(), differences.end(), [](const auto& d) {
    return d.comparison == study::Comparison::path_by_path;
  });
  if (shown == differences.end()) return title + not_shown;
  const study::Difference& first = *shown;
  const Words to = first.to.empty() ? Words{"as written", "原样"} : Words{first.to, first.to};
  std::vector<Table::Head> heads{{{"less " + to.en, "减去 " + to.zh}, false}};
  for (const auto& [name, gain] : first.metrics) heads.push_back({metric_words(name), true});
  Table table(heads);
  std::string luck;  // where it is not shared throughout
  for (const study::Difference& d : differences) {
    if (d.comparison != study::Comparison::path_by_path) continue;
    if (const Words shared = luck_words(d); !shared.en.empty())
      luck += aside({(d.scenario.empty() ? "as written" : d.scenario) + ": " + shared.en,
                     (d.scenario.empty() ? "原样" : d.scenario) + "：" + shared.zh});
    std::vector<std::string> cells{d.scenario.empty() ? words_cell({"as written", "原样"})
                                                      : code_cell(d.scenario)};
    for (const auto& [name, gain] : d.metrics) {
      const study::Metric as{d.units.at(name), gain.mean, gain.se, {}, {}, {}, {}, {}, {}};
      cells.push_back("<td class=\"n\">" + number_span(gain.mean, metric_text(as, gain.mean)) +
                      "<br/>± " + number_span(gain.se, metric_text(as, gain.se)) + "</td>");
    }
    table.row(cells);
  }
  return title +
         aside({fmt::format("Means over the same {} paths, path by path; ± is the standard error "
                            "of the difference{}.",
                            first.paths, luck.empty() ? ", luck being shared" : ""),
                fmt::format("同一批 {} 条路径逐条相减的均值；± 为差值的标准误{}。", first.paths,
                            luck.empty() ? "（共用同一运气）" : "")}) +
         table.finish() + luck + not_shown;
}

}  // namespace warmshell::report
