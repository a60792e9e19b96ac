#pragma once
// What binds (rule R20), the summary of the cost of the dark by site and state, and the gates to
// cure first: means over paths, read from the totals of a run.

#include <cstdint>
#include <string>
#include <vector>

#include "value/valuation.h"

namespace warmshell::value {

// One dark state of one site. Money is a mean over paths, discounted over the horizon unless it
// says nominal. Kinds overlap; never add them.
struct DarkCost {
  int site = 0, state = 0;  // state: 0 no_shell, 1 no_cooling, 2 no_power, 3 installing
  double accelerator_months = 0, alone = 0, sellable = 0, sellable_alone = 0;
  double mw_mean = 0;  // facility MW dark, mean over the horizon
  double lost_revenue = 0, lost_margin = 0, lost_margin_alone = 0, market_value = 0, life = 0,
         book = 0, capital = 0;
  double se = 0;  // of lost_margin
  struct Nominal {
    double lost_revenue = 0, lost_margin = 0, market_value = 0, life = 0, book = 0, capital = 0;
  } nominal;
};
[[nodiscard]] std::vector<DarkCost> dark_costs(const ValuationPlan& plan,
                                               const ValueTotals& totals);

enum class BindsCase { gate, two_gates, demand, orders_and_gates, balanced };
// The state that costs most over all sites, then the site where it costs most: MW, month and money
// are of that site.
struct Binds {
  BindsCase kind = BindsCase::balanced;
  int site = -1, state = -1, second_state = -1;
  double mw = 0;           // gate: mean sellable MW alone, months weighted by their lost margin;
                           // orders_and_gates: what stands behind the latest gate
  int from = -1;           // first month above half its peak
  double lost_margin = 0;  // alone; of two gates: of the chips that need both
  int sites_waiting = 0;   // for the same state, `site` among them
  double lost_margin_all_sites = 0;
  std::string latest_gate;  // orders_and_gates
};
[[nodiscard]] Binds what_binds(const ValuationPlan& plan, const ValueTotals& totals);
// By month, the state that R20 names of that month alone; -1 where no gate is.
[[nodiscard]] std::vector<int> binds_by_month(const ValuationPlan& plan, const ValueTotals& totals);

struct CureFound {
  std::string gate;
  double accelerator_months_alone = 0, sellable = 0, lost_margin = 0, se = 0;
};
// Those that anything waits for, the largest lost margin first, then months alone, then name.
[[nodiscard]] std::vector<CureFound> cures(const ValuationPlan& plan, const ValueTotals& totals);

// Discounted mean per site, a cost: minimum bills, and the rent of leased halls that stand empty.
[[nodiscard]] std::vector<double> carry(const ValuationPlan& plan, const ValueTotals& totals);

struct PromiseFound {
  std::string name;
  double date = 0;     // months since start
  double odds = 0;     // of being ready in the first whole month after it
  double damages = 0;  // discounted mean, positive
};
[[nodiscard]] std::vector<PromiseFound> promises(const ValuationPlan& plan,
                                                 const ValueTotals& totals);

}  // namespace warmshell::value
