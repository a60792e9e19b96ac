#include "report/charts_replay.h"

#include <fmt/format.h>

#include <algorithm>

namespace warmshell::report {

namespace {

constexpr double left_margin = 62, right_margin = 14, top_margin = 26, bottom_margin = 40;

struct Frame {
  Plot plot;
  std::vector<double> ticks;
  Axis axis;
};

Frame frame_of(double width, double height, const HourAxis& hours, Axis axis) {
  if (!(axis.high > axis.low)) axis.high = axis.low + axis.divide;
  std::vector<double> ticks = round_ticks(axis.low / axis.divide, axis.high / axis.divide, 5);
  for (double& tick : ticks) tick *= axis.divide;
  axis.low = std::min(axis.low, ticks.front());
  axis.high = std::max(axis.high, ticks.back());
  Plot plot{left_margin, top_margin, width - right_margin, height - bottom_margin, {}, {}};
  plot.x = {0, std::max(hours.end, 1e-9), plot.left, plot.right};
  plot.y = {axis.low, axis.high, plot.bottom, plot.top};
  return {plot, ticks, axis};
}

void hour_axis(Drawing& drawing, const Plot& plot, const HourAxis& hours) {
  drawing.line(plot.left, plot.bottom, plot.right, plot.bottom, "axis");
  const std::vector<double> ticks = round_ticks(0, hours.end, 10);
  const double distance = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  for (const double tick : ticks) {
    if (tick > hours.end) break;
    drawing.line(plot.x(tick), plot.bottom, plot.x(tick), plot.bottom + 4, "axis");
    drawing.text(plot.x(tick), plot.bottom + 17, tick_text(tick, distance), Anchor::middle, "tick");
  }
  drawing.text(plot.right, plot.bottom + 33,
               Words{"hours since the first submission", "距首次提交的小时数"}, Anchor::end,
               "unit");
}

double end_of(const HourAxis& hours, std::size_t span) {
  return span + 1 < hours.from.size() ? hours.from[span + 1] : hours.end;
}

// Level over each span, one corner where it changes.
void steps(PathText& path, const Plot& plot, const HourAxis& hours,
           const std::vector<double>& values, bool forwards, bool begin) {
  const std::size_t n = values.size();
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t s = forwards ? k : n - 1 - k;
    const double x0 = plot.x(hours.from[s]), x1 = plot.x(end_of(hours, s)), y = plot.y(values[s]);
    begin&& k == 0 ? path.move(forwards ? x0 : x1, y) : path.to(forwards ? x0 : x1, y);
    path.to(forwards ? x1 : x0, y);
  }
}

}  // namespace

std::string stacked_steps(double width, const Words& title, const HourAxis& hours,
                          const std::vector<Series>& series, const Axis& axis) {
  constexpr double height = 340;
  const Frame frame = frame_of(width, height, hours, axis);
  Drawing drawing(width, height, title,
                  {"Stacked steps by time; the table below holds the numbers.",
                   "按时间堆叠的阶梯面积图；数字见下表。"});
  value_axis(drawing, frame.plot, frame.ticks, frame.axis.divide, frame.axis.unit);
  std::vector<double> below(hours.from.size(), 0.0);
  for (const Series& one : series) {
    std::vector<double> above = below;
    bool any = false;
    for (std::size_t s = 0; s < above.size(); ++s) {
      above[s] += one.values[s];
      any = any || one.values[s] > 0;
    }
    if (any) {
      PathText area;
      steps(area, frame.plot, hours, above, true, true);
      steps(area, frame.plot, hours, below, false, false);
      drawing.path(area.close().text(), "area thin " + one.css, one.name);
    }
    below = std::move(above);
  }
  hour_axis(drawing, frame.plot, hours);
  return drawing.finish();
}

