#include "text/field_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "text/utf8.h"

namespace warmshell::text {

namespace {

// The text of a scalar, or a diagnostic that says what was expected.
const std::string* scalar_text(const Node& node, std::string_view form, Reader& reader) {
  if (node.is_scalar() && !node.is_null()) return &node.text;
  reader.error("WS0203", node.place, fmt::format("expected {}, found {}", form, kind_name(node)),
               "");
  return nullptr;
}

template <class T>
std::optional<T> take(const Parsed<T>& parsed, const Node& node, Reader& reader) {
  if (parsed) return *parsed;
  reader.error(parsed.error(), node);
  return std::nullopt;
}

constexpr std::string_view date_pattern = R"(^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$)";
constexpr std::string_view name_pattern = "^[a-z0-9][a-z0-9_-]*$";

}  // namespace

namespace detail {

std::optional<double> read_quantity(const Node& node, Dimension dimension, Reader& reader) {
  const std::string* text = scalar_text(node, quantity_form(dimension), reader);
  if (!text) return std::nullopt;
  const auto parsed = take(parse_quantity(*text, dimension), node, reader);
  if (!parsed) return std::nullopt;
  if (parsed->currency.empty()) return parsed->value;
  const std::optional<double> factor = reader.currencies().factor(parsed->currency);
  if (!factor) {
    reader.error("WS0217", node.place, fmt::format("no exchange rate for {}", parsed->currency),
                 fmt::format("write `fx: {{{}: ... {}}}` at the top of the portfolio",
                             parsed->currency, reader.currencies().portfolio));
    return std::nullopt;
  }
  const double value = parsed->value * *factor;
  if (!(std::abs(value) <= std::numeric_limits<double>::max())) {
    reader.error("WS0208", node.place, fmt::format("{} is too large for a number", ticked(*text)),
                 "");
    return std::nullopt;
  }
  return value;
}

std::string quantity_form(Dimension dimension) {
  return fmt::format("{} like `{}`", info(dimension).noun, info(dimension).example);
}

void quantity_schema(Dimension dimension, SchemaWriter& out) {
  const bool plain = dimension == Dimension::number || dimension == Dimension::count;
  if (!plain) return out.string_with_pattern(schema_pattern(dimension));
  out.json().begin_object().key("anyOf").begin_array();
  out.json().begin_object().field("type", "number").end_object();
  out.string_with_pattern(schema_pattern(dimension));
  out.json().end_array().end_object();
}

std::string choice_form(const std::vector<std::string>& names) {
  std::string form;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) form += i + 1 == names.size() ? " or " : ", ";
    form += "`" + names[i] + "`";
  }
  return form;
}

std::optional<std::size_t> read_choice(const Node& node, const std::vector<std::string>& names,
                                       Reader& reader) {
  const std::string* text = scalar_text(node, choice_form(names), reader);
  if (!text) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string near = text->size() <= 64 ? did_you_mean(*text, names) : "";
  reader.error("WS0211", node.place,
               fmt::format("{} is not one of {}", ticked(*text), choice_form(names)),
               near.empty() ? "" : fmt::format("did you mean `{}`?", near));
  return std::nullopt;
}

void choice_schema(const std::vector<std::string>& names, const std::vector<std::string>& docs,
                   SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.begin_object().key("oneOf").begin_array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    json.begin_object().field("const", names[i]);
    if (!docs[i].empty()) json.field("description", docs[i]);
    json.end_object();
  }
  json.end_array().end_object();
}

bool expect_map(const Node& node, std::string_view what, Reader& reader) {
  if (node.is_map()) return true;
  reader.error(
      "WS0203", node.place, fmt::format("expected {}, found {}", what, kind_name(node)),
      node.is_list()
          ? "things are kept in a map under their names: write `name: {...}` instead of `- ...`"
          : "");
  return false;
}

bool check_name(const Entry& entry, Reader& reader) {
  if (is_name(entry.key)) return true;
  std::string mended;
  for (const char c : entry.key.substr(0, 60)) {
    if (c >= 'A' && c <= 'Z')
      mended += static_cast<char>(c - 'A' + 'a');
    else if (c == ' ' || c == '.' || c == '/')
      mended += '-';
    else
      mended += c;
  }
  reader.error(
      "WS0212", entry.key_place, fmt::format("{} is not a name", ticked(entry.key)),
      is_name(mended)
          ? fmt::format("write `{}`: names have lower-case letters, digits, `-` and `_`", mended)
          : "names have lower-case letters, digits, `-` and `_`, and begin with a letter or digit");
  return false;
}

std::optional<std::string> read_text(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, "text", reader);
  if (!text) return std::nullopt;
  return *text;
}

void name_pattern_map_begin(SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.begin_object().field("type", "object");
  json.key("propertyNames").begin_object().field("pattern", name_pattern).end_object();
  json.key("additionalProperties");
}

void no_alternative(const Node& node, const std::string& forms, Reader& reader) {
  std::string found(kind_name(node));
  if (node.is_scalar() && !node.is_null()) found = ticked(node.text);
  if (node.is_map() && !node.entries.empty()) found = "a map with " + ticked(node.entries[0].key);
  reader.error("WS0218", node.place, fmt::format("expected {}, found {}", forms, found), "");
}

}  // namespace detail

std::optional<double> FieldType<double>::read(const Node& node, Reader& reader) {
  return detail::read_quantity(node, Dimension::number, reader);
}
void FieldType<double>::schema(SchemaWriter& out) {
  detail::quantity_schema(Dimension::number, out);
}
std::string FieldType<double>::form() {
  return "a number";
}

