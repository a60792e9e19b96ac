#include "replay/packing/published_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "text/csv.h"

namespace warmshell::replay::packing {

namespace {

constexpr std::string_view pod_list = "openb_pod_list_";

// The experiment's names for the policies.
std::optional<Policy> published_policy(std::string_view name) {
  if (name == "01-Random") return Policy::random;
  if (name == "02-DotProd") return Policy::dot_product;
  if (name == "03-GpuClustering") return Policy::gpu_clustering;
  if (name == "04-GpuPacking") return Policy::gpu_packing;
  if (name == "05-BestFit") return Policy::best_fit;
  if (name == "06-FGD") return Policy::fgd;
  return std::nullopt;
}

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && stop == text.data() + text.size();
}

}  // namespace

std::optional<std::filesystem::path> data_folder() {
  const char* given = std::getenv("WARMSHELL_DATA");
  for (std::filesystem::path folder :
       {std::filesystem::path(given != nullptr ? given : ""),
        std::filesystem::path("../shared/data"), std::filesystem::path("../../shared/data")})
    if (!folder.empty() && std::filesystem::exists(folder / "traces/openb")) return folder;
  return std::nullopt;
}

std::vector<std::string> traces_at_hand(const std::filesystem::path& data) {
  std::vector<std::string> traces;
  for (const auto& entry : std::filesystem::directory_iterator(data / "traces/openb")) {
    const std::string name = entry.path().stem().string();
    if (name.starts_with(pod_list) && entry.path().extension() == ".csv")
      traces.push_back(name.substr(pod_list.size()));
  }
  std::sort(traces.begin(), traces.end());
  return traces;
}

Result<Trace> read_openb(const std::filesystem::path& data, std::string_view trace) {
  const std::filesystem::path folder = data / "traces/openb";
  return read_trace((folder / "openb_node_list_gpu_node.csv").string(),
                    (folder / fmt::format("{}{}.csv", pod_list, trace)).string());
}

// Columns workload, sc_policy, tune, seed, total_gpus, then one per percent: 0, 1 ... 130.
Result<PublishedTable> read_published_table(const std::filesystem::path& data) {
  const std::string file = (data / "traces/openb/fgd_expected_allocation.csv").string();
  constexpr std::size_t first_value = 5;
  PublishedTable table;
  text::CsvProblems problems;
  text::CsvVisitor visitor;
  visitor.header = [](const text::CsvHeader& header) {
    return header.names().size() == first_value + published_last_pct + 1;
  };
  visitor.row = [&](const text::CsvRow& row) {
    const std::string_view workload = row[0].text;
    const std::optional<Policy> policy = published_policy(row[1].text);
    std::int64_t seed = 0;
    std::vector<double> values(published_last_pct + 1);
    bool good = workload.starts_with(pod_list) && policy && read_number(row[3].text, seed);
    for (std::size_t i = 0; i < values.size(); ++i)
      good = good && read_number(row[first_value + i].text, values[i]);
    if (good) {
      table[{std::string(workload.substr(pod_list.size())), *policy, seed}] = std::move(values);
    } else {
      Diagnostic diagnostic = plain_error("WS0680", "not a row of the published table");
      diagnostic.where = csv_span(file, row[0]);
      problems.add(std::move(diagnostic));
    }
    return true;
  };
  const Result<std::int64_t> rows = text::stream_csv_file(file, visitor, problems);
  if (!rows) return tl::unexpected(rows.error());
  if (problems.count > 0) return tl::unexpected(problems.diagnostics);
  return table;
}

}  // namespace warmshell::replay::packing
