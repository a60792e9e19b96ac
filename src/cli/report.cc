#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/files.h"
#include "cli/verbs.h"
#include "report/html.h"
#include "report/run_folder.h"
#include "report/summary.h"
#include "study/paired.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::vector<std::string> folders;
  std::string html;
};

// Runs of several portfolios are called by these too; what is still called the same, by its folder.
void tell_apart(const std::vector<std::string>& folders, std::vector<study::Simulation>& runs) {
  const std::string title = runs.front().result.title;
  if (std::any_of(runs.begin(), runs.end(),
                  [&](const study::Simulation& run) { return run.result.title != title; }))
    for (study::Simulation& run : runs)
      run.result.scenario =
          run.result.title + (run.result.scenario.empty() ? "" : ", ") + run.result.scenario;
  std::set<std::string> names;
  for (const study::Simulation& run : runs) names.insert(run.result.scenario);
  if (names.size() == runs.size()) return;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::string& name = runs[i].result.scenario;
    name = name.empty() ? folders[i] : fmt::format("{} ({})", name, folders[i]);
  }
}

int run(const Flags& flags) {
  std::vector<study::Simulation> runs;
  const auto with_paths =
      flags.folders.size() > 1 ? report::WithPaths::if_there : report::WithPaths::no;
  for (const std::string& folder : flags.folders) {
    auto read = report::read_run_folder(folder, with_paths);
    if (!read) return report(read.error());
    runs.push_back(std::move(*read));
  }
  tell_apart(flags.folders, runs);
  std::vector<study::SimulateResult> results;
  std::vector<study::Difference> differences;
  for (const study::Simulation& run : runs) {
    if (!results.empty()) differences.push_back(study::difference(runs.front(), run));
    results.push_back(run.result);
  }
  if (!flags.html.empty()) {
    const auto written = write_file(flags.html, report::simulate_html(results, differences));
    return written ? static_cast<int>(done) : report(written.error());
  }
  fmt::print("{}", report::simulate_summaries(results, differences));
  return done;
}

}  // namespace

Verb add_report(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app.add_subcommand("report", "The report of runs that are kept, without running again");
  command
      ->add_option("FOLDER", flags->folders,
                   "run folders of `simulate --out`; several stand side by side, with what each "
                   "differs from the first on the same paths")
      ->required();
  command->add_option("--html", flags->html, "one self-contained page; else a summary on stdout");
  return {command, [flags] { return run(*flags); }};
}

}  // namespace warmshell::cli
