#include "fleet/block_dates.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/tranches.h"

namespace warmshell::fleet {

namespace {
constexpr double never = std::numeric_limits<double>::infinity();
}

BlockDates::BlockDates(const model::Layout& layout, std::size_t width)
    : width_(width), groups_(width / kernel_lanes) {
  const std::size_t lots = layout.lots.size();
  first_delivery.resize(lots);
  first_retirement.resize(lots);
  last_opening.resize(layout.sources.size());
  const auto months = static_cast<std::size_t>(layout.months);
  site_moves.resize(months * layout.sites.size() * groups_);
  lot_moves.resize(months * lots);
}

void BlockDates::set(const model::Layout& layout, const Frame& frame, const double* const* gates) {
  set_lots(layout, gates);
  set_openings(layout, frame, gates);
  mark_moves(layout, frame);
}

void BlockDates::set_lots(const model::Layout& layout, const double* const* gates) {
  for (std::size_t l = 0; l < layout.lots.size(); ++l) {
    const model::LayoutLot& lot = layout.lots[l];
    double* arrives = delivered + l * width_;
    double* ends = cancelled + l * width_;
    double* retires = retired + l * width_;
    double arrival = never, retirement = never;
    for (std::size_t p = 0; p < width_; ++p) {
      arrives[p] = std::max(lot.ordered_month, gates[lot.delivered_gate][p]);
      ends[p] = lot.cancelled_gate >= 0 && arrives[p] == never
                    ? std::max(lot.ordered_month, gates[lot.cancelled_gate][p])
                    : never;
      retires[p] = arrives[p] + lot.life_months;
      arrival = std::min(arrival, arrives[p]);
      retirement = std::min(retirement, retires[p]);
    }
    first_delivery[l] = arrival;
    first_retirement[l] = retirement;
  }
}

void BlockDates::set_openings(const model::Layout& layout, const Frame& frame,
                              const double* const* gates) {
  for (std::size_t s = 0; s < layout.sources.size(); ++s) {
    const model::LayoutSource& source = layout.sources[s];
    double* row = opens + static_cast<std::size_t>(frame.sources[s].first_tranche) * width_;
    last_opening[s] = -never;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k, row += width_) {
      const double* before = k > 0 ? row - width_ : nullptr;
      model::open_tranche(
          source, k, before, [&](int gate) { return gates[gate]; }, row, width_);
      for (std::size_t p = 0; p < width_; ++p) last_opening[s] = std::max(last_opening[s], row[p]);
    }
  }
  for (std::size_t h = 0; h < layout.halls.size(); ++h) {
    const int gate = layout.halls[h].warm_gate;
    for (std::size_t p = 0; p < width_; ++p) {
      warm[h * width_ + p] = gate >= 0 ? gates[gate][p] : -never;
      hall_gate[h * width_ + p] = gate >= 0 ? gates[gate][p] : never;
    }
  }
}

// The months in which a date changes what stands: the month of the date, and the next when it falls
// inside a month.
void BlockDates::mark_moves(const model::Layout& layout, const Frame& frame) {
  std::fill(site_moves.begin(), site_moves.end(), static_cast<Mark>(0));
  std::fill(lot_moves.begin(), lot_moves.end(), static_cast<Mark>(0));
  const std::size_t sites = layout.sites.size(), lots = layout.lots.size();
  const auto each_month = [&](double date, auto visit) {
    if (!(date > -2 && date < layout.months)) return;
    const int first = static_cast<int>(std::floor(date));
    for (int t = std::max(first, 0); t <= first + 1 && t < layout.months; ++t)
      visit(static_cast<std::size_t>(t));
  };
  const auto mark = [&](int site, std::size_t group, double date, Mark what) {
    each_month(date, [&](std::size_t t) {
      site_moves[(t * sites + static_cast<std::size_t>(site)) * groups_ + group] |= what;
    });
  };
  const auto mark_all = [&](int site, double date, Mark what) {
    for (std::size_t group = 0; group < groups_; ++group) mark(site, group, date, what);
  };
  const auto mark_row = [&](int site, const double* row, Mark what) {
    for (std::size_t p = 0; p < width_; ++p) mark(site, p / kernel_lanes, row[p], what);
  };
  const auto mark_lot = [&](std::size_t l, const double* row, Mark what) {
    Mark* of_site = site_moves.data() + static_cast<std::size_t>(layout.lots[l].site) * groups_;
    for (std::size_t p = 0; p < width_; ++p)
      each_month(row[p], [&](std::size_t t) {
        of_site[t * sites * groups_ + p / kernel_lanes] |= what;
        lot_moves[t * lots + l] = 1;
      });
  };
  for (std::size_t l = 0; l < layout.lots.size(); ++l) {
    const int site = layout.lots[l].site;
    mark_lot(l, delivered + l * width_, moves_lots);
    if (first_retirement[l] < layout.months) mark_lot(l, retired + l * width_, moves_lots);
    mark_lot(l, cancelled + l * width_, 0);
    each_month(layout.lots[l].ordered_month, [&](std::size_t t) { lot_moves[t * lots + l] = 1; });
    for (const model::PueSpan& span : layout.lots[l].lowest_pue)
      mark_all(site, span.from_month, moves_lots);
  }
  for (std::size_t h = 0; h < layout.halls.size(); ++h) {
    const model::LayoutHall& hall = layout.halls[h];
    // The tenant of a hall that is let takes power as its room opens.
    const Mark room = hall.let ? moves_rooms | moves_power : moves_rooms;
    mark_row(hall.site, warm + h * width_, room);
    mark_all(hall.site, hall.retrofit_month, moves_lots);
    for (const model::PueSpan& span : hall.pue)
      mark_all(hall.site, span.from_month, hall.let ? moves_lots | moves_power : moves_lots);
    for (const model::OutageSpan& outage : hall.outages) {
      mark_all(hall.site, outage.from, room);
      mark_all(hall.site, outage.to, room);
    }
  }
  for (std::size_t s = 0; s < layout.sources.size(); ++s) {
    const model::LayoutSource& source = layout.sources[s];
    const std::size_t first = static_cast<std::size_t>(frame.sources[s].first_tranche);
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k)
      mark_row(source.site, opens + (first + k) * width_, moves_power);
    mark_all(source.site, source.ends_month, moves_power);
    for (const model::OutageSpan& outage : source.outages) {
      mark_all(source.site, outage.from, moves_power);
      mark_all(source.site, outage.to, moves_power);
    }
  }
}

}  // namespace warmshell::fleet
