#pragma once
// Writes JSON as it goes: keys in the order given, numbers in shortest round-trip form, never NaN
// or infinity (a broken invariant: the program stops). The same calls give the same bytes anywhere.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace warmshell::text {

class JsonWriter {
 public:
  enum class Style { pretty, compact };  // pretty: two spaces a level
  explicit JsonWriter(std::string& out, Style style = Style::pretty) : out_(out), style_(style) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& begin_flat_array();  // on one line even when pretty: rows of numbers
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& null();
  JsonWriter& value(double number);
  JsonWriter& value(std::string_view string);
  JsonWriter& value(const char* string) { return value(std::string_view(string)); }
  JsonWriter& value(const std::string& string) { return value(std::string_view(string)); }
  template <class T>
  requires std::is_integral_v<T> JsonWriter& value(T number) {
    if constexpr (std::is_same_v<T, bool>)
      return boolean(number);
    else if constexpr (std::is_signed_v<T>)
      return integer(static_cast<std::int64_t>(number));
    else
      return natural(static_cast<std::uint64_t>(number));
  }
  template <class T>
  JsonWriter& value(const std::vector<T>& values) {
    begin_flat_array();
    for (const T& each : values) value(each);
    return end_array();
  }
  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  [[nodiscard]] bool complete() const { return open_.empty() && started_; }

 private:
  struct Level {
    bool object = false, flat = false, empty = true;
  };
  JsonWriter& boolean(bool b);
  JsonWriter& integer(std::int64_t i);
  JsonWriter& natural(std::uint64_t i);
  void before_value();
  void line_break(std::size_t level);

  std::string& out_;
  Style style_;
  std::vector<Level> open_;
  bool after_key_ = false;
  bool started_ = false;
};

[[nodiscard]] std::string json_string(std::string_view text);  // quoted and escaped
[[nodiscard]] std::string json_number(double number);

}  // namespace warmshell::text
