#include "value/steps.h"

#include <algorithm>

namespace warmshell::value {
namespace {

bool is_span(const Node& n) {
  return n.shape == Shape::month_path &&
         (n.operation == Operation::overlap || n.operation == Operation::share);
}

// A number of the month from numbers of the month.
bool is_arithmetic(const Node& n) {
  if (n.shape != Shape::month_path) return false;
  switch (n.operation) {
    case Operation::sum:
    case Operation::dot:
    case Operation::subtract:
    case Operation::multiply:
    case Operation::divide:
    case Operation::minimum:
    case Operation::maximum:
    case Operation::resale:
      return true;
    default:
      return false;
  }
}

// The operands that are read as rows; the others are factors.
template <class Work>
void for_rows(const Node& n, Work work) {
  const bool dot = n.operation == Operation::dot;
  const bool first_only = n.operation == Operation::present_value;
  for (std::size_t k = dot ? 1 : 0; k < n.operands.size(); k += dot || first_only ? 2 : 1)
    work(n.operands[k]);
}

// Whether a factor of it, known before the run, is zero in a month: then the other operand may not
// have been computed.
bool vanishes(const Graph& graph, const Node& n, int month) {
  const int factors = n.operation == Operation::multiply ? 2 : n.operation == Operation::divide;
  for (int k = 0; k < factors; ++k) {
    const Node& factor = graph.node(n.operands[static_cast<std::size_t>(k)]);
    if (is_known(factor) && known_value(factor, month) == 0) return true;
  }
  return false;
}

}  // namespace

Owners owners_of(Column column) {
  switch (column) {
    case Column::delivered:
    case Column::gone:
      return Owners::lot_dates;
    case Column::installed:
    case Column::busy:
      return Owners::lots_running;
    case Column::energy_mwh:
    case Column::source_energy_mwh:
      return Owners::sites;
    case Column::let_live_mw:
    case Column::source_energised_mw:
      return Owners::energised_supply;
    case Column::used_mw:
    case Column::installing_mw:
    case Column::idle_lit_mw:
      return Owners::energised_use;
    case Column::price_per_mwh:
      return Owners::prices;
    case Column::rent_per_hour:
    case Column::demand_h100e:
    case Column::resale_factor:
    case Column::delivered_age:
    case Column::unmet_h100e:
      break;
  }
  return Owners::unknown;
}

Steps::Steps(const Graph& graph, int width) : graph_(graph) {
  const std::size_t count = graph.nodes().size();
  mark_of.assign(count, still);
  find_chains();
  for (std::size_t i = 0; i < count; ++i) {
    const Node& n = graph.nodes()[i];
    const int id = static_cast<int>(i);
    if (n.shape == Shape::month) mark_of[i] = mark_count++;
    if (is_known(n)) continue;
    if (n.operation == Operation::gate)
      gates.push_back(id);
    else if (is_span(n))
      add_span(id);
    else if (n.operation == Operation::column)
      add_column(id);
    else if (n.shape == Shape::month_path || n.operation == Operation::present_value)
      add_chain(id);
    else
      add_step(id, n.after_months ? afterwards : before);
  }
  find_needs();
  place_rows(width);
}

void Steps::find_chains() {
  const std::vector<Node>& nodes = graph_.nodes();
  std::vector<int> uses(nodes.size()), reader(nodes.size(), -1);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const int operand : nodes[i].operands) {
      ++uses[static_cast<std::size_t>(operand)];
      reader[static_cast<std::size_t>(operand)] = static_cast<int>(i);
    }
  last_.resize(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const Node& n = nodes[i];
    bool inside =
        is_arithmetic(n) && !n.kept && uses[i] == 1 && is_arithmetic(graph_.node(reader[i]));
    for (int month = 0; inside && month < graph_.months(); ++month)
      inside = !vanishes(graph_, n, month);
    last_[i] = inside ? last_[static_cast<std::size_t>(reader[i])] : static_cast<int>(i);
  }
}

void Steps::add_step(int node, std::vector<Step>& steps) {
  const Node& n = graph_.node(node);
  Step step{node, n.operation, static_cast<int>(operands.size()), 0};
  const auto add = [&](int of, double factor) {
    step.some_spans |= n.operation == Operation::dot && is_span(graph_.node(of));
    operands.push_back(of);
    factors.push_back(factor);
    ++step.count;
  };
  const auto constant = [&](int k) {
    return graph_.node(n.operands[static_cast<std::size_t>(k)]).shape == Shape::constant;
  };
  if (n.operation == Operation::multiply && (constant(0) || constant(1))) {
    const std::size_t factor = constant(0) ? 0 : 1;
    step.operation = Operation::dot;
    add(n.operands[1 - factor], graph_.node(n.operands[factor]).value);
  } else if (n.operation == Operation::dot) {
    for (std::size_t k = 0; k < n.operands.size(); k += 2)
      add(n.operands[k + 1], graph_.node(n.operands[k]).value);
  } else {
    for_rows(n, [&](int of) { add(of, 1); });
    const bool choice = n.operation == Operation::minimum || n.operation == Operation::maximum;
    if (choice && is_known(graph_.node(n.operands[0])))  // of equal ones that of the path
      std::swap(operands.back(), operands[operands.size() - 2]);
  }
  steps.push_back(step);
}

