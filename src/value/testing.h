#pragma once
// For tests: a portfolio run without draws. Dates stand at their expectation, rents and prices at
// what the user wrote, nothing is curtailed, resale moves by age alone. Not part of any result.

#include <functional>
#include <vector>

#include "fleet/kernel.h"
#include "model/compile.h"
#include "model/portfolio.h"
#include "value/valuation.h"
#include "world/terms.h"

namespace warmshell::value::testing {

inline constexpr int width = fleet::recommended_width / 2;  // 16

// Rows of every month, `width` paths that may be changed one by one.
struct Rows {
  std::vector<double> rent, demand, accept, price, curtailed, resale;
  [[nodiscard]] world::MonthColumns columns(int month) const {
    return {.month = month,
            .rent_per_hour = rent.data(),
            .demand_h100e = demand.data(),
            .accept_share = accept.data(),
            .price_per_mwh = price.data(),
            .curtailed_share = curtailed.data(),
            .resale_factor = resale.data()};
  }
};

struct CertainRun {
  explicit CertainRun(const model::Portfolio& portfolio);

  // gate_months[gate * width + path]; change it before run().
  model::Portfolio portfolio;
  model::Layout layout;
  model::Decisions decisions;
  ValuationPlan plan;
  std::vector<double> gate_months;
  std::vector<Rows> rows;  // by month

  // Valued over the first `count` of its paths.
  ValueTotals totals;
  Fan fan;
  PathMetrics metrics;
  using Look = std::function<void(int month, const fleet::Columns& energised)>;
  void run(int count = width, const Look& look = {}, BlockValuation* block = nullptr);

  [[nodiscard]] double line(const std::string& name, int month,
                            Basis basis = Basis::as_energised) const;
  [[nodiscard]] double line_total(const std::string& name, Basis basis = Basis::as_energised) const;
};

inline CertainRun::CertainRun(const model::Portfolio& p)
    : portfolio(p),
      layout(model::compile(portfolio)),
      decisions(model::decide(layout, model::written_expectations(portfolio, layout))),
      plan(layout, portfolio, decisions),
      totals(plan),
      fan(layout.months),
      metrics(width) {
  for (const double date : model::expected_gate_months(layout))
    gate_months.insert(gate_months.end(), width, date);
  const model::Expectations expected = model::written_expectations(portfolio, layout);
  const std::size_t markets = layout.markets.size(), classes = layout.classes.size();
  const auto spread = [](std::vector<double>& into, double value) {
    into.insert(into.end(), width, value);
  };
  for (int t = 0; t < layout.months; ++t) {
    Rows r;
    for (std::size_t m = 0; m < markets; ++m) {
      const model::LayoutMarket& market = layout.markets[m];
      for (std::size_t c = 0; c < classes; ++c) {
        spread(r.rent,
               expected.rent_per_hour[(static_cast<std::size_t>(t) * markets + m) * classes + c]);
        spread(r.accept, market.accepts_class[c] ? 1 : 0);
      }
      const double asks = world::share_of_month(
          world::demand_span(portfolio.markets.at(market.name), layout.start), t);
      spread(r.demand, asks * (market.unbounded ? world::unbounded_demand
                                                : market.demand_now_h100e *
                                                      math::pow(1 + market.growth, t / 12.0)));
    }
    for (const model::LayoutSource& source : layout.sources) {
      const auto& written =
          portfolio.sites.at(layout.sites[source.site].name).power.at(source.name);
      spread(r.price, p50(written.price.law.value));
      spread(r.curtailed, 0);
    }
    for (std::size_t c = 0; c < classes; ++c) spread(r.resale, 1);
    rows.push_back(std::move(r));
  }
}

inline void CertainRun::run(int count, const Look& look, BlockValuation* given) {
  std::vector<const double*> gates;
  for (std::size_t g = 0; g < layout.gates.size(); ++g) gates.push_back(&gate_months[g * width]);
  fleet::Funnel energised(layout, decisions, width, fleet::as_energised);
  fleet::Funnel lifted(layout, decisions, width, fleet::by_chip_count);
  BlockValuation own(plan, width);
  BlockValuation& block = given ? *given : own;
  energised.begin(gates.data());
  lifted.begin(gates.data());
  block.begin(gates, 0, count, totals, fan);
  for (int t = 0; t < layout.months; ++t) {
    const world::MonthColumns draws = rows[static_cast<std::size_t>(t)].columns(t);
    const fleet::Columns& now = energised.next_month(draws);
    const fleet::Columns& counted = lifted.next_month(draws);
    if (look) look(t, now);
    block.month(draws, now, counted);
  }
  block.finish(metrics);
}

inline double CertainRun::line(const std::string& name, int month, Basis basis) const {
  const Lines& of = basis == Basis::as_energised ? plan.energised : plan.by_chip_count;
  const int index = of.graph.find_line(name);
  return index < 0 ? 0 : totals.line_mean(plan, basis, index, month);
}

inline double CertainRun::line_total(const std::string& name, Basis basis) const {
  double total = 0;
  for (int t = 0; t < layout.months; ++t) total += line(name, t, basis);
  return total;
}

}  // namespace warmshell::value::testing
