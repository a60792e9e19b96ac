#pragma once
// From the jobs of a trace to a workload for one machine: queues and GPU types by name, gangs cut
// to nodes, time counted from the first submission. Thread rule: one thread per builder.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "replay/engine/workload.h"
#include "replay/inputs/trace.h"

namespace warmshell::replay {

struct WorkloadRules {
  // Queue names that traces use; a trace's queue that is not here gets a queue of its own, equal to
  // its peers, if `new_queues`, else it is a problem.
  bool new_queues = true;
  bool keep = true;                // false: jobs are checked against the machine and forgotten
  Queue new_queue;                 // pattern of such a queue; its name and parent are not read
  Milliseconds checkpoint_ms = 0;  // where the trace tells none
  Milliseconds restart_ms = 0;
};

class WorkloadBuilder {
 public:
  WorkloadBuilder(const Machine& machine, std::vector<Queue> queues, WorkloadRules rules,
                  std::string file, text::CsvProblems& problems);

  // True even for a job that is passed over as a problem: the trace goes on.
  bool add(TraceJob&& job);
  // Sorted by submission, ties in the order of the trace.
  [[nodiscard]] Workload finish();

 private:
  void complain(const TraceJob& job, std::string code, std::string message, std::string help = "");

  const Machine& machine_;
  WorkloadRules rules_;
  std::string file_;
  text::CsvProblems& problems_;
  Workload workload_;
  std::map<std::string, std::int32_t, std::less<>> queue_of_;
  std::map<std::string, TypeSet, std::less<>> types_of_;
  std::int32_t largest_node_gpus_ = 0;
};

}  // namespace warmshell::replay
