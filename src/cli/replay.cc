#include "report/replay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "base/files.h"
#include "base/threads.h"
#include "cli/verbs.h"
#include "model/read.h"
#include "replay/engine/fast.h"
#include "replay/inputs/cluster.h"
#include "replay/inputs/trace.h"
#include "replay/packing/experiment.h"
#include "replay/packing/published_table.h"
#include "report/packing.h"
#include "text/yaml.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::string cluster, jobs, format, cap, protocol, nodes;
  std::string policy = "best-fit";
  std::vector<std::string> compare, settings;
  std::int64_t seed = 42;
  double load = 1.3, until_h = 0;
  std::string html, overlay, on, on_scenario;
  std::int64_t paths = 2000;
  bool policy_given = false, json = false, strict = false, check = false;
  bool marginal = false, waterfall = false, over_time = false;
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

// The node list: a flag's, else the one that the cluster file names, beside it or with the data.
Result<std::string> packing_nodes(const Flags& flags) {
  if (!flags.nodes.empty()) return flags.nodes;
  const std::filesystem::path cluster(flags.cluster);
  const auto source = std::filesystem::is_directory(cluster)
                          ? open_source((cluster / "cluster.yaml").string())
                          : open_source(flags.cluster);
  if (!source) return tl::unexpected(source.error());
  const auto tree = text::read_yaml(*source);
  if (!tree) return tl::unexpected(tree.error());
  std::string nodes;
  if (const text::Node* groups = tree->find("nodes"))
    for (const text::Entry& group : groups->entries)
      if (const text::Node* list = group.value.find("list")) nodes = list->text;
  const std::filesystem::path beside = cluster / nodes;
  return std::filesystem::exists(beside) ? beside.string() : data_folder() + "/" + nodes;
}

int run_packing(const Flags& flags) {
  const auto nodes = packing_nodes(flags);
  if (!nodes) return report(nodes.error());
  const auto trace = replay::packing::read_trace(*nodes, flags.jobs);
  if (!trace) return report(trace.error());
  const auto policy = policy_of(flags.policy);
  if (!policy) return report(policy.error());
  const auto outcome =
      replay::packing::run_packing(*trace, {*policy, flags.seed, flags.load, 0, false});
  if (!outcome) return report(outcome.error());
  fmt::print("{}", flags.json ? report::packing_json(flags.policy, flags.seed, *outcome)
                              : report::packing_text(flags.policy, *outcome));
  return done;
}

// ---- jobs in time, under the cap ---------------------------------------------------------------

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

// One line on a terminal that says how far a run is; false once the user wants to stop.
replay::Progress progress_of(const StopFlag& stop, std::string what) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  return [&stop, terminal, what = std::move(what)](replay::Milliseconds now, double done_share) {
    if (terminal)
      fmt::print(stderr, "\r{}: hour {}, {:.0f} % of jobs ", what, now / 3'600'000,
                 100 * done_share);
    return !stop.is_set();
  };
}

void clear_progress() {
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r{:60}\r", "");
}

Result<replay::ClusterInput> read_inputs(const Flags& flags, const std::string& policy,
                                         text::CsvProblems& problems, const StopFlag& stop) {
  std::vector<std::string> settings = flags.settings;
  if (!policy.empty()) settings.push_back("policy.placement=" + policy);
  if (!flags.cap.empty()) settings.push_back("power.cap=" + flags.cap);
  auto cluster = replay::read_cluster(flags.cluster, data_folder(), settings);
  if (!cluster) return cluster;
  const auto format = format_of(flags);
  if (!format) return tl::unexpected(format.error());
  replay::ReplayInput& input = cluster->input;
  replay::WorkloadBuilder builder(input.machine, input.workload.queues, cluster->rules, flags.jobs,
                                  problems);
  const auto counts = replay::stream_trace(
      flags.jobs, *format, {},
      [&](replay::TraceJob&& job) { return builder.add(std::move(job)) && !stop.is_set(); },
      problems);
  if (!counts) return tl::unexpected(counts.error());
  input.workload = builder.finish();
  input.scheduling.seed = static_cast<std::uint64_t>(flags.seed);
  return cluster;
}

