#include "text/quantity_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "text/testing.h"

namespace warmshell::text {
namespace {

double value(std::string_view text, Dimension dimension) {
  const auto parsed = parse_quantity(text, dimension);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error().message;
  return parsed ? parsed->value : -1;
}

TEST(quantity_text, reads_every_quantity_of_the_design) {
  EXPECT_EQ(value("36 MW_it", Dimension::it_power), 36.0);
  EXPECT_EQ(value("36000 kW_it", Dimension::it_power), 36.0);
  EXPECT_EQ(value("1.2MW_facility", Dimension::facility_power), 1.2);
  EXPECT_EQ(value("2 GW_facility", Dimension::facility_power), 2000.0);
  EXPECT_EQ(value("45 kW", Dimension::rack_power), 45.0);
  EXPECT_EQ(value("700 W", Dimension::rack_power), 0.7);
  EXPECT_EQ(value("68 USD/MWh", Dimension::money_per_energy), 68.0);
  EXPECT_EQ(value("0.068 USD/kWh", Dimension::money_per_energy), 68.0);
  EXPECT_EQ(value("40 racks/month", Dimension::racks_per_month), 40.0);
  EXPECT_EQ(value("15 MUSD/MW_it", Dimension::money_per_it_power), 15e6);
  EXPECT_EQ(value("15 USD/W_it", Dimension::money_per_it_power), 15e6);
  EXPECT_EQ(value("15 BUSD/GW_it", Dimension::money_per_it_power), 15e6);
  EXPECT_EQ(value("1900 USD/kW_facility", Dimension::money_per_facility_power), 1.9e6);
  EXPECT_EQ(value("175 USD/kW_it-month", Dimension::money_per_it_power_month), 175e3);
  EXPECT_EQ(value("24 USD/kW_facility-year", Dimension::money_per_facility_power_month), 2000.0);
  EXPECT_EQ(value("60 %", Dimension::fraction), 0.6);
  EXPECT_EQ(value("7%", Dimension::fraction), 0.07);
  EXPECT_EQ(value("3 %/year", Dimension::rate_per_year), 0.03);
  EXPECT_EQ(value("3 %/month", Dimension::rate_per_month), 0.03);
  EXPECT_EQ(value("8 years", Dimension::duration), 96.0);
  EXPECT_EQ(value("365 days", Dimension::duration), 12.0);
  EXPECT_EQ(value("730 h", Dimension::duration), 1.0);
  EXPECT_EQ(value("-2 months", Dimension::duration), -2.0);
  EXPECT_EQ(value("40k", Dimension::count), 40000.0);
  EXPECT_EQ(value("1.5M", Dimension::count), 1.5e6);
  EXPECT_EQ(value("2e3", Dimension::count), 2000.0);
  EXPECT_EQ(value("60k h100e", Dimension::h100e), 60000.0);
  EXPECT_EQ(value("47k USD", Dimension::money), 47000.0);
  EXPECT_EQ(value("1.2 BUSD", Dimension::money), 1.2e9);
  EXPECT_EQ(value("2.35 USD/h", Dimension::money_per_hour), 2.35);
  EXPECT_EQ(value("2.10 USD/h100e-h", Dimension::money_per_h100e_hour), 2.1);
  EXPECT_EQ(value("1.16", Dimension::number), 1.16);
  EXPECT_EQ(value("+5", Dimension::number), 5.0);
}

TEST(quantity_text, keeps_the_currency) {
  EXPECT_EQ(parse_quantity("7.2 CNY", Dimension::money)->currency, "CNY");
  EXPECT_EQ(parse_quantity("3 MEUR/MW_it", Dimension::money_per_it_power)->currency, "EUR");
  EXPECT_EQ(parse_quantity("36 MW_it", Dimension::it_power)->currency, "");
}

TEST(quantity_text, reads_blocks_and_rates) {
  const auto block = parse_unit_block("24 x 2.5 MW_facility");
  ASSERT_TRUE(block);
  EXPECT_EQ(block->units, 24.0);
  EXPECT_EQ(block->each, FacilityMw(2.5));
  EXPECT_EQ(parse_unit_block("80 MW_facility")->units, 1.0);
  EXPECT_EQ(*parse_rate("3 %/month"), (Rate{0.03, Rate::Period::month}));
  EXPECT_EQ(*parse_rate("60 %/year"), (Rate{0.6, Rate::Period::year}));
}

TEST(quantity_text, negative_zero_is_zero) {
  EXPECT_FALSE(std::signbit(*parse_number("-0")));
  EXPECT_FALSE(std::signbit(value("-0.0 MW_it", Dimension::it_power)));
}

TEST(quantity_text, every_example_and_canonical_unit_is_read_and_fits_its_pattern) {
  for (const Dimension dimension : all_dimensions()) {
    const DimensionInfo& about = info(dimension);
    const auto parsed = parse_quantity(about.example, dimension);
    ASSERT_TRUE(parsed) << about.example;
    const std::regex pattern(schema_pattern(dimension));
    EXPECT_TRUE(std::regex_match(std::string(about.example), pattern)) << about.example;
    const std::string written = quantity_text(parsed->value, dimension, parsed->currency);
    const auto again = parse_quantity(written, dimension);
    ASSERT_TRUE(again) << written;
    EXPECT_DOUBLE_EQ(again->value, parsed->value) << written;
    EXPECT_FALSE(std::regex_match("12 parsecs", pattern));
  }
}

TEST(quantity_text, no_unit_means_two_things_within_a_dimension_or_across) {
  for (const Dimension a : all_dimensions())
    for (const std::string& unit : unit_texts(a)) {
      if (unit.empty()) continue;
      int readers = 0;
      for (const Dimension b : all_dimensions())
        for (const std::string& other : unit_texts(b)) readers += unit == other;
      // Hours and days measure both a time and a duration in months; nothing else is shared.
      const bool shared = unit == "h" || unit == "hours" || unit == "day" || unit == "days";
      EXPECT_EQ(readers, shared ? 2 : 1) << unit;
    }
}

TEST(quantity_text, wrong_quantities_are_refused_word_for_word) {
  struct Case {
    const char* text;
    Dimension dimension;
  };
  using enum Dimension;
  const std::vector<Case> cases{
      {"36", it_power},
      {"36 MW", it_power},
      {"36 kW", facility_power},
      {"36 MW_facility", it_power},
      {"36 MW_it", facility_power},
      {"36 mw_it", it_power},
      {"36 USD/MWh", it_power},
      {"36 parsecs", it_power},
      {"15 MUSD/MW", money_per_it_power},
      {"175 USD/kW-month", money_per_it_power_month},
      {"68", money_per_energy},
      {"68 $/MWh", money_per_energy},
      {"68 usd/MWh", money_per_energy},
      {"60", fraction},
      {"0.6", fraction},
      {"3 %", rate_per_year},
      {"3 %/month", rate_per_year},
      {"40 USD", count},
      {"21,600", count},
      {"21_600 h100e", h100e},
      {"20,000 kW_it", it_power},
      {"20,5 MW_it", it_power},
      {"$40k", money},
      {"$40,000", money},
      {"40 k", count},
      {".5", number},
      {"five", number},
      {"", it_power},
      {"nan", number},
      {".inf", count},
      {"-.inf", number},
      {"NaN MW_it", it_power},
      {"1e400", number},
      {"1e308 MUSD", money},
      {"1e-400", number},
      {"0x10", number},
      {"1 2", number},
      {"12 months", racks_per_month},
      {"4 GUSD", money},
      {"47k", money},
      {"5 MW_it\xE2\x80\x8B", it_power},
  };
  testing::NamedTexts found;
  for (const Case& each : cases) {
    const auto parsed = parse_quantity(each.text, each.dimension);
    ASSERT_FALSE(parsed) << each.text;
    const TextProblem& told = parsed.error();
    EXPECT_LE(told.offset + told.length,
              std::max<std::size_t>(1, std::string_view(each.text).size()))
        << each.text;
    found.emplace_back(each.text + std::string(" for ") + std::string(info(each.dimension).noun),
                       told.code + ": " + told.message +
                           (told.help.empty() ? "\n" : "\n  help: " + told.help + "\n"));
  }
  for (const char* text :
       {"24 x 2.5 MW", "0 x 2 MW_facility", "1.5 x 2 MW_facility", "x 2 MW_facility"}) {
    const auto parsed = parse_unit_block(text);
    ASSERT_FALSE(parsed) << text;
    found.emplace_back(text, parsed.error().code + ": " + parsed.error().message +
                                 "\n  help: " + parsed.error().help + "\n");
  }
  for (const char* text : {"3", "3 %", "3 %/week"}) {
    const auto parsed = parse_rate(text);
    ASSERT_FALSE(parsed) << text;
    found.emplace_back(text + std::string(" for a rate"),
                       parsed.error().code + ": " + parsed.error().message +
                           "\n  help: " + parsed.error().help + "\n");
  }
  testing::expect_recorded("src/text/testdata/wrong_quantities.txt", found);
}

}  // namespace
}  // namespace warmshell::text
