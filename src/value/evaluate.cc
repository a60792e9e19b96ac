#include "value/evaluate.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

namespace warmshell::value {
namespace {

using Kind = Row::Kind;

bool is_schedule(const Node& n) {
  return n.shape == Shape::month_path &&
         (n.operation == Operation::overlap || n.operation == Operation::share);
}

bool is_carried(const Node& n) {  // has a state from month to month
  return n.operation == Operation::running_sum || n.operation == Operation::running_maximum ||
         n.operation == Operation::present_value;
}

int bounded(double month, int months) {
  return static_cast<int>(std::clamp<double>(month, -2, months + 1));
}

}  // namespace

void Evaluator::Free::operator()(double* memory) const {
  ::operator delete[](memory, std::align_val_t{64});
}

Evaluator::Evaluator(const Graph& graph, int width, fleet::VectorLevel level,
                     const Evaluator* imported_from)
    : graph_(graph), rows_(row_kernels(level)), imported_from_(imported_from), width_(width) {
  if (width <= 0 || width % 8 != 0) std::abort();
  const std::size_t count = graph.nodes().size();
  current_.resize(count);
  std::size_t longest = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const Node& n = graph.nodes()[i];
    const int id = static_cast<int>(i);
    longest = std::max(longest, n.operands.size());
    if (n.shape == Shape::constant) current_[i] = Row::of(n.value);
    if (n.shape == Shape::month) series_.push_back(id);
    if (n.shape == Shape::constant || n.shape == Shape::month) continue;
    if (n.operation == Operation::gate) {
      gates_.push_back(id);
      continue;
    }
    if (n.operation == Operation::column) {
      columns_of_[static_cast<std::size_t>(n.column)].push_back(id);
      continue;
    }
    if (is_schedule(n))
      schedules_.push_back({id, n.operands[0], n.operands[1], n.operation == Operation::share});
    else if (n.shape == Shape::month_path || n.operation == Operation::present_value)
      add_step(id, monthly_);
    else
      add_step(id, n.after_months ? afterwards_ : before_);
  }
  needed_.resize(static_cast<std::size_t>(graph.months()) * monthly_.size());
  for (int month = 0; month < graph.months(); ++month)
    for (std::size_t s = 0; s < monthly_.size(); ++s) {
      const Node& n = graph.node(monthly_[s].node);
      needed_[static_cast<std::size_t>(month) * monthly_.size() + s] =
          n.shape == Shape::month_path ? n.needed[static_cast<std::size_t>(month)] : 1;
    }
  factors_.resize(longest);
  sources_.resize(longest);
  const std::ptrdiff_t doubles = place_rows();
  const std::size_t all = static_cast<std::size_t>(doubles + 2 * width);
  memory_.reset(static_cast<double*>(::operator new[](all * sizeof(double), std::align_val_t{64})));
  ones_ = memory_.get() + doubles;
  scratch_ = ones_ + width;
  std::fill(ones_, ones_ + width, 1.0);
}

// Where each node's rows stand. What is read by later nodes of the month alone gives its row back
// after the last of them, so that a month's arithmetic stays in the nearest cache.
std::ptrdiff_t Evaluator::place_rows() {
  const std::vector<Node>& nodes = graph_.nodes();
  const auto passes = [&](std::size_t i) {
    const Node& n = nodes[i];
    return n.shape == Shape::month_path && !n.kept && !is_schedule(n) && !is_carried(n) &&
           n.operation != Operation::lag && n.operation != Operation::column;
  };
  std::vector<std::size_t> last_use(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    last_use[i] = i;
    for (const int operand : nodes[i].operands) last_use[static_cast<std::size_t>(operand)] = i;
  }
  offset_.assign(nodes.size(), -1);
  std::ptrdiff_t doubles = 0;
  std::vector<std::ptrdiff_t> free;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& n = nodes[i];
    const bool has_rows = (n.shape == Shape::path || n.shape == Shape::month_path) &&
                          n.operation != Operation::gate && n.operation != Operation::column;
    if (!has_rows) continue;
    if (passes(i) && !free.empty()) {
      offset_[i] = free.back();
      free.pop_back();
    } else {
      offset_[i] = doubles;
      // a delayed value keeps its months in a ring; a share its value in a whole month
      const int rows = n.operation == Operation::lag     ? n.item + 1
                       : n.operation == Operation::share ? 2
                                                         : 1;
      doubles += static_cast<std::ptrdiff_t>(width_) * rows;
    }
    const auto give_back = [&](std::size_t node) {
      if (!passes(node) || last_use[node] != i) return;
      last_use[node] = nodes.size();  // once
      free.push_back(offset_[node]);
    };
    for (const int operand : n.operands) give_back(static_cast<std::size_t>(operand));
    give_back(i);
  }
  return doubles;
}

