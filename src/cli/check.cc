#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/files.h"
#include "cli/verbs.h"
#include "model/read.h"
#include "model/templates.h"

namespace warmshell::cli {

Verb add_check(CLI::App& app) {
  struct Flags {
    std::string portfolio, scenario;
    std::vector<std::string> settings;
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app.add_subcommand("check", "Everything that is wrong with a portfolio, at once");
  command->add_option("PORTFOLIO", flags->portfolio, "a YAML file, or a folder with portfolio.yaml")
      ->required();
  command->add_option("--scenario", flags->scenario, "scenarios/NAME.yaml laid over it");
  command->add_option("--set", flags->settings, "a.b.c=VALUE, over everything; may be repeated");
  return {command, [flags] {
            const auto read =
                model::read_portfolio(flags->portfolio, flags->scenario, flags->settings);
            if (!read) return report_all(read.error());
            report_all(read->diagnostics);
            // ---- every scenario, unless one was asked for: what it says beyond the portfolio
            // itself
            int code = done;
            if (flags->scenario.empty())
              for (const std::string& name : read->scenarios) {
                const auto laid = model::read_portfolio(flags->portfolio, name, flags->settings);
                const Diagnostics& said = laid ? laid->diagnostics : laid.error();
                Diagnostics fresh;
                for (const Diagnostic& diagnostic : said)
                  if (std::find(read->diagnostics.begin(), read->diagnostics.end(), diagnostic) ==
                      read->diagnostics.end())
                    fresh.push_back(diagnostic);
                if (!fresh.empty()) fmt::print(stderr, "scenario {}:\n", name);
                code = std::max(code, report_all(fresh));
              }
            if (code != done) return code;
            const std::size_t said = read->diagnostics.size();
            fmt::print("{}: nothing is wrong; {} {}, {} defaults from the catalogue\n",
                       flags->portfolio, said, said == 1 ? "warning or note" : "warnings and notes",
                       read->defaults_used.size());
            return code;
          }};
}

Verb add_schema(CLI::App& app) {
  auto reference = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("schema", "JSON Schema of a portfolio, for completion in editors");
  command->add_flag("--reference", *reference, "the reference page instead, in Markdown");
  return {command, [reference] {
            fmt::print("{}",
                       *reference ? model::portfolio_reference_page() : model::portfolio_schema());
            return static_cast<int>(done);
          }};
}

Verb add_init(CLI::App& app) {
  struct Flags {
    std::string name, folder = ".";
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app.add_subcommand("init", "A first portfolio to edit; without --template, what there is");
  command->add_option("FOLDER", flags->folder, "where its files go")->capture_default_str();
  command->add_option("--template", flags->name, "which one");
  return {command, [flags] {
            for (const model::Template& one : model::templates()) {
              if (flags->name.empty()) fmt::print("{:14} {}\n", one.name, one.about);
              if (flags->name != one.name) continue;
              for (const model::Template::File& file : one.files) {
                const std::string path = fmt::format("{}/{}", flags->folder, file.name);
                if (read_file(path))
                  return report({plain_error("WS0013", fmt::format("{} is there already", path),
                                             "name another folder")});
              }
              const auto made = make_folder(flags->folder);
              if (!made) return report(made.error());
              for (const model::Template::File& file : one.files) {
                const std::string path = fmt::format("{}/{}", flags->folder, file.name);
                const auto written = write_file(path, file.text);
                if (!written) return report(written.error());
                fmt::print("wrote {}\n", path);
              }
              fmt::print("next: warmshell simulate {}\n", flags->folder);
              return static_cast<int>(done);
            }
            if (flags->name.empty()) return static_cast<int>(done);
            std::vector<std::string> names;
            for (const model::Template& one : model::templates()) names.emplace_back(one.name);
            const std::string near = did_you_mean(flags->name, names);
            return report({plain_error("WS0014", fmt::format("no template `{}`", flags->name),
                                       near.empty() ? "`warmshell init` lists them"
                                                    : fmt::format("did you mean `{}`?", near))});
          }};
}

}  // namespace warmshell::cli
