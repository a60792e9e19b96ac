#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/verbs.h"
#include "import/epoch.h"
#include "text/json_writer.h"

namespace warmshell::cli {

namespace {

struct Flags {
  std::string sites, timelines, overrides, out, as_of = "2026-05-23";
  bool json = false;
};

std::string as_json(const import::EpochImport& result) {
  std::string out;
  text::JsonWriter json(out);
  const import::EpochTotals& t = result.totals;
  json.begin_object().field("format", "warmshell.import/1");
  json.key("totals").begin_object();
  json.field("sites", t.sites)
      .field("sites_without_halls", t.sites_without_halls)
      .field("halls", t.halls)
      .field("sources", t.sources);
  json.field("past", t.past)
      .field("future", t.future)
      .field("it_mw_as_of", t.it_mw_as_of)
      .field("facility_mw_as_of", t.facility_mw_as_of);
  json.field("it_mw_end", t.it_mw_end).field("facility_mw_end", t.facility_mw_end).end_object();
  json.key("warnings").begin_array();
  for (const Diagnostic& warning : result.warnings)
    json.begin_object()
        .field("code", warning.code)
        .field("path", warning.path)
        .field("file", warning.where.file)
        .field("line", warning.where.line)
        .field("message", warning.message)
        .end_object();
  json.end_array().end_object();
  return out + "\n";
}

int run(const Flags& flags) {
  import::EpochOptions options;
  Diagnostics errors;
  const auto open = [&](const std::string& path) -> text::SourcePtr {
    auto source = open_source(path);
    if (source) return *source;
    errors.insert(errors.end(), source.error().begin(), source.error().end());
    return nullptr;
  };
  options.sites = open(flags.sites);
  options.timelines = open(flags.timelines);
  if (!flags.overrides.empty()) options.overrides = open(flags.overrides);
  const auto as_of = parse_date(flags.as_of);
  if (!as_of)
    errors.push_back(plain_error("WS0011", fmt::format("`{}` is not a date", flags.as_of),
                                 "write it like 2026-05-23"));
  if (!errors.empty()) return report(errors);
  options.as_of = *as_of;

  const auto result = import::import_epoch(options);
  if (!result) return report(result.error());
  for (const import::ImportedFile& file : result->files) {
    const std::filesystem::path path = std::filesystem::path(flags.out) / file.path;
    const auto folder = make_folder(path.parent_path().string());
    if (!folder) return report(folder.error());
    const auto written = write_file(path.string(), file.text);
    if (!written) return report(written.error());
    fmt::print(stderr, "wrote {}\n", path.string());
  }
  if (flags.json)
    fmt::print("{}", as_json(*result));
  else
    report(result->warnings);
  return done;
}

}  // namespace

Verb add_import(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("import", "Write a portfolio from public data");
  command->require_subcommand(1);
  CLI::App* epoch = command->add_subcommand(
      "epoch",
      "Epoch AI's Frontier Data Centers: two CSV files become a portfolio with two scenarios");
  epoch->add_option("SITES", flags->sites, "epoch_data_centers_*.csv")->required();
  epoch->add_option("TIMELINES", flags->timelines, "epoch_data_center_timelines_*.csv")->required();
  epoch->add_option("--overrides", flags->overrides,
                    "YAML: what the text of a row says more than its columns");
  epoch->add_option("--as-of", flags->as_of, "later dates are plans")->capture_default_str();
  epoch->add_option("--out", flags->out, "the portfolio's folder")->required();
  epoch->add_flag("--json", flags->json, "totals and warnings as JSON on stdout");
  return {command, [flags] { return run(*flags); }};
}

}  // namespace warmshell::cli