void Evaluator::add_step(int node, std::vector<Step>& steps) {
  const Node& n = graph_.node(node);
  const int first = static_cast<int>(operands_.size());
  const bool dot = n.operation == Operation::dot;
  for (std::size_t k = 0; k < n.operands.size(); k += dot ? 2 : 1) {
    operands_.push_back(n.operands[dot ? k + 1 : k]);
    factors_of_.push_back(dot ? graph_.node(n.operands[k]).value : 1);
  }
  steps.push_back({node, n.operation, first, static_cast<int>(operands_.size()) - first});
}

void Evaluator::copy(int node, double* out) const {
  const Row& r = row(node);
  if (r.kind == Kind::vector)
    std::copy(r.vector, r.vector + width_, out);
  else
    std::fill(out, out + width_, r.scalar);
}

const double* Evaluator::written(int node, double* scratch) const {
  const Row& r = row(node);
  if (r.kind == Kind::vector) return r.vector;
  std::fill(scratch, scratch + width_, r.scalar);
  return scratch;
}

// ---- what dates say ---------------------------------------------------------------------------

void Evaluator::begin_schedule(Schedule& s) {
  const int months = graph_.months();
  const double* from = written(s.from, scratch_);
  const double* to = written(s.to, storage(s.node));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double first_from = infinity, last_from = -infinity, first_to = infinity, last_to = -infinity;
  s.on_all_paths = true;
  for (int i = 0; i < width_; ++i) {
    if (!(from[i] < months && to[i] > 0 && to[i] > from[i])) {
      s.on_all_paths = false;
      continue;
    }
    first_from = std::min(first_from, from[i]);
    last_from = std::max(last_from, from[i]);
    first_to = std::min(first_to, to[i]);
    last_to = std::max(last_to, to[i]);
  }
  s.first = bounded(std::floor(first_from), months);
  s.last = bounded(std::ceil(last_to) - 1, months);
  s.settled_first = bounded(std::ceil(last_from), months);
  s.settled_last = bounded(std::floor(first_to) - 1, months);
  s.settled = false;
  current_[static_cast<std::size_t>(s.node)] = Row{};
  if (!s.is_share) return;
  double* rate = storage(s.node) + width_;
  rows_.subtract(to, from, rate, width_);
  rows_.divide_into_scalar(1, rate, rate, width_);
}

void Evaluator::run_schedules(int month) {
  for (Schedule& s : schedules_) {
    Row& now = current_[static_cast<std::size_t>(s.node)];
    if (month < s.first || month > s.last) {
      now = Row{};
      continue;
    }
    double* part = storage(s.node);
    double* rate = part + width_;  // of a share
    const bool settled = month >= s.settled_first && month <= s.settled_last;
    if (settled && s.on_all_paths) {
      now = Row::of(s.is_share ? rate : ones_);
      continue;
    }
    now = Row::of(part);
    if (settled && s.settled) continue;
    const double* from = written(s.from, scratch_);
    const double* to = written(s.to, part);
    rows_.overlap(from, to, month, part, width_);
    if (s.is_share) rows_.multiply(part, rate, part, width_);
    s.settled = settled;
  }
}

