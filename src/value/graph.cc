#include "value/graph.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>

namespace warmshell::value {
namespace {

// A broken graph is a mistake of the program, never of its input.
void require(bool holds) {
  if (!holds) std::abort();
}

bool is_path(Shape s) {
  return s == Shape::path || s == Shape::month_path;
}
bool is_month(Shape s) {
  return s == Shape::month || s == Shape::month_path;
}

}  // namespace

double combine(Operation operation, const std::vector<double>& x, int month) {
  switch (operation) {
    case Operation::sum: {
      double total = 0;
      for (const double v : x) total += v;
      return total;
    }
    case Operation::dot: {
      double total = 0;
      for (std::size_t i = 0; i + 1 < x.size(); i += 2) total += x[i] * x[i + 1];
      return total;
    }
    case Operation::subtract:
      return x[0] - x[1];
    case Operation::multiply:
      return x[0] * x[1];
    case Operation::divide:
      return x[0] / x[1];
    case Operation::minimum:
      return std::min(x[0], x[1]);
    case Operation::maximum:
      return std::max(x[0], x[1]);
    case Operation::overlap:
      return std::max(0.0, std::min(month + 1.0, x[1]) - std::max(1.0 * month, x[0]));
    case Operation::share:
      return combine(Operation::overlap, x, month) / (x[1] - x[0]);
    case Operation::constant:
    case Operation::input:
    case Operation::series:
    case Operation::gate:
    case Operation::column:
    case Operation::imported:
    case Operation::running_sum:
    case Operation::running_maximum:
    case Operation::lag:
    case Operation::resale:
    case Operation::present_value:
      break;
  }
  std::abort();
}

int Graph::add(Node node) {
  const int next = static_cast<int>(nodes_.size());
  if (node.operation != Operation::input && node.operation != Operation::series) {
    const Formula formula{node.operation, node.operands, std::bit_cast<std::uint64_t>(node.value),
                          node.column, node.item};
    const auto [found, is_new] = known_.try_emplace(formula, next);
    if (!is_new) return found->second;
  }
  nodes_.push_back(std::move(node));
  return next;
}

int Graph::constant(double value) {
  Node n;
  n.value = value;
  return add(std::move(n));
}

int Graph::input(double value, const text::Origin& origin, std::string name) {
  Node n;
  n.operation = Operation::input;
  n.value = value;
  n.origin = origin;
  n.name = std::move(name);
  return add(std::move(n));
}

int Graph::series(std::vector<double> monthly) {
  require(static_cast<int>(monthly.size()) == months_);
  Node n;
  n.operation = Operation::series;
  n.shape = Shape::month;
  n.monthly = std::move(monthly);
  return add(std::move(n));
}

int Graph::gate(int layout_gate) {
  require(layout_gate >= 0);
  Node n;
  n.operation = Operation::gate;
  n.shape = Shape::path;
  n.item = layout_gate;
  return add(std::move(n));
}

int Graph::column(Column column, int row, int owner) {
  Node n;
  n.owner = owner;
  n.operation = Operation::column;
  n.shape = Shape::month_path;
  n.column = column;
  n.item = row;
  return add(std::move(n));
}

int Graph::arithmetic(Operation operation, std::vector<int> operands, int item) {
  Node n;
  n.operation = operation;
  n.item = item;
  bool by_month = operation == Operation::overlap || operation == Operation::share, by_path = false;
  for (const int operand : operands) {
    const Node& o = node(operand);
    by_month |= is_month(o.shape);
    by_path |= is_path(o.shape);
    n.after_months |= o.after_months;
  }
  n.shape = by_month ? (by_path ? Shape::month_path : Shape::month)
                     : (by_path ? Shape::path : Shape::constant);
  require(!(n.after_months && by_month));  // what exists after the months feeds no month
  const bool known = !by_path;
  if (known) {  // nothing to wait for
    std::vector<double> x(operands.size());
    const auto at = [&](int month) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        const Node& o = node(operands[i]);
        x[i] = o.shape == Shape::month ? o.monthly[month] : o.value;
      }
      return combine(operation, x, month);
    };
    if (n.shape == Shape::constant)
      n.value = at(0);
    else
      for (int month = 0; month < months_; ++month) n.monthly.push_back(at(month));
  }
  n.operands = std::move(operands);
  return add(std::move(n));
}

int Graph::sum(std::vector<int> nodes) {
  if (nodes.empty()) return constant(0);
  if (nodes.size() == 1) return nodes[0];
  return arithmetic(Operation::sum, std::move(nodes));
}

int Graph::dot(const std::vector<std::pair<int, int>>& pairs) {
  if (pairs.empty()) return constant(0);
  std::vector<int> operands;
  for (const auto& [factor, of] : pairs) {
    require(node(factor).shape == Shape::constant);
    operands.push_back(factor);
    operands.push_back(of);
  }
  return arithmetic(Operation::dot, std::move(operands));
}

