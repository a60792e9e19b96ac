#include "value/evaluate.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace warmshell::value {

void Evaluator::Free::operator()(double* memory) const {
  ::operator delete[](memory, std::align_val_t{64});
}

Evaluator::Evaluator(const Graph& graph, int width, fleet::VectorLevel level)
    : graph_(graph), rows_(row_kernels(level)), width_(width) {
  if (width <= 0 || width % 8 != 0) std::abort();
  const std::size_t count = graph.nodes().size();
  offset_.assign(count, -1);
  current_.resize(count);
  spans_.resize(count);
  std::ptrdiff_t doubles = 0;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Node& n = graph.nodes()[i];
    longest = std::max(longest, n.operands.size());
    const int id = static_cast<int>(i);
    if (n.operation == Operation::present_value && n.shape == Shape::path)
      monthly_.push_back(id);
    else if (n.shape == Shape::path)
      (n.after_months ? afterwards_ : before_).push_back(id);
    else if (n.shape == Shape::month_path)
      monthly_.push_back(id);
    if (n.shape == Shape::constant) current_[i] = Row::of(n.value);
    const bool borrowed = n.operation == Operation::column || n.operation == Operation::gate;
    if ((n.shape == Shape::path || n.shape == Shape::month_path) && !borrowed) {
      offset_[i] = doubles;
      // a delayed value keeps its months in a ring
      doubles +=
          static_cast<std::ptrdiff_t>(width) * (n.operation == Operation::lag ? n.item + 1 : 1);
    }
  }
  factors_.resize(longest);
  sources_.resize(longest);
  memory_.reset(static_cast<double*>(::operator new[](
      static_cast<std::size_t>(std::max<std::ptrdiff_t>(doubles, 8)) * sizeof(double),
      std::align_val_t{64})));
}

Row Evaluator::row(int node) const {
  const Node& n = graph_.node(node);
  return n.shape == Shape::month ? Row::of(n.monthly[month_]) : current_[node];
}

void Evaluator::copy(int node, double* out) const {
  const Row r = row(node);
  if (r.kind == Row::Kind::vector)
    std::copy(r.vector, r.vector + width_, out);
  else
    std::fill(out, out + width_, r.scalar);
}

const double* Evaluator::path(int node) const {
  return current_[node].vector;
}

void Evaluator::begin(const std::vector<const double*>& gate_months) {
  month_ = 0;
  for (const int id : before_) {
    const Node& n = graph_.node(id);
    if (n.operation == Operation::gate)
      current_[id] = Row::of(gate_months[n.item]);
    else
      evaluate(id);
  }
  for (const int id : monthly_) {
    const Node& n = graph_.node(id);
    switch (n.operation) {
      case Operation::overlap: {
        const auto ends = [&](int operand) -> std::pair<double, double> {
          const Row r = row(operand);
          if (r.kind != Row::Kind::vector) return {r.scalar, r.scalar};
          const auto [low, high] = std::minmax_element(r.vector, r.vector + width_);
          return {*low, *high};
        };
        const auto [first_from, last_from] = ends(n.operands[0]);
        const auto [first_to, last_to] = ends(n.operands[1]);
        spans_[id] = {first_from, last_from, first_to, last_to};
        break;
      }
      case Operation::running_sum:
        copy(n.operands[1], storage(id));
        break;
      case Operation::running_maximum:
      case Operation::present_value:
        std::fill(storage(id), storage(id) + width_, 0.0);
        break;
      default:
        break;
    }
  }
}

void Evaluator::month(int month, const ColumnBases& columns) {
  month_ = month;
  columns_ = &columns;
  for (const int id : monthly_) {
    const Node& n = graph_.node(id);
    if (n.shape == Shape::month_path && !n.needed[month]) continue;
    evaluate(id);
  }
}

void Evaluator::finish() {
  for (const int id : monthly_)
    if (graph_.node(id).operation == Operation::present_value) current_[id] = Row::of(storage(id));
  for (const int id : afterwards_) evaluate(id);
}

// Sums and products in the order of the operands: zeros are left out, a shared number is added
// where it stands.
void Evaluator::accumulate(const Node& n, double* out) {
  const bool dot = n.operation == Operation::dot;
  int waiting = 0;
  rows_.fill(0, out, width_);
  const auto flush = [&] {
    rows_.accumulate(factors_.data(), sources_.data(), waiting, out, width_);
    waiting = 0;
  };
  for (std::size_t k = 0; k < n.operands.size(); k += dot ? 2 : 1) {
    const double factor = dot ? graph_.node(n.operands[k]).value : 1;
    const Row r = row(n.operands[dot ? k + 1 : k]);
    if (factor == 0) continue;
    switch (r.kind) {
      case Row::Kind::zero:
        break;
      case Row::Kind::scalar:
        flush();
        rows_.add_scalar(out, factor * r.scalar, out, width_);
        break;
      case Row::Kind::vector:
        factors_[waiting] = factor;
        sources_[waiting++] = r.vector;
        break;
    }
  }
  flush();
}

