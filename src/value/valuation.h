#pragma once
// Both valuations and the cost of the dark over blocks of paths: what a run needs of `value`.
//
//   const ValuationPlan plan(layout, portfolio, decisions);
//   PathMetrics metrics(paths);                      // shared: every block writes its own paths
//   per thread: BlockValuation block(plan, width); Fan fan(months);
//   per block:  block.begin(gate_rows(world, layout), first, count, totals, fan);
//               each month: block.month(draws, energised, by_chip_count);
//               block.finish(metrics);
//   totals of blocks are joined in the order of their paths, fans in any order.
//
// The numbers of a path do not depend on its block; sums do not depend on the number of threads as
// long as the blocks of each Totals and the order of joining are the same.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/aligned.h"
#include "value/cost_of_dark.h"
#include "value/evaluate.h"
#include "value/fan.h"
#include "value/internal_rate.h"
#include "value/lines.h"

namespace warmshell::value {

// One number per path each; kept for exact quantiles: 80 bytes a path.
enum class Metric {
  npv,  // before tax and debt, forward from `start`
  npv_without_terminal,
  npv_by_chip_count,
  npv_overstated,  // npv_by_chip_count - npv
  irr,             // per year; NaN unless there is one
  irr_by_chip_count,
  peak_funding,
  payback,  // months; +infinity never
  dark_accelerator_months,
  dark_lost_margin,  // discounted
};
inline constexpr int metric_count = 10;
inline constexpr std::array<std::string_view, metric_count> metric_names{"npv",
                                                                         "npv_without_terminal",
                                                                         "npv_by_chip_count",
                                                                         "npv_overstated",
                                                                         "irr",
                                                                         "irr_by_chip_count",
                                                                         "peak_funding",
                                                                         "payback",
                                                                         "dark_accelerator_months",
                                                                         "dark_lost_margin"};
inline constexpr std::array<std::string_view, metric_count> metric_units{
    "money", "money", "money", "money", "1/year", "1/year", "money", "months", "accelerator-months",
    "money"};

struct Summary {  // of the paths on which the number exists
  double mean = 0, se = 0;
  std::optional<double> p05, p10, p50, p90, p95;  // none: infinite
  double undefined_share = 0;
};

class PathMetrics {
 public:
  explicit PathMetrics(std::int64_t paths);
  [[nodiscard]] std::int64_t paths() const { return paths_; }
  [[nodiscard]] double get(Metric metric, std::int64_t path) const {
    return values_[static_cast<std::size_t>(static_cast<int>(metric) * paths_ + path)];
  }
  void set(Metric metric, std::int64_t path, double value) {
    values_[static_cast<std::size_t>(static_cast<int>(metric) * paths_ + path)] = value;
  }
  // Of the first `used` paths: an interrupted run has fewer than were asked for. Quantiles are
  // exact, linear between order statistics at position (n-1) p. A mean that an infinite path makes
  // infinite is over the finite ones, and undefined_share counts the others.
  [[nodiscard]] Summary summary(Metric metric, std::int64_t used) const;

 private:
  std::int64_t paths_;
  std::vector<double> values_;  // [metric][path]
};

struct Promise {           // a contract's ready_by, or a let hall's commencement
  std::string name, line;  // line: of damages, "" where none are due
  int market = -1, hall = -1;
  int month = 0;       // first whole month after the date
  double date = 0;     // months since start
  double full_mw = 0;  // of a hall: facility MW
};

struct ValuationPlan {
  ValuationPlan(const model::Layout& layout, const model::Portfolio& portfolio,
                const model::Decisions& decisions);
  const model::Layout* layout;
  Lines energised, by_chip_count;
  DarkPlan dark;
  std::vector<Promise> promises;
};

struct ValueTotals {
  std::int64_t paths = 0;
  std::array<std::vector<double>, 2> lines;  // by basis: [line][month] sums over paths
  DarkTotals dark;
  std::vector<double> promises_kept;  // paths
  double cash_residual = 0;  // largest |sum of lines - change of balance| over sum of |lines|

  explicit ValueTotals(const ValuationPlan& plan);
  void join(const ValueTotals& next);

  [[nodiscard]] double line_mean(const ValuationPlan& plan, Basis basis, int line, int month) const;
  // Discounted mean of a line.
  [[nodiscard]] double line_value(const ValuationPlan& plan, Basis basis, int line) const;
};
// Below this residual the cash balances: sums of some hundred lines, and far below a dollar.
inline constexpr double cash_tolerance = 1e-13;

class BlockValuation {
 public:
  // width: a multiple of 8, at most most_paths
  BlockValuation(const ValuationPlan& plan, int width,
                 fleet::VectorLevel level = fleet::best_level());

  void begin(const std::vector<const double*>& gate_months, std::int64_t first_path, int count,
             ValueTotals& totals, Fan& cumulative_cash);
  void month(const world::MonthColumns& draws, const fleet::Columns& energised,
             const fleet::Columns& by_chip_count);
  void finish(PathMetrics& metrics);

  // After finish, by path: what accelerators earn, discounted, as energised.
  [[nodiscard]] const double* revenue_value() const { return revenue_value_.data(); }

  // For tests of the cash check: money that no line knows of appears in the balance of one path.
  void seed_leak(int month, int path, double money) { leak_ = Leak{month, path, money}; }

 private:
  void add_lines(int basis, const Lines& lines, const Evaluator& evaluator);
  double cash_residual();

  struct Leak {
    int month = -1, path = 0;
    double money = 0;
  };
  const ValuationPlan& plan_;
  int width_, count_ = 0, month_ = 0;
  fleet::VectorLevel level_;
  std::int64_t first_path_ = 0;
  Evaluator energised_, by_chip_count_;
  DarkBlock dark_;
  ValueTotals* totals_ = nullptr;
  Fan* fan_ = nullptr;
  Leak leak_;
  std::array<AlignedDoubles, 2> net_cash_;  // [month][path]
  AlignedDoubles balance_, before_, lanes_, revenue_value_;
  std::array<std::vector<double>, 2>
      line_sums_;  // by basis: of each line over the paths, this month
  std::vector<const double*> line_rows_;
  std::vector<int> moved_lines_;
  std::vector<double> moved_sums_;
};

}  // namespace warmshell::value
