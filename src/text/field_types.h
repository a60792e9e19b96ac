#pragma once
// The value types that every record may use: quantities, numbers, rates, dates, text, names,
// choices, lists, maps, sub-records and variants. See record.h for the protocol. Include record.h.

#include <array>
#include <string>
#include <tuple>
#include <variant>

#include "base/calendar.h"
#include "text/record.h"

namespace warmshell::text {

// ---- closed sets ----
//   template <> struct Choices<Cooling> {
//     static constexpr std::array all{choice(Cooling::air, "air", "cold aisle"), ...};
//   };
template <class E>
struct Choice {
  E value;
  std::string_view name;
  std::string_view doc;
};
template <class E>
constexpr Choice<E> choice(E value, std::string_view name, std::string_view doc = "") {
  return {value, name, doc};
}
template <class E>
struct Choices;
template <class E>
concept ClosedSet = std::is_enum_v<E> && requires {
  Choices<E>::all;
};

template <ClosedSet E>
[[nodiscard]] std::string_view choice_name(E value) {
  for (const auto& each : Choices<E>::all)
    if (each.value == value) return each.name;
  return "";
}

// ---- shared, not templates ----
namespace detail {
std::optional<double> read_quantity(const Node& node, Dimension dimension, Reader& reader);
std::optional<std::size_t> read_choice(const Node& node, const std::vector<std::string>& names,
                                       Reader& reader);
std::string choice_form(const std::vector<std::string>& names);
void choice_schema(const std::vector<std::string>& names, const std::vector<std::string>& docs,
                   SchemaWriter& out);
void quantity_schema(Dimension dimension, SchemaWriter& out);
std::string quantity_form(Dimension dimension);
bool expect_map(const Node& node, std::string_view what, Reader& reader);
bool check_name(const Entry& entry, Reader& reader);
std::optional<std::string> read_text(const Node& node, Reader& reader);
void name_pattern_map_begin(SchemaWriter& out);  // up to the schema of the values
void no_alternative(const Node& node, const std::string& forms, Reader& reader);
}  // namespace detail

// ---- scalars ----

template <class Unit>
struct FieldType<Quantity<Unit>> {
  static constexpr bool annotated = true;
  static constexpr Dimension dimension = DimensionOf<Unit>::value;
  static std::optional<Quantity<Unit>> read(const Node& node, Reader& reader) {
    const auto value = detail::read_quantity(node, dimension, reader);
    if (!value) return std::nullopt;
    return Quantity<Unit>(*value);
  }
  static double number(Quantity<Unit> q) { return q.value; }
  static Quantity<Unit> from_number(double v) { return Quantity<Unit>(v); }
  static Bounds bounds(Quantity<Unit> q) { return {q.value, q.value}; }
  static std::string number_text(double v) { return quantity_text(v, dimension); }
  static void schema(SchemaWriter& out) { detail::quantity_schema(dimension, out); }
  static std::string form() { return detail::quantity_form(dimension); }
};

template <>
struct FieldType<double> {
  static constexpr bool annotated = true;
  static std::optional<double> read(const Node& node, Reader& reader);
  static double number(double v) { return v; }
  static double from_number(double v) { return v; }
  static Bounds bounds(double v) { return {v, v}; }
  static std::string number_text(double v) { return quantity_text(v, Dimension::number); }
  static void schema(SchemaWriter& out);
  static std::string form();
};

template <>
struct FieldType<long long> {
  static constexpr bool annotated = true;
  static std::optional<long long> read(const Node& node, Reader& reader);
  static Bounds bounds(long long v) { return {static_cast<double>(v), static_cast<double>(v)}; }
  static std::string number_text(double v) { return quantity_text(v, Dimension::number); }
  static void schema(SchemaWriter& out);
  static std::string form() { return "a whole number"; }
};

template <>
struct FieldType<int> {
  static constexpr bool annotated = true;
  static std::optional<int> read(const Node& node, Reader& reader);
  static Bounds bounds(int v) { return {static_cast<double>(v), static_cast<double>(v)}; }
  static std::string number_text(double v) { return quantity_text(v, Dimension::number); }
  static void schema(SchemaWriter& out) { FieldType<long long>::schema(out); }
  static std::string form() { return "a whole number"; }
};

template <>
struct FieldType<bool> {
  static constexpr bool annotated = true;
  static std::optional<bool> read(const Node& node, Reader& reader);
  static void schema(SchemaWriter& out);
  static std::string form() { return "`true` or `false`"; }
};

template <>
struct FieldType<std::string> {
  static constexpr bool annotated = true;
  static std::optional<std::string> read(const Node& node, Reader& reader);
  static void schema(SchemaWriter& out);
  static std::string form() { return "text"; }
};

template <>
struct FieldType<Link> {
  static constexpr bool annotated = false;
  static std::optional<Link> read(const Node& node, Reader& reader);
  static void schema(SchemaWriter& out);
  static std::string form() { return "a name"; }
};

template <>
struct FieldType<Date> {
  static constexpr bool annotated = true;
  static std::optional<Date> read(const Node& node, Reader& reader);
  static double number(Date d) { return d.months; }
  static Date from_number(double v) { return Date{v}; }
  static Bounds bounds(Date d) { return {d.months, d.months}; }
  static std::string number_text(double v) { return date_text(Date{v}); }
  static void schema(SchemaWriter& out);
  static std::string form() { return "a date like `2026-09` or `2026-09-17`"; }
};

template <>
struct FieldType<Rate> {
  static constexpr bool annotated = true;
  static std::optional<Rate> read(const Node& node, Reader& reader);
  static Bounds bounds(const Rate& r) { return {r.per_period, r.per_period}; }
  static std::string number_text(double v) { return quantity_text(v, Dimension::fraction); }
  static void schema(SchemaWriter& out);
  static std::string form() { return "a rate like `3 %/month` or `60 %/year`"; }
};

template <>
struct FieldType<UnitBlock> {
  static constexpr bool annotated = true;
  static std::optional<UnitBlock> read(const Node& node, Reader& reader);
  static Bounds bounds(const UnitBlock& b) { return {b.each.value, b.each.value}; }
  static std::string number_text(double v) { return quantity_text(v, Dimension::facility_power); }
  static void schema(SchemaWriter& out);
  static std::string form() { return "units like `24 x 2.5 MW_facility`"; }
};

template <ClosedSet E>
struct FieldType<E> {
  static constexpr bool annotated = true;
  static std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const auto& each : Choices<E>::all) list.emplace_back(each.name);
    return list;
  }
  static std::optional<E> read(const Node& node, Reader& reader) {
    const auto index = detail::read_choice(node, names(), reader);
    if (!index) return std::nullopt;
    return Choices<E>::all[*index].value;
  }
  static void schema(SchemaWriter& out) {
    std::vector<std::string> docs;
    for (const auto& each : Choices<E>::all) docs.emplace_back(each.doc);
    detail::choice_schema(names(), docs, out);
  }
  static std::string form() { return detail::choice_form(names()); }
};

