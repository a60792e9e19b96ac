#include "replay/inputs/trace.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "replay/inputs/trace_row.h"

namespace warmshell::replay {

namespace {

struct FormatName {
  TraceFormat format;
  std::string_view name;
};
constexpr std::array format_names{
    FormatName{TraceFormat::own, "own"},       FormatName{TraceFormat::openb, "openb"},
    FormatName{TraceFormat::philly, "philly"}, FormatName{TraceFormat::azure_llm, "azure-llm"},
    FormatName{TraceFormat::sacct, "sacct"},   FormatName{TraceFormat::swf, "swf"}};

// ---- one function for each format: a row to a job; false: passed by or wrong (then reported)

using ReadRow = bool (*)(TraceRow& row, const TraceRules& rules, TraceJob& job);

bool read_own(TraceRow& row, const TraceRules&, TraceJob& job) {
  job.name = row.text("name");
  row.identify(job.name);
  job.queue = row.text("queue");
  job.gpu_types = row.text("gpu_types");
  job.profile = row.text("profile");
  job.submit_ms = row.seconds("submit_s", 0);
  job.duration_ms = row.seconds("duration_s", 0.001);
  job.estimate_ms = row.seconds("estimate_s", 0.001, 0);
  job.gpus = row.integer("gpus", 0, 1'000'000);
  job.gpu_milli = row.integer("gpu_milli", 1, whole_gpu_milli, whole_gpu_milli);
  job.workers = row.integer("workers", 1, 1'000'000, 0);
  job.cpu_milli = row.integer("cpu_milli", 0, INT32_MAX, 0);
  job.memory_mib = row.integer("memory_mib", 0, INT32_MAX, 0);
  job.priority = row.integer("priority", -1000, 1000, 0);
  job.preemptible = row.integer("preemptible", 0, 1, 1) == 1;
  job.checkpoint_ms = row.seconds("checkpoint_s", 0, 0);
  job.restart_ms = row.seconds("restart_s", 0, 0);
  return row.good();
}

bool read_openb(TraceRow& row, const TraceRules&, TraceJob& job) {
  job.name = row.text("name");
  row.identify(job.name);
  job.cpu_milli = row.integer("cpu_milli", 0, INT32_MAX);
  job.memory_mib = row.integer("memory_mib", 0, INT32_MAX);
  job.gpus = row.integer("num_gpu", 0, 1'000'000);
  job.gpu_milli = row.integer("gpu_milli", 0, whole_gpu_milli);
  job.gpu_types = row.text("gpu_spec");
  job.queue = row.text("qos");
  job.submit_ms = row.seconds("creation_time", 0);
  const Milliseconds deleted = row.seconds("deletion_time", 0);
  const Milliseconds scheduled = row.seconds("scheduled_time", 0, -1);
  if (!row.good()) return false;
  job.duration_ms = deleted - (scheduled > 0 ? scheduled : job.submit_ms);
  if (job.duration_ms < 0)
    return row.complain("deletion_time", "WS0613", "the pod is deleted before it began");
  job.workers = 1;
  return job.duration_ms > 0 ? true : row.pass_by();
}

bool read_philly(TraceRow& row, const TraceRules&, TraceJob& job) {
  job.name = fmt::format("{}", row.number());
  job.queue = row.text("cluster");
  job.submit_ms = row.timestamp("timestamp");
  job.duration_ms = row.seconds("duration", 0.001);
  job.gpus = row.integer("num_gpus", 1, 1'000'000);
  return row.good();
}

bool read_azure(TraceRow& row, const TraceRules& rules, TraceJob& job) {
  job.name = fmt::format("{}", row.number());
  job.submit_ms = row.timestamp("TIMESTAMP");
  const std::int32_t context = row.integer("ContextTokens", 0, 100'000'000);
  const std::int32_t generated = row.integer("GeneratedTokens", 0, 100'000'000);
  job.duration_ms = std::max<Milliseconds>(
      1, static_cast<Milliseconds>(1000 * (context / rules.prefill_tokens_per_s +
                                           generated / rules.decode_tokens_per_s)));
  job.gpus = 1;
  job.gpu_milli = rules.request_gpu_milli;
  job.workers = 1;
  return row.good();
}

// sacct -P -o JobID,Account,Submit,Elapsed,Timelimit,NNodes,AllocTRES (more columns do no harm).
bool read_sacct(TraceRow& row, const TraceRules&, TraceJob& job) {
  job.name = row.text("JobID");
  if (job.name.find('.') != std::string::npos) return row.pass_by();  // a step of a job
  row.identify(job.name);
  job.queue = row.text("Account");
  if (row.text("Submit") == "Unknown") return row.pass_by();
  job.submit_ms = row.timestamp("Submit");
  job.duration_ms = row.slurm_time("Elapsed");
  const std::string limit = row.text("Timelimit");
  if (!limit.empty() && limit != "UNLIMITED" && limit != "Partition_Limit")
    job.estimate_ms = row.slurm_time("Timelimit");
  job.workers = row.integer("NNodes", 1, 1'000'000, 0);
  row.slurm_resources("AllocTRES", job);
  if (!row.good()) return false;
  return job.duration_ms > 0 ? true : row.pass_by();
}

// Standard Workload Format 2.2 (Feitelson, Parallel Workloads Archive): -1 is not known. Processors
// are taken for GPUs.
bool read_swf(TraceRow& row, const TraceRules&, TraceJob& job) {
  job.name = row.text("job");
  row.identify(job.name);
  job.submit_ms = row.seconds("submit", 0);
  const Milliseconds run = row.seconds("run", -1);
  const std::int32_t used = row.integer("used_processors", -1, 1'000'000);
  const std::int32_t asked = row.integer("requested_processors", -1, 1'000'000);
  const Milliseconds estimate = row.seconds("requested_time", -1);
  job.queue = row.text("queue");
  if (!row.good()) return false;
  job.gpus = asked > 0 ? asked : used;
  job.duration_ms = run;
  job.estimate_ms = std::max<Milliseconds>(0, estimate);
  return run > 0 && job.gpus > 0 ? true : row.pass_by();
}

struct Format {
  ReadRow read;
  std::vector<std::string_view> columns;  // that must be there
};

Format format_of(TraceFormat format) {
  switch (format) {
    case TraceFormat::own:
      return {read_own, {"name", "submit_s", "duration_s", "gpus"}};
    case TraceFormat::openb:
      return {read_openb,
              {"name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "creation_time",
               "deletion_time"}};
    case TraceFormat::philly:
      return {read_philly, {"timestamp", "duration", "num_gpus", "cluster"}};
    case TraceFormat::azure_llm:
      return {read_azure, {"TIMESTAMP", "ContextTokens", "GeneratedTokens"}};
    case TraceFormat::sacct:
      return {read_sacct, {"JobID", "Submit", "Elapsed", "AllocTRES"}};
    case TraceFormat::swf:
      return {read_swf, {}};
  }
  return {};
}

template <class Stream>  // Stream(visitor, problems): the rows of a table
Result<TraceCounts> read_table(const std::string& file, TraceFormat format, const TraceRules& rules,
                               const std::function<bool(TraceJob&&)>& hand_out,
                               text::CsvProblems& problems, Stream stream) {
  const Format how = format_of(format);
  TraceCounts counts;
  TraceRow row(file, rules.remembered_ids, problems);
  Diagnostics missing;
  text::CsvVisitor visitor;
  visitor.separator = format == TraceFormat::sacct ? '|' : ',';
  visitor.header = [&](const text::CsvHeader& header) {
    for (const std::string_view name : how.columns)
      if (const Result<std::size_t> found = header.require(name); !found)
        missing.insert(missing.end(), found.error().begin(), found.error().end());
    row.take_header(header.names());
    return missing.empty();
  };
  visitor.row = [&](const text::CsvRow& cells) {
    row.begin(cells);
    TraceJob job;
    const bool is_job = how.read(row, rules, job);
    if (row.passed_by()) ++counts.passed_by;
    if (!is_job || !row.good()) return true;
    job.row = cells.number;
    job.line = cells.line;
    ++counts.jobs;
    return hand_out(std::move(job));
  };
  const Result<std::int64_t> rows = stream(visitor, problems);
  if (!rows) return tl::unexpected<Diagnostics>(rows.error());
  if (!missing.empty()) return tl::unexpected<Diagnostics>(std::move(missing));
  counts.rows = *rows;
  counts.ids_checked = row.finish_ids(counts.late_duplicates);
  return counts;
}

}  // namespace

std::string_view trace_format_name(TraceFormat format) {
  for (const FormatName& each : format_names)
    if (each.format == format) return each.name;
  return "";
}

std::optional<TraceFormat> trace_format_called(std::string_view name) {
  for (const FormatName& each : format_names)
    if (each.name == name) return each.format;
  return std::nullopt;
}

std::optional<TraceFormat> recognise_trace(std::string_view first_line) {
  if (first_line.starts_with("\xEF\xBB\xBF")) first_line.remove_prefix(3);
  const auto has = [&](std::string_view word) {
    return first_line.find(word) != std::string_view::npos;
  };
  if (first_line.starts_with(";")) return TraceFormat::swf;
  if (has("JobID") && has("|")) return TraceFormat::sacct;
  if (has("ContextTokens")) return TraceFormat::azure_llm;
  if (has("num_gpus") && has("timestamp")) return TraceFormat::philly;
  if (has("num_gpu") && has("cpu_milli")) return TraceFormat::openb;
  if (has("submit_s") && has("duration_s")) return TraceFormat::own;
  if (!first_line.empty() &&
      first_line.find_first_not_of(" \t0123456789.-") == std::string_view::npos)
    return TraceFormat::swf;
  return std::nullopt;
}

Result<TraceCounts> stream_trace(const std::string& path, TraceFormat format,
                                 const TraceRules& rules,
                                 const std::function<bool(TraceJob&&)>& job,
                                 text::CsvProblems& problems) {
  return read_table(path, format, rules, job, problems,
                    [&](const text::CsvVisitor& visitor, text::CsvProblems& found) {
                      return format == TraceFormat::swf
                                 ? stream_swf_file(path, visitor, found)
                                 : text::stream_csv_file(path, visitor, found);
                    });
}

Result<TraceCounts> stream_trace_text(const std::string& name, std::string_view content,
                                      TraceFormat format, const TraceRules& rules,
                                      const std::function<bool(TraceJob&&)>& job,
                                      text::CsvProblems& problems) {
  return read_table(name, format, rules, job, problems,
                    [&](const text::CsvVisitor& visitor, text::CsvProblems& found) {
                      return format == TraceFormat::swf
                                 ? stream_swf_text(name, content, visitor, found)
                                 : text::stream_csv_text(name, content, visitor, found);
                    });
}

}  // namespace warmshell::replay
