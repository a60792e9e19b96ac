#pragma once
// One description per record feeds its reader, its checks, its JSON Schema and its reference page.
//
//   struct Hall {
//     Origin origin;                      // optional: filled with the record's own path and place
//     Given<ItMw> it_power;               // Given keeps the provenance of the value
//     std::vector<Cooling> cooling;       // one or several
//     std::optional<Kilowatts> max_rack;  // may be left out
//     std::optional<Tenure> tenure;       // std::variant<Owned, Leased>: `owned`, `{leased: ...}`
//   };
//   template <> struct Description<Hall> { static const Record<Hall>& get(); };
//
//   const Record<Hall>& Description<Hall>::get() {
//     static const auto record =
//         Record<Hall>("hall", "One room with one cooling class.")
//             .field("it_power", &Hall::it_power, "Critical IT power of the room.", required,
//                    more_than(0), example("36 MW_it"))
//             .field("cooling", &Hall::cooling, "Cooling it offers.", required)
//             .field("max_rack", &Hall::max_rack, "Densest rack that it takes.", example("45 kW"))
//             .field("tenure", &Hall::tenure, "Owned, or leased from whom.");
//     return record;
//   }
//
//   Reader reader(diagnostics, currencies, &folder);
//   std::optional<Hall> hall = read_record<Hall>(node, reader);
//
// A field is `required`, has a `fallback("60 %")` (written as a user would, read by the same
// reader), or may be left out (std::optional, std::vector, std::map, or `optional`: the struct's
// own initial value then stands). `null` counts as not written.
//
// What can stand in a field is a FieldType<T> (field_types.h, uncertain.h). A new value type is
// added by specialising it:
//   static std::optional<T> read(const Node&, Reader&);  // nothing: reported to the reader
//   static void schema(SchemaWriter&);                   // writes one schema object
//   static std::string form();                           // "a power at the rack like `36 MW_it`"
//   static constexpr bool annotated;                     // may be written {value: ..., source:
//   ...}
// and, where they mean something:
//   static Bounds bounds(const T&);                      // its least and greatest, for ranges
//   static std::string number_text(double);              // a bound in words: "36 MW_it"
//   static bool recognises(const Node&);                 // as an alternative of a variant
//   static void records(RecordList&);                    // the records inside, for reference pages
//
// Descriptions are made once, never change and may be read from any thread.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "text/reader.h"
#include "text/schema.h"

namespace warmshell::text {

template <class T>
struct FieldType;
template <class R>
struct Description;
template <class R>
class Record;

template <class R>
concept Described = requires {
  Description<R>::get();
};

struct Bounds {
  double least = 0, greatest = 0;
};
using RecordList = std::vector<const AnyRecord*>;

// ---- what may be said of a field ----

struct Range {
  std::optional<double> at_least, more_than, at_most, less_than;  // in the canonical unit
  [[nodiscard]] bool any() const { return at_least || more_than || at_most || less_than; }
};

enum class Presence { optional, required, fallback };

struct AnyField {
  std::string key;
  std::string doc;
  Presence presence = Presence::optional;
  std::string fallback_text;
  std::string example;
  Range range;
  std::string names;  // of a Link: what it names, "sites"

  // From here filled by Record::field.
  std::function<void(const AnyField&, const Node&, void* record, Reader&)> read;
  std::function<void(SchemaWriter&)> schema;
  std::function<std::string()> form;
  std::function<std::string(double)> number_text;
  std::function<void(RecordList&)> records;
  bool annotated = false;
  bool may_be_absent = false;
};

inline constexpr auto required = [](AnyField& f) { f.presence = Presence::required; };
inline constexpr auto optional = [](AnyField& f) { f.may_be_absent = true; };
inline auto fallback(std::string text) {
  return [text = std::move(text)](AnyField& f) {
    f.presence = Presence::fallback;
    f.fallback_text = text;
  };
}
inline auto example(std::string text) {
  return [text = std::move(text)](AnyField& f) { f.example = text; };
}
inline auto names(std::string what) {
  return [what = std::move(what)](AnyField& f) { f.names = what; };
}
inline auto at_least(double bound) {
  return [bound](AnyField& f) { f.range.at_least = bound; };
}
inline auto more_than(double bound) {
  return [bound](AnyField& f) { f.range.more_than = bound; };
}
inline auto at_most(double bound) {
  return [bound](AnyField& f) { f.range.at_most = bound; };
}
inline auto less_than(double bound) {
  return [bound](AnyField& f) { f.range.less_than = bound; };
}

// ---- a record without its type: what schema and reference page need ----

class AnyRecord {
 public:
  AnyRecord(std::string name, std::string doc) : name_(std::move(name)), doc_(std::move(doc)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& doc() const { return doc_; }
  [[nodiscard]] const std::vector<AnyField>& fields() const { return fields_; }
  // As an alternative of a variant: true: written `{NAME: {...}}`, or `NAME` when nothing else is
  // said. False: written flat, told by the key `recognised_by`.
  [[nodiscard]] bool chosen_by_name() const { return recognised_by_.empty(); }
  [[nodiscard]] const std::string& recognised_by() const { return recognised_by_; }

 protected:
  void read_fields(const Node& node, void* record, Reader& reader) const;
  void add(AnyField field);

  std::string name_, doc_, recognised_by_;
  std::vector<AnyField> fields_;
};

// ---- reading a value, with or without provenance ----

template <class T>
void value_schema(SchemaWriter& out);  // of a value as it may be written, provenance included

// The value of a field written plainly or as {value: ..., source: ...}.
template <class T>
std::optional<T> read_value(const Node& node, Reader& reader) {
  if constexpr (FieldType<T>::annotated) {
    if (is_annotated(node)) {
      const Node* inner = unwrap(node, reader, nullptr);
      return inner ? FieldType<T>::read(*inner, reader) : std::nullopt;
    }
  }
  return FieldType<T>::read(node, reader);
}

void check_range(const AnyField& field, Bounds bounds, const Node& node, Reader& reader);
[[noreturn]] void broken_description(const std::string& record, const std::string& what);

template <class T>
concept HasBounds = requires(const T& t) {
  FieldType<T>::bounds(t);
};
template <class T>
concept HasRecords = requires(RecordList& list) {
  FieldType<T>::records(list);
};
template <class T>
concept HasNumberText = requires {
  FieldType<T>::number_text(1.0);
};

// Fields of these types may be left out without saying so.
template <class T>
struct MayBeAbsent : std::false_type {};
template <class T>
struct MayBeAbsent<std::optional<T>> : std::true_type {};
template <class T>
struct MayBeAbsent<std::vector<T>> : std::true_type {};
template <class K, class T>
struct MayBeAbsent<std::map<K, T>> : std::true_type {};

template <class R>
class Record : public AnyRecord {
 public:
  using AnyRecord::AnyRecord;

