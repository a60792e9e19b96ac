#include "text/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "text/utf8.h"
#include "text/yaml.h"

namespace warmshell::text {

namespace {

// A `null` where there is nothing to remove says nothing.
Node without_nulls(const Node& node) {
  if (!node.is_map()) return node;
  Node kept = make_map(node.place);
  for (const Entry& entry : node.entries)
    if (!entry.value.is_null())
      kept.entries.push_back({entry.key, entry.key_place, without_nulls(entry.value)});
  return kept;
}

// Maps whose keys the user chooses.
bool holds_names(std::string_view key) {
  constexpr std::array<std::string_view, 8> maps{"sites", "halls",   "power",   "tranches",
                                                 "fleet", "markets", "factors", "debt"};
  return std::find(maps.begin(), maps.end(), key) != maps.end();
}

// phase-3 beside phase-2 is one more, not a slip of the pen.
bool differ_by_number(const std::string& a, const std::string& b) {
  const auto letters = [](std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
  };
  return letters(a) == letters(b);
}

void add_doubtful(const Node& base, const Node& overlay, std::string_view key, Diagnostics& out) {
  if (!base.is_map() || !overlay.is_map()) return;
  std::vector<std::string> names;
  for (const Entry& entry : base.entries) names.push_back(entry.key);
  for (const Entry& entry : overlay.entries) {
    const Node* there = base.find(entry.key);
    if (there) {
      add_doubtful(*there, entry.value, entry.key, out);
      continue;
    }
    const std::string near = did_you_mean(entry.key, names);
    const bool removes = entry.value.is_null();
    if (!removes && (!holds_names(key) || near.empty() || differ_by_number(near, entry.key)))
      continue;
    Diagnostic diagnostic = plain_error(
        "WS0132",
        ticked(entry.key).insert(0, removes ? "there is nothing to remove called "
                                            : "new here, and nearly the name of another: "),
        near.empty() ? "" : fmt::format("did you mean {}?", ticked(near)));
    diagnostic.severity = Severity::warning;
    diagnostic.where = entry.key_place.span();
    out.push_back(std::move(diagnostic));
  }
}

}  // namespace

Diagnostics doubtful_names(const Node& base, const Node& overlay) {
  Diagnostics out;
  add_doubtful(base, overlay, "", out);
  return out;
}

Node merge(Node base, const Node& overlay) {
  if (!base.is_map() || !overlay.is_map()) return without_nulls(overlay);
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < base.entries.size(); ++i) index.emplace(base.entries[i].key, i);
  std::vector<bool> removed(base.entries.size(), false);
  std::vector<Entry> fresh;
  for (const Entry& entry : overlay.entries) {
    const auto found = index.find(entry.key);
    if (found == index.end()) {
      if (!entry.value.is_null())
        fresh.push_back({entry.key, entry.key_place, without_nulls(entry.value)});
    } else if (entry.value.is_null()) {
      removed[found->second] = true;
    } else {
      Node& value = base.entries[found->second].value;
      value = merge(std::move(value), entry.value);
    }
  }
  // What is wrong with a law that a scenario rewrites is told where the scenario writes it.
  const bool innermost = std::none_of(overlay.entries.begin(), overlay.entries.end(),
                                      [](const Entry& entry) { return entry.value.is_map(); });
  Node merged = make_map(innermost && !overlay.entries.empty() ? overlay.place : base.place);
  merged.entries.reserve(base.entries.size() + fresh.size());
  for (std::size_t i = 0; i < base.entries.size(); ++i)
    if (!removed[i]) merged.entries.push_back(std::move(base.entries[i]));
  for (Entry& entry : fresh) merged.entries.push_back(std::move(entry));
  return merged;
}

Result<Node> read_setting(const std::string& argument) {
  auto made = Source::make("--set", argument);
  if (!made) return tl::unexpected<Diagnostics>(std::move(made.error()));
  const SourcePtr source = *made;
  const auto refuse = [&](std::size_t begin, std::size_t end, std::string message) {
    Diagnostic diagnostic =
        plain_error("WS0131", std::move(message),
                    "write PATH=VALUE, as in `sites.quincy.install=40 racks/month`");
    diagnostic.where = source->span(begin, end);
    return fail(std::move(diagnostic));
  };

  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0)
    return refuse(0, argument.size(), "a setting has a path, `=` and a value");

  // The value is read in place: blanks stand for the path, so that its marks are those of the flag.
  auto blanked = Source::make("--set", std::string(equals + 1, ' ') + argument.substr(equals + 1));
  Result<Node> value = read_yaml(*blanked);
  if (!value) {
    for (Diagnostic& diagnostic : value.error()) diagnostic.where.source_line = excerpt(argument);
    return value;
  }
  const bool empty = argument.find_first_not_of(' ', equals + 1) == std::string::npos;
  if (empty) return refuse(0, argument.size(), "a setting has a path, `=` and a value");
  Node node = std::move(*value);
  if (node.is_map() && node.entries.empty() && argument.find('{') == std::string::npos)
    node = make_scalar("null", node.place);  // read_yaml takes a lone `null` for an empty document

  const auto relocate = [&](auto&& self, Node& each) -> void {
    each.place.source = source;
    for (Entry& entry : each.entries) {
      entry.key_place.source = source;
      self(self, entry.value);
    }
    for (Node& item : each.items) self(self, item);
  };
  relocate(relocate, node);

  std::size_t end = equals;
  while (true) {
    const std::size_t dot = argument.rfind('.', end - 1);
    const std::size_t begin = dot == std::string::npos || dot >= end ? 0 : dot + 1;
    const std::string key = argument.substr(begin, end - begin);
    if (key.empty() || key.find(' ') != std::string::npos)
      return refuse(begin, std::max(end, begin + 1), "a path is names joined by dots");
    const Place key_place{source, static_cast<std::uint32_t>(begin),
                          static_cast<std::uint32_t>(end)};
    Node map = make_map(key_place);
    map.entries.push_back({key, key_place, std::move(node)});
    node = std::move(map);
    if (begin == 0) break;
    end = begin - 1;
    if (end == 0) return refuse(0, 1, "a path is names joined by dots");
  }
  return node;
}

}  // namespace warmshell::text
