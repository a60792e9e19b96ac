#pragma once
// Random portfolios, dates and draws on a few paths, for tests that hold the kernels against the
// reference twin. Everything follows from the seed. Laid [item][path] as world::Block does.

#include <cstdint>
#include <vector>

#include "fleet/small_portfolio.h"

namespace warmshell::fleet {

struct RandomPortfolio {
  SmallPortfolio p;
  int width = 16;
  std::vector<double> gates;  // [gate][path]
  struct Month {
    std::vector<double> demand, accept, price, curtailed;
  };
  std::vector<Month> months;

  [[nodiscard]] world::MonthColumns draws(int month) const;    // of all paths
  [[nodiscard]] std::vector<const double*> gate_rows() const;  // of all paths
  [[nodiscard]] std::vector<double> gates_of(int path) const;
  [[nodiscard]] Month month_of(int month, int path) const;
};

RandomPortfolio random_portfolio(std::uint64_t seed);
// Two of three portfolios as energised, the third with some gates lifted.
Mode random_mode(std::uint64_t seed);
// Draws of a month for one path, pointing into `month`.
world::MonthColumns pointers(const RandomPortfolio::Month& month, int number);

}  // namespace warmshell::fleet
