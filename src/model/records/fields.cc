#include "model/records/fields.h"

namespace warmshell::text {
namespace {

using model::DateLaw;
using model::UncertainDate;

constexpr std::string_view loads_doc =
    "Shared factors and how strongly this follows each; the squares may sum to 1 at most.";
constexpr std::string_view draw_doc =
    "A name: whatever names the same `draw` shares one piece of luck.";

// A law of dates, whatever its form.
using AnyLaw = Uncertain<Date>;

}  // namespace

namespace detail {

std::optional<Node> without_luck(const Node& node, model::Luck& luck, Reader& reader) {
  if (!node.is_map()) return node;
  Node bare = node;
  bare.entries.clear();
  bool good = true;
  for (const Entry& entry : node.entries) {
    if (entry.key != "loads" && entry.key != "draw") {
      bare.entries.push_back(entry);
      continue;
    }
    Reader::Step step(reader, entry.key, entry.key_place);
    if (entry.value.is_null()) continue;
    if (entry.key == "loads") {
      auto loads = FieldType<model::Named<Given<double>>>::read(entry.value, reader);
      if (loads) luck.loads = std::move(*loads);
      good = good && loads.has_value();
    } else {
      auto draw = FieldType<Given<model::Name>>::read(entry.value, reader);
      if (draw) luck.draw = std::move(*draw);
      good = good && draw.has_value();
    }
  }
  if (!good) return std::nullopt;
  return bare;
}

void luck_schema_properties(JsonWriter& json) {
  json.key("loads").begin_object().field("type", "object").field("description", loads_doc);
  json.end_object();
  json.key("draw").begin_object().field("type", "string").field("description", draw_doc);
  json.end_object();
}

}  // namespace detail

// ---- dates ------------------------------------------------------------------------------------

namespace {

std::optional<DateLaw> take(const model::PlannedForm& form, model::Luck& luck) {
  model::PlannedDate plan;
  plan.planned = form.planned;
  if (form.remaining) plan.remaining = form.remaining->law;
  if (form.within) {
    if (const auto* by = std::get_if<Months>(&*form.within)) {
      plan.within = *by;
    } else {
      const auto& within = std::get<model::WithinForm>(*form.within);
      plan.within = within.by;
      plan.within_draw = within.draw;
      if (within.not_before) plan.not_before = *within.not_before;
      if (within.not_after) plan.not_after = *within.not_after;
    }
  }
  luck = {form.loads, form.draw};
  return DateLaw(std::move(plan));
}

std::optional<DateLaw> take(const model::AfterForm& form, model::Luck& luck) {
  luck = {form.loads, form.draw};
  return DateLaw(model::AfterDate{form.after.law});
}

std::optional<DateLaw> take(const model::WithForm& form, model::Luck&) {
  return DateLaw(model::WithDate{form.with, form.offset.value_or(Months(0))});
}

template <class Form>
std::optional<DateLaw> read_form(const Node& node, model::Luck& luck, Reader& reader) {
  const std::optional<Form> form = read_record<Form>(node, reader);
  if (!form) return std::nullopt;
  return take(*form, luck);
}

std::optional<DateLaw> read_date_law(const Node& node, model::Luck& luck, Reader& reader) {
  if (node.is_scalar()) {
    const std::optional<Date> date = FieldType<Date>::read(node, reader);
    if (!date) return std::nullopt;
    return DateLaw(model::FixedDate{*date});
  }
  if (node.find("planned")) return read_form<model::PlannedForm>(node, luck, reader);
  if (node.find("after")) return read_form<model::AfterForm>(node, luck, reader);
  if (node.find("with")) return read_form<model::WithForm>(node, luck, reader);
  const std::optional<Node> bare = detail::without_luck(node, luck, reader);
  if (!bare) return std::nullopt;
  if (!bare->is_map() || bare->entries.empty() || !detail::recognises_law(*bare)) {
    detail::no_alternative(*bare, FieldType<UncertainDate>::form(), reader);
    return std::nullopt;
  }
  std::optional<AnyLaw> law = FieldType<AnyLaw>::read(*bare, reader);
  if (!law) return std::nullopt;
  return DateLaw(model::LawDate{std::move(law->law)});
}

}  // namespace

std::optional<UncertainDate> FieldType<UncertainDate>::read(const Node& node, Reader& reader) {
  UncertainDate date;
  date.law.origin = reader.origin_of(node);
  const Node* inner = &node;
  if (is_annotated(node)) {
    inner = unwrap(node, reader, &date.law.origin);
    if (!inner) return std::nullopt;
  }
  std::optional<DateLaw> law = read_date_law(*inner, date.luck, reader);
  if (!law) return std::nullopt;
  date.law.value = std::move(*law);
  return date;
}

void FieldType<UncertainDate>::schema(SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.begin_object().key("anyOf").begin_array();
  annotated_schema<AnyLaw>(out);
  out.reference(Description<model::PlannedForm>::get());
  out.reference(Description<model::WithForm>::get());
  out.reference(Description<model::AfterForm>::get());
  json.begin_object().field("type", "object").key("required").begin_flat_array();
  json.value("p50").end_array().key("properties").begin_object();
  detail::luck_schema_properties(json);
  json.end_object().end_object();
  json.begin_object().field("type", "object").key("required").begin_flat_array();
  json.value("value").end_array().end_object();
  json.end_array().end_object();
}

std::string FieldType<UncertainDate>::form() {
  return "a date like `2026-09` or `2026-09-17`, `{p10: ..., p50: ..., p90: ...}`, "
         "`{planned: ...}`, `{with: ...}` or `{after: ...}`";
}

void FieldType<UncertainDate>::records(RecordList& list) {
  list.push_back(&Description<model::PlannedForm>::get());
  list.push_back(&Description<model::WithForm>::get());
  list.push_back(&Description<model::AfterForm>::get());
}

// ---- stages and tranches ----------------------------------------------------------------------

std::optional<model::ShellStage> FieldType<model::ShellStage>::read(const Node& node,
                                                                    Reader& reader) {
  model::ShellStage stage;
  if (!node.is_map() || is_annotated(node)) {
    auto date = FieldType<UncertainDate>::read(node, reader);
    if (!date) return std::nullopt;
    stage.date = std::move(*date);
    return stage;
  }
  Node rest = node;
  rest.entries.clear();
  bool good = true;
  const Node* plain = nullptr;
  for (const Entry& entry : node.entries) {
    if (entry.key == "capex") {
      Reader::Step step(reader, entry.key, entry.key_place);
      if (entry.value.is_null()) continue;
      stage.capex = FieldType<Given<MoneyPerItMw>>::read(entry.value, reader);
      good = good && stage.capex.has_value();
    } else if (entry.key == "date") {
      plain = &entry.value;
    } else {
      rest.entries.push_back(entry);
    }
  }
  if (plain && !rest.entries.empty()) {
    Reader::Step step(reader, rest.entries[0].key, rest.entries[0].key_place);
    reader.error("WS0201", rest.entries[0].key_place,
                 "unknown key `" + rest.entries[0].key + "` beside `date`",
                 "beside `date` only `capex` may stand");
    return std::nullopt;
  }
  std::optional<UncertainDate> date = FieldType<UncertainDate>::read(plain ? *plain : rest, reader);
  if (!date || !good) return std::nullopt;
  stage.date = std::move(*date);
  return stage;
}

void FieldType<model::ShellStage>::schema(SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.begin_object().key("anyOf").begin_array();
  FieldType<UncertainDate>::schema(out);
  json.begin_object().field("type", "object").key("required").begin_flat_array();
  json.value("capex").end_array().key("properties").begin_object().key("capex");
  FieldType<Given<MoneyPerItMw>>::schema(out);
  json.end_object().end_object();
  json.end_array().end_object();
}

std::string FieldType<model::ShellStage>::form() {
  return FieldType<UncertainDate>::form();
}

std::optional<model::Tranches> FieldType<model::Tranches>::read(const Node& node, Reader& reader) {
  if (!detail::expect_map(node, form(), reader)) return std::nullopt;
  model::Tranches tranches;
  bool good = true;
  for (const Entry& entry : node.entries) {
    Reader::Step step(reader, entry.key, entry.key_place);
    good = detail::check_name(entry, reader) && good;
    if (entry.value.is_null()) continue;
    model::Tranche tranche;
    if (entry.value.is_map() && entry.value.find("power")) {
      auto form = read_record<model::TrancheForm>(entry.value, reader);
      if (form) tranche = {form->power, form->energised};
      good = good && form.has_value();
    } else {
      auto power = FieldType<Given<FacilityMw>>::read(entry.value, reader);
      if (power) tranche.power = *power;
      good = good && power.has_value();
    }
    tranches.in_order.emplace_back(entry.key, std::move(tranche));
  }
  if (!good) return std::nullopt;
  return tranches;
}

void FieldType<model::Tranches>::schema(SchemaWriter& out) {
  detail::name_pattern_map_begin(out);
  out.json().begin_object().key("anyOf").begin_array();
  FieldType<Given<FacilityMw>>::schema(out);
  out.reference(Description<model::TrancheForm>::get());
  out.json().end_array().end_object();
  out.json().end_object();
}

void FieldType<Currencies>::schema(SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.begin_object().field("type", "object").key("propertyNames").begin_object();
  json.field("pattern", "^[A-Z]{3}$").end_object().key("additionalProperties").begin_object();
  json.field("type", "string").end_object().end_object();
}

// ---- records of dates -------------------------------------------------------------------------

const Record<model::WithinForm>& Description<model::WithinForm>::get() {
  using T = model::WithinForm;
  static const auto record =
      Record<T>("within", "A uniform shift around a planned date, drawn before its slip.")
          .recognised_by("by")
          .field("by", &T::by, "Earlier or later by at most this.", required, at_least(0),
                 example("6 months"))
          .field("draw", &T::draw, "Dates that name the same one are shifted together.")
          .field("not_before", &T::not_before, "The shifted date is not before this.")
          .field("not_after", &T::not_after, "The shifted date is not after this.")
          .check([](const T& within, const Node& node, Reader& reader) {
            if (within.not_before && within.not_after && *within.not_after < *within.not_before)
              reader.error("WS0301", node.place, "`not_after` lies before `not_before`",
                           "exchange the two dates");
          });
  return record;
}

const Record<model::PlannedForm>& Description<model::PlannedForm>::get() {
  using T = model::PlannedForm;
  static const auto record =
      Record<T>("planned-date", "A published plan, and how such plans slip.")
          .recognised_by("planned")
          .field("planned", &T::planned, "The date as published.", required, example("2027-01-01"))
          .field("within", &T::within,
                 "The published date is only good to plus or minus this: a uniform shift.",
                 example("6 months"))
          .field("remaining", &T::remaining,
                 "Factor on the time from `known_at` to the planned date.", at_least(0),
                 example("{p10: 0.9, p50: 1.4, p90: 2.6}"))
          .field("loads", &T::loads, std::string(loads_doc))
          .field("draw", &T::draw, std::string(draw_doc));
  return record;
}

const Record<model::WithForm>& Description<model::WithForm>::get() {
  using T = model::WithForm;
  static const auto record =
      Record<T>("with-date", "A date that follows other dates: the latest of them.")
          .recognised_by("with")
          .field("with", &T::with, "Dotted path of a source, a hall or a lot, or several.",
                 required, example("sites.quincy.power.grid-2.energised"))
          .field("offset", &T::offset, "Later by this; negative is earlier.", example("-2 months"));
  return record;
}

const Record<model::AfterForm>& Description<model::AfterForm>::get() {
  using T = model::AfterForm;
  static const auto record =
      Record<T>("after-date", "A stage that takes this long after the stage before it.")
          .recognised_by("after")
          .field("after", &T::after, "Duration from the stage before.", required,
                 example("7 months"))
          .field("loads", &T::loads, std::string(loads_doc))
          .field("draw", &T::draw, std::string(draw_doc));
  return record;
}

const Record<model::TrancheForm>& Description<model::TrancheForm>::get() {
  using T = model::TrancheForm;
  static const auto record =
      Record<T>("tranche", "A part of a power source that opens on a date of its own.")
          .recognised_by("power")
          .field("power", &T::power, "Power of this part at the meter.", required, more_than(0),
                 example("20 MW_facility"))
          .field("energised", &T::energised,
                 "When it opens, but never before the tranche before it; not written: "
                 "`every` after that.");
  return record;
}

}  // namespace warmshell::text
