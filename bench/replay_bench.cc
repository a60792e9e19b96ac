// bench_replay: the Philly trace on 50 nodes of 8 GPUs under a cap of 80 % of nameplate.
// Usage: bench_replay [FOLDER OF THE DATA] [--caps] [--starts FILE]
//   --caps    useful GPU-hours by the last submission at caps of 50 to 100 %, each fall named
//   --starts  first come first served: `row,start_ms` in the order of starts, the file that
//             plain_fifo.py writes from its own run

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "replay/engine/fast.h"
#include "replay/inputs/workload_builder.h"
#include "replay/summary.h"

namespace {

using namespace warmshell;
using namespace warmshell::replay;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// 400 GPUs of 700 W in nodes with 1.8 kW for the rest of the server.
Machine philly_machine() {
  Machine machine;
  machine.gpu_types = {{"gpu", 70'000, 700'000, {700'000}}};
  machine.profiles = {{"training", 0, {{490'000, 0, 600'000, {full_rate_ppm}}}}};
  machine.rows = {{"row"}};
  for (int n = 0; n < 50; ++n) {
    machine.nodes.push_back({fmt::format("node-{}", n), 96'000, 1 << 20, 8, 0, 0});
    machine.node_power.push_back({1'800'000, 180'000});
  }
  return machine;
}

double quantile_hours(std::vector<Milliseconds> waits, double q) {
  if (waits.empty()) return 0;
  std::sort(waits.begin(), waits.end());
  const std::size_t at = static_cast<std::size_t>(q * static_cast<double>(waits.size() - 1));
  return static_cast<double>(waits[at]) / 3.6e6;
}

void run(const char* name, const ReplayInput& input) {
  const Clock::time_point begin = Clock::now();
  const std::clock_t cpu_begin = std::clock();
  const Outcome outcome = replay::replay(input, {});
  const double took = seconds_since(begin);
  const double cpu = static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC;

  std::vector<Milliseconds> waits;
  std::int64_t completed = 0;
  for (std::size_t j = 0; j < outcome.jobs.size(); ++j) {
    if (outcome.jobs[j].state == JobState::completed) ++completed;
    if (outcome.jobs[j].first_start_ms >= 0)
      waits.push_back(outcome.jobs[j].first_start_ms - input.workload.jobs[j].submit_ms);
  }
  const bool conserved = outcome.gpu_time.sum() ==
                         static_cast<Wide>(outcome.capacity_milli) * outcome.end_ms * full_rate_ppm;
  fmt::print(
      "{:<34} {:6.2f} s (processor {:5.2f} s)  completed {}/{}  wait p50 {:8.2f} h p90 {:8.2f} h  "
      "max {:8.1f} h  "
      "useful {:.0f} GPU-h of {:.0f}  evicted {}  conserved {}\n",
      name, took, cpu, completed, outcome.jobs.size(), quantile_hours(waits, 0.5),
      quantile_hours(waits, 0.9), quantile_hours(waits, 1.0), gpu_hours(outcome.gpu_time.useful),
      gpu_hours(outcome.gpu_time.sum()), outcome.evictions, conserved ? "yes" : "NO");
}

// What was lost against the run before, by reason.
void print_caps(ReplayInput input, Milliwatts nameplate) {
  RunOptions options;
  options.horizon_ms = input.workload.jobs.back().submit_ms;
  ReplaySummary above;
  for (int percent = 100; percent >= 50; percent -= 5) {
    input.power.site_cap = {{0, nameplate * percent / 100}};
    const Outcome outcome = replay::replay(input, options);
    const ReplaySummary summary = summarise(input, outcome);
    fmt::print("{:3} %  useful {:8.0f} GPU-h  {:6.1f} per MWh", percent, summary.parts[0].gpu_hours,
               summary.useful_per_mwh);
    for (std::size_t p = 0; p < summary.parts.size() && percent < 100; ++p) {
      const double change = summary.parts[p].gpu_hours - above.parts[p].gpu_hours;
      if (std::abs(change) >= 0.5) fmt::print("  {} {:+.0f}", summary.parts[p].name, change);
    }
    fmt::print("\n");
    above = summary;
  }
}

void write_starts(const ReplayInput& input, const std::string& path) {
  const Clock::time_point begin = Clock::now();
  RunOptions options;
  options.log = true;
  const Outcome outcome = replay::replay(input, options);
  fmt::print("fifo, first-fit: {:.2f} s\n", seconds_since(begin));
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) return;
  fmt::print(file, "row,start_ms\n");
  for (const Event& event : outcome.log)
    if (event.kind == EventKind::start)
      fmt::print(file, "{},{}\n", input.workload.jobs[static_cast<std::size_t>(event.subject)].name,
                 event.time_ms);
  std::fclose(file);
}

}  // namespace

int main(int argc, char** argv) {
  const char* from_environment = std::getenv("WARMSHELL_DATA");
  std::string data = from_environment != nullptr ? from_environment : "../shared/data";
  std::string starts;
  bool caps = false;
  for (int a = 1; a < argc; ++a) {
    const std::string argument = argv[a];
    if (argument == "--caps")
      caps = true;
    else if (argument == "--starts" && a + 1 < argc)
      starts = argv[++a];
    else
      data = argument;
  }
  const std::string path = data + "/traces/philly/philly_jobs.csv";

  ReplayInput input;
  input.machine = philly_machine();
  text::CsvProblems problems;
  WorkloadRules rules;
  rules.new_queue.deserved_milli = 20'000;
  WorkloadBuilder builder(input.machine, {}, rules, path, problems);
  const Clock::time_point begin = Clock::now();
  const Result<TraceCounts> counts = stream_trace(
      path, TraceFormat::philly, {}, [&](TraceJob&& job) { return builder.add(std::move(job)); },
      problems);
  if (!counts) {
    fmt::print(stderr, "{}", render(counts.error()));
    fmt::print(stderr, "looked for in $WARMSHELL_DATA, else in ../shared/data: bench/README.md\n");
    return 1;
  }
  input.workload = builder.finish();
  fmt::print("read {} rows, {} jobs, {} problems, {} queues in {:.2f} s\n", counts->rows,
             input.workload.jobs.size(), problems.count, input.workload.queues.size(),
             seconds_since(begin));

  Milliwatts nameplate = 0;
  for (std::size_t n = 0; n < input.machine.nodes.size(); ++n)
    nameplate += 8 * 700'000 + input.machine.node_power[n].base_mw;
  input.power.admission = Admission::nameplate;
  input.power.site_cap = {{0, nameplate * 8 / 10}};

  if (!starts.empty()) {
    write_starts(input, starts);
    return 0;
  }
  if (caps) {
    input.scheduling.placement = Policy::best_fit;
    input.scheduling.order = JobOrder::fair_share;
    input.scheduling.backfill = Backfill::easy;
    print_caps(input, nameplate);
    return 0;
  }
  input.scheduling.placement = Policy::best_fit;
  run("fifo", input);
  input.scheduling.backfill = Backfill::easy;
  run("fifo, easy", input);
  input.scheduling.order = JobOrder::fair_share;
  run("fair share, easy", input);
  input.scheduling.max_wait_ms = 7LL * 24 * 3'600'000;
  run("fair share, easy, aging 7 days", input);
  input.scheduling.reclaim = true;
  input.scheduling.min_run_ms = 3'600'000;
  for (Job& job : input.workload.jobs) job.checkpoint_ms = 1'800'000;
  run("fair share, easy, aging, reclaim", input);
  return 0;
}
