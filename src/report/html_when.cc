// What runs and when: ledger, what binds, flow, gates, power live by quarter, megawatts.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/calendar.h"
#include "report/chinese.h"
#include "report/html_parts.h"
#include "report/words.h"

namespace warmshell::report {

namespace {

using study::SimulateResult;

// From the bottom of the stack: earning first, so that its own edge is read from a flat base.
constexpr std::array<int, fleet::state_count> stack_order{9, 8, 7, 6, 5, 4, 3, 2, 1, 0};

constexpr std::array<std::string_view, 8> megawatt_stack{
    "used",          "tenants",       "installing", "waiting_customers",
    "waiting_chips", "waiting_shell", "reserve",    "not_energised"};
constexpr std::array<std::string_view, 8> megawatt_css{
    "s-earning",    "s-failed",   "s-installing", "s-no_demand",
    "s-outclassed", "s-no_shell", "s-underused",  "s-in_transit"};

const Words no_accelerators{
    "This portfolio owns no accelerator: a developer sells megawatts, and the megawatts below are "
    "its ledger.",
    "本组合没有加速卡：开发商出售的是兆瓦，其账本见下方的兆瓦账。"};

// ---- ledger

std::string ledger_table(const SimulateResult& r) {
  std::vector<Table::Head> heads{{{"month", "月份"}, false}, {{"ordered", "累计已订"}, true}};
  for (const std::string_view state : fleet::state_names)
    heads.push_back({state_words(state), true});
  heads.push_back({{"gone", "已离场"}, true});
  Table table(heads);
  for (std::size_t month = 0; month < r.months.size(); ++month) {
    const auto count = [](double x) { return number_cell(x, with_thousands(x, 0)); };
    std::vector<std::string> cells{text_cell(r.months[month]), count(r.ledger.ordered[month])};
    for (const double x : r.ledger.mean_accelerators[month]) cells.push_back(count(x));
    cells.push_back(count(r.ledger.gone[month]));
    table.row(cells);
  }
  return table.finish();
}

std::string site_table(const View& view) {
  std::vector<Table::Head> heads{{{"site", "站点"}, false}, {{"held", "持有"}, true}};
  for (int group = 0; group < group_count; ++group)
    heads.push_back({group_words(static_cast<Group>(group)), true});
  Table table(heads);
  const auto row = [&](const std::string& name, const Holding& all, std::string_view css) {
    const auto count = [](double x) { return number_cell(x, with_thousands(x, 0)); };
    std::vector<std::string> cells{name, count(all.held)};
    for (const double x : all.group) cells.push_back(count(x));
    table.row(cells, css);
  };
  for (const auto& [site, all] : view.figures.by_site)
    if (all.held > 0) row(code_cell(site), all, "");
  row(words_cell({"all sites", "合计"}), view.figures.portfolio, "total");
  return table.finish();
}

std::string ledger_section(const View& view, const SharedAxes& axes) {
  const SimulateResult& r = view.result;
  if (view.figures.portfolio.held <= 0) return aside(no_accelerators);
  std::vector<Series> series;
  std::vector<LegendEntry> entries;
  for (const int state : stack_order) {
    const std::string_view name = fleet::state_names[static_cast<std::size_t>(state)];
    Series one{state_words(name), state_css(name), {}};
    for (const auto& month : r.ledger.mean_accelerators)
      one.values.push_back(month[static_cast<std::size_t>(state)]);
    entries.push_back({one.name, one.css});
    series.push_back(std::move(one));
  }
  return figure(
      stacked_areas(view.width,
                    {"Accelerators by state, mean over paths", "各状态加速卡，路径均值"}, r.months,
                    series, axes.accelerators),
      legend(entries) + details({"Every month in numbers", "逐月数字"}, ledger_table(r)) +
          details({"Means over the horizon, by site", "各站点全期均值"}, site_table(view)));
}

// ---- what binds

std::string binds_section(const View& view, const SharedAxes&) {
  const SimulateResult& r = view.result;
  std::vector<RibbonPart> parts;
  for (const std::string& state : r.binds_by_month)
    parts.push_back(state.empty() ? RibbonPart{}
                                  : RibbonPart{state_words(state), state_css(state)});
  const bool any = std::any_of(r.binds_by_month.begin(), r.binds_by_month.end(),
                               [](const std::string& state) { return !state.empty(); });
  if (!any)
    return aside(
        {"In no month does a dark accelerator that would find a customer wait for one "
         "gate alone.",
         "没有任何一个月有可售的加速卡只等一道关口。"});
  Table table({{{"from", "自"}, false}, {{"to", "至"}, false}, {{"what binds", "瓶颈"}, false}});
  for (std::size_t begin = 0; begin < r.months.size();) {
    std::size_t end = begin + 1;
    while (end < r.months.size() && r.binds_by_month[end] == r.binds_by_month[begin]) ++end;
    const std::string& state = r.binds_by_month[begin];
    table.row({text_cell(r.months[begin]), text_cell(r.months[end - 1]),
               words_cell(state.empty() ? Words{"none", "无"} : state_words(state))});
    begin = end;
  }
  std::vector<LegendEntry> entries;
  for (const std::string_view state : dark_names)
    if (std::find(r.binds_by_month.begin(), r.binds_by_month.end(), state) !=
        r.binds_by_month.end())
      entries.push_back({state_words(state), state_css(state)});
  return figure(ribbon(view.width, {"What binds, by month", "逐月瓶颈"}, r.months, parts),
                legend(entries) + details({"The months in a table", "月份列表"}, table.finish()));
}

// ---- flow

std::string flow_section(const View& view, const SharedAxes&) {
  if (view.figures.portfolio.held <= 0) return aside(no_accelerators);
  static const std::array<std::vector<fleet::State>, stage_count> falls{
      std::vector{fleet::State::in_transit},
      std::vector{fleet::State::no_shell, fleet::State::no_cooling},
      std::vector{fleet::State::no_power},
      std::vector{fleet::State::installing},
      std::vector{fleet::State::failed},
      std::vector{fleet::State::no_demand, fleet::State::outclassed},
      std::vector{fleet::State::underused},
      {}};
  std::vector<FlowStage> stages;
  Table table({{{"stage", "阶段"}, false},
               {{"accelerators", "加速卡"}, true},
               {{"state that holds the rest", "停留状态"}, false},
               {{"accelerators", "加速卡"}, true}});
  for (int i = 0; i < stage_count; ++i) {
    const double remains = view.figures.funnel[static_cast<std::size_t>(i)];
    FlowStage stage{stage_words(i), remains, {}};
    for (const fleet::State state : falls[static_cast<std::size_t>(i)]) {
      const std::string_view name = fleet::state_names[static_cast<std::size_t>(state)];
      stage.losses.push_back({state_words(name), state_css(name),
                              view.figures.portfolio.state[static_cast<std::size_t>(state)]});
    }
    bool first = true;
    for (const FlowLoss& loss : stage.losses) {
      table.row({words_cell(first ? stage.name : Words{}),
                 first ? number_cell(remains, with_thousands(remains, 0)) : "<td></td>",
                 words_cell(loss.name), number_cell(loss.value, with_thousands(loss.value, 0))});
      first = false;
    }
    if (stage.losses.empty())
      table.row({words_cell(stage.name), number_cell(remains, with_thousands(remains, 0)),
                 "<td></td>", "<td></td>"});
    stages.push_back(std::move(stage));
  }
  return figure(flow(view.width, {"From ordered to earning", "从订购到赚钱"}, stages),
                details({"The flow in numbers", "流程数字"}, table.finish()));
}

// ---- gates

struct GateName {
  std::string group, label;
};
// "sites.quincy.power.grid-2.energised" -> quincy, "grid-2 energised".
GateName gate_name(const std::string& id) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= id.size();) {
    const std::size_t dot = std::min(id.find('.', at), id.size());
    parts.push_back(id.substr(at, dot - at));
    at = dot + 1;
  }
  std::size_t from = parts.size() > 3 && parts[0] == "sites" ? 3 : parts.size() > 1 ? 1 : 0;
  GateName name{from == 3 ? parts[1] : parts[0], ""};
  for (; from < parts.size(); ++from) name.label += (name.label.empty() ? "" : " ") + parts[from];
  return name;
}

