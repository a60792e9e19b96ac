// What it is worth and what to do: cures, cost of the dark, two valuations, cash, promises.

#include <fmt/format.h>

#include <algorithm>

#include "report/chinese.h"
#include "report/html_parts.h"
#include "report/words.h"

namespace warmshell::report {

namespace {

using study::SimulateResult;

constexpr std::size_t most_rows = 40;

Table::Head text_head(std::string en, std::string zh) {
  return {{std::move(en), std::move(zh)}, false};
}
Table::Head number_head(std::string en, std::string zh) {
  return {{std::move(en), std::move(zh)}, true};
}

std::string more_rows(std::size_t all) {
  if (all <= most_rows) return "";
  return aside({fmt::format("{} more in the JSON.", all - most_rows),
                fmt::format("其余 {} 行见 JSON。", all - most_rows)});
}

// ---- cures

std::string cures_section(const View& view, const SharedAxes& axes) {
  const SimulateResult& r = view.result;
  if (r.cures.empty())
    return aside({"No accelerator waits for a gate.", "没有加速卡在等任何关口。"});
  std::vector<BarRow> rows;
  Table table({text_head("gate", "关口"), number_head("margin waiting", "等待中的毛利"),
               number_head("±", "±"), number_head("accelerator-months alone", "单独可解卡月"),
               number_head("sellable", "可售卡月")});
  for (std::size_t i = 0; i < std::min(r.cures.size(), most_rows); ++i) {
    const study::Cure& cure = r.cures[i];
    if (i < 8)
      rows.push_back(
          {cure.gate, "s-no_power", money_text(cure.lost_margin, r.currency), cure.lost_margin});
    table.row({words_cell(cure_words(cure.gate)), money_cell(cure.lost_margin, r.currency),
               money_cell(cure.se, r.currency),
               number_cell(cure.accelerator_months_alone,
                           with_thousands(cure.accelerator_months_alone, 0)),
               number_cell(cure.sellable, with_thousands(cure.sellable, 0))});
  }
  return figure(
      bars(view.width, {"Margin waiting for each gate", "等待各关口的毛利"}, rows,
           axes.largest_cure),
      details({"Every gate in numbers", "全部关口"}, table.finish() + more_rows(r.cures.size())));
}

// ---- cost of the dark

std::vector<std::string> cost_cells(const study::DarkCost& c, const std::string& currency) {
  return {number_cell(c.accelerator_months, with_thousands(c.accelerator_months, 0)),
          number_cell(c.sellable, with_thousands(c.sellable, 0)),
          number_cell(c.mw_mean, with_thousands(c.mw_mean, 1)),
          money_cell(c.lost_revenue, currency),
          money_cell(c.lost_margin, currency),
          money_cell(c.lost_margin_alone, currency),
          money_cell(c.market_value, currency),
          money_cell(c.life, currency),
          money_cell(c.book, currency),
          money_cell(c.capital, currency)};
}

std::vector<Table::Head> cost_heads() {
  return {number_head("accelerator-months", "卡月"),
          number_head("of them sellable", "其中可售"),
          number_head("MW, mean", "平均兆瓦"),
          number_head("lost revenue", "损失收入"),
          number_head("lost margin", "损失毛利"),
          number_head("lost margin, alone", "单独可解的毛利"),
          number_head("market value lost", "市值损失"),
          number_head("life used up", "寿命消耗"),
          number_head("book depreciation", "账面折旧"),
          number_head("capital", "资金成本")};
}

std::string dark_section(const View& view, const SharedAxes&) {
  const SimulateResult& r = view.result;
  std::vector<Table::Head> heads{text_head("state", "状态")};
  for (Table::Head& head : cost_heads()) heads.push_back(std::move(head));
  Table table(heads);
  for (const std::string_view state : dark_names) {
    const auto found = view.figures.dark_by_state.find(std::string(state));
    if (found == view.figures.dark_by_state.end()) continue;
    std::vector<std::string> cells{words_cell(state_words(state))};
    for (std::string& cell : cost_cells(found->second, r.currency))
      cells.push_back(std::move(cell));
    table.row(cells);
  }
  std::vector<Table::Head> site_heads{text_head("site", "站点"), text_head("state", "状态")};
  for (Table::Head& head : cost_heads()) site_heads.push_back(std::move(head));
  Table sites(site_heads);
  for (const auto& [site, states] : r.cost_of_dark)
    for (const auto& [state, cost] : states) {
      std::vector<std::string> cells{code_cell(site), words_cell(state_words(state))};
      for (std::string& cell : cost_cells(cost, r.currency)) cells.push_back(std::move(cell));
      sites.row(cells);
    }
  Table carry({text_head("site", "站点"), number_head("carry, discounted", "空置成本（折现）")});
  for (const auto& [site, money] : r.carry)
    if (money != 0) carry.row({code_cell(site), money_cell(money, r.currency)});
  carry.row({words_cell({"all sites", "合计"}), money_cell(view.figures.carry, r.currency)},
            "total");
  const std::string carry_line =
      "<p class=\"aside\">" +
      both({"Carry of the megawatts that stand empty, discounted: ", "空置兆瓦的成本（折现）："}) +
      number_span(view.figures.carry, money_text(view.figures.carry, r.currency)) + ".</p>\n";
  if (view.figures.dark_by_state.empty())
    return aside({"No accelerator is dark in any month.", "没有任何一个月有卡吃灰。"}) +
           carry_line + details({"Carry by site", "各站点空置成本"}, carry.finish());
  return figure("", table.finish()) + carry_line + details({"By site", "按站点"}, sites.finish()) +
         details({"Carry by site", "各站点空置成本"}, carry.finish());
}

// ---- valuations

std::string metrics_table(const SimulateResult& r) {
  Table table({text_head("measure", "指标"), number_head("mean", "均值"),
               number_head("± standard error", "± 标准误"), number_head("P05", "P05"),
               number_head("P10", "P10"), number_head("P50", "P50"), number_head("P90", "P90"),
               number_head("P95", "P95"), number_head("paths left out", "未计入路径")});
  for (const auto& [name, m] : r.metrics) {
    const auto cell = [&, &metric = m](const std::optional<double>& x) {
      return x ? number_cell(*x, metric_text(metric, *x)) : empty_cell();
    };
    table.row({words_cell(metric_words(name)), cell(m.mean), cell(m.se), cell(m.p05), cell(m.p10),
               cell(m.p50), cell(m.p90), cell(m.p95),
               m.undefined_share ? number_cell(*m.undefined_share, rate_text(*m.undefined_share))
                                 : empty_cell()});
  }
  const auto late = terminal_payback(r);
  return table.finish() + (late ? "<p class=\"aside\">" + both(late->words) +
                                      number_span(late->share, rate_text(late->share)) + ".</p>\n"
                                : "");
}

std::string valuations_section(const View& view, const SharedAxes& axes) {
  const SimulateResult& r = view.result;
  std::vector<WhiskerRow> rows;
  const auto add = [&](const std::string& name, std::string_view css) {
    const auto found = r.metrics.find(name);
    if (found == r.metrics.end()) return;
    const study::Metric& m = found->second;
    rows.push_back({metric_words(name), std::string(css), money_text(m.mean, m.unit), m.mean, m.p10,
                    m.p50, m.p90});
  };
  add("npv_by_chip_count", "s-no_power");
  add("npv", "s-earning");
  add("npv_without_terminal", "s-underused");
  add("npv_overstated", "s-in_transit");
  return figure(whiskers(view.width, {"Two valuations of the same paths", "同一批路径的两种估值"},
                         rows, axes.npv),
                details({"Every measure in numbers", "全部指标"}, metrics_table(r)));
}

// ---- cash

std::string cash_section(const View& view, const SharedAxes& axes) {
  const SimulateResult& r = view.result;
  Fan3 fan{r.cumulative_cash.p10, r.cumulative_cash.p50, r.cumulative_cash.p90, {}};
  if (fan.p50.size() != r.months.size()) return "";
  Table table({text_head("month", "月份"), number_head("P10", "P10"), number_head("P50", "P50"),
               number_head("P90", "P90")});
  for (std::size_t month = 0; month < r.months.size(); ++month)
    table.row({text_cell(r.months[month]), money_cell(fan.p10[month], r.currency),
               money_cell(fan.p50[month], r.currency), money_cell(fan.p90[month], r.currency)});
  Table lines({text_head("line", "科目"), number_head("sum over the horizon", "全期合计")});
  for (const auto& [name, total] : view.figures.line_totals)
    lines.row({code_cell(name), money_cell(total, r.currency)});
  return figure(
      fan_by_month(view.width, {"Cumulative cash", "累计现金"}, r.months, fan, axes.cash),
      legend({{{"P10 to P90", "P10 至 P90"}, "band"}, {{"median", "中位数"}, "median"}}) +
          details({"Every month in numbers", "逐月数字"},
                  table.finish() + resolution_note(r.cumulative_cash.resolution)) +
          details({"Lines: nominal means over paths, summed over the horizon (by month in "
                   "the JSON); lines carry.* and depreciation are shown, not paid",
                   "科目：路径均值，全期名义合计（逐月见 JSON）；carry.* 与折旧只列示、不支付"},
                  lines.finish()));
}

// ---- promises

std::string promises_section(const View& view, const SharedAxes&) {
  const SimulateResult& r = view.result;
  if (r.promises.empty())
    return aside({"No contract or tenancy states a date.", "没有合同或租约写明日期。"});
  std::vector<study::Promise> promises = r.promises;
  std::stable_sort(promises.begin(), promises.end(),
                   [](const auto& a, const auto& b) { return a.odds < b.odds; });
  Table table({text_head("promise", "承诺"), text_head("ready by", "应就绪"),
               number_head("odds of being kept", "兑现概率"),
               number_head("expected damages", "预期赔偿")});
  for (const study::Promise& promise : promises)
    table.row({code_cell(promise.contract), text_cell(promise.ready_by),
               number_cell(promise.odds, percent_text(promise.odds)),
               money_cell(promise.damages, r.currency)});
  return figure("", table.finish());
}

}  // namespace

std::vector<Section> sections_of_worth() {
  return {
      {"cures",
       {"What to cure first", "先解哪道关口"},
       {"Margin lost, discounted, by accelerators that would find a customer and wait for nothing "
        "but this gate, the next of its kind to open; how much a gate then opens is not counted.",
        "能找到客户、只等下一道将打开的关口的加速卡所损失的毛利（折现）；不计该关口实际能放行多少"
        "。"},
       cures_section},
      {"dark",
       {"The cost of the dark", "吃灰成本"},
       {"Kinds of cost stand side by side because they overlap: never add across columns. Means "
        "over "
        "paths, discounted.",
        "各类成本互有重叠，故并列而不横向相加。路径均值，已折现。"},
       dark_section,
       true},
      {"valuations",
       {"Two valuations", "两种估值"},
       {"As energised counts what will run; by chip count is what the usual model claims for the "
        "same "
        "paths. Before tax and debt, forward from the start.",
        "“按通电”计入真正会运行的；“按卡数”是通常模型对同一批路径的主张。税前、债前、自起点起。"},
       valuations_section},
      {"cash",
       {"Cumulative cash", "累计现金"},
       {"Nominal, before tax and debt, terminal value included in the last month.",
        "名义值，税前债前，末月含残值。"},
       cash_section},
      {"promises",
       {"Promises at risk", "有风险的承诺"},
       {"Dates promised to customers and tenants, the least likely first.",
        "对客户与租户承诺的日期，最不可能兑现的在前。"},
       promises_section},
  };
}

}  // namespace warmshell::report
