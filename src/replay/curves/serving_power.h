#pragma once
// Power that serving a language model draws, measured: what a profile of such work needs.
//
// One entry for each model, GPU type and number of GPUs that one replica takes. Its configurations
// differ in the batch alone, so `deviation` is what not knowing the batch amounts to, and
// `highest` the most that any batch drew. All per GPU. Thread rule: pure functions of plain values.

#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace warmshell::replay {

struct ServingPower {
  std::string name;  // as a cluster file writes it: MODEL.GPUxCOUNT
  std::string model, gpu;
  int gpus = 0;
  int configurations = 0;
  double mean_watts = 0;       // over the configurations
  double deviation_watts = 0;  // between them, divided by count - 1
  double highest_watts = 0;
  double smallest_batch = 0, largest_batch = 0;
  double smallest_batch_tokens_per_s = 0, largest_batch_tokens_per_s = 0;
};

// Chat on H100 and B200, models and counts with at least five batches. Source: ML.ENERGY
// leaderboard, measured configurations of the task lm-arena-chat.
[[nodiscard]] const std::vector<ServingPower>& known_serving_powers();
[[nodiscard]] const ServingPower* find_serving_power(const std::string& name);  // nullptr: none

// The same from the measurements: columns model, task, gpu, gpus, avg_batch, avg_power_w,
// output_tok_s; configurations of the task that tell all of them. By GPU, model, count.
[[nodiscard]] Result<std::vector<ServingPower>> read_serving_powers(const std::string& path,
                                                                    const std::string& task,
                                                                    int least_configurations);

}  // namespace warmshell::replay
