// The specification of placement: every open node is scored for every request. Written to be read;
// it looks at nodes only through what is left of each part, and keeps nothing between requests.

#include <algorithm>
#include <numeric>

#include "replay/packing/policies.h"

namespace warmshell::replay {

namespace {

using namespace packing;

// PlacementIndex reads a node's summaries instead; the two must agree.
bool has_room_by_count(const NodeState& node, const Request& request) {
  if (!node.open) return false;
  if (node.cpu_left < request.cpu_milli || node.memory_left < request.memory_mib) return false;
  if ((request.gpu_types >> node.gpu_type & 1) == 0) return false;
  if ((request.pools >> node.pool & 1) == 0) return false;
  if (request.gpus == 0) return true;
  int gpus_with_room = 0;
  for (int g = 0; g < node.gpu_count; ++g)
    if (node.gpu_left[static_cast<std::size_t>(g)] >= request.gpu_milli) ++gpus_with_room;
  return gpus_with_room >= request.gpus;
}

struct Offer {
  int score = 0;
  GpuSet gpus = 0;
};

// Fragmentation gradient descent: a share tries every GPU with room, and takes the first of those
// with the best score.
Offer fgd_offer(const NodeState& node, const Request& request,
                const std::vector<TypicalJob>& typical_jobs) {
  const double before = fragmentation(node, typical_jobs);
  const auto score_on = [&](GpuSet gpus) {
    return fgd_score(before, fragmentation(with_request(node, request, gpus), typical_jobs));
  };
  if (!request.is_share()) {
    const GpuSet gpus = first_gpus_with_room(node, request);
    return {score_on(gpus), gpus};
  }
  Offer best{-1, 0};
  for (int g = 0; g < node.gpu_count; ++g) {
    if (node.gpu_left[static_cast<std::size_t>(g)] < request.gpu_milli) continue;
    const GpuSet gpus = GpuSet{1} << g;
    const int score = score_on(gpus);
    if (score > best.score) best = {score, gpus};
  }
  return best;
}

}  // namespace

PlainScan::PlainScan(const ClusterState& cluster, PlacementRules rules)
    : cluster_(cluster), rules_(std::move(rules)), random_(rules_.random_seed) {
  if (rules_.tie_ranks.empty()) {
    rules_.tie_ranks.resize(cluster.nodes().size());
    std::iota(rules_.tie_ranks.begin(), rules_.tie_ranks.end(), 0u);
  }
}

std::optional<Placement> PlainScan::choose(const Request& request) {
  const std::vector<NodeState>& nodes = cluster_.nodes();
  const ScoreScale scale = scale_of(cluster_);

  if (rules_.policy == Policy::random) {
    std::vector<NodeId> with_room;
    for (NodeId id = 0; id < nodes.size(); ++id)
      if (has_room_by_count(nodes[id], request)) with_room.push_back(id);
    if (with_room.empty()) return std::nullopt;
    const NodeId id = with_room[random_.below(static_cast<std::uint32_t>(with_room.size()))];
    return Placement{id, random_gpus(nodes[id], request, random_)};
  }

  const auto offer_of = [&](const NodeState& node) -> Offer {
    switch (rules_.policy) {
      case Policy::random:
      case Policy::first_fit:
        return {0, 0};
      case Policy::best_fit:
        return {best_fit_score(node, request, scale), 0};
      case Policy::dot_product:
        return {dot_product_score(node, request, scale), 0};
      case Policy::gpu_packing:
        return {gpu_packing_score(node, request), 0};
      case Policy::gpu_clustering:
        return {gpu_clustering_score(node, request, scale), 0};
      case Policy::fgd:
        return fgd_offer(node, request, rules_.typical_jobs);
    }
    return {0, 0};
  };

  std::optional<NodeId> best;
  Offer best_offer;
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (!has_room_by_count(nodes[id], request)) continue;
    const Offer offer = offer_of(nodes[id]);
    if (best &&
        (offer.score < best_offer.score ||
         (offer.score == best_offer.score && rules_.tie_ranks[id] > rules_.tie_ranks[*best])))
      continue;
    best = id;
    best_offer = offer;
  }
  if (!best) return std::nullopt;

  const NodeState& node = nodes[*best];
  switch (rules_.policy) {
    case Policy::fgd:
      return Placement{*best, best_offer.gpus};
    case Policy::first_fit:
      return Placement{*best, first_gpus_with_room(node, request)};
    default:
      return Placement{*best, tightest_gpus(node, request)};
  }
}

}  // namespace warmshell::replay
