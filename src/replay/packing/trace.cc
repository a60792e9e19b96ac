// Reads the two CSV files of an openb trace.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

#include "replay/packing/workload.h"
#include "text/csv.h"

namespace warmshell::replay::packing {

namespace {

using text::CsvCell;
using text::CsvHeader;
using text::CsvProblems;
using text::CsvRow;
using text::CsvVisitor;

// Streams one of the files, from disk or from memory.
using Stream = std::function<Result<std::int64_t>(const CsvVisitor&, CsvProblems&)>;

constexpr std::int32_t largest_amount = 2'000'000'000;

void add(CsvProblems& problems, const std::string& file, const CsvCell& cell, std::string message,
         std::string help = "") {
  Diagnostic diagnostic = plain_error("WS0680", std::move(message), std::move(help));
  diagnostic.where = csv_span(file, cell);
  problems.add(std::move(diagnostic));
}

// A row's whole numbers; complete() tells whether all were good, the others are in `problems`.
class RowNumbers {
 public:
  RowNumbers(CsvProblems& problems, const std::string& file, const CsvRow& row)
      : problems_(problems), file_(file), row_(row) {}

  std::int32_t number(std::size_t column, std::int32_t largest) {
    const CsvCell& cell = row_[column];
    std::int64_t value = 0;
    const char* end = cell.text.data() + cell.text.size();
    const auto [stop, error] = std::from_chars(cell.text.data(), end, value);
    if (error == std::errc{} && stop == end && value >= 0 && value <= largest)
      return static_cast<std::int32_t>(value);
    add(problems_, file_, cell,
        fmt::format("'{}' is not a whole number from 0 to {}", cell.text, largest));
    complete_ = false;
    return 0;
  }
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  CsvProblems& problems_;
  const std::string& file_;
  const CsvRow& row_;
  bool complete_ = true;
};

// Finds the columns and hands every row to take_row(columns, row). Problems end up in
// `diagnostics`.
template <std::size_t N>
void read_rows(
    const Stream& stream, const std::array<std::string_view, N>& names, Diagnostics& diagnostics,
    CsvProblems& problems, const std::function<void(const CsvHeader&)>& take_header,
    const std::function<void(const std::array<std::size_t, N>&, const CsvRow&)>& take_row) {
  std::array<std::size_t, N> columns{};
  CsvVisitor visitor;
  visitor.header = [&](const CsvHeader& header) {
    bool all = true;
    for (std::size_t i = 0; i < N; ++i) {
      if (const Result<std::size_t> column = header.require(names[i])) {
        columns[i] = *column;
      } else {
        diagnostics.insert(diagnostics.end(), column.error().begin(), column.error().end());
        all = false;
      }
    }
    if (take_header) take_header(header);
    return all;
  };
  visitor.row = [&](const CsvRow& row) {
    take_row(columns, row);
    return true;
  };
  if (const Result<std::int64_t> rows = stream(visitor, problems); !rows)
    diagnostics.insert(diagnostics.end(), rows.error().begin(), rows.error().end());
  diagnostics.insert(diagnostics.end(), problems.diagnostics.begin(), problems.diagnostics.end());
}

void read_nodes(const std::string& file, const Stream& stream, Trace& trace,
                Diagnostics& diagnostics) {
  enum { name, cpu, memory, gpus, model, columns };
  CsvProblems problems;
  read_rows<columns>(
      stream, {"sn", "cpu_milli", "memory_mib", "gpu", "model"}, diagnostics, problems, {},
      [&](const std::array<std::size_t, columns>& at, const CsvRow& row) {
        RowNumbers numbers(problems, file, row);
        NodeCapacity node;
        node.name = row[at[name]].text;
        node.cpu_milli = numbers.number(at[cpu], largest_amount);
        node.memory_mib = numbers.number(at[memory], largest_amount);
        node.gpus = numbers.number(at[gpus], max_gpus_per_node);
        if (!numbers.complete()) return;

        const CsvCell& node_model = row[at[model]];
        auto type = std::find(trace.gpu_types.begin(), trace.gpu_types.end(), node_model.text);
        if (type == trace.gpu_types.end()) {
          if (trace.gpu_types.size() == max_gpu_types) {
            add(problems, file, node_model, fmt::format("more than {} GPU models", max_gpu_types));
            return;
          }
          type = trace.gpu_types.emplace(type, node_model.text);
        }
        if (trace.nodes.size() == max_nodes) {
          add(problems, file, row[at[name]], fmt::format("more than {} nodes", max_nodes));
          return;
        }
        node.gpu_type = static_cast<int>(type - trace.gpu_types.begin());
        trace.gpu_capacity_milli += std::int64_t{node.gpus} * whole_gpu_milli;
        trace.nodes.push_back(std::move(node));
      });
  std::stable_sort(trace.nodes.begin(), trace.nodes.end(),
                   [](const NodeCapacity& a, const NodeCapacity& b) { return a.name < b.name; });
}

// "V100M16|V100M32": the models of the cluster whose name is exactly one of these.
TypeSet types_named(std::string_view gpu_spec, const std::vector<std::string>& gpu_types) {
  if (gpu_spec.empty()) return any_gpu_type;
  TypeSet types = 0;
  while (true) {
    const std::size_t end = std::min(gpu_spec.find('|'), gpu_spec.size());
    const auto type = std::find(gpu_types.begin(), gpu_types.end(), gpu_spec.substr(0, end));
    if (type != gpu_types.end()) types |= TypeSet{1} << (type - gpu_types.begin());
    if (end == gpu_spec.size()) return types;
    gpu_spec.remove_prefix(end + 1);
  }
}

void read_pods(const std::string& file, const Stream& stream, Trace& trace,
               Diagnostics& diagnostics) {
  struct Pod {
    std::string name;
    Request request;
    std::string gpu_spec;
  };
  enum { name, cpu, memory, gpus, milli, columns };
  CsvProblems problems;
  std::optional<std::size_t> gpu_spec;
  std::vector<Pod> pods;
  read_rows<columns>(
      stream, {"name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli"}, diagnostics, problems,
      [&](const CsvHeader& header) { gpu_spec = header.find("gpu_spec"); },
      [&](const std::array<std::size_t, columns>& at, const CsvRow& row) {
        RowNumbers numbers(problems, file, row);
        Pod pod;
        Request& request = pod.request;
        pod.name = row[at[name]].text;
        request.cpu_milli = numbers.number(at[cpu], largest_amount);
        request.memory_mib = numbers.number(at[memory], largest_amount);
        request.gpus = numbers.number(at[gpus], max_gpus_per_node);
        request.gpu_milli = numbers.number(at[milli], whole_gpu_milli);
        if (!numbers.complete()) return;

        if (request.gpus == 0) {
          request.gpu_milli = 0;
        } else {
          if (request.gpu_milli == 0 ||
              (request.gpus > 1 && request.gpu_milli != whole_gpu_milli)) {
            add(problems, file, row[at[milli]],
                fmt::format("a pod of {} GPUs cannot ask {} milli of each", request.gpus,
                            request.gpu_milli),
                "one GPU may be asked in part, from 1 to 1000 milli; several only whole, 1000");
            return;
          }
          if (gpu_spec) pod.gpu_spec = row[*gpu_spec].text;
          request.gpu_types = types_named(pod.gpu_spec, trace.gpu_types);
        }
        pods.push_back(std::move(pod));
      });
  std::stable_sort(pods.begin(), pods.end(),
                   [](const Pod& a, const Pod& b) { return a.name < b.name; });
  for (Pod& pod : pods) {
    trace.pod_names.push_back(std::move(pod.name));
    trace.pods.push_back(pod.request);
    trace.gpu_specs.push_back(std::move(pod.gpu_spec));
  }
}

Result<Trace> read(const std::string& nodes_file, const Stream& nodes, const std::string& pods_file,
                   const Stream& pods) {
  Trace trace;
  Diagnostics diagnostics;
  read_nodes(nodes_file, nodes, trace, diagnostics);
  read_pods(pods_file, pods, trace, diagnostics);
  if (!diagnostics.empty()) return tl::unexpected(std::move(diagnostics));
  return trace;
}

}  // namespace

Result<Trace> parse_trace(const std::string& nodes_file, std::string_view nodes_text,
                          const std::string& pods_file, std::string_view pods_text) {
  const auto from = [](const std::string& name, std::string_view csv) -> Stream {
    return [&name, csv](const CsvVisitor& visitor, CsvProblems& problems) {
      return text::stream_csv_text(name, csv, visitor, problems);
    };
  };
  return read(nodes_file, from(nodes_file, nodes_text), pods_file, from(pods_file, pods_text));
}

Result<Trace> read_trace(const std::string& nodes_file, const std::string& pods_file) {
  const auto from = [](const std::string& name) -> Stream {
    return [&name](const CsvVisitor& visitor, CsvProblems& problems) {
      return text::stream_csv_file(name, visitor, problems);
    };
  };
  return read(nodes_file, from(nodes_file), pods_file, from(pods_file));
}

}  // namespace warmshell::replay::packing
