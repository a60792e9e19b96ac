#pragma once
// One file per verb. A verb declares its flags and returns what runs it; logic lives below.
// stdout is data, stderr is talk. Exit codes are for ever.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/diagnostic.h"
#include "text/source.h"

namespace warmshell::cli {

enum ExitCode {
  done = 0,
  input_wrong = 1,
  usage = 2,
  infeasible = 3,
  interrupted = 4,
  requirement_failed = 5
};

struct Verb {
  CLI::App* command = nullptr;
  std::function<int()> run;
};

Verb add_catalog(CLI::App& app);
Verb add_check(CLI::App& app);
Verb add_completion(CLI::App& app);
Verb add_explain(CLI::App& app);
Verb add_gates(CLI::App& app);
Verb add_import(CLI::App& app);
Verb add_init(CLI::App& app);
Verb add_replay(CLI::App& app);
Verb add_report(CLI::App& app);
Verb add_schema(CLI::App& app);
Verb add_simulate(CLI::App& app);

// Diagnostics to stderr; input_wrong when one of them is an error, else done. The short form tells
// three warnings of each code and counts the rest.
int report(const Diagnostics& diagnostics);
int report_all(const Diagnostics& diagnostics);

// A file named on the command line: its folder is opened, and nothing beyond it.
Result<text::SourcePtr> open_source(const std::string& path);

}  // namespace warmshell::cli