report::ReplayReport run_replay(const Flags& flags, const replay::ClusterInput& cluster,
                                std::int64_t rows_passed_over, const StopFlag& stop) {
  report::ReplayReport report;
  report.version = WARMSHELL_VERSION;
  report.cluster = cluster.name;
  report.currency = cluster.currency;
  report.inputs_sha256 = cluster.inputs_sha256;
  report.rows_passed_over = rows_passed_over;
  report.input = cluster.input;

  // ---- the run itself
  const bool page = !flags.html.empty(), over_time = page || flags.over_time;
  replay::RunOptions options;
  if (flags.until_h > 0)
    options.horizon_ms = static_cast<replay::Milliseconds>(flags.until_h * 3'600'000);
  options.log = options.samples = over_time;
  report.outcome = replay::replay(report.input, options, progress_of(stop, "replay"));
  report.summary = replay::summarise(report.input, report.outcome);
  report.complete = !stop.is_set();
  if (over_time) report.over_time = replay::over_time(report.input, report.outcome);

  // ---- what takes more runs
  if (page || flags.waterfall)
    report.waterfall =
        replay::policy_waterfall(report.input, options, progress_of(stop, "waterfall"));
  if (page || flags.marginal)
    report.marginal = replay::marginal_value(report.input, options, progress_of(stop, "marginal"));
  clear_progress();
  return report;
}

// ---- what it is worth to a portfolio -----------------------------------------------------------

Result<study::EquivalentMw> equivalent_on(const Flags& flags, const replay::ReplayFactors& factors,
                                          const StopFlag& stop) {
  const auto base = model::read_portfolio(flags.on, flags.on_scenario);
  if (!base) return tl::unexpected(base.error());
  const auto overlaid =
      model::read_portfolio(flags.on, flags.on_scenario, {replay::overlay_setting(factors)});
  if (!overlaid) return tl::unexpected(overlaid.error());
  report(overlaid->diagnostics);
  study::SimulateOptions options;
  options.paths = flags.paths;
  return study::equivalent_mw(*base, *overlaid, options, stop);
}

// The overlay, and the megawatts it is worth; an exit code other than `done` where it fails.
int add_overlay(const Flags& flags, const replay::ClusterInput& cluster, const StopFlag& stop,
                report::ReplayReport& result) {
  replay::RunOptions options;
  if (flags.until_h > 0)
    options.horizon_ms = static_cast<replay::Milliseconds>(flags.until_h * 3'600'000);
  auto factors = replay::replay_factors(cluster, options, progress_of(stop, "overlay"));
  clear_progress();
  if (!factors) return report(factors.error());
  result.factors = std::move(*factors);
  if (!result.factors) return done;  // stopped
  if (!flags.overlay.empty())
    if (const auto written =
            write_file(flags.overlay, replay::overlay_yaml(*result.factors, cluster.name));
        !written)
      return report(written.error());
  if (flags.on.empty()) return done;
  auto equivalent = equivalent_on(flags, *result.factors, stop);
  if (!equivalent) return report(equivalent.error());
  result.equivalent = std::move(*equivalent);
  return done;
}

// ---- only reading ------------------------------------------------------------------------------

// Every row of a trace against the cluster, in the memory of one row and a table of ids.
int check_trace(const Flags& flags, const StopFlag& stop) {
  auto cluster = replay::read_cluster(flags.cluster, data_folder(), flags.settings);
  if (!cluster) return report(cluster.error());
  const auto format = format_of(flags);
  if (!format) return report(format.error());
  text::CsvProblems problems;
  cluster->rules.keep = false;
  replay::WorkloadBuilder builder(cluster->input.machine, cluster->input.workload.queues,
                                  cluster->rules, flags.jobs, problems);
  replay::TraceRules rules;
  rules.remembered_ids = std::size_t{1} << 21;
  const auto counts = replay::stream_trace(
      flags.jobs, *format, rules,
      [&](replay::TraceJob&& job) { return builder.add(std::move(job)) && !stop.is_set(); },
      problems);
  if (!counts) return report(counts.error());
  report(problems.diagnostics);
  if (!counts->ids_checked)
    fmt::print(stderr, "the temporary file of ids failed: some may repeat unseen\n");
  const report::TraceCheck check{counts->rows, counts->passed_by, problems.count,
                                 counts->ids_checked};
  fmt::print("{}", flags.json ? report::trace_check_json(check) : report::trace_check_text(check));
  if (stop.is_set()) return interrupted;
  return flags.strict && problems.count > 0 ? input_wrong : done;
}

