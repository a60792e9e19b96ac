#include "replay/engine/sketch.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace warmshell::replay {

void change_node(NodeState& node, const Request& request, GpuSet gpus, int sign) {
  node.cpu_left -= sign * request.cpu_milli;
  node.memory_left -= sign * request.memory_mib;
  for (GpuSet rest = gpus; rest != 0; rest &= rest - 1) {
    std::int16_t& left = node.gpu_left[static_cast<std::size_t>(std::countr_zero(rest))];
    if (left == whole_gpu_milli) --node.gpus_free;
    left = static_cast<std::int16_t>(left - sign * request.gpu_milli);
    if (left == whole_gpu_milli) ++node.gpus_free;
  }
  node.gpu_left_sum -= sign * request.gpu_demand_milli();
}

Microwatts Sketch::wake_cost(NodeId node) const {
  if (!asleep[node]) return 0;
  return awake_draw(input->machine, node) - asleep_draw(input->machine, node);
}

void Sketch::add(const Shape& shape, const std::vector<Placement>& places) {
  for (const Placement& place : places) {
    NodeState& node = nodes[place.node];
    change_node(node, shape.example->worker, place.gpus, +1);
    power.add_admitted(node.pool, shape.draw_on_type[node.gpu_type], +1);
    if (asleep[place.node]) power.add_floor(node.pool, wake_cost(place.node));
    asleep[place.node] = 0;
  }
}

void Sketch::remove(const Shape& shape, const std::vector<Placement>& places) {
  for (const Placement& place : places) {
    NodeState& node = nodes[place.node];
    change_node(node, shape.example->worker, place.gpus, -1);
    power.add_admitted(node.pool, shape.draw_on_type[node.gpu_type], -1);
  }
}

bool gang_fits(const ReplayInput& input, std::span<const NodeState> nodes,
               std::span<const char> asleep, const PowerLedger& power, const Shape& shape,
               bool at_once, PowerLedger& spare, std::vector<Placement>* chosen) {
  const Request& worker = shape.example->worker;
  std::int32_t missing = shape.example->workers;
  bool powerless = true;  // no domain can refuse: only room counts
  for (int d = -1; d < static_cast<int>(power.rows.size()); ++d) {
    const PowerLedger::Domain& domain = power.domain(d);
    if ((at_once && domain.shut) ||
        (input.power.admission != Admission::open && domain.cap != no_cap))
      powerless = false;
  }
  if (powerless && chosen == nullptr) {
    for (const NodeState& node : nodes) {
      const std::int64_t room = worker_capacity(node, worker);
      if (room >= missing) return true;
      missing -= static_cast<std::int32_t>(room);
    }
    return false;
  }

  // A node that refused once refuses ever after: one sweep is enough.
  spare = power;
  PoolSet refused = 0;  // rows that take no worker even on a node that is awake
  bool any_row = false;
  for (std::size_t row = 0; row < power.rows.size(); ++row) {
    if (power.admits(input.power, static_cast<int>(row), shape.draw_in_row[row], 0, at_once))
      any_row = true;
    else
      refused |= PoolSet{1} << row;
  }
  if (!any_row) return false;
  for (NodeId n = 0; n < nodes.size(); ++n) {
    const NodeState& node = nodes[n];
    if (refused >> node.pool & 1) continue;
    std::int64_t room = worker_capacity(node, worker);
    if (room <= 0) continue;
    Microwatts wake = asleep[n] ? awake_draw(input.machine, n) - asleep_draw(input.machine, n) : 0;
    std::optional<NodeState> filled;
    if (chosen != nullptr) filled = node;
    const WorkerDraw& worst = shape.draw_in_row[node.pool];
    const WorkerDraw& draw = shape.draw_on_type[node.gpu_type];
    for (; room > 0 && spare.admits(input.power, node.pool, worst, wake, at_once); --room) {
      if (chosen != nullptr) {
        chosen->push_back({n, lowest_gpus(*filled, worker)});
        change_node(*filled, worker, chosen->back().gpus, +1);
      }
      if (--missing == 0) return true;
      spare.add_admitted(node.pool, draw, +1);
      if (at_once) spare.add_actual(node.pool, draw.mean);
      spare.add_floor(node.pool, wake);
      wake = 0;
    }
    if (room > 0 && wake == 0) refused |= PoolSet{1} << node.pool;
  }
  return false;
}

}  // namespace warmshell::replay
