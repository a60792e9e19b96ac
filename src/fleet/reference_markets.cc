// Markets on one path: failures, sales in service order, what is outclassed, what the dark would
// sell.

#include <cmath>

#include "fleet/reference.h"
#include "fleet/reference_arithmetic.h"

namespace warmshell::fleet {

using namespace reference;

// R9: under repair, or spare.
void Reference::fail() {
  Columns& out = store_.columns();
  for (std::size_t l = 0; l < lot_.size(); ++l) {
    const model::LayoutLot& facts = layout_.lots[l];
    const double share = smaller(facts.failed_share + facts.spares_share, 1.0);
    lot_[l].failed = lot_[l].installed * share;
    lot_[l].working = lot_[l].installed * (1.0 - share);
    out.state[static_cast<int>(State::failed)][l] = lot_[l].failed;
    worked_[l].insert(worked_[l].begin(), lot_[l].working);
    worked_[l].pop_back();
  }
}

// R16: a market can be offered the average of the lot's working chips over the last n months.
double Reference::ramped(int lot, int market) const {
  const double working = lot_[lot].working;
  const double months = layout_.markets[market].ramp_months;
  if (months <= 1) return working;
  const double whole = std::floor(months);
  double sum = 0;
  for (int k = 0; k < static_cast<int>(whole); ++k) sum += worked_[lot][k];
  if (months > whole) sum += worked_[lot][static_cast<std::size_t>(whole)] * (months - whole);
  return smaller(sum * (1 / months), working);
}

// R14, R15, R17: markets in their order take the lots they accept in theirs.
void Reference::serve_markets(const world::MonthColumns& draws) {
  Columns& out = store_.columns();
  const std::size_t lots = layout_.lots.size(), classes = layout_.classes.size();
  for (std::size_t i = 0; i < layout_.markets.size() * lots; ++i) out.sold[i] = out.busy[i] = 0;
  for (int m : decisions_.market_order) {
    const model::LayoutMarket& market = layout_.markets[m];
    const bool paid_idle =
        market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
    const double busy_share = paid_idle ? 1.0 : market.utilisation;
    double left = draws.demand_h100e[m];
    for (int l : decisions_.take_order[m]) {
      LotMonth& lot = lot_[l];
      const model::LayoutLot& facts = layout_.lots[l];
      if (!market.accepts_class[facts.accelerator_class] || !(facts.h100e > 0)) continue;
      const double accepted = draws.accept_share[m * classes + facts.accelerator_class];
      const double offered = larger(ramped(l, m) - lot.sold, 0.0);
      const double open = smaller(accepted * lot.working, offered);
      const double sold = smaller(left * (1 / facts.h100e), open);
      const double busy = sold * busy_share;
      left = larger(left - sold * facts.h100e, 0.0);
      lot.sold += sold;
      lot.busy += busy;
      out.sold[m * lots + l] = sold;
      out.busy[m * lots + l] = busy;
    }
    out.unmet_h100e[m] = left;
  }
  for (std::size_t l = 0; l < lots; ++l) {
    double earning = 0, underused = 0;
    for (int m : decisions_.market_order) {
      earning += out.busy[m * lots + l];
      underused += out.sold[m * lots + l] - out.busy[m * lots + l];
    }
    out.state[static_cast<int>(State::earning)][l] = earning;
    out.state[static_cast<int>(State::underused)][l] = underused;
    lot_[l].idle = beyond_rounding(lot_[l].working - lot_[l].sold, layout_.lots[l].count);
  }
}

// R18: unmet demand that refuses an idle chip, each unit of it once, lots in placement order. Chips
// that are idle because they ramp are not refused by anyone.
void Reference::find_outclassed(int month, const world::MonthColumns& draws) {
  Columns& out = store_.columns();
  const std::size_t classes = layout_.classes.size();
  std::vector<double> refusing(out.unmet_h100e, out.unmet_h100e + layout_.markets.size());
  for (int l : order_of(month)) {
    LotMonth& lot = lot_[l];
    const model::LayoutLot& facts = layout_.lots[l];
    double ready = 0;
    for (std::size_t m = 0; m < layout_.markets.size(); ++m)
      ready = larger(ramped(l, static_cast<int>(m)), ready);
    double left = smaller(lot.idle, larger(ready - lot.sold, 0.0));
    double outclassed = 0;
    for (int m : decisions_.market_order) {
      if (!(facts.h100e > 0)) continue;
      const bool ever = layout_.markets[m].accepts_class[facts.accelerator_class];
      const double accepted =
          ever ? draws.accept_share[m * classes + facts.accelerator_class] : 0.0;
      const double refused = (1.0 - accepted) * refusing[m];
      const double chips = smaller(refused * (1 / facts.h100e), left);
      refusing[m] = larger(refusing[m] - chips * facts.h100e, 0.0);
      left = larger(left - chips, 0.0);
      outclassed += chips;
    }
    out.state[static_cast<int>(State::outclassed)][l] = outclassed;
    out.state[static_cast<int>(State::no_demand)][l] = larger(lot.idle - outclassed, 0.0);
  }
}

// R19: unmet demand is handed to the dark, portfolio-wide by placement key; within a lot first to
// chips that one gate cures, then to the rest, each in proportion to its states.
void Reference::hand_unmet_demand(int month, const world::MonthColumns& draws) {
  Columns& out = store_.columns();
  const std::size_t lots = layout_.lots.size(), classes = layout_.classes.size();
  std::vector<double> unmet(out.unmet_h100e, out.unmet_h100e + layout_.markets.size());
  for (std::size_t i = 0; i < layout_.markets.size() * lots; ++i) out.sellable_to[i] = 0;
  for (int l : order_of(month)) {
    const LotMonth& lot = lot_[l];
    const model::LayoutLot& facts = layout_.lots[l];
    double left = lot.dark, sellable = 0;
    for (int m : decisions_.market_order) {
      if (!layout_.markets[m].accepts_class[facts.accelerator_class] || !(facts.h100e > 0))
        continue;
      const double accepted = draws.accept_share[m * classes + facts.accelerator_class];
      const double open = smaller(accepted * lot.dark, left);
      const double chips = smaller(unmet[m] * (1 / facts.h100e), open);
      unmet[m] = larger(unmet[m] - chips * facts.h100e, 0.0);
      left = larger(left - chips, 0.0);
      sellable += chips;
      out.sellable_to[m * lots + l] = chips;
    }

    const double of_alone = smaller(sellable, lot.alone);
    const double share_alone = lot.alone > 0 ? of_alone / lot.alone : 0.0;
    const double rest = beyond_rounding(lot.dark - lot.alone, facts.count);
    const double of_rest = smaller(larger(sellable - of_alone, 0.0), rest);
    const double share_rest = rest > 0 ? of_rest / rest : 0.0;
    constexpr std::array<State, alone_count> cured_alone{State::no_shell, State::no_cooling,
                                                         State::no_power};
    for (int i = 0; i < alone_count; ++i) {
      const double state = out.state[static_cast<int>(cured_alone[i])][l];
      const double alone = out.alone[i][l];
      out.sellable_alone[i][l] = alone * share_alone;
      out.sellable[i][l] = alone * share_alone + (state - alone) * share_rest;
    }
    out.sellable[alone_count][l] = lot.installing * share_alone;
  }
}

}  // namespace warmshell::fleet
