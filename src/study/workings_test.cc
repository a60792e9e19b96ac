// The workings of one path lead to its money: recomputed from them by hand.

#include "study/workings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace warmshell::study {
namespace {

const std::vector<double>& column(const Workings& workings, const std::string& name) {
  const auto found = std::find_if(workings.columns.begin(), workings.columns.end(),
                                  [&](const auto& each) { return each.name == name; });
  EXPECT_NE(found, workings.columns.end()) << name;
  return found->by_month;
}

TEST(Workings, revenue_energy_maintenance_and_ledger_of_a_path_follow_from_them) {
  const auto read = model::read_portfolio(WARMSHELL_ROOT "/examples/neocloud");
  const Prepared prepared = prepare(*read);
  SimulateOptions options;
  options.paths = 1;
  options.first_path = 17;
  const SimulateResult run = simulate(prepared, options, StopFlag{}).result;
  const Workings workings = study::workings(prepared, options.seed, options.first_path);
  const auto of = [&](const std::string& name, std::size_t month) {
    return column(workings, name)[month];
  };

  double earning = 0;
  for (std::size_t t = 0; t < run.months.size(); ++t) {
    SCOPED_TRACE(run.months[t]);
    const std::string market = "markets.inference.";
    const double revenue =
        730 *
        (of(market + "dark-h100.paid_accelerators", t) * of(market + "h100_sxm.rent_per_hour", t) +
         of(market + "gb300.paid_accelerators", t) * of(market + "gb300_nvl72.rent_per_hour", t));
    EXPECT_NEAR(run.lines.at("revenue.inference")[t], revenue, 1e-12 * std::abs(revenue));
    double energy = 0;
    for (const char* source : {"grid-1", "grid-2", "gas"}) {
      const std::string name = std::string("sites.quincy.power.") + source;
      energy += of(name + ".energy_mwh", t) * of(name + ".price_per_mwh", t);
    }
    EXPECT_NEAR(run.lines.at("energy.quincy")[t], -energy, 1e-12 * energy);
    // 3 % a year of 47,000 and of 64,000 USD
    const double kept =
        0.03 / 12 *
        (47e3 * of("fleet.dark-h100.installed", t) + 64e3 * of("fleet.gb300.installed", t));
    EXPECT_NEAR(run.lines.at("opex.maintenance")[t], -kept, 1e-12 * kept);
    for (std::size_t s = 0; s < fleet::state_names.size(); ++s) {
      const std::string state = "." + std::string(fleet::state_names[s]);
      EXPECT_NEAR(run.ledger.mean_accelerators[t][s],
                  of("fleet.dark-h100" + state, t) + of("fleet.gb300" + state, t), 1e-9);
    }
    earning += of("fleet.gb300.earning", t);
  }
  EXPECT_GT(earning, 0);

  // What is left at the horizon, after 8 years.
  const auto delivered = std::find_if(workings.dates.begin(), workings.dates.end(), [](auto& date) {
    return date.first == "fleet.gb300.delivered";
  });
  ASSERT_NE(delivered, workings.dates.end());
  EXPECT_GT(delivered->second, 1);  // ordered in the second month
  const std::size_t last = run.months.size() - 1;
  const double left = 47e3 * 40000 * of("h100_sxm.resale_factor", last) *
                          of("fleet.dark-h100.resale_curve_at_month_end", last) +
                      64e3 * 21600 * of("gb300_nvl72.resale_factor", last) *
                          of("fleet.gb300.resale_curve_at_month_end", last);
  EXPECT_NEAR(run.lines.at("terminal.chips")[last], left, 1e-12 * left);
}

}  // namespace
}  // namespace warmshell::study