void Evaluator::begin(const std::vector<const double*>& gate_months) {
  month_ = 0;
  bases_ = {};
  for (const int id : gates_)
    current_[static_cast<std::size_t>(id)] =
        Row::of(gate_months[static_cast<std::size_t>(graph_.node(id).item)]);
  for (const Step& step : before_) evaluate(step);
  for (Schedule& schedule : schedules_) begin_schedule(schedule);
  for (const Step& step : monthly_) {
    if (!is_carried(graph_.node(step.node))) continue;
    if (step.operation == Operation::running_sum)
      copy(operands_[static_cast<std::size_t>(step.first) + 1], storage(step.node));
    else
      rows_.fill(0, storage(step.node), width_);
  }
}

void Evaluator::month(int month, const ColumnBases& columns) {
  month_ = month;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c] == bases_[c]) continue;  // rows that stay where they are
    bases_[c] = columns[c];
    for (const int id : columns_of_[c])
      current_[static_cast<std::size_t>(id)] =
          Row::of(columns[c] + static_cast<std::ptrdiff_t>(graph_.node(id).item) * width_);
  }
  for (const int id : series_)
    current_[static_cast<std::size_t>(id)] =
        Row::of(graph_.node(id).monthly[static_cast<std::size_t>(month)]);
  run_schedules(month);
  const char* needed = needed_.data() + static_cast<std::size_t>(month) * monthly_.size();
  for (std::size_t s = 0; s < monthly_.size(); ++s)
    if (needed[s]) evaluate(monthly_[s]);
}

void Evaluator::finish() {
  for (const Step& step : monthly_)
    if (step.operation == Operation::present_value)
      current_[static_cast<std::size_t>(step.node)] = Row::of(storage(step.node));
  for (const Step& step : afterwards_) evaluate(step);
}

// ---- arithmetic -------------------------------------------------------------------------------

// Sums and products in the order of the operands: zeros are left out, a shared number is added
// where it stands.
void Evaluator::accumulate(const Step& step, double* out) {
  int waiting = 0;
  rows_.fill(0, out, width_);
  const auto flush = [&] {
    rows_.accumulate(factors_.data(), sources_.data(), waiting, out, width_);
    waiting = 0;
  };
  const int* operands = operands_.data() + step.first;
  const double* factors = factors_of_.data() + step.first;
  for (int k = 0; k < step.count; ++k) {
    const Row& r = current_[static_cast<std::size_t>(operands[k])];
    if (r.kind == Kind::zero) continue;
    if (r.kind == Kind::vector) {
      factors_[static_cast<std::size_t>(waiting)] = factors[k];
      sources_[static_cast<std::size_t>(waiting++)] = r.vector;
      continue;
    }
    flush();
    rows_.add_scalar(out, factors[k] * r.scalar, out, width_);
  }
  flush();
}