int run(const Flags& flags) {
  if (flags.protocol == "packing") return run_packing(flags);
  if (!flags.protocol.empty())
    return report({plain_error("WS0693", fmt::format("no protocol `{}`", flags.protocol),
                               "packing, or leave it out")});
  StopFlag stop;
  const StopOnInterrupt interrupt(stop);
  if (flags.check) return check_trace(flags, stop);
  std::vector<std::string> policies = flags.compare;
  if (policies.empty()) policies.push_back(flags.policy_given ? flags.policy : "");
  std::string out;
  int code = done;
  for (const std::string& policy : policies) {
    text::CsvProblems problems;
    const auto cluster = read_inputs(flags, policy, problems, stop);
    if (!cluster) return report(cluster.error());
    report(cluster->diagnostics);
    report(problems.diagnostics);
    if (problems.count > 0) {
      fmt::print(stderr, "{} rows of {} were passed over\n", problems.count, flags.jobs);
      code = flags.strict ? input_wrong : done;
    }
    report::ReplayReport result = run_replay(flags, *cluster, problems.count, stop);
    if (!flags.overlay.empty() || !flags.on.empty())
      if (const int failed = add_overlay(flags, *cluster, stop, result); failed != done)
        return failed;
    if (!flags.html.empty())
      if (const auto written = write_file(flags.html, report::replay_html(result)); !written)
        return report(written.error());
    out += flags.json ? report::replay_json(result) : report::replay_text(result) + "\n";
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
  command->add_option("--seed", flags->seed, "of draws; for packing, of the order of pods")
      ->capture_default_str();
  command->add_option("--protocol", flags->protocol,
                      "packing: the published experiment, pods only arrive");
  command->add_option("--load", flags->load, "packing: GPU demand to reach, over all GPUs")
      ->capture_default_str();
  command->add_option("--nodes", flags->nodes,
                      "packing: a node list other than the cluster file's");
  command->add_flag("--waterfall", flags->waterfall,
                    "what each policy gains, alone and in turn; runs the jobs for each");
  command->add_flag("--marginal", flags->marginal,
                    "what one more MW and one more % of oversubscription gain; nine runs");
  command->add_flag("--over-time", flags->over_time, "occupancy and power by time, with --json");
  command
      ->add_option("--html", flags->html,
                   "one self-contained page; implies --waterfall, --marginal, --over-time")
      ->excludes("--compare");
  command
      ->add_option("--overlay", flags->overlay,
                   "writes what it found per accelerator and market: for `simulate --overlay`")
      ->excludes("--compare");
  command->add_option("--on", flags->on,
                      "a portfolio: the megawatts that the overlay is worth there");
  command->add_option("--scenario", flags->on_scenario, "of the portfolio")->needs("--on");
  command->add_option("--paths", flags->paths, "of the portfolio")
      ->check(CLI::Range(std::int64_t{2}, std::int64_t{1'000'000}))
      ->capture_default_str()
      ->needs("--on");
  command->add_flag("--check", flags->check,
                    "reads the trace and tells what is wrong, in constant memory; runs nothing");
  command->add_flag("--strict", flags->strict, "exit code 1 when rows were passed over");
  command->add_flag("--json", flags->json, "warmshell.replay/1 on stdout");
  return {command, [flags, policy] {
            flags->policy_given = policy->count() > 0;
            return run(*flags);
          }};
}

}  // namespace warmshell::cli
