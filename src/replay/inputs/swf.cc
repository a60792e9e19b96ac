// Standard Workload Format, line by line.

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

#include "replay/inputs/trace_row.h"

namespace warmshell::replay {

namespace {

constexpr std::size_t longest_line = std::size_t{1} << 16;

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names{"job",
                                              "submit",
                                              "wait",
                                              "run",
                                              "used_processors",
                                              "average_cpu",
                                              "used_memory",
                                              "requested_processors",
                                              "requested_time",
                                              "requested_memory",
                                              "status",
                                              "user",
                                              "group",
                                              "executable",
                                              "queue",
                                              "partition",
                                              "preceding",
                                              "think_time"};
  return names;
}

class SwfRows {
 public:
  SwfRows(std::string file, const text::CsvVisitor& visitor, text::CsvProblems& problems)
      : file_(std::move(file)), visitor_(visitor), problems_(problems) {}

  bool begin() { return visitor_.header(text::CsvHeader(file_, columns())); }

  bool line(std::string_view content) {
    ++line_;
    while (!content.empty() && (content.back() == '\r' || content.back() == '\n'))
      content.remove_suffix(1);
    cells_.clear();
    const char* const begin = content.data();
    for (std::size_t at = 0; at < content.size();) {
      if (content[at] == ' ' || content[at] == '\t') {
        ++at;
        continue;
      }
      const std::size_t end = std::min(content.find_first_of(" \t", at), content.size());
      text::CsvCell cell;
      cell.text = cell.raw = content.substr(at, end - at);
      cell.line_begin = begin;
      cell.line = line_;
      cells_.push_back(cell);
      at = end;
    }
    if (cells_.empty() || cells_[0].text.front() == ';') return true;
    ++rows_;
    if (cells_.size() != columns().size()) {
      Diagnostic diagnostic = plain_error("WS0615",
                                          fmt::format("row {}: the line has {} of {} fields", rows_,
                                                      cells_.size(), columns().size()),
                                          "the line may have been cut");
      diagnostic.where = text::csv_span(file_, cells_.back());
      problems_.add(std::move(diagnostic));
      return true;
    }
    return visitor_.row(text::CsvRow{rows_, line_, &cells_});
  }

  void too_long() {
    ++line_;
    ++rows_;
    Diagnostic diagnostic =
        plain_error("WS0615", fmt::format("row {}: the line is longer than 64 KiB", rows_), "");
    diagnostic.where.file = file_;
    diagnostic.where.line = static_cast<int>(line_);
    problems_.add(std::move(diagnostic));
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  std::string file_;
  const text::CsvVisitor& visitor_;
  text::CsvProblems& problems_;
  std::vector<text::CsvCell> cells_;
  std::int64_t line_ = 0;
  std::int64_t rows_ = 0;
};

}  // namespace

Result<std::int64_t> stream_swf_file(const std::string& path, const text::CsvVisitor& visitor,
                                     text::CsvProblems& problems) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  if (!file) {
    Diagnostic diagnostic = plain_error(
        "WS0001", fmt::format("cannot open {}: {}", path, std::generic_category().message(errno)),
        "check the path");
    diagnostic.where.file = path;
    return fail(std::move(diagnostic));
  }
  SwfRows rows(path, visitor, problems);
  if (!rows.begin()) return rows.rows();
  std::string buffer(longest_line, '\0');
  bool skipping = false;  // the rest of a line that was too long
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), file.get())) {
    const std::string_view content(buffer.data(), std::strlen(buffer.data()));
    const bool whole = content.ends_with('\n') || std::feof(file.get());
    if (skipping) {
      skipping = !whole;
      continue;
    }
    if (!whole) {
      rows.too_long();
      skipping = true;
      continue;
    }
    if (!rows.line(content)) break;
  }
  return rows.rows();
}

Result<std::int64_t> stream_swf_text(const std::string& name, std::string_view content,
                                     const text::CsvVisitor& visitor, text::CsvProblems& problems) {
  SwfRows rows(name, visitor, problems);
  if (!rows.begin()) return rows.rows();
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size() - 1) + 1;
    if (!rows.line(content.substr(0, end))) break;
    content.remove_prefix(end);
  }
  return rows.rows();
}

}  // namespace warmshell::replay
