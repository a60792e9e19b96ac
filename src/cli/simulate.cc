#include "study/simulate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>

#include "base/files.h"
#include "cli/verbs.h"
#include "model/read.h"
#include "report/html.h"
#include "report/json.h"
#include "report/path_story.h"
#include "report/run_folder.h"
#include "report/summary.h"
#include "study/paired.h"
#include "study/paths_csv.h"
#include "study/workings.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::string portfolio, scenario, from, csv, html, out, paths_out;
  std::vector<std::string> settings, beside, overlays;
  std::int64_t paths = 10000, path = -1;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  bool json = false, stats = false, explain = false;
};

// One line that is rewritten, and only where somebody looks.
class ProgressLine {
 public:
  void show(std::int64_t done, std::int64_t asked) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(200) && done < asked) return;
    shown_ = now;
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const double left = seconds * static_cast<double>(asked - done) /
                        static_cast<double>(std::max<std::int64_t>(done, 1));
    fmt::print(stderr, "\r{} of {} paths, {:.0f} s left ", done, asked, left);
    if (done == asked) fmt::print(stderr, "\r{:50}\r", "");
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) != 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now(), shown_ = begin_;
};

Result<model::ReadPortfolio> read_scenario(const Flags& flags, const std::string& scenario) {
  std::vector<std::string> settings = flags.settings;
  if (!flags.from.empty()) settings.push_back("start=" + flags.from);
  return model::read_portfolio(flags.portfolio, scenario, settings, flags.overlays);
}

// `told` holds what was said of an earlier scenario, so that nothing is said twice.
Result<report::TimedRun> run_scenario(const Flags& flags, const std::string& scenario,
                                      const StopFlag& stop, Diagnostics& told) {
  const auto read = read_scenario(flags, scenario);
  if (!read) return tl::unexpected(read.error());
  Diagnostics fresh;
  for (const Diagnostic& diagnostic : read->diagnostics)
    if (std::find(told.begin(), told.end(), diagnostic) == told.end()) fresh.push_back(diagnostic);
  report(fresh);
  told.insert(told.end(), fresh.begin(), fresh.end());

  study::SimulateOptions options;
  options.seed = flags.seed;
  options.threads = flags.threads;
  options.paths = flags.path >= 0 ? 1 : flags.paths;
  options.first_path = std::max<std::int64_t>(flags.path, 0);
  ProgressLine progress;
  options.progress = [&](std::int64_t done_paths, std::int64_t asked) {
    progress.show(done_paths, asked);
  };
  study::Simulation simulation = study::simulate(study::prepare(*read), options, stop);
  return report::TimedRun{std::move(simulation), progress.seconds()};
}

// The one file of a run folder that grows with the paths.
void tell_kept_paths(const std::string& folder, std::span<const report::TimedRun> runs) {
  constexpr std::uintmax_t worth_telling = 10'000'000;
  std::vector<std::string> folders{folder};
  if (runs.size() > 1) {
    folders.clear();
    for (const std::string& name : report::scenario_folders(runs))
      folders.push_back(folder + "/" + name);
  }
  for (const std::string& each : folders) {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(each + "/paths.csv", error);
    if (error || bytes < worth_telling) continue;
    fmt::print(stderr,
               "note: {}/paths.csv is {:.0f} MB, a row per path; only a `warmshell report` of "
               "several runs reads it\n",
               each, static_cast<double>(bytes) / 1e6);
  }
}

// The tables of one path, and what they are computed from.
Result<void> write_path_tables(const Flags& flags, std::span<const report::TimedRun> runs) {
  const auto read = read_scenario(flags, flags.scenario);
  if (!read) return tl::unexpected(read.error());
  const study::Workings workings = study::workings(study::prepare(*read), flags.seed, flags.path);
  return report::write_table_folders(flags.csv, runs).and_then([&] {
    return report::write_workings(flags.csv, runs.front().run.result, workings);
  });
}

