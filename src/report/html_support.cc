// What stands behind the numbers: defaults, checks, diagnostics, manifest.

#include <fmt/format.h>

#include <algorithm>

#include "catalog/tiers.h"
#include "report/chinese.h"
#include "report/html_parts.h"
#include "report/words.h"

namespace warmshell::report {

namespace {

using study::SimulateResult;

std::string defaults_section(const View& view, const SharedAxes&) {
  constexpr std::size_t most_rows = 60;
  const SimulateResult& r = view.result;
  if (r.defaults_used.empty())
    return aside({"Every value was written by the user.", "全部数值均由用户给出。"});
  Table table({{{"tier", "等级"}, false},
               {{"value of", "字段"}, false},
               {{"default", "默认值"}, false},
               {{"source", "来源"}, false}});
  for (std::size_t i = 0; i < std::min(most_rows, r.defaults_used.size()); ++i) {
    const study::DefaultUsed& used = r.defaults_used[i];
    table.row({text_cell(used.tier), code_cell(used.path), text_cell(used.value),
               text_cell(used.source)});
  }
  std::string content = table.finish();
  content += aside(
      {std::string(catalog::tier_words),
       "等级由强到弱：T1 一手资料，T2 媒体或分析机构，T3 厂商或博客，calc 由其他数值算出，brief "
       "本项目任务书（来源写作 project brief），rule 模型约定，GK "
       "一般常识、未经核实；两级并列时以较弱者为准。"});
  if (r.defaults_used.size() > most_rows)
    content += aside({fmt::format("{} more in the JSON.", r.defaults_used.size() - most_rows),
                      fmt::format("其余 {} 项见 JSON。", r.defaults_used.size() - most_rows)});
  return details({fmt::format("{} values come from the catalogue", r.defaults_used.size()),
                  fmt::format("{} 个数值来自目录", r.defaults_used.size())},
                 content);
}

std::string checks_section(const View& view, const SharedAxes&) {
  const SimulateResult& r = view.result;
  Table table(
      {{{"check", "校验"}, false}, {{"", ""}, false}, {{"largest residual", "最大残差"}, true}});
  for (const auto& [name, passed] : r.checks) {
    const auto residual = r.residuals.find(name);
    const bool finite = residual != r.residuals.end() && residual->second - residual->second == 0;
    table.row(
        {words_cell(check_words(name)),
         fmt::format("<td class=\"{}\">{}</td>", passed ? "ok" : "fail",
                     both(passed ? Words{"✓ holds", "✓ 成立"} : Words{"✗ fails", "✗ 不成立"})),
         finite ? number_cell(residual->second, fmt::format("{:.1e}", residual->second))
                : empty_cell()});
  }
  std::string content = table.finish();
  if (!r.not_yet_valued.empty()) {
    std::string names;
    for (const std::string& name : r.not_yet_valued)
      names += (names.empty() ? "" : ", ") + ("<code>" + escape(name) + "</code>");
    content += "<p class=\"aside\">" +
               both({"Read and checked, not yet valued: ", "已读取并检查，尚未计值："}) + names +
               "</p>\n";
  }
  return content;
}

std::string diagnostics_section(const View& view, const SharedAxes&) {
  constexpr std::size_t most_rows = 60;
  const SimulateResult& r = view.result;
  if (r.diagnostics.empty()) return aside({"Nothing was said of the input.", "输入无任何诊断。"});
  Table table({{{"code", "代码"}, false},
               {{"where", "位置"}, false},
               {{"message", "内容"}, false},
               {{"help", "处置"}, false}});
  for (std::size_t i = 0; i < std::min(most_rows, r.diagnostics.size()); ++i) {
    const Diagnostic& d = r.diagnostics[i];
    const std::string place = d.path.empty() ? "" : d.path;
    table.row({text_cell(fmt::format("{} {}", severity_name(d.severity), d.code)), code_cell(place),
               text_cell(d.message), text_cell(d.help)});
  }
  std::string content = table.finish();
  if (r.diagnostics.size() > most_rows)
    content += aside({fmt::format("{} more in the JSON.", r.diagnostics.size() - most_rows),
                      fmt::format("其余 {} 条见 JSON。", r.diagnostics.size() - most_rows)});
  return content;
}

std::string manifest_section(const View& view, const SharedAxes&) {
  const SimulateResult& r = view.result;
  Table table({{{"", ""}, false}, {{"", ""}, false}});
  const auto row = [&](const Words& name, const std::string& value) {
    table.row({words_cell(name), code_cell(value)});
  };
  row({"version", "版本"}, "warmshell " + r.version);
  row({"inputs, SHA-256", "输入 SHA-256"}, r.inputs_sha256);
  row({"scenario", "情景"}, r.scenario.empty() ? "-" : r.scenario);
  row({"seed", "种子"}, fmt::format("{}", r.seed));
  row({"paths", "路径数"}, fmt::format("{} / {}", r.paths, r.paths_asked));
  row({"status", "状态"}, r.complete ? "complete" : "interrupted");
  row({"months", "月份"}, r.months.empty() ? "-" : r.months.front() + " – " + r.months.back());
  row({"currency", "货币"}, r.currency);
  return table.finish();
}

}  // namespace

std::vector<Section> sections_of_support() {
  return {
      {"checks",
       {"Checks", "校验"},
       {"Asked of every path in every month; a leak of one chip, one megawatt or one dollar fails.",
        "每条路径每个月都校验；少一张卡、一兆瓦或一块钱即不成立。"},
       checks_section},
      {"defaults",
       {"Defaults used", "所用默认值"},
       {"What the portfolio does not state, weakest source first.",
        "组合未写明之处，来源最弱的在前。"},
       defaults_section},
      {"diagnostics", {"Remarks on the input", "对输入的提示"}, {}, diagnostics_section},
      {"manifest",
       {"Manifest", "清单"},
       {"The same version, inputs, seed and paths give the same bytes.",
        "版本、输入、种子与路径数相同，则字节相同。"},
       manifest_section},
  };
}

}  // namespace warmshell::report
