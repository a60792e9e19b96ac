#pragma once
// The charts of a report. Each takes plain series and gives one SVG; the numbers behind it stand in
// a table next to it. `width` in pixels; heights follow from the content. Pure.

#include <optional>
#include <string>
#include <vector>

#include "report/svg.h"

namespace warmshell::report {

struct Series {  // one area of a stack, from the bottom up
  Words name;
  std::string css;
  std::vector<double> values;  // by month
};

struct Axis {  // of values; shared by charts that stand side by side
  double low = 0, high = 1;
  double divide = 1;  // value / divide is what the axis shows
  Words unit;
};

[[nodiscard]] std::string stacked_areas(double width, const Words& title,
                                        const std::vector<std::string>& months,
                                        const std::vector<Series>& series, const Axis& axis);

// A band p10 to p90 with its p50, and a dashed line of steps where there is a plan.
struct Fan3 {
  std::vector<double> p10, p50, p90;
  std::vector<std::optional<double>> plan;
};
[[nodiscard]] std::string fan_by_month(double width, const Words& title,
                                       const std::vector<std::string>& months, const Fan3& fan,
                                       const Axis& axis);
// `at`: where each value stands, in months from months[0].
[[nodiscard]] std::string fan_at(double width, const Words& title,
                                 const std::vector<std::string>& months,
                                 const std::vector<double>& at, const Fan3& fan, const Axis& axis);

// One gate: when it opens, in months from the first; none where it is never.
struct GanttRow {
  std::string label;  // of the group when `group`
  bool group = false;
  std::optional<double> p10, p50, p90, given_p10, given_p50, given_p90;
  double never = 0;  // share of paths
  Words hover;
};
[[nodiscard]] std::string gantt(double width, const Words& title,
                                const std::vector<std::string>& months,
                                const std::vector<GanttRow>& rows);

// What holds in each month: runs of the same class are one piece.
struct RibbonPart {
  Words name;
  std::string css;  // "" where nothing holds
};
[[nodiscard]] std::string ribbon(double width, const Words& title,
                                 const std::vector<std::string>& months,
                                 const std::vector<RibbonPart>& parts);

// What remains after each stage, and what falls out before the next.
struct FlowLoss {
  Words name;
  std::string css;
  double value = 0;
};
struct FlowStage {
  Words name;
  double value = 0;
  std::vector<FlowLoss> losses;  // between this stage and the next
};
[[nodiscard]] std::string flow(double width, const Words& title,
                               const std::vector<FlowStage>& stages);

// A mean with p10 to p90, one row each, on one axis.
struct WhiskerRow {
  Words name;
  std::string css, text;  // the mean in words
  double mean = 0;
  std::optional<double> p10, p50, p90;
};
[[nodiscard]] std::string whiskers(double width, const Words& title,
                                   const std::vector<WhiskerRow>& rows, const Axis& axis);

// Bars of one quantity, longest first as given.
struct BarRow {
  std::string name, css, text;
  double value = 0;
};
[[nodiscard]] std::string bars(double width, const Words& title, const std::vector<BarRow>& rows,
                               double highest);

}  // namespace warmshell::report
