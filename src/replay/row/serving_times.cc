#include "replay/row/serving_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "replay/inputs/measurements.h"
#include "replay/inputs/trace_row.h"
#include "text/csv.h"

namespace warmshell::replay {

namespace {

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

Result<ServingTimes> read_serving_times(const std::string& path, const std::string& model,
                                        const std::string& hardware, int tensor_parallel) {
  struct Seen {
    std::vector<double> prompt_ms, peak, average, token_ms;
  };
  std::map<std::int32_t, Seen> by_prompt;
  constexpr std::array<std::string_view, 9> names = {
      "model",      "hardware",      "tensor_parallel", "batch_size", "prompt_size",
      "peak_power", "average_power", "prompt_time",     "token_time"};
  const auto read = read_measurements(path, names, [&](MeasuredRow& row) {
    const auto number = [&row](std::size_t column) { return row.number(column, Least::zero); };
    if (row.text(0) != model || row.text(1) != hardware) return;
    if (number(2) != tensor_parallel || number(3) != 1) return;
    const double peak = number(5), average = number(6);
    if (peak == 0 || average == 0) return;  // power was not measured
    Seen& seen = by_prompt[static_cast<std::int32_t>(number(4))];
    seen.prompt_ms.push_back(number(7));
    seen.peak.push_back(peak);
    seen.average.push_back(average);
    seen.token_ms.push_back(number(8));
  });
  if (!read) return tl::unexpected<Diagnostics>(read.error());

  ServingTimes made;
  std::vector<double> token_ms, token_draw;
  for (const auto& [tokens, seen] : by_prompt) {
    made.prompts.push_back({tokens, median_of(seen.prompt_ms), median_of(seen.peak)});
    token_ms.insert(token_ms.end(), seen.token_ms.begin(), seen.token_ms.end());
    if (tokens <= short_prompt)
      token_draw.insert(token_draw.end(), seen.average.begin(), seen.average.end());
  }
  if (token_draw.empty())
    return tl::unexpected<Diagnostics>(
        {plain_error("WS0612", fmt::format("`{}` has no powers of {} on {} times {}", path, model,
                                           hardware, tensor_parallel))});
  made.token_ms = median_of(token_ms);
  made.token_draw = median_of(token_draw);
  return made;
}

double prompt_ms(const ServingTimes& times, std::int32_t tokens) {
  const std::vector<PromptPoint>& points = times.prompts;
  if (points.size() == 1) return std::max(1.0, points[0].ms);
  std::size_t right = 1;
  while (right + 1 < points.size() && points[right].tokens < tokens) ++right;
  const PromptPoint& a = points[right - 1];
  const PromptPoint& b = points[right];
  const double along = static_cast<double>(tokens - a.tokens) / (b.tokens - a.tokens);
  return std::max(1.0, a.ms + along * (b.ms - a.ms));
}

std::size_t prompt_point(const ServingTimes& times, std::int32_t tokens) {
  std::size_t point = 0;
  while (point + 1 < times.prompts.size() && times.prompts[point].tokens < tokens) ++point;
  return point;
}

Result<std::vector<LlmRequest>> read_requests(const std::vector<std::string>& paths) {
  std::vector<LlmRequest> requests;
  for (const std::string& path : paths) {
    text::CsvProblems problems;
    TraceRow row(path, 0, problems);
    Diagnostics missing;
    text::CsvVisitor visitor;
    visitor.header = [&](const text::CsvHeader& header) {
      for (const std::string_view name : {"TIMESTAMP", "ContextTokens", "GeneratedTokens"}) {
        const Result<std::size_t> found = header.require(name);
        if (!found) missing.insert(missing.end(), found.error().begin(), found.error().end());
      }
      row.take_header(header.names());
      return missing.empty();
    };
    visitor.row = [&](const text::CsvRow& cells) {
      row.begin(cells);
      LlmRequest request;
      request.at_ms = row.timestamp("TIMESTAMP");
      request.prompt_tokens = row.integer("ContextTokens", 0, 10'000'000);
      request.tokens = row.integer("GeneratedTokens", 0, 10'000'000);
      if (row.good()) requests.push_back(request);
      return true;
    };
    const Result<std::int64_t> read = text::stream_csv_file(path, visitor, problems);
    if (!read) return tl::unexpected<Diagnostics>(read.error());
    if (!missing.empty()) return tl::unexpected<Diagnostics>(std::move(missing));
    if (problems.count > 0) return tl::unexpected<Diagnostics>(std::move(problems.diagnostics));
  }
  std::stable_sort(requests.begin(), requests.end(),
                   [](const LlmRequest& a, const LlmRequest& b) { return a.at_ms < b.at_ms; });
  const Milliseconds first = requests.empty() ? 0 : requests.front().at_ms;
  for (LlmRequest& request : requests) request.at_ms -= first;
  return requests;
}

}  // namespace warmshell::replay
