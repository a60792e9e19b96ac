#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/threads.h"
#include "cli/verbs.h"
#include "replay/engine/fast.h"
#include "replay/inputs/cluster.h"
#include "replay/inputs/trace.h"
#include "replay/packing/experiment.h"
#include "replay/packing/published_table.h"
#include "replay/summary.h"
#include "text/json_writer.h"
#include "text/yaml.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::string cluster, jobs, format, cap, protocol, nodes;
  std::string policy = "best-fit";
  std::vector<std::string> compare, settings;
  std::int64_t seed = 42;
  double load = 1.3, until_h = 0;
  bool policy_given = false, json = false, strict = false;
};

std::string data_folder() {
  const auto found = replay::packing::data_folder();
  return found ? found->string() : std::string();
}

Result<replay::Policy> policy_of(const std::string& name) {
  if (const auto policy = replay::policy_called(name)) return *policy;
  return fail(plain_error(
      "WS0690", fmt::format("no policy `{}`", name),
      "one of random, first-fit, best-fit, dot-product, gpu-packing, gpu-clustering, fgd"));
}

// ---- the published packing protocol: no time, queues or power ----------------------------------

int run_packing(const Flags& flags) {
  // The node list is the one that the cluster file names, unless a flag names another.
  std::string nodes = flags.nodes;
  if (nodes.empty()) {
    const std::filesystem::path cluster(flags.cluster);
    auto source = std::filesystem::is_directory(cluster)
                      ? open_source((cluster / "cluster.yaml").string())
                      : open_source(flags.cluster);
    if (!source) return report(source.error());
    const auto tree = text::read_yaml(*source);
    if (!tree) return report(tree.error());
    const text::Node* groups = tree->find("nodes");
    for (const text::Entry& group :
         groups != nullptr ? groups->entries : std::vector<text::Entry>{})
      if (const text::Node* list = group.value.find("list")) nodes = list->text;
    const std::filesystem::path beside = cluster / nodes;
    nodes = std::filesystem::exists(beside) ? beside.string() : data_folder() + "/" + nodes;
  }
  const auto trace = replay::packing::read_trace(nodes, flags.jobs);
  if (!trace) return report(trace.error());
  const auto policy = policy_of(flags.policy);
  if (!policy) return report(policy.error());
  const auto outcome =
      replay::packing::run_packing(*trace, {*policy, flags.seed, flags.load, 0, false});
  if (!outcome) return report(outcome.error());

  if (flags.json) {
    std::string out;
    text::JsonWriter json(out);
    json.begin_object()
        .field("format", "warmshell.replay/1")
        .field("protocol", "packing")
        .field("policy", flags.policy)
        .field("seed", flags.seed);
    json.field("placed", outcome->placed)
        .field("dropped", outcome->dropped)
        .field("gpu_used_milli", outcome->gpu_used_milli);
    json.field("gpu_capacity_milli", outcome->gpu_capacity_milli)
        .key("gpu_allocation")
        .begin_array();
    for (const replay::packing::CurvePoint& point : outcome->gpu_allocation)
      json.begin_object()
          .field("arrived_pct", point.arrived_pct)
          .field("allocated_pct", point.allocated_pct)
          .end_object();
    json.end_array().end_object();
    fmt::print("{}\n", out);
  } else {
    fmt::print("{}: {} of {} pods placed, {} dropped; {:.2f} % of GPU capacity in use\n",
               flags.policy, outcome->placed, outcome->placed + outcome->dropped, outcome->dropped,
               100.0 * static_cast<double>(outcome->gpu_used_milli) /
                   static_cast<double>(outcome->gpu_capacity_milli));
  }
  return done;
}

// ---- jobs in time, under the cap ---------------------------------------------------------------

struct Run {
  replay::ClusterInput cluster;
  text::CsvProblems problems;
  replay::Outcome outcome;
  replay::ReplaySummary summary;
};

