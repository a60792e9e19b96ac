#pragma once
// What the model asks of a path, in operations: the twins written to be read (fleet/reference,
// value/evaluate_plainly, value/cost_of_dark_plainly, the rates of return) run on one path with a
// number that counts. counted_twin.cc is these files themselves, compiled with that number.

#include <vector>

#include "bench/counted_number.h"
#include "model/layout.h"
#include "model/portfolio.h"
#include "value/graph.h"

namespace warmshell::bench {

// A block of paths as drawn: gates and the rows of every month, [item][path].
struct DrawnMonth {
  std::vector<double> rent, demand, accept, price, curtailed, resale;
};
struct DrawnBlock {
  int width = 0;
  std::vector<std::vector<double>> gates;  // [gate][path]
  std::vector<DrawnMonth> months;
};

struct Model {
  const model::Layout& layout;
  const model::Decisions& decisions;
  const model::Portfolio& portfolio;
  const value::Graph& energised;      // lines
  const value::Graph& by_chip_count;  // lines
  int net_cash, net_cash_by_chip_count;
};

struct PathCounts {
  Counts fleet, fleet_by_chip_count, lines, lines_by_chip_count, dark, rates;
};
[[nodiscard]] PathCounts count_path(const Model& model, const DrawnBlock& block, int path);

}  // namespace warmshell::bench
