#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/markup.h"

namespace warmshell::report {

std::string_view binds_case_name(study::BindsCase binds) {
  switch (binds) {
    case study::BindsCase::gate:
      return "gate";
    case study::BindsCase::two_gates:
      return "two_gates";
    case study::BindsCase::demand:
      return "demand";
    case study::BindsCase::orders_and_gates:
      return "orders_and_gates";
    case study::BindsCase::balanced:
      return "balanced";
  }
  return "balanced";
}

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "note";
}

namespace {

std::string_view gate_words(const std::string& state) {
  if (state == "no_shell") return "Warm shells bind";
  if (state == "no_cooling") return "Cooling binds";
  if (state == "no_power") return "Power binds";
  return "Installation binds";
}

std::string_view thing_words(const std::string& state) {
  if (state == "no_shell") return "shell";
  if (state == "no_cooling") return "cooling";
  if (state == "no_power") return "power";
  return "installation";
}

std::string_view lacked_words(const std::string& state) {
  if (state == "no_shell") return "a warm shell";
  if (state == "installing") return "crews";
  return thing_words(state);
}

// Where other sites wait for the same.
std::string in_all(const study::SimulateResult& result) {
  const study::Binds& b = result.binds;
  if (b.sites_waiting < 2) return "";
  return fmt::format("; {} sites lack {}, at {} in all", b.sites_waiting, lacked_words(b.state),
                     money_text(b.lost_margin_all_sites, result.currency));
}

}  // namespace

bool owns_accelerators(const study::SimulateResult& result) {
  return std::any_of(result.ledger.ordered.begin(), result.ledger.ordered.end(),
                     [](double n) { return n > 0; });
}

std::string first_sentence(const study::SimulateResult& result) {
  const study::Binds& b = result.binds;
  if (result.paths == 0) return "No path was run, so nothing is known.";
  switch (b.kind) {
    case study::BindsCase::gate:
      return fmt::format(
          "{} at {} from {}: {:.1f} MW of sellable accelerators wait for it alone, at a lost "
          "margin of {}{}.",
          gate_words(b.state), b.site, b.from, b.mw, money_text(b.lost_margin, result.currency),
          in_all(result));
    case study::BindsCase::two_gates:
      return fmt::format(
          "Two gates bind together at {}: no dark accelerator lights by {} or by {} alone; {:.1f} "
          "MW wait for both, at a lost margin of {}{}.",
          b.site, thing_words(b.state), thing_words(b.second_state), b.mw,
          money_text(b.lost_margin, result.currency), in_all(result));
    case study::BindsCase::demand:
      return "Demand binds: accelerators are dark and none of them would find a customer; another "
             "MW is worth nothing.";
    case study::BindsCase::orders_and_gates:
      if (b.latest_gate.empty())
        return "Orders and gates bind: nothing is dark and demand is unmet.";
      return fmt::format(
          "Orders and gates bind: nothing is dark and demand is unmet; {:.1f} MW stand behind the "
          "latest gate, {}.",
          b.mw, b.latest_gate);
    case study::BindsCase::balanced:
      if (!owns_accelerators(result))
        return "No accelerator is owned or ordered, so none is dark: what a late gate costs shows "
               "in rent, damages and NPV.";
      return "Nothing binds: no accelerator is dark and no demand is unmet.";
  }
  return "";
}

std::string worst_promise(const study::SimulateResult& result) {
  if (owns_accelerators(result) || result.promises.empty()) return "";
  const study::Promise& worst =
      *std::min_element(result.promises.begin(), result.promises.end(),
                        [](const auto& a, const auto& b) { return a.odds < b.odds; });
  if (worst.odds >= 1) return "What is promised is ready in time on every path.";
  return fmt::format("Of what is promised, {} is least sure: ready by {} with odds of {:.0f} %.",
                     worst.contract, worst.ready_by, worst.odds * 100);
}

std::string money_text_like(double money, double largest, const std::string& currency) {
  const double size = std::abs(largest);
  for (const auto& [unit, letter] : {std::pair{1e9, "B"}, {1e6, "M"}, {1e3, "k"}})
    if (size >= 0.9995 * unit) return fixed_text(money / unit, 2) + " " + letter + currency;
  return fixed_text(money, 2) + " " + currency;
}

std::string money_text(double money, const std::string& currency) {
  return money_text_like(money, money, currency);
}

std::string count_text(double count) {
  const double size = std::abs(count);
  if (size >= 999.5e3) return fixed_text(count / 1e6, 2) + " M";
  if (size >= 9999.5) return fixed_text(count / 1e3, 1) + " k";
  return fixed_text(count, 0);
}

std::string metric_text(const study::Metric& metric, double value) {
  if (metric.unit == "1/year") return rate_text(value);
  if (metric.unit == "months") return with_thousands(value, 1) + " months";
  if (metric.unit == "accelerator-months") return with_thousands(value, 0);
  return money_text_like(value, metric.mean, metric.unit);
}

std::string_view comparison_name(study::Comparison comparison) {
  switch (comparison) {
    case study::Comparison::path_by_path:
      return "path_by_path";
    case study::Comparison::other_seed:
      return "other_seed";
    case study::Comparison::other_currency:
      return "other_currency";
    case study::Comparison::other_months:
      return "other_months";
    case study::Comparison::no_paths:
      return "no_paths";
  }
  return "";
}

Words no_difference_words(const study::Difference& d) {
  const auto name = [](const std::string& scenario, const char* without) {
    return scenario.empty() ? without : scenario;
  };
  const auto because = [&](const std::string& en, const std::string& zh) {
    return Words{fmt::format("No differences of {} to {} are shown: {}.",
                             name(d.scenario, "as written"), name(d.to, "as written"), en),
                 fmt::format("未列出 {} 与 {} 的差异：{}。", name(d.scenario, "原样"),
                             name(d.to, "原样"), zh)};
  };
  switch (d.comparison) {
    case study::Comparison::path_by_path:
      return {};
    case study::Comparison::other_seed:
      return because("the seeds differ, so that no path of one is a path of the other",
                     "种子不同，两次运行没有相同的路径");
    case study::Comparison::other_currency:
      return because("the currencies differ", "货币不同");
    case study::Comparison::other_months:
      return because("their months differ, and with them what an NPV counts",
                     "起止月份不同，净现值所计的内容也就不同");
    case study::Comparison::no_paths:
      return because("a run has no paths, or no paths.csv, the numbers of each path",
                     "有一次运行没有路径，或缺少逐路径数据 paths.csv");
  }
  return {};
}

Words luck_words(const study::Difference& d) {
  if (d.shared_dates == d.dates) return {};
  return {fmt::format("Luck goes by name: {} of the {} uncertain dates are called the same in both "
                      "runs, the others are drawn for each run alone.",
                      d.shared_dates, d.dates),
          fmt::format("运气按名称抽取：{} 个不确定日期中，两次运行同名的有 {} 个，其余各自抽取。",
                      d.dates, d.shared_dates)};
}

std::optional<TerminalPayback> terminal_payback(const study::SimulateResult& result) {
  const auto found = result.metrics.find("payback");
  if (found == result.metrics.end() || !found->second.last_month_share) return std::nullopt;
  const double share = *found->second.last_month_share;
  return TerminalPayback{share,
                         {"Payback falls in the last month, in which the terminal value is "
                          "counted, on these paths: ",
                          "以下比例的路径在末月（计入期末残值时）才回本："}};
}

}  // namespace warmshell::report
