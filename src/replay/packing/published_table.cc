#include "replay/packing/published_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

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

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t end = std::min(line.find(','), line.size());
    cells.push_back(line.substr(0, end));
    if (end == line.size()) return cells;
    line.remove_prefix(end + 1);
  }
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

Result<PublishedTable> read_published_table(const std::filesystem::path& data) {
  const std::string file = (data / "traces/openb/fgd_expected_allocation.csv").string();
  std::ifstream stream(file);
  if (!stream) return fail(plain_error("WS0680", fmt::format("cannot read '{}'", file)));
  PublishedTable table;
  std::string line;
  std::getline(stream, line);  // workload,sc_policy,tune,seed,total_gpus,0,1 ... 130
  while (std::getline(stream, line)) {
    if (line.ends_with('\r')) line.pop_back();
    const std::vector<std::string_view> cells = split(line);
    constexpr std::size_t first_value = 5;
    const auto problem = [&] {
      return fail(plain_error("WS0682", fmt::format("{}: not a row of the table: {}", file, line)));
    };
    if (cells.size() != first_value + published_last_pct + 1) return problem();
    const std::optional<Policy> policy = published_policy(cells[1]);
    std::int64_t seed = 0;
    if (!cells[0].starts_with(pod_list) || !policy || !read_number(cells[3], seed))
      return problem();
    std::vector<double>& values =
        table[{std::string(cells[0].substr(pod_list.size())), *policy, seed}];
    for (std::size_t i = first_value; i < cells.size(); ++i)
      if (double value = 0; read_number(cells[i], value))
        values.push_back(value);
      else
        return problem();
  }
  return table;
}

}  // namespace warmshell::replay::packing
