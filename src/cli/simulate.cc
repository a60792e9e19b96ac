#include "study/simulate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>

#include "base/files.h"
#include "cli/verbs.h"
#include "model/read.h"
#include "report/html.h"
#include "report/json.h"
#include "report/path_story.h"
#include "report/summary.h"

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

int write(const std::string& path, const std::string& text) {
  const auto written = write_file(path, text);
  return written ? static_cast<int>(done) : report(written.error());
}

int write_tables(const std::string& folder, const study::SimulateResult& result) {
  const auto made = make_folder(folder);
  if (!made) return report(made.error());
  for (const report::CsvTable& table : report::simulate_csv(result))
    if (const int code = write(folder + "/" + table.name + ".csv", table.text); code != done)
      return code;
  return done;
}

std::string path_rows(const study::Simulation& run, std::int64_t first_path) {
  std::string rows = study::paths_csv_header();
  for (std::int64_t i = 0; i < run.result.paths; ++i)
    rows += study::paths_csv_row(*run.metrics, i, first_path + i);
  return rows;
}

// A run folder: everything that a reader of the run may want, and nothing of the machine it ran on.
int write_run(const std::string& folder, const study::SimulateResult& result, double seconds) {
  if (const auto made = make_folder(folder + "/run"); !made) return report(made.error());
  if (const int code = write_tables(folder, result); code != done) return code;
  if (const int code = write(folder + "/simulate.json", report::simulate_json(result));
      code != done)
    return code;
  if (const int code = write(folder + "/report.html", report::simulate_html({&result, 1}));
      code != done)
    return code;
  return write(folder + "/run/timing.json", fmt::format("{{\"seconds\": {}}}\n", seconds));
}

// `told` holds what was said of an earlier scenario, so that nothing is said twice.
Result<study::Simulation> run_scenario(const Flags& flags, const std::string& scenario,
                                       const StopFlag& stop, double& seconds, Diagnostics& told) {
  std::vector<std::string> settings = flags.settings;
  if (!flags.from.empty()) settings.push_back("start=" + flags.from);
  const auto read = model::read_portfolio(flags.portfolio, scenario, settings, flags.overlays);
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
  seconds += progress.seconds();
  return simulation;
}

int run(const Flags& flags) {
  // ---- run
  StopFlag stop;
  const StopOnInterrupt interrupt(stop);
  double seconds = 0;
  Diagnostics told;
  const auto simulation = run_scenario(flags, flags.scenario, stop, seconds, told);
  if (!simulation) return report(simulation.error());
  std::vector<study::SimulateResult> results{simulation->result};
  for (const std::string& scenario : flags.beside) {
    const auto beside = run_scenario(flags, scenario, stop, seconds, told);
    if (!beside) return report(beside.error());
    results.push_back(beside->result);
  }
  if (flags.stats)
    fmt::print(stderr, "{{\"seconds\": {}, \"paths\": {}}}\n", seconds, simulation->result.paths);

  // ---- say
  if (flags.path >= 0 && flags.explain) {
    fmt::print("{}", report::path_story(results.front(), flags.path));
    return done;
  }
  if (flags.path >= 0) {
    fmt::print("{}", path_rows(*simulation, flags.path));
    return done;
  }
  int code = done;
  const auto unless_failed = [&](const auto& step) {
    if (code == done) code = step();
  };
  if (!flags.paths_out.empty())
    unless_failed([&] { return write(flags.paths_out, path_rows(*simulation, 0)); });
  if (!flags.csv.empty()) unless_failed([&] { return write_tables(flags.csv, results.front()); });
  if (!flags.html.empty())
    unless_failed([&] { return write(flags.html, report::simulate_html(results)); });
  if (!flags.out.empty())
    unless_failed([&] { return write_run(flags.out, results.front(), seconds); });
  if (code != done) return code;
  if (flags.json)
    fmt::print("{}", report::simulate_json(results.front()));
  else
    fmt::print("{}", report::simulate_summaries(results));
  return results.front().complete ? done : interrupted;
}

}  // namespace

Verb add_simulate(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("simulate", "What will run, when, and what it is worth");
  command->add_option("PORTFOLIO", flags->portfolio, "a YAML file, or a folder with portfolio.yaml")
      ->required();
  command->add_option("--scenario", flags->scenario, "scenarios/NAME.yaml laid over it");
  CLI::Option* beside = command->add_option(
      "--beside", flags->beside,
      "another scenario, shown side by side in the report; may be repeated: further "
      "ones stand in its table");
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
      ->add_flag("--explain", flags->explain,
                 "with --path: its gates, states, costs and cash in words")
      ->needs(path);
  command->add_option("--paths-out", flags->paths_out, "CSV, a row per path");
  command->add_flag("--json", flags->json, "warmshell.simulate/1 on stdout")
      ->excludes(beside)
      ->excludes(path);
  command->add_option("--csv", flags->csv, "a folder for the tables")->excludes(beside);
  command->add_option("--html", flags->html, "one self-contained page");
  command->add_option("--out", flags->out, "a run folder: JSON, CSV, report")->excludes(beside);
  command->add_flag("--stats", flags->stats, "time on stderr");
  return {command, [flags] { return run(*flags); }};
}

}  // namespace warmshell::cli
