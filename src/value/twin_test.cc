// Blocks against the twins that are written to be read, on random portfolios: money to 1e-12 of the
// sum of absolute flows. Those of a line are the flows through which its number goes
// (absolute_flows.h): what cancels in a balance or a difference has still been computed. Those of
// the cost of the dark: what ages are differences between two values of the same chips, so the
// scale is what the chips cost; a margin is revenue less energy, so the scale is both.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "value/absolute_flows.h"
#include "value/binds.h"
#include "value/cost_of_dark_plainly.h"
#include "value/evaluate_plainly.h"
#include "value/measures.h"
#include "value/random_money.h"

namespace warmshell::value {
namespace {

using testing::RandomMoney;
using testing::width;

int rows_of(const model::Layout& l, Column column) {
  const std::size_t markets = l.markets.size(), lots = l.lots.size();
  switch (column) {
    case Column::rent_per_hour:
      return static_cast<int>(markets * l.classes.size());
    case Column::demand_h100e:
    case Column::unmet_h100e:
      return static_cast<int>(markets);
    case Column::price_per_mwh:
    case Column::source_energised_mw:
    case Column::source_energy_mwh:
      return static_cast<int>(l.sources.size());
    case Column::resale_factor:
      return static_cast<int>(l.classes.size());
    case Column::delivered:
    case Column::gone:
    case Column::installed:
    case Column::delivered_age:
      return static_cast<int>(lots);
    case Column::busy:
      return static_cast<int>(markets * lots);
    case Column::energy_mwh:
    case Column::used_mw:
    case Column::installing_mw:
    case Column::idle_lit_mw:
      return static_cast<int>(l.sites.size());
    case Column::let_live_mw:
      return static_cast<int>(l.halls.size());
  }
  return 0;
}

using Recorded = std::vector<std::array<std::vector<double>, column_count>>;  // [month][column]

void record(Recorded& into, const model::Layout& layout, const MonthRows& month) {
  into.emplace_back();
  for (int c = 0; c < column_count; ++c) {
    const int rows = rows_of(layout, static_cast<Column>(c));
    into.back()[static_cast<std::size_t>(c)].assign(
        month.columns[static_cast<std::size_t>(c)],
        month.columns[static_cast<std::size_t>(c)] + rows * width);
  }
}

constexpr double bar = 1e-12;

// The largest difference seen over its scale, by what was compared.
using Worst = std::map<std::string, double>;

void hold(Worst& worst, const std::string& what, double found, double expected, double scale,
          const std::string& where) {
  EXPECT_NEAR(found, expected, bar * scale) << what << ' ' << where;
  if (scale > 0) worst[what] = std::max(worst[what], std::abs(found - expected) / scale);
}

void hold_against_twins(std::uint64_t seed, std::map<std::string, int>& occurred, Worst& worst) {
  RandomMoney random(seed, occurred);
  testing::CertainRun run(random.portfolio);
  random.shake(run);
  const model::Layout& layout = run.layout;
  const int months = layout.months;
  std::vector<const double*> gates;
  for (std::size_t g = 0; g < layout.gates.size(); ++g)
    gates.push_back(&run.gate_months[g * width]);

  // Both sides see the same columns.
  fleet::Funnel energised(layout, run.decisions, width, fleet::as_energised);
  fleet::Funnel lifted(layout, run.decisions, width, fleet::by_chip_count);
  energised.begin(gates.data());
  lifted.begin(gates.data());
  BlockValuation block(run.plan, width);
  block.begin(gates, 0, width, run.totals, run.fan);
  Recorded columns[2];
  std::vector<PlainDarkPath> dark;
  for (int path = 0; path < width; ++path)
    dark.emplace_back(layout, run.portfolio, run.decisions, [&run, path](int gate) {
      return run.gate_months[static_cast<std::size_t>(gate * width + path)];
    });
  // [sum of the cost of the dark] what the dark chips cost new, where that is the scale
  std::vector<double> bought(run.totals.dark.sums.size());
  for (int t = 0; t < months; ++t) {
    const world::MonthColumns draws = run.rows[static_cast<std::size_t>(t)].columns(t);
    const fleet::Columns& now = energised.next_month(draws);
    const fleet::Columns& counted = lifted.next_month(draws);
    record(columns[0], layout, month_rows(draws, now, now));
    record(columns[1], layout, month_rows(draws, counted, now));
    for (int path = 0; path < width; ++path) dark[path].month(draws, now, width, path);
    block.month(draws, now, counted);
    for (std::size_t l = 0; l < layout.lots.size(); ++l)
      for (int s = 0; s < fleet::dark_count; ++s)
        for (int path = 0; path < width; ++path)
          for (const DarkSum aged :
               {DarkSum::market_value, DarkSum::life, DarkSum::book, DarkSum::capital})
            bought[DarkTotals::index(layout, t, layout.lots[l].site, s, aged)] +=
                now.state[static_cast<std::size_t>(1 + s)]
                         [l * width + static_cast<std::size_t>(path)] *
                run.plan.dark.lots[l].price;
  }
  block.finish(run.metrics);
  EXPECT_LE(run.totals.cash_residual, cash_tolerance) << seed;

  // Lines and what is made of them.
  std::vector<testing::Monthly> as_energised, flows_energised;  // [path]
  for (const Basis basis : {Basis::as_energised, Basis::by_chip_count}) {
    const Lines& lines = basis == Basis::as_energised ? run.plan.energised : run.plan.by_chip_count;
    const Recorded& recorded = columns[static_cast<int>(basis)];
    std::vector<std::vector<double>> sums(lines.graph.lines().size(),
                                          std::vector<double>(static_cast<std::size_t>(months)));
    std::vector<std::vector<double>> sizes = sums;
    for (int path = 0; path < width; ++path) {
      const auto values = evaluate_plainly(
          lines.graph,
          {[&](int gate) { return run.gate_months[static_cast<std::size_t>(gate * width + path)]; },
           [&](Column column, int row, int month) {
             return recorded[static_cast<std::size_t>(month)][static_cast<std::size_t>(column)]
                            [static_cast<std::size_t>(row * width + path)];
           },
           [&](int node, int month) {
             return as_energised[static_cast<std::size_t>(path)][static_cast<std::size_t>(node)]
                                [static_cast<std::size_t>(month)];
           }});
      const auto through = testing::absolute_flows(lines.graph, values, [&](int node, int month) {
        return flows_energised[static_cast<std::size_t>(path)][static_cast<std::size_t>(node)]
                              [static_cast<std::size_t>(month)];
      });
      if (basis == Basis::as_energised) {
        as_energised.push_back(values);
        flows_energised.push_back(through);
      }
      double flows = 0;
      std::vector<double> net;
      for (int t = 0; t < months; ++t) {
        net.push_back(
            values[static_cast<std::size_t>(lines.net_cash)][static_cast<std::size_t>(t)]);
        for (std::size_t l = 0; l < sums.size(); ++l) {
          const Line& line = lines.graph.lines()[l];
          const double x = values[static_cast<std::size_t>(line.node)][static_cast<std::size_t>(t)];
          ASSERT_TRUE(std::isfinite(x)) << seed << ' ' << line.name << ' ' << t;
          sums[l][static_cast<std::size_t>(t)] += x;
          sizes[l][static_cast<std::size_t>(t)] +=
              through[static_cast<std::size_t>(line.node)][static_cast<std::size_t>(t)];
          if (line.kind == LineKind::cash || line.kind == LineKind::terminal) flows += std::abs(x);
          if (x != 0) ++occurred[line.name.substr(0, line.name.find('.')) + " line"];
        }
      }
      const double npv = run.metrics.get(
          basis == Basis::as_energised ? Metric::npv : Metric::npv_by_chip_count, path);
      const double wacc = run.portfolio.finance.wacc.value.value;
      const std::string where = std::to_string(seed) + ' ' + std::to_string(path);
      hold(worst, "net present value", npv, net_present_value(net, wacc), flows, where);
      // no money: a rate may move further than the flows where their value hardly depends on it
      const InternalRates rates = internal_rates(net);
      const double irr = run.metrics.get(
          basis == Basis::as_energised ? Metric::irr : Metric::irr_by_chip_count, path);
      EXPECT_EQ(std::isnan(irr), rates.status != IrrStatus::one) << seed << ' ' << path;
      if (rates.status == IrrStatus::one) {
        const double yearly = yearly_rate(rates.rates[0]);
        if (irr != yearly) {  // a rate beyond the largest number is infinite on both sides
          EXPECT_NEAR(irr, yearly, 1e-9 * (1 + std::abs(yearly))) << seed << ' ' << path;
        }
        ++occurred["one rate"];
      } else {
        ++occurred[rates.status == IrrStatus::none ? "no rate" : "several rates"];
      }
      if (basis == Basis::as_energised) {
        hold(worst, "peak funding", run.metrics.get(Metric::peak_funding, path), peak_funding(net),
             flows, where);
        const double payback = payback_months(net), found = run.metrics.get(Metric::payback, path);
        EXPECT_TRUE(payback == found || std::abs(payback - found) < 1e-6) << seed << ' ' << path;
        ++occurred[std::isinf(payback) ? "never paid back" : "paid back"];
      }
    }
    for (std::size_t l = 0; l < sums.size(); ++l)
      for (int t = 0; t < months; ++t) {
        const double found = run.totals.line_mean(run.plan, basis, static_cast<int>(l), t) * width;
        hold(worst, l + 1 == sums.size() ? "balance" : "line", found,
             sums[l][static_cast<std::size_t>(t)], sizes[l][static_cast<std::size_t>(t)],
             std::to_string(seed) + ' ' + lines.graph.lines()[l].name + ' ' + std::to_string(t));
      }
  }

  // The cost of the dark.
  for (int t = 0; t < months; ++t) {
    int short_paths = 0;
    for (int path = 0; path < width; ++path) {
      bool some = false;
      for (std::size_t m = 0; m < layout.markets.size(); ++m) {
        const auto of_market = [&](Column column) {
          return columns[0][static_cast<std::size_t>(t)][static_cast<std::size_t>(column)]
                        [m * width + static_cast<std::size_t>(path)];
        };
        some |= of_market(Column::unmet_h100e) > 1e-9 * of_market(Column::demand_h100e);
      }
      short_paths += some ? 1 : 0;
    }
    EXPECT_EQ(run.totals.dark.unmet[static_cast<std::size_t>(t)], short_paths) << seed << ' ' << t;
  }
  std::vector<double> sums(run.totals.dark.sums.size()), sizes(sums.size());
  std::map<std::string, PlainDark::Cured> cured;
  for (int path = 0; path < width; ++path) {
    const PlainDark& plain = dark[static_cast<std::size_t>(path)].result();
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] += plain.sums[i];
      sizes[i] += std::abs(plain.sums[i]);
    }
    for (const auto& [id, c] : plain.cures) {
      cured[id].alone += c.alone;
      cured[id].sellable += c.sellable;
      cured[id].lost_margin += c.lost_margin;
    }
    double margin = 0, size = 0;
    for (const double m : plain.lost_margin) margin += m;
    for (std::size_t i = static_cast<std::size_t>(DarkSum::lost_margin); i < sums.size();
         i += dark_sum_count)
      size += std::abs(plain.sums[i]) + plain.sums[i - 1];
    const std::string where = std::to_string(seed) + ' ' + std::to_string(path);
    hold(worst, "lost margin of a path", run.metrics.get(Metric::dark_lost_margin, path), margin,
         size, where);
    hold(worst, "dark accelerator-months", run.metrics.get(Metric::dark_accelerator_months, path),
         plain.dark_accelerator_months, plain.dark_accelerator_months, where);
  }
  static_assert(
      static_cast<int>(DarkSum::lost_revenue) + 1 == static_cast<int>(DarkSum::lost_margin) &&
      static_cast<int>(DarkSum::lost_revenue) + 2 == static_cast<int>(DarkSum::lost_margin_alone));
  double all_margins = 0;  // revenue and energy, of all sites
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t kind = i % dark_sum_count, state = i / dark_sum_count % fleet::dark_count;
    double scale = sizes[i] + bought[i];
    if (kind == static_cast<std::size_t>(DarkSum::lost_margin)) scale += sizes[i - 1];
    if (kind == static_cast<std::size_t>(DarkSum::lost_margin_alone)) scale += sizes[i - 2];
    if (kind == static_cast<std::size_t>(DarkSum::lost_margin)) all_margins += scale;
    hold(worst, bought[i] > 0 ? "ageing in the dark" : "dark", run.totals.dark.sums[i], sums[i],
         scale,
         std::to_string(seed) + " sum " + std::to_string(kind) + " state " + std::to_string(state));
    if (sums[i] != 0)
      ++occurred["dark " + std::string(fleet::state_names[1 + state]) + " " + std::to_string(kind)];
  }
  for (const CureFound& found : cures(run.plan, run.totals)) {
    ASSERT_TRUE(cured.contains(found.gate)) << seed << ' ' << found.gate;
    const PlainDark::Cured& expected = cured[found.gate];
    const std::string where = std::to_string(seed) + ' ' + found.gate;
    hold(worst, "cures", found.accelerator_months_alone * width, expected.alone, expected.alone,
         where);
    hold(worst, "cures", found.sellable * width, expected.sellable, expected.sellable, where);
    hold(worst, "margin of cures", found.lost_margin * width, expected.lost_margin, all_margins,
         where);
    ++occurred["cure " + found.gate.substr(found.gate.rfind('.') + 1)];
    cured.erase(found.gate);
  }
  for (const auto& [id, c] : cured) EXPECT_EQ(c.alone, 0) << seed << ' ' << id;
}

