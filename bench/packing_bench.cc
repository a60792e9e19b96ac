// Placements per second of the packing experiment, the index against the plain scan of the same
// policy in the same run; growth with the number of nodes; wall time of every deterministic run at
// hand.
//
// bench_packing [SECTION...]   sections: policies growth table; all when none is named.
// The last line is one JSON object with what was measured.
// Needs traces/openb in $WARMSHELL_DATA or ../shared/data.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "replay/packing/experiment.h"
#include "replay/packing/published_table.h"

namespace {

using namespace warmshell;
using namespace warmshell::replay;
using namespace warmshell::replay::packing;

double wall_seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Processor time, of all threads together; other programs on the machine then count little.
double processor_seconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// The least of several runs: what the machine can do when others leave it alone.
double least(int runs, double (*seconds_of)(const std::function<void()>&),
             const std::function<void()>& work) {
  double seconds = seconds_of(work);
  for (int i = 1; i < runs; ++i) seconds = std::min(seconds, seconds_of(work));
  return seconds;
}

// Members of the JSON object printed last, in order.
struct Measured {
  std::string members;
  void add(std::string_view name, double value) {
    members += fmt::format("{}\"{}\": {:.6g}", members.empty() ? "" : ", ", name, value);
  }
};

void policies(const Trace& trace, Measured& measured) {
  const Result<Workload> workload = build_workload(trace, 42, 1.3);
  const auto pods = static_cast<double>(workload->arrivals.size());
  fmt::print(
      "default trace at 130 %, seed 42, {} pods, one thread; pods decided per second of processor "
      "time\n",
      pods);
  fmt::print("{:<16}{:>12}{:>12}{:>9}\n", "policy", "plain scan", "index", "ratio");
  for (const Policy policy : all_policies) {
    std::vector<std::optional<Placement>> plain_placements;
    std::vector<std::optional<Placement>> placements;
    const Options plain_options{.policy = policy, .plain_scan = true};
    const double plain = least(policy == Policy::fgd ? 1 : 5, processor_seconds, [&] {
      plain_placements = place_all(trace, *workload, plain_options);
    });
    const double fast = least(20, processor_seconds, [&] {
      placements = place_all(trace, *workload, {.policy = policy});
    });
    fmt::print("{:<16}{:>12.0f}{:>12.0f}{:>8.1f}x{}\n", policy_name(policy), pods / plain,
               pods / fast, plain / fast,
               placements == plain_placements ? "" : "  PLACEMENTS DIFFER");
    measured.add(fmt::format("{} pods/s", policy_name(policy)), pods / fast);
    measured.add(fmt::format("{} ratio", policy_name(policy)), plain / fast);
    measured.add(fmt::format("{} same placements", policy_name(policy)),
                 placements == plain_placements ? 1 : 0);
    std::fflush(stdout);
  }
}

// The trace with another number of nodes of the same mix; its pods are drawn as often as the load
// takes.
Trace replicate(const Trace& trace, std::size_t nodes) {
  Trace grown = trace;
  grown.nodes.clear();
  grown.gpu_capacity_milli = 0;
  for (std::size_t i = 0; i < nodes; ++i) {
    const std::size_t source =
        nodes < trace.nodes.size() ? i * trace.nodes.size() / nodes : i % trace.nodes.size();
    grown.nodes.push_back(trace.nodes[source]);
    grown.nodes.back().name = fmt::format("node-{:06}", i);
    grown.gpu_capacity_milli += std::int64_t{grown.nodes.back().gpus} * whole_gpu_milli;
  }
  return grown;
}

// Logarithmic in nodes means that every doubling of the cluster adds the same to a pod, or less.
void growth(const Trace& trace, Measured& measured) {
  fmt::print(
      "\ngrowth, default trace's nodes and pods repeated, load 130 %; index, one thread, processor "
      "time\n");
  fmt::print("{:<16}{:>9}{:>11}{:>10}{:>12}{:>12}{:>18}\n", "policy", "nodes", "pods", "seconds",
             "pods/s", "us per pod", "steps per pod");
  for (const Policy policy : {Policy::best_fit, Policy::fgd}) {
    std::vector<double> log_nodes, us_per_pod, steps_per_pod;
    for (const std::size_t nodes : {1000u, 3000u, 10000u, 30000u, 100000u}) {
      const Trace grown = replicate(trace, nodes);
      const Result<Workload> workload = build_workload(grown, 42, 1.3);
      const auto pods = static_cast<double>(workload->arrivals.size());
      std::uint64_t steps = 0;
      const double seconds =
          least(nodes <= 3000    ? 10
                : nodes <= 10000 ? 4
                                 : 2,
                processor_seconds,
                [&] { (void)place_all(grown, *workload, {.policy = policy, .steps = &steps}); });
      log_nodes.push_back(std::log2(static_cast<double>(nodes)));
      us_per_pod.push_back(1e6 * seconds / pods);
      steps_per_pod.push_back(static_cast<double>(steps) / pods);
      fmt::print("{:<16}{:>9}{:>11.0f}{:>10.3f}{:>12.0f}{:>12.3f}{:>18.2f}\n", policy_name(policy),
                 nodes, pods, seconds, pods / seconds, us_per_pod.back(), steps_per_pod.back());
      std::fflush(stdout);
      measured.add(fmt::format("{} us per pod at {} nodes", policy_name(policy), nodes),
                   us_per_pod.back());
      measured.add(fmt::format("{} steps per pod at {} nodes", policy_name(policy), nodes),
                   steps_per_pod.back());
    }
    // Growth like a power of the nodes: 1 is a scan of them all, 0 none at all. What is logarithmic
    // grows from 1,000 to 100,000 nodes by log2(1e5) / log2(1e3) = 1.67. Steps are those of the
    // algorithm; time grows more, for a larger cluster is further away in memory.
    const double grown_times = us_per_pod.back() / us_per_pod.front();
    const double power = std::log2(grown_times) / (log_nodes.back() - log_nodes.front());
    const double steps_grown = steps_per_pod.back() / steps_per_pod.front();
    fmt::print(
        "{:<16}at 100 times the nodes {:.2f} times the steps of a pod (a logarithm: 1.67), {:.2f} "
        "times its time, a power of {:.2f}\n",
        policy_name(policy), steps_grown, grown_times, power);
    measured.add(fmt::format("{} growth of us per pod", policy_name(policy)), grown_times);
    measured.add(fmt::format("{} growth of steps per pod", policy_name(policy)), steps_grown);
    measured.add(fmt::format("{} growth power", policy_name(policy)), power);
  }
}

void published_runs(const std::filesystem::path& data, Measured& measured) {
  const Result<PublishedTable> table = read_published_table(data);
  struct Run {
    const Trace* trace;
    std::string name;
    Options options;
    double worst = 1e9;
  };
  std::vector<Trace> traces;
  std::vector<Run> runs;
  const auto work = [&] {
    const std::vector<std::string> names = traces_at_hand(data);
    traces.clear();
    runs.clear();
    traces.reserve(names.size());
    for (const std::string& name : names) {
      traces.push_back(*read_openb(data, name));
      for (const Policy policy : deterministic_policies)
        for (std::int64_t seed = 0; seed < published_seeds; ++seed)
          runs.push_back(
              {&traces.back(), name, {.policy = policy, .seed = published_first_seed + seed}});
    }
    std::atomic<std::size_t> next{0};
    const auto worker = [&] {
      for (std::size_t i = next++; i < runs.size(); i = next++) {
        const Result<Outcome> outcome = run_packing(*runs[i].trace, runs[i].options);
        const std::vector<double>& expected =
            table->at({runs[i].name, runs[i].options.policy, runs[i].options.seed});
        runs[i].worst = 0;
        for (std::size_t k = 0; k < expected.size(); ++k)
          runs[i].worst = std::max(
              runs[i].worst, std::abs(outcome->gpu_allocation[k].allocated_pct - expected[k]));
      }
    };
    std::thread second(worker);
    worker();
    second.join();
  };
  double processor = 1e9;
  const double seconds =
      least(2, wall_seconds, [&] { processor = std::min(processor, processor_seconds(work)); });
  std::size_t exact = 0;
  double worst = 0;
  for (const Run& run : runs) {
    worst = std::max(worst, run.worst);
    if (run.worst < 1e-9) ++exact;
  }
  fmt::print(
      "\n{} deterministic published runs, two threads: {:.2f} s ({:.2f} s of processor time); "
      "{} exact at every percent, largest difference {:.3f}\n",
      runs.size(), seconds, processor, exact, worst);
  measured.add("published runs", static_cast<double>(runs.size()));
  measured.add("published runs exact", static_cast<double>(exact));
  measured.add("published runs seconds", seconds);
  measured.add("published runs processor seconds", processor);
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<std::filesystem::path> data = data_folder();
  if (!data) {
    fmt::print(stderr, "no traces/openb in $WARMSHELL_DATA or ../shared/data\n");
    return 1;
  }
  const Result<Trace> trace = read_openb(*data, "default");
  if (!trace) {
    fmt::print(stderr, "{}", render(trace.error()));
    return 1;
  }
  const auto asked = [&](std::string_view section) {
    for (int i = 1; i < argc; ++i)
      if (section == argv[i]) return true;
    return argc == 1;
  };
  Measured measured;
  if (asked("policies")) policies(*trace, measured);
  if (asked("growth")) growth(*trace, measured);
  if (asked("table")) published_runs(*data, measured);
  fmt::print("{{{}}}\n", measured.members);
}
