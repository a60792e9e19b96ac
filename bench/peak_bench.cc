// The share of the machine's peak that a run on examples/reference reaches:
// operations that the model asks for, over the time of the run, over the peak of the same mix.
//
//   bench_peak [PATHS [FOLDER]]     paths of a timed run, 6,000; the best of nine counts, as of the
//   peak; the last line is JSON
//
// Counted are the twins that are written to be read, on some paths: draws, the funnel as energised
// (all its fills) and by chip count, the lines of both valuations, the cost of the dark, the rates
// of return. An operation counts once per path and use in the twin, whether anything happens in
// that month or not; exp and its kin by the plain operations inside them; a comparison and its
// selection as one. Not counted: what is the same on every path, integers (the random bits
// themselves), and all that a run does beside the model: the checks of the ledger, sums over paths,
// loads and stores.
// The peak is that of chains that stay in registers, at the widest vector level, nothing fused.
// Timed are draw, fleet twice, ledger and both valuations, blocks handed out to 1 and 2 threads, in
// processor time a thread.

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/counted_twin.h"
#include "bench/peak_mix.h"
#include "fleet/kernel.h"
#include "fleet/ledger.h"
#include "model/compile.h"
#include "model/read.h"
#include "study/simulate.h"
#include "value/valuation.h"
#include "world/block.h"

namespace {

using namespace warmshell;
using namespace warmshell::bench;

double processor_seconds() {  // of this thread
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// ---- what is asked for --------------------------------------------------------------------------

DrawnBlock drawn_block(const study::Prepared& prepared, int width) {
  const model::Layout& layout = prepared.layout;
  world::Block world(layout, prepared.read->portfolio, 1, width);
  world.begin(0, width);
  const auto w = static_cast<std::size_t>(width);
  DrawnBlock block;
  block.width = width;
  for (int g = 0; g < static_cast<int>(layout.gates.size()); ++g)
    block.gates.emplace_back(world.gate_month(g), world.gate_month(g) + w);
  const std::size_t markets = layout.markets.size(), classes = layout.classes.size(),
                    sources = layout.sources.size();
  for (int t = 0; t < layout.months; ++t) {
    const world::MonthColumns& d = world.next_month();
    const auto rows = [w](const double* from, std::size_t n) {
      return std::vector<double>(from, from + n * w);
    };
    block.months.push_back({rows(d.rent_per_hour, markets * classes), rows(d.demand_h100e, markets),
                            rows(d.accept_share, markets * classes), rows(d.price_per_mwh, sources),
                            rows(d.curtailed_share, sources), rows(d.resale_factor, classes)});
  }
  return block;
}

// Draws are counted by what they are made of (world/luck.cc, gates.cc, path_kernel.cc).
Operations drawing_operations(const model::Layout& layout) {
  const MathCounts math = count_math();
  Operations sum;
  const auto normal = [&](std::size_t loads) {
    sum += math.normal_quantile;
    sum.multiply +=
        loads > 0 ? 1.0 + static_cast<double>(loads) : 0;  // own share, then the factors
    sum.add += static_cast<double>(loads);
  };
  for (const model::FactorDraw& factor : layout.factors) normal(factor.loads.size());
  for (const model::Draw& draw : layout.draws) {
    normal(draw.loads.size());
    sum += math.expm1;    // the law at the normal: origin + scale expm1(s z)
    sum += {1, 2, 0, 1};  // and not before known_at
  }
  const double months = layout.months, classes = static_cast<double>(layout.classes.size()),
               markets = static_cast<double>(layout.markets.size());
  sum += Operations{1, 0, 0, 1}.times(months);                      // regime
  sum += Operations{5, 6, 0, 3}.times(months * classes);            // a step of the list
  sum += Operations{0, 1, 1, 0}.times(months * classes);            // its level; resale
  sum += Operations{0, 1, 0, 0}.times(months * classes * markets);  // rents
  return sum;
}

// ---- the peak -----------------------------------------------------------------------------------

struct Loop {
  double (*run)(std::int64_t turns);
  double operations;
};
Loop widest_loop() {
  switch (fleet::best_level()) {
    case fleet::VectorLevel::v4:
      return {peak_loop_v4, peak_operations_v4};
    case fleet::VectorLevel::v3:
      return {peak_loop_v3, peak_operations_v3};
    case fleet::VectorLevel::v2:
      break;
  }
  return {peak_loop_v2, peak_operations_v2};
}

// Processor time a thread, all threads at work together: other work on the machine does not count.
template <class Work>
double seconds_on(int threads, Work work) {
  std::vector<double> seconds(static_cast<std::size_t>(threads));
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&work, &seconds, i] {
      const double from = processor_seconds();
      work(i);
      seconds[static_cast<std::size_t>(i)] = processor_seconds() - from;
    });
  for (std::thread& thread : all) thread.join();
  double sum = 0;
  for (double one : seconds) sum += one;
  return sum / threads;
}

