#include "replay/packing/policies.h"

#include <array>
#include <bit>
#include <cmath>

#include "base/math.h"

namespace warmshell::replay::packing {

namespace {

std::int16_t left_on(const NodeState& node, int gpu) {
  return node.gpu_left[static_cast<std::size_t>(gpu)];
}

}  // namespace

ScoreScale scale_of(const ClusterState& cluster) {
  ScoreScale scale;
  scale.gpu_milli_whole = std::max(1, cluster.largest_node_gpu_milli());
  scale.gpu_milli = scale.gpu_milli_whole;
  scale.cpu_milli = std::max(1, cluster.largest_node_cpu_milli());
  return scale;
}

int gpu_packing_score(const NodeState& node, const Request& request) {
  if (request.gpus == 0) return 0;
  if (node.gpus_free == node.gpu_count) return std::max(33 - node.gpu_count, +node.gpu_count);

  // A whole GPU fits only where one is wholly free; a share takes the fullest GPU with room.
  std::int32_t left_on_taken = 0;
  int free_taken = 0;
  if (request.is_share()) {
    left_on_taken = whole_gpu_milli;
    for (int g = 0; g < node.gpu_count; ++g)
      if (left_on(node, g) >= request.gpu_milli)
        left_on_taken = std::min<std::int32_t>(left_on_taken, left_on(node, g));
    if (left_on_taken == whole_gpu_milli) free_taken = 1;
  } else {
    free_taken = request.gpus;
  }
  if (free_taken > 0) return std::max(50 - free_taken, 33);
  return std::max(100 - left_on_taken * 100 / whole_gpu_milli / 10, 50);
}

double fragmentation(const NodeState& node, std::span<const TypicalJob> typical_jobs) {
  double lacks_both = 0;
  double lacks_gpu = 0;  // and, of nodes that fit, what is left on GPUs with too little
  double lacks_cpu = 0;
  double cpu_job_fits = 0;
  double cpu_job_lacks = 0;
  double no_access = 0;

  std::int32_t total_left = 0;
  for (int g = 0; g < node.gpu_count; ++g) total_left += left_on(node, g);

  for (const TypicalJob& job : typical_jobs) {
    const Request& request = job.request;
    const bool cpu_fits = node.cpu_left >= request.cpu_milli;
    if (request.gpus == 0) {
      (cpu_fits ? cpu_job_fits : cpu_job_lacks) += job.share * total_left;
      continue;
    }
    if ((request.gpu_types >> node.gpu_type & 1) == 0) {
      no_access += job.share * total_left;
      continue;
    }
    int gpus_with_room = 0;
    std::int32_t left_on_others = 0;
    for (int g = 0; g < node.gpu_count; ++g) {
      if (left_on(node, g) >= request.gpu_milli)
        ++gpus_with_room;
      else
        left_on_others += left_on(node, g);
    }
    const bool gpus_fit = gpus_with_room >= request.gpus;
    if (gpus_fit && cpu_fits)
      lacks_gpu += job.share * left_on_others;
    else if (gpus_fit)
      lacks_cpu += job.share * total_left;
    else if (cpu_fits)
      lacks_gpu += job.share * total_left;
    else
      lacks_both += job.share * total_left;
  }
  return lacks_both + lacks_gpu + lacks_cpu + cpu_job_fits + cpu_job_lacks + no_access;
}

int fgd_score(double fragmentation_before, double fragmentation_after) {
  const double gain = (fragmentation_before - fragmentation_after) / whole_gpu_milli;
  return static_cast<int>(std::floor(100 / (1 + math::exp(-gain))));
}

NodeState with_request(const NodeState& node, const Request& request, GpuSet gpus) {
  NodeState after = node;
  after.cpu_left -= request.cpu_milli;
  for (GpuSet rest = gpus; rest != 0; rest &= rest - 1) {
    std::int16_t& left = after.gpu_left[static_cast<std::size_t>(std::countr_zero(rest))];
    left = static_cast<std::int16_t>(left - request.gpu_milli);
  }
  return after;
}

GpuSet first_gpus_with_room(const NodeState& node, const Request& request) {
  GpuSet gpus = 0;
  int taken = 0;
  for (int g = 0; g < node.gpu_count && taken < request.gpus; ++g)
    if (left_on(node, g) >= request.gpu_milli) {
      gpus |= GpuSet{1} << g;
      ++taken;
    }
  return gpus;
}

GpuSet tightest_gpus(const NodeState& node, const Request& request) {
  if (!request.is_share()) return first_gpus_with_room(node, request);
  int tightest = -1;
  for (int g = 0; g < node.gpu_count; ++g)
    if (left_on(node, g) >= request.gpu_milli &&
        (tightest < 0 || left_on(node, g) < left_on(node, tightest)))
      tightest = g;
  return GpuSet{1} << tightest;
}

GpuSet random_gpus(const NodeState& node, const Request& request, GoRandom& random) {
  if (!request.is_share()) return first_gpus_with_room(node, request);
  std::array<int, max_gpus_per_node> with_room{};
  std::uint32_t count = 0;
  for (int g = 0; g < node.gpu_count; ++g)
    if (left_on(node, g) >= request.gpu_milli) with_room[count++] = g;
  return GpuSet{1} << with_room[random.below(count)];
}

}  // namespace warmshell::replay::packing
