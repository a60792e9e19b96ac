#include "study/paired.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "study/paths_csv.h"

namespace warmshell::study {
namespace {

TEST(Paired, the_error_is_that_of_the_differences_and_not_of_either_mean) {
  const std::vector<double> base{10, 200, -3000, 40000}, other{11, 203, -2995, 40007};
  const Gain gain = paired_gain(base, other);
  EXPECT_DOUBLE_EQ(gain.mean, 4);  // of 1, 3, 5, 7
  EXPECT_DOUBLE_EQ(gain.se, std::sqrt((9.0 + 1 + 1 + 9) / 3 / 4));
}

TEST(Paired, only_paths_that_both_have_are_compared) {
  const Gain gain = paired_gain(std::vector<double>{1, 2}, std::vector<double>{2, 3, 1e9});
  EXPECT_EQ(gain.mean, 1);
  EXPECT_EQ(gain.se, 0);
  EXPECT_EQ(paired_gain({}, {}).mean, 0);
}

Simulation of_two_paths(double npv, double more) {
  Simulation run;
  run.result.currency = "USD";
  run.result.seed = 1;
  run.result.paths = 2;
  auto metrics = std::make_shared<value::PathMetrics>(2);
  for (int m = 0; m < value::metric_count; ++m) {
    const auto metric = static_cast<value::Metric>(m);
    run.result.metrics[std::string(value::metric_names[static_cast<std::size_t>(m)])].unit = "u";
    metrics->set(metric, 0, npv);
    metrics->set(metric, 1, npv + more);
  }
  metrics->set(value::Metric::irr, 1, std::nan(""));
  metrics->set(value::Metric::payback, 0, std::numeric_limits<double>::infinity());
  run.metrics = metrics;
  return run;
}

TEST(Paired, only_runs_of_the_same_seed_and_currency_that_kept_their_paths_are_compared) {
  const Simulation first = of_two_paths(100, 10);
  Simulation other = of_two_paths(103, 12);
  EXPECT_EQ(difference(first, other).comparison, Comparison::path_by_path);
  EXPECT_EQ(difference(first, other).metrics.at("npv").mean, 4);  // of 3 and 5
  other.metrics = nullptr;
  EXPECT_EQ(difference(first, other).comparison, Comparison::no_paths);
  EXPECT_TRUE(difference(first, other).metrics.empty());
  other.result.seed = 2;
  EXPECT_EQ(difference(first, other).comparison, Comparison::other_seed);
  Simulation later = first;
  later.result.months = {"2027-01"};
  EXPECT_EQ(difference(first, later).comparison, Comparison::other_months);
  Simulation none = first;
  none.result.paths = 0;
  EXPECT_EQ(difference(first, none).comparison, Comparison::no_paths);
  other.result.currency = "CNY";
  EXPECT_EQ(difference(first, other).comparison, Comparison::other_currency);
}

GateRow drawn(const std::string& id) {
  GateRow gate;
  gate.id = id;
  gate.given = {"2026-01", "2026-03", "2026-09"};
  return gate;
}

TEST(Paired, dates_that_only_one_run_has_are_told_apart) {
  Simulation first = of_two_paths(100, 10), other = of_two_paths(103, 12);
  GateRow fixed = drawn("sites.a.halls.h.shell.warm");
  fixed.given = {"2026-01", "2026-01", "2026-01"};
  GateRow doubtful = fixed;
  doubtful.id = "sites.a.power.gas.energised";
  doubtful.never = 0.4;
  const GateRow grid = drawn("sites.a.power.grid.energised"),
                tranche = drawn("sites.a.power.grid.energised (tranche 2)");
  first.result.gates = {fixed, grid, tranche, doubtful};
  other.result.gates = {fixed, grid, doubtful};
  EXPECT_EQ(difference(first, other).dates, 2);
  EXPECT_EQ(difference(first, other).shared_dates, 2);
  // fixed in one of the two, and the same name still
  other.result.gates[1].given.p90 = other.result.gates[1].given.p10;
  EXPECT_EQ(difference(first, other).shared_dates, 2);
  other.result.gates[1].id = "sites.a.power.line.energised";
  EXPECT_EQ(difference(first, other).dates, 2);
  EXPECT_EQ(difference(first, other).shared_dates, 1);
  other.result.gates[2].id = "sites.b.power.gas.energised";
  EXPECT_EQ(difference(first, other).dates, 3);
  EXPECT_EQ(difference(first, other).shared_dates, 0);
}

TEST(PathsCsv, what_is_written_is_read_back_to_the_bit) {
  const Simulation run = of_two_paths(1e9 / 3, 0.1);
  const std::string text = paths_csv(run, 0);
  const auto metrics = read_paths_csv(text, 2);
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->get(value::Metric::npv, 0), 1e9 / 3);
  EXPECT_EQ(metrics->get(value::Metric::npv, 1), 1e9 / 3 + 0.1);
  EXPECT_TRUE(std::isnan(metrics->get(value::Metric::irr, 1)));
  EXPECT_TRUE(std::isnan(metrics->get(value::Metric::payback, 0)));  // never is an empty cell too
  Simulation again = run;
  again.metrics = metrics;
  EXPECT_EQ(paths_csv(again, 0), text);
}

TEST(PathsCsv, no_table_is_larger_than_is_said) {
  EXPECT_LE(paths_csv(of_two_paths(-1.2345678901234567e-300, 0), 0).size(),
            most_paths_csv_bytes(2));
  EXPECT_GT(most_paths_csv_bytes(10'000'000), std::size_t{1'000'000'000});
  EXPECT_EQ(most_paths_csv_bytes(std::numeric_limits<std::int64_t>::max()),
            most_paths_csv_bytes(10'000'000));
}

TEST(PathsCsv, anything_else_is_refused) {
  const std::string text = paths_csv(of_two_paths(7, 1), 0);
  EXPECT_TRUE(read_paths_csv(text, 2));
  EXPECT_FALSE(read_paths_csv(text, 1));
  EXPECT_FALSE(read_paths_csv(text, 3));
  EXPECT_FALSE(read_paths_csv(text, -1));
  EXPECT_FALSE(read_paths_csv(text, std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(read_paths_csv("", 0));
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(read_paths_csv(text.substr(0, length), 2)) << length;
  EXPECT_FALSE(read_paths_csv(paths_csv(of_two_paths(7, 1), 5), 2));  // not from path 0 on
  std::string words = text;
  words.replace(words.find(",7,") + 1, 1, "x");
  EXPECT_FALSE(read_paths_csv(words, 2));
}

}  // namespace
}  // namespace warmshell::study
