#pragma once
// Charts of a replay: steps by hour, power against its cap, what is gained and lost on the way from
// one sum to another, waits. As charts.h: plain series in, one SVG out. Pure.

#include <optional>
#include <string>
#include <vector>

#include "report/charts.h"

namespace warmshell::report {

struct HourAxis {
  std::vector<double> from;  // where each span begins, hours
  double end = 1;
};

[[nodiscard]] std::string stacked_steps(double width, const Words& title, const HourAxis& hours,
                                        const std::vector<Series>& series, const Axis& axis);

struct PowerSteps {
  std::vector<double> mean, highest;
  std::vector<std::optional<double>> cap;
  std::vector<double> over_at;  // hours at which power went over a cap
};
[[nodiscard]] std::string power_against_cap(double width, const Words& title, const HourAxis& hours,
                                            const PowerSteps& power, const Axis& axis);

// A bar from `from` to `to`; the next row usually begins where this one ends.
struct FallRow {
  Words name;
  std::string css, text;
  double from = 0, to = 0, value = 0;
};
[[nodiscard]] std::string waterfall_bars(double width, const Words& title,
                                         const std::vector<FallRow>& rows);

struct WaitRow {
  std::string name;
  double p50 = 0, p90 = 0, p99 = 0;
};
[[nodiscard]] std::string wait_bars(double width, const Words& title,
                                    const std::vector<WaitRow>& rows);

}  // namespace warmshell::report
