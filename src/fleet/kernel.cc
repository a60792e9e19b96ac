#include "fleet/kernel.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include "fleet/column_store.h"
#include "fleet/frame.h"
#include "fleet/kernel_data.h"

namespace warmshell::fleet {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double longest_history = 120;

// Rows of doubles in one aligned allocation, three cache lines apart: rows of the same lot must not
// fall into one set of the cache.
constexpr std::size_t apart = 24;
class Rows {
 public:
  double* take(std::size_t rows, std::size_t width) {
    const std::size_t from = size_;
    size_ += (rows * width + 7) / 8 * 8 + apart;
    return reinterpret_cast<double*>(from);  // an offset until settle()
  }
  void settle() {
    memory_.reset(
        static_cast<double*>(::operator new[]((size_ + 8) * sizeof(double), std::align_val_t(64))));
    clear();
  }
  void place(double*& row) { row = memory_.get() + reinterpret_cast<std::size_t>(row); }
  void clear() { std::fill_n(memory_.get(), size_, 0.0); }

 private:
  struct Free {
    void operator()(double* memory) const { ::operator delete[](memory, std::align_val_t(64)); }
  };
  std::size_t size_ = 0;
  std::unique_ptr<double[], Free> memory_;
};

}  // namespace

const KernelTable& kernels_of(VectorLevel level) {
  switch (level) {
    case VectorLevel::v2:
      return kernels_v2;
    case VectorLevel::v3:
      return kernels_v3;
    case VectorLevel::v4:
      return kernels_v4;
  }
  return kernels_v2;
}

bool runs_here(VectorLevel level) {
  switch (level) {
    case VectorLevel::v2:
      return true;
    case VectorLevel::v3:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    case VectorLevel::v4:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd");
  }
  return false;
}

VectorLevel best_level() {
  const char* asked = std::getenv("WARMSHELL_KERNEL");
  const std::string_view name = asked == nullptr ? "" : asked;
  if (name == "v2") return VectorLevel::v2;
  if (name == "v3" && runs_here(VectorLevel::v3)) return VectorLevel::v3;
  if (name != "v3" && runs_here(VectorLevel::v4)) return VectorLevel::v4;
  return runs_here(VectorLevel::v3) ? VectorLevel::v3 : VectorLevel::v2;
}

struct Funnel::Impl {
  const model::Layout& layout;
  const model::Decisions& decisions;
  const KernelTable& kernels;
  Frame frame;
  ColumnStore columns;
  Rows rows;
  KernelBlock block;
  std::size_t width;

  // of the block
  std::vector<double> first_move, last_move, first_delivery;  // [lot]
  int next = 0;
  // of the month
  std::vector<int> site_order, order, take_order;
  std::vector<Mark> lot_moves, site_reordered;
  std::vector<Mark> dirty_blame, dirty_sell, supply_stood, placed_any, placed_now, dark_moves,
      quiet, idles, marks;
  std::vector<Mark> moves;          // [month][site][block of kernel_lanes paths], of the block
  std::vector<Mark> order_changes;  // [month] placement order is not that of the one before
  std::vector<int> order_before;
  std::vector<std::pair<int, int>> lots_before;  // [site] from and to in order_before

