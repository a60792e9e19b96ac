#pragma once
// Drawing SVG without a library: shapes, text in both languages, scales with round ticks, an axis
// of months. Colours are classes of the page's style, so one drawing serves light, dark and print.
// The same calls give the same bytes. Units: pixels of the view box. Pure but for its own text.

#include <string>
#include <string_view>
#include <vector>

#include "report/markup.h"

namespace warmshell::report {

enum class Anchor { start, middle, end };

class Drawing {
 public:
  Drawing(double width, double height, const Words& title, const Words& description);

  void rect(double x, double y, double w, double h, std::string_view css, const Words& hover = {});
  void line(double x1, double y1, double x2, double y2, std::string_view css);
  void circle(double x, double y, double r, std::string_view css);
  void path(const std::string& d, std::string_view css, const Words& hover = {});
  void text(double x, double y, std::string_view text, Anchor anchor = Anchor::start,
            std::string_view css = "");
  void text(double x, double y, const Words& words, Anchor anchor = Anchor::start,
            std::string_view css = "");
  // A number of the JSON.
  void number(double x, double y, double value, std::string_view text,
              Anchor anchor = Anchor::start, std::string_view css = "");
  [[nodiscard]] std::string finish();

 private:
  std::string out_;
};

class PathText {  // the `d` of a path
 public:
  PathText& move(double x, double y);
  PathText& to(double x, double y);
  PathText& curve(double x1, double y1, double x2, double y2, double x, double y);
  PathText& close();
  [[nodiscard]] const std::string& text() const { return d_; }

 private:
  std::string d_;
};

struct Scale {  // from a value to pixels, linear
  double value0 = 0, value1 = 1, pixel0 = 0, pixel1 = 1;
  double operator()(double value) const {
    return pixel0 + (value - value0) / (value1 - value0) * (pixel1 - pixel0);
  }
};

// Round numbers (1, 2, 2.5 or 5 times a power of ten apart) from at or below `low` to at or above
// `high`, about `wanted` of them. low < high.
[[nodiscard]] std::vector<double> round_ticks(double low, double high, int wanted);
// "0", "2,500", "0.25": as many digits as the distance of the ticks needs.
[[nodiscard]] std::string tick_text(double tick, double distance);

// The rectangle in which values are drawn, with its two axes.
struct Plot {
  double left = 0, top = 0, right = 0, bottom = 0;
  Scale x, y;
};
// Axis of months: value 0 is the first day of months[0], one a month; years are labelled.
void month_axis(Drawing& drawing, const Plot& plot, const std::vector<std::string>& months);
// Grid lines and labels of round ticks; `divide` turns the value into the unit of `unit`.
void value_axis(Drawing& drawing, const Plot& plot, const std::vector<double>& ticks, double divide,
                const Words& unit);

}  // namespace warmshell::report
