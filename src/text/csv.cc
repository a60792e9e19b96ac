#include "text/csv.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <set>
#include <system_error>

#include "text/utf8.h"

namespace warmshell::text {

namespace {

constexpr std::size_t max_row_bytes = std::size_t{1} << 20;
constexpr std::size_t chunk_bytes = std::size_t{1} << 18;

// Where bytes come from; returns how many were put at `to`, 0 at the end, -1 on error.
using Fill = std::function<long(char* to, std::size_t room)>;

// What is wrong with a row, at a byte of the buffer.
struct RowFault {
  std::string code, message, help;
  std::size_t at = 0;
  std::size_t length = 1;
};

class Stream {
 public:
  Stream(std::string name, Fill fill, const CsvVisitor& visitor, CsvProblems& problems)
      : name_(std::move(name)), fill_(std::move(fill)), visitor_(visitor), problems_(problems) {}

  Result<std::int64_t> run() {
    refill();
    if (std::string_view(buffer_).starts_with("\xEF\xBB\xBF")) position_ = base_skip_ = 3;
    Outcome outcome = next_row();
    if (failed_) return read_error();
    if (outcome == Outcome::end)
      return fail_file("WS0121", "the table is empty",
                       "write a header row with the names of the columns");
    if (outcome == Outcome::fault) return fail(diagnostic(fault_));
    if (Result<CsvHeader> header = take_header(); !header) {
      return tl::unexpected<Diagnostics>(std::move(header.error()));
    } else {
      columns_ = header->names().size();
      advance();
      if (visitor_.header && !visitor_.header(*header)) return rows_;
    }
    while ((outcome = next_row()) != Outcome::end) {
      if (outcome == Outcome::row && !visit()) return rows_;
      if (outcome == Outcome::fault) {
        ++rows_;
        add(fault_);
      }
      advance();
    }
    if (failed_) return read_error();
    return rows_;
  }

 private:
  enum class Outcome { row, fault, end };
  enum class Scan { done, more };

  tl::unexpected<Diagnostics> fail_file(std::string code, std::string message,
                                        std::string help) const {
    Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
    diagnostic.where.file = name_;
    return fail(std::move(diagnostic));
  }
  tl::unexpected<Diagnostics> read_error() const {
    return fail_file(
        "WS0001",
        fmt::format("cannot read {}: {}", name_, std::generic_category().message(failed_)), "");
  }

  bool refill() {
    if (at_end_ || failed_) return false;
    // What is before the row has been handed out: forget it.
    dropped_ += position_;
    buffer_.erase(0, position_);
    position_ = 0;
    const std::size_t old = buffer_.size();
    buffer_.resize(old + chunk_bytes);
    const long got = fill_(buffer_.data() + old, chunk_bytes);
    buffer_.resize(old + static_cast<std::size_t>(std::max(0L, got)));
    if (got < 0) failed_ = errno ? errno : EIO;
    if (got <= 0) at_end_ = true;
    return got > 0;
  }

  // The next row that is not blank, in cells_ or fault_; row_end_ is behind its line end.
  Outcome next_row() {
    while (true) {
      if (position_ == buffer_.size() && !refill()) return Outcome::end;
      while (scan_row() == Scan::more) {
        if (buffer_.size() - position_ > max_row_bytes) {
          too_long();
          return Outcome::fault;
        }
        if (!refill()) {
          scan_row();
          break;
        }
      }
      if (faulty_) return Outcome::fault;
      if (!blank_) return check_text() ? Outcome::row : Outcome::fault;
      advance();
    }
  }

  void advance() {
    line_ += lines_;
    position_ = row_end_;
  }

