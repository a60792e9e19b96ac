#include "world/rents.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/calendar.h"
#include "base/math.h"
#include "catalog/catalog.h"

namespace warmshell::world {

namespace {

using catalog::TableName;

catalog::Range row(TableName table, const char* id) {
  return catalog::range(*catalog::find_fact(table, id));  // ids asserted by a test
}

RentLaw read_law() {
  RentLaw law;
  const auto rent = [](const char* id) { return row(TableName::rental_prices, id).value; };
  law.base = rent("h100/1y-contract/2026-03");
  law.glut = rent("h100/1y-contract/2025-10") / law.base;
  law.scarcity = rent("h100/all-provider-on-demand-median/2026-05") / law.base;

  const double a100 = rent("a100-80gb/specialty/2026-05");
  const double h200 = rent("h200/specialty/2026-05");
  law.long_tail =
      std::sqrt(rent("a100-80gb/long-tail/2026-05") / a100 * rent("h200/long-tail/2026-05") / h200);
  law.hyperscaler = std::sqrt(rent("a100-80gb/hyperscaler/2026-05") / a100 *
                              rent("h200/hyperscaler/2026-05") / h200);

  law.flops_exponent = row(TableName::conventions, "flops_exponent").value;
  law.behind_step = catalog::residual_curve().step_at_next_generation.value;
  law.change_odds = 1 / row(TableName::conventions, "regime_stay").value;
  law.look_odds = row(TableName::conventions, "list_step_chance").value;
  law.least_step = row(TableName::conventions, "list_step").low;
  law.greatest_step = row(TableName::conventions, "list_step").high;
  law.legacy_scarcity =
      1 + (law.scarcity - 1) * row(TableName::conventions, "legacy_scarcity").value;
  return law;
}

struct Observation {
  double month;  // since 2000-01
  bool scarcity;
};
constexpr std::array<Observation, 3> observed{{
    {(2023 - 2000) * 12 + 4, true},   // rental_prices: H100 8.0, "scarcity peak"
    {(2025 - 2000) * 12 + 9, false},  // H100 1.70, "cycle low"
    {(2026 - 2000) * 12 + 4, true},   // H100 2.95; lists up by two fifths from the low
}};

}  // namespace

const RentLaw& rent_law() {
  static const RentLaw law = read_law();
  return law;
}

std::optional<double> tier_factor(const std::string& tier) {
  if (tier == "neocloud" || tier == "specialty") return 1.0;
  if (tier == "long-tail") return rent_law().long_tail;
  if (tier == "hyperscaler") return rent_law().hyperscaler;
  return std::nullopt;
}

double newest_level(const model::LayoutClass& accelerator) {
  const RentLaw& law = rent_law();
  return law.base / (1 - law.behind_step) * math::pow(accelerator.h100e, law.flops_exponent);
}

double scarcity_odds(double start, double months) {
  const Observation* nearest = &observed.front();
  for (const Observation& each : observed)
    if (std::fabs(each.month - start) < std::fabs(nearest->month - start)) nearest = &each;
  // A symmetric two-state chain forgets by (1 - 2 odds) a month, in either direction of time.
  const double kept =
      math::pow(1 - 2 * rent_law().change_odds, std::fabs(nearest->month - start) + months);
  return 0.5 + (nearest->scarcity ? 0.5 : -0.5) * kept;
}

double mean_regime(bool fp8, double odds) {
  const RentLaw& law = rent_law();
  return odds * (fp8 ? law.scarcity : law.legacy_scarcity) + (1 - odds) * law.glut;
}

// ---- lists of a block ---------------------------------------------------------------------------

RentLists::RentLists(const model::Layout& layout, bool regimes, const Luck& luck, int width)
    : layout_(layout),
      kernels_(path_kernels()),
      regimes_(regimes),
      width_(static_cast<std::size_t>(width)),
      regime_key_(luck.key("rents.regime")) {
  const RentLaw& law = rent_law();
  for (const model::LayoutClass& each : layout.classes) {
    list_keys_.push_back(luck.key("rents." + each.accelerator));
    level_.push_back(newest_level(each));
    steps_.push_back({law.glut, (each.fp8 ? law.scarcity : law.legacy_scarcity) - law.glut,
                      law.look_odds, law.least_step, law.greatest_step});
  }
  regime_.assign(width_, 0);
  uniform_.assign(width_, 0);
  stance_.assign(width_ * layout.classes.size(), 1);
  list_.assign(width_ * layout.classes.size(), 0);
  start_.assign(width_ * layout.classes.size(), 0);
}

void RentLists::step_regime(int month, const Luck& luck) {
  luck.uniform(regime_key_, static_cast<std::uint32_t>(month), uniform_.data());
  if (month == 0)
    kernels_.start_regime(uniform_.data(), scarcity_odds(layout_.start, 0), regime_.data(), width_);
  else
    kernels_.step_regime(uniform_.data(), rent_law().change_odds, regime_.data(), width_);
}

void RentLists::step_stance(std::size_t c, int month, const Luck& luck) {
  double* stance = &stance_[c * width_];
  if (month == 0) {
    kernels_.start_stance(steps_[c], regime_.data(), stance, width_);
    return;
  }
  luck.uniform(list_keys_[c], static_cast<std::uint32_t>(month), uniform_.data());
  kernels_.step_stance(steps_[c], regime_.data(), uniform_.data(), stance, width_);
}

// The same products in the same order on every lane, whatever its neighbours draw: a generation in
// volume nowhere is a factor of exactly 1 and is left out.
void RentLists::set_list(std::size_t c, int month, const Releases& releases) {
  const int accelerator_class = static_cast<int>(c);
  const double t = month;
  double* list = &list_[c * width_];
  kernels_.scale(&stance_[c * width_], level_[c], list, width_);
  for (int behind = 1; behind <= releases.depth(accelerator_class); ++behind)
    if (releases.earliest(accelerator_class, behind) < t + 1)
      kernels_.fall_behind(releases.date(accelerator_class, behind), t, rent_law().behind_step,
                           list, width_);
}

void RentLists::next_month(int month, const Releases& releases, const Luck& luck) {
  if (regimes_) step_regime(month, luck);
  for (std::size_t c = 0; c < layout_.classes.size(); ++c) {
    if (regimes_) step_stance(c, month, luck);
    set_list(c, month, releases);
  }
  if (month == 0) start_ = list_;
}

const double* RentLists::list(int accelerator_class) const {
  return &list_[static_cast<std::size_t>(accelerator_class) * width_];
}
const double* RentLists::start(int accelerator_class) const {
  return &start_[static_cast<std::size_t>(accelerator_class) * width_];
}

}  // namespace warmshell::world
