#include "replay/curves/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "base/math.h"
#include "replay/inputs/measurements.h"

namespace warmshell::replay {

namespace {

double square(double x) {
  return x * x;
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Range {
  double low = 0, high = 1, step = 0.1;
};

// Smallest value found by moving along one axis at a time with falling steps, from each start.
// Curves have corners where a limit stops binding, so nothing here asks for a slope.
template <std::size_t N>
std::array<double, N> minimise(const std::vector<std::array<double, N>>& starts,
                               const std::array<Range, N>& ranges,
                               const std::function<double(const std::array<double, N>&)>& cost) {
  std::array<double, N> best = starts.front();
  double best_cost = cost(best);
  for (const std::array<double, N>& start : starts) {
    std::array<double, N> at = start;
    double here = cost(at);
    for (double scale = 1; scale > 1e-4;) {
      bool moved = false;
      for (std::size_t axis = 0; axis < N; ++axis) {
        for (const double sign : {1.0, -1.0}) {
          std::array<double, N> next = at;
          next[axis] = std::clamp(at[axis] + sign * scale * ranges[axis].step, ranges[axis].low,
                                  ranges[axis].high);
          const double there = cost(next);
          if (there >= here) continue;
          at = next;
          here = there;
          moved = true;
          break;
        }
      }
      if (!moved) scale /= 2;
    }
    if (here < best_cost) {
      best = at;
      best_cost = here;
    }
  }
  return best;
}

CapCurve curve_of(const std::array<double, 5>& p) {
  CapCurve curve;
  curve.static_share = p[0];
  curve.exponent = p[1];
  curve.knee = p[2];
  curve.burst = p[3];
  curve.batch = p[4];
  return curve;
}

// 1 - depth x (from - limit)^power below `from`.
std::array<double, 3> fit_plain(const std::vector<CapMeasurement>& rows) {
  const std::array<Range, 3> ranges = {{{0, 20, 0.5}, {0.5, 6, 0.5}, {0.3, 1, 0.05}}};
  return minimise<3>({{1, 2, 0.9}, {4, 3, 1}, {2, 1, 0.7}}, ranges, [&](const auto& p) {
    double sum = 0;
    for (const CapMeasurement& row : rows) {
      const double below = std::max(0.0, p[2] - row.limit);
      sum += square(1 - p[0] * math::pow(below, p[1]) - row.throughput);
    }
    return sum;
  });
}

}  // namespace

Result<CapMeasurements> read_cap_measurements(const std::string& path) {
  struct Run {
    double seconds = 0, watts = 0;
  };
  using Job = std::tuple<std::string, std::string, std::int32_t, std::string>;
  std::map<Job, std::map<double, Run>> jobs;  // by limit in watts
  constexpr std::array<std::string_view, 7> names = {
      "dataset",     "network",        "batch_size",   "optimizer",
      "power_limit", "time_per_epoch", "average_power"};
  const auto read = read_measurements(path, names, [&](MeasuredRow& row) {
    const double batch = row.number(2), limit = row.number(4), seconds = row.number(5),
                 watts = row.number(6);
    if (batch * limit * seconds * watts == 0) return;
    const Job job(row.text(0), row.text(1), static_cast<std::int32_t>(batch), row.text(3));
    jobs[job][limit] = {seconds, watts};
  });
  if (!read) return tl::unexpected<Diagnostics>(read.error());

  CapMeasurements made;
  std::map<std::string, std::int32_t> largest_batch;
  for (const auto& [job, runs] : jobs) {
    if (!runs.empty()) made.highest_watts = std::max(made.highest_watts, runs.rbegin()->first);
    std::int32_t& largest = largest_batch[std::get<1>(job)];
    largest = std::max(largest, std::get<2>(job));
  }
  for (const auto& [job, runs] : jobs) {
    const auto reference = runs.find(made.highest_watts);
    if (reference == runs.end()) continue;  // nothing to compare with
    for (const auto& [limit, run] : runs) {
      if (limit == made.highest_watts) continue;
      CapMeasurement row;
      row.network = std::get<1>(job);
      row.batch = std::get<2>(job);
      row.batch_doublings_below_largest =
          math::log(static_cast<double>(largest_batch[row.network]) / row.batch) / math::log(2.0);
      row.limit = limit / made.highest_watts;
      row.draw = reference->second.watts / made.highest_watts;
      row.throughput = reference->second.seconds / run.seconds;
      row.drawn = run.watts / made.highest_watts;
      made.rows.push_back(std::move(row));
    }
  }
  if (made.rows.empty())
    return tl::unexpected<Diagnostics>(
        {plain_error("WS0612", fmt::format("`{}` compares no two limits", path))});
  return made;
}

CapCurve fit_cap_curve(const std::vector<CapMeasurement>& rows, bool with_batch) {
  const double most_batch = with_batch ? 0.3 : 0;
  const std::array<Range, 5> ranges = {
      {{0, 0.35, 0.05}, {1, 6, 0.5}, {0.2, 0.98, 0.05}, {0, 1, 0.1}, {0, most_batch, 0.05}}};
  CapCurve curve = curve_of(
      minimise<5>({{0.1, 3, 0.8, 0.2, 0}, {0.2, 4, 0.9, 0.2, 0}}, ranges, [&](const auto& p) {
        const CapCurve tried = curve_of(p);
        double sum = 0;
        for (const CapMeasurement& row : rows)
          sum += square(
              relative_throughput(tried, row.limit, row.draw, row.batch_doublings_below_largest) -
              row.throughput);
        return sum;
      }));
  curve.held = minimise<1>({{1}}, {{{0.8, 1, 0.05}}}, [&](const auto& p) {
    CapCurve tried = curve;
    tried.held = p[0];
    double sum = 0;
    for (const CapMeasurement& row : rows)
      sum += square(drawn_under_limit(tried, row.limit, row.draw) - row.drawn);
    return sum;
  })[0];
  return curve;
}

std::vector<double> predictions_left_out(const std::vector<CapMeasurement>& rows, CapModel model) {
  std::set<std::string> networks;
  for (const CapMeasurement& row : rows) networks.insert(row.network);
  std::vector<double> predicted(rows.size(), 1);
  for (const std::string& left_out : networks) {
    std::vector<CapMeasurement> seen;
    for (const CapMeasurement& row : rows)
      if (row.network != left_out) seen.push_back(row);
    std::function<double(const CapMeasurement&)> guess;
    switch (model) {
      case CapModel::median: {
        std::map<double, std::vector<double>> at_limit;
        for (const CapMeasurement& row : seen) at_limit[row.limit].push_back(row.throughput);
        std::map<double, double> medians;
        for (const auto& [limit, values] : at_limit) medians[limit] = median_of(values);
        guess = [medians](const CapMeasurement& row) {
          const auto found = medians.find(row.limit);
          return found == medians.end() ? 1 : found->second;
        };
        break;
      }
      case CapModel::plain: {
        const std::array<double, 3> p = fit_plain(seen);
        guess = [p](const CapMeasurement& row) {
          return 1 - p[0] * math::pow(std::max(0.0, p[2] - row.limit), p[1]);
        };
        break;
      }
      case CapModel::draw:
      case CapModel::draw_and_batch: {
        const bool with_batch = model == CapModel::draw_and_batch;
        const CapCurve curve = fit_cap_curve(seen, with_batch);
        guess = [curve](const CapMeasurement& row) {
          return relative_throughput(curve, row.limit, row.draw, row.batch_doublings_below_largest);
        };
        break;
      }
    }
    for (std::size_t r = 0; r < rows.size(); ++r)
      if (rows[r].network == left_out) predicted[r] = guess(rows[r]);
  }
  return predicted;
}

std::vector<CapError> errors_by_limit(const std::vector<CapMeasurement>& rows,
                                      const std::vector<double>& predicted) {
  std::map<double, CapError> by_limit;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    CapError& error = by_limit[rows[r].limit];
    const double off = predicted[r] - rows[r].throughput;
    ++error.count;
    error.mean += std::fabs(off);
    error.root_square += square(off);
  }
  std::vector<CapError> errors;
  for (auto& [limit, error] : by_limit) {
    const double count = static_cast<double>(error.count);
    errors.push_back(
        {limit, error.count, error.mean / count, math::sqrt(error.root_square / count)});
  }
  return errors;
}

}  // namespace warmshell::replay
