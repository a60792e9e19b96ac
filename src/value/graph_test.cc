#include "value/graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "value/evaluate.h"
#include "value/evaluate_plainly.h"

namespace warmshell::value {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

struct Sequence {  // any sequence will do, it must only stay the same
  std::uint64_t state = 2463534242u;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 11;
  }
  double uniform() { return static_cast<double>(next()) * 0x1p-53; }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
};

TEST(Graph, what_is_known_before_the_run_is_folded_at_the_smallest_shape) {
  Graph g(3);
  const int two = g.constant(2), months = g.series({1, 2, 3}), date = g.gate(0),
            column = g.column(Column::delivered, 0);
  EXPECT_EQ(g.node(g.multiply(two, two)).shape, Shape::constant);
  EXPECT_EQ(g.node(g.multiply(two, two)).value, 4);
  EXPECT_EQ(g.node(g.multiply(two, months)).shape, Shape::month);
  EXPECT_EQ(g.node(g.multiply(two, months)).monthly, (std::vector<double>{2, 4, 6}));
  EXPECT_EQ(g.node(g.subtract(two, date)).shape, Shape::path);
  EXPECT_EQ(g.node(g.subtract(months, date)).shape, Shape::month_path);
  EXPECT_EQ(g.node(g.dot({{two, column}})).shape, Shape::month_path);
  EXPECT_EQ(g.node(g.overlap(two, g.constant(2.5))).monthly, (std::vector<double>{0, 0, 0.5}));
  EXPECT_EQ(g.node(g.running_sum(months, two)).monthly, (std::vector<double>{3, 5, 8}));
  EXPECT_EQ(g.node(g.lag(months, 2)).monthly, (std::vector<double>{0, 0, 1}));
  EXPECT_EQ(g.node(g.present_value(months, g.series({1, 0.5, 0.25}))).value, 2.75);
}

TEST(Graph, the_same_formula_is_one_node_and_every_input_its_own) {
  Graph g(2);
  const int date = g.gate(0), rent = g.input(3, {}, "rent"), price = g.input(3, {}, "price");
  EXPECT_EQ(g.gate(0), date);
  EXPECT_NE(g.gate(1), date);
  EXPECT_NE(rent, price);
  EXPECT_EQ(g.constant(3), g.constant(3));
  EXPECT_EQ(g.multiply(rent, date), g.multiply(rent, date));
  EXPECT_NE(g.multiply(rent, date), g.multiply(price, date));
  EXPECT_NE(g.multiply(rent, date), g.subtract(rent, date));
  EXPECT_NE(g.column(Column::gone, 0), g.column(Column::delivered, 0));
  EXPECT_NE(g.column(Column::gone, 0), g.column(Column::gone, 1));
  const int gone = g.column(Column::gone, 0);
  EXPECT_NE(g.lag(gone, 1), g.running_maximum(gone));
}

TEST(Graph, a_month_in_which_nothing_uses_a_node_is_left_out) {
  Graph g(3);
  const int column = g.column(Column::delivered, 0);
  const int dear = g.resale(column);
  g.line(
      {"terminal.x", "money", "", "", LineKind::terminal, g.multiply(g.series({0, 0, 1}), dear)});
  g.finish({});
  EXPECT_EQ(g.node(dear).needed, (std::vector<char>{0, 0, 1}));
  EXPECT_EQ(g.node(column).needed, (std::vector<char>{0, 0, 1}));
}

// A random graph on random rows: every operation, dates that are shared, spread, in the past and
// never, columns with zeros.
struct Case {
  static constexpr int width = 24, rows = 3, gates = 4, groups = width / 8;
  int months;
  Graph graph;
  std::vector<double> dates;                         // [gate][path]
  std::vector<std::vector<double>> columns;          // [column][month][row][path]
  std::vector<unsigned char> moved;                  // [month][row][group], of every column
  std::vector<int> kinds = std::vector<int>(20, 0);  // how often each operation occurred

