#pragma once
// The money of a portfolio as lines of one graph: what is earned, paid, written off and left over,
// by month. README.md lists every line with its formula. Debt and tax are read and not valued.
//
// Signs: money in is positive. Flows fall at month end; what is spent before `start` is sunk.
// Accelerators are paid evenly over the month that follows delivery, power sources over the month
// that follows each tranche's opening, a shell from `cold` to `warm`: so money is continuous in
// every date. Thread rule: built once, then shared read-only.

#include <string>
#include <vector>

#include "fleet/columns.h"
#include "model/layout.h"
#include "model/portfolio.h"
#include "value/evaluate.h"
#include "value/graph.h"
#include "world/block.h"

namespace warmshell::value {

// As energised: what will run. By chip count: the same lines on the fleet that runs from delivery,
// its energy at the site's dearest source.
enum class Basis { as_energised, by_chip_count };

struct Lines {
  Basis basis = Basis::as_energised;
  Graph graph{0};
  int net_cash = -1;         // month x path: the sum of the cash lines and the terminal ones
  int operating_cash = -1;   // the same without the terminal lines
  int cumulative_cash = -1;  // balance of net_cash
  int npv = -1, npv_without_terminal = -1;  // path, after the months
  std::vector<int> revenue;                 // of accelerators: nodes of lines
  std::vector<double> discount;             // by month
};

[[nodiscard]] Lines build_lines(const model::Layout& layout, const model::Portfolio& portfolio);
// By chip count: what the chips that run change, computed anew; every other line imported from the
// lines as energised. Book lines are left out.
[[nodiscard]] Lines build_chip_count_lines(const model::Layout& layout,
                                           const model::Portfolio& portfolio,
                                           const Lines& energised);

// What was read and is not valued yet: `debt.ddtl`, `finance.tax`.
[[nodiscard]] std::vector<std::string> not_yet_valued(const model::Portfolio& portfolio);

// The rows of one month and whether they moved. Halls that are let and what sources stand ready are
// those of the fleet as energised on either basis: a chip count changes the chips alone.
[[nodiscard]] MonthRows month_rows(const world::MonthColumns& draws, const fleet::Columns& valued,
                                   const fleet::Columns& energised);

// The dates of a block, for Evaluator::begin.
[[nodiscard]] std::vector<const double*> gate_rows(const world::Block& block,
                                                   const model::Layout& layout);

}  // namespace warmshell::value