void Steps::add_chain(int node) {
  const Node& n = graph_.node(node);
  const auto at = static_cast<std::size_t>(node);
  if (last_[at] != node) return;  // computed with another
  mark_of[at] = mark_count++;
  Chain chain{node, static_cast<int>(monthly.size()), 0, static_cast<int>(chain_marks.size()), 0};
  const auto add_mark = [&](int mark) {
    const auto first = chain_marks.begin() + chain.first_mark;
    if (mark != still && std::find(first, chain_marks.end(), mark) == chain_marks.end())
      chain_marks.push_back(mark);
  };
  std::vector<int> inside{node};
  for (std::size_t k = 0; k < inside.size(); ++k)
    for_rows(graph_.node(inside[k]), [&](int of) {
      if (last_[static_cast<std::size_t>(of)] == node)
        inside.push_back(of);
      else
        add_mark(mark_of[static_cast<std::size_t>(of)]);
    });
  if (!is_arithmetic(n) && n.operation != Operation::running_maximum) add_mark(restless);
  chain.mark_count = static_cast<int>(chain_marks.size()) - chain.first_mark;
  std::sort(inside.begin(), inside.end());  // operands before their reader
  for (const int id : inside) add_step(id, monthly);
  chain.count = static_cast<int>(monthly.size()) - chain.first;
  chains.push_back(chain);
}

void Steps::add_span(int node) {
  mark_of[static_cast<std::size_t>(node)] = mark_count++;
  spans.push_back({node, -1});
}

void Steps::add_column(int node) {
  const Node& n = graph_.node(node);
  columns[static_cast<std::size_t>(n.column)].push_back(node);
  int& mark = mark_of[static_cast<std::size_t>(node)];
  mark = restless;
  const Owners of = owners_of(n.column);
  if (of == Owners::unknown || n.owner < 0) return;
  for (const Owner& o : owners)
    if (o.owners == of && o.item == n.owner) mark = o.mark;
  if (mark != restless) return;
  mark = mark_count++;
  owners.push_back({of, n.owner, mark});
}

void Steps::find_needs() {
  needed.resize(static_cast<std::size_t>(graph_.months()) * chains.size());
  for (std::size_t c = 0; c < chains.size(); ++c) {
    const Node& n = graph_.node(chains[c].node);
    Need then = Need::none;
    for (int month = 0; month < graph_.months(); ++month) {
      const bool had_zero = then == Need::zero || then == Need::still_zero;
      Need now = then == Need::none || had_zero ? Need::all : Need::moved;
      if (vanishes(graph_, n, month)) now = had_zero ? Need::still_zero : Need::zero;
      if (n.shape == Shape::month_path && !n.needed[static_cast<std::size_t>(month)])
        now = Need::none;
      needed[static_cast<std::size_t>(month) * chains.size() + c] = now;
      then = now;
    }
  }
}

// Where each node's row stands. What dates alone say gives its row back after its last use, and so
// does what stands inside a chain.
void Steps::place_rows(int width) {
  const std::vector<Node>& nodes = graph_.nodes();
  enum class Rows : char { keep, of_dates, of_chains };
  std::vector<Rows> kind(nodes.size(), Rows::keep);
  std::vector<char> read(nodes.size());
  std::vector<int> last_use(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& n = nodes[i];
    if (last_[i] != static_cast<int>(i)) kind[i] = Rows::of_chains;
    if (n.shape == Shape::path && !n.after_months && !n.kept) kind[i] = Rows::of_dates;
    last_use[i] = static_cast<int>(i);
    read[i] |= n.kept ? 1 : 0;
    if (is_known(n)) continue;
    for_rows(n, [&](int of) {
      read[static_cast<std::size_t>(of)] = 1;
      last_use[static_cast<std::size_t>(of)] = static_cast<int>(i);
      if (n.shape != Shape::path || n.after_months) {
        Rows& rows = kind[static_cast<std::size_t>(of)];
        if (rows == Rows::of_dates) rows = Rows::keep;
      }
    });
  }
  offset.assign(nodes.size(), -1);
  std::vector<std::ptrdiff_t> free;
  const auto place = [&](int node, int rows) {
    std::ptrdiff_t& at = offset[static_cast<std::size_t>(node)];
    if (kind[static_cast<std::size_t>(node)] != Rows::keep && !free.empty()) {
      at = free.back();
      free.pop_back();
      return;
    }
    at = doubles;
    doubles += static_cast<std::ptrdiff_t>(width) * rows;
  };
  const auto give_back = [&](const Step& step, Rows from) {
    for (int k = step.first; k < step.first + step.count; ++k) {
      const auto of = static_cast<std::size_t>(operands[static_cast<std::size_t>(k)]);
      if (kind[of] != from || last_use[of] != step.node || offset[of] < 0) continue;
      last_use[of] = -1;  // once
      free.push_back(offset[of]);
    }
  };
  for (const Step& step : before) {
    place(step.node, 1);
    give_back(step, Rows::of_dates);
  }
  for (const Chain& chain : chains) {
    const Node& n = graph_.node(chain.node);
    // a delayed value has its months in a ring besides
    for (int s = chain.first; s < chain.first + chain.count; ++s) {
      const Step& step = monthly[static_cast<std::size_t>(s)];
      place(step.node, n.operation == Operation::lag ? n.item + 2 : 1);
      give_back(step, Rows::of_chains);
    }
  }
  for (const Step& step : afterwards) place(step.node, 1);
  for (Span& span : spans) {
    place(span.node, 1);
    if (graph_.node(span.node).operation != Operation::share) continue;
    span.rate = doubles;
    doubles += width;
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!is_known(nodes[i]) || !read[i]) continue;
    const int id = static_cast<int>(i);
    (nodes[i].shape == Shape::month ? series : constants).push_back(id);
    place(id, 1);
  }
}

}  // namespace warmshell::value
