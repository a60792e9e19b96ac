#include "study/tally.h"

#include <algorithm>
#include <cstdint>

namespace warmshell::study {

#define WARMSHELL_DECLARE(level)   \
  namespace level {                \
  extern const TallyKernels tally; \
  }
WARMSHELL_DECLARE(v2)
WARMSHELL_DECLARE(v3)
WARMSHELL_DECLARE(v4)
#undef WARMSHELL_DECLARE

const TallyKernels& tally_kernels(fleet::VectorLevel level) {
  switch (level) {
    case fleet::VectorLevel::v2:
      return v2::tally;
    case fleet::VectorLevel::v3:
      return v3::tally;
    case fleet::VectorLevel::v4:
      return v4::tally;
  }
  return v2::tally;
}

FleetTally::FleetTally(int months, int sites)
    : by_site(static_cast<std::size_t>(months * sites)),
      portfolio(static_cast<std::size_t>(months)) {}

void FleetTally::join(const FleetTally& next) {
  const auto add = [](auto& into, const auto& from) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] += from[i];
  };
  for (std::size_t i = 0; i < by_site.size(); ++i) {
    StateSums& into = by_site[i];
    const StateSums& from = next.by_site[i];
    into.ordered += from.ordered;
    into.gone += from.gone;
    add(into.state, from.state);
    add(into.alone, from.alone);
    add(into.sellable, from.sellable);
    add(into.megawatts, from.megawatts);
  }
  for (std::size_t month = 0; month < portfolio.size(); ++month)
    for (std::size_t s = 0; s < portfolio[month].size(); ++s)
      portfolio[month][s] = joined(portfolio[month][s], next.portfolio[month][s]);
}

void Bands::join(const Bands& next) {
  live_facility_mw.join(next.live_facility_mw);
  live_accelerators.join(next.live_accelerators);
  cumulative_cash.join(next.cumulative_cash);
  ready_facility_mw.join(next.ready_facility_mw);
}

namespace {
// ordered, gone, installed; states, alone, sellable; megawatts
constexpr std::size_t columns_tallied =
    3 + fleet::state_count + fleet::alone_count + fleet::dark_count + fleet::megawatt_count;

// The mark of a state's column.
fleet::Moved moved_with(std::size_t state) {
  const auto first_dark = static_cast<std::size_t>(fleet::State::no_shell);
  if (state < first_dark) return fleet::moved_dates;
  return state < first_dark + fleet::dark_count ? fleet::moved_dark : fleet::moved_running;
}
}  // namespace

FleetTaller::FleetTaller(const model::Layout& layout, int width, fleet::VectorLevel level)
    : width_(width),
      sites_(static_cast<int>(layout.sites.size())),
      kernels_(tally_kernels(level)),
      lots_moved_(layout.sites.size()),
      sites_moved_(layout.sites.size()),
      lanes_(columns_tallied * 8 * layout.sites.size()),
      sums_(layout.sites.size()),
      total_(static_cast<std::size_t>(fleet::state_count * width)),
      live_mw_(static_cast<std::size_t>(width)),
      live_accelerators_(static_cast<std::size_t>(width)) {
  first_lot_.push_back(0);
  first_site_.push_back(0);
  for (int site = 0; site < sites_; ++site) {
    for (const int lot : layout.sites[static_cast<std::size_t>(site)].lots) lots_.push_back(lot);
    first_lot_.push_back(static_cast<int>(lots_.size()));
    site_.push_back(site);
    first_site_.push_back(site + 1);
  }
}

void FleetTaller::mark(const fleet::Columns& columns) {
  const auto groups = static_cast<std::size_t>(width_ / fleet::mark_paths);
  const auto on_some_path = [&](const unsigned char* marks, std::size_t item) {
    fleet::Moved moved = 0;
    for (std::size_t g = 0; g < groups; ++g) moved |= marks[item * groups + g];
    return moved;
  };
  any_lot_ = any_site_ = 0;
  for (std::size_t site = 0; site < sums_.size(); ++site) {
    lots_moved_[site] = 0;
    for (int k = first_lot_[site]; k < first_lot_[site + 1]; ++k)
      lots_moved_[site] |= on_some_path(
          columns.lot_moved, static_cast<std::size_t>(lots_[static_cast<std::size_t>(k)]));
    sites_moved_[site] = on_some_path(columns.site_moved, site);
    any_lot_ |= lots_moved_[site];
    any_site_ |= sites_moved_[site];
  }
}

