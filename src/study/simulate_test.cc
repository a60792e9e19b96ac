// What a run says of a whole portfolio, by hand.

#include "study/simulate.h"

#include <gtest/gtest.h>

#include "model/read.h"
#include "text/yaml.h"

namespace warmshell::study {
namespace {

SimulateResult run(const std::string& yaml, std::uint64_t seed = 1) {
  const auto tree = text::read_yaml("portfolio.yaml", yaml);
  const auto read = model::read_portfolio(*tree, nullptr);
  EXPECT_TRUE(read.has_value()) << (read ? "" : render(read.error()));
  SimulateOptions options;
  options.paths = 8;
  options.seed = seed;
  return simulate(prepare(*read), options, StopFlag{}).result;
}

double at(const SimulateResult& result, fleet::State state, std::size_t month) {
  return result.ledger.mean_accelerators[month][static_cast<std::size_t>(state)];
}

TEST(Simulate, a_lease_that_is_over_takes_its_hall_along) {
  const SimulateResult result = run(R"(portfolio: An expiring lease
start: 2026-01
horizon: 2 years
sites:
  here:
    halls:
      hall:
        it_power: 10 MW_it
        cooling: air
        shell: {warm: 2024-01}
        tenure: {leased: {rent: 100 USD/kW_it-month, escalator: 0 %/year, commencement: 2024-01, term: 3 years}}
    power: {grid: {kind: grid, power: 20 MW_facility, energised: 2024-01}}
fleet: {chips: {accelerator: h100_sxm, count: 1000, delivered: 2024-01, site: here}}
markets: {cloud: {terms: take-or-pay, rent: {per_h100e: 2 USD/h100e-h}}}
)");
  const std::vector<double>& lease = result.lines.at("lease.here.hall");
  // paid and lit until 2026-12, neither after it
  EXPECT_NEAR(lease[11], -1e6, 1e-6);
  EXPECT_NEAR(at(result, fleet::State::no_shell, 11), 0, 1e-9);
  EXPECT_EQ(lease[12], 0);
  EXPECT_EQ(at(result, fleet::State::no_shell, 12), 1000);
  EXPECT_EQ(at(result, fleet::State::no_shell, 23), 1000);
  for (const auto& [name, holds] : result.checks) EXPECT_TRUE(holds) << name;
}

// What has no published plan comes on its median: 10 MW_it by 2026-09; the plan adds 20 in 2027-02.
TEST(Simulate, what_the_plans_say_holds_no_luck) {
  const std::string yaml = R"(portfolio: A plan among other dates
start: 2026-01
horizon: 2 years
sites:
  here:
    pue: {air: {peak: 1, annual: 1}}
    halls:
      a: {it_power: 10 MW_it, cooling: air, shell: {warm: {p10: 2026-03, p50: 2026-09, p90: 2027-12}}}
      b: {it_power: 20 MW_it, cooling: air, shell: {warm: {planned: 2027-02, remaining: {p10: 0.8, p50: 1.5, p90: 3}}}}
    power: {grid: {kind: grid, power: 40 MW_facility, energised: 2024-01}}
)";
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const SimulateResult result = run(yaml, seed);
    std::vector<double> planned;
    for (const Quarter& quarter : result.quarters) planned.push_back(*quarter.planned_gw);
    EXPECT_EQ(planned, (std::vector<double>{0, 0, 0.01, 0.01, 0.03, 0.03, 0.03, 0.03})) << seed;
  }
}

}  // namespace
}  // namespace warmshell::study
