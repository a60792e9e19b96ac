// Reads the two CSV files of an openb trace.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <sstream>

#include "replay/packing/workload.h"

namespace warmshell::replay::packing {

namespace {

struct Cell {
  std::string_view text;
  int column = 1;
};

// A file of simple CSV: header, then rows of as many cells; no quotes occur in these traces.
class Rows {
 public:
  Rows(std::string file, std::string_view text) : file_(std::move(file)), rest_(text) {
    next();
    header_ = cells_;
  }

  bool next() {
    do {
      if (rest_.empty()) return false;
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_text_ = rest_.substr(0, end);
      if (line_text_.ends_with('\r')) line_text_.remove_suffix(1);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++line_;
    } while (line_text_.empty());
    cells_.clear();
    std::size_t begin = 0;
    while (true) {
      const std::size_t end = std::min(line_text_.find(',', begin), line_text_.size());
      cells_.push_back({line_text_.substr(begin, end - begin), static_cast<int>(begin) + 1});
      if (end == line_text_.size()) break;
      begin = end + 1;
    }
    return true;
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (header_[i].text == name) return i;
    return std::nullopt;
  }

  [[nodiscard]] bool complete() const { return cells_.size() == header_.size(); }
  [[nodiscard]] Cell cell(std::size_t column) const { return cells_[column]; }

  [[nodiscard]] Diagnostic problem(Cell cell, std::string code, std::string message,
                                   std::string help) const {
    Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
    diagnostic.where = {file_, line_, cell.column, std::max(1, static_cast<int>(cell.text.size())),
                        std::string(line_text_)};
    return diagnostic;
  }

 private:
  std::string file_;
  std::string_view rest_;
  std::string_view line_text_;
  int line_ = 0;
  std::vector<Cell> header_;
  std::vector<Cell> cells_;
};

// Reads rows into diagnostics or values; a row with a problem is left out and reading goes on.
class RowReader {
 public:
  RowReader(Rows& rows, Diagnostics& diagnostics) : rows_(rows), diagnostics_(diagnostics) {}

  std::optional<std::size_t> require_column(const std::string& file, std::string_view name) {
    const std::optional<std::size_t> column = rows_.find(name);
    if (!column) {
      Diagnostic diagnostic = plain_error("WS0681", fmt::format("no column '{}'", name),
                                          "an openb node list has sn, cpu_milli, memory_mib, gpu, "
                                          "model; a pod list name, cpu_milli, memory_mib, num_gpu, "
                                          "gpu_milli");
      diagnostic.where.file = file;
      diagnostics_.push_back(std::move(diagnostic));
    }
    return column;
  }

  bool next() {
    while (rows_.next()) {
      if (rows_.complete()) return true;
      add(rows_.cell(0), "the row has another number of cells than the header",
          "was the file cut or edited by hand?");
    }
    return false;
  }

  std::optional<std::int32_t> number(std::size_t column, std::int32_t largest) {
    const Cell cell = rows_.cell(column);
    std::int64_t value = 0;
    const char* end = cell.text.data() + cell.text.size();
    const auto [stop, error] = std::from_chars(cell.text.data(), end, value);
    if (error != std::errc{} || stop != end || value < 0 || value > largest) {
      add(cell, fmt::format("'{}' is not a whole number from 0 to {}", cell.text, largest), "");
      return std::nullopt;
    }
    return static_cast<std::int32_t>(value);
  }

  void add(Cell cell, std::string message, std::string help) {
    diagnostics_.push_back(rows_.problem(cell, "WS0682", std::move(message), std::move(help)));
  }

