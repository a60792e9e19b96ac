#pragma once
// A sketch of the machine as it would stand: nodes, power and sleep, changed freely, and the
// question whether a gang fits. The fast engine asks it; the answers are those of the naive
// first-fit. Thread rule: one thread per sketch.

#include <span>
#include <vector>

#include "replay/engine/ledger.h"
#include "replay/engine/rules.h"

namespace warmshell::replay {

// Jobs that ask the same of the machine. Its draws are worked out once.
struct Shape {
  const Job* example = nullptr;
  std::int64_t demand_milli = 0;
  std::vector<WorkerDraw> draw_on_type;  // by GPU type
  std::vector<WorkerDraw> draw_in_row;   // the worst in each row
};

void change_node(NodeState& node, const Request& request, GpuSet gpus, int sign);

// Does the gang fit: every worker on the first node that has room and power? `spare` is scratch.
// `chosen`, if given, gets the places.
[[nodiscard]] bool gang_fits(const ReplayInput& input, std::span<const NodeState> nodes,
                             std::span<const char> asleep, const PowerLedger& power,
                             const Shape& shape, bool at_once, PowerLedger& spare,
                             std::vector<Placement>* chosen = nullptr);

struct Sketch {
  const ReplayInput* input = nullptr;
  std::vector<NodeState> nodes;
  std::vector<char> asleep;
  PowerLedger power;

  void add(const Shape& shape, const std::vector<Placement>& places);
  void remove(const Shape& shape, const std::vector<Placement>& places);
  [[nodiscard]] Microwatts wake_cost(NodeId node) const;
  [[nodiscard]] bool fits(const Shape& shape, bool at_once,
                          std::vector<Placement>* chosen = nullptr) {
    return gang_fits(*input, nodes, asleep, power, shape, at_once, spare_, chosen);
  }

 private:
  PowerLedger spare_;
};

}  // namespace warmshell::replay
