#include "fleet/kernel.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>
#include <vector>

#include "fleet/block_dates.h"
#include "fleet/column_store.h"
#include "fleet/frame.h"
#include "fleet/kernel_data.h"

namespace warmshell::fleet {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();
constexpr double longest_history = 120;
constexpr int long_ago = -1000000;  // a month before all others

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
  std::size_t width, groups;

  // of the block
  BlockDates dates;
  int next = 0;
  // What the months before `start` left behind, and what it followed from.
  std::vector<double> past, left_behind;
  std::vector<int> worked_since_past;
  int newest_row_past = 0;
  // of the month
  std::vector<int> site_order, order, take_order;
  std::vector<Mark> lot_retires, site_reordered;
  std::vector<Mark> group_marks;
  std::vector<unsigned long> path_sets, strip_sets;
  std::vector<int> worked_since, placed_in;
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
        width(static_cast<std::size_t>(the_width)),
        groups(width / kernel_lanes),
        dates(layout, width) {
    if (the_width <= 0 || the_width % (2 * kernel_lanes) != 0)
      std::abort();  // strips of two groups
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

    lot_retires.resize(layout.lots.size());
    site_reordered.resize(layout.sites.size());
    site_order.resize(layout.lots.size());
    order_before.resize(layout.lots.size());
    lots_before.resize(layout.sites.size());
    for (int t = 0; t < layout.months; ++t)
      order_changes.push_back(t == 0 || decisions.order[t] != decisions.order[t - 1] ? 1 : 0);
    order.resize(layout.lots.size());
    take_order.resize(layout.lots.size() * layout.markets.size());
    b.lot_retires = lot_retires.data();
    b.site_reordered = site_reordered.data();
    b.site_order = site_order.data();
    b.order = order.data();
    b.take_order = take_order.data();
    allocate_marks();
    allocate();
    point_at_columns();
  }

  void allocate_marks() {
    KernelBlock& b = block;
    const std::size_t lots = layout.lots.size() * groups, sites = layout.sites.size() * groups;
    struct Piece {
      Mark** marks;
      std::size_t size;
    };
    const Piece pieces[] = {{&b.dirty_blame, sites}, {&b.supply_stood, sites},
                            {&b.placed_any, sites},  {&b.placed_now, sites},
                            {&b.dark_moves, lots},   {&b.dark_in, lots},
                            {&b.notes, lots},        {&b.shut, lots * layout.markets.size()}};
    std::size_t size = 0;
    for (const Piece& piece : pieces) size += piece.size;
    group_marks.resize(size);
    Mark* next_marks = group_marks.data();
    for (const Piece& piece : pieces) {
      *piece.marks = next_marks;
      next_marks += piece.size;
    }
    strip_sets.resize(2 * lots);
    b.idles = strip_sets.data();
    b.sells = b.idles + lots;
    path_sets.resize(layout.lots.size() + layout.sites.size() + 2 * layout.classes.size() +
                     2 * layout.markets.size());
    b.path_sets = path_sets.data();
    worked_since.resize(lots);
    placed_in.resize(sites);
    b.worked_since = worked_since.data();
    b.placed_in = placed_in.data();
  }

  void allocate() {
    KernelBlock& b = block;
    const std::size_t lots = layout.lots.size(), sites = layout.sites.size();
    struct Piece {
      double** row;
      std::size_t rows;
    };
    const Piece pieces[] = {
        {&dates.delivered, lots},
        {&dates.cancelled, lots},
        {&dates.retired, lots},
        {&dates.opens, frame.tranche_mw.size()},
        {&dates.warm, layout.halls.size()},
        {&dates.hall_gate, layout.halls.size()},
        // from here to `present`: what a month leaves to the next
        {&b.racked, frame.slots.size()},
        {&b.installed, frame.slots.size()},
        {&b.worked, lots * static_cast<std::size_t>(frame.ramp_rows)},
        {&b.working, lots},
        {&b.present, lots},
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
        {&b.cheaper_mwh, layout.sources.size()},
        {&b.most_mwh, sites},
    };
    for (const Piece& piece : pieces) *piece.row = rows.take(piece.rows, width);
    b.scratch = rows.take(static_cast<std::size_t>(frame.scratch_lanes), kernel_lanes);
    rows.settle();
    for (const Piece& piece : pieces) rows.place(*piece.row);
    rows.place(b.scratch);
    b.delivered = dates.delivered;
    b.cancelled = dates.cancelled;
    b.retired = dates.retired;
    b.opens = dates.opens;
    b.warm = dates.warm;
    b.hall_gate = dates.hall_gate;
    b.last_opening = dates.last_opening.data();
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
    b.lot_moved = c.lot_moved;
    b.site_moved = c.site_moved;
  }

