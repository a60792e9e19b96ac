#include "value/evaluate.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace warmshell::value {
void Evaluator::Free::operator()(double* memory) const {
  ::operator delete[](memory, std::align_val_t{64});
}

Evaluator::Evaluator(const Graph& graph, int width, fleet::VectorLevel level,
                     const Evaluator* imported_from)
    : graph_(graph),
      kernels_(row_kernels(level)),
      imported_from_(imported_from),
      steps_(graph, width),
      width_(width),
      all_(~Groups{0} >> (64 - width / 8)),
      span_parts_(static_cast<std::size_t>((width / 8 + span_groups - 1) / span_groups)) {
  if (width <= 0 || width % 8 != 0 || width > most_paths) std::abort();
  const auto doubles = static_cast<std::size_t>(steps_.doubles);
  memory_.reset(
      static_cast<double*>(::operator new[](doubles * sizeof(double), std::align_val_t{64})));
  std::fill(memory_.get(), memory_.get() + doubles, 0.0);
  rows_.resize(graph.nodes().size());
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (steps_.offset[i] >= 0) rows_[i] = storage(static_cast<int>(i));
  for (const int id : steps_.constants) kernels_.fill(graph.node(id).value, storage(id), all_);
  marks_.resize(static_cast<std::size_t>(steps_.mark_count));
  for (const Steps::Span& span : steps_.spans)
    spans_.push_back({nullptr, nullptr, span.rate < 0 ? nullptr : memory_.get() + span.rate,
                      storage(span.node), span.node,
                      steps_.mark_of[static_cast<std::size_t>(span.node)], 0, 0});
  is_zero_.resize(graph.nodes().size());
  terms_.resize(steps_.operands.size());
  factors_.resize(steps_.operands.size());
  span_moves_.resize(steps_.spans.size() * span_parts_ * moves_stride());
}

void Evaluator::copy(int node, double* out) const {
  if (const double* values = row(node))
    std::copy(values, values + width_, out);
  else
    std::fill(out, out + width_, known_value(graph_.node(node), month_));
}

// ---- a block ---------------------------------------------------------------------------------

void Evaluator::begin(const std::vector<const double*>& gate_months) {
  month_ = 0;
  columns_ = {};
  for (const int id : steps_.gates)
    rows_[static_cast<std::size_t>(id)] =
        gate_months[static_cast<std::size_t>(graph_.node(id).item)];
  for (const Steps::Step& step : steps_.before) evaluate(step, all_);
  for (std::size_t s = 0; s < steps_.spans.size(); ++s) begin_span(s);
  for (const Steps::Step& step : steps_.monthly) {
    const Node& n = graph_.node(step.node);
    if (n.operation == Operation::running_sum)
      copy(n.operands[1], storage(step.node));
    else if (n.operation == Operation::running_maximum || n.operation == Operation::present_value ||
             n.operation == Operation::lag)
      kernels_.fill(0, storage(step.node), all_);
  }
}

void Evaluator::begin_span(std::size_t index) {
  Span& span = spans_[index];
  const Node& n = graph_.node(span.node);
  const int months = graph_.months(), groups = width_ / 8;
  span.from = row(n.operands[0]);
  span.to = row(n.operands[1]);
  span.first = months;
  span.last = -1;
  if (span.rate)
    kernels_.span_rates(span.from, span.to, months, memory_.get() + steps_.spans[index].rate, all_);
  for (std::size_t part = 0; part < span_parts_; ++part) {
    const int first = static_cast<int>(part) * span_groups;
    const SpanMonths in = kernels_.span_moves(
        span.from + first * 8, span.to + first * 8, months, std::min(span_groups, groups - first),
        &span_moves_[(index * span_parts_ + part) * moves_stride()]);
    span.first = std::min(span.first, in.first);
    span.last = std::max(span.last, in.last);
  }
}

void Evaluator::run_spans() {
  const unsigned char* moves = span_moves_.data() + month_;
  for (const Span& span : spans_) {
    Groups groups = 0;
    for (std::size_t part = 0; part < span_parts_; ++part, moves += moves_stride())
      groups |= Groups{*moves} << part * span_groups;
    if (month_ == 0) groups = all_;
    marks_[static_cast<std::size_t>(span.mark)] = groups;
    is_zero_[static_cast<std::size_t>(span.node)] = month_ < span.first || month_ > span.last;
    if (groups != 0) kernels_.span(span.from, span.to, span.rate, month_, span.out, groups);
  }
}

void Evaluator::read_marks(const MonthRows& rows) {
  const bool first = month_ == 0;
  marks_[Steps::still] = first ? all_ : 0;
  marks_[Steps::restless] = all_;
  const int groups = width_ / 8;
  for (const Steps::Owner& o : steps_.owners) {
    const Marks moved = rows.moved[static_cast<std::size_t>(o.owners)];
    marks_[static_cast<std::size_t>(o.mark)] =
        first || !moved.of ? all_ : moved_groups(moved, o.item * groups, groups);
  }
  for (const int id : steps_.series) {
    const double* value = graph_.node(id).monthly.data() + month_;
    const Groups moved = first || value[0] != value[-1] ? all_ : 0;
    kernels_.fill(*value, storage(id), moved);
    marks_[static_cast<std::size_t>(steps_.mark_of[static_cast<std::size_t>(id)])] = moved;
  }
}