// ---- wrappers ----

template <class T>
struct FieldType<Given<T>> {
  static constexpr bool annotated = false;  // it takes the provenance itself
  static std::optional<Given<T>> read(const Node& node, Reader& reader) {
    Given<T> given;
    given.origin = reader.origin_of(node);
    const Node* inner = &node;
    if (is_annotated(node)) {
      inner = unwrap(node, reader, &given.origin);
      if (!inner) return std::nullopt;
    }
    std::optional<T> value = FieldType<T>::read(*inner, reader);
    if (!value) return std::nullopt;
    given.value = std::move(*value);
    return given;
  }
  static Bounds bounds(const Given<T>& g) requires HasBounds<T> {
    return FieldType<T>::bounds(g.value);
  }
  static std::string number_text(double v) requires HasNumberText<T> {
    return FieldType<T>::number_text(v);
  }
  static void schema(SchemaWriter& out);
  static std::string form() { return FieldType<T>::form(); }
  static void records(RecordList& list) requires HasRecords<T> { FieldType<T>::records(list); }
};

// {"anyOf": [the value, {value: ..., source: ...}]}
template <class T>
void annotated_schema(SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.begin_object().key("anyOf").begin_array();
  FieldType<T>::schema(out);
  json.begin_object()
      .field("type", "object")
      .key("required")
      .begin_flat_array()
      .value("value")
      .end_array();
  json.field("additionalProperties", false).key("properties").begin_object().key("value");
  FieldType<T>::schema(out);
  for (const char* key : {"source", "as_of", "tier", "note"})
    json.key(key).begin_object().field("type", "string").end_object();
  json.end_object().end_object();
  json.end_array().end_object();
}