double peak_of(int threads) {  // operations per second
  const Loop loop = widest_loop();
  constexpr std::int64_t turns = 100000;
  static std::atomic<double> used;
  const double seconds = seconds_on(threads, [&](int) { used = loop.run(turns); });
  return loop.operations * turns * threads / seconds;
}

// ---- the run ------------------------------------------------------------------------------------

constexpr int width = fleet::recommended_width;

struct Lane {
  world::Block world;
  fleet::Funnel energised, by_chip_count;
  fleet::Ledger ledger;
  value::BlockValuation valuation;
  value::ValueTotals totals;
  value::Fan fan;
  Lane(const study::Prepared& p, const value::ValuationPlan& plan)
      : world(p.layout, p.read->portfolio, 1, width),
        energised(p.layout, p.decisions, width, fleet::as_energised),
        by_chip_count(p.layout, p.decisions, width, fleet::by_chip_count),
        ledger(p.layout),
        valuation(plan, width),
        totals(plan),
        fan(p.layout.months) {}
};

enum Part { drawing, funnel, funnel_by_chip_count, checking, valuing, part_count };
constexpr const char* part_names[part_count] = {"draws", "as energised", "by chip count", "ledger",
                                                "both valuations"};

// Does nothing, or adds the time since the part before to a part.
struct NoClock {
  void done(Part) {}
};
struct PartClock {
  double seconds[part_count] = {};
  double from = processor_seconds();
  void done(Part part) {
    const double now = processor_seconds();
    seconds[part] += now - from;
    from = now;
  }
};

template <class Clock>
void run_block(Lane& lane, const model::Layout& layout, std::int64_t first,
               value::PathMetrics& metrics, Clock& clock) {
  lane.world.begin(first, width);
  clock.done(drawing);
  const std::vector<const double*> gates = value::gate_rows(lane.world, layout);
  lane.energised.begin(gates.data());
  clock.done(funnel);
  lane.by_chip_count.begin(gates.data());
  clock.done(funnel_by_chip_count);
  lane.ledger.begin();
  clock.done(checking);
  lane.valuation.begin(gates, first, width, lane.totals, lane.fan);
  clock.done(valuing);
  for (int t = 0; t < layout.months; ++t) {
    const world::MonthColumns& draws = lane.world.next_month();
    clock.done(drawing);
    const fleet::Columns& chips = lane.by_chip_count.next_month(draws);
    clock.done(funnel_by_chip_count);
    const fleet::Columns& energised = lane.energised.next_month(draws);
    clock.done(funnel);
    lane.ledger.check(energised, draws);
    clock.done(checking);
    lane.valuation.month(draws, energised, chips);
    clock.done(valuing);
  }
  lane.valuation.finish(metrics);
  clock.done(valuing);
}

double run_seconds(const study::Prepared& prepared, const value::ValuationPlan& plan,
                   std::int64_t paths, int threads) {
  value::PathMetrics metrics(paths);
  std::vector<std::unique_ptr<Lane>> lanes;
  for (int i = 0; i < threads; ++i) lanes.push_back(std::make_unique<Lane>(prepared, plan));
  std::atomic<std::int64_t> next{0};
  const double seconds = seconds_on(threads, [&](int thread) {
    NoClock none;
    for (std::int64_t first; (first = next.fetch_add(width)) < paths;)
      run_block(*lanes[static_cast<std::size_t>(thread)], prepared.layout, first, metrics, none);
  });
  for (const auto& lane : lanes)
    if (!lane->ledger.residuals().close()) fmt::print(stderr, "the ledger does not close\n");
  return seconds;
}

// Where the time goes, on one thread, each part at its best of many rounds; the clock itself takes
// a little.
void print_parts(const study::Prepared& prepared, const value::ValuationPlan& plan) {
  constexpr int rounds = 20;
  constexpr std::int64_t paths = 2 * width;
  value::PathMetrics metrics(paths);
  Lane lane(prepared, plan);
  double best[part_count];
  std::fill_n(best, int{part_count}, 1e300);
  for (int round = 0; round < rounds; ++round) {
    PartClock clock;
    for (std::int64_t first = 0; first < paths; first += width)
      run_block(lane, prepared.layout, first, metrics, clock);
    for (int part = 0; part < part_count; ++part)
      best[part] = std::min(best[part], clock.seconds[part]);
  }
  fmt::print("seconds for 100,000 paths:");
  for (int part = 0; part < part_count; ++part)
    fmt::print("{} {} {:.2f}", part > 0 ? "," : "", part_names[part], best[part] * 1e5 / paths);
  fmt::print("\n");
}