std::optional<long long> FieldType<long long>::read(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, form(), reader);
  return text ? take(parse_integer(*text), node, reader) : std::nullopt;
}
void FieldType<long long>::schema(SchemaWriter& out) {
  out.json().begin_object().field("type", "integer").end_object();
}

std::optional<int> FieldType<int>::read(const Node& node, Reader& reader) {
  const std::optional<long long> value = FieldType<long long>::read(node, reader);
  if (!value) return std::nullopt;
  if (*value < std::numeric_limits<int>::min() || *value > std::numeric_limits<int>::max()) {
    reader.error("WS0208", node.place,
                 fmt::format("{} is too large for a whole number", ticked(node.text)), "");
    return std::nullopt;
  }
  return static_cast<int>(*value);
}

std::optional<bool> FieldType<bool>::read(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, form(), reader);
  if (!text) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  const bool yes = *text == "yes" || *text == "on" || *text == "True" || *text == "TRUE";
  const bool no = *text == "no" || *text == "off" || *text == "False" || *text == "FALSE";
  reader.error("WS0219", node.place, fmt::format("{} is neither `true` nor `false`", ticked(*text)),
               yes ? "write `true`" : (no ? "write `false`" : ""));
  return std::nullopt;
}
void FieldType<bool>::schema(SchemaWriter& out) {
  out.json().begin_object().field("type", "boolean").end_object();
}

std::optional<std::string> FieldType<std::string>::read(const Node& node, Reader& reader) {
  return detail::read_text(node, reader);
}
void FieldType<std::string>::schema(SchemaWriter& out) {
  out.json()
      .begin_object()
      .key("type")
      .begin_flat_array()
      .value("string")
      .value("number")
      .end_array()
      .end_object();
}

std::optional<Link> FieldType<Link>::read(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, form(), reader);
  if (!text) return std::nullopt;
  return Link{*text, reader.path(), node.place};
}
void FieldType<Link>::schema(SchemaWriter& out) {
  out.json().begin_object().field("type", "string").end_object();
}

namespace {

// What a spreadsheet shows as 2026/3/1, 1.3.2026, 03/2026, 1-Mar-26 or Mar 2026, as a date is
// written here; "" for what may mean two dates.
std::string date_meant(std::string_view text) {
  constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
  std::vector<std::string> parts{""};
  if (text.size() > 20) return "";
  char separator = 0;
  for (const char c : text) {
    if (c == '/' || c == '.' || c == '-' || c == ' ') {
      separator = c;
      parts.emplace_back();
    } else {
      parts.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  bool named = false;
  for (std::string& part : parts) {
    const bool digits = part.find_first_not_of("0123456789") == std::string::npos;
    if (part.empty() || (digits && part.size() > 4)) return "";
    if (digits) {
      if (part.size() == 1) part.insert(0, 1, '0');
      continue;
    }
    const std::size_t at = part.size() < 3 ? std::string::npos : names.find(part.substr(0, 3));
    if (at == std::string::npos || at % 3 != 0 || named) return "";
    part = fmt::format("{:02}", at / 3 + 1);
    named = true;
  }
  const bool year_first = parts[0].size() == 4;
  std::string& year = parts.back();
  if (!year_first && named && year.size() == 2) year.insert(0, "20");
  std::string meant;
  if (year_first && !named && parts.size() == 3)
    meant = fmt::format("{}-{}-{}", parts[0], parts[1], parts[2]);
  else if (year_first && !named && parts.size() == 2)
    meant = fmt::format("{}-{}", parts[0], parts[1]);
  else if (!year_first && parts.size() == 2)
    meant = fmt::format("{}-{}", year, parts[0]);
  else if (!year_first && parts.size() == 3 && (named || separator == '.'))
    meant = fmt::format("{}-{}-{}", year, parts[1], parts[0]);
  return parse_date(meant) ? meant : "";
}

}  // namespace

std::optional<Date> FieldType<Date>::read(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, form(), reader);
  if (!text) return std::nullopt;
  if (const std::optional<Date> date = parse_date(*text)) return date;
  const std::string meant = date_meant(*text);
  reader.error("WS0210", node.place, fmt::format("{} is not a date", ticked(*text)),
               meant.empty() ? "write year-month or year-month-day, 1900 to 2199, as in `2026-09` "
                               "or `2026-09-17`"
                             : fmt::format("write {}", ticked(meant)));
  return std::nullopt;
}
void FieldType<Date>::schema(SchemaWriter& out) {
  out.string_with_pattern(date_pattern);
}

std::optional<Rate> FieldType<Rate>::read(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, form(), reader);
  return text ? take(parse_rate(*text), node, reader) : std::nullopt;
}
void FieldType<Rate>::schema(SchemaWriter& out) {
  out.json().begin_object().key("anyOf").begin_array();
  out.string_with_pattern(schema_pattern(Dimension::rate_per_month));
  out.string_with_pattern(schema_pattern(Dimension::rate_per_year));
  out.json().end_array().end_object();
}

std::optional<UnitBlock> FieldType<UnitBlock>::read(const Node& node, Reader& reader) {
  const std::string* text = scalar_text(node, form(), reader);
  return text ? take(parse_unit_block(*text), node, reader) : std::nullopt;
}
void FieldType<UnitBlock>::schema(SchemaWriter& out) {
  std::string pattern = schema_pattern(Dimension::facility_power);
  pattern.insert(1, "([0-9]+ x )?");
  out.string_with_pattern(pattern);
}

}  // namespace warmshell::text
