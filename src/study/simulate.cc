#include "study/simulate.h"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "fleet/kernel.h"
#include "fleet/ledger.h"
#include "model/gates.h"
#include "study/assemble.h"
#include "study/compute_cost.h"
#include "study/energised.h"
#include "study/gates.h"
#include "study/tally.h"
#include "world/block.h"
#include "world/expected.h"

namespace warmshell::study {

namespace {

// A unit is what one thread does before its sums are joined: whole blocks.
constexpr std::int64_t unit_paths = 512;

// Paths side by side: more where what a block touches stays near all the same. By the portfolio
// alone, so that sums have the same order on every machine.
int block_width_of(const model::Layout& layout) {
  constexpr std::size_t few = 8;
  return layout.lots.size() <= few ? 2 * fleet::recommended_width : fleet::recommended_width;
}

// Sums of one unit of paths; joined in the order of units.
struct UnitSums {
  FleetTally fleet;
  value::ValueTotals value;
  ComputeCostSums compute_cost;
  UnitSums(const model::Layout& layout, const value::ValuationPlan& plan)
      : fleet(layout.months, static_cast<int>(layout.sites.size())), value(plan) {}
};

// Everything one thread needs for a block of paths; reused for block after block.
struct Lane {
  int block_width;
  world::Block world;
  fleet::Funnel energised, by_chip_count;
  fleet::Ledger ledger;
  value::BlockValuation valuation;
  FleetTaller taller;
  Bands bands;
  Openings openings;
  EnergisedRows energised_rows;
  std::vector<double> energised_total;
  std::vector<double> cost, hours;  // by path, discounted: of compute

