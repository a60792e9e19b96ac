#pragma once
// From sums to the result of simulate: names, means, quantiles, costs, what binds.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "fleet/ledger.h"
#include "study/compute_cost.h"
#include "study/gates.h"
#include "study/result.h"
#include "study/simulate.h"
#include "study/tally.h"
#include "value/binds.h"

namespace warmshell::study {

struct Assembly {
  const Prepared& prepared;
  const value::ValuationPlan& plan;
  const value::PathMetrics& metrics;
  const FleetTally& fleet;
  const value::ValueTotals& value;
  std::optional<ComputeCost> compute_cost;
  const Bands& bands;
  const Openings& openings;
  const fleet::Residuals& residuals;
  std::vector<double> planned_at_quarter_ends;
  std::uint64_t seed = 0;
  std::int64_t paths = 0, paths_asked = 0;
};

// The last day of each quarter's last month within the horizon, months since start.
[[nodiscard]] std::vector<double> quarter_ends_of(const model::Layout& layout);

[[nodiscard]] SimulateResult assemble(const Assembly& parts);

}  // namespace warmshell::study
