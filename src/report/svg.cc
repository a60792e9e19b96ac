#include "report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace warmshell::report {

namespace {

std::string pixels(double x) {
  std::string text = fmt::format("{:.1f}", x);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string_view anchor_name(Anchor anchor) {
  switch (anchor) {
    case Anchor::start:
      return "start";
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      return "end";
  }
  return "start";
}

std::string hover_of(const Words& hover) {
  if (hover.en.empty()) return "";
  return fmt::format("<title>{}</title>",
                     escape(hover.zh.empty() ? hover.en : hover.en + " · " + hover.zh));
}

std::string shape(std::string_view element, const std::string& attributes, std::string_view css,
                  const Words& hover) {
  const std::string inside = hover_of(hover);
  if (inside.empty()) return fmt::format("<{} {} class=\"{}\"/>\n", element, attributes, css);
  return fmt::format("<{} {} class=\"{}\">{}</{}>\n", element, attributes, css, inside, element);
}

std::string text_start(double x, double y, Anchor anchor, std::string_view css) {
  return fmt::format(R"(<text x="{}" y="{}" text-anchor="{}" class="{}")", pixels(x), pixels(y),
                     anchor_name(anchor), css);
}

}  // namespace

Drawing::Drawing(double width, double height, const Words& title, const Words& description) {
  out_ = fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><desc>{} · {}</desc>)"
                     "\n",
                     pixels(width), pixels(height), escape(title.en + " · " + title.zh),
                     escape(description.en), escape(description.zh));
}

void Drawing::rect(double x, double y, double w, double h, std::string_view css,
                   const Words& hover) {
  out_ += shape("rect",
                fmt::format(R"(x="{}" y="{}" width="{}" height="{}")", pixels(x), pixels(y),
                            pixels(std::max(w, 0.0)), pixels(std::max(h, 0.0))),
                css, hover);
}

void Drawing::line(double x1, double y1, double x2, double y2, std::string_view css) {
  out_ += shape("line",
                fmt::format(R"(x1="{}" y1="{}" x2="{}" y2="{}")", pixels(x1), pixels(y1),
                            pixels(x2), pixels(y2)),
                css, {});
}

void Drawing::circle(double x, double y, double r, std::string_view css) {
  out_ += shape("circle", fmt::format(R"(cx="{}" cy="{}" r="{}")", pixels(x), pixels(y), pixels(r)),
                css, {});
}

void Drawing::path(const std::string& d, std::string_view css, const Words& hover) {
  if (d.empty()) return;
  out_ += shape("path", fmt::format("d=\"{}\"", d), css, hover);
}

void Drawing::text(double x, double y, std::string_view text, Anchor anchor, std::string_view css) {
  out_ += text_start(x, y, anchor, css) + ">" + escape(text) + "</text>\n";
}

void Drawing::text(double x, double y, const Words& words, Anchor anchor, std::string_view css) {
  const auto one = [&](std::string_view language, std::string_view content) {
    out_ += text_start(x, y, anchor, fmt::format("{}{}{}", language, css.empty() ? "" : " ", css)) +
            fmt::format(" lang=\"{}\">", language) + escape(content) + "</text>\n";
  };
  one("en", words.en);
  one("zh", words.zh);
}

void Drawing::number(double x, double y, double value, std::string_view text, Anchor anchor,
                     std::string_view css) {
  out_ += text_start(x, y, anchor, css) + ">" + "<tspan" +
          number_span(value, text).substr(std::string_view("<span").size());
  out_.resize(out_.size() - std::string_view("</span>").size());
  out_ += "</tspan></text>\n";
}

std::string Drawing::finish() {
  return std::move(out_) + "</svg>\n";
}

PathText& PathText::move(double x, double y) {
  d_ += fmt::format("M{} {}", pixels(x), pixels(y));
  return *this;
}
PathText& PathText::to(double x, double y) {
  d_ += fmt::format("L{} {}", pixels(x), pixels(y));
  return *this;
}
PathText& PathText::curve(double x1, double y1, double x2, double y2, double x, double y) {
  d_ += fmt::format("C{} {} {} {} {} {}", pixels(x1), pixels(y1), pixels(x2), pixels(y2), pixels(x),
                    pixels(y));
  return *this;
}
PathText& PathText::close() {
  d_ += "Z";
  return *this;
}

std::vector<double> round_ticks(double low, double high, int wanted) {
  const double rough = (high - low) / std::max(wanted, 1);
  double power = 1;
  while (power * 10 <= rough) power *= 10;
  while (power > rough) power /= 10;
  double distance = 10 * power;
  for (const double step : {1.0, 2.0, 2.5, 5.0})
    if (step * power >= rough) {
      distance = step * power;
      break;
    }
  std::vector<double> ticks;
  const double first = std::floor(low / distance), last = std::ceil(high / distance);
  for (double k = first; k <= last; k += 1) ticks.push_back(k * distance);
  return ticks;
}

std::string tick_text(double tick, double distance) {
  int digits = 0;
  for (double step = distance; digits < 6 && std::abs(step - std::round(step)) > 1e-6 * step;
       step *= 10)
    ++digits;
  return with_thousands(tick, digits);
}

void month_axis(Drawing& drawing, const Plot& plot, const std::vector<std::string>& months) {
  drawing.line(plot.left, plot.bottom, plot.right, plot.bottom, "axis");
  const double year_width = std::abs(plot.x(12) - plot.x(0));
  const int every = std::max(1, static_cast<int>(std::ceil(42 / std::max(year_width, 1.0))));
  bool labelled = false;
  for (std::size_t month = 0; month < months.size(); ++month) {
    if (!months[month].ends_with("-01")) continue;
    const double x = plot.x(static_cast<double>(month));
    const int year = std::stoi(months[month].substr(0, 4));
    if (year % every != 0) continue;
    drawing.line(x, plot.bottom, x, plot.bottom + 4, "axis");
    drawing.text(x, plot.bottom + 17, months[month].substr(0, 4), Anchor::middle, "tick");
    labelled = true;
  }
  if (!labelled && !months.empty())
    drawing.text(plot.left, plot.bottom + 17, months.front(), Anchor::start, "tick");
}

void value_axis(Drawing& drawing, const Plot& plot, const std::vector<double>& ticks, double divide,
                const Words& unit) {
  const double distance = ticks.size() > 1 ? (ticks[1] - ticks[0]) / divide : 1;
  for (const double tick : ticks) {
    const double y = plot.y(tick);
    if (y < plot.top - 0.5 || y > plot.bottom + 0.5) continue;
    drawing.line(plot.left, y, plot.right, y, "grid");
    drawing.text(plot.left - 6, y + 4, tick_text(tick / divide, distance), Anchor::end, "tick");
  }
  drawing.text(plot.left - 6, plot.top - 8, unit, Anchor::start, "unit");
}

}  // namespace warmshell::report
