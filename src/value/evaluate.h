#pragma once
// Evaluates a graph over one block of paths, month by month.
//   begin(gates)          what depends on dates alone
//   month(t, columns)     t = 0, 1, ... in order; rows of lines and roots hold until the next call
//   finish()              what exists only after the last month
// A path's numbers do not depend on the block that it is in. A graph that imports is handed the
// evaluator of the other graph, which must have done the month before.
// Thread rule: one Evaluator per thread; the graph is shared read-only and outlives it.

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
  Evaluator(const Graph& graph, int width, fleet::VectorLevel level = fleet::best_level(),
            const Evaluator* imported_from = nullptr);

  // gate_months[gate]: a row, for every gate that the graph uses; others may be null.
  void begin(const std::vector<const double*>& gate_months);
  void month(int month, const ColumnBases& columns);
  void finish();

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] const Row& row(int node) const {  // of a line or a root known by now
    return current_[static_cast<std::size_t>(node)];
  }
  void copy(int node, double* out) const;  // the same, written out

 private:
  // A node to evaluate, with its operands in a row of operands_.
  struct Step {
    int node;
    Operation operation;
    int first, count;
  };
  // Part of the month in a span of dates: zero outside [first, last]; in [settled_first,
  // settled_last] whole on the paths that have a span at all, nothing on the others.
  struct Schedule {
    int node, from, to;
    bool is_share;
    int first = 0, last = -1, settled_first = 0, settled_last = -1;
    bool on_all_paths = false, settled = false;  // settled: its storage holds what it settles to
  };

  void evaluate(const Step& step);
  void accumulate(const Step& step, double* out);
  std::ptrdiff_t place_rows();
  void add_step(int node, std::vector<Step>& steps);
  void begin_schedule(Schedule& schedule);
  void run_schedules(int month);
  const double* written(int node, double* scratch) const;
  double* storage(int node) { return memory_.get() + offset_[static_cast<std::size_t>(node)]; }

  struct Free {
    void operator()(double* memory) const;
  };
  const Graph& graph_;
  const RowKernels& rows_;
  const Evaluator* imported_from_;
  int width_;
  int month_ = 0;
  std::vector<std::ptrdiff_t> offset_;
  std::vector<Row> current_;
  std::vector<int> operands_;
  std::vector<double> factors_of_;  // of a dot: the constant before each operand, else 1
  std::vector<Step> before_;        // shape path, known from dates
  std::vector<Step> monthly_;       // shape month_path and present values, in order
  std::vector<Step> afterwards_;    // shape path, made of present values
  std::vector<char> needed_;        // [month][step of monthly_]
  std::vector<Schedule> schedules_;
  std::vector<int> series_;  // nodes of shape month
  std::vector<int> gates_;
  std::array<std::vector<int>, column_count> columns_of_;  // nodes that read each column
  ColumnBases bases_{};
  std::vector<double> factors_;
  std::vector<const double*> sources_;
  double *ones_ = nullptr, *scratch_ = nullptr;
  std::unique_ptr<double[], Free> memory_;
};

}  // namespace warmshell::value
