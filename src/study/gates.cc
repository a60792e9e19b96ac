#include "study/gates.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/tranches.h"
#include "study/energised.h"
#include "value/lines.h"
#include "world/block.h"
#include "world/gates.h"

namespace warmshell::study {

namespace {

constexpr int block_width = 64;

GateQuantiles in_dates(const model::Layout& layout, const world::DateQuantiles& quantiles) {
  const auto text = [&](const std::optional<double>& month) -> std::optional<std::string> {
    if (!month) return std::nullopt;
    return date_text(Date{layout.start + *month});
  };
  return {text(quantiles.p10), text(quantiles.p50), text(quantiles.p90)};
}

// Of the tranches of all sources: one varies where a gate does that it waits for.
std::vector<bool> varying_tranches(const model::Layout& layout) {
  const std::vector<bool> gates = world::varying_gates(layout);
  std::vector<bool> tranches;
  for (const model::LayoutSource& source : layout.sources) {
    bool varies = false;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      const int own = model::tranche_gate(source, k);
      if (own >= 0 && gates[static_cast<std::size_t>(own)]) varies = true;
      tranches.push_back(varies);
    }
  }
  return tranches;
}

}  // namespace

Openings::Openings(const model::Layout& layout)
    : layout_(layout), gates_(layout), tranches_(varying_tranches(layout)) {}

void Openings::add(const std::vector<const double*>& gate_rows, int count) {
  for (std::size_t gate = 0; gate < gate_rows.size(); ++gate)
    gates_.add(static_cast<int>(gate), gate_rows[gate], count);
  dates_.resize(static_cast<std::size_t>(count));
  int tranche = 0;
  for (const model::LayoutSource& source : layout_.sources)
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k, ++tranche) {
      open_tranche(source, k, gate_rows, dates_);
      if (k > 0) tranches_.add(tranche, dates_.data(), count);  // the first is the source's gate
    }
}

void Openings::merge(const Openings& other) {
  gates_.merge(other.gates_);
  tranches_.merge(other.tranches_);
}

std::vector<GateRow> Openings::rows() const {
  std::vector<GateRow> rows;
  const auto tell = [&](GateRow& row, const world::GateStatistics& statistics, int index) {
    row.unconditional = in_dates(layout_, statistics.unconditional(index));
    row.never = statistics.never(index);
    row.given = in_dates(layout_, statistics.given(index));
  };
  const auto add = [&](std::string id) {
    rows.emplace_back().id = std::move(id);
    return rows.size() - 1;
  };

  // ---- gates
  std::vector<std::size_t> row_of(layout_.gates.size());
  for (std::size_t gate = 0; gate < layout_.gates.size(); ++gate) {
    const bool release = std::find(layout_.release_gates.begin(), layout_.release_gates.end(),
                                   static_cast<int>(gate)) != layout_.release_gates.end();
    if (release) continue;
    row_of[gate] = add(layout_.gates[gate].id);
    tell(rows[row_of[gate]], gates_, static_cast<int>(gate));
  }
  for (const model::LayoutHall& hall : layout_.halls)
    if (hall.warm_gate >= 0) {
      GateRow& opened = rows[row_of[static_cast<std::size_t>(hall.warm_gate)]];
      opened.megawatts = hall.it_mw;
      opened.unit = "MW_it";
    }

  // ---- tranches: in the row of their own gate, or in a row of their own
  int tranche = 0;
  for (const model::LayoutSource& source : layout_.sources) {
    std::size_t gate = 0;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k, ++tranche) {
      const int own = model::tranche_gate(source, k);
      if (own >= 0) gate = static_cast<std::size_t>(own);
      const std::size_t opened =
          own >= 0 ? row_of[gate]
                   : add(fmt::format("{} (tranche {})", layout_.gates[gate].id, k + 1));
      if (k > 0) tell(rows[opened], tranches_, tranche);
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

  Openings openings(layout);
  world::Block world(layout, prepared.read->portfolio, options.seed, block_width);
  EnergisedRows rows;
  for (std::int64_t first = 0; first < options.paths; first += block_width) {
    const int count = static_cast<int>(std::min<std::int64_t>(block_width, options.paths - first));
    world.begin(options.first_path + first, count);
    const std::vector<const double*> gate_rows = value::gate_rows(world, layout);
    openings.add(gate_rows, count);
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
  result.gates = openings.rows();
  return result;
}

}  // namespace warmshell::study
