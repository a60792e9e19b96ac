#pragma once
// Names and sentences that every face of a report shares. Pure.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/markup.h"
#include "study/paired.h"
#include "study/result.h"

namespace warmshell::report {

inline constexpr std::array<std::string_view, fleet::alone_count> alone_names{
    "no_shell", "no_cooling", "no_power"};
inline constexpr std::array<std::string_view, fleet::dark_count> dark_names{
    "no_shell", "no_cooling", "no_power", "installing"};

[[nodiscard]] std::string_view binds_case_name(study::BindsCase binds);
[[nodiscard]] std::string_view severity_name(Severity severity);

// What binds, in one sentence (R20). Follows from the result alone.
[[nodiscard]] bool owns_accelerators(const study::SimulateResult& result);  // or has ordered some
[[nodiscard]] std::string first_sentence(const study::SimulateResult& result);

// Of who owns no accelerator: the promise least likely to be kept. "" where there is none.
[[nodiscard]] std::string worst_promise(const study::SimulateResult& result);

// 1234567.8 USD -> "1.23 MUSD".
[[nodiscard]] std::string money_text(double money, const std::string& currency);
// In the unit that suits `largest`: numbers of one row compare by eye.
[[nodiscard]] std::string money_text_like(double money, double largest,
                                          const std::string& currency);
[[nodiscard]] std::string count_text(double count);  // "40.0 k"
// In the metric's unit, money as suits its mean.
[[nodiscard]] std::string metric_text(const study::Metric& metric, double value);

// Why a scenario is not set against the first, path by path.
[[nodiscard]] std::string_view comparison_name(study::Comparison comparison);
[[nodiscard]] Words no_difference_words(const study::Difference& difference);
// How far the two runs share their luck; empty where they do throughout.
[[nodiscard]] Words luck_words(const study::Difference& difference);

// The share of paths whose payback falls in the last month, and the words that lead to it; none
// where there is no such path.
struct TerminalPayback {
  double share = 0;
  Words words;
};
[[nodiscard]] std::optional<TerminalPayback> terminal_payback(const study::SimulateResult& result);

}  // namespace warmshell::report