int run(const Flags& flags) {
  // ---- run
  StopFlag stop;
  const StopOnInterrupt interrupt(stop);
  Diagnostics told;
  std::vector<std::string> scenarios{flags.scenario};
  scenarios.insert(scenarios.end(), flags.beside.begin(), flags.beside.end());
  std::vector<report::TimedRun> runs;
  std::vector<study::SimulateResult> results;
  std::vector<study::Difference> differences;
  double seconds = 0;
  for (const std::string& scenario : scenarios) {
    auto timed = run_scenario(flags, scenario, stop, told);
    if (!timed) return report(timed.error());
    runs.push_back(std::move(*timed));
    seconds += runs.back().seconds;
    results.push_back(runs.back().run.result);
    if (runs.size() > 1)
      differences.push_back(study::difference(runs.front().run, runs.back().run));
  }
  const study::Simulation& simulation = runs.front().run;
  const study::SimulateResult& first = results.front();
  if (flags.stats) fmt::print(stderr, "{{\"seconds\": {}, \"paths\": {}}}\n", seconds, first.paths);

  // ---- one path
  if (flags.path >= 0) {
    if (!flags.csv.empty())
      if (const auto written = write_path_tables(flags, runs); !written)
        return report(written.error());
    fmt::print("{}", flags.explain ? report::path_story(first, flags.path)
                                   : study::paths_csv(simulation, flags.path));
    return done;
  }

  // ---- files
  Result<void> written;
  const auto then = [&](const std::string& path, const auto& write_to) {
    if (written && !path.empty()) written = write_to(path);
  };
  then(flags.paths_out,
       [&](const std::string& file) { return write_file(file, study::paths_csv(simulation, 0)); });
  then(flags.csv,
       [&](const std::string& folder) { return report::write_table_folders(folder, runs); });
  then(flags.html, [&](const std::string& file) {
    return write_file(file, report::simulate_html(results, differences));
  });
  then(flags.out, [&](const std::string& folder) {
    return report::write_run_folders(folder, runs, differences);
  });
  if (!written) return report(written.error());
  if (!flags.out.empty()) tell_kept_paths(flags.out, runs);

  // ---- say
  if (!flags.json)
    fmt::print("{}", report::simulate_summaries(results, differences));
  else if (flags.beside.empty())
    fmt::print("{}", report::simulate_json(first));
  else
    fmt::print("{}", report::scenarios_json(results, differences));
  return first.complete ? done : interrupted;
}

}  // namespace

Verb add_simulate(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("simulate", "What will run, when, and what it is worth");
  command->add_option("PORTFOLIO", flags->portfolio, "a YAML file, or a folder with portfolio.yaml")
      ->required();
  command->add_option("--scenario", flags->scenario, "scenarios/NAME.yaml laid over it");
  command->add_option("--overlay", flags->overlays,
                      "a YAML file laid over it after the scenario; may be repeated");
  command->add_option("--set", flags->settings, "a.b.c=VALUE, over everything; may be repeated");
  command->add_option("--from", flags->from,
                      "another first month; demand `now` is then that month's");
  command->add_option("--paths", flags->paths, "how many draws of everything uncertain")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}))
      ->capture_default_str();
  command->add_option("--seed", flags->seed, "of the draws")->capture_default_str();
  command->add_option("--threads", flags->threads, "0: all; changes no byte of the result")
      ->capture_default_str();
  CLI::Option* path =
      command->add_option("--path", flags->path, "one path alone (from 0): header and its row")
          ->check(CLI::Range(std::int64_t{0}, std::int64_t{10'000'000}));
  command
      ->add_option("--beside", flags->beside,
                   "another scenario, shown side by side in the report; may be repeated: further "
                   "ones stand in its table")
      ->excludes(path);
  command
      ->add_flag("--explain", flags->explain,
                 "with --path: its gates, states, costs and cash in words")
      ->needs(path);
  command
      ->add_option("--paths-out", flags->paths_out,
                   "CSV, a row per path; with --beside of the first scenario")
      ->excludes(path);
  command
      ->add_flag("--json", flags->json,
                 "warmshell.simulate/1 on stdout; with --beside warmshell.scenarios/1")
      ->excludes(path);
  command->add_option(
      "--csv", flags->csv,
      "a folder for the tables; with --beside a folder in it for each scenario; with "
      "--path those of that path, and all that its money is computed from");
  command->add_option("--html", flags->html, "one self-contained page")->excludes(path);
  command
      ->add_option("--out", flags->out,
                   "a run folder: JSON, CSV, report; with --beside one in it for each scenario")
      ->excludes(path);
  command->add_flag("--stats", flags->stats, "time on stderr");
  return {command, [flags] { return run(*flags); }};
}

}  // namespace warmshell::cli