void Evaluator::evaluate(int id) {
  const Node& n = graph_.node(id);
  using Kind = Row::Kind;
  const auto all_shared = [&] {
    for (const int operand : n.operands)
      if (row(operand).kind == Kind::vector) return false;
    return true;
  };
  // What all paths share is computed once, by the same arithmetic.
  const auto shared = [&] {
    std::vector<double> x;
    for (const int operand : n.operands) x.push_back(row(operand).scalar);
    return Row::of(combine(n.operation, x, month_));
  };
  switch (n.operation) {
    case Operation::constant:
    case Operation::input:
    case Operation::series:
    case Operation::gate:
      return;
    case Operation::column:
      current_[id] = Row::of((*columns_)[static_cast<int>(n.column)] +
                             static_cast<std::ptrdiff_t>(n.item) * width_);
      return;
    case Operation::sum:
    case Operation::dot: {
      bool nothing = true;
      for (std::size_t k = n.operation == Operation::dot ? 1 : 0; k < n.operands.size();
           k += n.operation == Operation::dot ? 2 : 1)
        nothing &= row(n.operands[k]).kind == Kind::zero;
      if (nothing) {
        current_[id] = Row{};
        return;
      }
      accumulate(n, storage(id));
      current_[id] = Row::of(storage(id));
      return;
    }
    case Operation::subtract: {
      const Row a = row(n.operands[0]), b = row(n.operands[1]);
      if (all_shared()) {
        current_[id] = shared();
        return;
      }
      double* out = storage(id);
      if (a.kind != Kind::vector)
        rows_.subtract_from_scalar(a.scalar, b.vector, out, width_);
      else if (b.kind != Kind::vector)
        rows_.add_scalar(a.vector, -b.scalar, out, width_);
      else
        rows_.subtract(a.vector, b.vector, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::multiply: {
      const Row a = row(n.operands[0]);
      if (a.kind == Kind::zero) {  // the other operand may not have been computed this month
        current_[id] = Row{};
        return;
      }
      const Row b = row(n.operands[1]);
      if (b.kind == Kind::zero || all_shared()) {
        current_[id] = b.kind == Kind::zero ? Row{} : shared();
        return;
      }
      double* out = storage(id);
      if (a.kind == Kind::scalar)
        rows_.multiply_scalar(b.vector, a.scalar, out, width_);
      else if (b.kind == Kind::scalar)
        rows_.multiply_scalar(a.vector, b.scalar, out, width_);
      else
        rows_.multiply(a.vector, b.vector, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::divide: {
      const Row a = row(n.operands[0]), b = row(n.operands[1]);
      if (all_shared()) {
        current_[id] = shared();
        return;
      }
      double* out = storage(id);
      if (a.kind != Kind::vector)
        rows_.divide_into_scalar(a.scalar, b.vector, out, width_);
      else if (b.kind != Kind::vector)
        rows_.divide_scalar(a.vector, b.scalar, out, width_);
      else
        rows_.divide(a.vector, b.vector, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::minimum:
    case Operation::maximum: {
      const Row a = row(n.operands[0]), b = row(n.operands[1]);
      if (all_shared()) {
        current_[id] = shared();
        return;
      }
      double* out = storage(id);
      const bool least = n.operation == Operation::minimum;
      if (a.kind == Kind::vector && b.kind == Kind::vector)
        (least ? rows_.minimum : rows_.maximum)(a.vector, b.vector, out, width_);
      else if (a.kind == Kind::vector)
        (least ? rows_.minimum_scalar : rows_.maximum_scalar)(a.vector, b.scalar, out, width_);
      else
        (least ? rows_.minimum_scalar : rows_.maximum_scalar)(b.vector, a.scalar, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::overlap: {
      const Span& s = spans_[id];
      if (month_ + 1 <= s.first_from || month_ >= s.last_to) {
        current_[id] = Row{};
        return;
      }
      if (month_ >= s.last_from && month_ + 1 <= s.first_to) {
        current_[id] = Row::of(1);
        return;
      }
      double* out = storage(id);
      const auto dates = [&](int operand) {
        const Row r = row(operand);
        if (r.kind == Kind::vector) return r.vector;
        rows_.fill(r.scalar, out, width_);
        return static_cast<const double*>(out);
      };
      if (all_shared()) {
        current_[id] = shared();
        return;
      }
      const double* from = dates(n.operands[0]);
      const double* to = dates(n.operands[1]);
      rows_.overlap(from, to, month_, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::running_sum: {
      double* out = storage(id);
      const Row r = row(n.operands[0]);
      if (r.kind == Kind::vector)
        rows_.add(out, r.vector, out, width_);
      else if (r.kind == Kind::scalar)
        rows_.add_scalar(out, r.scalar, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::running_maximum: {
      double* out = storage(id);
      const Row r = row(n.operands[0]);
      if (r.kind == Kind::vector)
        rows_.maximum(out, r.vector, out, width_);
      else
        rows_.maximum_scalar(out, r.scalar, out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::lag: {
      const int ring = n.item + 1;
      double* now = storage(id) + static_cast<std::ptrdiff_t>(month_ % ring) * width_;
      copy(n.operands[0], now);
      current_[id] =
          month_ < n.item
              ? Row{}
              : Row::of(storage(id) + static_cast<std::ptrdiff_t>((month_ + 1) % ring) * width_);
      return;
    }
    case Operation::resale: {
      const Row age = row(n.operands[0]);
      const ResaleCurve& curve = graph_.resale_curve();
      if (age.kind != Kind::vector) {
        current_[id] = Row::of(resale_at(curve, age.scalar));
        return;
      }
      double* out = storage(id);
      if (curve.constant_fall)
        rows_.constant_fall(age.vector, curve.log_keep, out, width_);
      else
        rows_.residual(age.vector, curve.by_year.data(), static_cast<int>(curve.by_year.size()),
                       out, width_);
      current_[id] = Row::of(out);
      return;
    }
    case Operation::present_value: {
      const Row of = row(n.operands[0]);
      const double factor = graph_.node(n.operands[1]).monthly[month_];
      if (of.kind == Kind::vector)
        rows_.accumulate(&factor, &of.vector, 1, storage(id), width_);
      else if (of.kind == Kind::scalar)
        rows_.add_scalar(storage(id), factor * of.scalar, storage(id), width_);
      return;
    }
  }
}

}  // namespace warmshell::value
