#pragma once
// What one request of a language model costs a server: time and draw of its prompt and of its
// tokens, from the measurements published with Splitwise, and the requests of the Azure trace.
// Draws are shares of a GPU's rated power. Thread rule: plain values and pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "replay/engine/workload.h"

namespace warmshell::replay {

struct PromptPoint {
  std::int32_t tokens = 0;
  double ms = 0;
  double draw = 0;  // the highest seen, taken for all of the prompt
};

// One request at a time on a server.
struct ServingTimes {
  std::vector<PromptPoint> prompts;  // rising in tokens
  double token_ms = 0;
  double token_draw = 0;
};

// Columns model, hardware, prompt_size, batch_size, token_size, peak_power, average_power,
// prompt_time, token_time, tensor_parallel. Rows of other models, hardware or degrees of
// parallelism, of batches, and without power are left out; repetitions enter by their median. The
// draw of tokens is the average over the shortest prompts (at most `short_prompt` tokens), whose
// prompt is a thirtieth of their time: a little too much rather than too little.
[[nodiscard]] Result<ServingTimes> read_serving_times(const std::string& path,
                                                      const std::string& model,
                                                      const std::string& hardware,
                                                      int tensor_parallel);
inline constexpr std::int32_t short_prompt = 512;

// Straight lines between the points, and on beyond the last; at least 1 ms.
[[nodiscard]] double prompt_ms(const ServingTimes& times, std::int32_t tokens);
// Index of the smallest point that holds so many tokens; the last beyond it.
[[nodiscard]] std::size_t prompt_point(const ServingTimes& times, std::int32_t tokens);

struct LlmRequest {
  Milliseconds at_ms = 0;  // since the first
  std::int32_t prompt_tokens = 0;
  std::int32_t tokens = 0;
  bool operator==(const LlmRequest&) const = default;
};

// The requests of several files (TIMESTAMP, ContextTokens, GeneratedTokens), in time.
[[nodiscard]] Result<std::vector<LlmRequest>> read_requests(const std::vector<std::string>& paths);

}  // namespace warmshell::replay
