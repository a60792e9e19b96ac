#include "report/run_folder.h"

#include <fmt/format.h>

#include "base/files.h"
#include "report/html.h"
#include "report/json.h"
#include "report/read_json.h"

namespace warmshell::report {

Result<void> write_tables(const std::string& folder, const study::SimulateResult& result) {
  if (auto made = make_folder(folder); !made) return made;
  for (const CsvTable& table : simulate_csv(result))
    if (auto written = write_file(folder + "/" + table.name + ".csv", table.text); !written)
      return written;
  return {};
}

Result<void> write_run_folder(const std::string& folder, const study::SimulateResult& result,
                              double seconds) {
  return make_folder(folder + "/run")
      .and_then([&] { return write_tables(folder, result); })
      .and_then([&] { return write_file(folder + "/simulate.json", simulate_json(result)); })
      .and_then([&] {
        return write_file(folder + "/report.html", simulate_html({&result, 1}));
      })
      .and_then([&] {
        return write_file(folder + "/run/timing.json",
                          fmt::format("{{\"seconds\": {}}}\n", seconds));
      });
}

Result<study::SimulateResult> read_run_folder(const std::string& folder) {
  const std::string file = folder + "/simulate.json";
  return read_file(file).and_then(
      [&](const std::string& text) { return read_simulate_json(text, file); });
}

}  // namespace warmshell::report
