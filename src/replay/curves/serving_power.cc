#include "replay/curves/serving_power.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/math.h"
#include "text/csv.h"
#include "text/quantity_text.h"

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
  constexpr std::array names = {"model",     "task",        "gpu",         "gpus",
                                "avg_batch", "avg_power_w", "output_tok_s"};
  using Replica = std::tuple<std::string, std::string, int>;  // GPU, model, GPUs
  std::map<Replica, std::vector<Configuration>> replicas;
  std::vector<std::size_t> columns;
  Diagnostics missing;
  text::CsvProblems problems;
  text::CsvVisitor visitor;
  visitor.header = [&](const text::CsvHeader& header) {
    for (const std::string_view name : names) {
      const Result<std::size_t> found = header.require(name);
      if (found)
        columns.push_back(*found);
      else
        missing.insert(missing.end(), found.error().begin(), found.error().end());
    }
    return missing.empty();
  };
  visitor.row = [&](const text::CsvRow& cells) {
    if (cells[columns[1]].text != task) return true;
    std::array<double, 4> numbers{};
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      const text::CsvCell& cell = cells[columns[3 + n]];
      if (cell.text.empty()) return true;  // not measured
      const auto value = text::parse_number(cell.text);
      if (!value || *value <= 0) {
        Diagnostic diagnostic = plain_error(
            "WS0612", fmt::format("row {}: `{}` is no number above 0", cells.number, cell.text));
        diagnostic.where = text::csv_span(path, cell);
        problems.add(std::move(diagnostic));
        return true;
      }
      numbers[n] = *value;
    }
    std::string model(cells[columns[0]].text);
    if (const std::size_t slash = model.find('/'); slash != std::string::npos)
      model.erase(0, slash + 1);
    const double gpus = numbers[0];
    replicas[{std::string(cells[columns[2]].text), model, static_cast<int>(gpus)}].push_back(
        {numbers[1], numbers[2] / gpus, numbers[3] / gpus});
    return true;
  };
  const Result<std::int64_t> read = text::stream_csv_file(path, visitor, problems);
  if (!read) return tl::unexpected<Diagnostics>(read.error());
  if (!missing.empty()) return tl::unexpected<Diagnostics>(std::move(missing));
  if (problems.count > 0) return tl::unexpected<Diagnostics>(std::move(problems.diagnostics));

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
