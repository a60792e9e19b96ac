#include "replay/inputs/cluster_nodes.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "replay/inputs/cluster_curves.h"
#include "text/csv.h"

namespace warmshell::replay {

void read_node_list(const NodesRecord& group, int row, const text::Folder* beside,
                    const std::string& data_folder, Machine& machine, Diagnostics& told) {
  const std::filesystem::path path(group.list);
  if (path.is_absolute() || group.list.find("..") != std::string::npos) {
    told.push_back(error_at(group.origin, "WS0626",
                            fmt::format("`{}` may not lead out of its folder", group.list)));
    return;
  }
  std::vector<std::size_t> columns;
  Diagnostics missing;
  text::CsvProblems problems;
  text::CsvVisitor visitor;
  visitor.header = [&](const text::CsvHeader& header) {
    for (const std::string_view name : {"sn", "cpu_milli", "memory_mib", "gpu", "model"}) {
      const Result<std::size_t> found = header.require(name);
      if (found)
        columns.push_back(*found);
      else
        missing.insert(missing.end(), found.error().begin(), found.error().end());
    }
    return missing.empty();
  };
  visitor.row = [&](const text::CsvRow& cells) {
    const auto number = [&](std::size_t column, long long most) -> std::optional<int> {
      const auto value = text::parse_integer(cells[columns[column]].text);
      if (value && *value >= 0 && *value <= most) return static_cast<int>(*value);
      Diagnostic diagnostic =
          plain_error("WS0612", fmt::format("row {}: `{}` is no number from 0 to {}", cells.number,
                                            cells[columns[column]].text, most));
      diagnostic.where = text::csv_span(group.list, cells[columns[column]]);
      problems.add(std::move(diagnostic));
      return std::nullopt;
    };
    const std::optional<int> cpu = number(1, INT32_MAX);
    const std::optional<int> memory = number(2, INT32_MAX);
    const std::optional<int> gpus = number(3, max_gpus_per_node);
    if (!cpu || !memory || !gpus) return true;
    int type = 0;
    const std::string_view model = cells[columns[4]].text;
    if (*gpus > 0) {
      while (type < static_cast<int>(machine.gpu_types.size()) &&
             machine.gpu_types[static_cast<std::size_t>(type)].name != model)
        ++type;
      if (type == static_cast<int>(machine.gpu_types.size())) {
        Diagnostic diagnostic = plain_error(
            "WS0616", fmt::format("row {}: the cluster has no GPU type `{}`", cells.number, model));
        diagnostic.where = text::csv_span(group.list, cells[columns[4]]);
        problems.add(std::move(diagnostic));
        return true;
      }
    }
    machine.nodes.push_back({std::string(cells[columns[0]].text), *cpu, *memory, *gpus, type, row});
    return machine.nodes.size() < most_nodes;
  };
  Result<std::int64_t> read = 0;
  if (beside != nullptr && beside->has(group.list)) {
    const Result<text::SourcePtr> source = beside->load(group.list, group.origin.place);
    if (!source) {
      told.insert(told.end(), source.error().begin(), source.error().end());
      return;
    }
    read = text::stream_csv_text(group.list, (*source)->text(), visitor, problems);
  } else {
    read = text::stream_csv_file((std::filesystem::path(data_folder) / path).string(), visitor,
                                 problems);
  }
  if (!read) {
    told.push_back(error_at(
        group.origin, "WS0626",
        fmt::format("the node list `{}` is neither beside the cluster nor in the folder of "
                    "the data",
                    group.list),
        "set WARMSHELL_DATA, or name a list that is there"));
    return;
  }
  told.insert(told.end(), missing.begin(), missing.end());
  told.insert(told.end(), problems.diagnostics.begin(), problems.diagnostics.end());
}

}  // namespace warmshell::replay