  Case(Sequence& sequence, bool constant_fall) : months(1 + sequence.below(30)), graph(months) {
    for (int i = 0; i < gates * width; ++i) {
      const int gate = i / width;
      const double u = sequence.uniform();
      dates.push_back(gate == 0 ? 7.25 : u < 0.15 ? never : (u - 0.3) * 1.5 * months);
    }
    for (int g = 0; g < months * rows * groups; ++g) moved.push_back(sequence.uniform() < 0.4);
    for (int c = 0; c < column_count; ++c) {
      columns.emplace_back();
      std::vector<double>& of = columns.back();
      for (int i = 0; i < months * rows * width; ++i) {
        const double u = sequence.uniform();
        of.push_back(u < 0.2 ? 0 : 40 * u);
      }
      // some groups of eight paths stand as they were the month before
      for (int g = rows * groups; g < months * rows * groups; ++g)
        if (moved[static_cast<std::size_t>(g)] == 0)
          std::copy_n(&of[static_cast<std::size_t>((g - rows * groups) * 8)], 8,
                      &of[static_cast<std::size_t>(g * 8)]);
    }
    ResaleCurve curve = falling_resale_curve(0.03);
    if (!constant_fall) curve = {false, 0, {1, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05}};
    graph.set_resale(curve);
    std::vector<int> constants{graph.constant(0), graph.constant(1), graph.input(-2.5, {}, "x")};
    std::vector<int> dated{graph.constant(3.5), graph.constant(never)}, monthly, late;
    for (int i = 0; i < gates; ++i) dated.push_back(graph.gate(i));
    std::vector<double> some;
    for (int t = 0; t < months; ++t) some.push_back(t % 3 == 0 ? 0 : sequence.uniform());
    monthly.push_back(graph.series(some));
    for (int i = 0; i < 6; ++i) {
      const int row = sequence.below(rows);
      monthly.push_back(graph.column(static_cast<Column>(sequence.below(column_count)), row, row));
    }
    const auto any = [&](const std::vector<int>& from) {
      return from[static_cast<std::size_t>(sequence.below(static_cast<int>(from.size())))];
    };
    const int first = monthly.front();
    for (int i = 0; i < 60; ++i) {
      const int kind = sequence.below(12);
      switch (kind) {
        case 0:
          monthly.push_back(graph.sum({any(monthly), any(monthly), any(monthly)}));
          break;
        case 1:
          monthly.push_back(graph.dot({{any(constants), any(monthly)},
                                       {any(constants), any(monthly)},
                                       {any(constants), any(monthly)},
                                       {any(constants), any(monthly)},
                                       {any(constants), any(monthly)}}));
          break;
        case 2:
          monthly.push_back(graph.subtract(any(monthly), any(monthly)));
          break;
        case 3:
          monthly.push_back(
              graph.multiply(any(monthly), graph.minimum(any(monthly), graph.constant(1.5))));
          monthly.push_back(graph.multiply(monthly.back(), any(constants)));
          break;
        case 4:
          monthly.push_back(graph.divide(
              any(monthly), graph.sum({graph.constant(3), graph.overlap(any(dated), any(dated))})));
          break;
        case 5:
          monthly.push_back(graph.minimum(any(monthly), any(monthly)));
          break;
        case 6:
          monthly.push_back(graph.maximum(any(monthly), any(constants)));
          break;
        case 7:
          monthly.push_back(graph.overlap(any(dated), any(dated)));
          {
            const int from = graph.minimum(any(dated), graph.constant(1e6));
            monthly.push_back(graph.share(
                from, graph.sum({from, graph.constant(sequence.below(2) ? 0.5 : 7.75)})));
          }
          break;
        case 8:
          monthly.push_back(graph.running_sum(any(monthly), any(constants)));
          break;
        case 9: {
          const int of = any(monthly);
          if (graph.node(of).shape != Shape::month_path) break;
          monthly.push_back(graph.running_maximum(of));
          monthly.push_back(graph.lag(of, 1 + sequence.below(4)));
          break;
        }
        case 10:
          monthly.push_back(
              graph.resale(graph.column(Column::delivered_age, sequence.below(rows))));
          break;
        default:
          late.push_back(graph.present_value(any(monthly), first));
          break;
      }
      if (graph.node(monthly.back()).shape == Shape::constant) monthly.pop_back();
    }
    // what is no line may be computed inside another node's chain
    for (std::size_t i = 0; i < monthly.size(); i += 2)
      graph.line({"line." + std::to_string(i), "money", "", "", LineKind::cash, monthly[i]});
    if (!late.empty()) {
      late.push_back(graph.sum(late));
      late.push_back(graph.multiply(graph.constant(3), late.back()));
    }
    graph.finish({});
    for (const Node& n : graph.nodes()) ++kinds[static_cast<std::size_t>(n.operation)];
  }

  MonthRows month_rows(int month, bool marked) const {
    MonthRows of;
    for (int column = 0; column < column_count; ++column)
      of.columns[static_cast<std::size_t>(column)] = column_row(column, month);
    if (marked) of.moved.fill({&moved[static_cast<std::size_t>(month * rows * groups)]});
    return of;
  }
  const double* column_row(int column, int month) const {
    return columns[static_cast<std::size_t>(column)].data() + month * rows * width;
  }
};

