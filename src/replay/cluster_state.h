#pragma once
// The nodes of a cluster while jobs come and go: what is left of CPU, memory and every GPU.
//
// Units: CPU in milli-cores, memory in MiB, GPUs in milli (a whole GPU is 1000).
// Invariants: nothing left is below 0 or above the node's capacity; the summaries of a NodeState
// agree with its GPUs; every change of a node is written to the change log, from which placement
// indexes catch up.
// Thread rule: one thread changes it; const members may be used by many while none changes it.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace warmshell::replay {

inline constexpr std::size_t max_nodes = std::size_t{1} << 20;
inline constexpr int max_gpus_per_node = 16;
inline constexpr int max_gpu_types = 64;
inline constexpr int max_pools = 64;
inline constexpr std::int32_t whole_gpu_milli = 1000;

using NodeId = std::uint32_t;   // index of the node in the cluster
using TypeSet = std::uint64_t;  // bit t: GPU type t of the cluster
using PoolSet = std::uint64_t;  // bit p: pool p (a row, a partition, a power chain)
using GpuSet = std::uint32_t;   // bit g: GPU g of one node
inline constexpr TypeSet any_gpu_type = ~TypeSet{0};
inline constexpr PoolSet any_pool = ~PoolSet{0};

struct NodeCapacity {
  std::string name{};
  std::int32_t cpu_milli = 0;
  std::int32_t memory_mib = 0;
  std::int32_t gpus = 0;  // at most max_gpus_per_node
  int gpu_type = 0;       // below max_gpu_types
  int pool = 0;           // below max_pools
};

// What one pod (one member of a gang) asks of one node. A share of a GPU is gpus = 1 with less than
// 1000 milli; several GPUs are always whole; no GPU is gpus = 0 with 0 milli.
struct Request {
  std::int32_t cpu_milli = 0;
  std::int32_t memory_mib = 0;
  std::int32_t gpus = 0;
  std::int32_t gpu_milli = 0;  // of each GPU
  TypeSet gpu_types = any_gpu_type;
  PoolSet pools = any_pool;

  [[nodiscard]] std::int32_t gpu_demand_milli() const { return gpus * gpu_milli; }
  [[nodiscard]] bool is_share() const { return gpus == 1 && gpu_milli < whole_gpu_milli; }
  bool operator==(const Request&) const = default;
};

struct Placement {
  NodeId node = 0;
  GpuSet gpus = 0;
  bool operator==(const Placement&) const = default;
};

// The class of a GPU request in the sense of GPU clustering: 0 a share, k exactly k whole GPUs.
[[nodiscard]] inline int request_class(const Request& request) {
  return request.is_share() ? 0 : request.gpus;
}

struct alignas(64) NodeState {
  std::int32_t cpu_left = 0;
  std::int32_t memory_left = 0;
  std::array<std::int16_t, max_gpus_per_node> gpu_left{};  // 0 beyond gpu_count
  // Summaries of gpu_left, kept so that most nodes can be refused at a glance.
  std::int32_t gpu_left_sum = 0;
  std::int16_t gpu_left_max = 0;
  std::uint8_t gpus_free = 0;  // wholly free
  std::uint8_t gpu_count = 0;
  std::uint8_t gpu_type = 0;
  std::uint8_t pool = 0;
  bool open = true;             // a closed node (asleep, down) is offered nothing new
  std::uint32_t class_set = 0;  // bit c: a request of class c runs here
};

class ClusterState {
 public:
  // All nodes empty and open.
  explicit ClusterState(const std::vector<NodeCapacity>& nodes);

  [[nodiscard]] const std::vector<NodeState>& nodes() const { return nodes_; }
  [[nodiscard]] const NodeState& node(NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::int64_t gpu_capacity_milli() const { return gpu_capacity_milli_; }
  [[nodiscard]] std::int64_t gpu_used_milli() const { return gpu_used_milli_; }
  [[nodiscard]] std::int32_t largest_node_cpu_milli() const { return largest_node_cpu_milli_; }
  [[nodiscard]] std::int32_t largest_node_gpu_milli() const { return largest_node_gpu_milli_; }

  // The placement must fit: its node has the CPU and memory, each of its GPUs the milli.
  void place(const Request& request, Placement placement);
  // Takes back an earlier place() with the same arguments.
  void release(const Request& request, Placement placement);
  void set_open(NodeId node, bool open);

  // Number of changes of nodes so far.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

  // Calls visit(NodeId) once for every node changed after the first `seen` changes. The cost is
  // that of the changes since, and never more than a pass over all nodes.
  template <class Visit>
  void visit_changed_since(std::uint64_t seen, Visit visit) const {
    if (changes_ - seen > log_.size()) {
      for (NodeId id = 0; id < nodes_.size(); ++id)
        if (last_change_[id] > seen) visit(id);
      return;
    }
    for (std::uint64_t change = seen + 1; change <= changes_; ++change) {
      const NodeId id = log_[change & (log_.size() - 1)];
      if (last_change_[id] == change) visit(id);  // later changes of a node stand for earlier ones
    }
  }

 private:
  void change(const Request& request, Placement placement, int sign);
  void record_change(NodeId id);

  std::vector<NodeState> nodes_;
  std::vector<NodeCapacity> capacities_;
  std::vector<std::array<std::uint16_t, max_gpus_per_node + 1>> class_counts_;  // node, class
  std::int64_t gpu_capacity_milli_ = 0;
  std::int64_t gpu_used_milli_ = 0;
  std::int32_t largest_node_cpu_milli_ = 0;
  std::int32_t largest_node_gpu_milli_ = 0;

  // Changes count from 1; the log is a ring whose size is a power of two.
  std::uint64_t changes_ = 0;
  std::vector<std::uint64_t> last_change_;  // per node, 0 = never
  std::vector<NodeId> log_;
};

}  // namespace warmshell::replay
