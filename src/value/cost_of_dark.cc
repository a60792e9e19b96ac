#include "value/cost_of_dark.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "value/dark_kernel.h"
#include "value/measures.h"

namespace warmshell::value {
namespace {

// Dark states, in the order of the columns.
constexpr std::size_t no_shell = 0, no_cooling = 1, no_power = 2, installing = 3;
static_assert(dark_states == fleet::dark_count && kernel_sums == dark_sum_count);
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
  // A tranche with a date of its own is a cure of its own; those that follow at intervals belong to
  // the gate they follow.
  void source(int s, std::vector<int>& cures) {
    const model::LayoutSource& source = layout.sources[s];
    std::string id = id_of(source.gate, source.path);
    int gate = source.gate;
    double offset = 0;
    DarkPlan::Opening opening;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
      if (own >= 0) {
        if (!opening.gates.empty()) cures.push_back(add(id, source.site, std::move(opening)));
        opening = {};
        id = layout.gates[own].id;
        gate = own;
        offset = 0;
      } else if (k > 0) {
        offset += source.every;
      }
      opening.gates.push_back(gate);
      opening.offset.push_back(offset);
    }
    cures.push_back(add(id, source.site, std::move(opening)));
  }
  // Lots that wait for the same share one.
  int wait(const std::vector<int>& cures, int otherwise) {
    int place = 0;
    for (std::size_t k = 0; k < plan.waits.size(); ++k) {
      const DarkPlan::Wait& other = plan.waits[k];
      if (other.otherwise == otherwise && other.cures == cures) return static_cast<int>(k);
      place += plan.cures[other.otherwise].site == plan.cures[otherwise].site ? 1 : 0;
    }
    plan.waits.push_back({cures, otherwise, place});
    return static_cast<int>(plan.waits.size()) - 1;
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
  plan.growth_back = math::exp(-plan.log_growth);
  plan.keep_back = math::exp(-plan.resale.log_keep);
  plan.discount = discount_factors(layout.months, finance.wacc.value.value);
  plan.market_order = decisions.market_order;
  for (const model::LayoutMarket& market : layout.markets) {
    const bool always =
        market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
    plan.paid_share.push_back(always ? 1 : market.utilisation);
  }

  PlanBuilder b{layout, plan};
  struct SiteCures {
    std::vector<int> power;
    int no_power_left = 0, no_halls_left = 0, no_cooling_left = 0, crews = 0;
  };
  std::vector<SiteCures> of_site(layout.sites.size());
  std::vector<int> warm_cure(layout.halls.size()), retrofit_cure(layout.halls.size(), -1);
  for (std::size_t i = 0; i < layout.sites.size(); ++i) {
    const int site = static_cast<int>(i);
    const std::string path = "sites." + layout.sites[i].name;
    SiteCures& cures = of_site[i];
    for (const int s : layout.sites[i].sources) b.source(s, cures.power);
    for (const int h : layout.sites[i].halls) {
      const model::LayoutHall& hall = layout.halls[h];
      warm_cure[h] = b.add(b.id_of(hall.warm_gate, hall.path), site, {{hall.warm_gate}, {0}});
      if (hall.retrofit_month < model::never_month)
        retrofit_cure[h] = b.add(hall.path + ".retrofit", site, {{-1}, {hall.retrofit_month}});
    }
    cures.no_power_left = b.add(path + ".power", site, {});
    cures.no_halls_left = b.add(path + ".halls", site, {});
    cures.no_cooling_left = b.add(path + ".cooling", site, {});
    cures.crews = b.add(path + ".install", site, {});
  }
  for (const model::LayoutLot& lot : layout.lots) {
    DarkPlan::Lot own;
    own.price = portfolio.fleet.at(lot.name).price.value.value;
    for (int month = 0; month < layout.months; ++month) {
      const model::PueSpan pue = pue_at(lot.lowest_pue, month);
      own.mw_each.push_back(lot.provisioned_kw * pue.peak / 1000);
      own.energy_pue.push_back(pue.annual);
    }
    std::vector<int> shell, cooling;
    for (const int h : lot.halls) {
      shell.push_back(warm_cure[h]);
      cooling.push_back(warm_cure[h]);
      if (retrofit_cure[h] >= 0) cooling.push_back(retrofit_cure[h]);
    }
    const SiteCures& cures = of_site[lot.site];
    own.waits[no_shell] = b.wait(shell, cures.no_halls_left);
    own.waits[no_cooling] = b.wait(cooling, cures.no_cooling_left);
    own.waits[no_power] = b.wait(cures.power, cures.no_power_left);
    own.waits[installing] = b.wait({}, cures.crews);
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
enum Waiting { alone_row, sellable_row, margin_row, waiting_rows };  // rows of waiting_
}  // namespace

DarkBlock::DarkBlock(const DarkPlan& plan, int width, fleet::VectorLevel level)
    : plan_(plan), kernels_(dark_kernels(level)), width_(width) {
  if (width <= 0 || width % lanes != 0) std::abort();
  const std::size_t w = static_cast<std::size_t>(width);
  const model::Layout& layout = *plan.layout;
  site_margin_.resize(layout.sites.size() * fleet::dark_count * w);
  cure_margin_.resize(plan.cures.size() * w);
  cure_lanes_.resize(plan.cures.size() * 2 * lanes);
  std::size_t openings = 0;
  for (const DarkPlan::Opening& opening : plan.openings) {
    first_opening_.push_back(openings);
    openings += opening.gates.size();
  }
  openings_.resize(openings * w);
  state_lanes_.resize(static_cast<std::size_t>(fleet::dark_count) * dark_sum_count * lanes);
  energy_price_.resize(w);
  for (auto* of_market : {&handed_, &rent_}) of_market->resize(layout.markets.size());
  for (auto* of_market : {&energy_mwh_, &paid_}) of_market->resize(layout.markets.size());
  std::size_t most = 0, places = 0;
  for (const DarkPlan::Wait& wait : plan.waits) {
    most = std::max(most, wait.cures.size());
    places = std::max(places, static_cast<std::size_t>(wait.place) + 1);
  }
  waiting_.resize(places * waiting_rows * w);
  dates_.resize(most);
  dates_count_.resize(most);
  credit_margin_.resize(most + 1);
  credit_lanes_.resize(most + 1);
  dark_months_.resize(w);
  total_margin_.resize(w);
  resale_before_.resize(std::max<std::size_t>(layout.classes.size(), 1) * w);
}

void DarkBlock::begin(const std::vector<const double*>& gate_months, int count, DarkTotals& into) {
  gates_ = gate_months;
  count_ = count;
  month_ = 0;
  into_ = &into;
  for (auto* rows : {&site_margin_, &cure_margin_, &cure_lanes_, &dark_months_, &total_margin_})
    std::fill(rows->begin(), rows->end(), 0.0);
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

double* DarkBlock::waiting_of(const DarkPlan::Wait& wait) {
  return &waiting_[static_cast<std::size_t>(wait.place * waiting_rows * width_)];
}

// To the next opening among the cures that some lots wait for; forgets who waited.
void DarkBlock::credit(int wait) {
  const std::size_t w = static_cast<std::size_t>(width_);
  const DarkPlan::Wait& of = plan_.waits[static_cast<std::size_t>(wait)];
  const auto take = [&](std::size_t k, int cure) {
    const std::size_t c = static_cast<std::size_t>(cure);
    credit_margin_[k] = &cure_margin_[c * w];
    credit_lanes_[k] = &cure_lanes_[c * 2 * lanes];
  };
  for (std::size_t k = 0; k < of.cures.size(); ++k) {
    const std::size_t c = static_cast<std::size_t>(of.cures[k]);
    dates_[k] = openings_.data() + first_opening_[c] * w;
    dates_count_[k] = static_cast<int>(plan_.openings[c].gates.size());
    take(k, of.cures[k]);
  }
  take(of.cures.size(), of.otherwise);
  double* rows = waiting_of(of);
  kernels_.credit({rows + alone_row * w, rows + sellable_row * w, rows + margin_row * w,
                   static_cast<int>(of.cures.size()), dates_.data(), dates_count_.data(),
                   credit_margin_.data(), credit_lanes_.data(), 1.0 * month_},
                  width_, count_);
  std::fill(rows, rows + waiting_rows * w, 0.0);
}

DarkLot DarkBlock::lot_of(int l, const world::MonthColumns& draws, const fleet::Columns& columns) {
  const model::LayoutLot& lot = plan_.layout->lots[l];
  const DarkPlan::Lot& own = plan_.lots[l];
  const std::size_t w = static_cast<std::size_t>(width_);
  const auto of_lot = [&](const double* rows) { return rows + l * w; };
  const std::size_t of_class = static_cast<std::size_t>(lot.accelerator_class) * w;
  DarkLot month;
  for (std::size_t s = 0; s < fleet::dark_count; ++s) {
    month.dark[s] = of_lot(columns.state[static_cast<std::size_t>(fleet::State::no_shell) + s]);
    month.sellable[s] = of_lot(columns.sellable[s]);
    month.alone[s] = s == installing ? month.dark[s] : of_lot(columns.alone[s]);
    month.sellable_alone[s] =
        s == installing ? month.sellable[s] : of_lot(columns.sellable_alone[s]);
  }
  month.age = of_lot(columns.delivered_age);
  month.resale_before = &resale_before_[of_class];
  month.resale_now = draws.resale_factor + of_class;
  month.unit = {own.price,
                plan_.log_growth,
                plan_.growth_back,
                plan_.economic_life,
                plan_.book_life,
                plan_.resale.constant_fall,
                plan_.resale.log_keep,
                plan_.keep_back,
                plan_.resale.by_year.data(),
                static_cast<int>(plan_.resale.by_year.size())};
  const std::size_t lots = plan_.lots.size(), classes = plan_.layout->classes.size();
  for (std::size_t rank = 0; rank < plan_.market_order.size(); ++rank) {
    const std::size_t m = static_cast<std::size_t>(plan_.market_order[rank]);
    handed_[rank] = columns.sellable_to + (m * lots + static_cast<std::size_t>(l)) * w;
    rent_[rank] = draws.rent_per_hour + m * classes * w + of_class;
    paid_[rank] = plan_.paid_share[m];
    const double drawn_kw = lot.idle_kw + paid_[rank] * (lot.peak_kw - lot.idle_kw);
    energy_mwh_[rank] = drawn_kw * own.energy_pue[month_] * 730 / 1000;
  }
  month.margin = {static_cast<int>(plan_.market_order.size()),
                  handed_.data(),
                  rent_.data(),
                  paid_.data(),
                  energy_mwh_.data(),
                  energy_price_.data(),
                  1 - plan_.variable_cost};
  month.discount = plan_.discount[month_];
  month.mw_each = own.mw_each[month_];
  return month;
}

void DarkBlock::site_month(int site, const world::MonthColumns& draws,
                           const fleet::Columns& columns) {
  const model::LayoutSite& here = plan_.layout->sites[site];
  const std::size_t w = static_cast<std::size_t>(width_);
  std::fill(energy_price_.begin(), energy_price_.end(), 0.0);
  for (const int s : here.sources)
    kernels_.raise(draws.price_per_mwh + s * w, energy_price_.data(), width_);

  // ---- lots; sums of the site stay in lanes
  DarkSums sums;
  sums.dark_row = dark_months_.data();
  for (std::size_t s = 0; s < fleet::dark_count; ++s) {
    sums.lanes[s] = &state_lanes_[s * dark_sum_count * lanes];
    sums.margin_rows[s] =
        &site_margin_[(static_cast<std::size_t>(site) * fleet::dark_count + s) * w];
  }
  unsigned states = 0;
  waited_.clear();
  for (const int l : here.lots) {
    const DarkPlan::Lot& lot = plan_.lots[l];
    for (std::size_t s = 0; s < fleet::dark_count; ++s) {
      double* rows = waiting_of(plan_.waits[lot.waits[s]]);
      sums.alone[s] = rows + alone_row * w;
      sums.sellable_alone[s] = rows + sellable_row * w;
      sums.margin_alone[s] = rows + margin_row * w;
    }
    const unsigned found = kernels_.lot_month(lot_of(l, draws, columns), sums, count_);
    states |= found;
    for (std::size_t s = 0; s < fleet::dark_count; ++s)
      if ((found & (1u << s)) != 0 &&
          std::find(waited_.begin(), waited_.end(), lot.waits[s]) == waited_.end())
        waited_.push_back(lot.waits[s]);
  }

  // ---- what the lanes hold
  for (int s = 0; s < fleet::dark_count; ++s) {
    if ((states & (1u << s)) == 0) continue;
    double* into = &into_->sums[DarkTotals::index(*plan_.layout, month_, site, s, DarkSum{})];
    kernels_.fold(sums.lanes[s], dark_sum_count, into);
  }
  for (const int wait : waited_) credit(wait);
}

void DarkBlock::month(const world::MonthColumns& draws, const fleet::Columns& columns) {
  const model::Layout& layout = *plan_.layout;
  const std::size_t class_rows = layout.classes.size() * static_cast<std::size_t>(width_);
  if (month_ == 0)
    std::copy(draws.resale_factor, draws.resale_factor + class_rows, resale_before_.begin());
  for (std::size_t site = 0; site < layout.sites.size(); ++site)
    site_month(static_cast<int>(site), draws, columns);
  into_->unmet[month_] +=
      kernels_.short_paths(columns.unmet_h100e, draws.demand_h100e,
                           static_cast<int>(layout.markets.size()), width_, count_);
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
  for (std::size_t c = 0; c < plan_.cures.size(); ++c) {
    spread(&cure_margin_[c * w], into_->cure_lost_margin[c]);
    into_->cure_alone[c] += fold(&cure_lanes_[c * 2 * lanes]);
    into_->cure_sellable[c] += fold(&cure_lanes_[c * 2 * lanes + lanes]);
  }
  into_->paths += count_;
}

}  // namespace warmshell::value
