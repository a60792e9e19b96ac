#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

// Where other sites wait for the same.
std::string in_all(const study::SimulateResult& result) {
  const study::Binds& b = result.binds;
  if (b.sites_waiting < 2) return "";
  return fmt::format("; {} sites lack {}, at {} in all", b.sites_waiting, thing_words(b.state),
                     money_text(b.lost_margin_all_sites, result.currency));
}

}  // namespace

std::string first_sentence(const study::SimulateResult& result) {
  const study::Binds& b = result.binds;
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
      return "Nothing binds: no accelerator is dark and no demand is unmet.";
  }
  return "";
}

std::string worst_promise(const study::SimulateResult& result) {
  const bool owns = std::any_of(result.ledger.ordered.begin(), result.ledger.ordered.end(),
                                [](double n) { return n > 0; });
  if (owns || result.promises.empty()) return "";
  const study::Promise& worst =
      *std::min_element(result.promises.begin(), result.promises.end(),
                        [](const auto& a, const auto& b) { return a.odds < b.odds; });
  if (worst.odds >= 1) return "What is promised is ready in time on every path.";
  return fmt::format("Of what is promised, {} is least sure: ready by {} with odds of {:.0f} %.",
                     worst.contract, worst.ready_by, worst.odds * 100);
}

std::string money_text_like(double money, double largest, const std::string& currency) {
  const double size = std::abs(largest);
  if (size >= 999.5e6) return fmt::format("{:.2f} B{}", money / 1e9, currency);
  if (size >= 999.5e3) return fmt::format("{:.2f} M{}", money / 1e6, currency);
  if (size >= 999.5) return fmt::format("{:.2f} k{}", money / 1e3, currency);
  return fmt::format("{:.2f} {}", money, currency);
}

std::string money_text(double money, const std::string& currency) {
  return money_text_like(money, money, currency);
}

std::string count_text(double count) {
  const double size = std::abs(count);
  if (size >= 999.5e3) return fmt::format("{:.2f} M", count / 1e6);
  if (size >= 9999.5) return fmt::format("{:.1f} k", count / 1e3);
  return fmt::format("{:.0f}", count);
}

}  // namespace warmshell::report
