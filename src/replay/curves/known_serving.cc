// What read_serving_powers() finds in the configurations of the ML.ENERGY leaderboard (task
// lm-arena-chat, at least five batches); serving_power_test.cc holds it against them.

#include "replay/curves/serving_power.h"

namespace warmshell::replay {

const std::vector<ServingPower>& known_serving_powers() {
  static const std::vector<ServingPower> all = {
      {"deepseek-v3.1.b200x8", "DeepSeek-V3.1", "B200", 8, 11, 652.6, 79.5, 741.9, 8.0, 3007.5,
       56.2, 1127.6},
      {"llama-3.1-405b-instruct.b200x8", "Llama-3.1-405B-Instruct", "B200", 8, 12, 904.5, 80.4,
       963.8, 8.0, 3588.7, 33.6, 927.3},
      {"llama-3.1-405b-instruct-fp8.b200x4", "Llama-3.1-405B-Instruct-FP8", "B200", 4, 7, 917.7,
       53.1, 974.6, 8.0, 510.5, 66.4, 846.6},
      {"llama-3.1-70b-instruct.b200x2", "Llama-3.1-70B-Instruct", "B200", 2, 10, 926.4, 49.0, 970.9,
       8.0, 2041.9, 237.9, 5053.9},
      {"llama-3.1-8b-instruct.b200x1", "Llama-3.1-8B-Instruct", "B200", 1, 9, 595.0, 72.3, 691.1,
       8.0, 2042.9, 1637.3, 14799.3},
      {"llama-3.3-70b-instruct.b200x2", "Llama-3.3-70B-Instruct", "B200", 2, 8, 921.2, 49.4, 971.1,
       8.0, 1021.6, 235.2, 4426.9},
      {"nvidia-nemotron-nano-12b-v2.b200x1", "NVIDIA-Nemotron-Nano-12B-v2", "B200", 1, 6, 646.1,
       144.5, 884.8, 8.0, 255.6, 1031.9, 6232.7},
      {"nvidia-nemotron-nano-9b-v2.b200x1", "NVIDIA-Nemotron-Nano-9B-v2", "B200", 1, 6, 632.1, 89.7,
       799.5, 7.9, 255.3, 1233.7, 5425.4},
      {"qwen3-14b.b200x1", "Qwen3-14B", "B200", 1, 9, 810.8, 106.2, 955.1, 7.9, 2044.6, 1086.7,
       15875.0},
      {"qwen3-235b-a22b-instruct-2507.b200x4", "Qwen3-235B-A22B-Instruct-2507", "B200", 4, 12,
       767.3, 48.9, 817.1, 8.0, 3764.6, 99.2, 3325.8},
      {"qwen3-235b-a22b-instruct-2507.b200x8", "Qwen3-235B-A22B-Instruct-2507", "B200", 8, 11,
       595.4, 47.0, 674.4, 8.0, 4090.4, 58.7, 1807.1},
      {"qwen3-235b-a22b-instruct-2507-fp8.b200x2", "Qwen3-235B-A22B-Instruct-2507-FP8", "B200", 2,
       6, 929.6, 19.9, 947.3, 8.0, 255.7, 107.2, 1888.2},
      {"qwen3-30b-a3b-instruct-2507.b200x1", "Qwen3-30B-A3B-Instruct-2507", "B200", 1, 12, 720.2,
       112.2, 910.3, 7.9, 1478.2, 910.0, 10649.1},
      {"qwen3-32b.b200x1", "Qwen3-32B", "B200", 1, 10, 931.8, 58.4, 975.6, 8.0, 455.7, 556.4,
       6425.5},
      {"qwen3-8b.b200x1", "Qwen3-8B", "B200", 1, 9, 674.5, 125.0, 830.6, 7.9, 1426.7, 1501.7,
       15099.6},
      {"gemma-3-12b-it.b200x1", "gemma-3-12b-it", "B200", 1, 7, 775.7, 128.3, 943.4, 8.0, 486.6,
       998.0, 9732.8},
      {"gemma-3-27b-it.b200x1", "gemma-3-27b-it", "B200", 1, 6, 882.5, 74.4, 973.9, 8.0, 247.3,
       594.2, 5510.4},
      {"llama-3.1-405b-instruct-fp8.h100x8", "Llama-3.1-405B-Instruct-FP8", "H100", 8, 8, 520.6,
       79.3, 609.4, 8.0, 255.2, 29.2, 295.4},
      {"llama-3.1-70b-instruct.h100x4", "Llama-3.1-70B-Instruct", "H100", 4, 12, 546.2, 72.7, 636.9,
       8.0, 898.5, 117.4, 1706.8},
      {"llama-3.1-8b-instruct.h100x1", "Llama-3.1-8B-Instruct", "H100", 1, 11, 629.2, 76.1, 690.5,
       8.0, 690.9, 1069.6, 9602.8},
      {"llama-3.3-70b-instruct.h100x4", "Llama-3.3-70B-Instruct", "H100", 4, 11, 562.1, 73.8, 636.5,
       8.0, 724.2, 116.2, 1504.4},
      {"llama-4-maverick-17b-128e-instruct-fp8.h100x8", "Llama-4-Maverick-17B-128E-Instruct-FP8",
       "H100", 8, 9, 350.9, 79.1, 438.4, 8.0, 383.3, 82.3, 893.6},
      {"llama-4-scout-17b-16e-instruct.h100x4", "Llama-4-Scout-17B-16E-Instruct", "H100", 4, 10,
       430.1, 53.5, 470.3, 8.0, 472.8, 80.5, 1399.0},
      {"llama-4-scout-17b-16e-instruct.h100x8", "Llama-4-Scout-17B-16E-Instruct", "H100", 8, 10,
       352.3, 51.2, 399.7, 8.0, 510.9, 47.4, 856.6},
      {"nvidia-nemotron-nano-12b-v2.h100x1", "NVIDIA-Nemotron-Nano-12B-v2", "H100", 1, 8, 613.9,
       78.7, 693.6, 7.9, 241.2, 666.3, 3846.8},
      {"nvidia-nemotron-nano-9b-v2.h100x1", "NVIDIA-Nemotron-Nano-9B-v2", "H100", 1, 8, 601.8, 88.3,
       693.0, 7.9, 255.3, 797.5, 4464.9},
      {"qwen3-14b.h100x1", "Qwen3-14B", "H100", 1, 8, 537.3, 70.3, 644.7, 8.0, 253.4, 627.4,
       5760.3},
      {"qwen3-235b-a22b-instruct-2507.h100x8", "Qwen3-235B-A22B-Instruct-2507", "H100", 8, 8, 452.6,
       53.5, 504.8, 8.0, 228.5, 48.5, 462.0},
      {"qwen3-235b-a22b-instruct-2507-fp8.h100x4", "Qwen3-235B-A22B-Instruct-2507-FP8", "H100", 4,
       7, 571.9, 42.3, 633.4, 8.0, 191.8, 56.0, 753.9},
      {"qwen3-235b-a22b-instruct-2507-fp8.h100x8", "Qwen3-235B-A22B-Instruct-2507-FP8", "H100", 8,
       10, 482.0, 24.0, 518.6, 8.0, 511.2, 39.5, 667.7},
      {"qwen3-30b-a3b-instruct-2507.h100x1", "Qwen3-30B-A3B-Instruct-2507", "H100", 1, 5, 456.1,
       37.7, 494.2, 8.0, 88.5, 611.3, 2658.8},
      {"qwen3-30b-a3b-instruct-2507.h100x2", "Qwen3-30B-A3B-Instruct-2507", "H100", 2, 14, 469.3,
       64.9, 561.7, 8.0, 1018.8, 415.4, 6319.8},
      {"qwen3-32b.h100x2", "Qwen3-32B", "H100", 2, 9, 513.8, 62.1, 590.0, 8.0, 340.2, 261.2,
       2535.4},
      {"qwen3-8b.h100x1", "Qwen3-8B", "H100", 1, 10, 545.8, 74.9, 632.8, 8.0, 474.4, 961.7, 8534.6},
      {"gemma-3-12b-it.h100x1", "gemma-3-12b-it", "H100", 1, 6, 510.9, 67.6, 589.0, 8.0, 127.8,
       604.3, 3545.6},
      {"gemma-3-27b-it.h100x2", "gemma-3-27b-it", "H100", 2, 7, 507.0, 73.1, 605.2, 8.0, 187.0,
       262.5, 2090.4},
  };
  return all;
}

const ServingPower* find_serving_power(const std::string& name) {
  for (const ServingPower& known : known_serving_powers())
    if (known.name == name) return &known;
  return nullptr;
}

}  // namespace warmshell::replay