  template <class T, class... Tags>
  Record& field(std::string key, T R::*member, std::string doc, Tags&&... tags) {
    return field_as<T>(
        std::move(key), [member](R& record, T&& value) { record.*member = std::move(value); },
        std::move(doc), std::forward<Tags>(tags)...);
  }

  // Read as T, stored by `set(R&, T&&)`: where the struct holds it in another shape.
  template <class T, class Set, class... Tags>
  Record& field_as(std::string key, Set set, std::string doc, Tags&&... tags) {
    AnyField f;
    f.key = std::move(key);
    f.doc = std::move(doc);
    f.may_be_absent = MayBeAbsent<T>::value;
    (tags(f), ...);
    f.annotated = FieldType<T>::annotated;
    if (f.range.any() && !HasBounds<T>) broken_description(name_, f.key + " has no bounds");
    f.schema = [](SchemaWriter& out) { value_schema<T>(out); };
    f.form = [] { return FieldType<T>::form(); };
    if constexpr (HasNumberText<T>)
      f.number_text = [](double v) { return FieldType<T>::number_text(v); };
    if constexpr (HasRecords<T>) f.records = [](RecordList& list) { FieldType<T>::records(list); };
    f.read = [set](const AnyField& self, const Node& node, void* record, Reader& reader) {
      std::optional<T> value = read_value<T>(node, reader);
      if (!value) return;
      if constexpr (HasBounds<T>)
        if (self.range.any()) check_range(self, FieldType<T>::bounds(*value), node, reader);
      set(*static_cast<R*>(record), std::move(*value));
    };
    add(std::move(f));
    return *this;
  }

  // The fields of another record, written beside this one's own.
  template <Described Part>
  Record& include(Part R::*member) {
    for (const AnyField& field : Description<Part>::get().fields()) {
      AnyField f = field;
      f.read = [member, read = field.read](const AnyField& self, const Node& node, void* record,
                                           Reader& reader) {
        read(self, node, &(static_cast<R*>(record)->*member), reader);
      };
      add(std::move(f));
    }
    return *this;
  }

  // Written flat as an alternative of a variant, told by this key.
  Record& recognised_by(std::string key) {
    recognised_by_ = std::move(key);
    return *this;
  }
  using AnyRecord::recognised_by;

  // What no single field can tell; runs when every field could be read.
  Record& check(std::function<void(const R&, const Node&, Reader&)> check) {
    checks_.push_back(std::move(check));
    return *this;
  }

  // Whatever is wrong inside is reported; the record is returned only when nothing is.
  [[nodiscard]] std::optional<R> read(const Node& node, Reader& reader) const {
    const std::size_t before = reader.errors();
    R record{};
    if constexpr (requires { record.origin = Origin{}; }) {
      record.origin = reader.origin_of(node);
      if (Place name = reader.name_place(); name.source) record.origin.place = name;
    }
    read_fields(node, &record, reader);
    if (reader.errors() == before)
      for (const auto& check : checks_) check(record, node, reader);
    if (reader.errors() != before) return std::nullopt;
    return record;
  }

 private:
  std::vector<std::function<void(const R&, const Node&, Reader&)>> checks_;
};

template <Described R>
std::optional<R> read_record(const Node& node, Reader& reader) {
  return Description<R>::get().read(node, reader);
}

}  // namespace warmshell::text

#include "text/field_types.h"
