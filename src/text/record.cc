#include "text/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "text/table.h"
#include "text/utf8.h"

namespace warmshell::text {

void broken_description(const std::string& record, const std::string& what) {
  std::fprintf(stderr, "warmshell: broken description of %s: %s\n", record.c_str(), what.c_str());
  std::abort();
}

void check_range(const AnyField& field, Bounds bounds, const Node& node, Reader& reader) {
  const auto text = [&](double bound) {
    return field.number_text ? field.number_text(bound) : fmt::format("{}", bound);
  };
  const Node* shown = is_annotated(node) ? node.find("value") : &node;
  const auto refuse = [&](std::string_view must, double bound) {
    reader.error("WS0209", shown->place,
                 fmt::format("{} must be {} {}", field.key, must, text(bound)), "");
  };
  const Range& range = field.range;
  if (range.at_least && !(bounds.least >= *range.at_least))
    return refuse("at least", *range.at_least);
  if (range.more_than && !(bounds.least > *range.more_than))
    return refuse("more than", *range.more_than);
  if (range.at_most && !(bounds.greatest <= *range.at_most))
    return refuse("at most", *range.at_most);
  if (range.less_than && !(bounds.greatest < *range.less_than))
    return refuse("less than", *range.less_than);
}

void AnyRecord::add(AnyField field) {
  for (const AnyField& other : fields_)
    if (other.key == field.key) broken_description(name_, field.key + " is described twice");
  if (field.presence == Presence::optional && !field.may_be_absent)
    broken_description(name_, field.key + " must be required, optional or have a fallback");
  if (field.doc.empty()) broken_description(name_, field.key + " has no sentence");
  fields_.push_back(std::move(field));
}

void AnyRecord::read_fields(const Node& node, void* record, Reader& reader) const {
  static const Node nothing = make_map();
  const Node* map = &node;
  if (node.is_null()) {
    map = &nothing;
  } else if (!node.is_map()) {
    reader.error("WS0203", node.place,
                 fmt::format("expected a map for this {}, found {}", name_, kind_name(node)),
                 "write `key: value` lines below it, or `{key: value, ...}`");
    return;
  }

  std::vector<std::string> meant;  // keys that an unknown key was probably meant to be
  for (const Entry& entry : map->entries) {
    bool known = false;
    for (const AnyField& field : fields_) known = known || field.key == entry.key;
    if (known) continue;
    std::vector<std::string> keys;
    for (const AnyField& field : fields_) keys.push_back(field.key);
    const std::string near = entry.key.size() <= 64 ? did_you_mean(entry.key, keys) : "";
    std::string help;
    const bool digits = !entry.key.empty() && entry.value.is_null() &&
                        entry.key.find_first_not_of("0123456789") == std::string::npos;
    if (digits) {
      help = "inside { } a comma ends a value: write numbers without separators, as in `40000`";
    } else if (!near.empty()) {
      help = fmt::format("did you mean `{}`?", near);
      meant.push_back(near);
    } else if (keys.empty()) {
      help = fmt::format("a {} has no keys", name_);
    } else {
      for (const std::string& key : keys) help += (help.empty() ? "keys here: " : ", ") + key;
    }
    Reader::Step step(reader, entry.key, entry.key_place);
    reader.error("WS0201", column_of(entry.key_place),
                 fmt::format("unknown key {} in this {}", ticked(entry.key), name_), help);
  }

  for (const AnyField& field : fields_) {
    const Entry* entry = map->find_entry(field.key);
    const bool written = entry && !entry->value.is_null();
    if (written) {
      Reader::Step step(reader, field.key, entry->key_place);
      field.read(field, entry->value, record, reader);
      continue;
    }
    switch (field.presence) {
      case Presence::optional:
        break;
      case Presence::required: {
        if (std::find(meant.begin(), meant.end(), field.key) != meant.end()) break;
        Place where = reader.name_place().source ? reader.name_place() : node.place;
        if (entry) where = entry->key_place;
        if (!where.source) where = node.place;
        const std::string like =
            field.example.empty() ? "" : fmt::format(", like `{}: {}`", field.key, field.example);
        reader.error("WS0202", where, fmt::format("this {} needs `{}`{}", name_, field.key, like),
                     fmt::format("{}: {}", field.key, field.doc));
        break;
      }
      case Presence::fallback: {
        Reader::Step step(reader, field.key, Place{});
        field.read(field, make_scalar(field.fallback_text), record, reader);
        break;
      }
    }
  }
}

}  // namespace warmshell::text