  Lane(const Prepared& prepared, const value::ValuationPlan& plan, std::uint64_t seed)
      : block_width(block_width_of(prepared.layout)),
        world(prepared.layout, prepared.read->portfolio, seed, block_width),
        energised(prepared.layout, prepared.decisions, block_width, fleet::as_energised),
        by_chip_count(prepared.layout, prepared.decisions, block_width, fleet::by_chip_count),
        ledger(prepared.layout),
        valuation(plan, block_width),
        taller(prepared.layout, block_width),
        bands(prepared.layout.months, static_cast<int>(quarter_ends_of(prepared.layout).size())),
        openings(prepared.layout),
        cost(static_cast<std::size_t>(block_width)),
        hours(cost.size()) {}
};

// Facility MW energised over all sites at an instant, by path.
void total_energised(const model::Layout& layout, const std::vector<const double*>& gate_rows,
                     double month, int width, EnergisedRows& rows, std::vector<double>& total) {
  total.assign(static_cast<std::size_t>(width), 0.0);
  for (int site = 0; site < static_cast<int>(layout.sites.size()); ++site) {
    energised_at(layout, site, gate_rows, month, width, rows);
    for (std::size_t path = 0; path < total.size(); ++path) total[path] += rows.facility_mw[path];
  }
}

// Draw, fleet, ledger, lines, accumulate, forget.
void run_block(Lane& lane, const value::ValuationPlan& plan, std::int64_t first_path,
               std::int64_t first_index, int count, UnitSums& sums, value::PathMetrics& metrics) {
  const model::Layout& layout = *plan.layout;
  lane.world.begin(first_path, count);
  const std::vector<const double*> gate_rows = value::gate_rows(lane.world, layout);
  lane.openings.add(gate_rows, count);
  const std::vector<double> quarters = quarter_ends_of(layout);
  for (std::size_t quarter = 0; quarter < quarters.size(); ++quarter) {
    total_energised(layout, gate_rows, quarters[quarter], count, lane.energised_rows,
                    lane.energised_total);
    lane.bands.ready_facility_mw.add(static_cast<int>(quarter), lane.energised_total.data(), count);
  }
  lane.energised.begin(gate_rows.data());
  lane.by_chip_count.begin(gate_rows.data());
  lane.ledger.begin();
  lane.valuation.begin(gate_rows, first_index, count, sums.value, lane.bands.cumulative_cash);

  std::fill(lane.hours.begin(), lane.hours.end(), 0.0);
  for (int month = 0; month < layout.months; ++month) {
    const world::MonthColumns& draws = lane.world.next_month();
    // as energised last: what reads its columns finds them in the cache
    const fleet::Columns& by_chip_count = lane.by_chip_count.next_month(draws);
    const fleet::Columns& energised = lane.energised.next_month(draws);
    lane.ledger.check(energised, draws);
    lane.taller.add(month, energised, count, sums.fleet, lane.bands);
    lane.valuation.month(draws, energised, by_chip_count);
    add_hours(plan.energised.discount[static_cast<std::size_t>(month)],
              lane.taller.total(fleet::State::earning), lane.hours);
  }
  lane.valuation.finish(metrics);

  const auto paths = static_cast<std::size_t>(count);
  for (std::size_t path = 0; path < paths; ++path)
    lane.cost[path] = lane.valuation.revenue_value()[path] -
                      metrics.get(value::Metric::npv_without_terminal,
                                  first_index + static_cast<std::int64_t>(path));
  sums.compute_cost.add(std::span(lane.cost).first(paths), std::span(lane.hours).first(paths));
}

// The same portfolio with every plan on its published date: what the plans say beside what is
// drawn. What has no plan comes on its median date, and nothing is cancelled, so that no luck is in
// it.
model::Layout as_planned(model::Layout layout) {
  for (model::Gate& gate : layout.gates) {
    if (gate.kind != model::Gate::Kind::planned) continue;
    gate.has_law = false;
    gate.within = 0;
  }
  return layout;
}

std::vector<double> planned_at_quarter_ends(const Prepared& prepared) {
  const auto planned = [](const model::Gate& gate) {
    return gate.kind == model::Gate::Kind::planned;
  };
  if (std::none_of(prepared.layout.gates.begin(), prepared.layout.gates.end(), planned)) return {};
  const model::Layout layout = as_planned(prepared.layout);
  const std::vector<double> months = model::median_gate_months(layout);
  std::vector<const double*> gate_rows;
  for (const double& month : months) gate_rows.push_back(&month);
  std::vector<double> megawatts, total;
  EnergisedRows rows;
  for (const double quarter : quarter_ends_of(layout)) {
    total_energised(layout, gate_rows, quarter, 1, rows, total);
    megawatts.push_back(total[0]);
  }
  return megawatts;
}

}  // namespace

Prepared prepare(const model::ReadPortfolio& read) {
  Prepared prepared;
  prepared.read = &read;
  prepared.layout = model::compile(read.portfolio);
  prepared.decisions =
      model::decide(prepared.layout, world::expectations(read.portfolio, prepared.layout));
  return prepared;
}

Simulation simulate(const Prepared& prepared, const SimulateOptions& options,
                    const StopFlag& stop) {
  // ---- what is shared by all paths
  const model::Layout& layout = prepared.layout;
  const value::ValuationPlan plan(layout, prepared.read->portfolio, prepared.decisions);
  const auto metrics = std::make_shared<value::PathMetrics>(options.paths);

  // ---- what each thread owns
  const auto units = static_cast<std::size_t>((options.paths + unit_paths - 1) / unit_paths);
  const unsigned threads = static_cast<unsigned>(
      std::min<std::size_t>(thread_count(options.threads), std::max<std::size_t>(units, 1)));
  std::vector<std::unique_ptr<Lane>> lanes;
  for (unsigned thread = 0; thread < threads; ++thread)
    lanes.push_back(std::make_unique<Lane>(prepared, plan, options.seed));

  // ---- blocks of paths, joined in their order
  UnitSums sums(layout, plan);
  const auto paths_of = [&](std::size_t unit) {
    return std::min(unit_paths, options.paths - static_cast<std::int64_t>(unit) * unit_paths);
  };
  const auto work = [&](std::size_t unit, unsigned thread) {
    auto unit_sums = std::make_unique<UnitSums>(layout, plan);
    const std::int64_t begin = static_cast<std::int64_t>(unit) * unit_paths,
                       end = begin + paths_of(unit);
    const int block_width = lanes[thread]->block_width;
    for (std::int64_t index = begin; index < end; index += block_width)
      run_block(*lanes[thread], plan, options.first_path + index, index,
                static_cast<int>(std::min<std::int64_t>(block_width, end - index)), *unit_sums,
                *metrics);
    return unit_sums;
  };
  const auto join = [&](std::size_t, std::unique_ptr<UnitSums> unit) {
    sums.fleet.join(unit->fleet);
    sums.value.join(unit->value);
    sums.compute_cost.join(unit->compute_cost);
  };
  const auto progress = [&](std::size_t done) {
    if (options.progress)
      options.progress(std::min(options.paths, static_cast<std::int64_t>(done) * unit_paths),
                       options.paths);
  };
  const BlocksRun run = run_blocks(units, threads, stop, work, join, progress);

  // ---- join what threads counted
  Lane& first = *lanes.front();
  fleet::Residuals residuals = first.ledger.residuals();
  for (std::size_t thread = 1; thread < lanes.size(); ++thread) {
    first.bands.join(lanes[thread]->bands);
    first.openings.merge(lanes[thread]->openings);
    residuals.merge(lanes[thread]->ledger.residuals());
  }

  // ---- put the result together
  Assembly parts{prepared,    plan,
                 *metrics,    sums.fleet,
                 sums.value,  sums.compute_cost.result(),
                 first.bands, first.openings,
                 residuals,   planned_at_quarter_ends(prepared)};
  parts.seed = options.seed;
  parts.paths = std::min(options.paths, static_cast<std::int64_t>(run.blocks_done) * unit_paths);
  parts.paths_asked = options.paths;
  return {assemble(parts), metrics};
}

}  // namespace warmshell::study
