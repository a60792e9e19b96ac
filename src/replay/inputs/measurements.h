#pragma once
// A published table of measurements in CSV, read by the names of its columns. A cell that should
// hold a number and does not is a problem of its row (WS0612); any problem, and any column that is
// missing, refuses the table.

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "text/csv.h"

namespace warmshell::replay {

enum class Least { above_zero, zero };

class MeasuredRow {
 public:
  // Columns by their place among the names asked for.
  [[nodiscard]] std::string_view text(std::size_t column) const { return cell(column).text; }
  // 0 where the cell holds no such number: then the table is refused in the end.
  double number(std::size_t column, Least least = Least::above_zero);

 private:
  friend Result<std::int64_t> read_measurements(const std::string&,
                                                std::span<const std::string_view>,
                                                const std::function<void(MeasuredRow&)>&);
  [[nodiscard]] const text::CsvCell& cell(std::size_t column) const {
    return (*cells_)[columns_[column]];
  }

  const std::string* path_ = nullptr;
  std::vector<std::size_t> columns_;
  const text::CsvRow* cells_ = nullptr;
  text::CsvProblems problems_;
};

// Hands every row to `visit`; the number of rows.
[[nodiscard]] Result<std::int64_t> read_measurements(
    const std::string& path, std::span<const std::string_view> names,
    const std::function<void(MeasuredRow&)>& visit);

}  // namespace warmshell::replay
