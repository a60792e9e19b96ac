// Both valuations and the cost of the dark on a portfolio: processor seconds of one thread per
// 100,000 paths, the drawing and the funnel left out. bench_value FOLDER [width [blocks]]

#include <fmt/format.h>
#include <time.h>

#include <cstdlib>

#include "fleet/kernel.h"
#include "model/compile.h"
#include "model/read.h"
#include "value/valuation.h"
#include "world/block.h"
#include "world/expected.h"

namespace {

using namespace warmshell;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  const auto read = model::read_portfolio(argc > 1 ? argv[1] : "examples/reference");
  if (!read) {
    fmt::print(stderr, "{}", render(read.error()));
    return 1;
  }
  const int width = argc > 2 ? std::atoi(argv[2]) : fleet::recommended_width;
  const int blocks = argc > 3 ? std::atoi(argv[3]) : 20;
  const model::Layout layout = model::compile(read->portfolio);
  const model::Decisions decisions =
      model::decide(layout, world::expectations(read->portfolio, layout));
  const value::ValuationPlan plan(layout, read->portfolio, decisions);
  world::Block world(layout, read->portfolio, 1, width);
  fleet::Funnel energised(layout, decisions, width),
      chips(layout, decisions, width, fleet::by_chip_count);
  value::BlockValuation block(plan, width);
  value::PathMetrics metrics(static_cast<std::int64_t>(blocks) * width);
  value::ValueTotals totals(plan);
  value::Fan fan(layout.months);

  double months = 0, ends = 0;
  for (int b = 0; b < blocks; ++b) {
    const std::int64_t first = static_cast<std::int64_t>(b) * width;
    world.begin(first, width);
    const auto gates = value::gate_rows(world, layout);
    energised.begin(gates.data());
    chips.begin(gates.data());
    double from = processor_seconds();
    block.begin(gates, first, width, totals, fan);
    months += processor_seconds() - from;
    for (int t = 0; t < layout.months; ++t) {
      const world::MonthColumns& draws = world.next_month();
      const fleet::Columns& now = energised.next_month(draws);
      const fleet::Columns& counted = chips.next_month(draws);
      from = processor_seconds();
      block.month(draws, now, counted);
      months += processor_seconds() - from;
    }
    from = processor_seconds();
    block.finish(metrics);
    ends += processor_seconds() - from;
  }
  const double scale = 1e5 / (static_cast<double>(blocks) * width);
  std::size_t monthly = 0;
  for (const value::Node& node : plan.energised.graph.nodes())
    monthly += node.shape == value::Shape::month_path;
  fmt::print("{} lines, {} nodes by month and path; width {}\n",
             plan.energised.graph.lines().size(), monthly, width);
  fmt::print("months {:.2f} s, rates of return and metrics {:.2f} s per 100,000 paths\n",
             months * scale, ends * scale);
  fmt::print("npv {:.6g}, by chip count {:.6g}\n",
             metrics.summary(value::Metric::npv, metrics.paths()).mean,
             metrics.summary(value::Metric::npv_by_chip_count, metrics.paths()).mean);
}
