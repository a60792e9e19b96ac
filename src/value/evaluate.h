#pragma once
// Evaluates a graph over one block of paths, month by month.
//   begin(gates)          what depends on dates alone
//   month(t, rows)        t = 0, 1, ... in order; rows of lines and roots hold until the next call
//   finish()              what exists only after the last month
// A row is only computed in the groups of eight paths in which something that it reads may have
// moved since the month before; elsewhere its bits stand (steps.h).
// A path's numbers do not depend on the block that it is in. A graph that imports is handed the
// evaluator of the other graph, which must have done the month before.
// Thread rule: one Evaluator per thread; the graph is shared read-only and outlives it.

#include <array>
#include <memory>
#include <vector>

#include "fleet/kernel.h"
#include "value/graph.h"
#include "value/marks.h"
#include "value/rows.h"
#include "value/steps.h"

namespace warmshell::value {

struct MonthRows {
  std::array<const double*, column_count> columns{};  // [item][path], path innermost
  std::array<Marks, owners_count> moved{};            // [owner][group of eight]
};

class Evaluator {
 public:
  // width: a multiple of 8, at most most_paths
  Evaluator(const Graph& graph, int width, fleet::VectorLevel level = fleet::best_level(),
            const Evaluator* imported_from = nullptr);

  // gate_months[gate]: a row, for every gate that the graph uses; others may be null.
  void begin(const std::vector<const double*>& gate_months);
  void month(int month, const MonthRows& rows);
  void finish();

  [[nodiscard]] int width() const { return width_; }
  // Of a line or a root known by now: its row, and where it may have moved this month.
  [[nodiscard]] const double* row(int node) const { return rows_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] Groups moved(int node) const {
    return marks_[static_cast<std::size_t>(steps_.mark_of[static_cast<std::size_t>(node)])];
  }
  void copy(int node, double* out) const;

 private:
  // Part of the month in [from, to) by path; zero in months outside [first, last].
  struct Span {
    const double *from, *to, *rate;
    double* out;
    int node, mark, first, last;
  };
  void begin_span(std::size_t index);
  void run_spans();
  [[nodiscard]] std::size_t moves_stride() const {
    return static_cast<std::size_t>(graph_.months()) + 2;
  }
  void dot(const Steps::Step& step, Groups groups);
  void read_marks(const MonthRows& rows);
  [[nodiscard]] Groups moved_by(const Steps::Chain& chain) const;
  void evaluate(const Steps::Step& step, Groups groups);
  void delay(const Steps::Step& step);
  double* storage(int node) {
    return memory_.get() + steps_.offset[static_cast<std::size_t>(node)];
  }

  struct Free {
    void operator()(double* memory) const;
  };
  const Graph& graph_;
  const RowKernels& kernels_;
  const Evaluator* imported_from_;
  const Steps steps_;
  int width_;
  Groups all_;
  int month_ = 0;
  std::vector<const double*> rows_;  // by node
  std::vector<Groups> marks_;        // steps_.mark_count
  std::vector<Span> spans_;
  std::vector<char> is_zero_;              // by node: of a span, in this month
  std::size_t span_parts_;                 // of a row: span_groups each
  std::vector<unsigned char> span_moves_;  // [span][part][month] groups that move, a bit each
  std::vector<int> terms_;                 // of a dot, without what is zero
  std::vector<double> factors_;
  std::array<const double*, column_count> columns_{};
  std::unique_ptr<double[], Free> memory_;
};

}  // namespace warmshell::value
