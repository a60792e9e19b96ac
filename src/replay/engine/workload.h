#pragma once
// What is replayed: the machine (nodes in rows, GPU types, power profiles) and the jobs on it.
//
// Everything the engine counts is an integer, so that a sum does not depend on its order and the
// naive and the fast engine agree bit for bit:
//   time in milliseconds from the first day of the trace, GPUs in milli, power in milliwatts per
//   GPU and in microwatts once multiplied by GPU milli, rates in parts per million of full
//   throughput.
// Invariants are those that check_workload() tests. Thread rule: plain values.

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "replay/cluster_state.h"

namespace warmshell::replay {

using Milliseconds = std::int64_t;
using Milliwatts = std::int64_t;
using Microwatts = std::int64_t;
__extension__ typedef __int128 Wide;  // sums of power x time and of GPU milli x time x rate

inline constexpr std::int32_t full_rate_ppm = 1'000'000;
inline constexpr Milliseconds never_ms = INT64_MAX;

struct GpuType {
  std::string name;
  Milliwatts idle_mw = 0;
  Milliwatts peak_mw = 0;
  // Power limits that can be set, falling; the first is peak_mw (no limit). Level l = cap_mw[l].
  std::vector<Milliwatts> cap_mw;
};

// How one kind of work draws power on one GPU type, per whole GPU, uncapped.
struct ProfileOnType {
  Milliwatts mean_mw = 0;
  Milliwatts deviation_mw =
      0;  // of one phase around the mean; the GPUs of one worker move together
  Milliwatts percentile_mw = 0;  // measured percentile used by admission, between idle and peak
  std::vector<std::int32_t> rate_ppm;  // by level, falling, the first full_rate_ppm
  // By level, falling: draw beyond idle, of the uncapped one; the limit of the level holds besides.
  // Empty: nothing but the limit.
  std::vector<std::int32_t> drawn_ppm{};
};

struct PowerProfile {
  std::string name;
  Milliseconds phase_ms = 0;  // length of a phase of constant draw; 0: draws its mean always
  std::vector<ProfileOnType> on_type;  // by GPU type
};

struct Row {
  std::string name;
};

// Beyond its GPUs a node draws base_mw when awake, GPUs and all sleep_mw when asleep.
struct NodePower {
  Milliwatts base_mw = 0;
  Milliwatts sleep_mw = 0;
};

struct Machine {
  std::vector<GpuType> gpu_types;
  std::vector<PowerProfile> profiles;
  std::vector<Row> rows;              // NodeCapacity::pool is an index here
  std::vector<NodeCapacity> nodes;    // gpu_type is an index of gpu_types
  std::vector<NodePower> node_power;  // by node
};

// A gang of `workers` equal workers: all start together or none.
struct Job {
  std::string name;
  Milliseconds submit_ms = 0;
  Milliseconds duration_ms = 1;  // of work, alone and uncapped; at least 1
  Milliseconds estimate_ms = 1;  // what its owner believes; at least 1
  std::int32_t workers = 1;
  Request worker;
  std::int32_t queue = 0;  // a leaf
  std::int32_t priority = 0;
  std::int32_t profile = 0;
  // How each start begins, as a prompt before its tokens: the first head_ms, longer by the slowdown
  // that holds at the start, draw and slow as another profile; -1: nothing differs.
  std::int32_t head_profile = -1;
  Milliseconds head_ms = 0;
  bool preemptible = true;
  Milliseconds checkpoint_ms = 0;  // of work between checkpoints; 0: none, all is lost
  Milliseconds restart_ms = 0;     // of work to load a checkpoint, after each preemption

  [[nodiscard]] std::int64_t gpu_demand_milli() const {
    return std::int64_t{workers} * worker.gpu_demand_milli();
  }
};

// A tree of queues; a parent stands before its children. Jobs wait in leaves.
struct Queue {
  std::string name;
  std::int32_t parent = -1;
  std::int64_t deserved_milli = 0;
  std::int64_t limit_milli = -1;  // -1: none
  std::int64_t weight = 1;        // of the surplus, at least 0
  std::int32_t priority = 0;      // of the surplus: higher first
};

struct Workload {
  std::vector<Queue> queues;  // at least one
  std::vector<Job> jobs;      // by submit_ms; an index is the name of a job inside the engine
};

}  // namespace warmshell::replay
