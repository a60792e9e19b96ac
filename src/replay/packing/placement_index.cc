// The same decisions as PlainScan without the scan. Per known request a tree holds the key of every
// node, score first, then tie rank; the changes since the request was last asked for are read from
// the cluster's log, and only those nodes are scored again. The best node is the root of the tree.

#include <algorithm>
#include <cassert>
#include <numeric>
#include <unordered_map>

#include "replay/packing/count_tree.h"
#include "replay/packing/fragmentation_memo.h"
#include "replay/packing/max_tree.h"
#include "replay/packing/policies.h"

namespace warmshell::replay {

using namespace packing;

namespace {

// A node's key: score + 1 above, the tie rank counted down below; 0 where there is no room.
constexpr int rank_bits = 20;
constexpr MaxTree::Key rank_mask = (MaxTree::Key{1} << rank_bits) - 1;
static_assert(max_nodes <= std::size_t{rank_mask} + 1);

MaxTree::Key key_of(int score, std::uint32_t rank) {
  return static_cast<MaxTree::Key>(score + 1) << rank_bits | (rank_mask - rank);
}
std::uint32_t rank_of(MaxTree::Key key) {
  return rank_mask - (key & rank_mask);
}

struct RequestHash {
  std::size_t operator()(const Request& r) const {
    std::uint64_t hash = 0;
    for (const std::uint64_t part :
         {std::uint64_t(r.cpu_milli) << 32 | std::uint32_t(r.memory_mib),
          std::uint64_t(r.gpus) << 32 | std::uint32_t(r.gpu_milli), r.gpu_types, r.pools}) {
      hash = (hash ^ part) * 0x9e37'79b9'7f4a'7c15u;
      hash ^= hash >> 32;
    }
    return hash;
  }
};

struct KnownRequest {
  Request request;
  RequestId id = 0;
  FragmentationMemo::Ask ask = 0;
  std::uint64_t asked = 0;  // the choice it was last asked for in
  std::uint64_t seen = 0;   // changes of the cluster that the tree knows of
  MaxTree scores;           // every policy but random
  CountTree with_room;      // random
};

}  // namespace

struct PlacementIndex::State {
  State(const ClusterState& cluster_state, PlacementRules placement_rules, IndexMemory limits)
      : cluster(cluster_state),
        rules(std::move(placement_rules)),
        memory(limits),
        scale(scale_of(cluster)),
        memo(rules.typical_jobs),
        random(rules.random_seed) {
    const std::size_t nodes = cluster.nodes().size();
    assert(nodes <= max_nodes);
    if (rules.tie_ranks.empty()) {
      rules.tie_ranks.resize(nodes);
      std::iota(rules.tie_ranks.begin(), rules.tie_ranks.end(), 0u);
    }
    node_of_rank.resize(nodes);
    for (NodeId id = 0; id < nodes; ++id) node_of_rank[rules.tie_ranks[id]] = id;
    if (rules.policy == Policy::fgd) view_all();
  }

  // Makes room for one more tree: those of the half of requests longest not asked for go.
  void make_room() {
    const std::size_t nodes = cluster.nodes().size();
    if ((built.size() + 1) * nodes > memory.node_scores && !built.empty()) {
      const auto middle = built.begin() + static_cast<std::ptrdiff_t>((built.size() + 1) / 2);
      std::nth_element(built.begin(), middle - 1, built.end(), [&](RequestId a, RequestId b) {
        return requests[a].asked < requests[b].asked;
      });
      for (auto id = built.begin(); id != middle; ++id) {
        requests[*id].scores.forget();
        requests[*id].with_room.forget();
      }
      built.erase(built.begin(), middle);
    }
  }

  // Brings the request's tree up to date; score(id, node) is asked of nodes with room only.
  template <class Score>
  void refresh(KnownRequest& known, Score score) {
    const std::vector<NodeState>& nodes = cluster.nodes();
    const auto key = [&](NodeId id, std::uint32_t rank) -> MaxTree::Key {
      if (!has_room(nodes[id], known.request)) return 0;
      return key_of(score(id, nodes[id]), rank);
    };
    // Leaves stand by tie rank: equal nodes are filled in that order, so that changes of one time
    // lie close together.
    if (!known.scores.built()) {
      make_room();
      built.push_back(known.id);
      steps += nodes.size();
      known.scores.build(nodes.size(), [&](std::size_t rank) {
        return key(node_of_rank[rank], static_cast<std::uint32_t>(rank));
      });
    } else {
      changed.clear();
      cluster.visit_changed_since(known.seen, [&](NodeId id) { changed.push_back(id); });
      // On large clusters nearly every node and leaf met is out of the cache: load some steps
      // ahead.
      constexpr std::size_t ahead = 8;
      for (std::size_t i = 0; i < changed.size(); ++i) {
        if (i + ahead < changed.size()) {
          known.scores.prefetch(rules.tie_ranks[changed[i + ahead]]);
          __builtin_prefetch(&nodes[changed[i + ahead]]);
        }
        const std::uint32_t rank = rules.tie_ranks[changed[i]];
        steps += static_cast<std::uint64_t>(known.scores.update(rank, key(changed[i], rank)));
      }
    }
    known.seen = cluster.changes();
  }

