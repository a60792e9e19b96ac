#pragma once
// What the funnel says of one month on a block of paths: [item][path], path innermost, plain
// doubles. Units: accelerators are month averages; MW is facility unless the name says it; energy
// is MWh. Invariants, checked by fleet/ledger every month on every path:
//   ordered = sum of the ten states + gone, per lot; contracted MW = sum of its uses, per site
//   (R22).

#include <array>
#include <string_view>

#include "fleet/moved.h"

namespace warmshell::fleet {

enum class State {
  in_transit,
  no_shell,
  no_cooling,
  no_power,
  installing,
  failed,
  no_demand,
  outclassed,
  underused,
  earning
};
inline constexpr int state_count = 10;
inline constexpr std::array<std::string_view, state_count> state_names{
    "in_transit", "no_shell",  "no_cooling", "no_power",  "installing",
    "failed",     "no_demand", "outclassed", "underused", "earning"};

// Dark states in the order of their columns `alone` (first three) and `sellable` (all four).
inline constexpr int dark_count = 4;  // no_shell, no_cooling, no_power, installing
inline constexpr int alone_count = 3;

// Facility megawatts of a site, R22: contracted = the eight after it (`tenants`: halls that are
// let).
enum class Megawatt {
  contracted,
  not_energised,
  reserve,
  used,
  installing,
  waiting_customers,
  waiting_shell,
  waiting_chips,
  tenants,
  firm  // for the report; firm = contracted - not_energised - reserve
};
inline constexpr int megawatt_count = 10;
inline constexpr std::array<std::string_view, megawatt_count> megawatt_names{
    "contracted",        "not_energised", "reserve",       "used",    "installing",
    "waiting_customers", "waiting_shell", "waiting_chips", "tenants", "firm"};

struct Columns {
  int width = 0, lots = 0, sites = 0, halls = 0, sources = 0, markets = 0;
  // per lot [lot][path]
  double* ordered = nullptr;    // to date
  double* delivered = nullptr;  // to date
  double* gone = nullptr;       // to date: retired or cancelled
  std::array<double*, state_count> state{};
  std::array<double*, alone_count> alone{};    // no_shell, no_cooling, no_power
  std::array<double*, dark_count> sellable{};  // of each dark state, would meet unmet demand
  std::array<double*, alone_count> sellable_alone{};
  double* housed = nullptr;         // racked
  double* installed = nullptr;      // housed, powered and installed, before failures
  double* delivered_age = nullptr;  // months since the lot's delivery at month end, 0 before
  // per market and lot [market][lot][path]
  double* sold = nullptr;  // accelerators assigned to the market
  double* busy = nullptr;  // of them, paid hours (take-or-pay, contract: all) as accelerators
  double* sellable_to = nullptr;  // dark chips handed that market's unmet demand
  double* unmet_h100e = nullptr;  // [market][path] demand left over
  // per site [site][path]
  std::array<double*, megawatt_count> megawatt{};
  double* energy_mwh = nullptr;  // at the meter, annual PUE
  // per hall [hall][path]
  double* let_live_mw = nullptr;  // facility MW live for the tenant of a hall that is let, else 0
  // per source [source][path]
  double* source_energised_mw = nullptr;  // nameplate live this month, less what it yielded
  double* source_energy_mwh = nullptr;    // cheapest source first, up to its firm MW
  // Marks, not columns, by groups of `mark_paths` paths. 0 where every row of the lot but its age,
  // every row of the site, its halls and sources holds the bits of the month before.
  unsigned char* lot_moved = nullptr;   // [lot][group] which rows do not: moved_dates, ...
  unsigned char* site_moved = nullptr;  // [site][group] moved_supply, ...
};
}  // namespace warmshell::fleet
