// warmshell VERB ...: `warmshell --help` lists the verbs, `warmshell VERB --help` the flags of one.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "cli/verbs.h"

int main(int argc, char** argv) {
  using namespace warmshell::cli;
  CLI::App app("What AI compute will run, when, and what it is worth, where power is scarce.",
               "warmshell");
  app.set_version_flag("--version", WARMSHELL_VERSION);
  app.require_subcommand(1);
  const Verb verbs[] = {add_simulate(app), add_gates(app),   add_report(app),    add_replay(app),
                        add_check(app),    add_explain(app), add_init(app),      add_schema(app),
                        add_catalog(app),  add_import(app),  add_completion(app)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? done : usage;
  }
  for (const Verb& verb : verbs)
    if (verb.command->parsed()) return verb.run();
  return usage;
}
