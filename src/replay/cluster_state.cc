#include "replay/cluster_state.h"

#include <algorithm>
#include <cassert>

namespace warmshell::replay {

namespace {

void summarise_gpus(NodeState& node) {
  node.gpu_left_sum = 0;
  node.gpu_left_max = 0;
  node.gpus_free = 0;
  for (int g = 0; g < node.gpu_count; ++g) {
    const std::int16_t left = node.gpu_left[static_cast<std::size_t>(g)];
    node.gpu_left_sum += left;
    node.gpu_left_max = std::max(node.gpu_left_max, left);
    if (left == whole_gpu_milli) ++node.gpus_free;
  }
}

}  // namespace

ClusterState::ClusterState(const std::vector<NodeCapacity>& nodes)
    : nodes_(nodes.size()),
      capacities_(nodes),
      class_counts_(nodes.size()),
      last_change_(nodes.size(), 0),
      log_(std::bit_ceil(std::max<std::size_t>(nodes.size(), 64)), 0) {
  for (std::size_t id = 0; id < nodes.size(); ++id) {
    const NodeCapacity& capacity = nodes[id];
    assert(capacity.gpus >= 0 && capacity.gpus <= max_gpus_per_node);
    assert(capacity.gpu_type >= 0 && capacity.gpu_type < max_gpu_types);
    assert(capacity.pool >= 0 && capacity.pool < max_pools);
    NodeState& node = nodes_[id];
    node.cpu_left = capacity.cpu_milli;
    node.memory_left = capacity.memory_mib;
    node.gpu_count = static_cast<std::uint8_t>(capacity.gpus);
    node.gpu_type = static_cast<std::uint8_t>(capacity.gpu_type);
    node.pool = static_cast<std::uint8_t>(capacity.pool);
    std::fill_n(node.gpu_left.begin(), capacity.gpus, static_cast<std::int16_t>(whole_gpu_milli));
    summarise_gpus(node);
    gpu_capacity_milli_ += node.gpu_left_sum;
    largest_node_cpu_milli_ = std::max(largest_node_cpu_milli_, capacity.cpu_milli);
    largest_node_gpu_milli_ = std::max(largest_node_gpu_milli_, node.gpu_left_sum);
  }
}

void ClusterState::place(const Request& request, Placement placement) {
  change(request, placement, +1);
}

void ClusterState::release(const Request& request, Placement placement) {
  change(request, placement, -1);
}

void ClusterState::change(const Request& request, Placement placement, int sign) {
  assert(placement.node < nodes_.size());
  assert(std::popcount(placement.gpus) == request.gpus);
  NodeState& node = nodes_[placement.node];
  const NodeCapacity& capacity = capacities_[placement.node];

  node.cpu_left -= sign * request.cpu_milli;
  node.memory_left -= sign * request.memory_mib;
  assert(node.cpu_left >= 0 && node.cpu_left <= capacity.cpu_milli);
  assert(node.memory_left >= 0 && node.memory_left <= capacity.memory_mib);

  if (request.gpus > 0) {
    for (GpuSet rest = placement.gpus; rest != 0; rest &= rest - 1) {
      const int gpu = std::countr_zero(rest);
      assert(gpu < node.gpu_count);
      std::int16_t& left = node.gpu_left[static_cast<std::size_t>(gpu)];
      left = static_cast<std::int16_t>(left - sign * request.gpu_milli);
      assert(left >= 0 && left <= whole_gpu_milli);
    }
    summarise_gpus(node);
    gpu_used_milli_ += sign * request.gpu_demand_milli();

    const int request_kind = request_class(request);
    std::uint16_t& count = class_counts_[placement.node][static_cast<std::size_t>(request_kind)];
    count = static_cast<std::uint16_t>(count + sign);
    const std::uint32_t bit = std::uint32_t{1} << request_kind;
    node.class_set = count > 0 ? node.class_set | bit : node.class_set & ~bit;
  }
  record_change(placement.node);
}

void ClusterState::set_open(NodeId id, bool open) {
  if (nodes_[id].open == open) return;
  nodes_[id].open = open;
  record_change(id);
}

void ClusterState::record_change(NodeId id) {
  ++changes_;
  log_[changes_ & (log_.size() - 1)] = id;
  last_change_[id] = changes_;
}

}  // namespace warmshell::replay