  // A row that never ends: its first line is given up, the rest is read as rows again.
  void too_long() {
    const std::size_t newline = buffer_.find('\n', position_);
    faulty_ = true;
    const bool whole_line = newline != std::string::npos;
    row_end_ = whole_line ? newline + 1 : buffer_.size();
    lines_ = whole_line ? 1 : 0;
    skipping_ = !whole_line;
    if (unclosed_)
      fault_ = {"WS0123", "a quote opens here and is never closed",
                "close it, or double it inside quotes", quote_at_, 1};
    else
      fault_ = {"WS0124", "this row is longer than 1 MiB", "check the line ends of the file",
                position_, 1};
  }

  // Reads one row from position_. `more`: it may go on behind the buffer.
  Scan scan_row() {
    cells_.clear();
    unescaped_.clear();
    faulty_ = blank_ = unclosed_ = false;
    lines_ = 0;
    const char* const data = buffer_.data();
    const std::size_t size = buffer_.size();
    const char separator = visitor_.separator;
    std::size_t at = position_;
    std::int64_t line = line_;
    std::size_t line_begin = position_;

    if (skipping_) {  // the tail of a row that was too long
      const void* newline = std::memchr(data + at, '\n', size - at);
      row_end_ =
          newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - data) + 1 : size;
      skipping_ = newline == nullptr && !at_end_;
      lines_ = newline ? 1 : 0;
      blank_ = true;
      return Scan::done;
    }

    while (true) {
      CsvCell cell;
      cell.line = line;
      cell.line_begin = data + line_begin;
      const std::size_t begin = at;
      if (at < size && data[at] == '"') {
        quote_at_ = at;
        cell.quoted = true;
        bool doubled = false;
        ++at;
        while (true) {
          const void* quote = std::memchr(data + at, '"', size - at);
          if (!quote) {
            unclosed_ = true;
            if (!at_end_) return Scan::more;
            return give_up_line({"WS0123", "a quote opens here and is never closed",
                                 "close it, or double it inside quotes", quote_at_, 1});
          }
          const auto found = static_cast<std::size_t>(static_cast<const char*>(quote) - data);
          for (std::size_t i = at; i < found; ++i)
            if (data[i] == '\n') {
              ++line;
              line_begin = i + 1;
            }
          at = found + 1;
          if (at == size && !at_end_) return Scan::more;
          if (at < size && data[at] == '"') {
            doubled = true;
            ++at;
            continue;
          }
          break;
        }
        unclosed_ = false;
        cell.raw = std::string_view(data + begin, at - begin);
        cell.text = cell.raw.substr(1, cell.raw.size() - 2);
        if (doubled) cell.text = without_doubled(cell.text);
        if (at < size && data[at] != separator && data[at] != '\n' && data[at] != '\r')
          return give_up_line({"WS0123", "text follows a closing quote",
                               "quote the whole cell, and double the quotes inside", at, 1});
      } else {
        while (at < size && data[at] != separator && data[at] != '\n' && data[at] != '\r' &&
               data[at] != '"')
          ++at;
        if (at < size && data[at] == '"')
          return give_up_line({"WS0123", "a quote stands inside a cell that is not quoted",
                               "quote the whole cell, and double the quotes inside", at, 1});
        cell.raw = cell.text = std::string_view(data + begin, at - begin);
      }
      if (at == size && !at_end_) return Scan::more;
      cell.offset = dropped_ + begin - base_skip_;
      cells_.push_back(cell);
      if (at < size && data[at] == separator) {
        ++at;
        continue;
      }
      break;
    }

    if (at < size && data[at] == '\r') {
      if (at + 1 == size && !at_end_) return Scan::more;
      if (at + 1 < size && data[at + 1] != '\n')
        return give_up_line({"WS0123", "a carriage return stands without a line feed",
                             "end lines with LF or CRLF", at, 1});
      ++at;
    }
    const bool ended = at < size && data[at] == '\n';
    row_end_ = ended ? at + 1 : at;
    lines_ = line - line_ + (ended ? 1 : 0);
    blank_ = cells_.size() == 1 && cells_[0].raw.empty();
    return Scan::done;
  }