void hold_many(int count) {
  std::map<std::string, int> occurred;
  Worst worst;
  for (int seed = 1; seed <= count && !::testing::Test::HasFailure(); ++seed)
    hold_against_twins(static_cast<std::uint64_t>(seed), occurred, worst);
  for (const auto& [what, share] : worst)
    std::printf("%-24s off by at most %.1e of its absolute flows\n", what.c_str(), share);
  for (const char* line : {"revenue", "rent", "lease", "damages", "energy", "minimum_bill", "opex",
                           "capex", "depreciation", "terminal", "carry", "net_cash"})
    EXPECT_GT(occurred[std::string(line) + " line"], 0) << line;
  for (const char* what : {"never",
                           "on a first day",
                           "before start",
                           "book life ends",
                           "fixed cost",
                           "crews",
                           "retired",
                           "depreciation from delivery",
                           "market value falls",
                           "liquid hall",
                           "cold shell",
                           "leased",
                           "let",
                           "retrofit",
                           "tranches",
                           "own generation",
                           "take-or-pay",
                           "on-demand",
                           "internal",
                           "contract",
                           "unbounded demand",
                           "ramp",
                           "contract damages",
                           "contract longstop",
                           "contract term",
                           "customer may stop paying",
                           "late damages",
                           "let has a longstop",
                           "one rate",
                           "no rate",
                           "several rates",
                           "paid back",
                           "never paid back",
                           "cure install",
                           "cure power",
                           "cure halls",
                           "cure energised",
                           "cure warm"})
    EXPECT_GT(occurred[what], 0) << what;
  for (int state = 1; state <= fleet::dark_count; ++state)
    for (int kind = 0; kind < dark_sum_count; ++kind)
      EXPECT_GT(
          occurred["dark " + std::string(fleet::state_names[static_cast<std::size_t>(state)]) +
                   " " + std::to_string(kind)],
          0)
          << state << ' ' << kind;
}

TEST(ValueTwin, blocks_agree_with_the_twins_on_random_portfolios) {
  hold_many(150);
}
TEST(ValueTwin, blocks_agree_with_the_twins_on_10000_random_portfolios_full) {
  hold_many(10000);
}

}  // namespace
}  // namespace warmshell::value
