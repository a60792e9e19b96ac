#include "study/compute_cost.h"

#include <algorithm>
#include <cmath>

namespace warmshell::study {

void add_hours(double discount, const double* earning, std::span<double> hours) {
  const double each = hours_of_month * discount;
  for (std::size_t path = 0; path < hours.size(); ++path) hours[path] += each * earning[path];
}

void ComputeCostSums::add(std::span<const double> cost_by_path,
                          std::span<const double> hours_by_path) {
  ComputeCostSums block;
  block.paths = static_cast<std::int64_t>(cost_by_path.size());
  const auto n = static_cast<double>(block.paths);
  for (std::size_t i = 0; i < cost_by_path.size(); ++i) {
    block.cost += cost_by_path[i];
    block.hours += hours_by_path[i];
  }
  block.cost /= n;
  block.hours /= n;
  for (std::size_t i = 0; i < cost_by_path.size(); ++i) {
    const double c = cost_by_path[i] - block.cost, h = hours_by_path[i] - block.hours;
    block.cost_cost += c * c;
    block.cost_hours += c * h;
    block.hours_hours += h * h;
  }
  join(block);
}

// Chan et al. 1979, with products beside squares.
void ComputeCostSums::join(const ComputeCostSums& next) {
  if (next.paths == 0) return;
  const auto before = static_cast<double>(paths), more = static_cast<double>(next.paths),
             all = before + more, weight = before * more / all;
  const double c = next.cost - cost, h = next.hours - hours;
  cost += c * more / all;
  hours += h * more / all;
  cost_cost += next.cost_cost + c * c * weight;
  cost_hours += next.cost_hours + c * h * weight;
  hours_hours += next.hours_hours + h * h * weight;
  paths += next.paths;
}

std::optional<ComputeCost> ComputeCostSums::result() const {
  if (paths == 0 || hours <= 0) return std::nullopt;
  const auto n = static_cast<double>(paths);
  const double ratio = cost / hours;
  const double squares =
      std::max(0.0, cost_cost - 2 * ratio * cost_hours + ratio * ratio * hours_hours);
  return ComputeCost{ratio, paths > 1 ? std::sqrt(squares / (n - 1) / n) / hours : 0};
}

}  // namespace warmshell::study