void print_counts(const std::string& name, const Counts& c) {
  const Operations& o = c.varying;
  fmt::print("  {:<22} {:>11.0f} {:>11.0f} {:>9.0f} {:>11.0f} {:>12.0f} {:>14.0f}\n", name, o.add,
             o.multiply, o.divide, o.compare, o.total(), c.constant.total());
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t asked = argc > 1 ? std::atoll(argv[1]) : 6000;
  const std::int64_t paths = std::max<std::int64_t>(asked / width, 1) * width;
  const auto read = model::read_portfolio(argc > 2 ? argv[2] : "examples/reference");
  if (!read) {
    fmt::print(stderr, "{}", render(read.error()));
    return 1;
  }
  const study::Prepared prepared = study::prepare(*read);
  const value::ValuationPlan plan(prepared.layout, read->portfolio, prepared.decisions);

  // ---- counted
  constexpr int sample = 32;
  const DrawnBlock block = drawn_block(prepared, sample);
  const Model model{prepared.layout,
                    prepared.decisions,
                    read->portfolio,
                    plan.energised.graph,
                    plan.by_chip_count.graph,
                    plan.energised.net_cash,
                    plan.by_chip_count.net_cash};
  PathCounts sum;
  for (int path = 0; path < sample; ++path) {
    const PathCounts of = count_path(model, block, path);
    sum.fleet += of.fleet;
    sum.fleet_by_chip_count += of.fleet_by_chip_count;
    sum.lines += of.lines;
    sum.lines_by_chip_count += of.lines_by_chip_count;
    sum.dark += of.dark;
    sum.rates += of.rates;
  }
  const auto mean = [](const Counts& c) {
    return Counts{c.varying.times(1.0 / sample), c.constant.times(1.0 / sample)};
  };
  const Counts draws{drawing_operations(prepared.layout), {}};
  Counts all = draws;
  fmt::print("operations a path      {:>13} {:>11} {:>9} {:>11} {:>12} {:>14}\n", "add", "multiply",
             "divide", "compare", "all", "same on all");
  print_counts("draws", draws);
  for (const auto& [name, part] :
       {std::pair<const char*, const Counts*>{"fleet, as energised", &sum.fleet},
        {"fleet, by chip count", &sum.fleet_by_chip_count},
        {"lines, as energised", &sum.lines},
        {"lines, by chip count", &sum.lines_by_chip_count},
        {"cost of the dark", &sum.dark},
        {"rates of return", &sum.rates}}) {
    print_counts(name, mean(*part));
    all += mean(*part);
  }
  print_counts("all", all);
  const Operations& ops = all.varying;
  const auto parts = [&](double n) { return n / ops.total() * pattern; };
  fmt::print("  in {}ths: {:.2f} {:.2f} {:.2f} {:.2f}\n", pattern, parts(ops.add),
             parts(ops.multiply), parts(ops.divide), parts(ops.compare));
  const bool same_mix = std::abs(parts(ops.add) - pattern_adds) <= 1 &&
                        std::abs(parts(ops.multiply) - pattern_multiplies) <= 1 &&
                        std::abs(parts(ops.divide) - pattern_divides) <= 1;
  if (!same_mix) {
    fmt::print(stderr, "the mix of bench/peak_mix.h is not that of the twins\n");
  }

  print_parts(prepared, plan);

  // ---- timed, peak and run in turns
  constexpr int rounds = 9;
  double peak[3] = {}, seconds[3] = {0, 1e300, 1e300};
  for (int round = 0; round < rounds; ++round)
    for (int threads : {1, 2}) {
      peak[threads] = std::max(peak[threads], peak_of(threads));
      seconds[threads] = std::min(seconds[threads], run_seconds(prepared, plan, paths, threads));
      peak[threads] = std::max(peak[threads], peak_of(threads));
    }
  double share[3] = {};
  for (int threads : {1, 2}) {
    share[threads] = ops.total() * static_cast<double>(paths) / seconds[threads] / peak[threads];
    fmt::print(
        "{} thread{}: peak {:.1f} thousand million operations a second, {} paths in {:.3f} s, "
        "share {:.3f}\n",
        threads, threads > 1 ? "s" : "", peak[threads] * 1e-9, paths, seconds[threads],
        share[threads]);
  }
  fmt::print(
      "{{\"ops_per_path\": {:.0f}, \"by_kind\": {{\"add\": {:.0f}, \"multiply\": {:.0f}, "
      "\"divide\": {:.0f}, \"compare\": {:.0f}}}, \"paths\": {}, \"peak_ops_per_second\": "
      "[{:.4g}, {:.4g}], \"run_seconds\": [{:.4f}, {:.4f}], \"share\": [{:.4f}, {:.4f}]}}\n",
      ops.total(), ops.add, ops.multiply, ops.divide, ops.compare, paths, peak[1], peak[2],
      seconds[1], seconds[2], share[1], share[2]);
  return same_mix ? 0 : 1;
}