std::string power_against_cap(double width, const Words& title, const HourAxis& hours,
                              const PowerSteps& power, const Axis& axis) {
  constexpr double height = 320;
  const Frame frame = frame_of(width, height, hours, axis);
  const Plot& plot = frame.plot;
  Drawing drawing(width, height, title,
                  {"Mean and highest power of each span and the cap; marks above: power over a "
                   "cap. The tables below hold the numbers.",
                   "各时段的平均与最高功率及上限；上方标记为超限。数字见下表。"});
  value_axis(drawing, plot, frame.ticks, frame.axis.divide, frame.axis.unit);
  PathText mean, highest;
  steps(mean, plot, hours, power.mean, true, true);
  mean.to(plot.x(hours.end), plot.y(frame.axis.low)).to(plot.left, plot.y(frame.axis.low));
  drawing.path(mean.close().text(), "area thin s-no_demand", {"mean power", "平均功率"});
  steps(highest, plot, hours, power.highest, true, true);
  drawing.path(highest.text(), "highest", {"highest power", "最高功率"});
  PathText cap;
  bool drawn = false;
  for (std::size_t s = 0; s < power.cap.size(); ++s) {
    if (!power.cap[s]) {
      drawn = false;
      continue;
    }
    const double y = plot.y(*power.cap[s]);
    drawn ? cap.to(plot.x(hours.from[s]), y) : cap.move(plot.x(hours.from[s]), y);
    cap.to(plot.x(end_of(hours, s)), y);
    drawn = true;
  }
  drawing.path(cap.text(), "cap", {"cap of the site", "站点上限"});
  for (const double at : power.over_at) {
    const double x = plot.x(at);
    PathText mark;
    mark.move(x - 4, plot.top - 10).to(x + 4, plot.top - 10).to(x, plot.top - 2).close();
    drawing.path(mark.text(), "over", {"over a cap", "超过上限"});
  }
  hour_axis(drawing, plot, hours);
  return drawing.finish();
}

std::string waterfall_bars(double width, const Words& title, const std::vector<FallRow>& rows) {
  constexpr double row_height = 28, label_width = 250, value_width = 110;
  double low = 0, high = 0;
  for (const FallRow& row : rows) {
    low = std::min({low, row.from, row.to});
    high = std::max({high, row.from, row.to});
  }
  Drawing drawing(width, row_height * static_cast<double>(rows.size()) + 6, title,
                  {"Each bar begins where the one above ends. The table below holds the numbers.",
                   "每条从上一条的末端开始。数字见下表。"});
  const Scale x{low, high > low ? high : low + 1, label_width, width - value_width};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FallRow& row = rows[i];
    const double y = row_height * static_cast<double>(i);
    const double x0 = x(std::min(row.from, row.to)), x1 = x(std::max(row.from, row.to));
    drawing.text(0, y + 19, row.name, Anchor::start, "label");
    drawing.rect(x0, y + 5, std::max(x1 - x0, 1.0), 19, "area " + row.css, row.name);
    if (i + 1 < rows.size()) drawing.line(x(row.to), y + 5, x(row.to), y + row_height + 24, "grid");
    drawing.number(x1 + 6, y + 19, row.value, row.text, Anchor::start, "value");
  }
  return drawing.finish();
}

std::string wait_bars(double width, const Words& title, const std::vector<WaitRow>& rows) {
  constexpr double row_height = 28, label_width = 190, value_width = 90;
  double longest = 0;
  for (const WaitRow& row : rows) longest = std::max(longest, row.p99);
  Drawing drawing(width, row_height * static_cast<double>(rows.size()) + 28, title,
                  {"Waits from submission to first start: dark to the median, lighter to P90 and "
                   "P99. The table below holds the numbers.",
                   "从提交到首次开始的等待：深色至中位数，渐浅至 P90 与 P99。数字见下表。"});
  const std::vector<double> ticks = round_ticks(0, longest > 0 ? longest : 1, 6);
  const double distance = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  const Scale x{0, ticks.back(), label_width, width - value_width};
  const double bottom = row_height * static_cast<double>(rows.size());
  for (const double tick : ticks) {
    drawing.line(x(tick), 0, x(tick), bottom, "grid");
    drawing.text(x(tick), bottom + 17, tick_text(tick, distance), Anchor::middle, "tick");
  }
  drawing.text(width, bottom + 17, Words{"hours", "小时"}, Anchor::end, "unit");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const WaitRow& row = rows[i];
    const double y = row_height * static_cast<double>(i);
    drawing.text(0, y + 19, row.name, Anchor::start, "label");
    drawing.rect(label_width, y + 8, x(row.p99) - label_width, 13, "area s-underused");
    drawing.rect(label_width, y + 8, x(row.p90) - label_width, 13, "area s-outclassed");
    drawing.rect(label_width, y + 8, x(row.p50) - label_width, 13, "area s-failed");
    drawing.number(x(row.p99) + 6, y + 19, row.p99, fmt::format("P99 {:.1f}", row.p99),
                   Anchor::start, "value");
  }
  return drawing.finish();
}

}  // namespace warmshell::report
