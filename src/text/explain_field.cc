#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS02xx: fields and their values. One entry per code, in order.
std::span<const Explanation> field_explanations() {
  static constexpr std::array all{
      Explanation{"WS0200", "more mistakes than are shown",
                  "The first hundred are told; many later ones often follow from them.", "", ""},
      Explanation{"WS0201", "an unknown key",
                  "A key that nothing reads would be silently without effect, so it is refused. "
                  "`warmshell schema` lists all keys.",
                  "hall-1: {it_pwer: 36 MW_it}", "hall-1: {it_power: 36 MW_it}"},
      Explanation{"WS0202", "a needed key is missing", "There is no sensible value to assume here.",
                  "hall-1: {cooling: air}", "hall-1: {cooling: air, it_power: 36 MW_it}"},
      Explanation{"WS0203", "a value of the wrong kind",
                  "A map, a list or a single value stands where another was expected. Things that "
                  "have names are kept in maps under their names, never in lists.",
                  "halls:\n  - {it_power: 36 MW_it}", "halls:\n  hall-1: {it_power: 36 MW_it}"},
      Explanation{
          "WS0204", "a quantity without its unit",
          "Every quantity carries its unit, so that nobody has to know which one was meant.",
          "install: 40", "install: 40 racks/month"},
      Explanation{"WS0205", "a unit that does not fit",
                  "The unit is unknown, or belongs to another kind of quantity.",
                  "price: 68 USD/MW_it", "price: 68 USD/MWh"},
      Explanation{"WS0206", "a megawatt that may mean two things",
                  "Power at the meter (facility) is power at the rack (IT) times PUE: 10 to 60 % "
                  "more. Say which one it is.",
                  "it_power: 36 MW", "it_power: 36 MW_it"},
      Explanation{"WS0207", "not a number",
                  "Numbers are written 21600, 40k, 2.5 or 1e6: with a decimal point, without "
                  "separators.",
                  "count: 21,600", "count: 21600"},
      Explanation{"WS0208", "a number that is not finite or cannot be held",
                  "NaN and infinities are refused, as is what lies beyond about 1.8e308.",
                  "count: .nan", "count: 40k"},
      Explanation{"WS0209", "a value out of its range",
                  "The value has the right unit and cannot be meant.", "it_power: -3 MW_it",
                  "it_power: 3 MW_it"},
      Explanation{"WS0210", "not a date",
                  "A date is a month (its first day) or a day, from 1900 to 2199.",
                  "delivered: Q3 2026", "delivered: 2026-07"},
      Explanation{"WS0211", "not one of the words allowed here", "The set is closed.",
                  "cooling: water", "cooling: liquid"},
      Explanation{
          "WS0212", "not a name",
          "Names become parts of dotted paths (sites.quincy.install), file names and keys in "
          "JSON: lower-case letters, digits, `-` and `_`, beginning with a letter or digit.",
          "sites:\n  Quincy, WA: {}", "sites:\n  quincy-wa: {}"},
      Explanation{"WS0213", "a name that names nothing",
                  "What is referred to must be written somewhere in the portfolio or catalogue.",
                  "site: qincy", "site: quincy"},
      Explanation{
          "WS0214", "provenance that cannot be read",
          "A value may be written with where it comes from. Beside `value` may stand source, "
          "as_of, tier and note.",
          "price: {value: 68 USD/MWh, from: tariff}", "price: {value: 68 USD/MWh, source: tariff}"},
      Explanation{"WS0215", "a distribution that cannot be read",
                  "An uncertain number is a plain value, `{p10:, p50:, p90:}` (all three), "
                  "`{uniform: {low:, high:}}`, `{triangular: {low:, mode:, high:}}`, `{lognormal: "
                  "{p50:, p90:}}`, `{discrete: {VALUE: ODDS}}` or `{empirical: [...]}`. A scenario "
                  "that changes the kind removes the old keys with `null`.",
                  "warm: {p10: 2026-05, p90: 2027-06}",
                  "warm: {p10: 2026-05, p50: 2026-09, p90: 2027-06}"},
      Explanation{"WS0216", "a distribution that means nothing",
                  "Quantiles must ascend, bounds must not cross, odds must sum to 100 %.",
                  "warm: {p10: 2027-05, p50: 2026-09, p90: 2027-06}",
                  "warm: {p10: 2026-05, p50: 2026-09, p90: 2027-06}"},
      Explanation{"WS0217", "a currency that cannot be converted",
                  "A currency is three capitals. Money in another currency than the portfolio's "
                  "needs its rate in `fx:`, in the portfolio's currency.",
                  "currency: CNY\nprice: 47k USD",
                  "currency: CNY\nfx: {USD: 7.2 CNY}\nprice: 47k USD"},
      Explanation{"WS0218", "none of the forms allowed here",
                  "The field may be written in a few ways, and this is none of them.",
                  "tenure: rented", "tenure: {leased: {rent: 175 USD/kW_it-month}}"},
      Explanation{"WS0219", "neither true nor false",
                  "In YAML `yes`, `on` and `no` are text to some programs and not to others.",
                  "whole_racks: yes", "whole_racks: true"},
  };
  return all;
}

}  // namespace warmshell::text