int Graph::subtract(int a, int b) {
  return arithmetic(Operation::subtract, {a, b});
}
int Graph::multiply(int a, int b) {
  return arithmetic(Operation::multiply, {a, b});
}
int Graph::divide(int a, int b) {
  return arithmetic(Operation::divide, {a, b});
}
int Graph::minimum(int a, int b) {
  return arithmetic(Operation::minimum, {a, b});
}
int Graph::maximum(int a, int b) {
  return arithmetic(Operation::maximum, {a, b});
}
int Graph::overlap(int from, int to) {
  require(!is_month(node(from).shape) && !is_month(node(to).shape));
  return arithmetic(Operation::overlap, {from, to});
}

int Graph::share(int from, int to) {
  require(!is_month(node(from).shape) && !is_month(node(to).shape));
  return arithmetic(Operation::share, {from, to});
}

int Graph::imported(int node_of_other_graph) {
  Node n;
  n.operation = Operation::imported;
  n.shape = Shape::month_path;
  n.item = node_of_other_graph;
  return add(std::move(n));
}

int Graph::running_sum(int of, int before) {
  if (before < 0) before = constant(0);
  require(is_month(node(of).shape) && !is_month(node(before).shape));
  Node n;
  n.operation = Operation::running_sum;
  n.operands = {of, before};
  const bool by_path = is_path(node(of).shape) || is_path(node(before).shape);
  n.shape = by_path ? Shape::month_path : Shape::month;
  if (!by_path) {
    double balance = node(before).value;
    for (int month = 0; month < months_; ++month)
      n.monthly.push_back(balance += node(of).monthly[month]);
  }
  return add(std::move(n));
}

int Graph::running_maximum(int of) {
  require(node(of).shape == Shape::month_path);
  Node n;
  n.operation = Operation::running_maximum;
  n.shape = Shape::month_path;
  n.operands = {of};
  return add(std::move(n));
}

int Graph::lag(int of, int months) {
  require(months > 0);
  if (months >= months_) return constant(0);
  if (node(of).shape == Shape::month) {
    std::vector<double> late(static_cast<std::size_t>(months), 0.0);
    const std::vector<double>& early = node(of).monthly;
    late.insert(late.end(), early.begin(), early.end() - months);
    return series(std::move(late));
  }
  require(node(of).shape == Shape::month_path);
  Node n;
  n.operation = Operation::lag;
  n.shape = Shape::month_path;
  n.operands = {of};
  n.item = months;
  return add(std::move(n));
}

int Graph::resale(int age) {
  require(node(age).shape == Shape::month_path);
  Node n;
  n.operation = Operation::resale;
  n.shape = Shape::month_path;
  n.operands = {age};
  return add(std::move(n));
}

int Graph::present_value(int of, int discount_factors) {
  require(node(discount_factors).shape == Shape::month);
  Node n;
  n.operation = Operation::present_value;
  n.operands = {of, discount_factors};
  if (is_path(node(of).shape)) {
    n.shape = Shape::path;
    n.after_months = true;
  } else {
    for (int month = 0; month < months_; ++month)
      n.value += node(discount_factors).monthly[month] *
                 (node(of).shape == Shape::month ? node(of).monthly[month] : node(of).value);
  }
  return add(std::move(n));
}

void Graph::line(Line line) {
  require(line.node >= 0 && find_line(line.name) < 0 && !node(line.node).after_months);
  lines_.push_back(std::move(line));
}

int Graph::find_line(std::string_view name) const {
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (lines_[i].name == name) return static_cast<int>(i);
  return -1;
}

void Graph::finish(const std::vector<int>& roots) {
  for (Node& n : nodes_)
    if (n.shape == Shape::month_path) n.needed.assign(static_cast<std::size_t>(months_), 0);
  for (const Line& l : lines_) nodes_[l.node].kept = true;
  for (const int root : roots) nodes_[root].kept = true;
  const auto use = [&](int n, int month) {
    if (nodes_[n].shape == Shape::month_path) nodes_[n].needed[month] = 1;
  };
  for (const Line& l : lines_)
    for (int month = 0; month < months_; ++month) use(l.node, month);
  for (const int root : roots)
    for (int month = 0; month < months_; ++month) use(root, month);
  for (int i = static_cast<int>(nodes_.size()); i-- > 0;) {
    const Node& n = nodes_[i];
    const bool every_month =
        n.operation == Operation::running_sum || n.operation == Operation::running_maximum ||
        n.operation == Operation::lag || n.operation == Operation::present_value;
    for (int month = 0; month < months_; ++month) {
      if (n.shape == Shape::month_path && !n.needed[month] && !every_month) continue;
      if (n.shape == Shape::path && n.operation != Operation::present_value) continue;
      if (n.shape != Shape::month_path && n.operation != Operation::present_value) continue;
      // a product with a month that is zero needs nothing else
      bool vanishes = false;
      if (n.operation == Operation::multiply)
        for (const int o : n.operands)
          vanishes |= nodes_[o].shape == Shape::month && nodes_[o].monthly[month] == 0;
      if (!vanishes)
        for (const int o : n.operands) use(o, month);
    }
  }
  // a balance or a delayed value is carried through every month once anything needs it
  for (Node& n : nodes_)
    if (n.operation == Operation::running_sum || n.operation == Operation::running_maximum ||
        n.operation == Operation::lag)
      std::fill(n.needed.begin(), n.needed.end(), 1);
}

}  // namespace warmshell::value