  Impl(const model::Layout& the_layout, const model::Decisions& the_decisions, int the_width,
       Mode mode, VectorLevel level)
      : layout(the_layout),
        decisions(the_decisions),
        kernels(kernels_of(level)),
        frame(make_frame(the_layout, the_decisions)),
        columns(the_layout, the_width),
        width(static_cast<std::size_t>(the_width)) {
    set_month(frame, layout, 0);
    KernelBlock& b = block;
    b.width = the_width;
    const bool lifts = mode.lift_shell || mode.lift_cooling || mode.lift_power;
    b.blame = mode.blame && !lifts;
    b.lift_shell = mode.lift_shell;
    b.lift_cooling = mode.lift_cooling;
    b.lift_power = mode.lift_power;
    b.lift_installation = mode.lift_installation;
    b.lots = static_cast<int>(layout.lots.size());
    b.sites = static_cast<int>(layout.sites.size());
    b.halls = static_cast<int>(layout.halls.size());
    b.sources = static_cast<int>(layout.sources.size());
    b.markets = static_cast<int>(layout.markets.size());
    b.classes = static_cast<int>(layout.classes.size());
    b.ramps = static_cast<int>(frame.ramps.size());
    b.ramp_rows = frame.ramp_rows;
    b.every_market_ramps = frame.every_market_ramps;
    b.slots_vary = frame.month_varies;
    b.lot = frame.lots.data();
    b.slot = frame.slots.data();
    b.hall = frame.halls.data();
    b.source = frame.sources.data();
    b.site = frame.sites.data();
    b.market = frame.markets.data();
    b.ramp = frame.ramps.data();
    b.outage = frame.outages.data();
    b.tranche_mw = frame.tranche_mw.data();
    b.bridge = frame.bridges.data();
    b.site_halls = frame.site_halls.data();
    b.site_sources = frame.site_sources.data();
    b.market_order = frame.market_order.data();
    b.accepts = frame.accepts.data();

    const std::size_t lots = layout.lots.size();
    lot_moves.resize(lots);
    dirty_blame.resize(layout.sites.size() * width);
    supply_stood.resize(layout.sites.size() * width);
    placed_any.resize(layout.sites.size() * width);
    placed_now.resize(layout.sites.size() * width);
    dark_moves.resize(lots * width);
    quiet.resize(lots * width);
    idles.resize(lots * width);
    marks.resize(2 * lots + layout.sites.size() + layout.classes.size());
    site_reordered.resize(layout.sites.size());
    moves.resize(static_cast<std::size_t>(layout.months) * layout.sites.size() *
                 (width / kernel_lanes));
    dirty_sell.resize(lots * width);
    first_move.resize(lots);
    last_move.resize(lots);
    first_delivery.resize(lots);
    site_order.resize(lots);
    order_before.resize(lots);
    lots_before.resize(layout.sites.size());
    for (int t = 0; t < layout.months; ++t)
      order_changes.push_back(t == 0 || decisions.order[t] != decisions.order[t - 1] ? 1 : 0);
    order.resize(lots);
    take_order.resize(lots * layout.markets.size());
    b.lot_moves = lot_moves.data();
    b.dirty_blame = dirty_blame.data();
    b.dirty_sell = dirty_sell.data();
    b.supply_stood = supply_stood.data();
    b.placed_any = placed_any.data();
    b.placed_now = placed_now.data();
    b.dark_moves = dark_moves.data();
    b.quiet = quiet.data();
    b.idles = idles.data();
    b.marks = marks.data();
    b.site_reordered = site_reordered.data();
    b.site_order = site_order.data();
    b.order = order.data();
    b.take_order = take_order.data();
    allocate();
    point_at_columns();
  }

  void allocate() {
    KernelBlock& b = block;
    const std::size_t lots = layout.lots.size(), sites = layout.sites.size();
    struct Piece {
      double** row;
      std::size_t rows;
    };
    const Piece pieces[] = {
        {const_cast<double**>(&b.delivered), lots},
        {const_cast<double**>(&b.cancelled), lots},
        {const_cast<double**>(&b.retired), lots},
        {const_cast<double**>(&b.opens), frame.tranche_mw.size()},
        {const_cast<double**>(&b.warm), layout.halls.size()},
        {const_cast<double**>(&b.hall_gate), layout.halls.size()},
        {&b.racked, frame.slots.size()},
        {&b.installed, frame.slots.size()},
        {&b.worked, lots * static_cast<std::size_t>(frame.ramp_rows)},
        {&b.present, lots},
        {&b.working, lots},
        {&b.mean_mw, lots},
        {&b.mean_pue, lots},
        {&b.firm, layout.sources.size()},
        {&b.curtailed_before, layout.sources.size()},
        {&b.fleet_mw, sites},
        {&b.room, layout.halls.size()},
        {&b.lit_mw, sites},
        {&b.could_use, sites},
        {&b.open, lots * layout.markets.size()},
        {&b.ramped, lots * frame.ramps.size()},
        {&b.sold_all, lots},
        {&b.idle, lots},
        {&b.refusable, lots},
        {&b.dark, lots},
        {&b.accept_before, layout.markets.size() * layout.classes.size()},
        {&b.price_before, layout.sources.size()},
    };
    for (const Piece& piece : pieces) *piece.row = rows.take(piece.rows, width);
    b.scratch = rows.take(static_cast<std::size_t>(frame.scratch_lanes), kernel_lanes);
    rows.settle();
    for (const Piece& piece : pieces) rows.place(*piece.row);
    rows.place(b.scratch);
  }

