#pragma once
// For tests: the absolute flows through which each number of a graph goes, the scale on which two
// ways of computing it may differ. A sum goes through its terms, a difference through both of its
// sides, a balance through all that was added to it; what cancels in the number does not in them.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <vector>

#include "value/graph.h"

namespace warmshell::value::testing {

using Monthly = std::vector<std::vector<double>>;  // [node][month]

inline Monthly absolute_flows(const Graph& graph, const Monthly& values,
                              const std::function<double(int node, int month)>& imported) {
  Monthly flows = values;
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node& n = graph.nodes()[i];
    for (int month = 0; month < graph.months(); ++month) {
      const auto of = [&](std::size_t k, int at) {
        return flows[static_cast<std::size_t>(n.operands[k])][static_cast<std::size_t>(at)];
      };
      const auto value = [&](std::size_t k) {
        return values[static_cast<std::size_t>(n.operands[k])][static_cast<std::size_t>(month)];
      };
      const auto before = [&] { return flows[i][static_cast<std::size_t>(month) - 1]; };
      double& flow = flows[i][static_cast<std::size_t>(month)];
      switch (n.operation) {
        case Operation::constant:
        case Operation::input:
        case Operation::series:
        case Operation::gate:
        case Operation::column:
        case Operation::overlap:
        case Operation::share:
        case Operation::resale:
        case Operation::present_value:
          flow = std::abs(flow);
          break;
        case Operation::imported:
          flow = imported(n.item, month);
          break;
        case Operation::sum:
        case Operation::subtract:
          flow = 0;
          for (std::size_t k = 0; k < n.operands.size(); ++k) flow += of(k, month);
          break;
        case Operation::dot:
          flow = 0;
          for (std::size_t k = 0; k < n.operands.size(); k += 2)
            flow += of(k, month) * of(k + 1, month);
          break;
        case Operation::multiply:
          flow = of(0, month) * of(1, month);
          break;
        case Operation::divide:
          flow = of(0, month) / std::abs(value(1)) * (of(1, month) / std::abs(value(1)));
          break;
        case Operation::minimum:
        case Operation::maximum: {  // of the side that is taken; of either where they are near
          const double a = of(0, month), b = of(1, month), off = std::abs(value(0) - value(1));
          const bool near =
              a + b < std::numeric_limits<double>::infinity() && off <= 1e-12 * (a + b);
          const bool first = (value(0) < value(1)) == (n.operation == Operation::minimum);
          flow = near ? std::max(a, b) : first ? a : b;
          break;
        }
        case Operation::running_sum:
          flow = of(0, month) + (month == 0 ? of(1, month) : before());
          break;
        case Operation::running_maximum:
          flow = month == 0 ? of(0, month) : std::max(of(0, month), before());
          break;
        case Operation::lag:
          flow = month < n.item ? 0 : of(0, month - n.item);
          break;
      }
    }
  }
  return flows;
}

}  // namespace warmshell::value::testing