struct DrawnGate {
  const study::GateRow* gate;
  GateName name;
  GanttRow row;
  double earliest;
};

std::vector<DrawnGate> pending_gates(const SimulateResult& r) {
  const auto start = parse_date(r.months.front());
  const auto months = [&](const std::optional<std::string>& date) -> std::optional<double> {
    const auto parsed = date ? parse_date(*date) : std::nullopt;
    if (!parsed || !start) return std::nullopt;
    return parsed->months - start->months;
  };
  std::vector<DrawnGate> gates;
  for (const study::GateRow& gate : r.gates) {
    const auto &u = gate.unconditional, &given = gate.given;
    DrawnGate drawn{&gate, gate_name(gate.id), {}, 1e9};
    drawn.row = {drawn.name.label,  false,
                 months(u.p10),     months(u.p50),
                 months(u.p90),     months(given.p10),
                 months(given.p50), months(given.p90),
                 gate.never,        {}};
    const auto text = [](const std::optional<std::string>& date) { return date.value_or("never"); };
    drawn.row.hover = {
        fmt::format("{}: P10 {}, P50 {}, P90 {}", gate.id, text(u.p10), text(u.p50), text(u.p90)),
        ""};
    const bool open = drawn.row.p90 && *drawn.row.p90 <= 0;
    drawn.earliest = drawn.row.p10.value_or(1e9);
    if (!open) gates.push_back(std::move(drawn));
  }
  return gates;
}

