#pragma once
// The levelised cost of compute: present value of what is paid (all cash but what accelerators
// earn; rents of halls are taken off, terminal value is not, since much of it may have been paid
// before `start`), over the present value of the accelerator-hours that earn. At that price by the
// hour the NPV without terminal value would be zero, costs being what they are. The ratio of the
// means over paths; its standard error is that of cost - ratio x hours over the mean of hours
// (delta method). Blocks of paths are joined in their order, so the same bytes come out on any
// number of threads.

#include <cstdint>
#include <optional>
#include <span>

namespace warmshell::study {

inline constexpr double hours_of_month = 730;

struct ComputeCost {
  double mean = 0, se = 0;  // money per accelerator-hour
};

// By path: hours += discount x what earns for a month.
void add_hours(double discount, const double* earning, std::span<double> hours);

// Means, and sums of squares and products of what lies off them, of (cost, hours) by path.
struct ComputeCostSums {
  std::int64_t paths = 0;
  double cost = 0, hours = 0;
  double cost_cost = 0, cost_hours = 0, hours_hours = 0;

  // Both by path, discounted.
  void add(std::span<const double> cost_by_path, std::span<const double> hours_by_path);
  void join(const ComputeCostSums& next);
  [[nodiscard]] std::optional<ComputeCost> result() const;  // none where nothing earns
};

}  // namespace warmshell::study
