#pragma once
// For tests of reading: a small portfolio without a mistake, and text that is read as one.

#include <gtest/gtest.h>

#include <string>

#include "model/read.h"
#include "text/yaml.h"

namespace warmshell::model::testing {

inline const std::string small = R"(portfolio: Small
start: 2026-01
horizon: 2 years
sites:
  here:
    halls: {hall: {it_power: 36 MW_it, cooling: air, shell: {warm: 2025-03}}}
    power: {grid: {kind: grid, power: 45 MW_facility, energised: 2025-03}}
fleet:
  chips: {accelerator: h100_sxm, count: 20k, delivered: 2025-06, site: here}
markets:
  cloud: {terms: on-demand, utilisation: 85 %}
)";

inline ReadPortfolio read(const std::string& yaml) {
  const auto tree = text::read_yaml("portfolio.yaml", yaml);
  EXPECT_TRUE(tree.has_value());
  auto result = read_portfolio(*tree, nullptr);
  EXPECT_TRUE(result.has_value()) << (result ? "" : render(result.error()));
  return result ? *std::move(result) : ReadPortfolio{};
}

}  // namespace warmshell::model::testing
