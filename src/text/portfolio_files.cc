#include "text/portfolio_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "text/overlay.h"
#include "text/table.h"
#include "text/utf8.h"
#include "text/yaml.h"

namespace warmshell::text {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view scenario_folder = "scenarios/";

void append(Diagnostics& to, const Diagnostics& from) {
  to.insert(to.end(), from.begin(), from.end());
}

Diagnostic at(const Place& place, std::string code, std::string message, std::string help) {
  Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
  diagnostic.where = place.span();
  return diagnostic;
}

class Loader {
 public:
  Loader(PortfolioFiles& files, Diagnostics& out) : files_(files), out_(out) {}

  std::optional<Node> read(const std::string& path, const Place& asked_at = {}) {
    const Result<SourcePtr> source = files_.folder.load(path, asked_at);
    if (!source) return append(out_, source.error()), std::nullopt;
    files_.sources.push_back(*source);
    std::optional<Node> tree = map_of(*source);
    if (tree) put_tables(*tree);
    return tree;
  }

  // A file that the user named, wherever it is; nothing beside it is opened.
  std::optional<Node> read_overlay(const std::string& path) {
    const fs::path file(path);
    const Result<Folder> folder =
        Folder::open(file.has_parent_path() ? file.parent_path().string() : ".");
    if (!folder) return append(out_, folder.error()), std::nullopt;
    const Result<SourcePtr> source = folder->load(file.filename().string(), Place{});
    if (!source) return append(out_, source.error()), std::nullopt;
    files_.sources.push_back(*source);
    return map_of(*source);
  }

  // The scenario and those it is based on, the last to be laid over first.
  std::vector<Node> chain(const std::string& name) {
    std::vector<Node> overlays;
    std::vector<std::string> visited;
    std::string next = name;
    Place asked_at;
    while (!next.empty()) {
      if (std::find(visited.begin(), visited.end(), next) != visited.end()) {
        std::string circle;
        for (const std::string& each : visited) circle += each + " -> ";
        out_.push_back(
            at(asked_at, "WS0008",
               fmt::format("scenarios are based on each other in a circle: {}{}", circle, next),
               "remove one `based_on`"));
        return overlays;
      }
      visited.push_back(next);
      if (std::find(files_.scenarios.begin(), files_.scenarios.end(), next) ==
          files_.scenarios.end()) {
        unknown_scenario(next, asked_at);
        return overlays;
      }
      std::optional<Node> overlay = read(std::string(scenario_folder) + next + ".yaml", asked_at);
      if (!overlay) return overlays;
      next.clear();
      const auto based_on =
          std::find_if(overlay->entries.begin(), overlay->entries.end(),
                       [](const Entry& entry) { return entry.key == "based_on"; });
      if (based_on != overlay->entries.end()) {
        if (based_on->value.is_scalar())
          next = based_on->value.is_null() ? "" : based_on->value.text;
        else
          out_.push_back(at(based_on->value.place, "WS0203",
                            "expected the name of a scenario after `based_on`", ""));
        asked_at = based_on->value.place;
        overlay->entries.erase(based_on);
      }
      overlays.push_back(std::move(*overlay));
    }
    return overlays;
  }

 private:
  std::optional<Node> map_of(const SourcePtr& source) {
    Result<Node> tree = read_yaml(source);
    if (!tree) return append(out_, tree.error()), std::nullopt;
    if (tree->is_map()) return std::move(*tree);
    out_.push_back(at(tree->place, "WS0203",
                      fmt::format("expected `key: value` lines, found {}", kind_name(*tree)), ""));
    return std::nullopt;
  }

  void unknown_scenario(const std::string& name, const Place& asked_at) {
    const std::string near = name.size() <= 64 ? did_you_mean(name, files_.scenarios) : "";
    std::string help = near.empty() ? "" : fmt::format("did you mean `{}`?", near);
    if (help.empty() && files_.scenarios.empty()) help = "this portfolio has no folder `scenarios`";
    if (help.empty())
      for (const std::string& each : files_.scenarios)
        help += (help.empty() ? "there are: " : ", ") + each;
    out_.push_back(
        at(asked_at, "WS0007", fmt::format("there is no scenario called {}", ticked(name)), help));
  }

