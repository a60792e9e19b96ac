#include "study/gates.h"

#include <fmt/format.h>

#include <memory>

#include "cli/verbs.h"
#include "model/read.h"
#include "report/gates.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::string portfolio, scenario, at;
  std::vector<std::string> settings;
  std::int64_t paths = 10000;
  std::uint64_t seed = 1;
  bool json = false;
};

int run(const Flags& flags) {
  const auto read = model::read_portfolio(flags.portfolio, flags.scenario, flags.settings);
  if (!read) return report(read.error());
  report(read->diagnostics);
  const auto at =
      flags.at.empty() ? read->portfolio.start.value : parse_date(flags.at).value_or(never);
  if (at == never)
    return report({plain_error("WS0011", fmt::format("`{}` is not a date", flags.at),
                               "write it like 2026-05-23")});
  study::SimulateOptions options;
  options.paths = flags.paths;
  options.seed = flags.seed;
  const study::GatesResult result = study::gates(study::prepare(*read), options, at);
  fmt::print("{}", flags.json ? report::gates_json(result) : report::gates_text(result));
  return done;
}

}  // namespace

Verb add_gates(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app.add_subcommand("gates", "When every gate opens, and what is ready for service at a date");
  command->add_option("PORTFOLIO", flags->portfolio, "a YAML file, or a folder with portfolio.yaml")
      ->required();
  command->add_option("--at", flags->at,
                      "the date of the megawatts; the portfolio's start when not given");
  command->add_option("--scenario", flags->scenario, "scenarios/NAME.yaml laid over it");
  command->add_option("--set", flags->settings, "a.b.c=VALUE, over everything; may be repeated");
  command->add_option("--paths", flags->paths, "how many draws")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}))
      ->capture_default_str();
  command->add_option("--seed", flags->seed, "of the draws")->capture_default_str();
  command->add_flag("--json", flags->json, "warmshell.gates/1 on stdout");
  return {command, [flags] { return run(*flags); }};
}

}  // namespace warmshell::cli
