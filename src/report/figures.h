#pragma once
// Numbers that reports show and that follow from the result by sums and means alone. They stand in
// the JSON under `figures`, so a report shows nothing that the JSON does not hold. Pure.
// Units: accelerators (means over the months of the horizon), accelerator-months, money.

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "study/result.h"

namespace warmshell::report {

// What a lender reads as one: waiting, dark, idle but lit, earning. Three totals, never one.
enum class Group { waiting, dark, idle, earning };
inline constexpr int group_count = 4;
inline constexpr std::array<std::string_view, group_count> group_names{"waiting", "dark", "idle",
                                                                       "earning"};
[[nodiscard]] Group group_of(int state);

// What remains of the accelerators held after each step of the funnel.
inline constexpr int stage_count = 8;
inline constexpr std::array<std::string_view, stage_count> stage_names{
    "ordered", "delivered", "housed", "powered", "installed", "working", "sold", "busy"};

struct Holding {                              // means over the horizon
  double held = 0;                            // ordered to date less gone
  study::ByState state{};                     // accelerators
  std::array<double, group_count> group{};    // accelerators
  std::array<double, group_count> months_of;  // accelerator-months over the horizon
  std::array<double, group_count> share{};    // of held, 0 where nothing is held
};

struct Figures {
  Holding portfolio;
  std::map<std::string, Holding> by_site;
  std::array<double, stage_count> funnel{};
  std::map<std::string, study::DarkCost> dark_by_state;  // over the sites; `se` is left 0
  double carry = 0;                                      // over the sites
  std::map<std::string, double> line_totals;             // money, nominal, over the horizon
};

[[nodiscard]] Figures figures_of(const study::SimulateResult& result);

}  // namespace warmshell::report
