// Charts of rows: Gantt, whiskers, bars; and the flow of the funnel.

#include <fmt/format.h>

#include <algorithm>

#include "report/charts.h"

namespace warmshell::report {

namespace {

// Latin letters are about 6.6 pixels wide at 12 px, Chinese ones 12.
std::string shortened(const std::string& text, double pixels) {
  const std::size_t room = static_cast<std::size_t>(std::max(pixels / 6.6, 4.0));
  std::size_t letters = 0, at = 0;
  while (at < text.size()) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    if (++letters > room - 1 && next < text.size()) return text.substr(0, at) + "…";
    at = next;
  }
  return text;
}

// Of a dotted path both ends tell: the place and the gate.
std::string shortened_inside(const std::string& path, double pixels) {
  const std::size_t room = static_cast<std::size_t>(std::max(pixels / 6.6, 8.0));
  const bool plain_letters = std::all_of(
      path.begin(), path.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) == 0; });
  if (path.size() <= room || !plain_letters) return shortened(path, pixels);
  const std::size_t end = (room - 1) / 2;
  return path.substr(0, room - 1 - end) + "…" + path.substr(path.size() - end);
}

std::string count_in(double count, double width) {
  if (width < 800 && count >= 999'500) return fmt::format("{:.2f} M", count / 1e6);
  return with_thousands(count, 0);
}

}  // namespace

std::string gantt(double width, const Words& title, const std::vector<std::string>& months,
                  const std::vector<GanttRow>& rows) {
  constexpr double row_height = 22, top = 8;
  const double label_width = std::min(300.0, width * 0.30), never_width = 74;
  const double height = top + row_height * static_cast<double>(rows.size()) + 30;
  Drawing drawing(width, height, title,
                  {"Each bar runs from P10 to P90 of a gate's date with its median as a tick; a "
                   "fading bar is never on the share of paths beside it; the thin line is given "
                   "completion.",
                   "条形为日期的 P10 至 P90，竖线为中位数；右侧百分比为永不实现的概率；"
                   "细线为以完工为前提的日期。"});
  Plot plot{label_width, top, width - never_width, height - 26, {}, {}};
  double last = 12;
  for (const GanttRow& row : rows)
    for (const auto& date : {row.p10, row.p50, row.p90, row.given_p90})
      if (date) last = std::max(last, *date + 2);
  last = std::min(last, static_cast<double>(months.size()) + 24);
  plot.x = {0, last, plot.left, plot.right};

  // ---- years
  const int start_year = std::stoi(months.front().substr(0, 4)),
            start_month = std::stoi(months.front().substr(5, 2));
  const double year_width = plot.x(12) - plot.x(0);
  const int every = year_width < 42 ? 2 : 1;
  for (int year = start_year + (start_month > 1 ? 1 : 0);; ++year) {
    const double at = (year - start_year) * 12 + 1 - start_month;
    if (at > last) break;
    drawing.line(plot.x(at), plot.top, plot.x(at), plot.bottom, "grid");
    if (year % every == 0)
      drawing.text(plot.x(at), plot.bottom + 17, fmt::format("{}", year), Anchor::middle, "tick");
  }
  drawing.line(plot.left, plot.bottom, plot.right, plot.bottom, "axis");

  // ---- rows
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const GanttRow& row = rows[i];
    const double y = top + row_height * static_cast<double>(i), middle = y + row_height / 2;
    if (row.group) {
      drawing.text(0, middle + 5, shortened(row.label, label_width - 8), Anchor::start, "group");
      drawing.line(0, y, width, y, "grid");
      continue;
    }
    drawing.text(12, middle + 4, shortened(row.label, label_width - 20), Anchor::start, "label");
    if (row.p10) {
      const double x0 = std::clamp(plot.x(*row.p10), plot.left, plot.right),
                   x1 = row.p90 ? std::clamp(plot.x(*row.p90), plot.left, plot.right) : plot.right;
      if (x1 - x0 > 1)
        drawing.rect(x0, middle - 6, x1 - x0, 12, row.p90 ? "gate" : "gate open", row.hover);
      else
        drawing.circle(x0, middle, 4, "gate-point");
    }
    if (row.p50 && plot.x(*row.p50) <= plot.right)
      drawing.line(std::max(plot.x(*row.p50), plot.left), middle - 8,
                   std::max(plot.x(*row.p50), plot.left), middle + 8, "gate-median");
    if (row.never > 0 && row.given_p10 && row.given_p90) {
      const double g0 = std::clamp(plot.x(*row.given_p10), plot.left, plot.right),
                   g1 = std::clamp(plot.x(*row.given_p90), plot.left, plot.right);
      drawing.line(g0, middle + 9, g1, middle + 9, "given");
    }
    if (row.never > 0)
      drawing.number(width, middle + 4, row.never, "✕ " + percent_text(row.never), Anchor::end,
                     "never");
  }
  return drawing.finish();
}

