#include "text/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/diagnostic.h"
#include "text/unit_table.h"
#include "text/utf8.h"

namespace warmshell::text {

namespace {

using enum Dimension;

constexpr bool digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool capital(char c) {
  return c >= 'A' && c <= 'Z';
}

double scale_of(char prefix) {
  switch (prefix) {
    case 'k':
      return 1e3;
    case 'M':
      return 1e6;
    case 'B':
    case 'G':
      return 1e9;
    case 'T':
      return 1e12;
    default:
      return 0;
  }
}

tl::unexpected<TextProblem> problem(std::string code, std::string message, std::string help,
                                    std::size_t offset, std::size_t length) {
  return tl::unexpected<TextProblem>(
      TextProblem{std::move(code), std::move(message), std::move(help), offset, length});
}

std::string expected(Dimension dimension) {
  const DimensionInfo& about = info(dimension);
  return fmt::format("expected {} like `{}`", about.noun, about.example);
}

struct Leading {
  double value = 0;
  std::size_t end = 0;
};

// What to write instead of `21,600 MW_it`, which has three digits behind each separator, or of
// `20,5 MW_it`, where a comma stands for the point. The unit stays as it is.
std::string without_separators(std::string_view text, std::size_t first_digit) {
  const auto separates = [](char c) { return c == ',' || c == '_' || c == '\''; };
  std::size_t end = first_digit;
  while (end < text.size() && (digit(text[end]) || (separates(text[end]) && end + 1 < text.size() &&
                                                    digit(text[end + 1]))))
    ++end;
  std::string plain(text.substr(0, first_digit)), with_point = plain;
  bool thousands = true;
  std::size_t run = 0, separators = 0;
  for (std::size_t at = first_digit; at < end; ++at) {
    if (separates(text[at])) {
      thousands = thousands && (separators == 0 || run == 3);
      ++separators;
      run = 0;
      with_point += '.';
      continue;
    }
    plain += text[at];
    with_point += text[at];
    ++run;
  }
  thousands = thousands && run == 3;
  const std::string_view rest = text.substr(end);
  plain += rest;
  with_point += rest;
  if (thousands) return fmt::format("write {}, or a decimal point", ticked(plain));
  return separators == 1 ? fmt::format("write {}", ticked(with_point))
                         : "write the digits without separators, and a decimal point";
}

// `$40k`: the currency stands behind, in three capitals.
std::string currency_behind(std::string_view text) {
  for (const auto& [sign, code] : {std::pair<std::string_view, std::string_view>{"$", "USD"},
                                   {"US$", "USD"},
                                   {"€", "EUR"},
                                   {"£", "GBP"},
                                   {"¥", "CNY"},
                                   {"￥", "CNY"},
                                   {"USD ", "USD"},
                                   {"EUR ", "EUR"}}) {
    if (!text.starts_with(sign) || text.size() == sign.size()) continue;
    const std::string_view rest = text.substr(sign.size());
    std::size_t end = 0;
    while (end < rest.size() && (digit(rest[end]) || rest[end] == '.')) ++end;
    if (end == 0) continue;
    if (end < rest.size() && scale_of(rest[end]) > 0) ++end;
    if (end < rest.size() && rest[end] != '/')
      return fmt::format("the currency stands behind the number: `40k {}`", code);
    return fmt::format("write {}",
                       ticked(fmt::format("{} {}{}", rest.substr(0, end), code, rest.substr(end))));
  }
  return "";
}

// The number a text begins with.
Parsed<Leading> leading_number(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const std::size_t first_digit = at;
  while (at < text.size() && digit(text[at])) ++at;
  if (at == first_digit) {
    std::string lower;
    for (const char c : text.substr(0, 16))
      lower += static_cast<char>(capital(c) ? c - 'A' + 'a' : c);
    for (const std::string_view word :
         {"nan", ".nan", "inf", ".inf", "infinity", "-inf", "-.inf", "+inf", "+.inf"})
      if (lower == word || lower.starts_with(std::string(word) + " "))
        return problem("WS0208", fmt::format("{} is not a finite number", ticked(text)),
                       "leave the field out, or write a finite number", 0, text.size());
    if (at < text.size() && text[at] == '.' && at + 1 < text.size() && digit(text[at + 1]))
      return problem("WS0207", fmt::format("{} begins with a point", ticked(text)),
                     fmt::format("write `0{}`", text.substr(at)), 0, text.size());
    return problem("WS0207", fmt::format("{} is not a number", ticked(text)), currency_behind(text),
                   0, text.size());
  }
  if (at + 1 < text.size() && (text[at] == ',' || text[at] == '_' || text[at] == '\'') &&
      digit(text[at + 1])) {
    return problem("WS0207", fmt::format("{} has a separator inside a number", ticked(text)),
                   without_separators(text, first_digit), 0, text.size());
  }
  if (at + 1 < text.size() && text[at] == '.' && digit(text[at + 1])) {
    ++at;
    while (at < text.size() && digit(text[at])) ++at;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    if (exponent < text.size() && digit(text[exponent])) {
      while (exponent < text.size() && digit(text[exponent])) ++exponent;
      at = exponent;
    }
  }
  Leading leading;
  leading.end = at;
  const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + at, leading.value);
  if (error == std::errc::result_out_of_range)
    return problem(
        "WS0208",
        fmt::format("{} is too large or too small for a number", ticked(text.substr(0, at))), "", 0,
        at);
  if (error != std::errc() || end != text.data() + at)
    return problem("WS0207", fmt::format("{} is not a number", ticked(text)), "", 0, text.size());
  if (leading.value == 0) leading.value = 0;  // no negative zero
  return leading;
}

// "MUSD/MW_it" -> currency USD, prefix 1e6, the unit's text "CUR/MW_it".
struct UnitText {
  std::string text;
  std::string currency;
  double prefix = 1;
};

UnitText without_currency(std::string_view unit) {
  const std::string_view head = unit.substr(0, unit.find('/'));
  const auto is_currency = [](std::string_view code) {
    return code.size() == 3 && std::all_of(code.begin(), code.end(), capital);
  };
  UnitText found;
  if (is_currency(head)) {
    found.currency = head;
  } else if (head.size() == 4 && is_currency(head.substr(1)) && head[0] != 'G' &&
             scale_of(head[0]) > 0) {
    found.currency = head.substr(1);
    found.prefix = scale_of(head[0]);
  }
  found.text =
      found.currency.empty() ? std::string(unit) : "CUR" + std::string(unit.substr(head.size()));
  return found;
}

// Facility or IT? `MW` alone, or `/MW` under money.
bool is_bare_power(Dimension dimension, std::string_view unit) {
  switch (dimension) {
    case facility_power:
    case it_power:
      return unit == "MW" || unit == "kW" || unit == "GW" || unit == "W";
    case money_per_it_power:
    case money_per_facility_power:
    case money_per_it_power_month:
    case money_per_facility_power_month: {
      for (const std::string_view power : {"W", "kW", "MW", "GW"})
        for (const std::string_view tail : {"", "-month", "-year"})
          if (unit == fmt::format("CUR/{}{}", power, tail)) return true;
      return false;
    }
    default:
      return false;
  }
}

// "units here: MW_it, kW_it, GW_it"
std::string units_here(Dimension dimension) {
  std::string text;
  bool currency = false;
  for (const std::string& unit : unit_texts(dimension)) {
    if (unit.empty()) return "write the number alone";
    currency = currency || unit.starts_with("CUR");
    text += (text.empty() ? "units here: " : ", ");
    text += unit.starts_with("CUR") ? "USD" + unit.substr(3) : unit;
  }
  return currency ? text + ", or another currency in three capitals" : text;
}

std::string lower_case(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(capital(c) ? c - 'A' + 'a' : c);
  return lower;
}

std::string with_currency(std::string_view unit, std::string_view currency) {
  if (!unit.starts_with("CUR")) return std::string(unit);
  return std::string(currency) + std::string(unit.substr(3));
}

// `MUSD/MW-month` with the suffix that says which power is meant.
std::string with_power_suffix(std::string_view unit, std::string_view suffix) {
  const std::size_t behind = unit.rfind('W') + 1;
  return std::string(unit.substr(0, behind)) + std::string(suffix) +
         std::string(unit.substr(behind));
}

bool is_facility(Dimension dimension) {
  return dimension == facility_power || dimension == money_per_facility_power ||
         dimension == money_per_facility_power_month;
}

std::string nearest_unit(std::string_view unit, const UnitText& plain, Dimension dimension) {
  if (unit.size() > 32) return "";
  const std::string currency = plain.currency.empty() ? "USD" : plain.currency;
  for (const std::string& known : unit_texts(dimension))
    if (!known.empty() && lower_case(with_currency(known, currency)) == lower_case(unit))
      return with_currency(known, currency);
  const std::string near = did_you_mean(plain.text, unit_texts(dimension));
  return near.empty() ? "" : with_currency(near, currency);
}

// The rest of a quantity's text, from `offset`, is no unit of the dimension: why, and what to
// write.
tl::unexpected<TextProblem> wrong_unit(std::string_view text, double value, std::size_t offset,
                                       std::string_view unit, const UnitText& plain,
                                       Dimension dimension) {
  if (unit.empty()) {
    std::string help = units_here(dimension);
    if (dimension == fraction)
      help = fmt::format("write `{:.12g} %`", std::abs(value) <= 1 ? value * 100 : value);
    if (dimension == rate_per_year)
      help = fmt::format("write `{:.12g} %/year`", std::abs(value) <= 1 ? value * 100 : value);
    return problem("WS0204", fmt::format("{} has no unit: {}", ticked(text), expected(dimension)),
                   help, 0, text.size());
  }
  if (is_bare_power(dimension, plain.text)) {
    const bool facility = is_facility(dimension);
    return problem("WS0206",
                   fmt::format("{} may mean power at the meter or at the rack: {}", ticked(unit),
                               expected(dimension)),
                   fmt::format("write `{}`, here the power at the {}; facility = IT x PUE",
                               with_power_suffix(unit, facility ? "_facility" : "_it"),
                               facility ? "meter" : "rack"),
                   offset, unit.size());
  }
  for (const DimensionInfo& other : dimension_table()) {
    if (other.dimension == dimension || plain.text.empty() ||
        !find_unit(other.dimension, plain.text))
      continue;
    const bool two_megawatts = (dimension == facility_power && other.dimension == it_power) ||
                               (dimension == it_power && other.dimension == facility_power);
    std::string cure = units_here(dimension);
    if (two_megawatts) cure = "facility = IT x PUE: convert it, and say which one it is";
    if (plain.text == "%" && dimension == rate_per_year)
      cure = fmt::format("write `{:.12g} %/year`", value);
    if (plain.text == "%" && dimension == rate_per_month)
      cure = fmt::format("write `{:.12g} %/month`", value);
    return problem("WS0205",
                   fmt::format("{} is {}: {}", ticked(unit), other.noun, expected(dimension)), cure,
                   offset, unit.size());
  }
  std::string help = units_here(dimension);
  if (unit.size() == 1 && scale_of(unit[0]) > 0)
    help = fmt::format("write the `{}` right behind the number", unit);
  else if (const std::string near = nearest_unit(unit, plain, dimension); !near.empty())
    help = fmt::format("did you mean `{}`?", near);
  return problem("WS0205", fmt::format("unknown unit {}: {}", ticked(unit), expected(dimension)),
                 help, offset, unit.size());
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string escaped_for_pattern(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '/' || c == '.' || c == '-') out += '\\';
    out += c;
  }
  return out;
}

