// Scenario by scenario: how the cause changes from one to the next. One table over all results.

#include <cmath>

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
               {{"dark accelerator-months", "吃灰卡月"}, true},
               {{"margin lost in the dark", "吃灰损失毛利"}, true},
               {{"facility MW at the end, median", "期末通电 MW 中位数"}, true},
               {{"NPV as energised", "净现值（按通电）"}, true}});
  for (const SimulateResult& r : results) {
    const auto count = [](double x) { return with_thousands(x, 0); };
    const auto money = [&](double x) { return money_text(x, r.currency); };
    const double live = r.live_facility_mw.p50.empty() ? 0 : r.live_facility_mw.p50.back();
    table.row({r.scenario.empty() ? words_cell({"as written", "原样"}) : code_cell(r.scenario),
               words_cell({first_sentence(r), first_sentence_chinese(r)}),
               metric_cell(r, "dark_accelerator_months", count),
               metric_cell(r, "dark_lost_margin", money), number_cell(live, count(live)),
               metric_cell(r, "npv", money)});
  }
  return table.finish();
}

}  // namespace warmshell::report