std::string gate_table(const SimulateResult& r) {
  Table table({{{"gate", "关口"}, false},
               {{"MW", "兆瓦"}, true},
               {{"P10", "P10"}, true},
               {{"P50", "P50"}, true},
               {{"P90", "P90"}, true},
               {{"never", "永不"}, true},
               {{"given it comes: P10", "若实现：P10"}, true},
               {{"P50", "P50"}, true},
               {{"P90", "P90"}, true}});
  const auto date = [](const std::optional<std::string>& d) {
    return d ? R"(<td class="n">)" + escape(*d) + "</td>" : empty_cell({"never", "永不"});
  };
  for (const study::GateRow& gate : r.gates)
    table.row({code_cell(gate.id),
               gate.megawatts > 0 ? number_cell(gate.megawatts,
                                                with_thousands(gate.megawatts, 1) + " " + gate.unit)
                                  : empty_cell(),
               date(gate.unconditional.p10), date(gate.unconditional.p50),
               date(gate.unconditional.p90), number_cell(gate.never, percent_text(gate.never)),
               date(gate.given.p10), date(gate.given.p50), date(gate.given.p90)});
  return table.finish();
}

std::string gates_section(const View& view, const SharedAxes&) {
  constexpr std::size_t most_rows = 26;
  const SimulateResult& r = view.result;
  if (r.gates.empty()) return aside({"This portfolio has no gate.", "本组合没有关口。"});
  std::vector<DrawnGate> gates = pending_gates(r);
  const std::size_t open = r.gates.size() - gates.size();

  // the largest stand in the chart, grouped by site, sites by their first date
  std::stable_sort(gates.begin(), gates.end(), [](const DrawnGate& a, const DrawnGate& b) {
    return a.gate->megawatts > b.gate->megawatts;
  });
  const std::size_t more = gates.size() - std::min(gates.size(), most_rows);
  gates.resize(gates.size() - more);
  std::map<std::string, double> first_of;
  for (const DrawnGate& gate : gates) {
    const auto [at, added] = first_of.emplace(gate.name.group, gate.earliest);
    if (!added) at->second = std::min(at->second, gate.earliest);
  }
  std::stable_sort(gates.begin(), gates.end(), [&](const DrawnGate& a, const DrawnGate& b) {
    const double fa = first_of.at(a.name.group), fb = first_of.at(b.name.group);
    if (fa != fb) return fa < fb;
    if (a.name.group != b.name.group) return a.name.group < b.name.group;
    return a.earliest < b.earliest;
  });
  std::vector<GanttRow> rows;
  for (std::size_t i = 0; i < gates.size(); ++i) {
    if (i == 0 || gates[i].name.group != gates[i - 1].name.group) {
      GanttRow group;
      group.label = gates[i].name.group;
      group.group = true;
      rows.push_back(std::move(group));
    }
    rows.push_back(gates[i].row);
  }

  std::string words_en, words_zh;
  if (open > 0) {
    words_en += open == 1 ? "One gate is open at the start. "
                          : fmt::format("{} gates are open at the start. ", open);
    words_zh += fmt::format("{} 道关口在起点已打开。", open);
  }
  if (more > 0) {
    words_en += fmt::format("The {} largest are drawn, {} more in the table.", most_rows, more);
    words_zh += fmt::format("图中为容量最大的 {} 道，其余 {} 道见表。", most_rows, more);
  }
  const std::string below =
      legend({{{"P10 to P90", "P10 至 P90"}, "gate"},
              {{"P90 is never", "P90 为永不"}, "open"},
              {{"median", "中位数"}, "tick"},
              {{"given it comes", "若实现"}, "thin"},
              {{"✕ share of paths on which it never comes", "✕ 永不实现的路径占比"}, ""}}) +
      (words_en.empty() ? "" : aside({words_en, words_zh})) +
      details({"Every gate in numbers", "全部关口"}, gate_table(r));
  if (rows.empty()) return aside({words_en, words_zh}) + below;
  return figure(gantt(view.width, {"When gates open", "关口何时打开"}, r.months, rows), below);
}

