#pragma once
// What the block kernels see: plain arrays, no ownership, nothing inline (these files are compiled
// once per vector level, and code of one level must never be linked into another). All rows are
// [item][path] with the block's width; widths are multiples of kernel_lanes.

#include "fleet/moved.h"

namespace warmshell::fleet {

// A flag or a small count. Not a character type: a store of one of those could change anything.
using Mark = unsigned short;

inline constexpr int kernel_lanes = 8;  // a group: paths that a step takes at once

inline constexpr int stretch_groups = 8;  // groups of one site that are placed side by side

// What dates of a site move in a month.
inline constexpr Mark moves_lots = 1;   // a lot is delivered or retired, or draws other power
inline constexpr Mark moves_rooms = 2;  // room of a hall
inline constexpr Mark moves_power = 4;  // a source, or what tenants draw
inline constexpr Mark moves_all = moves_lots | moves_rooms | moves_power;

enum class KernelSlotKind : int { own, other, notional };

// What is noted of a lot and a group of paths.
inline constexpr Mark noted_power = 1;       // its columns of `no_power` are not all 0
inline constexpr Mark noted_others = 2;      // nor those of `no_shell` and `no_cooling`
inline constexpr Mark noted_installing = 4;  // nor that of `installing`
inline constexpr Mark noted_closed = 8;      // some of what is racked stands in a closed hall

// A place for chips of a lot, with what the month says of it on every path.
struct KernelSlot {
  KernelSlotKind kind;
  int hall;        // by place in its site; -1: notional
  bool fits_all;   // no part of its hall or month is closed to the lot by a retrofit
  double mw_each;  // facility MW per accelerator
  double per_mw;   // 1 / mw_each
  double annual_pue;
  double fit_it_mw;  // IT MW of its hall in the part of the month in which it fits
  double leaves;     // share that a retrofit lets stand
};

struct KernelLot {
  int first_slot, own, slots;  // own halls first, then other halls, then the notional one
  int accelerator_class, site;
  bool mortal, always_whole;  // ends its life; leaves is 1 in every slot
  double count, tiny;         // tiny: what is rounding (R13)
  double it_mw_each, per_it_mw;
  double per_rack, racks_each;
  double failed_share, working_share;
  double idle_kw, busy_kw;
  double h100e, per_h100e;  // 0: it serves no demand
  double ordered;
};

struct KernelHall {
  double it_mw, peak_pue;
  bool let;
  int first_outage, outages;
};

struct KernelSource {
  bool lasts;  // it has no end and no outage
  int first_tranche, tranches, first_outage, outages;
  double ends, firm_share;
};

struct KernelOutage {
  double from, to, share;
};

struct KernelBridge {
  int source, yields_to;  // by place in the site; bridges of one source stand together
};

struct KernelSite {
  int first_hall, halls;      // into site_halls
  int first_source, sources;  // into site_sources
  int first_bridge, bridges;
  int first_lot, active_lots;  // into site_order: its lots in placement order
  bool crews;                  // whether crews are limited
  double racks;
};

struct KernelMarket {
  bool paid_idle;
  int ramp;  // index of its ramp; -1: none
  double busy_share;
  int first_take, takes;  // into take_order
};

struct KernelRamp {
  int whole_months;
  double part;  // of the month before them
  double per_month;
};

struct KernelBlock {
  // the block and the month
  int width = 0, month = 0;
  bool history = false, blame = true;
  bool lift_shell = false, lift_cooling = false, lift_power = false, lift_installation = false;
  int lots = 0, sites = 0, halls = 0, sources = 0, markets = 0, classes = 0, ramps = 0;
  int ramp_rows = 0, newest_row = 0;  // of `worked`: a ring of months
  bool every_market_ramps = false;
  bool slots_vary = false;                             // what slots say changes with the month
  bool same_prices = false, same_curtailment = false;  // as the month before
  bool first = false;  // the first month of the block: nothing stands from the month before

  // the same on every path
  const KernelLot* lot = nullptr;
  const KernelSlot* slot = nullptr;
  const KernelHall* hall = nullptr;
  const KernelSource* source = nullptr;
  const KernelSite* site = nullptr;
  const KernelMarket* market = nullptr;
  const KernelRamp* ramp = nullptr;
  const KernelOutage* outage = nullptr;
  const double* tranche_mw = nullptr;
  const KernelBridge* bridge = nullptr;
  const int* site_halls = nullptr;
  const int* site_sources = nullptr;
  const int* site_order = nullptr;  // active lots of each site in placement order
  const int* order = nullptr;       // active lots of the portfolio in placement order
  int active_lots = 0;
  const int* take_order = nullptr;  // active lots that the market accepts, by market
  const int* market_order = nullptr;
  const Mark* accepts = nullptr;         // [market][class]
  const Mark* site_moves = nullptr;      // [site][group] what dates of this month and of the one
                                         // before move: moves_lots, moves_rooms, moves_power
  const Mark* site_reordered = nullptr;  // [site] its lots stand in another order
  const Mark* lot_moves = nullptr;       // [lot] whether its dates move anything this month
  const Mark* lot_retires = nullptr;     // [lot] some path is past the end of its life

  // dates, [item][path]
  const double* delivered = nullptr;
  const double* cancelled = nullptr;
  const double* retired = nullptr;
  const double* opens = nullptr;         // [tranche]
  const double* warm = nullptr;          // [hall]
  const double* hall_gate = nullptr;     // [hall] never where no gate is written
  const double* last_opening = nullptr;  // [source] of all tranches and paths

