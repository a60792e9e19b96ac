#pragma once
// The law of rents: what an hour of an accelerator lists for, in USD, when the user fixes no rent.
//
//   list(class, t) = base x level x tier x (peak / H100 peak)^0.6 x (1 - step)^(behind - 1) x
//   stance stance(class, t) follows the regime by steps
//
// base    what an H100, one generation behind since late 2025, lists for at a neocloud in neither
//         scarcity nor glut: rental_prices H100, 1y contract, 2026-03, 2.35 USD/h.
// tier    neocloud 1; long-tail and hyperscaler by the geometric mean of their A100 80GB and H200
//         rows of 2026-05 over the `specialty` rows: 0.74 and 1.58.
// 0.6     conventions.flops_exponent. With the catalogue's growth of peak along a line the best
// price
//         per PFLOP-hour falls about 19 % a year (tested); a constant fall per chip is nowhere.
// step    depreciation, new-arch step-down, 25 % (20 to 30): at each generation in volume (tested
//         against A100, H100 and B200 rows of 2026-05). Behind counts as in world/releases.h, month
//         by month, in parts of a month.
// regime  scarcity or glut, a Markov chain in months with a mean stay of 18
// (conventions.regime_stay).
//         Scarcity lists 2.95/2.35 of the base (H100 on-demand median 2026-05), glut 1.70/2.35 (1y
//         contract 2025-10). Accelerators without native FP8 follow half of the rise
//         (conventions.legacy_scarcity): the feature divide. At `start` the regime is that of the
//         nearest observation, relaxed by the chain over the time between: scarcity 2023-05, glut
//         2025-10, scarcity 2026-05.
// stance  each month a list is looked at with odds 0.33; its stance then moves by 25 to 45 %
// towards
//         the regime's factor if that brings it nearer (in logs), else it stays: sticky
//         (conventions.list_step). Releases act at once, so a list is continuous in their dates.
//
// Held against rental_prices.csv of 2026-05 (tested): what the law lists lies between low and high
// of every accelerator's rows, but for the rack-scale GB200 (higher; its unit is ambiguous) and TPU
// v5p.
//
// Draws: `rents.regime` (regime at start, then each month), `rents.<accelerator>` (look and size).

#include <optional>
#include <string>
#include <vector>

#include "model/layout.h"
#include "world/luck.h"
#include "world/path_kernels.h"
#include "world/releases.h"

namespace warmshell::world {

struct RentLaw {
  double base = 0;  // USD per H100-hour, one generation behind
  double scarcity = 1, glut = 1;
  double long_tail = 1, hyperscaler = 1;
  double flops_exponent = 0;
  double behind_step = 0;
  double change_odds = 0;  // of the regime, per month
  double look_odds = 0;    // of a list, per month
  double least_step = 0, greatest_step = 0;
  double legacy_scarcity = 1;  // regime factor of accelerators without FP8 in scarcity
};
[[nodiscard]] const RentLaw& rent_law();  // from the catalogue

// A tier of catalog/provider_tiers.h; nothing for another word.
[[nodiscard]] std::optional<double> tier_factor(const std::string& tier);

// base x (peak ratio)^0.6 / (1 - step): what the class lists for when newest, regime 1, neocloud.
[[nodiscard]] double newest_level(const model::LayoutClass& accelerator);
// Odds of scarcity `months` after `start` (months since 2000-01), without looking into a path.
[[nodiscard]] double scarcity_odds(double start, double months);
// Mean regime factor at these odds.
[[nodiscard]] double mean_regime(bool fp8, double odds_of_scarcity);

// The lists of a block of paths, month by month.
class RentLists {
 public:
  RentLists(const model::Layout& layout, bool regimes, const Luck& luck, int width);

  void next_month(int month, const Releases& releases, const Luck& luck);
  [[nodiscard]] const double* list(int accelerator_class) const;   // [path] USD/h, neocloud
  [[nodiscard]] const double* start(int accelerator_class) const;  // [path] the list in month 0
  [[nodiscard]] const double* regime() const { return regime_.data(); }  // [path] 1 in scarcity

 private:
  void step_regime(int month, const Luck& luck);
  void step_stance(std::size_t accelerator_class, int month, const Luck& luck);
  void set_list(std::size_t accelerator_class, int month, const Releases& releases);

  const model::Layout& layout_;
  const PathKernels& kernels_;
  bool regimes_ = true;
  std::size_t width_ = 0;
  StreamKey regime_key_;
  std::vector<StreamKey> list_keys_;
  std::vector<StanceStep> steps_;         // [class]
  std::vector<double> level_;             // [class] newest_level
  std::vector<double> regime_, uniform_;  // [path]; regime 1 in scarcity, 0 in glut
  std::vector<double> stance_;            // [class][path]
  std::vector<double> list_, start_;      // [class][path]
};

}  // namespace warmshell::world
