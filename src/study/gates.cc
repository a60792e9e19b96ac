#include "study/gates.h"

#include <fmt/format.h>

#include <algorithm>

#include "study/energised.h"
#include "value/lines.h"
#include "world/block.h"
#include "world/gate_statistics.h"

namespace warmshell::study {

namespace {

constexpr int block_width = 64;

GateQuantiles in_dates(const model::Layout& layout, const world::DateQuantiles& quantiles,
                       double later) {
  const auto text = [&](const std::optional<double>& month) -> std::optional<std::string> {
    if (!month) return std::nullopt;
    return date_text(Date{layout.start + *month + later});
  };
  return {text(quantiles.p10), text(quantiles.p50), text(quantiles.p90)};
}

}  // namespace

std::vector<GateRow> gate_rows_of(const model::Layout& layout,
                                  const world::GateStatistics& statistics) {
  std::vector<GateRow> rows;
  const auto row = [&](std::string id, int gate, double later) {
    GateRow one{std::move(id),
                in_dates(layout, statistics.unconditional(gate), later),
                statistics.never(gate),
                in_dates(layout, statistics.given(gate), later),
                0,
                ""};
    rows.push_back(std::move(one));
    return rows.size() - 1;
  };
  std::vector<std::size_t> row_of(layout.gates.size());
  for (std::size_t gate = 0; gate < layout.gates.size(); ++gate) {
    const bool release = std::find(layout.release_gates.begin(), layout.release_gates.end(),
                                   static_cast<int>(gate)) != layout.release_gates.end();
    if (!release) row_of[gate] = row(layout.gates[gate].id, static_cast<int>(gate), 0);
  }
  for (const model::LayoutHall& hall : layout.halls)
    if (hall.warm_gate >= 0) {
      GateRow& opened = rows[row_of[static_cast<std::size_t>(hall.warm_gate)]];
      opened.megawatts = hall.it_mw;
      opened.unit = "MW_it";
    }
  // A tranche opens with its own gate, or `every` after the one before it: then it has a row of its
  // own.
  for (const model::LayoutSource& source : layout.sources) {
    int gate = source.gate;
    double later = 0;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
      if (own >= 0) {
        gate = own;
        later = 0;
      } else if (k > 0) {
        later += source.every;
      }
      if (gate < 0) continue;
      const std::size_t opened =
          later > 0 ? row(fmt::format("{} (tranche {})",
                                      layout.gates[static_cast<std::size_t>(gate)].id, k + 1),
                          gate, later)
                    : row_of[static_cast<std::size_t>(gate)];
      rows[opened].megawatts += source.tranche_mw[k];
      rows[opened].unit = "MW_facility";
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const GateRow& a, const GateRow& b) { return a.id < b.id; });
  return rows;
}

GatesResult gates(const Prepared& prepared, const SimulateOptions& options, Date at) {
  const model::Layout& layout = prepared.layout;
  const double month = at.months - layout.start;
  GatesResult result;
  result.title = prepared.read->portfolio.portfolio;
  result.scenario = prepared.read->scenario;
  result.inputs_sha256 = prepared.read->inputs_sha256;
  result.at = date_text(at);
  result.seed = options.seed;
  result.paths = options.paths;
  result.total.site = "total";
  for (const model::LayoutSite& site : layout.sites) result.sites.push_back({site.name, 0, 0});

  world::GateStatistics statistics(layout);
  world::Block world(layout, prepared.read->portfolio, options.seed, block_width);
  EnergisedRows rows;
  for (std::int64_t first = 0; first < options.paths; first += block_width) {
    const int count = static_cast<int>(std::min<std::int64_t>(block_width, options.paths - first));
    world.begin(options.first_path + first, count);
    for (int gate = 0; gate < static_cast<int>(layout.gates.size()); ++gate)
      statistics.add(gate, world.gate_month(gate), count);
    const std::vector<const double*> gate_rows = value::gate_rows(world, layout);
    for (std::size_t site = 0; site < result.sites.size(); ++site) {
      energised_at(layout, static_cast<int>(site), gate_rows, month, count, rows);
      for (std::size_t path = 0; path < static_cast<std::size_t>(count); ++path) {
        result.sites[site].it_mw += rows.it_mw[path];
        result.sites[site].facility_mw += rows.facility_mw[path];
      }
    }
  }
  for (EnergisedSite& site : result.sites) {
    site.it_mw /= static_cast<double>(options.paths);
    site.facility_mw /= static_cast<double>(options.paths);
    result.total.it_mw += site.it_mw;
    result.total.facility_mw += site.facility_mw;
  }
  result.gates = gate_rows_of(layout, statistics);
  return result;
}

}  // namespace warmshell::study