  void point_at_columns() {
    KernelBlock& b = block;
    Columns& c = columns.columns();
    b.out_ordered = c.ordered;
    b.out_delivered = c.delivered;
    b.out_gone = c.gone;
    for (int s = 0; s < state_count; ++s) b.out_state[s] = c.state[s];
    for (int s = 0; s < alone_count; ++s) b.out_alone[s] = c.alone[s];
    for (int s = 0; s < dark_count; ++s) b.out_sellable[s] = c.sellable[s];
    for (int s = 0; s < alone_count; ++s) b.out_sellable_alone[s] = c.sellable_alone[s];
    b.out_housed = c.housed;
    b.out_installed = c.installed;
    b.out_age = c.delivered_age;
    b.out_sold = c.sold;
    b.out_busy = c.busy;
    b.out_sellable_to = c.sellable_to;
    b.out_unmet = c.unmet_h100e;
    for (int m = 0; m < megawatt_count; ++m) b.out_megawatt[m] = c.megawatt[m];
    b.out_energy = c.energy_mwh;
    b.out_let = c.let_live_mw;
    b.out_energised = c.source_energised_mw;
    b.out_source_energy = c.source_energy_mwh;
  }

  void begin(const double* const* gates) {
    rows.clear();
    for_each_column(columns.columns(), [&](std::string_view, double* column, int n) {
      std::fill_n(column, static_cast<std::size_t>(n) * width, 0.0);
    });
    std::fill(dirty_blame.begin(), dirty_blame.end(), static_cast<Mark>(0));
    std::fill(dirty_sell.begin(), dirty_sell.end(), static_cast<Mark>(0));
    std::fill(placed_any.begin(), placed_any.end(), static_cast<Mark>(0));
    std::fill(dark_moves.begin(), dark_moves.end(), static_cast<Mark>(0));
    std::fill(placed_now.begin(), placed_now.end(), static_cast<Mark>(0));
    std::fill(quiet.begin(), quiet.end(), static_cast<Mark>(255));
    std::fill(idles.begin(), idles.end(), static_cast<Mark>(0));
    set_lot_dates(gates);
    set_opening_dates(gates);
    mark_moves();
    for (auto& range : lots_before) range = {0, 0};
    next = 0;
  }

  void set_lot_dates(const double* const* gates) {
    for (std::size_t l = 0; l < layout.lots.size(); ++l) {
      const model::LayoutLot& lot = layout.lots[l];
      double* delivered = const_cast<double*>(block.delivered) + l * width;
      double* cancelled = const_cast<double*>(block.cancelled) + l * width;
      double* retired = const_cast<double*>(block.retired) + l * width;
      double first = std::max(lot.ordered_month, -never), last = lot.ordered_month;
      double arrival = never;
      for (std::size_t p = 0; p < width; ++p) {
        delivered[p] = std::max(lot.ordered_month, gates[lot.delivered_gate][p]);
        cancelled[p] = lot.cancelled_gate >= 0 && delivered[p] == never
                           ? std::max(lot.ordered_month, gates[lot.cancelled_gate][p])
                           : never;
        retired[p] = delivered[p] + lot.life_months;
        arrival = std::min(arrival, delivered[p]);
        for (double date : {delivered[p], cancelled[p], retired[p]}) {
          first = std::min(first, date);
          if (date < never) last = std::max(last, date);
        }
      }
      first_move[l] = first;
      last_move[l] = last;
      first_delivery[l] = arrival;
    }
  }

