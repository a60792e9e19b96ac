// A run's engine on a portfolio, its draws given: the funnel (four fills), the ledger, the funnel
// by chip count, both valuations, over 100,000 paths on two threads. Each thread draws a unit of
// paths into memory, then computes it; the two are timed apart. The last line is JSON.
//
//   bench_simulate [--folder examples/reference] [--paths N] [--threads N] [--seed N]
//   bench_simulate --export DIR --paths N [--compared N]     what bench/peers runs on

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "base/threads.h"
#include "fleet/kernel.h"
#include "fleet/ledger.h"
#include "model/read.h"
#include "simulate_export.h"
#include "study/simulate.h"
#include "value/valuation.h"
#include "world/block.h"

namespace {

using namespace warmshell;

constexpr int width = fleet::recommended_width;
constexpr int blocks_per_unit = 8;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double processor_seconds_of_thread() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The draws of one block in memory. What did not change since the month before is kept once, as the
// world itself does.
class GivenDraws {
 public:
  explicit GivenDraws(const model::Layout& layout)
      : layout_(layout),
        gates_(layout.gates.size() * width),
        months_(static_cast<std::size_t>(layout.months)) {
    for (std::size_t gate = 0; gate < layout.gates.size(); ++gate)
      gate_rows_.push_back(gates_.data() + gate * width);
  }
  void draw(world::Block& world, std::int64_t first_path, int count) {
    world.begin(first_path, count);
    for (std::size_t gate = 0; gate < layout_.gates.size(); ++gate)
      std::copy_n(world.gate_month(static_cast<int>(gate)), width, gates_.data() + gate * width);
    const std::size_t markets = layout_.markets.size(), classes = layout_.classes.size(),
                      sources = layout_.sources.size();
    const Month* before = nullptr;
    for (Month& now : months_) {
      const world::MonthColumns& draws = world.next_month();
      now.columns = draws;
      keep(draws.rent_per_hour, markets * classes, rent, now, before);
      keep(draws.demand_h100e, markets, demand, now, before);
      keep(draws.accept_share, markets * classes, accept, now, before);
      keep(draws.price_per_mwh, sources, price, now, before);
      keep(draws.curtailed_share, sources, curtailed, now, before);
      keep(draws.resale_factor, classes, resale, now, before);
      now.columns.rent_per_hour = now.at[rent];
      now.columns.demand_h100e = now.at[demand];
      now.columns.accept_share = now.at[accept];
      now.columns.price_per_mwh = now.at[price];
      now.columns.curtailed_share = now.at[curtailed];
      now.columns.resale_factor = now.at[resale];
      before = &now;
    }
  }
  [[nodiscard]] const std::vector<const double*>& gate_rows() const { return gate_rows_; }
  [[nodiscard]] const world::MonthColumns& month(int month) const {
    return months_[static_cast<std::size_t>(month)].columns;
  }

 private:
  enum Kind { rent, demand, accept, price, curtailed, resale, kinds };
  struct Month {
    world::MonthColumns columns;
    std::vector<double> own[kinds];
    const double* at[kinds] = {};
  };
  static void keep(const double* rows, std::size_t count, Kind kind, Month& now,
                   const Month* before) {
    const std::size_t bytes = count * width * sizeof(double);
    if (before && std::memcmp(before->at[kind], rows, bytes) == 0) {
      now.at[kind] = before->at[kind];
      return;
    }
    now.own[kind].assign(rows, rows + count * width);
    now.at[kind] = now.own[kind].data();
  }
  const model::Layout& layout_;
  std::vector<double> gates_;
  std::vector<const double*> gate_rows_;
  std::vector<Month> months_;
};

struct Seconds {  // of one thread
  double draw = 0, fleet = 0, ledger = 0, chip_count = 0, value = 0, metrics = 0;
  double wall = 0, processor = 0;  // of all but draw
};

struct Lane {
  world::Block world;
  std::vector<GivenDraws> given;
  fleet::Funnel energised, by_chip_count;
  fleet::Ledger ledger;
  value::BlockValuation valuation;
  value::Fan fan;
  Seconds seconds;

