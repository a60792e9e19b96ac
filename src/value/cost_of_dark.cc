#include "value/cost_of_dark.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "value/dark_kernel.h"
#include "value/measures.h"

namespace warmshell::value {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int no_power = 2, installing = 3;  // dark states, in the order of the columns
constexpr int lanes = 8;

double fold(const double* eight) {
  return ((eight[0] + eight[1]) + (eight[2] + eight[3])) +
         ((eight[4] + eight[5]) + (eight[6] + eight[7]));
}

model::PueSpan pue_at(const std::vector<model::PueSpan>& spans, int month) {
  model::PueSpan now{0, 1, 1};
  for (const model::PueSpan& span : spans)
    if (span.from_month <= month) now = span;
  return now;
}

struct PlanBuilder {
  const model::Layout& layout;
  DarkPlan& plan;

  int add(std::string id, int site, DarkPlan::Opening opening) {
    plan.cures.push_back({std::move(id), site});
    plan.openings.push_back(std::move(opening));
    return static_cast<int>(plan.cures.size()) - 1;
  }
  std::string id_of(int gate, const std::string& otherwise) const {
    return gate < 0 ? otherwise : layout.gates[gate].id;
  }
  void source(int s) {
    const model::LayoutSource& source = layout.sources[s];
    DarkPlan::Opening opening;
    int gate = source.gate;
    double offset = 0;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
      if (own >= 0) {
        gate = own;
        offset = 0;
      } else if (k > 0) {
        offset += source.every;
      }
      opening.gates.push_back(gate);
      opening.offset.push_back(offset);
    }
    plan.power_cures[source.site].push_back(
        add(id_of(source.gate, source.path), source.site, std::move(opening)));
  }
};

}  // namespace

DarkPlan plan_dark(const model::Layout& layout, const model::Portfolio& portfolio,
                   const model::Decisions& decisions) {
  DarkPlan plan;
  plan.layout = &layout;
  plan.resale = make_resale_curve(portfolio);
  const model::Finance& finance = portfolio.finance;
  plan.variable_cost = finance.variable_cost.value.value;
  plan.economic_life = finance.economic_life.value.value;
  plan.book_life = finance.book_life.value.value;
  plan.log_growth = math::log1p(finance.wacc.value.value) / 12;
  plan.discount = discount_factors(layout.months, finance.wacc.value.value);
  plan.market_order = decisions.market_order;
  for (const model::LayoutMarket& market : layout.markets) {
    const bool always =
        market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
    plan.paid_share.push_back(always ? 1 : market.utilisation);
  }

  PlanBuilder b{layout, plan};
  plan.power_cures.resize(layout.sites.size());
  std::vector<int> warm_cure(layout.halls.size()), retrofit_cure(layout.halls.size(), -1);
  for (std::size_t i = 0; i < layout.sites.size(); ++i) {
    const int site = static_cast<int>(i);
    const std::string path = "sites." + layout.sites[i].name;
    for (const int s : layout.sites[i].sources) b.source(s);
    for (const int h : layout.sites[i].halls) {
      const model::LayoutHall& hall = layout.halls[h];
      warm_cure[h] = b.add(b.id_of(hall.warm_gate, hall.path), site, {{hall.warm_gate}, {0}});
      if (hall.retrofit_month < model::never_month)
        retrofit_cure[h] = b.add(hall.path + ".retrofit", site, {{-1}, {hall.retrofit_month}});
    }
    plan.no_power_left.push_back(b.add(path + ".power", site, {}));
    plan.no_halls_left.push_back(b.add(path + ".halls", site, {}));
    plan.no_cooling_left.push_back(b.add(path + ".cooling", site, {}));
    plan.crews.push_back(b.add(path + ".install", site, {}));
  }
  for (const model::LayoutLot& lot : layout.lots) {
    DarkPlan::Lot own;
    own.price = portfolio.fleet.at(lot.name).price.value.value;
    for (int month = 0; month < layout.months; ++month) {
      const model::PueSpan pue = pue_at(lot.lowest_pue, month);
      own.mw_each.push_back(lot.provisioned_kw * pue.peak / 1000);
      own.energy_pue.push_back(pue.annual);
    }
    for (const int h : lot.halls) {
      own.shell_cures.push_back(warm_cure[h]);
      own.cooling_cures.push_back(warm_cure[h]);
      if (retrofit_cure[h] >= 0) own.cooling_cures.push_back(retrofit_cure[h]);
    }
    plan.lots.push_back(std::move(own));
  }
  return plan;
}

