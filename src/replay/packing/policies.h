#pragma once
// What the policies think of a node for a request: which nodes have room, a whole-number score
// (highest wins), and which GPUs of the chosen node are taken.
//
// Symbols: c the node's CPU left, T the sum of its GPU milli left, both before placing; cpu and D
// the request's CPU and GPU demand; C and G the CPU and GPU milli of the cluster's largest node.
// Scores are floors of doubles; '/' between integers truncates. The truncation makes most scores
// ties, so it is part of a policy, and so is the order of floating-point operations.
// Source: the packing experiment of Weng et al., "Beware of Fragmentation: Scheduling GPU-Sharing
// Workloads with Fragmentation Gradient Descent", USENIX ATC 2023, as measured in its public table.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "replay/placement.h"

namespace warmshell::replay::packing {

// The cluster's largest node, by which best-fit, dot-product and clustering scale what is left.
struct ScoreScale {
  double cpu_milli = 1;
  double gpu_milli = 1;
  std::int32_t gpu_milli_whole = 1;
};
[[nodiscard]] ScoreScale scale_of(const ClusterState& cluster);

// Whether the node could take the request now. GPUs with room are those with at least the milli
// left.
[[nodiscard]] inline bool has_room(const NodeState& node, const Request& request) {
  if (node.cpu_left < request.cpu_milli || node.memory_left < request.memory_mib) return false;
  if (request.gpus == 1 ? node.gpu_left_max < request.gpu_milli : node.gpus_free < request.gpus)
    return false;
  return (request.gpu_types >> node.gpu_type & 1) != 0 && (request.pools >> node.pool & 1) != 0 &&
         node.open;
}

// floor(100 (1 - (c/C cpu/C + T/G D/G) / 2))
[[nodiscard]] inline int dot_product_score(const NodeState& node, const Request& request,
                                           const ScoreScale& scale) {
  const double cpu = node.cpu_left / scale.cpu_milli * (request.cpu_milli / scale.cpu_milli);
  const double gpu =
      node.gpu_left_sum / scale.gpu_milli * (request.gpu_demand_milli() / scale.gpu_milli);
  return static_cast<int>(std::floor(100 * (1 - (cpu + gpu) / 2)));
}

// floor(100 (1 - ((c - cpu)/C 0.5 + (T - D)/G 0.5)))
[[nodiscard]] inline int best_fit_score(const NodeState& node, const Request& request,
                                        const ScoreScale& scale) {
  const double cpu = (node.cpu_left - request.cpu_milli) / scale.cpu_milli * 0.5;
  const double gpu = (node.gpu_left_sum - request.gpu_demand_milli()) / scale.gpu_milli * 0.5;
  return static_cast<int>(std::floor(100 * (1 - (cpu + gpu))));
}

// Requests without GPU: 0. Else p = 25 (G - T) / G, plus 75 when only this class of GPU requests
// runs on the node, 50 when it runs there among others, 25 when none does, 0 when only others do.
[[nodiscard]] inline int gpu_clustering_score(const NodeState& node, const Request& request,
                                              const ScoreScale& scale) {
  if (request.gpus == 0) return 0;
  const int filled = 25 * (scale.gpu_milli_whole - node.gpu_left_sum) / scale.gpu_milli_whole;
  const std::uint32_t own = std::uint32_t{1} << request_class(request);
  if (node.class_set == own) return filled + 75;
  if ((node.class_set & own) != 0) return filled + 50;
  if (node.class_set == 0) return filled + 25;
  return filled;
}

// Requests without GPU: 0. On a node of n GPUs, all wholly free: max(33 - n, n). Else take the
// fullest GPUs with room; if u > 0 of them are wholly free: max(50 - u, 33); if none is:
// max(100 - (sum of what is left on them, in tenths of a GPU, 10 each), 50).
[[nodiscard]] int gpu_packing_score(const NodeState& node, const Request& request);

// GPU milli of the node that the typical jobs could not use: sum over them of share times
//   T, when the job asks no GPU, is kept out by GPU type, or does not fit by CPU or GPUs;
//   else the milli left on GPUs that have too little for it.
// The six sums of the published experiment are kept apart and added last, in its order: equal
// states must differ by exactly 0, and last digits decide truncated scores.
[[nodiscard]] double fragmentation(const NodeState& node, std::span<const TypicalJob> typical_jobs);

// floor(100 sigmoid(F(before) - F(after))), F in whole GPUs.
[[nodiscard]] int fgd_score(double fragmentation_before, double fragmentation_after);

// The node as it would be with the request on these GPUs, as far as fragmentation looks.
[[nodiscard]] NodeState with_request(const NodeState& node, const Request& request, GpuSet gpus);

// The first `request.gpus` GPUs with room.
[[nodiscard]] GpuSet first_gpus_with_room(const NodeState& node, const Request& request);
// For a share: the GPU with the least sufficient left, the first of equals. Else as above.
[[nodiscard]] GpuSet tightest_gpus(const NodeState& node, const Request& request);
// For a share: one of the GPUs with room, evenly. Else as above.
[[nodiscard]] GpuSet random_gpus(const NodeState& node, const Request& request, GoRandom& random);

}  // namespace warmshell::replay::packing
