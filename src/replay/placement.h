#pragma once
// Which node and GPUs a request goes to. Two classes answer alike, decision for decision:
// PlainScan scores every node for every request and is the specification; PlacementIndex keeps what
// it learned between requests.
//
// A policy gives every feasible node an integer score; the highest wins, ties go to the smallest
// tie rank. Neither class changes the cluster: the caller places (or not), releases, opens and
// closes, and both see it at their next choose().
// The cluster must outlive them. Thread rule: one thread per object, and none changes the cluster
// meanwhile.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "replay/cluster_state.h"
#include "replay/packing/go_random.h"

namespace warmshell::replay {

enum class Policy { random, first_fit, best_fit, dot_product, gpu_packing, gpu_clustering, fgd };

inline constexpr Policy all_policies[] = {
    Policy::random,      Policy::first_fit,      Policy::best_fit, Policy::dot_product,
    Policy::gpu_packing, Policy::gpu_clustering, Policy::fgd};

[[nodiscard]] std::string_view policy_name(Policy policy);  // "gpu-packing"
[[nodiscard]] std::optional<Policy> policy_called(std::string_view name);
[[nodiscard]] std::vector<std::string> policy_names();

// A kind of job that is common in the workload, for fragmentation: a GPU that none of them can use
// is wasted in proportion to their share.
struct TypicalJob {
  Request request;   // memory and pools are not considered
  double share = 0;  // of all typical jobs; shares sum to 1
};

inline constexpr std::size_t max_typical_jobs = 255;

struct PlacementRules {
  Policy policy = Policy::first_fit;
  std::vector<std::uint32_t> tie_ranks{};  // a permutation by node; empty: the order of nodes
  std::vector<TypicalJob> typical_jobs{};  // fgd only, at most max_typical_jobs
  std::int64_t random_seed = 0;            // random only
};

class PlainScan {
 public:
  PlainScan(const ClusterState& cluster, PlacementRules rules);
  // Nothing: no open node has room.
  [[nodiscard]] std::optional<Placement> choose(const Request& request);

 private:
  const ClusterState& cluster_;
  PlacementRules rules_;
  packing::GoRandom random_;
};

// A request known to an index.
using RequestId = std::uint32_t;

// How much an index may remember, about 4 and 400 bytes each. Beyond it forgets what was longest
// not asked for and works it out again: slower, the same decisions.
struct IndexMemory {
  std::size_t node_scores = std::size_t{1} << 27;  // of all requests together
  std::size_t node_states = std::size_t{1} << 20;  // fgd only
};

class PlacementIndex {
 public:
  PlacementIndex(const ClusterState& cluster, PlacementRules rules, IndexMemory memory = {});
  ~PlacementIndex();
  PlacementIndex(PlacementIndex&&) noexcept;
  PlacementIndex& operator=(PlacementIndex&&) noexcept;

  // The same request has the same id for ever.
  [[nodiscard]] RequestId intern(const Request& request);
  [[nodiscard]] std::optional<Placement> choose(RequestId request);
  [[nodiscard]] std::optional<Placement> choose(const Request& request) {
    return choose(intern(request));
  }
  // Nodes scored when trees were built, and levels of trees touched since: what grows with the
  // cluster. Random counts nothing.
  [[nodiscard]] std::uint64_t steps() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The commonest kinds of jobs until `cover` (0.95) of all jobs is reached, or max_typical_jobs:
// grouped by CPU, GPUs, milli and GPU types, memory and pools aside. `gpu_specs` names the types of
// each job as its trace wrote them, and then tells kinds apart by text; empty: by type set.
[[nodiscard]] std::vector<TypicalJob> typical_jobs(std::span<const Request> jobs,
                                                   std::span<const std::string> gpu_specs,
                                                   double cover);

}  // namespace warmshell::replay
