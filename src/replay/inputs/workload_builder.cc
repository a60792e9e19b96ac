#include "replay/inputs/workload_builder.h"

#include <fmt/format.h>

#include <algorithm>

namespace warmshell::replay {

WorkloadBuilder::WorkloadBuilder(const Machine& machine, std::vector<Queue> queues,
                                 WorkloadRules rules, std::string file, text::CsvProblems& problems)
    : machine_(machine), rules_(std::move(rules)), file_(std::move(file)), problems_(problems) {
  workload_.queues = std::move(queues);
  for (std::size_t q = 0; q < workload_.queues.size(); ++q)
    queue_of_.emplace(workload_.queues[q].name, static_cast<std::int32_t>(q));
  for (const NodeCapacity& node : machine.nodes)
    largest_node_gpus_ = std::max(largest_node_gpus_, node.gpus);
}

void WorkloadBuilder::complain(const TraceJob& job, std::string code, std::string message,
                               std::string help) {
  Diagnostic diagnostic =
      plain_error(std::move(code), fmt::format("row {}: {}", job.row, message), std::move(help));
  diagnostic.where.file = file_;
  diagnostic.where.line = static_cast<int>(job.line);
  problems_.add(std::move(diagnostic));
}

bool WorkloadBuilder::add(TraceJob&& told) {
  Job job;
  job.name = std::move(told.name);
  job.submit_ms = told.submit_ms;
  job.duration_ms = told.duration_ms;
  job.estimate_ms = told.estimate_ms > 0 ? told.estimate_ms : told.duration_ms;
  job.priority = told.priority;
  job.preemptible = told.preemptible;
  job.checkpoint_ms = told.checkpoint_ms > 0 ? told.checkpoint_ms : rules_.checkpoint_ms;
  job.restart_ms = told.restart_ms > 0 ? told.restart_ms : rules_.restart_ms;

  // GPU types by name, joined by `|`.
  if (!told.gpu_types.empty() && told.gpus > 0) {
    auto known = types_of_.find(told.gpu_types);
    if (known == types_of_.end()) {
      TypeSet types = 0;
      std::string_view rest = told.gpu_types;
      while (!rest.empty()) {
        const std::string_view name = rest.substr(0, rest.find('|'));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        std::vector<std::string> names;
        bool found = false;
        for (std::size_t t = 0; t < machine_.gpu_types.size(); ++t) {
          names.push_back(machine_.gpu_types[t].name);
          if (machine_.gpu_types[t].name != name) continue;
          types |= TypeSet{1} << t;
          found = true;
        }
        if (found) continue;
        const std::string near = did_you_mean(name, names);
        complain(told, "WS0616", fmt::format("the cluster has no GPU type `{}`", name),
                 near.empty() ? "" : fmt::format("did you mean `{}`?", near));
        return true;
      }
      known = types_of_.emplace(told.gpu_types, types).first;
    }
    job.worker.gpu_types = known->second;
  }

  if (!told.profile.empty()) {
    const auto found =
        std::find_if(machine_.profiles.begin(), machine_.profiles.end(),
                     [&](const PowerProfile& profile) { return profile.name == told.profile; });
    if (found == machine_.profiles.end()) {
      complain(told, "WS0617", fmt::format("the cluster has no power profile `{}`", told.profile));
      return true;
    }
    job.profile = static_cast<std::int32_t>(found - machine_.profiles.begin());
  }

  // As few workers as the largest node allows, all equal.
  if (told.gpus == 0) told.gpu_milli = 0;
  if (told.gpus > 1 && told.gpu_milli != whole_gpu_milli && told.workers != told.gpus) {
    complain(told, "WS0613", "several GPUs can only be asked whole");
    return true;
  }
  job.workers = told.workers > 0 ? told.workers : 1;
  if (told.workers == 0)
    while (told.gpus / job.workers > std::max(1, largest_node_gpus_) ||
           told.gpus % job.workers != 0)
      ++job.workers;
  if (told.gpus % job.workers != 0) {
    complain(told, "WS0613",
             fmt::format("{} GPUs cannot be shared equally by {} workers", told.gpus, job.workers));
    return true;
  }
  job.worker.gpus = told.gpus / job.workers;
  job.worker.gpu_milli = told.gpu_milli;
  const auto each = [&](std::int64_t all) {
    return static_cast<std::int32_t>(
        std::min<std::int64_t>(INT32_MAX, (all + job.workers - 1) / job.workers));
  };
  job.worker.cpu_milli = each(told.cpu_milli);
  job.worker.memory_mib = each(told.memory_mib);

  const std::string queue = told.queue.empty() ? "default" : told.queue;
  auto known = queue_of_.find(queue);
  if (known == queue_of_.end()) {
    if (!rules_.new_queues && !workload_.queues.empty()) {
      std::vector<std::string> names;
      for (const Queue& each_queue : workload_.queues) names.push_back(each_queue.name);
      const std::string near = did_you_mean(queue, names);
      complain(told, "WS0617", fmt::format("there is no queue `{}`", queue),
               near.empty() ? "" : fmt::format("did you mean `{}`?", near));
      return true;
    }
    known = queue_of_.emplace(queue, static_cast<std::int32_t>(workload_.queues.size())).first;
    Queue fresh = rules_.new_queue;
    fresh.name = queue;
    fresh.parent = -1;
    workload_.queues.push_back(fresh);
  }
  job.queue = known->second;
  for (const Queue& other : workload_.queues)
    if (other.parent == job.queue) {
      complain(told, "WS0617",
               fmt::format("the queue `{}` has queues inside: jobs wait in those", queue));
      return true;
    }
  if (rules_.keep) workload_.jobs.push_back(std::move(job));
  return true;
}

Workload WorkloadBuilder::finish() {
  std::stable_sort(workload_.jobs.begin(), workload_.jobs.end(),
                   [](const Job& a, const Job& b) { return a.submit_ms < b.submit_ms; });
  if (!workload_.jobs.empty()) {
    const Milliseconds first = workload_.jobs.front().submit_ms;
    for (Job& job : workload_.jobs) job.submit_ms -= first;
  }
  if (workload_.queues.empty()) {
    workload_.queues.emplace_back();
    workload_.queues.back().name = "default";
  }
  return std::move(workload_);
}

}  // namespace warmshell::replay
