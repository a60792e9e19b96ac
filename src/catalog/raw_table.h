#pragma once
// A built-in CSV file as rows of text: what the typed tables are read from and what is printed.
// The files are part of the program, so whatever does not read is a broken invariant and aborts.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace warmshell::catalog {

struct RawTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`

  [[nodiscard]] bool has(std::string_view column) const;
  [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
  [[nodiscard]] std::optional<double> number(std::size_t row, std::string_view column) const;
};

[[nodiscard]] const RawTable* find_raw_table(std::string_view name);  // nullptr: none
[[nodiscard]] const RawTable& raw_table(std::string_view name);       // must exist

}  // namespace warmshell::catalog