void FleetTaller::add(int month, const fleet::Columns& columns, int count, FleetTally& tally,
                      Bands& bands) {
  const auto stride = static_cast<std::size_t>(width_);
  mark(columns);
  // A row of totals to add to; null where it stands as it is.
  const auto anew = [&](double* row, fleet::Moved moved) {
    if (moved != 0) std::fill_n(row, stride, 0.0);
    return moved != 0 ? row : nullptr;
  };
  StateSums* by_site = &tally.by_site[static_cast<std::size_t>(month * sites_)];
  const auto lots = [&](fleet::Moved which) {
    return Groups{first_lot_.data(), lots_.data(), sites_, lots_moved_.data(), which};
  };
  const Groups sites{first_site_.data(), site_.data(), sites_, sites_moved_.data(),
                     fleet::moved_anything};
  // Adds the sums of a column to what `into` finds in each site's sums.
  double* lanes = lanes_.data();
  const auto add = [&](const double* column, const Groups& groups, double* total, auto into) {
    kernels_.groups(column, width_, groups, count, lanes, total);
    kernels_.fold(lanes, sites_, sums_.data());
    lanes += 8 * sums_.size();
    for (std::size_t site = 0; site < sums_.size(); ++site) into(by_site[site]) += sums_[site];
  };

  // ---- accelerators
  add(columns.ordered, lots(fleet::moved_dates), nullptr,
      [](StateSums& s) -> double& { return s.ordered; });
  add(columns.gone, lots(fleet::moved_dates), nullptr,
      [](StateSums& s) -> double& { return s.gone; });
  for (std::size_t i = 0; i < fleet::state_count; ++i)
    add(columns.state[i], lots(moved_with(i)), anew(&total_[i * stride], any_lot_ & moved_with(i)),
        [i](StateSums& s) -> double& { return s.state[i]; });
  for (std::size_t i = 0; i < fleet::alone_count; ++i)
    add(columns.alone[i], lots(fleet::moved_dark), nullptr,
        [i](StateSums& s) -> double& { return s.alone[i]; });
  for (std::size_t i = 0; i < fleet::dark_count; ++i)
    add(columns.sellable[i], lots(fleet::moved_dark), nullptr,
        [i](StateSums& s) -> double& { return s.sellable[i]; });
  kernels_.groups(columns.installed, width_, lots(fleet::moved_running), count, lanes,
                  anew(live_accelerators_.data(), any_lot_ & fleet::moved_running));
  lanes += 8 * sums_.size();

  // ---- megawatts; live are those that reach racks or tenants
  double* live_mw = anew(live_mw_.data(), any_site_);
  for (std::size_t m = 0; m < fleet::megawatt_count; ++m) {
    const bool live = std::find(live_megawatts.begin(), live_megawatts.end(),
                                static_cast<fleet::Megawatt>(m)) != live_megawatts.end();
    add(columns.megawatt[m], sites, live ? live_mw : nullptr,
        [m](StateSums& s) -> double& { return s.megawatts[m]; });
  }

  // ---- totals of each path
  const double n = count;
  auto& moments_of_month = tally.portfolio[static_cast<std::size_t>(month)];
  for (std::size_t i = 0; i < moments_of_month.size(); ++i) {
    const double* row = &total_[i * stride];
    if ((any_lot_ & moved_with(i)) != 0) {
      const double mean = kernels_.sum(row, count) / n;
      moments_[i] = {static_cast<std::uint64_t>(count), mean, kernels_.squares(row, mean, count)};
    }
    moments_of_month[i] = joined(moments_of_month[i], moments_[i]);
  }
  bands.live_facility_mw.add(month, live_mw_.data(), count);
  bands.live_accelerators.add(month, live_accelerators_.data(), count);
}

}  // namespace warmshell::study