// ---- power live by quarter

std::string quarters_section(const View& view, const SharedAxes& axes) {
  const SimulateResult& r = view.result;
  if (r.quarters.empty()) return aside({"The horizon holds no quarter.", "期限内没有完整季度。"});
  const int start_year = std::stoi(r.months.front().substr(0, 4)),
            start_month = std::stoi(r.months.front().substr(5, 2));
  Fan3 fan;
  std::vector<double> at;
  bool planned = false;
  Table table({{{"quarter end", "季度末"}, false},
               {{"P10 (GW)", "P10(GW)"}, true},
               {{"P50 (GW)", "P50(GW)"}, true},
               {{"P90 (GW)", "P90(GW)"}, true},
               {{"published plans (GW)", "公布的计划（GW）"}, true}});
  for (const study::Quarter& q : r.quarters) {
    at.push_back((std::stoi(q.name.substr(0, 4)) - start_year) * 12 +
                 3 * std::stoi(q.name.substr(6, 1)) - start_month + 1);
    fan.p10.push_back(q.p10_gw);
    fan.p50.push_back(q.p50_gw);
    fan.p90.push_back(q.p90_gw);
    fan.plan.push_back(q.planned_gw);
    planned = planned || q.planned_gw.has_value();
    const auto gw = [](double x) { return number_cell(x, with_thousands(x, 3)); };
    table.row({text_cell(q.name), gw(q.p10_gw), gw(q.p50_gw), gw(q.p90_gw),
               q.planned_gw ? gw(*q.planned_gw) : empty_cell()});
  }
  std::vector<LegendEntry> entries{{{"P10 to P90", "P10 至 P90"}, "band"},
                                   {{"median", "中位数"}, "median"}};
  if (planned)
    entries.push_back({{"if every published plan held", "若公布的计划全部兑现"}, "plan"});
  return figure(fan_at(view.width, {"Facility power ready for service", "可投运的园区功率"},
                       r.months, at, fan, axes.live_gw),
                legend(entries) + details({"Every quarter in numbers", "逐季数字"},
                                          table.finish() + resolution_note(r.quarters_resolution)));
}