constexpr std::string_view number_pattern = R"([+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?[kMBGT]?)";

}  // namespace

std::string schema_pattern(Dimension dimension) {
  std::string alternatives;
  bool none = false;
  for (const UnitRow& row : unit_table()) {
    if (row.dimension != dimension) continue;
    if (row.text.empty()) {
      none = true;
      continue;
    }
    if (!alternatives.empty()) alternatives += '|';
    alternatives += row.text.starts_with("CUR")
                        ? "[kMBT]?[A-Z]{3}" + escaped_for_pattern(row.text.substr(3))
                        : escaped_for_pattern(row.text);
  }
  std::string pattern = "^" + std::string(number_pattern);
  if (!alternatives.empty()) pattern += fmt::format(" *({}){}", alternatives, none ? "?" : "");
  return pattern + "$";
}

Parsed<ParsedQuantity> parse_quantity(std::string_view text, Dimension dimension) {
  if (trimmed(text).empty())
    return problem("WS0207", expected(dimension) + ", and here is nothing", "", 0, 1);
  const Parsed<Leading> leading = leading_number(text);
  if (!leading) {
    TextProblem told = leading.error();
    if (told.code == "WS0207" && told.help.empty()) told.message += ": " + expected(dimension);
    return tl::unexpected<TextProblem>(std::move(told));
  }
  double value = leading->value;
  std::size_t at = leading->end;
  if (at < text.size() && scale_of(text[at]) > 0 &&
      (at + 1 == text.size() || text[at + 1] == ' ')) {
    value *= scale_of(text[at]);
    ++at;
  }
  while (at < text.size() && text[at] == ' ') ++at;
  const std::string_view unit = trimmed(text.substr(at));
  const UnitText plain = without_currency(unit);
  const UnitRow* row = find_unit(dimension, plain.text);
  if (!row) return wrong_unit(text, value, at, unit, plain, dimension);
  ParsedQuantity parsed;
  parsed.value = value * plain.prefix * row->up / row->down;
  parsed.currency = plain.currency;
  if (!std::isfinite(parsed.value))
    return problem("WS0208", fmt::format("{} is too large or too small for a number", ticked(text)),
                   "", 0, text.size());
  return parsed;
}