  void set_opening_dates(const double* const* gates) {
    for (std::size_t s = 0; s < layout.sources.size(); ++s) {
      const model::LayoutSource& source = layout.sources[s];
      double* row = const_cast<double*>(block.opens) +
                    static_cast<std::size_t>(frame.sources[s].first_tranche) * width;
      for (std::size_t k = 0; k < source.tranche_mw.size(); ++k, row += width) {
        const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
        for (std::size_t p = 0; p < width; ++p) {
          const double before = k > 0 ? row[p - width] : -never;
          if (own >= 0)
            row[p] = std::max(before, gates[own][p]);
          else
            row[p] = k > 0 ? before + source.every : gates[source.gate][p];
        }
      }
    }
    for (std::size_t h = 0; h < layout.halls.size(); ++h) {
      const int gate = layout.halls[h].warm_gate;
      double* warm = const_cast<double*>(block.warm) + h * width;
      double* written = const_cast<double*>(block.hall_gate) + h * width;
      for (std::size_t p = 0; p < width; ++p) {
        warm[p] = gate >= 0 ? gates[gate][p] : -never;
        written[p] = gate >= 0 ? gates[gate][p] : never;
      }
    }
  }

  // The months in which a date of a site changes what stands there: the month of the date, and the
  // next when it falls inside a month.
  void mark_moves() {
    std::fill(moves.begin(), moves.end(), static_cast<Mark>(0));
    const std::size_t blocks = width / kernel_lanes;
    const auto mark = [&](int site, std::size_t group, double date) {
      if (!(date > -2 && date < layout.months)) return;
      const int first = static_cast<int>(std::floor(date));
      for (int t = std::max(first, 0); t <= first + 1 && t < layout.months; ++t)
        moves[(static_cast<std::size_t>(t) * layout.sites.size() + static_cast<std::size_t>(site)) *
                  blocks +
              group] = 1;
    };
    const auto mark_all = [&](int site, double date) {
      for (std::size_t group = 0; group < blocks; ++group) mark(site, group, date);
    };
    const auto mark_row = [&](int site, const double* row) {
      for (std::size_t p = 0; p < width; ++p) mark(site, p / kernel_lanes, row[p]);
    };
    for (std::size_t l = 0; l < layout.lots.size(); ++l) {
      mark_row(layout.lots[l].site, block.delivered + l * width);
      mark_row(layout.lots[l].site, block.retired + l * width);
      for (const model::PueSpan& span : layout.lots[l].lowest_pue)
        mark_all(layout.lots[l].site, span.from_month);
    }
    for (std::size_t h = 0; h < layout.halls.size(); ++h) {
      const model::LayoutHall& hall = layout.halls[h];
      mark_row(hall.site, block.warm + h * width);
      mark_all(hall.site, hall.retrofit_month);
      for (const model::PueSpan& span : hall.pue) mark_all(hall.site, span.from_month);
      for (const model::OutageSpan& outage : hall.outages) {
        mark_all(hall.site, outage.from);
        mark_all(hall.site, outage.to);
      }
    }
    for (std::size_t s = 0; s < layout.sources.size(); ++s) {
      const model::LayoutSource& source = layout.sources[s];
      const std::size_t first = static_cast<std::size_t>(frame.sources[s].first_tranche);
      for (std::size_t k = 0; k < source.tranche_mw.size(); ++k)
        mark_row(source.site, block.opens + (first + k) * width);
      mark_all(source.site, source.ends_month);
      for (const model::OutageSpan& outage : source.outages) {
        mark_all(source.site, outage.from);
        mark_all(source.site, outage.to);
      }
    }
  }