std::string whiskers(double width, const Words& title, const std::vector<WhiskerRow>& rows,
                     const Axis& shared) {
  constexpr double row_height = 44, top = 20;
  const double height = top + row_height * static_cast<double>(rows.size()) + 30;
  Drawing drawing(
      width, height, title,
      {"Bars are means, whiskers run from P10 to P90.", "条形为均值，须线为 P10 至 P90。"});
  const double label_width = std::min(210.0, width * 0.34);
  Plot plot{label_width, top, width - 96, height - 26, {}, {}};
  std::vector<double> ticks =
      round_ticks(shared.low / shared.divide, shared.high / shared.divide, width > 800 ? 6 : 3);
  const double distance = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  plot.x = {ticks.front() * shared.divide, ticks.back() * shared.divide, plot.left, plot.right};
  for (const double tick : ticks) {
    const double x = plot.x(tick * shared.divide);
    drawing.line(x, plot.top, x, plot.bottom, tick == 0 ? "zero" : "grid");
    drawing.text(x, plot.bottom + 17, tick_text(tick, distance), Anchor::middle, "tick");
  }
  drawing.text(plot.right, plot.top - 6, shared.unit, Anchor::end, "unit");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const WhiskerRow& row = rows[i];
    const double middle = top + row_height * (static_cast<double>(i) + 0.5);
    drawing.text(0, middle + 4, row.name, Anchor::start, "label");
    const double zero = plot.x(std::clamp(0.0, plot.x.value0, plot.x.value1)), x = plot.x(row.mean);
    drawing.rect(std::min(zero, x), middle - 11, std::max(zero, x) - std::min(zero, x), 22,
                 "area " + row.css);
    if (row.p10 && row.p90) {
      drawing.line(plot.x(*row.p10), middle, plot.x(*row.p90), middle, "whisker");
      for (const double end : {*row.p10, *row.p90})
        drawing.line(plot.x(end), middle - 6, plot.x(end), middle + 6, "whisker");
    }
    drawing.number(width, middle + 4, row.mean, row.text, Anchor::end, "value");
  }
  return drawing.finish();
}

std::string bars(double width, const Words& title, const std::vector<BarRow>& rows,
                 double highest) {
  constexpr double row_height = 26;
  Drawing drawing(width, row_height * static_cast<double>(rows.size()) + 4, title,
                  {"Bars in the order of the table below.", "顺序同下表。"});
  const double label_width = std::min(420.0, width * 0.44), value_width = 100;
  const Scale x{0, highest > 0 ? highest : 1, label_width, width - value_width};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const BarRow& row = rows[i];
    const double y = row_height * static_cast<double>(i);
    drawing.text(0, y + 17, shortened_inside(row.name, label_width - 10), Anchor::start, "label");
    drawing.rect(label_width, y + 4, x(std::max(row.value, 0.0)) - label_width, 18,
                 "area " + row.css, {row.name + ": " + row.text, ""});
    drawing.number(x(std::max(row.value, 0.0)) + 6, y + 17, row.value, row.text, Anchor::start,
                   "value");
  }
  return drawing.finish();
}

std::string flow(double width, const Words& title, const std::vector<FlowStage>& stages) {
  // The band that goes on stands at the top; what falls out bends down to its own column.
  constexpr double top = 44, band = 150, fall = 74, bar = 10;
  const double height = top + band + fall + 76;
  Drawing drawing(width, height, title,
                  {"From ordered to busy: what remains after each stage, and the states that hold "
                   "the rest. Means over the horizon.",
                   "从订购到在忙：每一步剩下多少，其余停在哪个状态。全期均值。"});
  const double whole = stages.empty() ? 0 : stages.front().value;
  const Scale y{0, whole > 0 ? whole : 1, 0, band};
  const double step =
      (width - 70) / static_cast<double>(std::max<std::size_t>(stages.size() - 1, 1));
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const FlowStage& stage = stages[i];
    const double x = 4 + step * static_cast<double>(i);
    if (i + 1 < stages.size()) {
      const double next = y(stages[i + 1].value);
      drawing.rect(x + bar, top, step - bar, next, "flow");
      std::vector<FlowLoss> losses;
      for (const FlowLoss& loss : stage.losses)
        if (loss.value > 0) losses.push_back(loss);
      const std::size_t count = losses.size();
      double from = top + next;
      for (std::size_t k = 0; k < count; ++k) {
        // the uppermost falls farthest to the right; feet alternate where labels would meet
        const std::size_t place = count - 1 - k;
        const bool low = width < 800 ? (drawn + place) % 2 == 1 : place % 2 == 1;
        const double thick = y(losses[k].value), foot = top + band + fall + (low ? 34 : 0);
        const double room = (step - bar) / static_cast<double>(count);
        const double wide = std::min({room - 6, std::max(4.0, thick), step / 6}),
                     middle = x + bar + room * (static_cast<double>(place) + 0.5);
        const double right = middle + wide / 2, left = middle - wide / 2;
        PathText piece;
        piece.move(x + bar, from)
            .curve(right, from, right, from, right, foot)
            .to(left, foot)
            .curve(left, from + thick, left, from + thick, x + bar, from + thick)
            .close();
        drawing.path(piece.text(), "area " + losses[k].css, losses[k].name);
        drawing.text(middle, foot + 15, losses[k].name, Anchor::middle, "tick");
        drawing.number(middle, foot + 31, losses[k].value, count_in(losses[k].value, width),
                       Anchor::middle, "value");
        from += thick;
      }
      drawn += count;
    }
    drawing.rect(x, top, bar, y(stage.value), i + 1 == stages.size() ? "area s-earning" : "stage");
    drawing.text(x, top - 24, stage.name, Anchor::start, "label");
    drawing.number(x, top - 8, stage.value, count_in(stage.value, width), Anchor::start, "value");
  }
  return drawing.finish();
}

}  // namespace warmshell::report