// ---- totals -----------------------------------------------------------------------------------

DarkTotals::DarkTotals(const DarkPlan& plan)
    : sums(static_cast<std::size_t>(plan.layout->months) * plan.layout->sites.size() *
           fleet::dark_count * dark_sum_count),
      lost_margin(plan.layout->sites.size() * fleet::dark_count),
      cure_alone(plan.cures.size()),
      cure_sellable(plan.cures.size()),
      cure_lost_margin(plan.cures.size()),
      unmet(static_cast<std::size_t>(plan.layout->months)) {}

std::size_t DarkTotals::index(const model::Layout& layout, int month, int site, int state,
                              DarkSum sum) {
  return ((static_cast<std::size_t>(month) * layout.sites.size() + static_cast<std::size_t>(site)) *
              fleet::dark_count +
          static_cast<std::size_t>(state)) *
             dark_sum_count +
         static_cast<std::size_t>(sum);
}

void DarkTotals::join(const DarkTotals& next) {
  const auto add = [](auto& into, const auto& from) {
    for (std::size_t i = 0; i < into.size(); ++i) {
      if constexpr (requires { into[i].join(from[i]); })
        into[i].join(from[i]);
      else
        into[i] += from[i];
    }
  };
  paths += next.paths;
  add(sums, next.sums);
  add(lost_margin, next.lost_margin);
  add(cure_alone, next.cure_alone);
  add(cure_sellable, next.cure_sellable);
  add(cure_lost_margin, next.cure_lost_margin);
  add(unmet, next.unmet);
}

// ---- one block --------------------------------------------------------------------------------

namespace {
enum Scratch {  // rows of scratch_
  market_value_row,
  life_row,
  book_row,
  capital_row,
  kept_before_row,
  kept_after_row,
  revenue_alone_row,
  revenue_rest_row,
  margin_alone_row,
  margin_rest_row,
  alone_row,
  left_row,
  alone_margin_row,
  nearest_row,
  taken_row,
  masked_rows,
  scratch_rows = masked_rows + 4
};
}  // namespace

DarkBlock::DarkBlock(const DarkPlan& plan, int width, fleet::VectorLevel level)
    : plan_(plan), kernels_(dark_kernels(level)), width_(width) {
  if (width <= 0 || width % lanes != 0) std::abort();
  const std::size_t w = static_cast<std::size_t>(width);
  const model::Layout& layout = *plan.layout;
  site_margin_.resize(layout.sites.size() * fleet::dark_count * w);
  cure_margin_.resize(plan.cures.size() * w);
  next_.resize(plan.cures.size() * w);
  next_month_.resize(plan.cures.size());
  std::size_t openings = 0;
  for (const DarkPlan::Opening& opening : plan.openings) {
    first_opening_.push_back(openings);
    openings += opening.gates.size();
  }
  openings_.resize(openings * w);
  energy_price_.resize(layout.sites.size() * w);
  price_month_.resize(layout.sites.size());
  for (auto* of_market : {&handed_, &rent_}) of_market->resize(layout.markets.size());
  for (auto* of_market : {&energy_mwh_, &paid_}) of_market->resize(layout.markets.size());
  dark_months_.resize(w);
  total_margin_.resize(w);
  resale_before_.resize(std::max<std::size_t>(layout.classes.size(), 1) * w);
  scratch_.resize(scratch_rows * w);
}