// The schema of a value of T as it may be written, provenance included.
template <class T>
void value_schema(SchemaWriter& out) {
  if constexpr (FieldType<T>::annotated)
    annotated_schema<T>(out);
  else
    FieldType<T>::schema(out);
}

template <class T>
void FieldType<Given<T>>::schema(SchemaWriter& out) {
  annotated_schema<T>(out);
}

template <class T>
struct FieldType<std::optional<T>> {
  static constexpr bool annotated = false;
  static std::optional<std::optional<T>> read(const Node& node, Reader& reader) {
    std::optional<T> value = read_value<T>(node, reader);
    if (!value) return std::nullopt;
    return std::optional<std::optional<T>>(std::move(value));
  }
  static Bounds bounds(const std::optional<T>& o) requires HasBounds<T> {
    return FieldType<T>::bounds(*o);
  }
  static std::string number_text(double v) requires HasNumberText<T> {
    return FieldType<T>::number_text(v);
  }
  static void schema(SchemaWriter& out) { value_schema<T>(out); }
  static std::string form() { return FieldType<T>::form(); }
  static void records(RecordList& list) requires HasRecords<T> { FieldType<T>::records(list); }
};

// One, or a list of several.
template <class T>
struct FieldType<std::vector<T>> {
  static constexpr bool annotated = false;
  static std::optional<std::vector<T>> read(const Node& node, Reader& reader) {
    std::vector<T> values;
    bool good = true;
    const auto take = [&](const Node& item) {
      if (std::optional<T> value = read_value<T>(item, reader))
        values.push_back(std::move(*value));
      else
        good = false;
    };
    if (node.is_list()) {
      for (const Node& item : node.items) take(item);
    } else {
      take(node);
    }
    if (!good) return std::nullopt;
    return values;
  }
  static void schema(SchemaWriter& out) {
    JsonWriter& json = out.json();
    json.begin_object().key("anyOf").begin_array();
    value_schema<T>(out);
    json.begin_object().field("type", "array").key("items");
    value_schema<T>(out);
    json.end_object().end_array().end_object();
  }
  static std::string form() { return FieldType<T>::form() + ", or a list of them"; }
  static void records(RecordList& list) requires HasRecords<T> { FieldType<T>::records(list); }
};

// A map from names to things; sorted by name, so the order of the file means nothing.
template <class T>
struct FieldType<std::map<std::string, T>> {
  static constexpr bool annotated = false;
  static std::optional<std::map<std::string, T>> read(const Node& node, Reader& reader) {
    if (!detail::expect_map(node, form(), reader)) return std::nullopt;
    std::map<std::string, T> things;
    bool good = true;
    for (const Entry& entry : node.entries) {
      Reader::Step step(reader, entry.key, entry.key_place);
      good = detail::check_name(entry, reader) && good;
      if (entry.value.is_null()) continue;  // `null` counts as not written
      if (std::optional<T> thing = read_value<T>(entry.value, reader))
        things.emplace(entry.key, std::move(*thing));
      else
        good = false;
    }
    if (!good) return std::nullopt;
    return things;
  }
  static void schema(SchemaWriter& out) {
    detail::name_pattern_map_begin(out);
    value_schema<T>(out);
    out.json().end_object();
  }
  static std::string form() { return "a map from names to " + FieldType<T>::form(); }
  static void records(RecordList& list) requires HasRecords<T> { FieldType<T>::records(list); }
};

// A map keyed by a closed set: `pue: {air: ..., liquid: ...}`.
template <ClosedSet E, class T>
struct FieldType<std::map<E, T>> {
  static constexpr bool annotated = false;
  static std::optional<std::map<E, T>> read(const Node& node, Reader& reader) {
    if (!detail::expect_map(node, form(), reader)) return std::nullopt;
    std::map<E, T> things;
    bool good = true;
    for (const Entry& entry : node.entries) {
      Reader::Step step(reader, entry.key, entry.key_place);
      const std::optional<E> key =
          FieldType<E>::read(make_scalar(entry.key, entry.key_place), reader);
      if (entry.value.is_null()) continue;
      std::optional<T> thing = read_value<T>(entry.value, reader);
      if (key && thing)
        things.emplace(*key, std::move(*thing));
      else
        good = false;
    }
    if (!good) return std::nullopt;
    return things;
  }
  static void schema(SchemaWriter& out) {
    JsonWriter& json = out.json();
    json.begin_object().field("type", "object").field("additionalProperties", false);
    json.key("properties").begin_object();
    for (const auto& each : Choices<E>::all) {
      json.key(each.name);
      value_schema<T>(out);
    }
    json.end_object().end_object();
  }
  static std::string form() {
    return "a map from " + FieldType<E>::form() + " to " + FieldType<T>::form();
  }
  static void records(RecordList& list) requires HasRecords<T> { FieldType<T>::records(list); }
};

