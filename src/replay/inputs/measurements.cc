#include "replay/inputs/measurements.h"

#include <fmt/format.h>

#include <cmath>

#include "text/quantity_text.h"

namespace warmshell::replay {

double MeasuredRow::number(std::size_t column, Least least) {
  const text::CsvCell& read = cell(column);
  const auto value = text::parse_number(read.text);
  const bool from_zero = least == Least::zero;
  if (value && std::isfinite(*value) && (*value > 0 || (from_zero && *value == 0))) return *value;
  Diagnostic diagnostic =
      plain_error("WS0612", fmt::format("row {}: `{}` is no number {}", cells_->number, read.text,
                                        from_zero ? "from 0 on" : "above 0"));
  diagnostic.where = text::csv_span(*path_, read);
  problems_.add(std::move(diagnostic));
  return 0;
}

Result<std::int64_t> read_measurements(const std::string& path,
                                       std::span<const std::string_view> names,
                                       const std::function<void(MeasuredRow&)>& visit) {
  MeasuredRow row;
  row.path_ = &path;
  Diagnostics missing;
  text::CsvVisitor visitor;
  visitor.header = [&](const text::CsvHeader& header) {
    for (const std::string_view name : names) {
      const Result<std::size_t> found = header.require(name);
      if (found)
        row.columns_.push_back(*found);
      else
        missing.insert(missing.end(), found.error().begin(), found.error().end());
    }
    return missing.empty();
  };
  visitor.row = [&](const text::CsvRow& cells) {
    row.cells_ = &cells;
    visit(row);
    return true;
  };
  const Result<std::int64_t> read = text::stream_csv_file(path, visitor, row.problems_);
  if (!read) return read;
  if (!missing.empty()) return tl::unexpected<Diagnostics>(std::move(missing));
  if (row.problems_.count > 0)
    return tl::unexpected<Diagnostics>(std::move(row.problems_.diagnostics));
  return read;
}

}  // namespace warmshell::replay