  // draws of the month, [item][path]
  const double* curtailed_share = nullptr;
  const double* price_per_mwh = nullptr;
  const double* demand_h100e = nullptr;
  const double* accept_share = nullptr;

  // state, [item][path]
  double* racked = nullptr;     // [slot]
  double* installed = nullptr;  // [slot]
  double* worked = nullptr;     // [ring month][lot]

  // passed from step to step, [item][path]
  double* present = nullptr;           // [lot]
  double* working = nullptr;           // [lot]
  double* mean_mw = nullptr;           // [lot] facility MW per installed chip
  double* mean_pue = nullptr;          // [lot] annual
  double* curtailed_before = nullptr;  // [source] the curtailment that `firm` was worked out with
  double* firm = nullptr;              // [source]
  double* fleet_mw = nullptr;          // [site]
  double* room = nullptr;              // [hall]
  double* lit_mw = nullptr;            // [site]
  double* could_use = nullptr;         // [site]

  // what the markets made of the month before, [item][path]
  double* open = nullptr;              // [market][lot] most that the market could take
  double* ramped = nullptr;            // [ramp][lot]
  double* sold_all = nullptr;          // [lot]
  double* idle = nullptr;              // [lot]
  double* refusable = nullptr;         // [lot] idle and not ramping
  double* dark = nullptr;              // [lot]
  double* accept_before = nullptr;     // [market][class]
  double* price_before = nullptr;      // [source]
  double* cheaper_mwh = nullptr;       // [source] most that cheaper ones give
  double* most_mwh = nullptr;          // [site] most that all its sources give
  unsigned long* path_sets = nullptr;  // of one strip: by lot, site, class
  // by group:
  Mark* dirty_blame = nullptr;   // [site][group] columns of the dark are not all 0
  Mark* supply_stood = nullptr;  // [site][group] power of its sources is as the month before
  Mark* placed_any = nullptr;    // [site][group] the month before moved or installed chips
  Mark* dark_moves = nullptr;    // [lot][group] other chips of it are dark than the month before
  Mark* placed_now = nullptr;    // [site][group] placement was worked out this month
  Mark* notes = nullptr;         // [lot][group] what of it is not as of most: noted_power, ...
  int* placed_in = nullptr;      // [site][group] month in which placement was worked out last
  int* worked_since = nullptr;   // [lot][group] month in which `working` changed last
  // by strip, see strip.h:
  Mark* shut = nullptr;            // [strip][market][lot] nothing of the lot is open to the market
  unsigned long* idles = nullptr;  // [strip][lot] where some of `refusable` is above 0
  unsigned long* sells = nullptr;  // [strip][lot] where some of the dark is sellable
  Mark* dark_in = nullptr;         // [strip][lot] which states of the dark are above 0, a bit each
  double* scratch = nullptr;       // lanes of one site and vector

  // columns of the month, see columns.h
  double* out_ordered = nullptr;
  double* out_delivered = nullptr;
  double* out_gone = nullptr;
  double* out_state[10] = {};
  double* out_alone[3] = {};
  double* out_sellable[4] = {};
  double* out_sellable_alone[3] = {};
  double* out_housed = nullptr;
  double* out_installed = nullptr;
  double* out_age = nullptr;
  double* out_sold = nullptr;
  double* out_busy = nullptr;
  double* out_sellable_to = nullptr;
  double* out_unmet = nullptr;
  double* out_megawatt[10] = {};
  double* out_energy = nullptr;
  double* out_let = nullptr;
  double* out_energised = nullptr;
  double* out_source_energy = nullptr;
  unsigned char* lot_moved = nullptr;   // [lot][group]
  unsigned char* site_moved = nullptr;  // [site][group]
};

// What the checks of fleet/ledger.h see.
struct LedgerBlock {
  int width = 0, lots = 0, sites = 0, sources = 0, markets = 0;
  bool ask_chips = true, ask_power = true;
  bool ask_all = true;                       // also of what has not moved
  const unsigned char* lot_moved = nullptr;  // as in columns.h
  const unsigned char* site_moved = nullptr;
  const double* per_count = nullptr;  // [lot]
  const double* h100e = nullptr;      // [lot]
  const int* site_sources = nullptr;  // sources by site
  const int* first_source = nullptr;  // [site and one more] into site_sources
  const double* demand = nullptr;
  double* ordered_before = nullptr;
  double* delivered_before = nullptr;
  double* gone_before = nullptr;
  const double* ordered = nullptr;
  const double* delivered = nullptr;
  const double* gone = nullptr;
  const double* state[10] = {};
  const double* sellable[4] = {};
  const double* installed = nullptr;
  const double* sold = nullptr;
  const double* busy = nullptr;
  const double* sellable_to = nullptr;
  const double* unmet = nullptr;
  const double* megawatt[10] = {};
  const double* energy = nullptr;
  const double* source_energised = nullptr;
  const double* source_energy = nullptr;
  double worst[7] = {};  // of each check
  double sum = 0;        // of all residuals: NaN where any number was
};

// One table per vector level; each entry runs one step of the month over all paths of the block.
struct KernelTable {
  void (*deliver)(const KernelBlock&);
  void (*supply)(const KernelBlock&);
  void (*place)(const KernelBlock&);
  void (*serve)(const KernelBlock&);
  void (*check)(LedgerBlock&);
};

enum class VectorLevel : int;
[[nodiscard]] const KernelTable& kernels_of(VectorLevel level);
extern const KernelTable kernels_v2, kernels_v3, kernels_v4;

}  // namespace warmshell::fleet
