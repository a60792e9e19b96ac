#include "report/path_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/chinese.h"
#include "report/words.h"

namespace warmshell::report {

namespace {

using study::SimulateResult;

std::string gates_of(const SimulateResult& result) {
  std::vector<const study::GateRow*> gates;
  for (const study::GateRow& gate : result.gates) gates.push_back(&gate);
  std::stable_sort(gates.begin(), gates.end(), [](const auto* a, const auto* b) {
    return a->unconditional.p50.value_or("never") < b->unconditional.p50.value_or("never");
  });
  std::string text = "Gates, in the order in which they open\n";
  for (const study::GateRow* gate : gates)
    text += fmt::format("  {:>10}  {}\n", gate->unconditional.p50.value_or("never"), gate->id);
  return text;
}

// A month is told when any state changed by more than a thousandth of what is held, or the gate
// that binds changed.
std::string months_of(const SimulateResult& result) {
  std::string text =
      fmt::format("\nAccelerators, by month in which something changes\n  {:8}", "month");
  for (const std::string_view state : fleet::state_names) text += fmt::format(" {:>11}", state);
  text += fmt::format(" {:>11}  binds\n", "gone");
  const study::ByState* told = nullptr;
  std::string bound;
  for (std::size_t month = 0; month < result.months.size(); ++month) {
    const study::ByState& now = result.ledger.mean_accelerators[month];
    double moved = 0;
    for (std::size_t s = 0; s < now.size() && told != nullptr; ++s)
      moved = std::max(moved, std::abs(now[s] - (*told)[s]));
    const std::string& binds = result.binds_by_month[month];
    if (told != nullptr && moved <= 1e-3 * result.ledger.ordered[month] && binds == bound) continue;
    text += fmt::format("  {:8}", result.months[month]);
    for (const double count : now) text += fmt::format(" {:11.0f}", count);
    text += fmt::format(" {:11.0f}  {}\n", result.ledger.gone[month], binds);
    told = &now;
    bound = binds;
  }
  return text;
}

// Amounts under each other, their units too.
std::string money_column(double money, const std::string& currency) {
  return fmt::format("{:>16}", money_text(money, currency));
}

std::string dark_of(const SimulateResult& result) {
  std::string text = fmt::format(
      "\nDark, and what it cost: discounted; kinds overlap, never add them\n  {:24} {:11} {:>18} "
      "{:>16} {:>16}\n",
      "site", "state", "accelerator-months", "lost margin", "market value");
  for (const auto& [site, states] : result.cost_of_dark)
    for (const auto& [state, cost] : states)
      text += fmt::format("  {:24} {:11} {:>18} {} {}\n", site, state,
                          with_thousands(cost.accelerator_months, 0),
                          money_column(cost.lost_margin, result.currency),
                          money_column(cost.market_value, result.currency));
  std::string carry;
  for (const auto& [site, money] : result.carry)
    if (money != 0)
      carry += fmt::format("  {:36} {}\n", site, money_column(money, result.currency));
  if (!carry.empty())
    text += "\nCarry of the megawatts that stand empty: discounted, a cost\n" + carry;
  return text;
}

double sum_of(const std::vector<double>& monthly) {
  double sum = 0;
  for (const double x : monthly) sum += x;
  return sum;
}

std::string cash_of(const SimulateResult& result) {
  std::string text =
      "\nMoney by line: nominal, summed over the horizon, money out negative (depreciation and "
      "carry.SITE\nare shown, not paid)\n";
  for (const auto& [name, monthly] : result.lines) {
    if (name == "cumulative_cash") continue;
    const double sum = sum_of(monthly);
    if (sum != 0) text += fmt::format("  {:44} {}\n", name, money_column(sum, result.currency));
  }
  return text;
}

// What is left of the cash when the terminal value is not counted.
double cash_without_terminal(const SimulateResult& result) {
  double cash = 0;
  for (const auto& [name, monthly] : result.lines)
    if (name == "net_cash")
      cash += sum_of(monthly);
    else if (name.starts_with("terminal."))
      cash -= sum_of(monthly);
  return cash;
}

std::string measures_of(const SimulateResult& result) {
  std::string text = "\nMeasures: present values are discounted, before tax and debt\n";
  for (const auto& [name, metric] : result.metrics) {
    const std::string words = metric_words(name).en;
    if (metric.undefined_share) {
      text += fmt::format("  {:44} {:>16}\n", words, name == "payback" ? "never" : "no single one");
      continue;
    }
    text += fmt::format("  {:44} {:>16}\n", words, metric_text(metric, metric.mean));
    if (const double cash = cash_without_terminal(result);
        name == "payback" && metric.last_month_share && cash < 0)
      text += fmt::format("    only by the terminal value: without it cash ends at {}\n",
                          money_text(cash, result.currency));
  }
  return text;
}

}  // namespace

std::string path_story(const SimulateResult& result, std::int64_t path) {
  std::string text =
      fmt::format("Path {}, seed {}: {}\n\n", path, result.seed, first_sentence(result));
  text += gates_of(result) + months_of(result);
  text += dark_of(result) + cash_of(result) + measures_of(result);
  text += "\nBy month, and with what each number is computed from: --csv DIR\n";
  return text;
}

}  // namespace warmshell::report
