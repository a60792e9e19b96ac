#include "text/reference.h"

#include <fmt/format.h>

#include <set>

#include "text/record.h"

namespace warmshell::text {

namespace {

// A cell of a Markdown table: the bar would end it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string limits(const AnyField& field) {
  std::string text;
  const auto say = [&](std::string_view words, const std::optional<double>& bound) {
    if (!bound) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", words,
                        field.number_text ? field.number_text(*bound) : fmt::format("{}", *bound));
  };
  say("at least", field.range.at_least);
  say("more than", field.range.more_than);
  say("at most", field.range.at_most);
  say("less than", field.range.less_than);
  return text;
}

std::string presence(const AnyField& field, const std::string& path, const LeftOut& left_out) {
  switch (field.presence) {
    case Presence::required:
      return "required";
    case Presence::fallback:
      return "`" + field.fallback_text + "`";
    case Presence::optional: {
      const std::string instead = left_out ? left_out(path, field) : "";
      return instead.empty() ? "nothing" : instead;
    }
  }
  return "";
}

struct Found {
  const AnyRecord* record;
  std::string path;
};

// Where the record stands that a field holds: itself, under a name, or as one of several kinds.
std::string path_inside(const std::string& path, const std::string& form, const AnyRecord& record) {
  if (form.starts_with("a map ")) return path + ".*";
  if (form.find("{" + record.name() + ":") != std::string::npos)
    return join_path(path, record.name());
  return path;
}

void section(const AnyRecord& record, const std::string& path, const LeftOut& left_out,
             std::string& page, std::vector<Found>& found) {
  page += fmt::format("\n## {}\n\n{}\n", record.name(), record.doc());
  if (record.fields().empty()) {
    page += "\nIt has no keys.\n";
    return;
  }
  page += "\n| key | is | when left out | meaning |\n|---|---|---|---|\n";
  for (const AnyField& field : record.fields()) {
    const std::string plain = field.form(), at = join_path(path, field.key);
    std::string form = plain;
    if (!field.names.empty()) form += " of `" + field.names + "`";
    if (const std::string range = limits(field); !range.empty()) form += "; " + range;
    std::string doc = field.doc;
    if (!field.example.empty()) doc += fmt::format(" Example: `{}: {}`.", field.key, field.example);
    RecordList inside;
    if (field.records) field.records(inside);
    for (const AnyRecord* each : inside) doc += fmt::format(" See [{0}](#{0}).", each->name());
    page += fmt::format("| `{}` | {} | {} | {} |\n", field.key, cell(form),
                        cell(presence(field, at, left_out)), cell(doc));
    for (const AnyRecord* each : inside) found.push_back({each, path_inside(at, plain, *each)});
  }
}

}  // namespace

std::string reference_page(const AnyRecord& root, std::string_view title, const LeftOut& left_out) {
  std::string page = fmt::format(
      "# {}\n\nWritten by `warmshell schema --reference` from the descriptions that the reader "
      "itself uses. Any value may be written\n`{{value: ..., source: ..., as_of: ..., tier: ..., "
      "note: ...}}`.\n",
      title);
  std::vector<Found> waiting{{&root, ""}};
  std::set<std::string> done;
  for (std::size_t next = 0; next < waiting.size(); ++next) {
    const Found here = waiting[next];
    if (!done.insert(here.record->name()).second) continue;
    std::vector<Found> found;
    section(*here.record, here.path, left_out, page, found);
    waiting.insert(waiting.end(), found.begin(), found.end());
  }
  return page;
}

}  // namespace warmshell::text