  // Lots that some path has by the end of the month, in the orders of the month; before that all
  // that is said of a lot is 0.
  void set_orders(int month) {
    const auto& placement = decisions.order[static_cast<std::size_t>(std::max(month, 0))];
    const auto active = [&](int l) { return first_delivery[l] < month + 1; };
    const bool joins = std::any_of(first_delivery.begin(), first_delivery.end(), [&](double date) {
      return date < month + 1 && !(date < month);
    });
    if (month > 0 && !joins && order_changes[static_cast<std::size_t>(month)] == 0) {
      std::fill(site_reordered.begin(), site_reordered.end(), static_cast<Mark>(0));
      return;  // as the month before
    }
    int n = 0;
    for (KernelSite& site : frame.sites) site.active_lots = 0;
    for (int l : placement) {
      if (!active(l)) continue;
      order[n++] = l;
      ++frame.sites[layout.lots[l].site].active_lots;
    }
    block.active_lots = n;
    int from = 0;
    for (KernelSite& site : frame.sites) {
      site.first_lot = from;
      from += site.active_lots;
      site.active_lots = 0;
    }
    order_before.swap(site_order);
    site_order.resize(order.size());
    block.site_order = site_order.data();
    std::fill(site_reordered.begin(), site_reordered.end(), static_cast<Mark>(0));
    for (int i = 0; i < n; ++i) {
      const int at_site = layout.lots[order[i]].site;
      KernelSite& site = frame.sites[at_site];
      const int place = site.first_lot + site.active_lots++;
      site_order[place] = order[i];
    }
    mark_reordered();
    if (month < 0) return;
    int taken = 0;
    for (std::size_t m = 0; m < layout.markets.size(); ++m) {
      frame.markets[m].first_take = taken;
      for (int l : decisions.take_order[m]) {
        const bool accepted =
            frame.accepts[m * layout.classes.size() + layout.lots[l].accelerator_class] != 0;
        if (active(l) && accepted && frame.lots[l].h100e > 0) take_order[taken++] = l;
      }
      frame.markets[m].takes = taken - frame.markets[m].first_take;
    }
  }

  // Sites whose lots stand in another order than the month before.
  void mark_reordered() {
    for (std::size_t s = 0; s < frame.sites.size(); ++s) {
      const KernelSite& now = frame.sites[s];
      const std::pair<int, int> was = lots_before[s];
      site_reordered[s] =
          std::equal(site_order.begin() + now.first_lot,
                     site_order.begin() + now.first_lot + now.active_lots,
                     order_before.begin() + was.first, order_before.begin() + was.second)
              ? 0
              : 1;
      lots_before[s] = {now.first_lot, now.first_lot + now.active_lots};
    }
  }

  void run_month(int month) {
    KernelBlock& b = block;
    b.month = month;
    b.history = month < 0;
    b.first = month <= 0;
    if (month >= 0)
      b.site_moves = moves.data() +
                     static_cast<std::size_t>(month) * layout.sites.size() * (width / kernel_lanes);
    if (frame.month_varies) set_month(frame, layout, month);
    set_orders(month);
    for (std::size_t l = 0; l < layout.lots.size(); ++l) {
      const bool first = month == 0 || b.history;
      const bool before = first_move[l] >= month + 1;
      const bool after = last_move[l] <= month - 1;
      lot_moves[l] = first || !(before || after) ? 1 : 0;
    }
    if (b.ramp_rows > 0) b.newest_row = (b.newest_row + 1) % b.ramp_rows;
    kernels.deliver(b);
    kernels.supply(b);
    kernels.place(b);
  }

  void run_history() {
    double first = 0;
    for (double arrival : first_delivery) first = std::min(first, arrival);
    const double from = std::max(std::floor(first), -longest_history);
    for (int month = static_cast<int>(from); month < 0; ++month) run_month(month);
  }

  const Columns& next_month(const world::MonthColumns& draws) {
    block.curtailed_share = draws.curtailed_share;
    block.price_per_mwh = draws.price_per_mwh;
    block.demand_h100e = draws.demand_h100e;
    block.accept_share = draws.accept_share;
    block.same_prices = draws.same_prices && next > 0;
    block.same_curtailment = draws.same_curtailment && next > 0;
    if (next == 0) run_history();
    run_month(next++);
    kernels.serve(block);
    return columns.columns();
  }
};

Funnel::Funnel(const model::Layout& layout, const model::Decisions& decisions, int width, Mode mode,
               VectorLevel level)
    : impl_(std::make_unique<Impl>(layout, decisions, width, mode, level)) {}
Funnel::~Funnel() = default;
Funnel::Funnel(Funnel&&) noexcept = default;

void Funnel::begin(const double* const* gate_rows) {
  impl_->begin(gate_rows);
}
const Columns& Funnel::next_month(const world::MonthColumns& draws) {
  return impl_->next_month(draws);
}

}  // namespace warmshell::fleet