void DarkBlock::begin(const std::vector<const double*>& gate_months, int count, DarkTotals& into) {
  gates_ = gate_months;
  count_ = count;
  month_ = 0;
  into_ = &into;
  std::fill(site_margin_.begin(), site_margin_.end(), 0.0);
  std::fill(cure_margin_.begin(), cure_margin_.end(), 0.0);
  std::fill(dark_months_.begin(), dark_months_.end(), 0.0);
  std::fill(total_margin_.begin(), total_margin_.end(), 0.0);
  std::fill(next_month_.begin(), next_month_.end(), -1);
  std::fill(price_month_.begin(), price_month_.end(), -1);
  // a tranche never opens before the one before it
  const std::size_t w = static_cast<std::size_t>(width_);
  for (std::size_t c = 0; c < plan_.cures.size(); ++c) {
    const DarkPlan::Opening& opening = plan_.openings[c];
    for (std::size_t k = 0; k < opening.gates.size(); ++k) {
      const double* gate = opening.gates[k] < 0 ? nullptr : gates_[opening.gates[k]];
      double* date = &openings_[(first_opening_[c] + k) * w];
      for (std::size_t i = 0; i < w; ++i) {
        date[i] = (gate ? gate[i] : 0) + opening.offset[k];
        if (k > 0) date[i] = std::max(date[i], date[i - w]);
      }
    }
  }
}

// The first opening of a cure after the month's first day, computed when asked for.
const double* DarkBlock::next_opening(int cure) {
  const std::size_t w = static_cast<std::size_t>(width_);
  double* next = &next_[static_cast<std::size_t>(cure) * w];
  if (next_month_[cure] == month_) return next;
  next_month_[cure] = month_;
  std::fill(next, next + width_, infinity);
  const std::size_t first = first_opening_[cure];
  for (std::size_t k = 0; k < plan_.openings[cure].gates.size(); ++k)
    kernels_.next_opening(&openings_[(first + k) * w], month_, next, width_);
  return next;
}

const double* DarkBlock::dearest_energy(int site, const world::MonthColumns& draws) {
  const std::size_t w = static_cast<std::size_t>(width_);
  double* price = &energy_price_[static_cast<std::size_t>(site) * w];
  if (price_month_[site] == month_) return price;
  price_month_[site] = month_;
  std::fill(price, price + width_, 0.0);
  for (const int s : plan_.layout->sites[site].sources)
    for (int i = 0; i < width_; ++i)
      price[i] = std::max(price[i], draws.price_per_mwh[static_cast<std::size_t>(s) * w + i]);
  return price;
}

void DarkBlock::credit_cures(const std::vector<int>& candidates, int otherwise, const double* alone,
                             const double* sellable, const double* margin) {
  const std::size_t w = static_cast<std::size_t>(width_);
  const Credit of{alone, sellable, margin, plan_.discount[month_]};
  double* nearest = &scratch_[nearest_row * w];
  double* taken = &scratch_[taken_row * w];
  std::fill(nearest, nearest + width_, infinity);
  std::fill(taken, taken + width_, 0.0);
  for (const int c : candidates) kernels_.nearest(next_opening(c), nearest, width_);
  const auto credit = [&](int cure, bool last) {
    double sums[2 * lanes];
    kernels_.credit(of, next_opening(cure), nearest, last, taken,
                    &cure_margin_[static_cast<std::size_t>(cure) * w], sums, width_);
    into_->cure_alone[cure] += fold(sums);
    into_->cure_sellable[cure] += fold(sums + lanes);
  };
  for (const int c : candidates) credit(c, false);
  credit(otherwise, true);
}

