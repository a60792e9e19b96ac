#include "fleet/ledger.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fleet/kernel_data.h"

namespace warmshell::fleet {

namespace {
constexpr int full_check_every = 12;  // months
}

void Residuals::merge(const Residuals& other) {
  for (int i = 0; i < check_count; ++i)
    if (std::isnan(other.worst[i]) || other.worst[i] > worst[i]) worst[i] = other.worst[i];
}
bool Residuals::closes(Check check) const {
  return worst[static_cast<int>(check)] <= ledger_tolerance;  // false on NaN
}
bool Residuals::close() const {
  return std::all_of(worst.begin(), worst.end(), [](double r) { return r <= ledger_tolerance; });
}

Ledger::Ledger(const model::Layout& layout, Mode mode, VectorLevel level) : level_(level) {
  const bool all_lifted =
      mode.lift_shell && mode.lift_cooling && mode.lift_power && mode.lift_installation;
  ask_chips_ = mode.blame || all_lifted;
  ask_power_ = !mode.lift_power;
  months_ = layout.months;
  for (const model::LayoutLot& lot : layout.lots) {
    per_count_.push_back(lot.count > 0 ? 1 / lot.count : 0.0);
    h100e_.push_back(lot.h100e);
  }
  for (const model::LayoutSite& site : layout.sites) {
    first_source_.push_back(static_cast<int>(site_sources_.size()));
    site_sources_.insert(site_sources_.end(), site.sources.begin(), site.sources.end());
  }
  first_source_.push_back(static_cast<int>(site_sources_.size()));
}

void Ledger::begin() {
  month_ = 0;
  std::fill(ordered_.begin(), ordered_.end(), 0.0);
  std::fill(delivered_.begin(), delivered_.end(), 0.0);
  std::fill(gone_.begin(), gone_.end(), 0.0);
}

void Ledger::check(const Columns& columns, const world::MonthColumns& draws) {
  const std::size_t rows =
      static_cast<std::size_t>(columns.lots) * static_cast<std::size_t>(columns.width);
  ordered_.resize(rows);
  delivered_.resize(rows);
  gone_.resize(rows);
  LedgerBlock b;
  b.width = columns.width;
  b.lots = columns.lots;
  b.sites = columns.sites;
  b.sources = columns.sources;
  b.markets = columns.markets;
  b.ask_chips = ask_chips_;
  b.ask_power = ask_power_;
  b.ask_all = month_ % full_check_every == 0 || month_ == months_ - 1;
  ++month_;
  b.lot_moved = columns.lot_moved;
  b.site_moved = columns.site_moved;
  b.per_count = per_count_.data();
  b.h100e = h100e_.data();
  b.site_sources = site_sources_.data();
  b.first_source = first_source_.data();
  b.demand = draws.demand_h100e;
  b.ordered_before = ordered_.data();
  b.delivered_before = delivered_.data();
  b.gone_before = gone_.data();
  b.ordered = columns.ordered;
  b.delivered = columns.delivered;
  b.gone = columns.gone;
  for (int s = 0; s < state_count; ++s) b.state[s] = columns.state[s];
  for (int s = 0; s < dark_count; ++s) b.sellable[s] = columns.sellable[s];
  b.installed = columns.installed;
  b.sold = columns.sold;
  b.busy = columns.busy;
  b.sellable_to = columns.sellable_to;
  b.unmet = columns.unmet_h100e;
  for (int m = 0; m < megawatt_count; ++m) b.megawatt[m] = columns.megawatt[m];
  b.energy = columns.energy_mwh;
  b.source_energised = columns.source_energised_mw;
  b.source_energy = columns.source_energy_mwh;
  kernels_of(level_).check(b);
  Residuals month;
  for (int i = 0; i < check_count; ++i)
    month.worst[i] = std::isnan(b.sum) ? std::numeric_limits<double>::quiet_NaN() : b.worst[i];
  residuals_.merge(month);
}

}  // namespace warmshell::fleet
