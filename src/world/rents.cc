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

std::vector<std::string> provider_tiers() {
  return {"hyperscaler", "long-tail", "neocloud", "specialty"};
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
    : layout_(layout), regimes_(regimes), width_(width), regime_key_(luck.key("rents.regime")) {
  const std::size_t n = static_cast<std::size_t>(width);
  for (const model::LayoutClass& each : layout.classes) {
    list_keys_.push_back(luck.key("rents." + each.accelerator));
    level_.push_back(newest_level(each));
  }
  regime_.assign(n, 0);
  uniform_.assign(n, 0);
  stance_.assign(n * layout.classes.size(), 1);
  list_.assign(n * layout.classes.size(), 0);
  start_.assign(n * layout.classes.size(), 0);
}

void RentLists::step_regime(int month, const Luck& luck) {
  luck.uniform(regime_key_, static_cast<std::uint32_t>(month), uniform_.data());
  const double* u = uniform_.data();
  double* regime = regime_.data();
  if (month == 0) {
    const double odds = scarcity_odds(layout_.start, 0);
    for (int p = 0; p < width_; ++p) regime[p] = u[p] < odds ? 1.0 : 0.0;
    return;
  }
  const double odds = rent_law().change_odds;
  for (int p = 0; p < width_; ++p) regime[p] = u[p] < odds ? 1.0 - regime[p] : regime[p];
}

void RentLists::step_stance(std::size_t c, int month, const Luck& luck) {
  const RentLaw& law = rent_law();
  const double glut = law.glut;
  const double rise = (layout_.classes[c].fp8 ? law.scarcity : law.legacy_scarcity) - glut;
  const double* regime = regime_.data();
  double* stance = &stance_[c * static_cast<std::size_t>(width_)];
  if (month == 0) {
    for (int p = 0; p < width_; ++p) stance[p] = glut + rise * regime[p];
    return;
  }

  // One uniform says whether the list is looked at and, given that, the size of the step.
  luck.uniform(list_keys_[c], static_cast<std::uint32_t>(month), uniform_.data());
  const double* u = uniform_.data();
  const double odds = law.look_odds;
  const double least = law.least_step;
  const double size_per_u = (law.greatest_step - law.least_step) / odds;
  for (int p = 0; p < width_; ++p) {
    const double target = glut + rise * regime[p];
    const double size = least + u[p] * size_per_u;
    const bool up = target > stance[p];
    const double moved = stance[p] * (up ? 1 + size : 1 - size);
    // Nearer in logs: old x new has not come as far beyond the target's square as it was short of
    // it.
    const double product = moved * stance[p], square = target * target;
    const bool nearer = up ? product < square : product > square;
    stance[p] = (u[p] < odds) & nearer ? moved : stance[p];
  }
}

void RentLists::set_list(std::size_t c, int month, const Releases& releases) {
  const double step = rent_law().behind_step;
  const int accelerator_class = static_cast<int>(c);
  const double t = month;
  const double* stance = &stance_[c * static_cast<std::size_t>(width_)];
  double* list = &list_[c * static_cast<std::size_t>(width_)];

  // The same products in the same order on every lane, whatever its neighbours draw: a generation
  // in volume nowhere is a factor of exactly 1 and is left out.
  const double level = level_[c];
  for (int p = 0; p < width_; ++p) list[p] = level * stance[p];
  for (int behind = 1; behind <= releases.depth(accelerator_class); ++behind) {
    if (releases.earliest(accelerator_class, behind) >= t + 1) continue;
    const double* date = releases.date(accelerator_class, behind);
    for (int p = 0; p < width_; ++p) list[p] *= 1 - step * (1 - share_before(date[p], t));
  }
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
  return &list_[static_cast<std::size_t>(accelerator_class) * static_cast<std::size_t>(width_)];
}
const double* RentLists::start(int accelerator_class) const {
  return &start_[static_cast<std::size_t>(accelerator_class) * static_cast<std::size_t>(width_)];
}

}  // namespace warmshell::world
