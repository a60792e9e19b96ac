#pragma once
// Evaluates a graph over one block of paths, month by month.
//   begin(gates)          what depends on dates alone
//   month(t, columns)     t = 0, 1, ... in order; rows of nodes hold until the next call
//   finish()              what exists only after the last month
// A path's numbers do not depend on the block that it is in. Thread rule: one Evaluator per thread;
// the graph is shared read-only and outlives it.

#include <array>
#include <memory>
#include <vector>

#include "fleet/kernel.h"
#include "value/graph.h"
#include "value/rows.h"

namespace warmshell::value {

using ColumnBases = std::array<const double*, column_count>;  // [item][path], path innermost

class Evaluator {
 public:
  // width: a multiple of 8
  Evaluator(const Graph& graph, int width, fleet::VectorLevel level = fleet::best_level());

  // gate_months[gate]: a row, for every gate that the graph uses; others may be null.
  void begin(const std::vector<const double*>& gate_months);
  void month(int month, const ColumnBases& columns);
  void finish();

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] Row row(int node) const;             // of any node known by now
  void copy(int node, double* out) const;            // the same, written out
  [[nodiscard]] const double* path(int node) const;  // a node of shape path

 private:
  void evaluate(int node);
  void accumulate(const Node& node, double* out);
  double* storage(int node) { return memory_.get() + offset_[node]; }

  struct Free {
    void operator()(double* memory) const;
  };
  const Graph& graph_;
  const RowKernels& rows_;
  int width_;
  int month_ = 0;
  std::vector<std::ptrdiff_t> offset_;
  std::vector<Row> current_;
  struct Span {  // of an overlap's dates over the block: outside them it is 0, inside 1
    double first_from, last_from, first_to, last_to;
  };
  std::vector<Span> spans_;
  std::vector<int> before_;      // shape path, known from dates
  std::vector<int> monthly_;     // shape month_path and present values, in order
  std::vector<int> afterwards_;  // shape path, made of present values
  const ColumnBases* columns_ = nullptr;
  std::vector<double> factors_;
  std::vector<const double*> sources_;
  std::unique_ptr<double[], Free> memory_;
};

}  // namespace warmshell::value