  // `fleet: {from: lots.csv}`: the rows of the table beside what else is written there.
  void put_tables(Node& tree) {
    for (const char* key : {"sites", "fleet"}) {
      Node* map = nullptr;
      for (Entry& entry : tree.entries)
        if (entry.key == key && entry.value.is_map()) map = &entry.value;
      const Node* from = map ? map->find("from") : nullptr;
      if (!from || !from->is_scalar() || !from->text.ends_with(".csv")) continue;
      const Result<SourcePtr> source = files_.folder.load(from->text, from->place);
      if (!source) {
        append(files_.problems, source.error());
        std::erase_if(map->entries, [](const Entry& entry) { return entry.key == "from"; });
        continue;
      }
      files_.sources.push_back(*source);
      Node rows = usable_rows(*source, files_.problems);
      Node written = *map;
      std::erase_if(written.entries, [](const Entry& entry) { return entry.key == "from"; });
      rows.place = map->place;
      *map = merge(std::move(rows), written);
    }
  }

  PortfolioFiles& files_;
  Diagnostics& out_;
};

}  // namespace

Result<PortfolioFiles> load_portfolio(const std::string& path, const std::string& scenario,
                                      const std::vector<std::string>& settings,
                                      const std::vector<std::string>& overlay_files) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  const fs::path file = fs::path(path);
  const std::string parent = is_folder ? path : file.parent_path().string();
  Result<Folder> folder = Folder::open(parent);
  if (!folder || (!is_folder && !fs::exists(path, ignored))) {
    // Said of what the user named, not of its parent or its last part.
    Diagnostic diagnostic =
        plain_error("WS0001", fmt::format("cannot open {}: No such file or directory", path),
                    "name a YAML file, or a folder with portfolio.yaml");
    diagnostic.where.file = path;
    return fail(std::move(diagnostic));
  }
  PortfolioFiles files;
  files.folder = std::move(*folder);
  const std::string main_file = is_folder ? "portfolio.yaml" : file.filename().string();
  if (is_folder && !files.folder.has(main_file)) {
    Diagnostic diagnostic =
        plain_error("WS0009", fmt::format("the folder {} holds no portfolio.yaml", path),
                    "a portfolio is one YAML file, or a folder with portfolio.yaml");
    diagnostic.where.file = path;
    return fail(std::move(diagnostic));
  }
  for (const std::string& name : files.folder.list(std::string(scenario_folder), ".yaml"))
    files.scenarios.push_back(name.substr(0, name.size() - 5));

  Diagnostics out;
  Loader loader(files, out);
  std::optional<Node> tree = loader.read(main_file);
  std::vector<Node> overlays;
  if (!scenario.empty()) overlays = loader.chain(scenario);
  std::vector<Node> flags;
  for (const std::string& overlay_file : overlay_files)
    if (std::optional<Node> overlay = loader.read_overlay(overlay_file))
      flags.push_back(std::move(*overlay));
  for (const std::string& setting : settings) {
    Result<Node> overlay = read_setting(setting);
    if (overlay)
      flags.push_back(std::move(*overlay));
    else
      append(out, overlay.error());
  }
  if (!out.empty() || !tree) return tl::unexpected<Diagnostics>(std::move(out));
  const auto lay = [&](const Node& overlay) {
    append(files.warnings, doubtful_names(*tree, overlay));
    *tree = merge(std::move(*tree), overlay);
  };
  for (auto overlay = overlays.rbegin(); overlay != overlays.rend(); ++overlay) lay(*overlay);
  for (const Node& flag : flags) lay(flag);
  files.tree = std::move(*tree);
  files.scenario = scenario;
  return files;
}

}  // namespace warmshell::text
