#pragma once
// A number that may be a distribution: `45 MW_facility`, `{p10: 2026-05, p50: 2026-09, p90:
// 2027-06}`,
// `{uniform: {low: ..., high: ...}}`, `{triangular: {low, mode, high}}`, `{lognormal: {p50, p90}}`,
// `{discrete: {6 months: 30 %, 12 months: 70 %}}`, `{empirical: [..]}` or
// `{empirical: {from: sample.csv, column: months}}`. The law is over plain double in the canonical
// unit of Q (dates: months since 2000-01-01).

#include "base/distribution.h"
#include "text/record.h"

namespace warmshell::text {

template <class Q>
struct Uncertain {
  Law law = Fixed{0};

  [[nodiscard]] bool fixed() const { return is_fixed(law); }
  bool operator==(const Uncertain&) const = default;
};

namespace detail {
using NumberReader = std::function<std::optional<double>(const Node&, Reader&)>;
std::optional<Law> read_law(const Node& node, const NumberReader& number, const std::string& form,
                            Reader& reader);
bool recognises_law(const Node& node);
Bounds law_bounds(const Law& law);
void law_schema(const std::function<void()>& number, SchemaWriter& out);
}  // namespace detail

template <class Q>
struct FieldType<Uncertain<Q>> {
  static constexpr bool annotated = true;
  static std::optional<Uncertain<Q>> read(const Node& node, Reader& reader) {
    const auto number = [](const Node& scalar, Reader& r) -> std::optional<double> {
      const std::optional<Q> value = read_value<Q>(scalar, r);
      if (!value) return std::nullopt;
      return FieldType<Q>::number(*value);
    };
    std::optional<Law> law = detail::read_law(node, number, FieldType<Q>::form(), reader);
    if (!law) return std::nullopt;
    return Uncertain<Q>{std::move(*law)};
  }
  static bool recognises(const Node& node) { return detail::recognises_law(node); }
  static Bounds bounds(const Uncertain<Q>& u) { return detail::law_bounds(u.law); }
  static std::string number_text(double v) { return FieldType<Q>::number_text(v); }
  static void schema(SchemaWriter& out) {
    detail::law_schema([&out] { FieldType<Q>::schema(out); }, out);
  }
  static std::string form() {
    return FieldType<Q>::form() + ", or a distribution like `{p10: ..., p50: ..., p90: ...}`";
  }
};

}  // namespace warmshell::text