  void begin(const double* const* gates) {
    rows.clear();
    for_each_column(columns.columns(), [&](std::string_view, double* column, int n) {
      std::fill_n(column, static_cast<std::size_t>(n) * width, 0.0);
    });
    std::fill(group_marks.begin(), group_marks.end(), static_cast<Mark>(0));
    std::fill(strip_sets.begin(), strip_sets.end(), 0ul);
    std::fill(worked_since.begin(), worked_since.end(), long_ago);
    dates.set(layout, frame, gates);
    for (auto& range : lots_before) range = {0, 0};
    next = 0;
  }

  // Lots that some path has by the end of the month, in the orders of the month; before that all
  // that is said of a lot is 0.
  void set_orders(int month) {
    const auto& placement = decisions.order[static_cast<std::size_t>(std::max(month, 0))];
    const auto active = [&](int l) { return dates.first_delivery[l] < month + 1; };
    const bool joins =
        std::any_of(dates.first_delivery.begin(), dates.first_delivery.end(),
                    [&](double date) { return date < month + 1 && !(date < month); });
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
    if (month >= 0) {
      const auto t = static_cast<std::size_t>(month);
      b.site_moves = dates.site_moves.data() + t * layout.sites.size() * groups;
      b.lot_moves = dates.lot_moves.data() + t * layout.lots.size();
    }
    if (frame.month_varies) set_month(frame, layout, month);
    set_orders(month);
    for (std::size_t l = 0; l < layout.lots.size(); ++l)
      lot_retires[l] = dates.first_retirement[l] < month + 1 ? 1 : 0;
    mark_columns(0);
    std::fill(b.dark_moves, b.dark_moves + layout.lots.size() * groups, static_cast<Mark>(0));
    if (b.ramp_rows > 0) b.newest_row = (b.newest_row + 1) % b.ramp_rows;
    kernels.deliver(b);
    kernels.supply(b);
    kernels.place(b);
  }

  // The months before `start`. They follow from the dates before it and the curtailment of month 0,
  // and leave behind what is racked and installed, and what worked as far as ramps look back. Most
  // blocks share all of that with the block before.
  void run_history() {
    double first = 0;
    for (double arrival : dates.first_delivery) first = std::min(first, arrival);
    if (first >= 0) return;
    KernelBlock& b = block;
    const std::size_t state = static_cast<std::size_t>(b.present - b.racked);
    if (same_past()) {
      std::copy_n(left_behind.data(), state, b.racked);
      worked_since = worked_since_past;
      b.newest_row = newest_row_past;
      return;
    }
    const double from = std::max(std::floor(first), -longest_history);
    for (int month = static_cast<int>(from); month < 0; ++month) run_month(month);
    left_behind.assign(b.racked, b.racked + state);
    worked_since_past = worked_since;
    newest_row_past = b.newest_row;
  }

  // Whether all that the months before `start` follow from is as in the block before.
  bool same_past() {
    const KernelBlock& b = block;
    const struct {
      const double* row;
      std::size_t rows;
      double until;
    } pieces[] = {{dates.delivered, layout.lots.size(), 0},
                  {dates.retired, layout.lots.size(), 0},
                  {dates.opens, frame.tranche_mw.size(), 0},
                  {dates.warm, layout.halls.size(), 0},
                  {b.curtailed_share, layout.sources.size(), never}};
    std::size_t size = 0;
    for (const auto& piece : pieces) size += piece.rows * width;
    bool same = past.size() == size;
    past.resize(size);
    double* before = past.data();
    for (const auto& piece : pieces)
      for (std::size_t i = 0; i < piece.rows * width; ++i, ++before) {
        const double now = std::min(piece.row[i], piece.until);
        same &= *before == now;
        *before = now;
      }
    return same;
  }

  void mark_columns(unsigned char moved) {
    const Columns& c = columns.columns();
    std::fill_n(c.lot_moved, layout.lots.size() * groups, moved);
    std::fill_n(c.site_moved, layout.sites.size() * groups, moved);
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
    if (block.first) mark_columns(moved_anything);
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
