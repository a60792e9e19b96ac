#pragma once
// Cap curves from measurements: reading them, least squares, and the error on networks that the
// fit has not seen. Deterministic. Thread rule: pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "replay/curves/cap_curve.h"

namespace warmshell::replay {

// One training run under one limit, against the same run under the highest. Shares of the highest
// limit.
struct CapMeasurement {
  std::string network;
  std::int32_t batch = 0;
  double batch_doublings_below_largest = 0;  // of the network
  double limit = 0;
  double draw = 0;        // uncapped: under the highest limit
  double throughput = 0;  // against the highest limit; noise lifts some above 1
  double drawn = 0;       // under this limit
};

struct CapMeasurements {
  double highest_watts = 0;
  std::vector<CapMeasurement> rows;  // those under the highest limit left out
};

// Columns dataset, network, batch_size, optimizer, power_limit, time_per_epoch, average_power (the
// traces that the authors of Zeus published, You, Chung, Chowdhury, NSDI 2023).
[[nodiscard]] Result<CapMeasurements> read_cap_measurements(const std::string& path);

// Least squares over all rows: first the shape from throughputs, then `held` from draws.
[[nodiscard]] CapCurve fit_cap_curve(const std::vector<CapMeasurement>& rows, bool with_batch);

// Three ways to guess throughput from the limit alone or with the draw, each fitted without the
// network it is asked about.
enum class CapModel { median, plain, draw, draw_and_batch };
// By row, in the order of `rows`.
[[nodiscard]] std::vector<double> predictions_left_out(const std::vector<CapMeasurement>& rows,
                                                       CapModel model);

struct CapError {
  double limit = 0;
  std::int64_t count = 0;
  double mean = 0;         // of the absolute error of throughput
  double root_square = 0;  // root of the mean squared error
};
// By limit, rising.
[[nodiscard]] std::vector<CapError> errors_by_limit(const std::vector<CapMeasurement>& rows,
                                                    const std::vector<double>& predicted);

}  // namespace warmshell::replay
