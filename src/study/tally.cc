#include "study/tally.h"

#include <algorithm>
#include <span>

namespace warmshell::study {

namespace {

// Elementwise, so every vector level gives the same bits.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    defined(__GNUC__) && !defined(__clang__)
[[gnu::target_clones("default", "arch=haswell", "arch=skylake-avx512")]]
#endif
void add_row(const double* __restrict from, double* __restrict to, int width) {
  for (int i = 0; i < width; ++i) to[i] += from[i];
}

constexpr int row_ordered = 0, row_gone = 1, row_state = 2,
              row_alone = row_state + fleet::state_count,
              row_sellable = row_alone + fleet::alone_count,
              row_count = row_sellable + fleet::dark_count;

}  // namespace

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
}

QuarterEnd::QuarterEnd(const model::Layout& layout) : histogram(0, 1, 1) {
  double all = 0;
  for (const model::LayoutHall& hall : layout.halls) {
    double pue = 1;
    for (const model::PueSpan& span : hall.pue) pue = std::max(pue, span.peak);
    all += hall.it_mw * pue;
  }
  constexpr std::size_t bins = 4000;
  histogram = Histogram(0, std::max(all, 1.0) / bins, bins + 1);
}

void QuarterEnd::add(const std::vector<double>& megawatts) {
  histogram.add(megawatts);
  for (const double x : megawatts) {
    least = std::min(least, x);
    most = std::max(most, x);
  }
}

void QuarterEnd::join(const QuarterEnd& next) {
  histogram.join(next.histogram);
  least = std::min(least, next.least);
  most = std::max(most, next.most);
}

double QuarterEnd::quantile(double u) const {
  return std::clamp(histogram.quantile(u).value_or(0), least, std::max(least, most));
}

FleetTaller::FleetTaller(const model::Layout& layout, int width)
    : layout_(layout),
      width_(width),
      site_(static_cast<std::size_t>(row_count * width)),
      total_(static_cast<std::size_t>(fleet::state_count * width)),
      live_mw_(static_cast<std::size_t>(width)),
      live_accelerators_(static_cast<std::size_t>(width)) {}

void FleetTaller::add(int month, const fleet::Columns& columns, int count, FleetTally& tally,
                      Bands& bands) {
  const auto stride = static_cast<std::size_t>(width_);
  const auto of = [&](const double* column, int item) {
    return column + static_cast<std::size_t>(item) * stride;
  };
  const auto row = [&](int r) { return site_.data() + static_cast<std::size_t>(r) * stride; };
  const auto sum = [&](const double* values) {
    return block_sum(std::span(values, static_cast<std::size_t>(count)));
  };
  std::fill(total_.begin(), total_.end(), 0.0);
  std::fill(live_mw_.begin(), live_mw_.end(), 0.0);
  std::fill(live_accelerators_.begin(), live_accelerators_.end(), 0.0);

  const int sites = static_cast<int>(layout_.sites.size());
  for (int s = 0; s < sites; ++s) {
    StateSums& sums = tally.by_site[static_cast<std::size_t>(month * sites + s)];
    const model::LayoutSite& site = layout_.sites[static_cast<std::size_t>(s)];

    // ---- accelerators
    if (!site.lots.empty()) {
      std::fill(site_.begin(), site_.end(), 0.0);
      for (const int lot : site.lots) {
        add_row(of(columns.ordered, lot), row(row_ordered), width_);
        add_row(of(columns.gone, lot), row(row_gone), width_);
        for (int i = 0; i < fleet::state_count; ++i)
          add_row(of(columns.state[static_cast<std::size_t>(i)], lot), row(row_state + i), width_);
        for (int i = 0; i < fleet::alone_count; ++i)
          add_row(of(columns.alone[static_cast<std::size_t>(i)], lot), row(row_alone + i), width_);
        for (int i = 0; i < fleet::dark_count; ++i)
          add_row(of(columns.sellable[static_cast<std::size_t>(i)], lot), row(row_sellable + i),
                  width_);
        add_row(of(columns.installed, lot), live_accelerators_.data(), width_);
      }
      sums.ordered += sum(row(row_ordered));
      sums.gone += sum(row(row_gone));
      for (int i = 0; i < fleet::state_count; ++i) {
        sums.state[static_cast<std::size_t>(i)] += sum(row(row_state + i));
        add_row(row(row_state + i), total_.data() + static_cast<std::size_t>(i) * stride, width_);
      }
      for (int i = 0; i < fleet::alone_count; ++i)
        sums.alone[static_cast<std::size_t>(i)] += sum(row(row_alone + i));
      for (int i = 0; i < fleet::dark_count; ++i)
        sums.sellable[static_cast<std::size_t>(i)] += sum(row(row_sellable + i));
    }

    // ---- megawatts; live are those that reach racks or tenants
    for (int m = 0; m < fleet::megawatt_count; ++m)
      sums.megawatts[static_cast<std::size_t>(m)] +=
          sum(of(columns.megawatt[static_cast<std::size_t>(m)], s));
    for (const fleet::Megawatt live : live_megawatts)
      add_row(of(columns.megawatt[static_cast<std::size_t>(live)], s), live_mw_.data(), width_);
  }

  auto& moments_of_month = tally.portfolio[static_cast<std::size_t>(month)];
  for (std::size_t i = 0; i < moments_of_month.size(); ++i)
    moments_of_month[i] =
        joined(moments_of_month[i],
               moments(std::span(total_.data() + i * stride, static_cast<std::size_t>(count))));
  bands.live_facility_mw.add(month, live_mw_.data(), count);
  bands.live_accelerators.add(month, live_accelerators_.data(), count);
}

}  // namespace warmshell::study