// ---- megawatts

std::string megawatts_section(const View& view, const SharedAxes& axes) {
  const SimulateResult& r = view.result;
  std::vector<Series> series;
  std::vector<LegendEntry> entries;
  std::vector<Table::Head> heads{{{"month", "月份"}, false}};
  for (const auto& [name, values] : r.megawatts) heads.push_back({megawatt_words(name), true});
  for (std::size_t i = 0; i < megawatt_stack.size(); ++i) {
    const auto found = r.megawatts.find(std::string(megawatt_stack[i]));
    if (found == r.megawatts.end() ||
        std::all_of(found->second.begin(), found->second.end(), [](double x) { return x <= 0; }))
      continue;
    series.push_back(
        {megawatt_words(megawatt_stack[i]), std::string(megawatt_css[i]), found->second});
    entries.push_back({series.back().name, series.back().css});
  }
  Table table(heads);
  for (std::size_t month = 0; month < r.months.size(); ++month) {
    std::vector<std::string> cells{text_cell(r.months[month])};
    for (const auto& [name, values] : r.megawatts)
      cells.push_back(number_cell(values[month], with_thousands(values[month], 1)));
    table.row(cells);
  }
  return figure(stacked_areas(view.width, {"Facility megawatts by use", "园区兆瓦去向"}, r.months,
                              series, axes.megawatts),
                legend(entries) + details({"Every month in numbers", "逐月数字"}, table.finish()));
}

}  // namespace

std::vector<Section> sections_of_when() {
  return {
      {"ledger",
       {"The ledger of accelerators", "加速卡账本"},
       {"Every accelerator ordered is in one of ten states in every month; grey waits, brown and "
        "orange is dark, blue is lit and idle, green earns.",
        "每张已订的卡每月恰处于十个状态之一：灰色在等待，棕橙色在吃灰，蓝色通电闲置，"
        "绿色在赚钱。"},
       ledger_section},
      {"binds",
       {"What binds, month by month", "逐月瓶颈"},
       {"Of what waits for one gate alone and would find a customer, the state with the largest "
        "lost "
        "margin over all sites.",
        "在只等一道关口、能找到客户的吃灰状态中，各站点合计损失毛利最大的一种。"},
       binds_section},
      {"flow",
       {"From ordered to earning", "从订购到赚钱"},
       {"Means over the horizon: what remains after each step, and where the rest stands.",
        "全期均值：每一步剩下多少，其余停在哪里。"},
       flow_section},
      {"gates",
       {"When the gates open", "关口何时打开"},
       {"Dates are unconditional: a source that never comes counts as never, not as late.",
        "日期不附条件：永不实现的电源计为永不，而非迟到。"},
       gates_section},
      {"live",
       {"Power ready for service, by quarter", "逐季可投运功率"},
       {"Facility MW of warm halls as far as power is energised, on the last day of each quarter: "
        "nameplate, spare and outage units among it.",
        "每季最后一天暖壳机房在已送电范围内的园区功率：按铭牌计，含备机与停机机组。"},
       quarters_section},
      {"megawatts",
       {"Where the megawatts are", "兆瓦账本"},
       {"Contracted facility power and what stands between it and an earning rack; it always adds "
        "up.",
        "签约的园区功率及其与赚钱机柜之间的距离；各项恒等于总数。"},
       megawatts_section},
  };
}

}  // namespace warmshell::report