void Evaluator::evaluate(const Step& step) {
  const int* operands = operands_.data() + step.first;
  Row& result = current_[static_cast<std::size_t>(step.node)];
  double* out = storage(step.node);
  const auto operand = [&](int k) -> const Row& {
    return current_[static_cast<std::size_t>(operands[k])];
  };
  switch (step.operation) {
    case Operation::constant:
    case Operation::input:
    case Operation::series:
    case Operation::gate:
    case Operation::column:
    case Operation::overlap:
    case Operation::share:
      return;
    case Operation::imported:
      result = imported_from_->row(graph_.node(step.node).item);
      return;
    case Operation::sum:
    case Operation::dot: {
      bool nothing = true;
      for (int k = 0; k < step.count && nothing; ++k) nothing = operand(k).kind == Kind::zero;
      if (nothing) {
        result = Row{};
        return;
      }
      accumulate(step, out);
      result = Row::of(out);
      return;
    }
    case Operation::multiply:
      // the other operand of a zero may not have been computed this month
      if (operand(0).kind == Kind::zero || operand(1).kind == Kind::zero) {
        result = Row{};
        return;
      }
      break;
    case Operation::divide:
      if (operand(0).kind == Kind::zero) {
        result = Row{};
        return;
      }
      break;
    case Operation::subtract:
    case Operation::minimum:
    case Operation::maximum:
      break;
    case Operation::running_sum:
      if (operand(0).kind == Kind::vector)
        rows_.add(out, operand(0).vector, out, width_);
      else if (operand(0).kind == Kind::scalar)
        rows_.add_scalar(out, operand(0).scalar, out, width_);
      result = Row::of(out);
      return;
    case Operation::running_maximum:
      if (operand(0).kind == Kind::vector)
        rows_.maximum(out, operand(0).vector, out, width_);
      else
        rows_.maximum_scalar(out, operand(0).scalar, out, width_);
      result = Row::of(out);
      return;
    case Operation::lag: {
      const int months = graph_.node(step.node).item, ring = months + 1;
      copy(operands[0], out + static_cast<std::ptrdiff_t>(month_ % ring) * width_);
      result = month_ < months
                   ? Row{}
                   : Row::of(out + static_cast<std::ptrdiff_t>((month_ + 1) % ring) * width_);
      return;
    }
    case Operation::resale: {
      const ResaleCurve& curve = graph_.resale_curve();
      const double* age = written(operands[0], out);
      if (curve.constant_fall)
        rows_.constant_fall(age, curve.log_keep, out, width_);
      else
        rows_.residual(age, curve.by_year.data(), static_cast<int>(curve.by_year.size()), out,
                       width_);
      result = Row::of(out);
      return;
    }
    case Operation::present_value: {
      const double factor =
          graph_.node(graph_.node(step.node).operands[1]).monthly[static_cast<std::size_t>(month_)];
      const Row& of = operand(0);
      if (of.kind == Kind::vector)
        rows_.accumulate(&factor, &of.vector, 1, out, width_);
      else if (of.kind == Kind::scalar)
        rows_.add_scalar(out, factor * of.scalar, out, width_);
      return;
    }
  }

  // subtract, multiply, divide, minimum, maximum of two rows
  const Row a = operand(0), b = operand(1);
  if (a.kind != Kind::vector && b.kind != Kind::vector) {  // computed once, by the same arithmetic
    result = Row::of(combine(step.operation, {a.scalar, b.scalar}, month_));
    return;
  }
  const bool both = a.kind == Kind::vector && b.kind == Kind::vector;
  const bool left = a.kind == Kind::vector;
  switch (step.operation) {
    case Operation::subtract:
      if (both)
        rows_.subtract(a.vector, b.vector, out, width_);
      else if (left)
        rows_.add_scalar(a.vector, -b.scalar, out, width_);
      else
        rows_.subtract_from_scalar(a.scalar, b.vector, out, width_);
      break;
    case Operation::multiply:
      if (both)
        rows_.multiply(a.vector, b.vector, out, width_);
      else
        rows_.multiply_scalar(left ? a.vector : b.vector, left ? b.scalar : a.scalar, out, width_);
      break;
    case Operation::divide:
      if (both)
        rows_.divide(a.vector, b.vector, out, width_);
      else if (left)
        rows_.divide_scalar(a.vector, b.scalar, out, width_);
      else
        rows_.divide_into_scalar(a.scalar, b.vector, out, width_);
      break;
    case Operation::minimum:
      if (both)
        rows_.minimum(a.vector, b.vector, out, width_);
      else
        rows_.minimum_scalar(left ? a.vector : b.vector, left ? b.scalar : a.scalar, out, width_);
      break;
    case Operation::maximum:
      if (both)
        rows_.maximum(a.vector, b.vector, out, width_);
      else
        rows_.maximum_scalar(left ? a.vector : b.vector, left ? b.scalar : a.scalar, out, width_);
      break;
    default:
      std::abort();
  }
  result = Row::of(out);
}

}  // namespace warmshell::value
