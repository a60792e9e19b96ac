#pragma once
// 8-byte quantities. Like adds to like; a product exists only where it is declared below, so that
// facility MW and IT MW, or MW and money, do not mix: see tests/must_not_compile.
// Inside kernels values are plain doubles in columns whose names carry the unit.

#include <compare>

namespace warmshell {

template <class Unit>
struct Quantity {
  double value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(double v) : value(v) {}

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator-() const { return Quantity(-value); }
  constexpr Quantity& operator+=(Quantity b) {
    value += b.value;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity b) {
    value -= b.value;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value + b.value);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value - b.value);
  }
  friend constexpr Quantity operator*(Quantity a, double b) { return Quantity(a.value * b); }
  friend constexpr Quantity operator*(double a, Quantity b) { return Quantity(a * b.value); }
  friend constexpr Quantity operator/(Quantity a, double b) { return Quantity(a.value / b); }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.value / b.value; }
};

namespace unit {
struct FacilityMegawatt {
  static constexpr const char* name = "MW_facility";
};
struct ItMegawatt {
  static constexpr const char* name = "MW_it";
};
struct Kilowatt {
  static constexpr const char* name = "kW";
};  // of one rack or accelerator, IT side
struct MegawattHour {
  static constexpr const char* name = "MWh";
};
struct Hour {
  static constexpr const char* name = "h";
};
struct Month {
  static constexpr const char* name = "months";
};  // a duration
struct Money {
  static constexpr const char* name = "money";
};  // in the portfolio's currency
struct MoneyPerMegawattHour {
  static constexpr const char* name = "money/MWh";
};
struct MoneyPerHour {
  static constexpr const char* name = "money/h";
};  // of one accelerator
struct MoneyPerH100eHour {
  static constexpr const char* name = "money/h100e-h";
};
struct MoneyPerItMegawatt {
  static constexpr const char* name = "money/MW_it";
};
struct MoneyPerFacilityMegawatt {
  static constexpr const char* name = "money/MW_facility";
};
struct MoneyPerItMegawattMonth {
  static constexpr const char* name = "money/MW_it-month";
};
struct MoneyPerFacilityMegawattMonth {
  static constexpr const char* name = "money/MW_facility-month";
};
struct Accelerator {
  static constexpr const char* name = "accelerators";
};
struct H100e {
  static constexpr const char* name = "h100e";
};  // dense 8-bit peak over 1,979 T
struct Fraction {
  static constexpr const char* name = "1";
};
struct PerYear {
  static constexpr const char* name = "1/year";
};  // a discrete rate per year
struct PerMonth {
  static constexpr const char* name = "1/month";
};  // a discrete rate per month
struct RacksPerMonth {
  static constexpr const char* name = "racks/month";
};
struct Pue {
  static constexpr const char* name = "MW_facility/MW_it";
};
}  // namespace unit

using FacilityMw = Quantity<unit::FacilityMegawatt>;
using ItMw = Quantity<unit::ItMegawatt>;
using Kilowatts = Quantity<unit::Kilowatt>;
using MegawattHours = Quantity<unit::MegawattHour>;
using Hours = Quantity<unit::Hour>;
using Months = Quantity<unit::Month>;
using Money = Quantity<unit::Money>;
using MoneyPerMwh = Quantity<unit::MoneyPerMegawattHour>;
using MoneyPerHour = Quantity<unit::MoneyPerHour>;
using MoneyPerH100eHour = Quantity<unit::MoneyPerH100eHour>;
using MoneyPerItMw = Quantity<unit::MoneyPerItMegawatt>;
using MoneyPerFacilityMw = Quantity<unit::MoneyPerFacilityMegawatt>;
using MoneyPerItMwMonth = Quantity<unit::MoneyPerItMegawattMonth>;
using MoneyPerFacilityMwMonth = Quantity<unit::MoneyPerFacilityMegawattMonth>;
using Accelerators = Quantity<unit::Accelerator>;
using H100e = Quantity<unit::H100e>;
using Fraction = Quantity<unit::Fraction>;
using PerYear = Quantity<unit::PerYear>;
using PerMonth = Quantity<unit::PerMonth>;
using RacksPerMonth = Quantity<unit::RacksPerMonth>;
using Pue = Quantity<unit::Pue>;

// The products that mean something.
constexpr FacilityMw operator*(ItMw it, Pue pue) {
  return FacilityMw(it.value * pue.value);
}
constexpr ItMw operator/(FacilityMw facility, Pue pue) {
  return ItMw(facility.value / pue.value);
}
constexpr Pue operator/(FacilityMw facility, ItMw it) {
  return Pue(facility.value / it.value);
}
constexpr ItMw operator*(Kilowatts each, Accelerators count) {
  return ItMw(each.value * count.value / 1000);
}
constexpr MegawattHours operator*(FacilityMw power, Hours time) {
  return MegawattHours(power.value * time.value);
}
constexpr MegawattHours operator*(ItMw power, Hours time) {
  return MegawattHours(power.value * time.value);
}
constexpr Money operator*(MoneyPerMwh price, MegawattHours energy) {
  return Money(price.value * energy.value);
}
constexpr Money operator*(MoneyPerHour price, Hours time) {
  return Money(price.value * time.value);
}
constexpr Money operator*(MoneyPerItMw price, ItMw power) {
  return Money(price.value * power.value);
}
constexpr Money operator*(MoneyPerFacilityMw price, FacilityMw power) {
  return Money(price.value * power.value);
}

inline constexpr Hours hours_per_month{730};

}  // namespace warmshell