void DarkBlock::lot_month(int l, const world::MonthColumns& draws, const fleet::Columns& columns) {
  const model::Layout& layout = *plan_.layout;
  const model::LayoutLot& lot = layout.lots[l];
  const DarkPlan::Lot& own = plan_.lots[l];
  const std::size_t w = static_cast<std::size_t>(width_);
  const auto scratch = [&](int row) { return &scratch_[static_cast<std::size_t>(row) * w]; };
  const auto of_lot = [&](const double* rows) { return rows + l * w; };
  const auto dark_state = [&](int s) {
    return of_lot(columns.state[static_cast<int>(fleet::State::no_shell) + s]);
  };
  const double* dark_rows[fleet::dark_count];
  const double* sellable_rows[fleet::dark_count];
  for (int s = 0; s < fleet::dark_count; ++s) {
    dark_rows[s] = dark_state(s);
    sellable_rows[s] = of_lot(columns.sellable[s]);
  }
  const unsigned states = kernels_.any(dark_rows, fleet::dark_count, width_);
  if (states == 0) return;
  const bool sellable = kernels_.any(sellable_rows, fleet::dark_count, width_) != 0;

  // What a dark chip costs this month.
  const UnitCosts costs{scratch(market_value_row), scratch(life_row),
                        scratch(book_row),         scratch(capital_row),
                        scratch(kept_before_row),  scratch(kept_after_row)};
  const UnitParameters unit{own.price,
                            plan_.log_growth,
                            math::exp(-plan_.log_growth),
                            plan_.economic_life,
                            plan_.book_life,
                            plan_.resale.constant_fall,
                            plan_.resale.log_keep,
                            math::exp(-plan_.resale.log_keep),
                            plan_.resale.by_year.data(),
                            static_cast<int>(plan_.resale.by_year.size())};
  const std::size_t of_class = static_cast<std::size_t>(lot.accelerator_class) * w;
  const double* age = of_lot(columns.delivered_age);
  kernels_.unit_costs(unit, age, kernels_.uniform(age, width_), &resale_before_[of_class],
                      draws.resale_factor + of_class, costs, width_);

  // What a sellable one would earn.
  const Margins margins{scratch(revenue_alone_row), scratch(revenue_rest_row),
                        scratch(margin_alone_row), scratch(margin_rest_row)};
  if (sellable) {
    const double* price = dearest_energy(lot.site, draws);
    const std::size_t lots = layout.lots.size(), classes = layout.classes.size();
    for (std::size_t rank = 0; rank < plan_.market_order.size(); ++rank) {
      const std::size_t m = static_cast<std::size_t>(plan_.market_order[rank]);
      handed_[rank] = columns.sellable_to + (m * lots + static_cast<std::size_t>(l)) * w;
      rent_[rank] =
          draws.rent_per_hour + (m * classes + static_cast<std::size_t>(lot.accelerator_class)) * w;
      paid_[rank] = plan_.paid_share[m];
      const double drawn_kw = lot.idle_kw + paid_[rank] * (lot.peak_kw - lot.idle_kw);
      energy_mwh_[rank] = drawn_kw * own.energy_pue[month_] * 730 / 1000;
    }
    const MarginParameters p{static_cast<int>(plan_.market_order.size()),
                             handed_.data(),
                             rent_.data(),
                             paid_.data(),
                             energy_mwh_.data(),
                             price,
                             1 - plan_.variable_cost};
    const double* alone_parts[] = {of_lot(columns.sellable_alone[0]),
                                   of_lot(columns.sellable_alone[1]),
                                   of_lot(columns.sellable_alone[2]), sellable_rows[installing]};
    kernels_.margins(p, alone_parts, scratch(alone_row), scratch(left_row), margins, width_);
  } else {
    for (double* row :
         {margins.revenue_alone, margins.revenue_rest, margins.margin_alone, margins.margin_rest})
      std::fill(row, row + width_, 0.0);
  }

  for (int s = 0; s < fleet::dark_count; ++s) {
    if ((states & (1u << s)) == 0) continue;
    StateRows rows{dark_state(s), s == installing ? dark_state(s) : of_lot(columns.alone[s]),
                   of_lot(columns.sellable[s]),
                   of_lot(s == installing ? columns.sellable[s] : columns.sellable_alone[s])};
    if (count_ < width_) {  // paths beyond the last do not count
      const double** of[] = {&rows.dark, &rows.alone, &rows.sellable, &rows.sellable_alone};
      for (int k = 0; k < 4; ++k) {
        double* masked = scratch(masked_rows + k);
        std::copy(*of[k], *of[k] + count_, masked);
        std::fill(masked + count_, masked + width_, 0.0);
        *of[k] = masked;
      }
    }
    double sums[state_sums * lanes];
    double* alone_margin = scratch(alone_margin_row);
    kernels_.state(rows, margins, costs, plan_.discount[month_], sums,
                   &site_margin_[(static_cast<std::size_t>(lot.site) * fleet::dark_count + s) * w],
                   dark_months_.data(), alone_margin, width_);
    double* into = &into_->sums[DarkTotals::index(layout, month_, lot.site, s, DarkSum{})];
    const auto put = [&](DarkSum sum, double value) { into[static_cast<int>(sum)] += value; };
    constexpr DarkSum order[state_sums] = {DarkSum::accelerators,
                                           DarkSum::alone,
                                           DarkSum::sellable,
                                           DarkSum::sellable_alone,
                                           DarkSum::lost_revenue,
                                           DarkSum::lost_margin,
                                           DarkSum::lost_margin_alone,
                                           DarkSum::market_value,
                                           DarkSum::life,
                                           DarkSum::book,
                                           DarkSum::capital};
    for (int k = 0; k < state_sums; ++k) put(order[k], fold(sums + k * lanes));
    put(DarkSum::megawatts, fold(sums) * own.mw_each[month_]);
    put(DarkSum::megawatts_sellable_alone, fold(sums + 3 * lanes) * own.mw_each[month_]);

    if (kernels_.any(&rows.alone, 1, width_) == 0) continue;
    if (s == installing)
      credit_cures({}, plan_.crews[lot.site], rows.alone, rows.sellable_alone, alone_margin);
    else if (s == no_power)
      credit_cures(plan_.power_cures[lot.site], plan_.no_power_left[lot.site], rows.alone,
                   rows.sellable_alone, alone_margin);
    else
      credit_cures(s == 0 ? own.shell_cures : own.cooling_cures,
                   (s == 0 ? plan_.no_halls_left : plan_.no_cooling_left)[lot.site], rows.alone,
                   rows.sellable_alone, alone_margin);
  }
}