template <Described R>
struct FieldType<R> {
  static constexpr bool annotated = false;
  static std::optional<R> read(const Node& node, Reader& reader) {
    return read_record<R>(node, reader);
  }
  static void schema(SchemaWriter& out) { out.reference(Description<R>::get()); }
  static std::string form() { return Description<R>::get().name(); }
  static void records(RecordList& list) { list.push_back(&Description<R>::get()); }
};

// ---- one of several: records chosen by name or by a key, at most a few scalars ----

template <class T>
bool recognises(const Node& node) {
  if constexpr (requires { FieldType<T>::recognises(node); }) {
    return FieldType<T>::recognises(node);
  } else if constexpr (Described<T>) {
    const AnyRecord& record = Description<T>::get();
    if (!record.chosen_by_name()) return node.find(record.recognised_by()) != nullptr;
    return (node.is_scalar() && node.text == record.name()) ||
           (node.entries.size() == 1 && node.entries[0].key == record.name());
  } else {
    return node.is_scalar();
  }
}

template <class T>
std::string alternative_form() {
  if constexpr (Described<T>) {
    const AnyRecord& record = Description<T>::get();
    if (!record.chosen_by_name()) return "`{" + record.recognised_by() + ": ...}`";
    bool plain = true;
    for (const AnyField& field : record.fields())
      plain = plain && field.presence != Presence::required;
    if (record.fields().empty()) return "`" + record.name() + "`";
    return plain ? "`" + record.name() + "` or `{" + record.name() + ": ...}`"
                 : "`{" + record.name() + ": ...}`";
  } else {
    return FieldType<T>::form();
  }
}

template <class T>
std::optional<T> read_alternative(const Node& node, Reader& reader) {
  if constexpr (Described<T>) {
    const AnyRecord& record = Description<T>::get();
    if (record.chosen_by_name() && node.is_scalar()) {
      return read_record<T>(make_map(node.place), reader);
    }
    if (record.chosen_by_name()) {
      const Entry& entry = node.entries[0];
      Reader::Step step(reader, entry.key, entry.key_place);
      return read_record<T>(entry.value.is_null() ? make_map(entry.value.place) : entry.value,
                            reader);
    }
  }
  return read_value<T>(node, reader);
}

template <class T>
void alternative_schema(SchemaWriter& out) {
  if constexpr (Described<T>) {
    const AnyRecord& record = Description<T>::get();
    if (record.chosen_by_name()) {
      JsonWriter& json = out.json();
      json.begin_object().key("anyOf").begin_array();
      json.begin_object().field("const", record.name()).end_object();
      json.begin_object().field("type", "object").key("required").begin_flat_array();
      json.value(record.name()).end_array().field("additionalProperties", false);
      json.key("properties").begin_object().key(record.name());
      out.reference(record);
      json.end_object().end_object().end_array().end_object();
      return;
    }
  }
  value_schema<T>(out);
}

template <class... Ts>
struct FieldType<std::variant<Ts...>> {
  using Variant = std::variant<Ts...>;
  static constexpr bool annotated = false;
  static std::optional<Variant> read(const Node& node, Reader& reader) {
    std::optional<Variant> result;
    bool known = false;
    const auto attempt = [&]<class T>() {
      if (known || !recognises<T>(node)) return;
      known = true;
      if (std::optional<T> value = read_alternative<T>(node, reader))
        result = Variant(std::move(*value));
    };
    (attempt.template operator()<Ts>(), ...);
    if (!known) detail::no_alternative(node, form(), reader);
    return result;
  }
  static void schema(SchemaWriter& out) {
    out.json().begin_object().key("anyOf").begin_array();
    (alternative_schema<Ts>(out), ...);
    out.json().end_array().end_object();
  }
  static std::string form() {
    std::string text;
    ((text += (text.empty() ? "" : " or ") + alternative_form<Ts>()), ...);
    return text;
  }
  static void records(RecordList& list) {
    const auto collect = [&]<class T>() {
      if constexpr (HasRecords<T>) FieldType<T>::records(list);
    };
    (collect.template operator()<Ts>(), ...);
  }
};

}  // namespace warmshell::text
