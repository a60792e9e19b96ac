#include "replay/curves/serving_power.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/math.h"
#include "replay/inputs/measurements.h"

namespace warmshell::replay {

namespace {

struct Configuration {
  double batch = 0, watts = 0, tokens_per_s = 0;  // the latter two per GPU
};

std::string lower_case(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

ServingPower summary_of(std::vector<Configuration> configurations) {
  std::sort(configurations.begin(), configurations.end(),
            [](const Configuration& a, const Configuration& b) { return a.batch < b.batch; });
  ServingPower made;
  made.configurations = static_cast<int>(configurations.size());
  for (const Configuration& each : configurations) {
    made.mean_watts += each.watts / made.configurations;
    made.highest_watts = std::max(made.highest_watts, each.watts);
  }
  double squares = 0;
  for (const Configuration& each : configurations)
    squares += (each.watts - made.mean_watts) * (each.watts - made.mean_watts);
  if (made.configurations > 1)
    made.deviation_watts = math::sqrt(squares / (made.configurations - 1));
  made.smallest_batch = configurations.front().batch;
  made.largest_batch = configurations.back().batch;
  made.smallest_batch_tokens_per_s = configurations.front().tokens_per_s;
  made.largest_batch_tokens_per_s = configurations.back().tokens_per_s;
  return made;
}

}  // namespace

Result<std::vector<ServingPower>> read_serving_powers(const std::string& path,
                                                      const std::string& task,
                                                      int least_configurations) {
  constexpr std::array<std::string_view, 7> names = {
      "model", "task", "gpu", "gpus", "avg_batch", "avg_power_w", "output_tok_s"};
  using Replica = std::tuple<std::string, std::string, int>;  // GPU, model, GPUs
  std::map<Replica, std::vector<Configuration>> replicas;
  const auto read = read_measurements(path, names, [&](MeasuredRow& row) {
    if (row.text(1) != task) return;
    std::array<double, 4> numbers{};
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      if (row.text(3 + n).empty()) return;  // not measured
      numbers[n] = row.number(3 + n);
      if (numbers[n] == 0) return;
    }
    std::string model(row.text(0));
    if (const std::size_t slash = model.find('/'); slash != std::string::npos)
      model.erase(0, slash + 1);
    const double gpus = numbers[0];
    replicas[{std::string(row.text(2)), model, static_cast<int>(gpus)}].push_back(
        {numbers[1], numbers[2] / gpus, numbers[3] / gpus});
  });
  if (!read) return tl::unexpected<Diagnostics>(read.error());

  std::vector<ServingPower> made;
  for (const auto& [replica, configurations] : replicas) {
    if (static_cast<int>(configurations.size()) < least_configurations) continue;
    ServingPower power = summary_of(configurations);
    std::tie(power.gpu, power.model, power.gpus) = replica;
    power.name =
        fmt::format("{}.{}x{}", lower_case(power.model), lower_case(power.gpu), power.gpus);
    made.push_back(std::move(power));
  }
  return made;
}

}  // namespace warmshell::replay
