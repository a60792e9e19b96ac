#pragma once
// Job traces as others wrote them, read row by row in constant memory: own CSV, openb pod lists,
// Philly, Azure LLM requests, Slurm `sacct -P`, Standard Workload Format.
//
// A row that means nothing (negative duration, cut line, an id seen before) is counted, named by
// its row, and passed over; reading goes on. Ids are remembered as 64-bit hashes, at most
// `remembered_ids` of them; beyond that, repeats are no longer found and the count says so.
// Thread rule: one call belongs to one thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay/engine/workload.h"
#include "text/csv.h"

namespace warmshell::replay {

enum class TraceFormat { own, openb, philly, azure_llm, sacct, swf };
[[nodiscard]] std::string_view trace_format_name(TraceFormat format);  // "azure-llm"
[[nodiscard]] std::optional<TraceFormat> trace_format_called(std::string_view name);
// What the first line of a file looks like; nothing where it looks like none of them.
[[nodiscard]] std::optional<TraceFormat> recognise_trace(std::string_view first_line);

// A job as its trace tells it, before it meets a cluster. Times are seconds or milliseconds since
// an origin that only the trace knows.
struct TraceJob {
  std::int64_t row = 0;   // of the data, from 1
  std::int64_t line = 0;  // of the file, from 1
  std::string name;
  std::string queue;
  std::string gpu_types;  // names joined by `|`; empty: any
  std::string profile;    // of power; empty: the cluster's first
  Milliseconds submit_ms = 0;
  Milliseconds duration_ms = 0;
  Milliseconds estimate_ms = 0;  // 0: none is told
  std::int32_t gpus = 0;         // of all workers together; whole, or 1 with gpu_milli
  std::int32_t gpu_milli = whole_gpu_milli;
  std::int32_t workers = 0;     // 0: as few as the largest node allows
  std::int64_t cpu_milli = 0;   // of all workers together
  std::int64_t memory_mib = 0;  // likewise
  std::int32_t priority = 0;
  bool preemptible = true;
  Milliseconds checkpoint_ms = 0;
  Milliseconds restart_ms = 0;
};

struct TraceCounts {
  std::int64_t rows = 0;       // of data, good and bad
  std::int64_t jobs = 0;       // handed out
  std::int64_t passed_by = 0;  // good rows that are no job to replay: steps, never started
  // Handed out, and found to repeat an id only after the last row (beyond `remembered_ids`).
  std::int64_t late_duplicates = 0;
  bool ids_checked = true;  // false: the temporary file of ids failed, some may repeat unseen
};

struct TraceRules {
  // Told at once; later ones are sorted on disk and told at the end, in constant memory.
  std::size_t remembered_ids = std::size_t{1} << 30;
  // Azure LLM: a request holds a share of one GPU for its prefill and its decoding.
  double prefill_tokens_per_s = 4000;
  double decode_tokens_per_s = 30;
  std::int32_t request_gpu_milli = 50;
};

// `job` is called for every good row; false stops. Errors returned are those that stop the reading;
// rows passed over are in `problems` (every one counted, the first hundred told).
[[nodiscard]] Result<TraceCounts> stream_trace(const std::string& path, TraceFormat format,
                                               const TraceRules& rules,
                                               const std::function<bool(TraceJob&&)>& job,
                                               text::CsvProblems& problems);
[[nodiscard]] Result<TraceCounts> stream_trace_text(const std::string& name,
                                                    std::string_view content, TraceFormat format,
                                                    const TraceRules& rules,
                                                    const std::function<bool(TraceJob&&)>& job,
                                                    text::CsvProblems& problems);

}  // namespace warmshell::replay
