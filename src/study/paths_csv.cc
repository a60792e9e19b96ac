#include "study/paths_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "text/json_writer.h"

namespace warmshell::study {

namespace {

constexpr double largest = 1e100;  // far beyond any money; sums of squares stay finite

std::string row_of(const value::PathMetrics& metrics, std::int64_t index, std::int64_t path) {
  std::string row = fmt::format("{}", path);
  for (int metric = 0; metric < value::metric_count; ++metric) {
    const double x = metrics.get(static_cast<value::Metric>(metric), index);
    row += x - x == 0 ? "," + text::json_number(x) : ",";
  }
  return row + "\n";
}

// Up to the next `end`, which is taken away too.
std::optional<std::string_view> take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

template <class T>
bool read(std::string_view cell, T& number) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return error == std::errc() && end == cell.data() + cell.size();
}

// These are not there on every path.
bool may_be_missing(value::Metric metric) {
  return metric == value::Metric::irr || metric == value::Metric::irr_by_chip_count ||
         metric == value::Metric::payback;
}

bool read_row(std::string_view row, std::int64_t path, value::PathMetrics& metrics) {
  std::int64_t written = -1;
  const auto first = take(row, ',');
  if (!first || !read(*first, written) || written != path) return false;
  for (int metric = 0; metric < value::metric_count; ++metric) {
    const auto cell =
        metric + 1 < value::metric_count ? take(row, ',') : std::optional<std::string_view>(row);
    double x = std::numeric_limits<double>::quiet_NaN();
    const auto of = static_cast<value::Metric>(metric);
    if (!cell) return false;
    if (cell->empty() ? !may_be_missing(of) : !read(*cell, x) || !(std::abs(x) < largest))
      return false;
    metrics.set(of, path, x);
  }
  return true;
}

}  // namespace

std::string paths_csv_header() {
  std::string header = "path";
  for (const std::string_view name : value::metric_names) header += fmt::format(",{}", name);
  return header + "\n";
}

std::string paths_csv(const Simulation& run, std::int64_t first_path) {
  std::string rows = paths_csv_header();
  for (std::int64_t i = 0; i < run.result.paths; ++i)
    rows += row_of(*run.metrics, i, first_path + i);
  return rows;
}

std::size_t most_paths_csv_bytes(std::int64_t paths) {
  constexpr std::int64_t most_paths = 10'000'000;  // as of --paths
  constexpr std::size_t cell = 25;  // a path, or a number in shortest form, and what parts them
  const auto rows = static_cast<std::size_t>(std::clamp<std::int64_t>(paths, 0, most_paths));
  return paths_csv_header().size() + rows * (value::metric_count + 1) * cell;
}

std::shared_ptr<const value::PathMetrics> read_paths_csv(std::string_view text,
                                                         std::int64_t paths) {
  const std::string header = paths_csv_header();
  if (paths < 0 || paths > static_cast<std::int64_t>(text.size()) || !text.starts_with(header))
    return nullptr;
  text.remove_prefix(header.size());
  auto metrics = std::make_shared<value::PathMetrics>(paths);
  for (std::int64_t path = 0; path < paths; ++path) {
    const auto row = take(text, '\n');
    if (!row || !read_row(*row, path, *metrics)) return nullptr;
  }
  return text.empty() ? metrics : nullptr;
}

}  // namespace warmshell::study