  // The row is broken: go on behind the end of its first line.
  Scan give_up_line(RowFault fault) {
    const void* newline = std::memchr(buffer_.data() + position_, '\n', buffer_.size() - position_);
    if (!newline && !at_end_) return Scan::more;
    faulty_ = true;
    fault_ = std::move(fault);
    row_end_ =
        newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1
                : buffer_.size();
    lines_ = newline ? 1 : 0;
    return Scan::done;
  }

  bool check_text() {
    const std::string_view row(buffer_.data() + position_, row_end_ - position_);
    const std::optional<std::size_t> bad = first_invalid_utf8(row);
    const std::size_t nul = row.find('\0');
    if (!bad && nul == std::string_view::npos) return true;
    if (bad)
      fault_ = {"WS0003",
                fmt::format("byte 0x{:02X} is not UTF-8", static_cast<unsigned char>(row[*bad])),
                "save the file as UTF-8", position_ + *bad, 1};
    else
      fault_ = {"WS0004", "a NUL byte stands in the text",
                "remove it: this is not a text file, or it was cut", position_ + nul, 1};
    return false;
  }

  std::string_view without_doubled(std::string_view text) {
    std::string& plain = unescaped_.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
      plain += text[i];
      if (text[i] == '"') ++i;
    }
    return plain;
  }

  Diagnostic diagnostic(const RowFault& fault) const {
    Diagnostic told = plain_error(fault.code, fault.message, fault.help);
    std::size_t begin = position_;
    std::int64_t line = line_;
    for (std::size_t i = position_; i < fault.at && i < buffer_.size(); ++i)
      if (buffer_[i] == '\n') {
        ++line;
        begin = i + 1;
      }
    std::size_t end = buffer_.find('\n', begin);
    if (end == std::string::npos) end = buffer_.size();
    if (end > begin && buffer_[end - 1] == '\r') --end;
    const std::string_view whole(buffer_);
    told.where.file = name_;
    told.where.line = static_cast<int>(std::min<std::int64_t>(line, 2147483647));
    told.where.column =
        static_cast<int>(count_code_points(whole.substr(begin, fault.at - begin))) + 1;
    told.where.length = static_cast<int>(std::max<std::size_t>(
        1, count_code_points(whole.substr(
               fault.at, std::min(fault.length, end > fault.at ? end - fault.at : 0)))));
    told.where.source_line = excerpt(whole.substr(begin, end - begin));
    return told;
  }
  void add(const RowFault& fault) {
    if (problems_.diagnostics.size() < CsvProblems::told)
      problems_.add(diagnostic(fault));
    else
      ++problems_.count;
  }

  std::size_t offset_in_buffer(const CsvCell& cell) const {
    return static_cast<std::size_t>(cell.raw.data() - buffer_.data());
  }

  Result<CsvHeader> take_header() {
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (const CsvCell& cell : cells_) {
      std::string name(cell.text);
      if (!name.empty() && !seen.insert(name).second)
        return fail(
            diagnostic({"WS0121", fmt::format("two columns are called {}", ticked(name)),
                        "give each column its own name", offset_in_buffer(cell), cell.raw.size()}));
      names.push_back(std::move(name));
    }
    return CsvHeader(name_, std::move(names));
  }

  bool visit() {
    ++rows_;
    if (visitor_.ragged_rows_are_problems && cells_.size() != columns_) {
      const bool longer = cells_.size() > columns_;
      const CsvCell& at = longer ? cells_[columns_] : cells_.back();
      add({"WS0122",
           fmt::format("row {} has {} cells where the header has {}", rows_, cells_.size(),
                       columns_),
           "quote cells that hold a separator", offset_in_buffer(at),
           std::max<std::size_t>(1, at.raw.size())});
      return true;
    }
    if (cells_.size() < columns_) cells_.resize(columns_);
    CsvRow row;
    row.number = rows_;
    row.line = line_;
    row.cells = &cells_;
    return !visitor_.row || visitor_.row(row);
  }