void DarkBlock::month(const world::MonthColumns& draws, const fleet::Columns& columns) {
  const model::Layout& layout = *plan_.layout;
  const std::size_t w = static_cast<std::size_t>(width_);
  const std::size_t class_rows = layout.classes.size() * w;
  if (month_ == 0)
    std::copy(draws.resale_factor, draws.resale_factor + class_rows, resale_before_.begin());
  for (std::size_t l = 0; l < layout.lots.size(); ++l)
    lot_month(static_cast<int>(l), draws, columns);
  for (int i = 0; i < count_; ++i) {
    bool short_somewhere = false;
    for (std::size_t m = 0; m < layout.markets.size(); ++m)
      short_somewhere |= columns.unmet_h100e[m * w + i] > 1e-9 * draws.demand_h100e[m * w + i];
    into_->unmet[month_] += short_somewhere ? 1 : 0;
  }
  std::copy(draws.resale_factor, draws.resale_factor + class_rows, resale_before_.begin());
  ++month_;
}

void DarkBlock::finish() {
  const std::size_t w = static_cast<std::size_t>(width_);
  const auto spread = [&](const double* row, Spread& into) {
    for (int i = 0; i < count_; ++i) into.add(row[i]);
  };
  for (std::size_t k = 0; k < into_->lost_margin.size(); ++k) {
    spread(&site_margin_[k * w], into_->lost_margin[k]);
    for (int i = 0; i < width_; ++i) total_margin_[i] += site_margin_[k * w + i];
  }
  for (std::size_t c = 0; c < plan_.cures.size(); ++c)
    spread(&cure_margin_[c * w], into_->cure_lost_margin[c]);
  into_->paths += count_;
}

}  // namespace warmshell::value