Result<std::string> first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line))
    return fail(
        plain_error("WS0001", fmt::format("{} cannot be read", path), "name a file that is there"));
  return line;
}

Result<replay::TraceFormat> format_of(const Flags& flags) {
  if (!flags.format.empty()) {
    if (const auto format = replay::trace_format_called(flags.format)) return *format;
    return fail(plain_error("WS0691", fmt::format("no trace format `{}`", flags.format),
                            "one of own, openb, philly, azure-llm, sacct, swf"));
  }
  const auto line = first_line(flags.jobs);
  if (!line) return tl::unexpected(line.error());
  if (const auto format = replay::recognise_trace(*line)) return *format;
  return fail(plain_error("WS0692",
                          fmt::format("{} looks like none of the trace formats", flags.jobs),
                          "name it with --format"));
}

Result<Run> run_replay(const Flags& flags, const std::string& policy, const StopFlag& stop) {
  // ---- read
  std::vector<std::string> settings = flags.settings;
  if (!policy.empty()) settings.push_back("policy.placement=" + policy);
  if (!flags.cap.empty()) settings.push_back("power.cap=" + flags.cap);
  auto cluster = replay::read_cluster(flags.cluster, data_folder(), settings);
  if (!cluster) return tl::unexpected(cluster.error());
  const auto format = format_of(flags);
  if (!format) return tl::unexpected(format.error());
  Run run{std::move(*cluster), {}, {}, {}};
  replay::ReplayInput& input = run.cluster.input;
  replay::WorkloadBuilder builder(input.machine, input.workload.queues, run.cluster.rules,
                                  flags.jobs, run.problems);
  const auto counts = replay::stream_trace(
      flags.jobs, *format, {},
      [&](replay::TraceJob&& job) { return builder.add(std::move(job)) && !stop.is_set(); },
      run.problems);
  if (!counts) return tl::unexpected(counts.error());
  input.workload = builder.finish();

  // ---- run
  replay::RunOptions options;
  if (flags.until_h > 0)
    options.horizon_ms = static_cast<replay::Milliseconds>(flags.until_h * 3'600'000);
  const bool terminal = isatty(STDERR_FILENO) != 0;
  run.outcome = replay::replay(input, options, [&](replay::Milliseconds now, double done_share) {
    if (terminal)
      fmt::print(stderr, "\rhour {}, {:.0f} % of jobs ", now / 3'600'000, 100 * done_share);
    return !stop.is_set();
  });
  if (terminal) fmt::print(stderr, "\r{:40}\r", "");
  run.summary = replay::summarise(input, run.outcome);
  return run;
}

std::string as_json(const Flags& flags, const std::string& policy, const Run& run) {
  std::string out;
  text::JsonWriter json(out);
  json.begin_object()
      .field("format", "warmshell.replay/1")
      .field("cluster", run.cluster.name)
      .field("policy", policy)
      .field("seed", flags.seed);
  json.field("inputs_sha256", run.cluster.inputs_sha256)
      .field("rows_passed_over", run.problems.count);
  replay::write_replay_json(json, run.cluster.input, run.outcome, run.summary);
  json.end_object();
  return out + "\n";
}

