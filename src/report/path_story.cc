#include "report/path_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

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

std::string cash_of(const SimulateResult& result) {
  std::string text =
      "\nMoney by line, summed over the horizon (depreciation and carry are shown, not paid)\n";
  for (const auto& [name, monthly] : result.lines) {
    if (name == "cumulative_cash") continue;
    double sum = 0;
    for (const double x : monthly) sum += x;
    if (sum != 0) text += fmt::format("  {:44} {:>18}\n", name, money_text(sum, result.currency));
  }
  return text;
}

}  // namespace

std::string path_story(const SimulateResult& result, std::int64_t path) {
  std::string text =
      fmt::format("Path {}, seed {}: {}\n\n", path, result.seed, first_sentence(result));
  text += gates_of(result) + months_of(result);
  text += "\nDark, and what it cost (discounted; kinds overlap, never add them)\n";
  for (const auto& [site, states] : result.cost_of_dark)
    for (const auto& [state, cost] : states)
      text += fmt::format(
          "  {:24} {:11} {:>12} accelerator-months, lost margin {}, market value {}\n", site, state,
          count_text(cost.accelerator_months), money_text(cost.lost_margin, result.currency),
          money_text(cost.market_value, result.currency));
  text += cash_of(result) + "\n";
  for (const auto& [name, metric] : result.metrics)
    if (!metric.undefined_share)
      text += fmt::format("  {:28} {} {}\n", name, metric.mean, metric.unit);
  return text;
}

}  // namespace warmshell::report