  void refresh_room(KnownRequest& known) {
    const std::vector<NodeState>& nodes = cluster.nodes();
    const auto member = [&](std::size_t id) { return has_room(nodes[id], known.request); };
    if (!known.with_room.built()) {
      make_room();
      built.push_back(known.id);
      known.with_room.build(nodes.size(), member);
    } else {
      cluster.visit_changed_since(known.seen,
                                  [&](NodeId id) { known.with_room.update(id, member(id)); });
    }
    known.seen = cluster.changes();
  }

  void view_all() {
    views.clear();
    for (const NodeState& node : cluster.nodes()) views.push_back(memo.view(node));
    views_seen = cluster.changes();
  }

  void refresh_views() {
    if (memo.states() > memory.node_states) {
      memo.forget();
      view_all();
      return;
    }
    cluster.visit_changed_since(views_seen,
                                [&](NodeId id) { views[id] = memo.view(cluster.node(id)); });
    views_seen = cluster.changes();
  }

  const ClusterState& cluster;
  PlacementRules rules;
  IndexMemory memory;
  ScoreScale scale;
  std::vector<NodeId> node_of_rank;
  std::vector<KnownRequest> requests;
  std::vector<RequestId> built;  // requests whose tree is kept
  std::uint64_t choices = 0;
  std::uint64_t steps = 0;
  std::vector<NodeId> changed;                              // reused by refresh()
  std::unordered_map<Request, RequestId, RequestHash> ids;  // looked up, never walked

  FragmentationMemo memo;
  std::vector<FragmentationMemo::View> views;  // of every node, fgd only
  std::uint64_t views_seen = 0;
  GoRandom random;
};

PlacementIndex::PlacementIndex(const ClusterState& cluster, PlacementRules rules,
                               IndexMemory memory)
    : state_(std::make_unique<State>(cluster, std::move(rules), memory)) {}
PlacementIndex::~PlacementIndex() = default;
PlacementIndex::PlacementIndex(PlacementIndex&&) noexcept = default;
PlacementIndex& PlacementIndex::operator=(PlacementIndex&&) noexcept = default;

std::uint64_t PlacementIndex::steps() const {
  return state_->steps;
}

RequestId PlacementIndex::intern(const Request& request) {
  const auto [found, fresh] =
      state_->ids.try_emplace(request, static_cast<RequestId>(state_->requests.size()));
  if (fresh) {
    KnownRequest known;
    known.request = request;
    known.id = found->second;
    known.ask = state_->memo.ask_of(request);
    state_->requests.push_back(std::move(known));
  }
  return found->second;
}

std::optional<Placement> PlacementIndex::choose(RequestId id) {
  State& state = *state_;
  KnownRequest& known = state.requests[id];
  const Request& request = known.request;
  const ScoreScale& scale = state.scale;
  known.asked = ++state.choices;

  switch (state.rules.policy) {
    case Policy::random: {
      state.refresh_room(known);
      if (known.with_room.size() == 0) return std::nullopt;
      const auto node = static_cast<NodeId>(
          known.with_room.member_at(state.random.below(known.with_room.size())));
      return Placement{node, random_gpus(state.cluster.node(node), request, state.random)};
    }
    case Policy::first_fit:
      state.refresh(known, [](NodeId, const NodeState&) { return 0; });
      break;
    case Policy::best_fit:
      state.refresh(known, [&](NodeId, const NodeState& node) {
        return best_fit_score(node, request, scale);
      });
      break;
    case Policy::dot_product:
      state.refresh(known, [&](NodeId, const NodeState& node) {
        return dot_product_score(node, request, scale);
      });
      break;
    case Policy::gpu_packing:
      state.refresh(
          known, [&](NodeId, const NodeState& node) { return gpu_packing_score(node, request); });
      break;
    case Policy::gpu_clustering:
      state.refresh(known, [&](NodeId, const NodeState& node) {
        return gpu_clustering_score(node, request, scale);
      });
      break;
    case Policy::fgd:
      state.refresh_views();
      state.refresh(known, [&](NodeId node_id, const NodeState& node) {
        const FragmentationMemo::CpuStep cpu_after =
            state.memo.cpu_step(node.cpu_left - request.cpu_milli);
        return state.memo.score(state.views[node_id], cpu_after, known.ask);
      });
      break;
  }

  const MaxTree::Key best = known.scores.largest();
  if (best == 0) return std::nullopt;
  const NodeId node_id = state.node_of_rank[rank_of(best)];
  const NodeState& node = state.cluster.node(node_id);
  switch (state.rules.policy) {
    case Policy::fgd:
      return Placement{node_id, state.memo.best_gpus(node, request)};
    case Policy::first_fit:
      return Placement{node_id, first_gpus_with_room(node, request)};
    default:
      return Placement{node_id, tightest_gpus(node, request)};
  }
}

}  // namespace warmshell::replay