Parsed<double> parse_number(std::string_view text) {
  const Parsed<ParsedQuantity> parsed = parse_quantity(text, number);
  if (!parsed) return tl::unexpected<TextProblem>(parsed.error());
  return parsed->value;
}

Parsed<long long> parse_integer(std::string_view text) {
  const Parsed<double> parsed = parse_number(text);
  if (!parsed) return tl::unexpected<TextProblem>(parsed.error());
  // Beyond 2^53 a double no longer tells neighbours apart.
  if (*parsed != std::floor(*parsed) || std::abs(*parsed) > 9007199254740992.0)
    return problem("WS0207", fmt::format("{} is not a whole number", ticked(text)), "", 0,
                   text.size());
  return static_cast<long long>(*parsed);
}

Parsed<UnitBlock> parse_unit_block(std::string_view text) {
  const std::size_t cross = text.find(" x ");
  UnitBlock block;
  std::size_t at = 0;
  if (cross != std::string_view::npos) {
    const Parsed<double> count_of = parse_number(trimmed(text.substr(0, cross)));
    if (!count_of) return tl::unexpected<TextProblem>(count_of.error());
    if (*count_of < 1 || *count_of != std::floor(*count_of))
      return problem("WS0207",
                     fmt::format("{} is not a number of units", ticked(text.substr(0, cross))),
                     "write a whole number of at least 1, as in `24 x 2.5 MW_facility`", 0, cross);
    block.units = *count_of;
    at = cross + 3;
    while (at < text.size() && text[at] == ' ') ++at;
  }
  const Parsed<ParsedQuantity> each = parse_quantity(text.substr(at), facility_power);
  if (!each) {
    TextProblem told = each.error();
    told.offset += at;
    return tl::unexpected<TextProblem>(std::move(told));
  }
  block.each = FacilityMw(each->value);
  return block;
}

Parsed<Rate> parse_rate(std::string_view text) {
  if (const auto monthly = parse_quantity(text, rate_per_month))
    return Rate{monthly->value, Rate::Period::month};
  const auto yearly = parse_quantity(text, rate_per_year);
  if (!yearly) {
    TextProblem told = yearly.error();
    if (told.code == "WS0204" || told.code == "WS0205")
      told.help = "say per what: `%/month` or `%/year`";
    return tl::unexpected<TextProblem>(std::move(told));
  }
  return Rate{yearly->value, Rate::Period::year};
}

std::string quantity_text(double value, Dimension dimension, std::string_view currency) {
  const bool percent =
      dimension == fraction || dimension == rate_per_year || dimension == rate_per_month;
  const std::string amount = fmt::format("{:.12g}", percent ? value * 100 : value);
  const std::string unit =
      with_currency(info(dimension).canonical, currency.empty() ? "money" : currency);
  return unit.empty() ? amount : amount + " " + unit;
}

std::optional<double> Currencies::factor(const std::string& currency) const {
  if (currency == portfolio) return 1.0;
  const auto found = worth.find(currency);
  if (found == worth.end()) return std::nullopt;
  return found->second;
}

}  // namespace warmshell::text
