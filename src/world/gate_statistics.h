#pragma once
// When each gate opens, over the paths drawn: odds of never and quantiles, from histograms of a
// tenth of a month. Dates are months since start.
//
// Counts are whole numbers, so the order in which blocks are added or merged changes nothing. Dates
// beyond the histogram (20 years before start to 100 after) count in its end bins. One object per
// thread, merged afterwards; a gate with one date takes no room.

#include <cstdint>
#include <optional>
#include <vector>

#include "model/layout.h"

namespace warmshell::world {

struct DateQuantiles {
  std::optional<double> p10, p50, p90;  // nullopt: never
};

class GateStatistics {
 public:
  explicit GateStatistics(const model::Layout& layout);
  // Of any dates; those that do not vary are counted by their first path.
  explicit GateStatistics(const std::vector<bool>& varies);

  // `months`: of one gate, [path]; only the first `count` are counted.
  void add(int gate, const double* months, int count);
  void merge(const GateStatistics& other);

  [[nodiscard]] std::int64_t paths(int gate) const;
  [[nodiscard]] double never(int gate) const;  // share of paths
  [[nodiscard]] DateQuantiles unconditional(int gate) const;
  [[nodiscard]] DateQuantiles given(int gate) const;  // given that it opens

 private:
  struct Histogram {
    bool varies = true;
    std::vector<std::uint32_t> counts;  // empty until something lies elsewhere than `single`
    std::int64_t never = 0, dated = 0;
    double single = 0;  // the one date, for as long as there is only one
  };
  [[nodiscard]] std::optional<double> date_at_rank(const Histogram& histogram, double rank) const;
  static void spread(Histogram& histogram);

  std::vector<Histogram> gates_;
};

}  // namespace warmshell::world
