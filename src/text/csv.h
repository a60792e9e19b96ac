#pragma once
// Strict RFC 4180 CSV with a header row. LF or CRLF, a byte order mark is skipped, quotes double
// inside quotes, quoted cells may hold line ends. Blank lines are skipped.
//
// Streaming: memory is that of the longest row (at most 1 MiB), whatever the file's size. A ragged
// or broken row is counted and named, and reading goes on; a header that cannot be used stops it.
// Thread-safe between readers; one reader belongs to one thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/source.h"
#include "text/tree.h"

namespace warmshell::text {

struct CsvCell {
  std::string_view text;  // valid during the call only
  std::string_view raw;   // as in the file, quotes included
  const char* line_begin = nullptr;
  std::int64_t line = 0;  // from 1
  std::uint64_t offset =
      0;  // byte of the file at which `raw` begins, a byte order mark not counted
  bool quoted = false;

  [[nodiscard]] int column() const;  // code points, from 1
};

struct CsvRow {
  std::int64_t number = 0;  // of the data row, from 1; the header is not counted
  std::int64_t line = 0;
  const std::vector<CsvCell>* cells = nullptr;  // as many as the header has

  [[nodiscard]] const CsvCell& operator[](std::size_t column) const { return (*cells)[column]; }
};

// Problems of a stream: every one counted, the first of them told in full.
struct CsvProblems {
  static constexpr std::size_t told = 100;
  std::int64_t count = 0;
  Diagnostics diagnostics;  // at most `told`

  void add(Diagnostic diagnostic);
};

// The place of a cell for a diagnostic; valid during the call that hands the cell out.
[[nodiscard]] SourceSpan csv_span(const std::string& file, const CsvCell& cell);

// Columns by name: the index of each name asked for, or a diagnostic that lists what is there.
class CsvHeader {
 public:
  CsvHeader(std::string file, std::vector<std::string> names)
      : file_(std::move(file)), names_(std::move(names)) {}
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] Result<std::size_t> require(std::string_view name) const;

 private:
  std::string file_;
  std::vector<std::string> names_;
};

struct CsvVisitor {
  std::function<bool(const CsvHeader&)> header;  // false stops
  std::function<bool(const CsvRow&)> row;        // false stops
  char separator = ',';
  bool ragged_rows_are_problems = true;
};

// Reads a file piece by piece. Errors returned are those that stop it; the rest is in `problems`.
[[nodiscard]] Result<std::int64_t> stream_csv_file(const std::string& path,
                                                   const CsvVisitor& visitor,
                                                   CsvProblems& problems);
[[nodiscard]] Result<std::int64_t> stream_csv_text(const std::string& name, std::string_view text,
                                                   const CsvVisitor& visitor,
                                                   CsvProblems& problems);

// A whole table in memory, for tables of at most 16 MiB.
struct Table {
  struct Cell {
    std::string text;
    Place place;
    bool quoted = false;
  };
  SourcePtr source;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
};

[[nodiscard]] Result<Table> read_csv(const SourcePtr& source);

// Each row an entry keyed by its first column, which must be called `name`; other columns its
// fields, a dotted column (`halls.main.it_power`) a nested one; an empty cell is a field not
// written.
[[nodiscard]] Result<Node> table_to_map(const Table& table);

}  // namespace warmshell::text
