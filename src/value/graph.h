#pragma once
// Money as one expression graph: named lines are formulas over other lines, over the columns that
// world and fleet fill, and over inputs. Built once; evaluated over blocks of paths by Evaluator,
// and one number at a time by evaluate_plainly, its twin.
//
// Invariants: operands stand before the node that uses them, so there is no circle; what is asked
// for again with the same operands is the same node, but an input is one of its own; a node whose
// operands are all known before the run is computed when it is built (constant, or one value per
// month); a node that depends on dates alone is computed once per path. Values that only exist
// after the last month (present values and what is made of them) never feed a month. Units are
// those of the columns (fleet/columns.h, world/block.h) and money; a line states its own. Thread
// rule: built once, then shared read-only.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "text/reader.h"
#include "value/resale.h"

namespace warmshell::value {

enum class Shape { constant, month, path, month_path };

// What a month brings: rows [item][path].
enum class Column {
  rent_per_hour,        // [market * classes + class]
  demand_h100e,         // [market]
  price_per_mwh,        // [source]
  resale_factor,        // [class]
  delivered,            // [lot] accelerators to date
  gone,                 // [lot]
  installed,            // [lot]
  delivered_age,        // [lot] months at month end
  busy,                 // [market * lots + lot]
  unmet_h100e,          // [market]
  energy_mwh,           // [site]
  let_live_mw,          // [hall] facility MW
  source_energised_mw,  // [source]
  source_energy_mwh,    // [source]
  used_mw,              // [site] facility MW of chips that are sold or failed
  installing_mw,        // [site]
  idle_lit_mw,          // [site] lit and waiting for customers
};
inline constexpr int column_count = 17;

enum class Operation {
  constant,
  input,   // a constant that the user or the catalogue wrote: it has an origin
  series,  // one value per month, known before the run
  gate,    // a date, months since `start`, one per path; +infinity never
  column,  // what the month brings
  sum,     // of any number of nodes
  dot,     // constant x node, summed over pairs
  subtract,
  multiply,
  divide,
  minimum,
  maximum,
  overlap,      // part of the month that lies in [first, second)
  share,        // the same over the length of [first, second), which is more than 0
  imported,     // a node of another graph on the same path and month
  running_sum,  // balance: second operand (or 0) + all months so far, this one included
  running_maximum,
  lag,            // the value `lag` months ago, 0 before
  resale,         // share of its price that a chip of that age keeps (value/resale.h)
  present_value,  // sum over months of first x second (the discount factors); one per path
};

struct Node {
  Operation operation = Operation::constant;
  Shape shape = Shape::constant;
  bool after_months = false;    // exists only once the last month is over
  std::vector<int> operands;    // dot: constant, node, constant, node, ...
  double value = 0;             // constant, input
  std::vector<double> monthly;  // shape month
  int item = 0;                 // gate: index; column: row; lag: months; imported: node
  Column column{};
  int owner = -1;            // column: the lot or site whose mark says whether the row moved
  text::Origin origin;       // input
  std::string name;          // input: what it is
  std::vector<char> needed;  // by month, for shape month_path: whether anything uses it
  bool kept = false;         // read from outside: a line or a root
};

// Cash lines are signed: money in is positive, money out negative; they add up to `net_cash`. Book
// lines (depreciation, carry) are shown beside and not paid: carry is part of lines that are.
enum class LineKind { cash, terminal, book, balance };

struct Line {
  std::string name;     // dotted: energy.quincy
  std::string unit;     // "money"
  std::string formula;  // as the reference table shows it
  std::string doc;
  LineKind kind = LineKind::cash;
  int node = -1;  // shape month or month_path
};

class Graph {
 public:
  explicit Graph(int months) : months_(months) {}

  int constant(double value);
  int input(double value, const text::Origin& origin, std::string name);
  int series(std::vector<double> monthly);
  int gate(int layout_gate);
  // owner: the lot or site that the row is of; -1: nothing says whether it moved
  int column(Column column, int row, int owner = -1);

  int sum(std::vector<int> nodes);
  int dot(const std::vector<std::pair<int, int>>& constants_and_nodes);
  int subtract(int a, int b);
  int multiply(int a, int b);
  int divide(int a, int b);
  int minimum(int a, int b);
  int maximum(int a, int b);
  int negative(int a) { return subtract(constant(0), a); }
  int overlap(int from, int to);
  int share(int from, int to);
  int imported(int node_of_other_graph);
  int running_sum(int node, int before = -1);
  int running_maximum(int node);
  int lag(int node, int months);
  int resale(int age);
  int present_value(int node, int discount_factors);

  void line(Line line);
  void set_resale(ResaleCurve curve) { resale_ = std::move(curve); }
  // Call once, when everything is built: finds the months in which each node is used. `roots` are
  // nodes read from outside beside the lines.
  void finish(const std::vector<int>& roots);

  [[nodiscard]] int months() const { return months_; }
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const Node& node(int n) const { return nodes_[static_cast<std::size_t>(n)]; }
  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  [[nodiscard]] int find_line(std::string_view name) const;  // index into lines(), -1: none
  [[nodiscard]] const ResaleCurve& resale_curve() const { return resale_; }

 private:
  int add(Node node);
  int arithmetic(Operation operation, std::vector<int> operands, int item = 0);

  using Formula = std::tuple<Operation, std::vector<int>, std::uint64_t, Column, int>;

  int months_;
  std::vector<Node> nodes_;
  std::map<Formula, int> known_;  // the node of each formula
  std::vector<Line> lines_;
  ResaleCurve resale_;
};

// One step of the arithmetic on plain numbers: what folding and the twin share with the meaning of
// an operation, not with the kernels.
[[nodiscard]] double combine(Operation operation, const std::vector<double>& operands, int month);

}  // namespace warmshell::value
