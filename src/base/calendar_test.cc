#include "base/calendar.h"

#include <gtest/gtest.h>

namespace warmshell {
namespace {

TEST(Calendar, a_month_is_its_first_day) {
  EXPECT_EQ(parse_date("2000-01")->months, 0);
  EXPECT_EQ(parse_date("2026-09")->months, 26 * 12 + 8);
  EXPECT_EQ(parse_date("2026-09"), parse_date("2026-09-01"));
}

TEST(Calendar, a_day_is_its_share_of_the_month) {
  EXPECT_DOUBLE_EQ(parse_date("2024-02-15")->months, 24 * 12 + 1 + 14.0 / 29);
}

TEST(Calendar, every_day_of_four_centuries_comes_back) {
  for (int year = 1900; year < 2200; ++year)
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; day <= 31; ++day) {
        char text[32];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const auto date = parse_date(text);
        if (!date) continue;
        const std::string expected = day == 1 ? std::string(text).substr(0, 7) : text;
        ASSERT_EQ(date_text(*date), expected);
      }
}

TEST(Calendar, impossible_dates_are_refused) {
  for (const char* text : {"2026-13", "2026-00", "2025-02-29", "0000-01", "2026-9", "2026/09",
                           "2026-09-00", "today", ""})
    EXPECT_FALSE(parse_date(text)) << text;
}

}  // namespace
}  // namespace warmshell
