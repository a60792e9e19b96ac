#include "value/evaluate_plainly.h"

#include <algorithm>

namespace warmshell::value {
namespace {

double plain_resale(const ResaleCurve& curve, double age) {
  if (curve.constant_fall) return math::pow(math::exp(curve.log_keep), age);
  std::size_t year = 0;
  while (year + 2 < curve.by_year.size() && 12.0 * static_cast<double>(year + 1) <= age) ++year;
  const double older = curve.by_year[year + 1], younger = curve.by_year[year];
  return younger - (younger - older) * (age / 12 - static_cast<double>(year));
}

}  // namespace

std::vector<std::vector<double>> evaluate_plainly(const Graph& graph, const PlainPath& path) {
  const int months = graph.months();
  std::vector<std::vector<double>> values(graph.nodes().size(),
                                          std::vector<double>(static_cast<std::size_t>(months)));
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node& n = graph.nodes()[i];
    std::vector<double>& v = values[i];
    const auto of = [&](int operand, int month) { return values[n.operands[operand]][month]; };
    double balance = 0, highest = 0, present = 0;
    for (int month = 0; month < months; ++month) {
      switch (n.operation) {
        case Operation::constant:
        case Operation::input:
          v[month] = n.value;
          break;
        case Operation::series:
          v[month] = n.monthly[month];
          break;
        case Operation::gate:
          v[month] = path.gate_month(n.item);
          break;
        case Operation::column:
          v[month] = path.column(n.column, n.item, month);
          break;
        case Operation::sum:
          for (const int operand : n.operands) v[month] += values[operand][month];
          break;
        case Operation::dot:
          for (std::size_t k = 0; k < n.operands.size(); k += 2)
            v[month] += values[n.operands[k]][month] * values[n.operands[k + 1]][month];
          break;
        case Operation::subtract:
          v[month] = of(0, month) - of(1, month);
          break;
        case Operation::multiply:
          v[month] = of(0, month) * of(1, month);
          break;
        case Operation::divide:
          v[month] = of(0, month) / of(1, month);
          break;
        case Operation::minimum:
          v[month] = std::min(of(0, month), of(1, month));
          break;
        case Operation::maximum:
          v[month] = std::max(of(0, month), of(1, month));
          break;
        case Operation::overlap: {
          const double first = std::max<double>(of(0, month), month);
          const double last = std::min<double>(of(1, month), month + 1);
          v[month] = last > first ? last - first : 0;
          break;
        }
        case Operation::share: {
          const double first = std::max<double>(of(0, month), month);
          const double last = std::min<double>(of(1, month), month + 1);
          v[month] = last > first ? (last - first) / (of(1, month) - of(0, month)) : 0;
          break;
        }
        case Operation::imported:
          v[month] = path.imported(n.item, month);
          break;
        case Operation::running_sum:
          if (month == 0) balance = of(1, 0);
          v[month] = balance += of(0, month);
          break;
        case Operation::running_maximum:
          v[month] = highest = std::max(highest, of(0, month));
          break;
        case Operation::lag:
          v[month] = month >= n.item ? of(0, month - n.item) : 0;
          break;
        case Operation::resale:
          v[month] = plain_resale(graph.resale_curve(), of(0, month));
          break;
        case Operation::present_value:
          present += of(0, month) * of(1, month);
          break;
      }
    }
    if (n.operation == Operation::present_value) std::fill(v.begin(), v.end(), present);
  }
  return values;
}

}  // namespace warmshell::value
