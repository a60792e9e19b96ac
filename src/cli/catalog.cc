#include "catalog/catalog.h"

#include <fmt/format.h>

#include <memory>

#include "catalog/print.h"
#include "cli/verbs.h"

namespace warmshell::cli {

Verb add_catalog(CLI::App& app) {
  struct Flags {
    std::string table, filter;
    bool csv = false, json = false;
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("catalog", "Built-in facts with source and tier");
  command->add_option("TABLE", flags->table, "accelerators, power_sources, shells, ...")
      ->required();
  command->add_option("FILTER", flags->filter, "keep rows in which some cell holds this");
  CLI::Option* csv = command->add_flag("--csv", flags->csv, "every column, as CSV");
  command->add_flag("--json", flags->json, "every column, as JSON")->excludes(csv);
  return {command, [flags] {
            const auto format = flags->csv    ? catalog::PrintFormat::csv
                                : flags->json ? catalog::PrintFormat::json
                                              : catalog::PrintFormat::text;
            const auto table = catalog::print_table(flags->table, flags->filter, format);
            if (!table) return report(table.error());
            fmt::print("{}", *table);
            return static_cast<int>(done);
          }};
}

}  // namespace warmshell::cli
