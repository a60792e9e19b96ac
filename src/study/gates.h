#pragma once
// When every gate opens, and what is ready for service at a date: a study without money or
// accelerators.

#include <optional>
#include <string>
#include <vector>

#include "model/layout.h"
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

// When gates open, over paths, and what with them: facility MW of a source, IT MW of a hall. The
// row of a tranche says when its megawatts come, which is not before the tranche it follows,
// whatever date its own gate has. One object per thread, merged in any order.
class Openings {
 public:
  explicit Openings(const model::Layout& layout);
  // gate_rows[gate]: [path], months since start; the first `count` are counted
  void add(const std::vector<const double*>& gate_rows, int count);
  void merge(const Openings& other);
  [[nodiscard]] std::vector<GateRow> rows() const;  // sorted by path of the gate

 private:
  const model::Layout& layout_;
  world::GateStatistics gates_, tranches_;  // tranches: of all sources after each other
  std::vector<double> dates_;               // scratch
};

}  // namespace warmshell::study
