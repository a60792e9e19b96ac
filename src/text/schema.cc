#include "text/schema.h"

#include <fmt/format.h>

#include "text/record.h"

namespace warmshell::text {

namespace {

std::string range_text(const AnyField& field) {
  const Range& range = field.range;
  const auto say = [&](std::string_view words, const std::optional<double>& bound) {
    if (!bound) return std::string();
    return fmt::format(" {} {}.", words,
                       field.number_text ? field.number_text(*bound) : fmt::format("{}", *bound));
  };
  return say("At least", range.at_least) + say("More than", range.more_than) +
         say("At most", range.at_most) + say("Less than", range.less_than);
}

void write_field(const AnyField& field, SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.key(field.key).begin_object();
  json.field("description", field.doc + range_text(field));
  if (field.presence == Presence::fallback) json.field("default", field.fallback_text);
  if (!field.example.empty())
    json.key("examples").begin_flat_array().value(field.example).end_array();
  json.key("anyOf").begin_array();
  field.schema(out);
  if (field.presence != Presence::required) json.begin_object().field("type", "null").end_object();
  json.end_array().end_object();
}

void write_record(const AnyRecord& record, SchemaWriter& out) {
  JsonWriter& json = out.json();
  json.field("type", "object").field("description", record.doc());
  json.field("additionalProperties", false);
  std::vector<std::string> needed;
  for (const AnyField& field : record.fields())
    if (field.presence == Presence::required) needed.push_back(field.key);
  if (!needed.empty()) json.field("required", needed);
  json.key("properties").begin_object();
  for (const AnyField& field : record.fields()) write_field(field, out);
  json.end_object();
}

}  // namespace

void SchemaWriter::string_with_pattern(std::string_view pattern) {
  json_.begin_object().field("type", "string").field("pattern", pattern).end_object();
}

void SchemaWriter::reference(const AnyRecord& record) {
  json_.begin_object().field("$ref", "#/definitions/" + record.name()).end_object();
  const auto [known, fresh] = known_.emplace(record.name(), &record);
  if (fresh) waiting_.push_back(&record);
  if (known->second != &record) broken_description(record.name(), "two records have this name");
}

std::string json_schema(const AnyRecord& root, std::string_view title) {
  std::string text;
  JsonWriter json(text);
  SchemaWriter out(json);
  json.begin_object()
      .field("$schema", "http://json-schema.org/draft-07/schema#")
      .field("title", title);
  write_record(root, out);
  json.key("definitions").begin_object();
  for (std::size_t next = 0; next < out.waiting_.size(); ++next) {
    const AnyRecord& record = *out.waiting_[next];
    json.key(record.name()).begin_object();
    write_record(record, out);
    json.end_object();
  }
  json.end_object().end_object();
  return text + "\n";
}

}  // namespace warmshell::text
