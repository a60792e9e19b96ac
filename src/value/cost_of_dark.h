#pragma once
// What dark accelerators cost, by site, dark state and month: the rent they do not earn, the value
// they lose on the shelf, the life and the capital they tie up (rules R19, R21 of the funnel).
// For a chip of price P that goes from age a to b in a month (a = 0 in the month of delivery):
//   lost_revenue  rent x utilisation x 730 h, of the chips that would meet unmet demand
//   lost_margin   the same less variable cost and the energy avoided (site's dearest source, lowest
//                 annual PUE that the chip could have)
//   market_value  V(a) - V(b), V = P x curve(age) x the month's resale factor
//   life          P (min(b, L) - min(a, L)) / L, L the economic life
//   book          the same over the book life, what the accounts show when they start at delivery
//   capital       P ((1+w)^(b/12) - (1+w)^(a/12))
// each times month-average chips; the kinds overlap and are never added. Sellable chips are served
// alone ones first, markets in service order.
//
// Beside it, the gate that each alone chip waits for: on its path, the next opening at the site
// after the month's first day, of a source (no_power), of a hall that the lot fits (no_shell,
// no_cooling, retrofits included), or the site's crews (installing). Thread rule: DarkPlan is
// shared read-only; one DarkBlock per thread.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/aligned.h"
#include "fleet/columns.h"
#include "fleet/kernel.h"
#include "model/layout.h"
#include "model/portfolio.h"
#include "value/dark_kernel.h"
#include "value/resale.h"
#include "value/spread.h"
#include "world/block.h"

namespace warmshell::value {

enum class DarkSum {
  accelerators,    // month-average chips in the state
  alone,           // of them, cured by this gate alone (all of `installing`)
  sellable,        // of them, would meet unmet demand
  sellable_alone,  // both
  megawatts,       // facility MW that they would draw
  megawatts_sellable_alone,
  lost_revenue,
  lost_margin,
  lost_margin_alone,
  market_value,
  life,
  book,
  capital,
};
inline constexpr int dark_sum_count = 13;

// A gate, or what stands for one: crews, or power, halls, cooling that no later gate brings.
struct Cure {
  std::string id;  // dotted path
  int site = 0;
};

struct DarkPlan {
  struct Lot {
    double price = 0;
    std::vector<double> mw_each;     // [month] facility MW a chip, at the lowest peak PUE
    std::vector<double> energy_mwh;  // [month][market in service order] a chip at the meter, at the
                                     // lowest annual PUE
    std::array<int, fleet::dark_count> waits{};  // by state: whose openings its chips wait for
  };
  struct Wait {              // what some lots of a site wait for in a dark state
    std::vector<int> cures;  // the one that opens next
    int otherwise = 0;       // the cure that stands for none of them
  };
  struct Opening {     // of a cure: the dates at which it opens
    int dates = 0;     // how many
    int source = -1;   // they are those of its tranches from `tranche` on; the cure of those
    int tranche = 0;   // before is the one before this
    int gate = -1;     // else the one date of a gate,
    double month = 0;  // or, without a gate, a fixed one
  };
  const model::Layout* layout = nullptr;
  std::vector<int> market_order;   // service order
  std::vector<double> paid_hours;  // [market in service order] a month: 730 h x utilisation, 1 for
                                   // take-or-pay and contract
  std::vector<Lot> lots;
  std::vector<bool> steps;  // by month: a PUE is not that of the month before
  std::vector<Cure> cures;
  std::vector<Opening> openings;  // by cure
  std::vector<Wait> waits;
  ResaleCurve resale;
  double variable_cost = 0, economic_life = 0, book_life = 0;
  double log_growth = 0;                // ln(1 + wacc) / 12
  std::vector<double> discount, grown;  // by month; grown = (1 + wacc)^((month + 1) / 12)
};

[[nodiscard]] DarkPlan plan_dark(const model::Layout& layout, const model::Portfolio& portfolio,
                                 const model::Decisions& decisions);

// Sums over paths. Joined in a fixed order they are the same for any number of threads.
struct DarkTotals {
  std::int64_t paths = 0;
  std::vector<double> sums;         // [month][site][state][DarkSum]
  std::vector<Spread> lost_margin;  // [site][state], discounted over the horizon, per path
  std::vector<double> cure_alone, cure_sellable;  // [cure] accelerator-months
  std::vector<Spread> cure_lost_margin;           // [cure] discounted, per path
  std::vector<double> unmet;                      // [month] paths on which some market is short

  explicit DarkTotals(const DarkPlan& plan);
  void join(const DarkTotals& next);  // after all blocks of *this
  [[nodiscard]] static std::size_t index(const model::Layout& layout, int month, int site,
                                         int state, DarkSum sum);
};

class DarkBlock {
 public:
  // width: a multiple of 8, at most 512
  DarkBlock(const DarkPlan& plan, int width, fleet::VectorLevel level = fleet::best_level());
  DarkBlock(DarkBlock&&) = default;  // rows point at each other: no copies

  // gate_months[gate]: a row. count: paths that count, the rest of the width repeats the last one.
  void begin(const std::vector<const double*>& gate_months, int count, DarkTotals& into);
  void month(const world::MonthColumns& draws, const fleet::Columns& columns);
  void finish();  // adds the paths to the totals

  [[nodiscard]] const double* dark_accelerator_months() const {
    return dark_months_.data();
  }                                                                                 // [path]
  [[nodiscard]] const double* lost_margin() const { return total_margin_.data(); }  // discounted

 private:
  void make_waits();
  void make_lots();
  void find_openings();
  void find_deliveries();
  void step_lots();
  void raise_energy_prices(const double* price_per_mwh);

  const DarkPlan& plan_;
  const DarkKernels& kernels_;
  std::vector<CurveYear> curve_;  // of resale, by year
  DarkUnit unit_;
  std::size_t width_;
  int count_ = 0, month_ = 0;
  DarkTotals* into_ = nullptr;
  std::vector<const double*> gates_;
  AlignedDoubles site_margin_;              // [site][state][path]
  AlignedDoubles cure_margin_;              // [cure][path]
  AlignedDoubles cure_lanes_;               // [cure] 8 lanes of alone, 8 of sellable
  AlignedDoubles openings_;                 // [opening of a cure][path] dates
  std::vector<std::size_t> first_opening_;  // [cure]
  AlignedDoubles energy_price_;             // [site][path] its dearest source
  AlignedDoubles resale_before_;            // [class][path]
  AlignedDoubles delivery_;                 // [lot][path] month
  AlignedDoubles growth_to_;                // [lot][path] (1 + wacc)^(-delivery / 12)
  AlignedDoubles worth_;                    // [lot][path] of its price
  AlignedDoubles dark_months_, total_margin_;
  std::vector<DarkLot> lots_;           // site by site
  std::vector<std::size_t> first_lot_;  // [site]
  AlignedDoubles costs_;                // [group][cost] 8 lanes, of one lot
  // Of all waits, one after the other:
  std::vector<DarkWait> waits_;
  std::vector<DarkCure> cures_;
  AlignedDoubles until_;    // [group], whole registers
  AlignedDoubles waiting_;  // [group][row of a wait] 8 lanes
};

}  // namespace warmshell::value
