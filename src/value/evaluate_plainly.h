#pragma once
// The graph on one path, one number at a time, written to be read: the twin that Evaluator is held
// against, sharing with it only the graph and what the world and the fleet said.

#include <functional>
#include <vector>

#include "value/graph.h"

namespace warmshell::value {

struct PlainPath {
  std::function<double(int gate)> gate_month;
  std::function<double(Column column, int row, int month)> column;
  std::function<double(int node, int month)> imported = {};
};

// values[node][month]; a node that does not change with the month repeats its number.
[[nodiscard]] std::vector<std::vector<double>> evaluate_plainly(const Graph& graph,
                                                                const PlainPath& path);

}  // namespace warmshell::value
