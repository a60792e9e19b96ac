#include "value/cost_of_dark.h"

#include <algorithm>
#include <cstdlib>

#include "base/math.h"
#include "model/tranches.h"
#include "value/rows.h"

namespace warmshell::value {
namespace {

static_assert(dark_states == fleet::dark_count && kernel_sums == dark_sum_count);
constexpr std::size_t lanes = 8;
static_assert(lanes == fleet::mark_paths);

double fold(const double* eight) {
  return ((eight[0] + eight[1]) + (eight[2] + eight[3])) +
         ((eight[4] + eight[5]) + (eight[6] + eight[7]));
}

std::vector<CurveYear> curve_years(const ResaleCurve& resale) {
  std::vector<CurveYear> years;
  for (std::size_t y = 0; y + 1 < resale.by_year.size(); ++y) {
    const double rise = resale.by_year[y + 1] - resale.by_year[y];
    years.push_back({resale.by_year[y] - rise * static_cast<double>(y), rise / 12});
  }
  return years;
}

}  // namespace

// ---- rows and pointers, made once -------------------------------------------------------------

DarkBlock::DarkBlock(const DarkPlan& plan, int width, fleet::VectorLevel level)
    : plan_(plan),
      kernels_(dark_kernels(level)),
      curve_(curve_years(plan.resale)),
      unit_{-math::expm1(-plan.log_growth),
            plan.economic_life,
            plan.book_life,
            plan.resale.constant_fall,
            plan.resale.log_keep,
            curve_.data(),
            static_cast<int>(curve_.size()),
            1 - plan.variable_cost,
            static_cast<int>(plan.market_order.size()),
            plan.market_order.data(),
            plan.paid_hours.data()},
      width_(static_cast<std::size_t>(width)) {
  if (width <= 0 || width > most_paths || width_ % lanes != 0) std::abort();
  const model::Layout& layout = *plan.layout;
  site_margin_.resize(layout.sites.size() * fleet::dark_count * width_);
  energy_price_.resize(layout.sites.size() * width_);
  resale_before_.resize(layout.classes.size() * width_);
  dark_months_.resize(width_);
  total_margin_.resize(width_);
  make_waits();
  make_lots();
}

void DarkBlock::make_waits() {
  cure_margin_.resize(plan_.cures.size() * width_);
  cure_lanes_.resize(plan_.cures.size() * 2 * lanes);
  std::size_t openings = 0, cures = 0;
  for (const DarkPlan::Opening& opening : plan_.openings) {
    first_opening_.push_back(openings);
    openings += static_cast<std::size_t>(opening.dates);
  }
  for (const DarkPlan::Wait& wait : plan_.waits) cures += wait.cures.size() + 1;
  const std::size_t groups = width_ / lanes, row_of_groups = (groups + lanes - 1) / lanes * lanes;
  openings_.resize(openings * width_);
  waiting_.resize(plan_.waits.size() * dark_wait_rows * width_);
  cures_.reserve(cures);
  until_.resize(plan_.waits.size() * row_of_groups);
  for (const DarkPlan::Wait& wait : plan_.waits) {
    const std::size_t first = cures_.size();
    const auto add = [&](int cure) {
      const std::size_t c = static_cast<std::size_t>(cure);
      cures_.push_back({openings_.data() + first_opening_[c] * width_, plan_.openings[c].dates,
                        &cure_margin_[c * width_], &cure_lanes_[c * 2 * lanes]});
    };
    for (const int cure : wait.cures) add(cure);
    add(wait.otherwise);
    waits_.push_back({&cures_[first], static_cast<int>(cures_.size() - first),
                      &until_[waits_.size() * row_of_groups],
                      &waiting_[waits_.size() * dark_wait_rows * width_]});
  }
}

void DarkBlock::make_lots() {
  const model::Layout& layout = *plan_.layout;
  delivery_.resize(layout.lots.size() * width_);
  growth_to_.resize(delivery_.size());
  worth_.resize(delivery_.size());
  for (const model::LayoutSite& site : layout.sites) {
    first_lot_.push_back(lots_.size());
    for (const int l : site.lots) {
      const DarkPlan::Lot& own = plan_.lots[l];
      DarkLot lot{};
      lot.lot = l;
      lot.at = static_cast<std::int64_t>(l * width_);
      lot.marks_at = static_cast<std::int64_t>(l * width_ / lanes);
      lot.class_at = static_cast<std::int64_t>(layout.lots[l].accelerator_class * width_);
      lot.price = own.price;
      lot.life_a_month = own.price / plan_.economic_life;
      lot.book_a_month = own.price / plan_.book_life;
      lot.delivery = &delivery_[l * width_];
      lot.growth_to = &growth_to_[l * width_];
      lot.worth = &worth_[l * width_];
      for (std::size_t s = 0; s < fleet::dark_count; ++s) lot.waits[s] = &waits_[own.waits[s]];
      lots_.push_back(lot);
    }
  }
  costs_.resize(dark_cost_rows * width_);
}

// ---- one block --------------------------------------------------------------------------------

void DarkBlock::begin(const std::vector<const double*>& gate_months, int count, DarkTotals& into) {
  gates_ = gate_months;
  count_ = count;
  month_ = 0;
  into_ = &into;
  for (auto* rows :
       {&site_margin_, &cure_margin_, &cure_lanes_, &waiting_, &dark_months_, &total_margin_})
    std::fill(rows->begin(), rows->end(), 0.0);
  find_openings();
  find_deliveries();
}

void DarkBlock::find_openings() {
  for (std::size_t c = 0; c < plan_.cures.size(); ++c) {
    const DarkPlan::Opening& opening = plan_.openings[c];
    double* dates = openings_.data() + first_opening_[c] * width_;
    for (int k = 0; k < opening.dates; ++k, dates += width_) {
      if (opening.source >= 0) {
        const auto tranche = static_cast<std::size_t>(opening.tranche + k);
        model::open_tranche(
            plan_.layout->sources[opening.source], tranche, tranche > 0 ? dates - width_ : nullptr,
            [&](int gate) { return gates_[gate]; }, dates, width_);
      } else if (opening.gate >= 0) {
        std::copy_n(gates_[opening.gate], width_, dates);
      } else {
        std::fill_n(dates, width_, opening.month);
      }
    }
  }
  std::fill(until_.begin(), until_.end(), math::infinity);
  for (DarkWait& wait : waits_) std::fill_n(wait.until, width_ / lanes, -1.0);  // nothing is known
}

void DarkBlock::find_deliveries() {
  for (DarkLot& lot : lots_) {
    const model::LayoutLot& laid = plan_.layout->lots[static_cast<std::size_t>(lot.lot)];
    const double* gate = gates_[laid.delivered_gate];
    const auto at = static_cast<std::size_t>(lot.at);
    double* dates = &delivery_[at];
    for (std::size_t i = 0; i < width_; ++i) dates[i] = std::max(gate[i], laid.ordered_month);
    const auto [first, last] = std::minmax_element(dates, dates + width_);
    lot.first_delivery = *first;
    lot.last_delivery = *last;
    kernels_.powers(-plan_.log_growth, dates, plan_.layout->months, &growth_to_[at],
                    static_cast<int>(width_));
    lot.worth_month = -1;
    std::fill_n(lot.dark, fleet::dark_count, false);
    std::fill_n(lot.sells, fleet::dark_count, false);
  }
}

void DarkBlock::step_lots() {
  for (DarkLot& lot : lots_) {
    const DarkPlan::Lot& own = plan_.lots[static_cast<std::size_t>(lot.lot)];
    lot.mw_each = own.mw_each[month_];
    lot.energy_mwh = own.energy_mwh.data() + static_cast<std::ptrdiff_t>(month_) * unit_.markets;
  }
}

void DarkBlock::raise_energy_prices(const double* price_per_mwh) {
  std::fill(energy_price_.begin(), energy_price_.end(), 0.0);
  const auto& sites = plan_.layout->sites;
  for (std::size_t site = 0; site < sites.size(); ++site)
    for (const int s : sites[site].sources)
      kernels_.raise(price_per_mwh + static_cast<std::size_t>(s) * width_,
                     &energy_price_[site * width_], static_cast<int>(width_));
}

void DarkBlock::month(const world::MonthColumns& draws, const fleet::Columns& columns) {
  const model::Layout& layout = *plan_.layout;
  const std::size_t class_rows = layout.classes.size() * width_;
  if (month_ == 0)
    std::copy(draws.resale_factor, draws.resale_factor + class_rows, resale_before_.begin());
  if (plan_.steps[month_]) step_lots();
  if (month_ == 0 || !draws.same_prices) raise_energy_prices(draws.price_per_mwh);

  DarkMonth now{};
  constexpr std::size_t installing = fleet::dark_count - 1;  // no gate beside it: all are alone
  for (std::size_t s = 0; s < fleet::dark_count; ++s) {
    now.dark[s] = columns.state[static_cast<std::size_t>(fleet::State::no_shell) + s];
    now.sellable[s] = columns.sellable[s];
    now.alone[s] = s == installing ? now.dark[s] : columns.alone[s];
    now.sellable_alone[s] = s == installing ? now.sellable[s] : columns.sellable_alone[s];
  }
  now.age = columns.delivered_age;
  now.handed = columns.sellable_to;
  now.rent = draws.rent_per_hour;
  now.resale_before = resale_before_.data();
  now.resale = draws.resale_factor;
  now.lot_moved = {columns.lot_moved, fleet::moved_dark};
  now.discount = plan_.discount[month_];
  now.grown = plan_.grown[month_];
  now.month = month_;
  now.count = count_;
  now.width = static_cast<std::int64_t>(width_);
  now.market_lots = static_cast<std::int64_t>(layout.lots.size() * width_);
  now.market_rents = static_cast<std::int64_t>(class_rows);

  for (std::size_t site = 0; site < layout.sites.size(); ++site) {
    DarkSite here{};
    here.lots = lots_.data() + first_lot_[site];
    here.count = static_cast<int>(layout.sites[site].lots.size());
    here.energy_price = &energy_price_[site * width_];
    for (std::size_t s = 0; s < fleet::dark_count; ++s)
      here.margin_rows[s] = &site_margin_[(site * fleet::dark_count + s) * width_];
    here.sums = &into_->sums[DarkTotals::index(layout, month_, static_cast<int>(site), 0, {})];
    kernels_.site_month(unit_, now, here, dark_months_.data(), costs_.data());
  }
  into_->unmet[month_] += kernels_.short_paths(columns.unmet_h100e, draws.demand_h100e,
                                               static_cast<int>(layout.markets.size()),
                                               static_cast<int>(width_), count_);
  std::copy(draws.resale_factor, draws.resale_factor + class_rows, resale_before_.begin());
  ++month_;
}

void DarkBlock::finish() {
  for (DarkWait& wait : waits_) kernels_.end_turns(wait, static_cast<std::int64_t>(width_));
  add_rows(site_margin_.data(), width_, count_, into_->lost_margin);
  add_rows(cure_margin_.data(), width_, count_, into_->cure_lost_margin);
  for (std::size_t k = 0; k < into_->lost_margin.size(); ++k)
    for (std::size_t i = 0; i < width_; ++i) total_margin_[i] += site_margin_[k * width_ + i];
  for (std::size_t c = 0; c < plan_.cures.size(); ++c) {
    into_->cure_alone[c] += fold(&cure_lanes_[c * 2 * lanes]);
    into_->cure_sellable[c] += fold(&cure_lanes_[c * 2 * lanes + lanes]);
  }
  into_->paths += count_;
}

}  // namespace warmshell::value
