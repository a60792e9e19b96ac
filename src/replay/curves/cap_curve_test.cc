#include "replay/curves/cap_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "replay/curves/fit.h"

namespace warmshell::replay {
namespace {

std::string data_folder() {
  const char* told = std::getenv("WARMSHELL_DATA");
  return told != nullptr ? told : std::string(WARMSHELL_ROOT) + "/../shared/data";
}

TEST(CapCurve, throughput_rises_with_the_limit_and_falls_with_the_draw) {
  for (const KnownCurve& known : known_curves())
    for (int draw = 10; draw <= 100; draw += 5) {
      double before = 0;
      for (int limit = 20; limit <= 100; ++limit) {
        const double here = relative_throughput(known.curve, limit / 100.0, draw / 100.0);
        EXPECT_GE(here, before) << known.name << " " << draw << " under " << limit;
        EXPECT_GT(here, 0);
        EXPECT_LE(here, 1);
        if (draw > 10) {
          EXPECT_LE(here,
                    relative_throughput(known.curve, limit / 100.0, draw / 100.0 - 0.05) + 1e-12)
              << known.name << " " << draw << " under " << limit;
        }
        before = here;
      }
    }
}

TEST(CapCurve, a_limit_above_the_busy_draw_changes_nothing) {
  for (const KnownCurve& known : known_curves())
    for (const double draw : {0.3, 0.6, 0.9, 1.0}) {
      const double busy = draw + known.curve.burst * draw * (1 - draw);
      EXPECT_EQ(relative_throughput(known.curve, busy, draw), 1);
      EXPECT_EQ(drawn_under_limit(known.curve, busy / known.curve.held + 1e-9, draw), draw);
      EXPECT_LT(relative_throughput(known.curve, busy - 0.05, draw), 1);
    }
}

TEST(CapCurve, work_draws_neither_more_than_before_nor_than_the_limit) {
  for (const KnownCurve& known : known_curves())
    for (int draw = 25; draw <= 100; draw += 5)
      for (int limit = 25; limit <= 100; ++limit) {
        const double drawn = drawn_under_limit(known.curve, limit / 100.0, draw / 100.0);
        EXPECT_LE(drawn, draw / 100.0);
        EXPECT_LE(drawn, limit / 100.0);
        EXPECT_GT(drawn, 0);
      }
}

// By hand: no static draw, a square law above a knee that is never reached, no bursts: work at the
// highest draw under a limit of a quarter runs at half its clock, which is all its time.
TEST(CapCurve, a_square_law_gives_the_root_of_the_limit) {
  CapCurve curve;
  curve.static_share = 0;
  curve.exponent = 2;
  curve.knee = 0.1;
  curve.burst = 0;
  EXPECT_NEAR(relative_throughput(curve, 0.25, 1), 0.5, 1e-12);
  EXPECT_NEAR(drawn_under_limit(curve, 0.25, 1), 0.25, 1e-12);
}

TEST(CapCurve, a_fit_finds_the_curve_that_made_the_numbers) {
  CapCurve truth;
  truth.static_share = 0.15;
  truth.exponent = 2.7;
  truth.knee = 0.75;
  truth.burst = 0.3;
  truth.held = 0.93;
  std::vector<CapMeasurement> rows;
  for (int draw = 30; draw <= 100; draw += 5)
    for (int limit = 35; limit < 100; limit += 5) {
      CapMeasurement row;
      row.network = draw % 10 == 0 ? "even" : "odd";
      row.limit = limit / 100.0;
      row.draw = draw / 100.0;
      row.throughput = relative_throughput(truth, row.limit, row.draw);
      row.drawn = drawn_under_limit(truth, row.limit, row.draw);
      rows.push_back(row);
    }
  const CapCurve found = fit_cap_curve(rows, false);
  EXPECT_NEAR(found.held, truth.held, 0.01);
  for (const CapMeasurement& row : rows)
    EXPECT_NEAR(relative_throughput(found, row.limit, row.draw), row.throughput, 0.005);
}

TEST(CapCurve, what_is_built_in_is_what_the_measurements_give) {
  if (!std::filesystem::exists(data_folder() + "/power_cap/zeus_v100.csv"))
    GTEST_SKIP() << "no measurements in " << data_folder();
  for (const KnownCurve& known : known_curves()) {
    const Result<CapMeasurements> measured =
        read_cap_measurements(data_folder() + "/power_cap/zeus_" + known.name + ".csv");
    ASSERT_TRUE(measured.has_value()) << render(measured.error());
    EXPECT_EQ(measured->highest_watts, known.highest_watts);
    EXPECT_NEAR(measured->rows.front().limit, known.lowest, 1e-12);
    const CapCurve fitted = fit_cap_curve(measured->rows, false);
    EXPECT_NEAR(fitted.static_share, known.curve.static_share, 1e-4);
    EXPECT_NEAR(fitted.exponent, known.curve.exponent, 1e-4);
    EXPECT_NEAR(fitted.knee, known.curve.knee, 1e-4);
    EXPECT_NEAR(fitted.burst, known.curve.burst, 1e-4);
    EXPECT_NEAR(fitted.held, known.curve.held, 1e-4);
  }
}

}  // namespace
}  // namespace warmshell::replay
