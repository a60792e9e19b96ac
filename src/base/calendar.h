#pragma once
// Time runs in months. A Date is a real number of months since 2000-01-01; whole numbers are first
// days of months; a day inside a month is its share of that month's days.
// Never a date (cancelled, withdrawn) is +infinity.

#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/quantity.h"

namespace warmshell {

struct Date {
  double months = 0;  // since 2000-01-01

  constexpr auto operator<=>(const Date&) const = default;
  friend constexpr Date operator+(Date d, Months m) { return Date{d.months + m.value}; }
  friend constexpr Date operator-(Date d, Months m) { return Date{d.months - m.value}; }
  friend constexpr Months operator-(Date a, Date b) { return Months(a.months - b.months); }
};

inline constexpr Date never{std::numeric_limits<double>::infinity()};

// "2026-09" (its first day) or "2026-09-17"; years 1900 to 2199. Nothing else is a date.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string month_text(Date date);  // "2026-09", the month in which the date falls
[[nodiscard]] std::string date_text(
    Date date);  // "2026-09-17", or "2026-09" on a first day, "never"

}  // namespace warmshell
