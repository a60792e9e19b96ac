// Charts over time: stacks, fans, ribbon.

#include <fmt/format.h>

#include <algorithm>

#include "report/charts.h"

namespace warmshell::report {

namespace {

constexpr double left_margin = 62, right_margin = 14, top_margin = 26, bottom_margin = 26;

Plot plot_of(double width, double height, const Axis& axis, std::size_t months) {
  Plot plot{left_margin, top_margin, width - right_margin, height - bottom_margin, {}, {}};
  plot.x = {0, static_cast<double>(std::max<std::size_t>(months, 1)), plot.left, plot.right};
  plot.y = {axis.low, axis.high, plot.bottom, plot.top};
  return plot;
}

// Ticks first: they stretch the axis to round ends.
std::vector<double> stretch(Axis& axis) {
  if (!(axis.high > axis.low)) axis.high = axis.low + axis.divide;
  std::vector<double> ticks = round_ticks(axis.low / axis.divide, axis.high / axis.divide, 5);
  for (double& tick : ticks) tick *= axis.divide;
  axis.low = std::min(axis.low, ticks.front());
  axis.high = std::max(axis.high, ticks.back());
  return ticks;
}

// Month averages stand in the middle of their month; the ends are drawn out to the edges.
void along(PathText& path, const Plot& plot, const std::vector<double>& at,
           const std::vector<double>& values, bool forwards, bool begin) {
  const std::size_t n = values.size();
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = forwards ? k : n - 1 - k;
    const double x = plot.x(at[i]), y = plot.y(values[i]);
    begin&& k == 0 ? path.move(x, y) : path.to(x, y);
  }
}

std::vector<double> middles(std::size_t months) {
  std::vector<double> at;
  for (std::size_t month = 0; month < months; ++month)
    at.push_back(month == 0            ? 0
                 : month + 1 == months ? static_cast<double>(months)
                                       : static_cast<double>(month) + 0.5);
  return at;
}

}  // namespace

std::string stacked_areas(double width, const Words& title, const std::vector<std::string>& months,
                          const std::vector<Series>& series, const Axis& shared) {
  Axis axis = shared;
  const std::vector<double> ticks = stretch(axis);
  Drawing drawing(width, 320, title,
                  {"Stacked areas by month; the table below holds the numbers.",
                   "按月堆叠面积图；数字见下表。"});
  const Plot plot = plot_of(width, 320, axis, months.size());
  value_axis(drawing, plot, ticks, axis.divide, axis.unit);
  const std::vector<double> at = middles(months.size());
  std::vector<double> below(months.size(), 0.0);
  for (const Series& one : series) {
    std::vector<double> above = below;
    bool any = false;
    for (std::size_t month = 0; month < months.size(); ++month) {
      above[month] += one.values[month];
      any = any || one.values[month] > 0;
    }
    if (any) {
      PathText area;
      along(area, plot, at, above, true, true);
      along(area, plot, at, below, false, false);
      drawing.path(area.close().text(), "area " + one.css, one.name);
    }
    below = std::move(above);
  }
  month_axis(drawing, plot, months);
  return drawing.finish();
}

std::string fan_at(double width, const Words& title, const std::vector<std::string>& months,
                   const std::vector<double>& at, const Fan3& fan, const Axis& shared) {
  Axis axis = shared;
  const std::vector<double> ticks = stretch(axis);
  Drawing drawing(width, 300, title,
                  {"Band from P10 to P90 with the median; dashed: the plan. The table below holds "
                   "the numbers.",
                   "P10 至 P90 区间与中位数；虚线为计划。数字见下表。"});
  const Plot plot = plot_of(width, 300, axis, months.size());
  value_axis(drawing, plot, ticks, axis.divide, axis.unit);
  if (axis.low < 0 && axis.high > 0)
    drawing.line(plot.left, plot.y(0), plot.right, plot.y(0), "zero");
  if (!at.empty()) {
    PathText band, median;
    along(band, plot, at, fan.p90, true, true);
    along(band, plot, at, fan.p10, false, false);
    along(median, plot, at, fan.p50, true, true);
    drawing.path(band.close().text(), "band", {"P10 to P90", "P10 至 P90"});
    drawing.path(median.text(), "median", {"median (P50)", "中位数 P50"});
    PathText steps;
    bool begun = false;
    double last = 0;
    for (std::size_t i = 0; i < fan.plan.size(); ++i) {
      if (!fan.plan[i]) continue;
      const double x = plot.x(at[i]), y = plot.y(*fan.plan[i]);
      if (begun) steps.to(x, last);
      begun ? steps.to(x, y) : steps.move(x, y);
      begun = true;
      last = y;
    }
    drawing.path(steps.text(), "plan", {"published plans", "公布的计划"});
  }
  month_axis(drawing, plot, months);
  return drawing.finish();
}

std::string fan_by_month(double width, const Words& title, const std::vector<std::string>& months,
                         const Fan3& fan, const Axis& axis) {
  return fan_at(width, title, months, middles(months.size()), fan, axis);
}

std::string ribbon(double width, const Words& title, const std::vector<std::string>& months,
                   const std::vector<RibbonPart>& parts) {
  Drawing drawing(width, 68, title,
                  {"The gate that binds in each month; the table below holds the months.",
                   "每月的瓶颈；月份见下表。"});
  Plot plot{left_margin, 8, width - right_margin, 42, {}, {}};
  plot.x = {0, static_cast<double>(std::max<std::size_t>(months.size(), 1)), plot.left, plot.right};
  drawing.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top, "blank");
  for (std::size_t begin = 0; begin < parts.size();) {
    std::size_t end = begin + 1;
    while (end < parts.size() && parts[end].css == parts[begin].css) ++end;
    if (!parts[begin].css.empty()) {
      const double x0 = plot.x(static_cast<double>(begin)), x1 = plot.x(static_cast<double>(end));
      const std::string range = months[begin] + " – " + months[end - 1];
      drawing.rect(x0, plot.top, x1 - x0, plot.bottom - plot.top, "area " + parts[begin].css,
                   {parts[begin].name.en + ", " + range, parts[begin].name.zh});
      if (x1 - x0 > 90)
        drawing.text((x0 + x1) / 2, plot.bottom - 12, parts[begin].name, Anchor::middle,
                     "on-" + parts[begin].css);
    }
    begin = end;
  }
  month_axis(drawing, plot, months);
  return drawing.finish();
}

}  // namespace warmshell::report
