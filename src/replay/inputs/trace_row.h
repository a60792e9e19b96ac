#pragma once
// One row of a trace: cells by name, read strictly; what is wrong is told once for each row, at its
// cell. Thread rule: one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "replay/inputs/seen_ids.h"
#include "replay/inputs/trace.h"
#include "text/csv.h"

namespace warmshell::replay {

class TraceRow {
 public:
  TraceRow(std::string file, std::size_t remembered_ids, text::CsvProblems& problems)
      : file_(std::move(file)), problems_(problems), ids_(remembered_ids) {}

  void take_header(const std::vector<std::string>& names);
  void begin(const text::CsvRow& row);

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool passed_by() const { return passed_by_; }
  [[nodiscard]] std::int64_t number() const { return row_->number; }

  bool pass_by();  // no job, and nothing is wrong; returns false
  bool complain(std::string_view column, std::string code, std::string message,
                std::string help = "");  // returns false
  void identify(std::string_view id);    // complains of an id seen before, as far as it remembers
  // After the last row: complains of ids seen before that identify() no longer knew. False where
  // the memory on disk failed.
  [[nodiscard]] bool finish_ids(std::int64_t& late);

  // Columns that are not there, and cells that are empty, give "" or `otherwise`. Without
  // `otherwise` an empty cell is a complaint.
  [[nodiscard]] std::string text(std::string_view column) const;
  [[nodiscard]] std::int32_t integer(std::string_view column, std::int64_t least,
                                     std::int64_t most);
  [[nodiscard]] std::int32_t integer(std::string_view column, std::int64_t least, std::int64_t most,
                                     std::int32_t otherwise);
  [[nodiscard]] Milliseconds seconds(std::string_view column, double least);
  [[nodiscard]] Milliseconds seconds(std::string_view column, double least, Milliseconds otherwise);
  // 2017-10-09 07:01:55, or with a T, with a fraction of a second or without; since 1970.
  [[nodiscard]] Milliseconds timestamp(std::string_view column);
  // [days-]hours:minutes:seconds, or minutes:seconds; Timelimit may also be days-hours or minutes.
  [[nodiscard]] Milliseconds slurm_time(std::string_view column);
  // billing=8,cpu=32,gres/gpu:a100=4,mem=128G,node=1
  void slurm_resources(std::string_view column, TraceJob& job);

 private:
  [[nodiscard]] const text::CsvCell* find(std::string_view column) const;

  std::string file_;
  text::CsvProblems& problems_;
  std::vector<std::string> columns_;  // few: looked through in order
  SeenIds ids_;
  const text::CsvRow* row_ = nullptr;
  bool good_ = true;
  bool passed_by_ = false;
};

// Rows of a Standard Workload Format file, as a table with the columns job, submit, wait, run,
// used_processors, average_cpu, used_memory, requested_processors, requested_time,
// requested_memory, status, user, group, executable, queue, partition, preceding, think_time.
// Lines that begin with `;` are comments.
[[nodiscard]] Result<std::int64_t> stream_swf_file(const std::string& path,
                                                   const text::CsvVisitor& visitor,
                                                   text::CsvProblems& problems);
[[nodiscard]] Result<std::int64_t> stream_swf_text(const std::string& name,
                                                   std::string_view content,
                                                   const text::CsvVisitor& visitor,
                                                   text::CsvProblems& problems);

}  // namespace warmshell::replay
