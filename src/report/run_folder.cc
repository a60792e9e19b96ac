#include "report/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "report/html.h"
#include "report/json.h"
#include "report/read_json.h"
#include "study/paths_csv.h"
#include "text/json_writer.h"

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

// What a folder held of another kind of run would be told with this one.
Result<void> remove_files(const std::string& folder,
                          std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::error_code error;
    std::filesystem::remove(std::filesystem::path(folder) / name, error);
    if (error)
      return fail(plain_error("WS0012", fmt::format("cannot remove {}/{}", folder, name),
                              "check its permissions, or give another folder"));
  }
  return {};
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
  if (runs.size() == 1)
    return remove_files(folder, {"scenarios.json"}).and_then([&] {
      return write_run_folder(folder, runs.front());
    });
  if (auto removed = remove_files(folder, {"simulate.json", "paths.csv"}); !removed) return removed;
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

namespace {

// What is never or unbounded is an empty cell.
std::string cell_of(double number) {
  return std::isfinite(number) ? text::json_number(number) : "";
}

}  // namespace

Result<void> write_workings(const std::string& folder, const study::SimulateResult& result,
                            const study::Workings& workings) {
  std::string months = "month";
  for (const auto& column : workings.columns) months += "," + column.name;
  months += "\n";
  for (std::size_t month = 0; month < result.months.size(); ++month) {
    months += result.months[month];
    for (const auto& column : workings.columns) months += "," + cell_of(column.by_month[month]);
    months += "\n";
  }
  std::string dates = "id,months_since_start\n";
  for (const auto& [id, month] : workings.dates) dates += id + "," + cell_of(month) + "\n";
  return write_file(folder + "/workings.csv", months).and_then([&] {
    return write_file(folder + "/dates.csv", dates);
  });
}

namespace {

// Whether the means of the result are those of the rows, as far as sums in another order go.
bool rows_are_of(const study::SimulateResult& result, const value::PathMetrics& metrics) {
  for (const value::Metric metric : study::compared_metrics) {
    const auto found =
        result.metrics.find(std::string(value::metric_names[static_cast<std::size_t>(metric)]));
    if (found == result.metrics.end()) return false;
    double sum = 0, size = 0;
    for (std::int64_t path = 0; path < result.paths; ++path) {
      sum += metrics.get(metric, path);
      size += std::abs(metrics.get(metric, path));
    }
    const double paths = static_cast<double>(result.paths);
    if (!(std::abs(sum - found->second.mean * paths) <= 1e-9 * size)) return false;
  }
  return true;
}

// The folders in it that hold a run, the one as written first.
std::string runs_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (std::filesystem::exists(entry.path() / "simulate.json"))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a != "as-written", a) < std::pair(b != "as-written", b);
  });
  std::string words;
  for (const std::string& name : names) words += fmt::format(" {}/{}", folder, name);
  return words;
}

}  // namespace

Result<study::Simulation> read_run_folder(const std::string& folder, WithPaths with_paths) {
  study::Simulation run;
  const std::string file = folder + "/simulate.json";
  if (!std::filesystem::exists(file) && std::filesystem::exists(folder + "/scenarios.json")) {
    Diagnostic several = plain_error("WS0015", "this folder holds several runs, a folder each",
                                     "give them: warmshell report" + runs_in(folder));
    several.where.file = folder;
    return fail(std::move(several));
  }
  if (!std::filesystem::exists(file) && std::filesystem::is_directory(folder)) {
    Diagnostic none = plain_error("WS0015", "this folder holds no run: simulate.json is missing",
                                  "give a folder that `warmshell simulate --out` wrote");
    none.where.file = folder;
    return fail(std::move(none));
  }
  const auto text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  auto result = read_simulate_json(*text, file);
  if (!result) return tl::unexpected(result.error());
  run.result = std::move(*result);
  const std::string paths = folder + "/paths.csv";
  if (with_paths == WithPaths::no || !std::filesystem::exists(paths)) return run;
  const auto rows = read_file(paths, study::most_paths_csv_bytes(run.result.paths));
  if (!rows) return tl::unexpected(rows.error());
  run.metrics = study::read_paths_csv(*rows, run.result.paths);
  if (run.metrics && rows_are_of(run.result, *run.metrics)) return run;
  Diagnostic diagnostic = plain_error(
      "WS0015", fmt::format("these are not the rows of this run of {} paths", run.result.paths),
      "give the folder that `warmshell simulate --out` wrote, or remove this file: "
      "then no differences are shown");
  diagnostic.where.file = paths;
  return fail(std::move(diagnostic));
}

}  // namespace warmshell::report
