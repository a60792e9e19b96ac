#pragma once
// Step 3, 6, 7 and 8 of the import: gates with their slip, deliveries, money, and the YAML itself.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/epoch.h"
#include "import/epoch_chips.h"
#include "import/epoch_sites.h"

namespace warmshell::import {

struct StepOverride {
  ChipOverride chips;
  double power_mw_facility =
      0;  // energised on power_energised; the rest of the step with the shell
  std::optional<Date> power_energised;
  std::string warning;  // what the files cannot say and a reader must know
};
using Overrides =
    std::map<std::string, std::map<std::string, StepOverride>>;  // site -> date of the step

struct YamlInput {
  const std::vector<EpochSite>& sites;
  const std::vector<std::vector<std::vector<ChipLot>>>& chips;  // [site][phase][lot]
  const Overrides& overrides;
  Date as_of;
  const EpochTotals& totals;
  const Diagnostics& warnings;
};

[[nodiscard]] std::string portfolio_yaml(const YamlInput& input);
[[nodiscard]] std::string no_slip_yaml(const YamlInput& input);  // plans come true on their dates
[[nodiscard]] std::string chips_on_time_yaml(
    const YamlInput& input);  // deliveries held at the file's dates

// What stands behind `chips-on-time` and is not in the files. Each can be switched off alone.
enum class Assumption { shell_slip, power_slip, year_end_shift, lead_time_spread, shared_luck };
inline constexpr std::array<std::string_view, 5> assumption_names{
    "shell-slip", "power-slip", "year-end-shift", "lead-time-spread", "shared-luck"};
[[nodiscard]] std::string chips_on_time_without_yaml(const YamlInput& input, Assumption off);

}  // namespace warmshell::import