// Largest absolute value that the operands of a node put in, for the scale of rounding.
double scale_of(const std::vector<std::vector<double>>& values) {
  double most = 1;
  for (const auto& node : values)
    for (const double v : node)
      if (std::isfinite(v)) most = std::max(most, std::abs(v));
  return most;
}

TEST(Graph, blocks_agree_with_one_number_at_a_time_on_random_graphs) {
  Sequence sequence;
  std::vector<int> kinds(20, 0);
  for (int round = 0; round < 400; ++round) {
    const Case c(sequence, round % 2 == 0);
    for (std::size_t k = 0; k < kinds.size(); ++k) kinds[k] += c.kinds[k];
    Evaluator evaluator(c.graph, Case::width);
    std::vector<std::vector<std::vector<double>>> plain;
    for (int path = 0; path < Case::width; ++path)
      plain.push_back(evaluate_plainly(
          c.graph,
          {[&](int gate) { return c.dates[static_cast<std::size_t>(gate * Case::width + path)]; },
           [&](Column column, int row, int month) {
             return c.column_row(static_cast<int>(column), month)[row * Case::width + path];
           }}));
    std::vector<double> scale;
    for (const auto& values : plain) scale.push_back(scale_of(values));
    std::vector<const double*> gates;
    for (int gate = 0; gate < Case::gates; ++gate)
      gates.push_back(&c.dates[static_cast<std::size_t>(gate * Case::width)]);
    for (int again = 0; again < 2; ++again) {  // a second block leaves nothing of the first
      evaluator.begin(gates);
      std::vector<double> row(Case::width);
      for (int month = 0; month < c.months; ++month) {
        evaluator.month(month, c.month_rows(month, again == 0));
        for (const Line& line : c.graph.lines()) {
          evaluator.copy(line.node, row.data());
          for (int path = 0; path < Case::width; ++path) {
            const double expected = plain[path][line.node][month];
            ASSERT_NEAR(row[path], expected, 1e-12 * scale[path])
                << round << ' ' << line.name << " month " << month << " path " << path;
          }
        }
      }
      evaluator.finish();
      for (std::size_t n = 0; n < c.graph.nodes().size(); ++n) {
        const Node& node = c.graph.nodes()[n];
        if (!node.after_months) continue;
        evaluator.copy(static_cast<int>(n), row.data());
        for (int path = 0; path < Case::width; ++path)
          ASSERT_NEAR(row[path], plain[path][n][0], 1e-12 * scale[path]);
      }
    }
  }
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (static_cast<Operation>(k) != Operation::imported) {
      EXPECT_GT(kinds[k], 0) << "operation " << k;
    }
  }
}

TEST(Graph, a_paths_numbers_do_not_depend_on_its_neighbours) {
  Sequence sequence;
  for (int round = 0; round < 100; ++round) {
    const Case c(sequence, round % 2 == 0);
    Evaluator wide(c.graph, Case::width), alone(c.graph, 8);
    for (const int path : {0, 3, 23}) {
      std::vector<double> dates, rows(column_count * Case::rows * 8);
      for (int gate = 0; gate < Case::gates; ++gate)
        dates.insert(dates.end(), 8, c.dates[static_cast<std::size_t>(gate * Case::width + path)]);
      std::vector<const double*> wide_gates, alone_gates;
      for (int gate = 0; gate < Case::gates; ++gate) {
        wide_gates.push_back(&c.dates[static_cast<std::size_t>(gate * Case::width)]);
        alone_gates.push_back(&dates[static_cast<std::size_t>(gate * 8)]);
      }
      wide.begin(wide_gates);
      alone.begin(alone_gates);
      for (int month = 0; month < c.months; ++month) {
        const MonthRows of_many = c.month_rows(month, true);
        MonthRows own;
        for (int column = 0; column < column_count; ++column) {
          own.columns[static_cast<std::size_t>(column)] =
              &rows[static_cast<std::size_t>(column * Case::rows * 8)];
          for (int row = 0; row < Case::rows; ++row)
            for (int i = 0; i < 8; ++i)
              rows[static_cast<std::size_t>((column * Case::rows + row) * 8 + i)] =
                  c.column_row(column, month)[row * Case::width + path];
        }
        wide.month(month, of_many);
        alone.month(month, own);
        for (const Line& line : c.graph.lines()) {
          double a[Case::width], b[8];
          wide.copy(line.node, a);
          alone.copy(line.node, b);
          ASSERT_EQ(a[path], b[0]) << line.name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace warmshell::value
