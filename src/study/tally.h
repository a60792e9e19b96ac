#pragma once
// What a run keeps of the fleet: sums over paths, by month. One Tally per unit of paths; units are
// joined in order, so the same bytes come out on any number of threads. Fans and gate statistics
// count, so they belong to a thread and are joined in any order.

#include <array>
#include <vector>

#include "base/aligned.h"
#include "base/statistics.h"
#include "fleet/columns.h"
#include "model/layout.h"
#include "study/tally_kernel.h"
#include "value/fan.h"

namespace warmshell::study {

// Megawatts that reach racks or tenants.
inline constexpr std::array live_megawatts{fleet::Megawatt::used, fleet::Megawatt::installing,
                                           fleet::Megawatt::waiting_customers,
                                           fleet::Megawatt::tenants};

// Sums over paths of one group of lots (a site) in one month.
struct StateSums {
  double ordered = 0, gone = 0;
  std::array<double, fleet::state_count> state{};
  std::array<double, fleet::alone_count> alone{};
  std::array<double, fleet::dark_count> sellable{};
  std::array<double, fleet::megawatt_count> megawatts{};
};

struct FleetTally {
  std::vector<StateSums> by_site;                                  // [month][site]
  std::vector<std::array<Moments, fleet::state_count>> portfolio;  // [month]: totals per path

  FleetTally(int months, int sites);
  void join(const FleetTally& next);
};

// Bands over paths: by month, and of the facility MW ready for service at each quarter's end.
struct Bands {
  value::Fan live_facility_mw, live_accelerators, cumulative_cash;
  value::Fan ready_facility_mw;  // [quarter]
  Bands(int months, int quarters)
      : live_facility_mw(months),
        live_accelerators(months),
        cumulative_cash(months),
        ready_facility_mw(quarters, value::Fan::fine) {}
  void join(const Bands& next);
};

// Scratch rows of one thread. Sums of what the funnel has not marked as moved are those of the
// month before, so that months must come in order, from 0 for every block of paths.
class FleetTaller {
 public:
  // width: a multiple of 8
  FleetTaller(const model::Layout& layout, int width,
              fleet::VectorLevel level = fleet::best_level());
  // Adds the first `count` paths of one month.
  void add(int month, const fleet::Columns& columns, int count, FleetTally& tally, Bands& bands);
  // Accelerators of a state over the portfolio, by path, in the month that was added last.
  [[nodiscard]] const double* total(fleet::State state) const {
    return &total_[static_cast<std::size_t>(state) * static_cast<std::size_t>(width_)];
  }

 private:
  void mark(const fleet::Columns& columns);

  int width_, sites_;
  const TallyKernels& kernels_;
  std::vector<int> first_lot_, lots_;                    // lots by site
  std::vector<int> first_site_, site_;                   // each site alone
  std::vector<unsigned char> lots_moved_, sites_moved_;  // [site] on some path, fleet/moved.h
  unsigned char any_lot_ = 0, any_site_ = 0;             // of any site
  AlignedDoubles lanes_;                                 // [column][site] of eight
  std::vector<double> sums_;                             // [site]
  AlignedDoubles total_;                                 // [state][path]
  std::array<Moments, fleet::state_count> moments_{};    // of total_
  AlignedDoubles live_mw_, live_accelerators_;
};

}  // namespace warmshell::study
