#pragma once
// When every gate opens, and what is ready for service at a date: a study without money or
// accelerators.

#include <optional>
#include <string>
#include <vector>

#include "study/simulate.h"
#include "world/gate_statistics.h"

namespace warmshell::study {

struct EnergisedSite {
  std::string site;
  double it_mw = 0, facility_mw = 0;  // means over paths
};

struct GatesResult {
  std::string title, scenario, inputs_sha256, at;  // at: the date asked for
  std::uint64_t seed = 0;
  std::int64_t paths = 0;
  std::vector<GateRow> gates;
  std::vector<EnergisedSite> sites;
  EnergisedSite total;
};

// Facility MW of a site: its open halls' IT MW x peak PUE, as far as its sources are open.
[[nodiscard]] GatesResult gates(const Prepared& prepared, const SimulateOptions& options, Date at);

// What a gate opens: facility MW of a source, IT MW of a hall. Sorted by path of the gate.
[[nodiscard]] std::vector<GateRow> gate_rows_of(const model::Layout& layout,
                                                const world::GateStatistics& statistics);

}  // namespace warmshell::study
