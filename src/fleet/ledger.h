#pragma once
// The ledger of a run, checked every month on every path: what the flows moved and what the states
// count must meet. It reads columns only, so a leak anywhere before it is caught.
//
//   chips      ordered to date = the ten states + gone, per lot (R10, R11: with the fills of blame
//              this is max(B, E, S, C, H) = delivered); nothing ordered, delivered or gone is taken
//              back, and nothing is delivered that was not ordered
//   working    installed = failed + no_demand + outclassed + underused + earning, per lot
//   sold       sold over markets = underused + earning, busy over markets = earning, per lot
//   sellable   handed out by markets = counted by states, and no state sells more than it has
//   demand     sold + unmet = demand in h100e, per market
//   megawatts  contracted = its eight uses, firm = contracted - not energised - reserve, what the
//              sources have energised = contracted - not energised, per site (R22)
//   energy     what the sources give = what the site draws, where there is firm power
//
// Residuals are relative to the lot's count, the market's demand, the site's contracted MW, the
// site's energy. Where gates are lifted without blame, `chips` holds only when all of them are, and
// `megawatts` and `energy` are not asked.
// A lot or a site whose rows the funnel has not marked as moved holds the bits that were checked
// the month before, so it is not asked again, but for every twelfth month and the last: then all
// is. Thread rule: one Ledger per thread; merge() joins them, in any order the same.

#include <array>
#include <string_view>
#include <vector>

#include "fleet/columns.h"
#include "fleet/kernel.h"
#include "fleet/mode.h"
#include "model/layout.h"
#include "world/block.h"

namespace warmshell::fleet {

enum class Check { chips, working, sold, sellable, demand, megawatts, energy };
inline constexpr int check_count = 7;
inline constexpr std::array<std::string_view, check_count> check_names{
    "chips", "working", "sold", "sellable", "demand", "megawatts", "energy"};
inline constexpr double ledger_tolerance = 1e-9;

struct Residuals {
  std::array<double, check_count> worst{};  // largest so far; all NaN where any number was

  void merge(const Residuals& other);
  [[nodiscard]] bool closes(Check check) const;
  [[nodiscard]] bool close() const;  // all of them
};

class Ledger {
 public:
  Ledger(const model::Layout& layout, Mode mode = {}, VectorLevel level = best_level());

  void begin();  // a new block: stocks start at nothing
  // The columns of the next month and the draws they came from; width a multiple of 16.
  void check(const Columns& columns, const world::MonthColumns& draws);
  [[nodiscard]] const Residuals& residuals() const { return residuals_; }

 private:
  VectorLevel level_;
  bool ask_chips_, ask_power_;
  int months_ = 0, month_ = 0;                      // of the block: 0, 1, ...
  std::vector<double> per_count_;                   // [lot]
  std::vector<double> h100e_;                       // [lot]
  std::vector<int> site_sources_, first_source_;    // sources by site
  std::vector<double> ordered_, delivered_, gone_;  // [lot][path] of the month before
  Residuals residuals_;
};

}  // namespace warmshell::fleet
