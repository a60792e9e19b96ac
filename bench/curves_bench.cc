// bench_curves: how well throughput under a power limit is guessed for a network that the fit has
// not seen. Usage: bench_curves [FOLDER OF THE DATA]
// Prints errors by GPU type and limit and, last, a line of JSON with the verdict: from 60 to 80 %
// of the highest limit the model must beat the median curve at every limit.

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string>

#include "replay/curves/fit.h"

namespace {

using namespace warmshell;
using namespace warmshell::replay;

constexpr std::array models = {CapModel::median, CapModel::plain, CapModel::draw,
                               CapModel::draw_and_batch};

bool judged(double limit) {
  return limit > 0.6 - 1e-9 && limit < 0.8 + 1e-9;
}

// Runs that draw less than three fifths of the limit cannot feel it: what they differ from 1 is
// noise of the measurement, and nobody can do better on them.
double noise_at(const std::vector<CapMeasurement>& rows, double limit) {
  double sum = 0, count = 0;
  for (const CapMeasurement& row : rows)
    if (row.limit == limit && row.draw < 0.6 * limit) {
      sum += std::abs(row.throughput - 1);
      ++count;
    }
  return count > 0 ? sum / count : 0;
}

struct Verdict {
  bool pass = true;
  std::string json;
};

Verdict show(const std::string& name, const CapMeasurements& measured) {
  const std::vector<CapMeasurement>& rows = measured.rows;
  std::array<std::vector<double>, models.size()> predicted;
  std::array<std::vector<CapError>, models.size()> errors;
  for (std::size_t m = 0; m < models.size(); ++m) {
    predicted[m] = predictions_left_out(rows, models[m]);
    errors[m] = errors_by_limit(rows, predicted[m]);
  }

  Verdict verdict;
  fmt::print(
      "{} (highest limit {:.0f} W): error of relative throughput on the network left out, in "
      "percentage points\n"
      "mean absolute error (root of the mean square)\n"
      "{:>14}  {:>4}  {:>12}  {:>12}  {:>12}  {:>12}  {:>6}\n",
      name, measured.highest_watts, "limit", "runs", "median", "plain", "draw", "draw, batch",
      "noise");
  for (std::size_t l = 0; l < errors[0].size(); ++l) {
    const double limit = errors[0][l].limit;
    fmt::print("{:6.0f} W {:5.1f} %  {:4}", limit * measured.highest_watts, 100 * limit,
               errors[0][l].count);
    for (const auto& of_model : errors)
      fmt::print("  {:5.2f} ({:4.1f})", 100 * of_model[l].mean, 100 * of_model[l].root_square);
    const double noise = noise_at(rows, limit);
    fmt::print("  {:>6}", noise > 0 ? fmt::format("{:.2f}", 100 * noise) : "-");
    const bool better = errors[2][l].mean < errors[0][l].mean;
    if (judged(limit)) verdict.pass = verdict.pass && better;
    fmt::print("{}{}\n", judged(limit) ? "  judged" : "", better ? "" : "  worse than the median");
    verdict.json += fmt::format(
        "{}\"{:.3f}\": {{\"median\": {:.4f}, \"plain\": {:.4f}, \"draw\": "
        "{:.4f}, \"draw_and_batch\": {:.4f}}}",
        l == 0 ? "" : ", ", limit, errors[0][l].mean, errors[1][l].mean, errors[2][l].mean,
        errors[3][l].mean);
  }

  fmt::print("by network left out, 60 to 80 % of the limit\n");
  std::map<std::string, std::array<double, models.size() + 1>> by_network;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!judged(rows[r].limit)) continue;
    auto& sums = by_network[rows[r].network];
    ++sums.back();
    for (std::size_t m = 0; m < models.size(); ++m)
      sums[m] += std::abs(predicted[m][r] - rows[r].throughput);
  }
  for (const auto& [network, sums] : by_network) {
    fmt::print("{:>20}  {:4.0f}", network, sums.back());
    for (std::size_t m = 0; m < models.size(); ++m)
      fmt::print("  {:12.2f}", 100 * sums[m] / sums.back());
    fmt::print("\n");
  }

  for (const bool with_batch : {false, true}) {
    const CapCurve curve = fit_cap_curve(rows, with_batch);
    fmt::print(
        "all networks{}: static {:.4f}  exponent {:.4f}  knee {:.4f}  burst {:.4f}  held {:.4f}  "
        "batch {:.4f}\n",
        with_batch ? ", batch" : "", curve.static_share, curve.exponent, curve.knee, curve.burst,
        curve.held, curve.batch);
    if (with_batch) continue;
    fmt::print("draw under the limit, mean absolute error (mean error): ");
    std::map<double, std::array<double, 3>> draws;
    for (const CapMeasurement& row : rows) {
      const double off = drawn_under_limit(curve, row.limit, row.draw) - row.drawn;
      auto& sums = draws[row.limit];
      sums[0] += std::abs(off);
      sums[1] += off;
      ++sums[2];
    }
    for (const auto& [limit, sums] : draws)
      fmt::print(" {:.0f} %: {:.1f} ({:+.1f})", 100 * limit, 100 * sums[0] / sums[2],
                 100 * sums[1] / sums[2]);
    fmt::print("\n");
  }
  fmt::print("\n");
  return verdict;
}

}  // namespace

int main(int argc, char** argv) {
  const char* from_environment = std::getenv("WARMSHELL_DATA");
  std::string data = from_environment != nullptr ? from_environment : "../shared/data";
  if (argc > 1) data = argv[1];
  bool pass = true;
  std::string json;
  for (const std::string name : {"v100", "a40"}) {
    const Result<CapMeasurements> measured =
        read_cap_measurements(data + "/power_cap/zeus_" + name + ".csv");
    if (!measured) {
      fmt::print(stderr, "{}", render(measured.error()));
      fmt::print(stderr,
                 "looked for in $WARMSHELL_DATA, else in ../shared/data: bench/README.md\n");
      return 1;
    }
    const Verdict verdict = show(name, *measured);
    pass = pass && verdict.pass;
    json += fmt::format(", \"{}\": {{{}}}", name, verdict.json);
  }
  fmt::print("{{\"pass\": {}{}}}\n", pass, json);
  return 0;
}
