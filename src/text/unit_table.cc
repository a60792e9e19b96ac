#include "text/unit_table.h"

#include <array>

namespace warmshell::text {

namespace {

using enum Dimension;

constexpr std::array dimensions{
    DimensionInfo{number, "a number", "", "1.16"},
    DimensionInfo{count, "a count", "", "40k"},
    DimensionInfo{h100e, "a count of H100 equivalents", "h100e", "60k h100e"},
    DimensionInfo{facility_power, "a power at the meter", "MW_facility", "80 MW_facility"},
    DimensionInfo{it_power, "a power at the rack", "MW_it", "36 MW_it"},
    DimensionInfo{rack_power, "a power of one rack or accelerator", "kW", "45 kW"},
    DimensionInfo{energy, "an energy", "MWh", "100 MWh"},
    DimensionInfo{time_hours, "a time", "h", "24 h"},
    DimensionInfo{duration, "a duration", "months", "7 months"},
    DimensionInfo{fraction, "a share", "%", "60 %"},
    DimensionInfo{rate_per_year, "a yearly rate", "%/year", "9 %/year"},
    DimensionInfo{rate_per_month, "a monthly rate", "%/month", "3 %/month"},
    DimensionInfo{racks_per_month, "a rate of installation", "racks/month", "40 racks/month"},
    DimensionInfo{money, "an amount of money", "CUR", "47k USD"},
    DimensionInfo{money_per_energy, "a price of energy", "CUR/MWh", "68 USD/MWh"},
    DimensionInfo{money_per_hour, "a price per accelerator and hour", "CUR/h", "2.35 USD/h"},
    DimensionInfo{money_per_h100e_hour, "a price per H100 equivalent and hour", "CUR/h100e-h",
                  "2.10 USD/h100e-h"},
    DimensionInfo{money_per_it_power, "a cost per IT power", "CUR/MW_it", "15 MUSD/MW_it"},
    DimensionInfo{money_per_facility_power, "a cost per facility power", "CUR/MW_facility",
                  "1900 USD/kW_facility"},
    DimensionInfo{money_per_it_power_month, "a rent per IT power", "CUR/MW_it-month",
                  "175 USD/kW_it-month"},
    DimensionInfo{money_per_facility_power_month, "a cost per facility power and month",
                  "CUR/MW_facility-month", "2 USD/kW_facility-month"},
};

constexpr std::array units{
    UnitRow{number, "", 1, 1},
    UnitRow{count, "", 1, 1},
    UnitRow{count, "accelerators", 1, 1},
    UnitRow{h100e, "h100e", 1, 1},
    UnitRow{facility_power, "MW_facility", 1, 1},
    UnitRow{facility_power, "kW_facility", 1, 1000},
    UnitRow{facility_power, "GW_facility", 1000, 1},
    UnitRow{it_power, "MW_it", 1, 1},
    UnitRow{it_power, "kW_it", 1, 1000},
    UnitRow{it_power, "GW_it", 1000, 1},
    UnitRow{rack_power, "kW", 1, 1},
    UnitRow{rack_power, "W", 1, 1000},
    UnitRow{rack_power, "MW", 1000, 1},
    UnitRow{energy, "MWh", 1, 1},
    UnitRow{energy, "kWh", 1, 1000},
    UnitRow{energy, "GWh", 1000, 1},
    UnitRow{energy, "TWh", 1e6, 1},
    UnitRow{time_hours, "h", 1, 1},
    UnitRow{time_hours, "hours", 1, 1},
    UnitRow{time_hours, "hour", 1, 1},
    UnitRow{time_hours, "minutes", 1, 60},
    UnitRow{time_hours, "minute", 1, 60},
    UnitRow{time_hours, "s", 1, 3600},
    UnitRow{time_hours, "days", 24, 1},
    UnitRow{time_hours, "day", 24, 1},
    UnitRow{duration, "months", 1, 1},
    UnitRow{duration, "month", 1, 1},
    UnitRow{duration, "years", 12, 1},
    UnitRow{duration, "year", 12, 1},
    UnitRow{duration, "weeks", 84, 365},  // a month is 365/12 days, which is 730 h
    UnitRow{duration, "week", 84, 365},
    UnitRow{duration, "days", 12, 365},
    UnitRow{duration, "day", 12, 365},
    UnitRow{duration, "hours", 1, 730},
    UnitRow{duration, "h", 1, 730},
    UnitRow{fraction, "%", 1, 100},
    UnitRow{rate_per_year, "%/year", 1, 100},
    UnitRow{rate_per_month, "%/month", 1, 100},
    UnitRow{racks_per_month, "racks/month", 1, 1},
    UnitRow{racks_per_month, "racks/week", 365, 84},
    UnitRow{racks_per_month, "racks/day", 365, 12},
    UnitRow{money, "CUR", 1, 1},
    UnitRow{money_per_energy, "CUR/MWh", 1, 1},
    UnitRow{money_per_energy, "CUR/kWh", 1000, 1},
    UnitRow{money_per_energy, "CUR/GWh", 1, 1000},
    UnitRow{money_per_hour, "CUR/h", 1, 1},
    UnitRow{money_per_hour, "CUR/hour", 1, 1},
    UnitRow{money_per_h100e_hour, "CUR/h100e-h", 1, 1},
    UnitRow{money_per_h100e_hour, "CUR/h100e-hour", 1, 1},
    UnitRow{money_per_it_power, "CUR/MW_it", 1, 1},
    UnitRow{money_per_it_power, "CUR/kW_it", 1000, 1},
    UnitRow{money_per_it_power, "CUR/W_it", 1e6, 1},
    UnitRow{money_per_it_power, "CUR/GW_it", 1, 1000},
    UnitRow{money_per_facility_power, "CUR/MW_facility", 1, 1},
    UnitRow{money_per_facility_power, "CUR/kW_facility", 1000, 1},
    UnitRow{money_per_facility_power, "CUR/W_facility", 1e6, 1},
    UnitRow{money_per_facility_power, "CUR/GW_facility", 1, 1000},
    UnitRow{money_per_it_power_month, "CUR/MW_it-month", 1, 1},
    UnitRow{money_per_it_power_month, "CUR/kW_it-month", 1000, 1},
    UnitRow{money_per_it_power_month, "CUR/MW_it-year", 1, 12},
    UnitRow{money_per_it_power_month, "CUR/kW_it-year", 1000, 12},
    UnitRow{money_per_facility_power_month, "CUR/MW_facility-month", 1, 1},
    UnitRow{money_per_facility_power_month, "CUR/kW_facility-month", 1000, 1},
    UnitRow{money_per_facility_power_month, "CUR/MW_facility-year", 1, 12},
    UnitRow{money_per_facility_power_month, "CUR/kW_facility-year", 1000, 12},
};

}  // namespace

std::span<const DimensionInfo> dimension_table() {
  return dimensions;
}
std::span<const UnitRow> unit_table() {
  return units;
}

const UnitRow* find_unit(Dimension dimension, std::string_view text) {
  for (const UnitRow& row : units)
    if (row.dimension == dimension && row.text == text) return &row;
  return nullptr;
}

const DimensionInfo& info(Dimension dimension) {
  for (const DimensionInfo& each : dimensions)
    if (each.dimension == dimension) return each;
  return dimensions[0];
}

const std::vector<Dimension>& all_dimensions() {
  static const std::vector<Dimension> all = [] {
    std::vector<Dimension> list;
    for (const DimensionInfo& each : dimensions) list.push_back(each.dimension);
    return list;
  }();
  return all;
}

std::vector<std::string> unit_texts(Dimension dimension) {
  std::vector<std::string> texts;
  for (const UnitRow& row : units)
    if (row.dimension == dimension) texts.emplace_back(row.text);
  return texts;
}

}  // namespace warmshell::text
