#pragma once
// What an Evaluator does with a graph, worked out once.
//
// Invariants: chains stand in the order of their last nodes. What one node alone reads is computed
// with it, in a chain: the nodes inside hold for a moment, on rows that all chains share; only the
// last one keeps its row and has a mark, the groups of eight paths that may have moved since the
// month before. Thread rule: built once, then shared read-only.

#include <array>
#include <cstddef>
#include <vector>

#include "value/graph.h"

namespace warmshell::value {

// Whose marks say whether a column moved (fleet/moved.h): those of its lot or its site, by kind of
// row; of prices there is one mark for all.
enum class Owners {
  unknown,
  lot_dates,
  lots_running,
  sites,
  energised_supply,
  energised_use,
  prices
};
inline constexpr int owners_count = 7;
[[nodiscard]] Owners owners_of(Column column);

// What a month asks of a chain: nothing; its value, where an operand moved or everywhere (it was
// not computed the month before); a zero, because a factor is one: written now or still there.
enum class Need : char { none, moved, all, zero, still_zero };

struct Steps {
  struct Step {
    int node;
    Operation operation;
    int first, count;         // operands
    bool some_spans = false;  // among the terms of a dot
  };
  struct Chain {
    int node;                    // the last one
    int first, count;            // steps
    int first_mark, mark_count;  // of what it reads
  };
  struct Span {  // part of the month in a span of dates
    int node;
    std::ptrdiff_t rate;  // of a share: where the row of what it is multiplied by stands; else -1
  };
  struct Owner {
    Owners owners;
    int item, mark;
  };
  // Marks that are no node's own: of what never moves within a block, and of what always may.
  static constexpr int still = 0, restless = 1, own_marks = 2;

  Steps(const Graph& graph, int width);

  std::vector<Step> before;      // shape path, known from dates
  std::vector<Step> monthly;     // of the chains, in order
  std::vector<Step> afterwards;  // shape path, made of present values
  std::vector<Chain> chains;
  std::vector<Need> needed;  // [month][chain]
  std::vector<Span> spans;
  std::vector<int> operands;
  std::vector<double> factors;  // of a dot: the constant before each operand, else 1
  std::vector<int> chain_marks;

  std::vector<int> mark_of;  // by node
  int mark_count = own_marks;
  std::vector<Owner> owners;

  std::vector<int> gates;
  std::vector<int> constants, series;                  // known before the run and read as rows
  std::array<std::vector<int>, column_count> columns;  // nodes that read each column
  std::vector<std::ptrdiff_t> offset;                  // of each node's row, -1: none
  std::ptrdiff_t doubles = 0;                          // of all rows

 private:
  void find_chains();
  void add_step(int node, std::vector<Step>& steps);
  void add_chain(int node);
  void add_span(int node);
  void add_column(int node);
  void find_needs();
  void place_rows(int width);
  const Graph& graph_;
  std::vector<int> last_;  // by node: the last node of its chain, itself where it is one
};

// Before the run.
[[nodiscard]] inline bool is_known(const Node& n) {
  return n.shape == Shape::constant || n.shape == Shape::month;
}
[[nodiscard]] inline double known_value(const Node& n, int month) {
  return n.shape == Shape::month ? n.monthly[static_cast<std::size_t>(month)] : n.value;
}

}  // namespace warmshell::value