void Evaluator::month(int month, const MonthRows& rows) {
  month_ = month;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (rows.columns[c] == columns_[c]) continue;  // rows that stay where they are
    columns_[c] = rows.columns[c];
    for (const int id : steps_.columns[c])
      rows_[static_cast<std::size_t>(id)] =
          columns_[c] + static_cast<std::ptrdiff_t>(graph_.node(id).item) * width_;
  }
  read_marks(rows);
  run_spans();
  const Need* needed =
      steps_.needed.data() + static_cast<std::size_t>(month) * steps_.chains.size();
  for (const Steps::Chain& chain : steps_.chains) {
    const Need need = *needed++;
    if (need == Need::none) continue;
    const Groups groups = need == Need::moved        ? moved_by(chain)
                          : need == Need::still_zero ? 0
                                                     : all_;
    marks_[static_cast<std::size_t>(steps_.mark_of[static_cast<std::size_t>(chain.node)])] = groups;
    if (need == Need::zero)
      kernels_.fill(0, storage(chain.node), groups);
    else if (groups != 0)
      for (int s = chain.first; s < chain.first + chain.count; ++s)
        evaluate(steps_.monthly[static_cast<std::size_t>(s)], groups);
  }
}

void Evaluator::finish() {
  for (const Steps::Step& step : steps_.afterwards) evaluate(step, all_);
}

Groups Evaluator::moved_by(const Steps::Chain& chain) const {
  Groups groups = 0;
  const int* marks = steps_.chain_marks.data() + chain.first_mark;
  for (int k = 0; k < chain.mark_count; ++k) groups |= marks_[static_cast<std::size_t>(marks[k])];
  return groups;
}

// ---- arithmetic ------------------------------------------------------------------------------

// Spans are zero in most months, and zeros add nothing.
void Evaluator::dot(const Steps::Step& step, Groups groups) {
  const int* operands = steps_.operands.data() + step.first;
  const double* factors = steps_.factors.data() + step.first;
  int count = step.count;
  if (step.some_spans) {
    count = 0;
    for (int k = 0; k < step.count; ++k) {
      if (is_zero_[static_cast<std::size_t>(operands[k])] != 0) continue;
      terms_[static_cast<std::size_t>(count)] = operands[k];
      factors_[static_cast<std::size_t>(count++)] = factors[k];
    }
    operands = terms_.data();
    factors = factors_.data();
  }
  kernels_.dot(factors, rows_.data(), operands, count, storage(step.node), groups);
}

// Its ring of months stands behind its row.
void Evaluator::delay(const Steps::Step& step) {
  const int months = graph_.node(step.node).item, ring = months + 1;
  double* out = storage(step.node);
  double* kept = out + width_;
  copy(steps_.operands[static_cast<std::size_t>(step.first)],
       kept + static_cast<std::ptrdiff_t>(month_ % ring) * width_);
  if (month_ < months) return;
  const double* late = kept + static_cast<std::ptrdiff_t>((month_ + 1) % ring) * width_;
  std::copy(late, late + width_, out);
}

void Evaluator::evaluate(const Steps::Step& step, Groups groups) {
  const int* operands = steps_.operands.data() + step.first;
  double* out = storage(step.node);
  const auto operand = [&](int k) { return row(operands[k]); };
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
      rows_[static_cast<std::size_t>(step.node)] = imported_from_->row(graph_.node(step.node).item);
      return;
    case Operation::sum:
      kernels_.sum(rows_.data(), operands, step.count, out, groups);
      return;
    case Operation::dot:
      dot(step, groups);
      return;
    case Operation::subtract:
      kernels_.subtract(operand(0), operand(1), out, groups);
      return;
    case Operation::multiply:
      kernels_.multiply(operand(0), operand(1), out, groups);
      return;
    case Operation::divide:
      kernels_.divide(operand(0), operand(1), out, groups);
      return;
    case Operation::minimum:
      kernels_.minimum(operand(0), operand(1), out, groups);
      return;
    case Operation::maximum:
      kernels_.maximum(operand(0), operand(1), out, groups);
      return;
    case Operation::running_sum:
      kernels_.add(out, operand(0), out, groups);
      return;
    case Operation::running_maximum:
      kernels_.maximum(out, operand(0), out, groups);
      return;
    case Operation::lag:
      delay(step);
      return;
    case Operation::resale: {
      const ResaleCurve& curve = graph_.resale_curve();
      if (curve.constant_fall)
        kernels_.constant_fall(operand(0), curve.log_keep, out, groups);
      else
        kernels_.residual(operand(0), curve.by_year.data(), static_cast<int>(curve.by_year.size()),
                          out, groups);
      return;
    }
    case Operation::present_value: {
      const Node& factors = graph_.node(graph_.node(step.node).operands[1]);
      kernels_.add_product(known_value(factors, month_), operand(0), out, groups);
      return;
    }
  }
}

}  // namespace warmshell::value