std::string as_text(const std::string& policy, const Run& run) {
  const replay::ReplaySummary& s = run.summary;
  std::string text =
      fmt::format("{}, {}: {} of {} jobs completed in {:.1f} h\n\n{:28} {:>14} {:>8}\n",
                  run.cluster.name, policy.empty() ? "policy of the file" : policy, s.completed,
                  s.jobs, s.hours, "GPU-hours", "", "share");
  for (const auto& part : s.parts)
    text += fmt::format("  {:26} {:14.1f} {:7.2f}%\n", part.name, part.gpu_hours,
                        s.gpu_hours > 0 ? 100 * part.gpu_hours / s.gpu_hours : 0);
  text += fmt::format(
      "  {:26} {:14.1f}\n\nuseful GPU-hours per MWh {:.2f}, per provisioned MW {:.1f}; {:.1f} MWh "
      "at the meter, cost {:.2f}\n",
      "all", s.gpu_hours, s.useful_per_mwh, s.useful_per_provisioned_mw, s.energy_mwh, s.cost);
  text += fmt::format(
      "over the cap for {:.1f} minutes, longest {:.1f} s\n\n{:20} {:>8} {:>10} {:>10} {:>10} "
      "{:>10}\n",
      s.excursion_minutes, s.longest_excursion_s, "queue", "jobs", "wait p50 h", "p90", "p99",
      "longest");
  const auto row = [&](const std::string& name, const replay::WaitSummary& w) {
    text += fmt::format("{:20} {:8} {:10.2f} {:10.2f} {:10.2f} {:10.2f}\n", name, w.jobs, w.p50_h,
                        w.p90_h, w.p99_h, w.longest_h);
  };
  for (const auto& [name, waits] : s.waits) row(name, waits);
  row("all", s.all);
  return text;
}

int run(const Flags& flags) {
  if (flags.protocol == "packing") return run_packing(flags);
  if (!flags.protocol.empty())
    return report({plain_error("WS0693", fmt::format("no protocol `{}`", flags.protocol),
                               "packing, or leave it out")});
  StopFlag stop;
  const StopOnInterrupt interrupt(stop);
  std::vector<std::string> policies = flags.compare;
  if (policies.empty()) policies.push_back(flags.policy_given ? flags.policy : "");
  std::string out;
  int code = done;
  for (const std::string& policy : policies) {
    const auto result = run_replay(flags, policy, stop);
    if (!result) return report(result.error());
    report(result->cluster.diagnostics);
    report(result->problems.diagnostics);
    if (result->problems.count > 0) {
      fmt::print(stderr, "{} rows of {} were passed over\n", result->problems.count, flags.jobs);
      code = flags.strict ? input_wrong : done;
    }
    out += flags.json ? as_json(flags, policy, *result) : as_text(policy, *result) + "\n";
  }
  fmt::print("{}", out);
  return stop.is_set() ? interrupted : code;
}

}  // namespace

Verb add_replay(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "replay", "GPU jobs on a cluster under a power cap: useful work, and where the rest went");
  command->add_option("CLUSTER", flags->cluster, "a YAML file, or a folder with cluster.yaml")
      ->required();
  command->add_option("--jobs", flags->jobs, "a trace")->required();
  command->add_option("--format", flags->format,
                      "own, openb, philly, azure-llm, sacct, swf; recognised when not given");
  CLI::Option* policy = command->add_option(
      "--policy", flags->policy,
      "placement: random, first-fit, best-fit, dot-product, gpu-packing, gpu-clustering, fgd");
  command->add_option("--compare", flags->compare, "several policies, one after the other")
      ->delimiter(',')
      ->excludes(policy);
  command->add_option("--cap", flags->cap, "facility power: 1.2MW_facility");
  command->add_option("--set", flags->settings,
                      "a.b.c=VALUE over the cluster file; may be repeated");
  command->add_option("--until", flags->until_h, "stop after so many hours");
  command->add_option("--seed", flags->seed, "of draws and, for packing, of the order of pods")
      ->capture_default_str();
  command->add_option("--protocol", flags->protocol,
                      "packing: the published experiment, pods only arrive");
  command->add_option("--load", flags->load, "packing: GPU demand to reach, over all GPUs")
      ->capture_default_str();
  command->add_option("--nodes", flags->nodes,
                      "packing: a node list other than the cluster file's");
  command->add_flag("--strict", flags->strict, "exit code 1 when rows were passed over");
  command->add_flag("--json", flags->json, "warmshell.replay/1 on stdout");
  return {command, [flags, policy] {
            flags->policy_given = policy->count() > 0;
            return run(*flags);
          }};
}

}  // namespace warmshell::cli
