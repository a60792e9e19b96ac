#pragma once
// The portfolio as arrays: names become indices once, so that world, fleet and value walk columns.
// Everything here is the same on every path. Order of every index is the order of names.
// Dates are months since `start` (real; negative before it); +infinity is never.
// Thread rule: built once by compile(), then shared read-only.

#include <limits>
#include <string>
#include <vector>

#include "base/distribution.h"
#include "model/portfolio.h"

namespace warmshell::model {

inline constexpr double never_month = std::numeric_limits<double>::infinity();

// One normal (or uniform) that gates may share. z = sum load_k F_k + sqrt(1 - sum load_k^2) e.
struct Draw {
  std::string name;  // keys the random counter, e.g. "sites.quincy.power.grid-2.energised"
  std::vector<std::pair<int, double>> loads;  // index into Layout::factors
  double own = 1;
};
struct FactorDraw {
  std::string name;                           // "factors.grid-west"
  std::vector<std::pair<int, double>> loads;  // earlier factors only
  double own = 1;
};

// A gate: one uncertain date, in months since `start`.
//   fixed    month
//   law      law(draw)
//   planned  d = month + within (2 u - 1), kept in [not_before, not_after]; u = Phi of within_draw;
//            then, where a law is given, known_at + (d - known_at) law(draw) for d > known_at
//   after    date of `follows` + max(0, law(draw))
//   with     the latest of `follows` and `also_follows`, + offset
// Then, when cut_at_known, max(known_at, date). Then never, for every kind, when u >= completes
// (u = Phi of completes_draw), or, for a gate that is a cancellation (`when_not`), when u <
// completes. Whatever follows a gate that never comes never comes.
struct Gate {
  enum class Kind { fixed, law, planned, after, with };
  std::string id;  // dotted path
  Kind kind = Kind::fixed;
  double month = 0;  // fixed or planned date
  Law law;           // law: months since start; planned: factor on what remains; after: months
  int draw = -1;     // index into Layout::draws, for law / remaining / after
  double within = 0;
  int within_draw = -1;
  double not_before = -never_month, not_after = never_month;
  int follows = -1;  // index of the gate of `after` and `with`
  std::vector<int> also_follows;
  double offset = 0;
  double completes = 1;
  int completes_draw = -1;
  bool when_not = false;
  bool has_law = false;       // planned: whether a factor on what remains was given
  bool cut_at_known = false;  // what is certain may lie in the past, what is uncertain may not
};

struct LayoutSite {
  Name name;
  std::vector<int> halls, sources, lots;
  double racks_per_month = never_month;
};

struct PueSpan {
  double from_month;
  double peak;
  double annual;
};  // first starts at -infinity

struct OutageSpan {  // [from, to) in months
  double from, to;
  double share = 1;  // of the hall's IT power or the source's nameplate that is gone
};

struct LayoutHall {
  Name name;
  std::string path;
  int site = 0;
  double it_mw = 0;
  unsigned cooling_mask = 0;  // bit of CoolingClass
  double max_rack_kw = 0;
  int warm_gate = -1, cold_gate = -1, fitted_gate = -1;
  std::vector<PueSpan> pue;
  std::vector<OutageSpan>
      outages;  // sorted; among them the months closed for a retrofit, and all after a lease
  // retrofit: from `retrofit_month` the mask and rack limit change, and `pue` has a step there
  double retrofit_month = never_month;
  unsigned retrofit_mask = 0;
  double retrofit_max_rack_kw = 0;
  bool let = false;  // its MW leave the pool
};

struct LayoutSource {  // firm = nameplate x firm_share x (1 - curtailed)
  Name name;
  std::string path;
  int site = 0;
  double nameplate_mw = 0;  // facility
  double firm_share = 1;  // R3 without curtailment: firm = nameplate x firm_share x (1 - curtailed)
  double spare_share = 0, outage_share = 0;
  std::vector<double> tranche_mw;  // in their order; one entry when not written in tranches
  double every = 0;                // months between tranches
  int gate = -1;                   // first tranche
  std::vector<int> tranche_gate;   // by tranche: its own gate; -1: `every` after the one before. A
                                   // tranche never opens before the one before it
  int bridge_until = -1;           // source index that it yields to
  double ends_month = never_month;
  std::vector<OutageSpan> outages;
  double minimum_bill = 0;
  int price_draw = -1, curtailed_draw = -1;  // index into draws; -1: the law is fixed
};

struct LayoutClass {  // an accelerator type in use
  Name accelerator;   // catalogue row
  std::string line;
  double generation = 0;
  double h100e = 0;
  double h100_flops_ratio = 0;  // dense 8-bit peak over the H100's
  bool fp8 = false, fp4 = false;
};

struct LayoutLot {
  Name name;
  std::string path;
  int accelerator_class = 0;
  int site = 0;
  double count = 0;
  double ordered_month = -never_month;  // R2: without `ordered` before start
  int delivered_gate = -1;
  int cancelled_gate = -1;  // month in which the order is `gone` undelivered; -1: it cannot be
  double provisioned_kw = 0, idle_kw = 0, peak_kw = 0;  // IT, per accelerator
  double rack_kw = 0, accelerators_per_rack = 1;
  unsigned cooling_mask = 0;  // classes it can be cooled by
  double failed_share = 0;    // R9: min(1, rate x repair days / 365)
  double spares_share = 0;
  double life_months = never_month;
  // Halls that it fits, in the order of R6. With a retrofit: before or after it; the fleet asks
  // cooling and rack limit of the month. Halls that are let are in neither list.
  std::vector<int> halls;
  std::vector<int> other_halls;  // the other halls of the site by name (R10, C)
  double h100e = 0;
  // Over the cooling classes that it takes, the lowest PUE that the site can give (its own `pue`
  // and its halls'): of the notional hall of R10 and of the chips that wait (R22).
  std::vector<PueSpan> lowest_pue;
};

struct LayoutMarket {
  Name name;
  std::string path;
  Terms terms;
  bool unbounded = false;
  double demand_now_h100e = 0, growth = 0;
  double utilisation = 1;
  double ramp_months = 0;
  double max_behind = never_month;
  std::vector<bool> accepts_class;  // by class: feature and list of types; max_behind is the path's
  int ready_gate = -1;              // contract: ready_by
  std::vector<int> rent_draw;       // by class: of the rent the user wrote; -1: fixed or none
  // By class: factor on what is paid for an hour, of work that a replay found; empty: 1.
  std::vector<double> paid_work;
};
[[nodiscard]] inline double paid_work(const LayoutMarket& market, int accelerator_class) {
  return market.paid_work.empty() ? 1
                                  : market.paid_work[static_cast<std::size_t>(accelerator_class)];
}

struct Layout {
  int months = 0;       // horizon
  double start = 0;     // months since 2000-01
  double known_at = 0;  // months since start
  std::vector<FactorDraw> factors;
  std::vector<Draw> draws;
  std::vector<Gate> gates;  // each follows only earlier ones
  std::vector<LayoutSite> sites;
  std::vector<LayoutHall> halls;
  std::vector<LayoutSource> sources;
  std::vector<LayoutClass> classes;
  std::vector<LayoutLot> lots;
  std::vector<LayoutMarket> markets;  // by name; served in the order of Decisions::market_order
  // Releases on the lines in use, by line and generation: gate of availability. In volume
  // `in_volume_after` months later. Behind = floor(newest in volume) - floor(own).
  std::vector<int> release_gates;
  std::vector<std::string> release_line;
  std::vector<double> release_generation;
  double in_volume_after = 6;
};

// One placement order per month, fixed before the run (R5): it sees expected dates and rents only.
struct Decisions {
  std::vector<double> key;              // [month * lots + lot]
  std::vector<std::vector<int>> order;  // [month][rank] -> lot, highest key first, ties by name
  std::vector<int> market_order;        // service order (R14)
  std::vector<std::vector<int>> take_order;  // [market][rank] -> lot (R17)
};

}  // namespace warmshell::model
