#pragma once
// Value types that only a portfolio has: uncertain dates and numbers with their luck, stages of a
// shell, tranches, steps by date. See text/record.h for the protocol. Include from records/*.cc.

#include "model/portfolio.h"
#include "text/record.h"
#include "text/uncertain.h"

// Each record's description, one specialisation per struct; the bodies are in records/*.cc.
#define WARMSHELL_DESCRIBED(RECORD)             \
  template <>                                   \
  struct warmshell::text::Description<RECORD> { \
    static const Record<RECORD>& get();         \
  }

namespace warmshell::model {

// The written forms of a date that are records; FieldType<UncertainDate> turns them into DateLaw.
struct WithinForm {
  Months by{0};
  std::optional<Name> draw;
  std::optional<Date> not_before, not_after;
};
struct PlannedForm {
  Date planned;
  std::optional<std::variant<Months, WithinForm>> within;
  std::optional<text::Uncertain<double>> remaining;
  Named<Given<double>> loads;
  std::optional<Given<Name>> draw;
};
struct WithForm {
  std::vector<Link> with;
  std::optional<Months> offset;
};
struct AfterForm {
  text::Uncertain<Months> after;
  Named<Given<double>> loads;
  std::optional<Given<Name>> draw;
};
struct TrancheForm {
  Given<FacilityMw> power;
  std::optional<UncertainDate> energised;
};

}  // namespace warmshell::model

WARMSHELL_DESCRIBED(warmshell::model::WithinForm);
WARMSHELL_DESCRIBED(warmshell::model::PlannedForm);
WARMSHELL_DESCRIBED(warmshell::model::WithForm);
WARMSHELL_DESCRIBED(warmshell::model::AfterForm);
WARMSHELL_DESCRIBED(warmshell::model::TrancheForm);
WARMSHELL_DESCRIBED(warmshell::model::Factor);
WARMSHELL_DESCRIBED(warmshell::model::PueValue);
WARMSHELL_DESCRIBED(warmshell::model::PueRecord);
WARMSHELL_DESCRIBED(warmshell::model::Shell);
WARMSHELL_DESCRIBED(warmshell::model::Owned);
WARMSHELL_DESCRIBED(warmshell::model::Leased);
WARMSHELL_DESCRIBED(warmshell::model::LateTerms);
WARMSHELL_DESCRIBED(warmshell::model::Let);
WARMSHELL_DESCRIBED(warmshell::model::Retrofit);
WARMSHELL_DESCRIBED(warmshell::model::Outage);
WARMSHELL_DESCRIBED(warmshell::model::Hall);
WARMSHELL_DESCRIBED(warmshell::model::PowerSource);
WARMSHELL_DESCRIBED(warmshell::model::Site);
WARMSHELL_DESCRIBED(warmshell::model::Failures);
WARMSHELL_DESCRIBED(warmshell::model::Lot);
WARMSHELL_DESCRIBED(warmshell::model::Demand);
WARMSHELL_DESCRIBED(warmshell::model::Requires);
WARMSHELL_DESCRIBED(warmshell::model::Contract);
WARMSHELL_DESCRIBED(warmshell::model::Rent);
WARMSHELL_DESCRIBED(warmshell::model::Market);
WARMSHELL_DESCRIBED(warmshell::model::MarketValue);
WARMSHELL_DESCRIBED(warmshell::model::Finance);
WARMSHELL_DESCRIBED(warmshell::model::Debt);
WARMSHELL_DESCRIBED(warmshell::model::Release);
WARMSHELL_DESCRIBED(warmshell::model::Rents);
WARMSHELL_DESCRIBED(warmshell::model::ReplayedWork);
WARMSHELL_DESCRIBED(warmshell::model::Replayed);
WARMSHELL_DESCRIBED(warmshell::model::Portfolio);
#undef WARMSHELL_DESCRIBED

