#include "base/calendar.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace warmshell {

namespace {

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

std::optional<int> digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if ((text.size() != 7 && text.size() != 10) || text[4] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  if (!year || !month || *year < 1900 || *year > 2199 || *month < 1 || *month > 12)
    return std::nullopt;
  double date = (*year - 2000) * 12.0 + (*month - 1);
  if (text.size() == 10) {
    if (text[7] != '-') return std::nullopt;
    const auto day = digits(text.substr(8, 2));
    const int days = days_in_month(*year, *month);
    if (!day || *day < 1 || *day > days) return std::nullopt;
    date += (*day - 1.0) / days;
  }
  return Date{date};
}

std::string month_text(Date date) {
  if (!std::isfinite(date.months)) return "never";
  const int index = static_cast<int>(std::floor(date.months)) + 2000 * 12;
  return fmt::format("{:04}-{:02}", index / 12, index % 12 + 1);
}

std::string date_text(Date date) {
  if (!std::isfinite(date.months)) return "never";
  const double whole = std::floor(date.months);
  const int index = static_cast<int>(whole) + 2000 * 12;
  const int days = days_in_month(index / 12, index % 12 + 1);
  const int day = static_cast<int>(std::floor((date.months - whole) * days + 1e-6)) + 1;
  return day == 1 ? month_text(date) : fmt::format("{}-{:02}", month_text(date), day);
}

}  // namespace warmshell