  std::string name_;
  Fill fill_;
  const CsvVisitor& visitor_;
  CsvProblems& problems_;
  std::string buffer_;
  std::size_t position_ = 0;  // where the row begins
  std::size_t row_end_ = 0;
  std::uint64_t dropped_ = 0;  // bytes before the buffer
  std::uint64_t base_skip_ = 0;
  std::int64_t line_ = 1;
  std::int64_t lines_ = 0;  // ended by this row
  std::int64_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t quote_at_ = 0;
  bool at_end_ = false, faulty_ = false, blank_ = false, unclosed_ = false, skipping_ = false;
  int failed_ = 0;
  std::vector<CsvCell> cells_;
  std::deque<std::string> unescaped_;
  RowFault fault_;
};

}  // namespace

int CsvCell::column() const {
  if (!line_begin || raw.data() < line_begin) return 1;
  return static_cast<int>(
             count_code_points({line_begin, static_cast<std::size_t>(raw.data() - line_begin)})) +
         1;
}

void CsvProblems::add(Diagnostic diagnostic) {
  ++count;
  if (diagnostics.size() < told) diagnostics.push_back(std::move(diagnostic));
}

SourceSpan csv_span(const std::string& file, const CsvCell& cell) {
  SourceSpan span;
  span.file = file;
  span.line = static_cast<int>(std::min<std::int64_t>(cell.line, 2147483647));
  span.column = cell.column();
  span.length = static_cast<int>(
      std::max<std::size_t>(1, count_code_points(cell.raw.substr(0, cell.raw.find('\n')))));
  if (cell.line_begin) {
    const char* end = cell.raw.data();
    end += std::min(cell.raw.find('\n'), cell.raw.size());
    span.source_line = excerpt({cell.line_begin, static_cast<std::size_t>(end - cell.line_begin)});
  }
  return span;
}

std::optional<std::size_t> CsvHeader::find(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (names_[i] == name) return i;
  return std::nullopt;
}

Result<std::size_t> CsvHeader::require(std::string_view name) const {
  if (const auto index = find(name)) return *index;
  const std::string near = did_you_mean(name, names_);
  std::string list;
  for (const std::string& each : names_) list += (list.empty() ? "columns here: " : ", ") + each;
  Diagnostic diagnostic =
      plain_error("WS0125", fmt::format("the table has no column {}", ticked(name)),
                  near.empty() ? excerpt(list) : fmt::format("did you mean {}?", ticked(near)));
  diagnostic.where.file = file_;
  return fail(std::move(diagnostic));
}

Result<std::int64_t> stream_csv_file(const std::string& path, const CsvVisitor& visitor,
                                     CsvProblems& problems) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  if (!file) {
    Diagnostic diagnostic = plain_error(
        "WS0001", fmt::format("cannot open {}: {}", path, std::generic_category().message(errno)),
        "check the path");
    diagnostic.where.file = path;
    return fail(std::move(diagnostic));
  }
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  const Fill fill = [&file](char* to, std::size_t room) -> long {
    const std::size_t got = std::fread(to, 1, room, file.get());
    return got == 0 && std::ferror(file.get()) ? -1 : static_cast<long>(got);
  };
  return Stream(path, fill, visitor, problems).run();
}

Result<std::int64_t> stream_csv_text(const std::string& name, std::string_view text,
                                     const CsvVisitor& visitor, CsvProblems& problems) {
  std::size_t at = 0;
  const Fill fill = [&](char* to, std::size_t room) -> long {
    const std::size_t got = std::min(room, text.size() - at);
    std::memcpy(to, text.data() + at, got);
    at += got;
    return static_cast<long>(got);
  };
  return Stream(name, fill, visitor, problems).run();
}

}  // namespace warmshell::text