  Lane(const study::Prepared& prepared, const value::ValuationPlan& plan, std::uint64_t seed)
      : world(prepared.layout, prepared.read->portfolio, seed, width),
        energised(prepared.layout, prepared.decisions, width, fleet::as_energised),
        by_chip_count(prepared.layout, prepared.decisions, width, fleet::by_chip_count),
        ledger(prepared.layout),
        valuation(plan, width),
        fan(prepared.layout.months) {
    for (int block = 0; block < blocks_per_unit; ++block) given.emplace_back(prepared.layout);
  }
};

void compute(Lane& lane, const model::Layout& layout, const GivenDraws& given, std::int64_t first,
             int count, value::ValueTotals& totals, value::PathMetrics& metrics) {
  Seconds& spent = lane.seconds;
  double from = seconds_now();
  const auto lap = [&](double& into) {
    const double now = seconds_now();
    into += now - from;
    from = now;
  };
  lane.energised.begin(given.gate_rows().data());
  lap(spent.fleet);
  lane.by_chip_count.begin(given.gate_rows().data());
  lap(spent.chip_count);
  lane.ledger.begin();
  lane.valuation.begin(given.gate_rows(), first, count, totals, lane.fan);
  lap(spent.value);
  for (int month = 0; month < layout.months; ++month) {
    const world::MonthColumns& draws = given.month(month);
    const fleet::Columns& by_chip_count = lane.by_chip_count.next_month(draws);
    lap(spent.chip_count);
    const fleet::Columns& energised = lane.energised.next_month(draws);
    lap(spent.fleet);
    lane.ledger.check(energised, draws);
    lap(spent.ledger);
    lane.valuation.month(draws, energised, by_chip_count);
    lap(spent.value);
  }
  lane.valuation.finish(metrics);
  lap(spent.metrics);
}

int run(const study::Prepared& prepared, std::int64_t paths, unsigned threads, std::uint64_t seed) {
  const model::Layout& layout = prepared.layout;
  const value::ValuationPlan plan(layout, prepared.read->portfolio, prepared.decisions);
  value::PathMetrics metrics(paths);
  value::ValueTotals totals(plan);
  std::vector<std::unique_ptr<Lane>> lanes;
  for (unsigned thread = 0; thread < threads; ++thread)
    lanes.push_back(std::make_unique<Lane>(prepared, plan, seed));

  constexpr std::int64_t unit_paths = std::int64_t{width} * blocks_per_unit;
  const auto units = static_cast<std::size_t>((paths + unit_paths - 1) / unit_paths);
  const auto work = [&](std::size_t unit, unsigned thread) {
    Lane& lane = *lanes[thread];
    auto sums = std::make_unique<value::ValueTotals>(plan);
    const std::int64_t begin = static_cast<std::int64_t>(unit) * unit_paths,
                       end = std::min(begin + unit_paths, paths);
    const auto count_from = [&](std::int64_t first) {
      return static_cast<int>(std::min<std::int64_t>(width, end - first));
    };
    double from = seconds_now();
    for (std::int64_t first = begin; first < end; first += width)
      lane.given[static_cast<std::size_t>((first - begin) / width)].draw(lane.world, first,
                                                                         count_from(first));
    lane.seconds.draw += seconds_now() - from;
    from = seconds_now();
    const double busy = processor_seconds_of_thread();
    for (std::int64_t first = begin; first < end; first += width)
      compute(lane, layout, lane.given[static_cast<std::size_t>((first - begin) / width)], first,
              count_from(first), *sums, metrics);
    lane.seconds.wall += seconds_now() - from;
    lane.seconds.processor += processor_seconds_of_thread() - busy;
    return sums;
  };
  const auto join = [&](std::size_t, std::unique_ptr<value::ValueTotals> sums) {
    totals.join(*sums);
  };
  const StopFlag stop;
  const double from = seconds_now();
  run_blocks(units, threads, stop, work, join);
  const double wall = seconds_now() - from;

  Seconds sum;
  double slowest = 0, slowest_draw = 0;
  fleet::Residuals residuals = lanes[0]->ledger.residuals();
  for (const auto& lane : lanes) {
    const Seconds& s = lane->seconds;
    slowest = std::max(slowest, s.wall);
    slowest_draw = std::max(slowest_draw, s.draw);
    sum.draw += s.draw;
    sum.fleet += s.fleet;
    sum.ledger += s.ledger;
    sum.chip_count += s.chip_count;
    sum.value += s.value;
    sum.metrics += s.metrics;
    sum.processor += s.processor;
    residuals.merge(lane->ledger.residuals());
  }
  const bool holds = residuals.close() && totals.cash_residual <= value::cash_tolerance;
  fmt::print("{} paths, {} threads, blocks of {}; ledger and cash {}\n", paths, threads, width,
             holds ? "balance" : "DO NOT BALANCE");
  fmt::print(
      "seconds summed over threads: draw {:.2f}, fleet {:.2f}, ledger {:.2f}, by chip count "
      "{:.2f}, value {:.2f}, returns {:.2f}\n",
      sum.draw, sum.fleet, sum.ledger, sum.chip_count, sum.value, sum.metrics);
  fmt::print(
      "draws given: {:.3f} s wall (slowest thread), {:.3f} s processor; drawing {:.3f} s "
      "wall; all {:.3f} s wall\n",
      slowest, sum.processor, slowest_draw, wall);
  const double npv = metrics.summary(value::Metric::npv, paths).mean,
               counted = metrics.summary(value::Metric::npv_by_chip_count, paths).mean;
  fmt::print(
      "{{\"hash\": \"{}\", \"paths\": {}, \"threads\": {}, \"ours_seconds\": {:.4f}, "
      "\"ours_processor_seconds\": {:.4f}, \"draw_seconds\": {:.4f}, \"fleet\": {:.4f}, "
      "\"ledger\": {:.4f}, \"chip_count\": {:.4f}, \"value\": {:.4f}, \"returns\": {:.4f}, "
      "\"npv\": {}, \"npv_by_chip_count\": {}, \"balanced\": {}}}\n",
      prepared.read->inputs_sha256, paths, threads, slowest, sum.processor, slowest_draw, sum.fleet,
      sum.ledger, sum.chip_count, sum.value, sum.metrics, npv, counted, holds);
  return holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = "examples/reference", export_to;
  std::int64_t paths = 100000, compared = 4096;
  unsigned threads = 2;
  std::uint64_t seed = 1;
  try {
    for (int i = 1; i + 1 < argc; i += 2) {
      const std::string flag = argv[i], value = argv[i + 1];
      if (flag == "--folder")
        folder = value;
      else if (flag == "--export")
        export_to = value;
      else if (flag == "--paths")
        paths = std::stoll(value);
      else if (flag == "--compared")
        compared = std::stoll(value);
      else if (flag == "--threads")
        threads = static_cast<unsigned>(std::stoul(value));
      else if (flag == "--seed")
        seed = std::stoull(value);
      else
        throw std::runtime_error("no option " + flag);
    }
    const auto read = model::read_portfolio(folder);
    if (!read) {
      fmt::print(stderr, "{}", render(read.error()));
      return 1;
    }
    const study::Prepared prepared = study::prepare(*read);
    fmt::print("inputs {}\n", read->inputs_sha256);
    if (export_to.empty()) return run(prepared, paths, threads, seed);
    bench::export_for_peers(prepared, export_to, paths, compared, seed);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