namespace warmshell::text {

template <>
struct Choices<model::CoolingClass> {
  static constexpr std::array all{
      choice(model::CoolingClass::air, "air", "cooled by air"),
      choice(model::CoolingClass::liquid, "liquid", "liquid to the chip"),
  };
};
template <>
struct Choices<model::SourceKind> {
  using enum model::SourceKind;
  static constexpr std::array all{
      choice(grid, "grid", "firm connection to the grid"),
      choice(grid_flexible, "grid_flexible", "connection that may be curtailed"),
      choice(rental_turbine, "rental_turbine", "rented mobile gas turbines"),
      choice(aero, "aero", "aeroderivative gas turbines"),
      choice(recip_gas, "recip_gas", "reciprocating gas engines"),
      choice(frame_sc, "frame_sc", "heavy-frame gas turbines, simple cycle"),
      choice(ccgt, "ccgt", "gas turbines, combined cycle"),
      choice(sofc, "sofc", "solid-oxide fuel cells"),
      choice(solar_bess, "solar_bess", "solar with batteries"),
      choice(bess, "bess", "batteries"),
      choice(nuclear_restart, "nuclear_restart", "a reactor brought back"),
      choice(smr, "smr", "small modular reactors"),
      choice(nuclear_new, "nuclear_new", "a new large reactor"),
      choice(other, "other", "anything else: no defaults"),
  };
};
template <>
struct Choices<model::Terms> {
  using enum model::Terms;
  static constexpr std::array all{
      choice(take_or_pay, "take-or-pay", "paid for all hours, busy or not"),
      choice(on_demand, "on-demand", "paid for busy hours"),
      choice(internal, "internal", "own use at a stated transfer price"),
      choice(contract, "contract", "a customer, a date, damages"),
  };
};
template <>
struct Choices<model::Feature> {
  static constexpr std::array all{
      choice(model::Feature::fp8, "fp8", "8-bit floating point in hardware"),
      choice(model::Feature::fp4, "fp4", "4-bit floating point in hardware"),
  };
};
template <>
struct Choices<model::DepreciationFrom> {
  static constexpr std::array all{
      choice(model::DepreciationFrom::in_service, "in_service", "from the first use"),
      choice(model::DepreciationFrom::delivery, "delivery", "from delivery, dark or not"),
  };
};

// ---- luck -------------------------------------------------------------------------------------

namespace detail {

// The map without the keys `loads` and `draw`, which go into `luck`.
std::optional<Node> without_luck(const Node& node, model::Luck& luck, Reader& reader);
void luck_schema_properties(JsonWriter& json);

}  // namespace detail

// A number that may be a distribution, with its luck beside the law: {p10:, p50:, p90:, loads:}.
template <class Q>
struct FieldType<model::UncertainNumber<Q>> {
  static constexpr bool annotated = false;
  static std::optional<model::UncertainNumber<Q>> read(const Node& node, Reader& reader) {
    model::UncertainNumber<Q> number;
    number.law.origin = reader.origin_of(node);
    const Node* inner = &node;
    if (is_annotated(node)) {
      inner = unwrap(node, reader, &number.law.origin);
      if (!inner) return std::nullopt;
    }
    const std::optional<Node> bare = detail::without_luck(*inner, number.luck, reader);
    if (!bare) return std::nullopt;
    auto law = FieldType<Uncertain<Q>>::read(*bare, reader);
    if (!law) return std::nullopt;
    number.law.value = std::move(law->law);
    return number;
  }
  static Bounds bounds(const model::UncertainNumber<Q>& number) {
    return FieldType<Uncertain<Q>>::bounds(Uncertain<Q>{number.law.value});
  }
  static std::string number_text(double v) { return FieldType<Q>::number_text(v); }
  static void schema(SchemaWriter& out) { annotated_schema<Uncertain<Q>>(out); }
  static std::string form() { return FieldType<Uncertain<Q>>::form(); }
};

template <>
struct FieldType<model::UncertainDate> {
  static constexpr bool annotated = false;
  static std::optional<model::UncertainDate> read(const Node& node, Reader& reader);
  static void schema(SchemaWriter& out);
  static std::string form();
  static void records(RecordList& list);
};

// A date as above, or `{date: ..., capex: ...}`; `capex` may stand in any of its maps.
template <>
struct FieldType<model::ShellStage> {
  static constexpr bool annotated = false;
  static std::optional<model::ShellStage> read(const Node& node, Reader& reader);
  static void schema(SchemaWriter& out);
  static std::string form();
  static void records(RecordList& list) { FieldType<model::UncertainDate>::records(list); }
};

template <>
struct FieldType<model::Tranches> {
  static constexpr bool annotated = false;
  static std::optional<model::Tranches> read(const Node& node, Reader& reader);
  static void schema(SchemaWriter& out);
  static std::string form() { return "a map from names to powers, in the order of opening"; }
  static void records(RecordList& list) { FieldType<model::TrancheForm>::records(list); }
};

template <class T>
struct FieldType<std::map<Date, T>> {
  static constexpr bool annotated = false;
  static std::optional<std::map<Date, T>> read(const Node& node, Reader& reader) {
    if (!detail::expect_map(node, form(), reader)) return std::nullopt;
    std::map<Date, T> steps;
    bool good = true;
    for (const Entry& entry : node.entries) {
      Reader::Step step(reader, entry.key, entry.key_place);
      const auto date = FieldType<Date>::read(make_scalar(entry.key, entry.key_place), reader);
      if (entry.value.is_null()) continue;
      std::optional<T> thing = read_value<T>(entry.value, reader);
      if (date && thing)
        steps.emplace(*date, std::move(*thing));
      else
        good = false;
    }
    if (!good) return std::nullopt;
    return steps;
  }
  static void schema(SchemaWriter& out) {
    JsonWriter& json = out.json();
    json.begin_object().field("type", "object").key("additionalProperties");
    value_schema<T>(out);
    json.end_object();
  }
  static std::string form() { return "a map from dates to " + FieldType<T>::form(); }
  static void records(RecordList& list) requires HasRecords<T> { FieldType<T>::records(list); }
};
template <class T>
struct MayBeAbsent<std::map<Date, T>> : std::true_type {};

// `fx:` is read before everything else (read_currencies); here it only has its place and schema.
template <>
struct FieldType<Currencies> {
  static constexpr bool annotated = false;
  static std::optional<Currencies> read(const Node&, Reader& reader) { return reader.currencies(); }
  static void schema(SchemaWriter& out);
  static std::string form() { return "a map of rates like `{USD: 7.2 CNY}`"; }
};

}  // namespace warmshell::text
