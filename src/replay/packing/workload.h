#pragma once
// The published packing experiment's inputs: the nodes and pods of an openb trace, and the pods of
// one run made from them: shuffled, then stretched or thinned to a given load. A trace is immutable
// once read and may be shared between threads.

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "replay/placement.h"

namespace warmshell::replay::packing {

// CPU milli-cores, memory MiB and GPU milli of every pod; pods and nodes in byte order of their
// names.
struct Trace {
  std::vector<NodeCapacity> nodes;
  std::vector<std::string> gpu_types;  // NodeCapacity::gpu_type is an index here
  std::vector<std::string> pod_names;
  std::vector<Request> pods;
  std::vector<std::string> gpu_specs;  // of each pod, as written: "V100M16|V100M32", "" for any
  std::int64_t gpu_capacity_milli = 0;
};

// nodes: columns sn, cpu_milli, memory_mib, gpu, model. pods: name, cpu_milli, memory_mib, num_gpu,
// gpu_milli and, where the trace has it, gpu_spec; other columns are ignored.
[[nodiscard]] Result<Trace> read_trace(const std::string& nodes_file, const std::string& pods_file);
// The same from texts; the file names serve diagnostics.
[[nodiscard]] Result<Trace> parse_trace(const std::string& nodes_file, std::string_view nodes_text,
                                        const std::string& pods_file, std::string_view pods_text);

struct Workload {
  std::vector<std::uint32_t> arrivals;   // index of a pod of the trace, in order of arrival
  std::vector<std::uint32_t> tie_ranks;  // by node
};

// `load` is the GPU demand to reach, as a share of the cluster's GPUs: 1.3 in the experiment.
[[nodiscard]] Result<Workload> build_workload(const Trace& trace, std::int64_t seed, double load);

}  // namespace warmshell::replay::packing
