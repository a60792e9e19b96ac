#pragma once
// "36 MW_it", "68 USD/MWh", "40k", "60 %", "3 %/year", "24 x 2.5 MW_facility": numbers with units.
//
// One table holds every dimension, its canonical unit and the units it may be written in; reader,
// schema and messages all come from it. Values are returned in the canonical unit. Money stays in
// the currency it was written in; Currencies turns it into the portfolio's.
// A bare MW or kW is refused where facility and IT power would differ. Thread-safe, pure.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/quantity.h"

namespace warmshell::text {

enum class Dimension {
  number,                          // no unit
  count,                           // 40k, 21600: accelerators
  h100e,                           // 60k h100e
  facility_power,                  // MW_facility
  it_power,                        // MW_it
  rack_power,                      // kW, of one rack or accelerator
  energy,                          // MWh
  time_hours,                      // h
  duration,                        // months
  fraction,                        // 1, written %
  rate_per_year,                   // 1/year, discrete, written %/year
  rate_per_month,                  // 1/month, discrete, written %/month
  racks_per_month,                 // racks/month
  money,                           // USD
  money_per_energy,                // USD/MWh
  money_per_hour,                  // USD/h, of one accelerator
  money_per_h100e_hour,            // USD/h100e-h
  money_per_it_power,              // USD/MW_it
  money_per_facility_power,        // USD/MW_facility
  money_per_it_power_month,        // USD/MW_it-month
  money_per_facility_power_month,  // USD/MW_facility-month
};

struct DimensionInfo {
  Dimension dimension;
  std::string_view noun;  // "a power at the rack": "expected a power at the rack like `36 MW_it`"
  std::string_view canonical;  // "MW_it"; `CUR` stands for a currency
  std::string_view example;    // "36 MW_it"
};
[[nodiscard]] const DimensionInfo& info(Dimension dimension);
[[nodiscard]] const std::vector<Dimension>& all_dimensions();
[[nodiscard]] std::vector<std::string> unit_texts(Dimension dimension);  // `CUR` for a currency
[[nodiscard]] std::string schema_pattern(Dimension dimension);  // regular expression, ECMA 262

struct ParsedQuantity {
  double value = 0;      // canonical unit, money in `currency`
  std::string currency;  // "" where the dimension has none
};

// What is wrong with a quantity's text; offset and length in bytes of that text.
struct TextProblem {
  std::string code;
  std::string message;
  std::string help;
  std::size_t offset = 0;
  std::size_t length = 0;
};
template <class T>
using Parsed = tl::expected<T, TextProblem>;

[[nodiscard]] Parsed<ParsedQuantity> parse_quantity(std::string_view text, Dimension dimension);
[[nodiscard]] Parsed<double> parse_number(std::string_view text);  // plain, finite, no unit
[[nodiscard]] Parsed<long long> parse_integer(std::string_view text);

// "24 x 2.5 MW_facility", or one unit of all of it: "80 MW_facility".
struct UnitBlock {
  double units = 1;
  FacilityMw each;
};
[[nodiscard]] Parsed<UnitBlock> parse_unit_block(std::string_view text);

// A discrete rate that keeps its period: 3 %/month is not 36 %/year.
struct Rate {
  enum class Period { month, year };
  double per_period = 0;
  Period period = Period::year;
  bool operator==(const Rate&) const = default;
};
[[nodiscard]] Parsed<Rate> parse_rate(std::string_view text);

// The value in a canonical unit as a user would write it: "36 MW_it", "60 %", "68 USD/MWh".
[[nodiscard]] std::string quantity_text(double value, Dimension dimension,
                                        std::string_view currency = "");

// What one unit of each currency is worth in the portfolio's own.
struct Currencies {
  std::string portfolio = "USD";
  std::map<std::string, double> worth;  // of others; {USD: 7.2} in a portfolio in CNY

  [[nodiscard]] std::optional<double> factor(const std::string& currency) const;
};

template <class Unit>
struct DimensionOf;  // of the Quantity types of base/quantity.h, below
#define WARMSHELL_DIMENSION(UNIT, DIMENSION)                 \
  template <>                                                \
  struct DimensionOf<unit::UNIT> {                           \
    static constexpr Dimension value = Dimension::DIMENSION; \
  }
WARMSHELL_DIMENSION(FacilityMegawatt, facility_power);
WARMSHELL_DIMENSION(ItMegawatt, it_power);
WARMSHELL_DIMENSION(Kilowatt, rack_power);
WARMSHELL_DIMENSION(MegawattHour, energy);
WARMSHELL_DIMENSION(Hour, time_hours);
WARMSHELL_DIMENSION(Month, duration);
WARMSHELL_DIMENSION(Money, money);
WARMSHELL_DIMENSION(MoneyPerMegawattHour, money_per_energy);
WARMSHELL_DIMENSION(MoneyPerHour, money_per_hour);
WARMSHELL_DIMENSION(MoneyPerH100eHour, money_per_h100e_hour);
WARMSHELL_DIMENSION(MoneyPerItMegawatt, money_per_it_power);
WARMSHELL_DIMENSION(MoneyPerFacilityMegawatt, money_per_facility_power);
WARMSHELL_DIMENSION(MoneyPerItMegawattMonth, money_per_it_power_month);
WARMSHELL_DIMENSION(MoneyPerFacilityMegawattMonth, money_per_facility_power_month);
WARMSHELL_DIMENSION(Accelerator, count);
WARMSHELL_DIMENSION(H100e, h100e);
WARMSHELL_DIMENSION(Fraction, fraction);
WARMSHELL_DIMENSION(PerYear, rate_per_year);
WARMSHELL_DIMENSION(PerMonth, rate_per_month);
WARMSHELL_DIMENSION(RacksPerMonth, racks_per_month);
WARMSHELL_DIMENSION(Pue, number);
#undef WARMSHELL_DIMENSION

}  // namespace warmshell::text