 private:
  Rows& rows_;
  Diagnostics& diagnostics_;
};

constexpr std::int32_t largest_amount = 2'000'000'000;

void read_nodes(const std::string& file, std::string_view text, Trace& trace,
                Diagnostics& diagnostics) {
  Rows rows(file, text);
  RowReader reader(rows, diagnostics);
  const auto name = reader.require_column(file, "sn");
  const auto cpu = reader.require_column(file, "cpu_milli");
  const auto memory = reader.require_column(file, "memory_mib");
  const auto gpus = reader.require_column(file, "gpu");
  const auto model = reader.require_column(file, "model");
  if (!name || !cpu || !memory || !gpus || !model) return;
  while (reader.next()) {
    const auto node_cpu = reader.number(*cpu, largest_amount);
    const auto node_memory = reader.number(*memory, largest_amount);
    const auto node_gpus = reader.number(*gpus, max_gpus_per_node);
    if (!node_cpu || !node_memory || !node_gpus) continue;
    const std::string node_model(rows.cell(*model).text);
    auto type = std::find(trace.gpu_types.begin(), trace.gpu_types.end(), node_model);
    if (type == trace.gpu_types.end()) {
      if (trace.gpu_types.size() == max_gpu_types) {
        reader.add(rows.cell(*model), fmt::format("more than {} GPU models", max_gpu_types), "");
        continue;
      }
      type = trace.gpu_types.insert(type, node_model);
    }
    NodeCapacity node;
    node.name = rows.cell(*name).text;
    node.cpu_milli = *node_cpu;
    node.memory_mib = *node_memory;
    node.gpus = *node_gpus;
    node.gpu_type = static_cast<int>(type - trace.gpu_types.begin());
    trace.gpu_capacity_milli += std::int64_t{node.gpus} * whole_gpu_milli;
    trace.nodes.push_back(std::move(node));
  }
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

void read_pods(const std::string& file, std::string_view text, Trace& trace,
               Diagnostics& diagnostics) {
  struct Pod {
    std::string name;
    Request request;
    std::string gpu_spec;
  };
  Rows rows(file, text);
  RowReader reader(rows, diagnostics);
  const auto name = reader.require_column(file, "name");
  const auto cpu = reader.require_column(file, "cpu_milli");
  const auto memory = reader.require_column(file, "memory_mib");
  const auto gpus = reader.require_column(file, "num_gpu");
  const auto milli = reader.require_column(file, "gpu_milli");
  const auto spec = rows.find("gpu_spec");
  if (!name || !cpu || !memory || !gpus || !milli) return;
  std::vector<Pod> pods;
  while (reader.next()) {
    const auto pod_cpu = reader.number(*cpu, largest_amount);
    const auto pod_memory = reader.number(*memory, largest_amount);
    const auto pod_gpus = reader.number(*gpus, max_gpus_per_node);
    const auto pod_milli = reader.number(*milli, whole_gpu_milli);
    if (!pod_cpu || !pod_memory || !pod_gpus || !pod_milli) continue;
    Pod pod;
    pod.name = rows.cell(*name).text;
    pod.request.cpu_milli = *pod_cpu;
    pod.request.memory_mib = *pod_memory;
    if (*pod_gpus > 0) {
      if (*pod_milli == 0 || (*pod_gpus > 1 && *pod_milli != whole_gpu_milli)) {
        reader.add(
            rows.cell(*milli),
            fmt::format("a pod of {} GPUs cannot ask {} milli of each", *pod_gpus, *pod_milli),
            "one GPU may be asked in part, from 1 to 1000 milli; several only whole, 1000");
        continue;
      }
      pod.request.gpus = *pod_gpus;
      pod.request.gpu_milli = *pod_milli;
      if (spec) pod.gpu_spec = rows.cell(*spec).text;
      pod.request.gpu_types = types_named(pod.gpu_spec, trace.gpu_types);
    }
    pods.push_back(std::move(pod));
  }
  std::stable_sort(pods.begin(), pods.end(),
                   [](const Pod& a, const Pod& b) { return a.name < b.name; });
  for (Pod& pod : pods) {
    trace.pod_names.push_back(std::move(pod.name));
    trace.pods.push_back(pod.request);
    trace.gpu_specs.push_back(std::move(pod.gpu_spec));
  }
}

Result<std::string> read_whole(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf()))
    return fail(plain_error("WS0680", fmt::format("cannot read '{}'", file),
                            "is the path right, and the file not empty?"));
  return std::move(text).str();
}

}  // namespace

Result<Trace> parse_trace(const std::string& nodes_file, std::string_view nodes_text,
                          const std::string& pods_file, std::string_view pods_text) {
  Trace trace;
  Diagnostics diagnostics;
  read_nodes(nodes_file, nodes_text, trace, diagnostics);
  read_pods(pods_file, pods_text, trace, diagnostics);
  if (!diagnostics.empty()) return tl::unexpected(std::move(diagnostics));
  return trace;
}

Result<Trace> read_trace(const std::string& nodes_file, const std::string& pods_file) {
  const Result<std::string> nodes = read_whole(nodes_file);
  if (!nodes) return tl::unexpected(nodes.error());
  const Result<std::string> pods = read_whole(pods_file);
  if (!pods) return tl::unexpected(pods.error());
  return parse_trace(nodes_file, *nodes, pods_file, *pods);
}

}  // namespace warmshell::replay::packing
