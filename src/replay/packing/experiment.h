#pragma once
// The published packing experiment, `warmshell replay --protocol packing`: pods arrive one by one
// on an empty cluster and stay; a pod that fits nowhere is dropped for good. No time, queue or
// power. run_packing may be called from many threads at once on one trace.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/diagnostic.h"
#include "replay/packing/curve.h"
#include "replay/packing/workload.h"
#include "replay/placement.h"

namespace warmshell::replay::packing {

struct Options {
  Policy policy = Policy::fgd;
  std::int64_t seed = 42;          // pods, their order, and tie ranks
  double load = 1.3;               // GPU demand to reach, as a share of the cluster's GPUs
  std::int64_t random_stream = 0;  // random only: one of many draws on the same workload
  bool plain_scan = false;         // the specification instead of the index: slow, the same outcome
  std::uint64_t* steps = nullptr;  // receives PlacementIndex::steps(), where one is used
};

struct Outcome {
  std::vector<CurvePoint> gpu_allocation;  // 0 to 100 load percent
  std::int64_t placed = 0;
  std::int64_t dropped = 0;
  std::int64_t gpu_used_milli = 0;
  std::int64_t gpu_capacity_milli = 0;
  std::vector<std::uint32_t> arrivals;               // pod of the trace
  std::vector<std::optional<Placement>> placements;  // of each arrival
};

inline constexpr double typical_cover = 0.95;  // share of jobs that count as typical

[[nodiscard]] Result<Outcome> run_packing(const Trace& trace, const Options& options);

// The part of run_packing that places, alone: no building, no curve. For benchmarks and comparison.
[[nodiscard]] std::vector<std::optional<Placement>> place_all(const Trace& trace,
                                                              const Workload& workload,
                                                              const Options& options);

}  // namespace warmshell::replay::packing
