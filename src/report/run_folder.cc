#include "report/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "report/html.h"
#include "report/json.h"
#include "report/read_json.h"
#include "study/paths_csv.h"

namespace warmshell::report {

namespace {

Result<void> write_tables(const std::string& folder, const study::SimulateResult& result) {
  if (auto made = make_folder(folder); !made) return made;
  for (const CsvTable& table : simulate_csv(result))
    if (auto written = write_file(folder + "/" + table.name + ".csv", table.text); !written)
      return written;
  return {};
}

Result<void> write_run_folder(const std::string& folder, const TimedRun& timed) {
  const study::SimulateResult& result = timed.run.result;
  return make_folder(folder + "/run")
      .and_then([&] { return write_tables(folder, result); })
      .and_then([&] { return write_file(folder + "/paths.csv", study::paths_csv(timed.run, 0)); })
      .and_then([&] { return write_file(folder + "/simulate.json", simulate_json(result)); })
      .and_then([&] {
        return write_file(folder + "/report.html", simulate_html({&result, 1}));
      })
      .and_then([&] {
        return write_file(folder + "/run/timing.json",
                          fmt::format("{{\"seconds\": {}}}\n", timed.seconds));
      });
}

}  // namespace

std::vector<std::string> scenario_folders(std::span<const TimedRun> runs) {
  std::vector<std::string> names;
  for (const TimedRun& timed : runs) {
    std::string name = timed.run.result.scenario.empty() ? "as-written" : timed.run.result.scenario;
    std::replace(name.begin(), name.end(), '/', '-');
    const std::string plain = name;
    for (int number = 2; std::find(names.begin(), names.end(), name) != names.end(); ++number)
      name = fmt::format("{}-{}", plain, number);
    names.push_back(std::move(name));
  }
  return names;
}

Result<void> write_run_folders(const std::string& folder, std::span<const TimedRun> runs,
                               std::span<const study::Difference> differences) {
  if (runs.size() == 1) return write_run_folder(folder, runs.front());
  const std::vector<std::string> names = scenario_folders(runs);
  std::vector<study::SimulateResult> results;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (auto written = write_run_folder(folder + "/" + names[i], runs[i]); !written) return written;
    results.push_back(runs[i].run.result);
  }
  return write_file(folder + "/scenarios.json", scenarios_json(results, differences)).and_then([&] {
    return write_file(folder + "/report.html", simulate_html(results, differences));
  });
}

Result<void> write_table_folders(const std::string& folder, std::span<const TimedRun> runs) {
  if (runs.size() == 1) return write_tables(folder, runs.front().run.result);
  const std::vector<std::string> names = scenario_folders(runs);
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (auto written = write_tables(folder + "/" + names[i], runs[i].run.result); !written)
      return written;
  return {};
}

Result<study::Simulation> read_run_folder(const std::string& folder, WithPaths with_paths) {
  study::Simulation run;
  const std::string file = folder + "/simulate.json";
  const auto text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  auto result = read_simulate_json(*text, file);
  if (!result) return tl::unexpected(result.error());
  run.result = std::move(*result);
  const std::string paths = folder + "/paths.csv";
  if (with_paths == WithPaths::no || !std::filesystem::exists(paths)) return run;
  const auto rows = read_file(paths);
  if (!rows) return tl::unexpected(rows.error());
  run.metrics = study::read_paths_csv(*rows, run.result.paths);
  if (run.metrics) return run;
  Diagnostic diagnostic =
      plain_error("WS0015", fmt::format("these are not the rows of {} paths", run.result.paths),
                  "give the folder that `warmshell simulate --out` wrote, or remove this file: "
                  "then no differences are shown");
  diagnostic.where.file = paths;
  return fail(std::move(diagnostic));
}

}  // namespace warmshell::report
