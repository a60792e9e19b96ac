#include <fmt/format.h>

#include <memory>

#include "base/files.h"
#include "cli/verbs.h"
#include "report/html.h"
#include "report/run_folder.h"
#include "report/summary.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::vector<std::string> folders;
  std::string html;
};

int run(const Flags& flags) {
  std::vector<study::SimulateResult> results;
  for (const std::string& folder : flags.folders) {
    auto result = report::read_run_folder(folder);
    if (!result) return report(result.error());
    results.push_back(std::move(*result));
  }
  if (!flags.html.empty()) {
    const auto written = write_file(flags.html, report::simulate_html(results));
    return written ? static_cast<int>(done) : report(written.error());
  }
  fmt::print("{}", report::simulate_summaries(results));
  return done;
}

}  // namespace

Verb add_report(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app.add_subcommand("report", "The report of runs that are kept, without running again");
  command
      ->add_option("FOLDER", flags->folders,
                   "run folders of `simulate --out`; several stand side by side")
      ->required();
  command->add_option("--html", flags->html, "one self-contained page; else a summary on stdout");
  return {command, [flags] { return run(*flags); }};
}

}  // namespace warmshell::cli
