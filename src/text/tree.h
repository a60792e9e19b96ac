#pragma once
// What was written, before it means anything: scalars as text, maps in the order of the file,
// lists. Every node knows its place. Plain data; nothing here reports or throws.

#include <string>
#include <string_view>
#include <vector>

#include "text/source.h"

namespace warmshell::text {

struct Entry;

struct Node {
  enum class Kind { scalar, map, list };

  Kind kind = Kind::scalar;
  std::string text;            // of a scalar
  bool quoted = false;         // a quoted scalar is text, never null
  std::vector<Entry> entries;  // of a map; keys are unique
  std::vector<Node> items;     // of a list
  Place place;

  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind == Kind::list; }
  [[nodiscard]] bool is_null() const;  // unquoted `null`, `~` or nothing

  [[nodiscard]] const Node* find(std::string_view key) const;  // entry of a map, else nullptr
  [[nodiscard]] const Entry* find_entry(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place key_place;
  Node value;
};

[[nodiscard]] Node make_scalar(std::string text, Place place = {}, bool quoted = false);
[[nodiscard]] Node make_map(Place place = {});
[[nodiscard]] std::string_view kind_name(const Node& node);  // "a map", "a list", "nothing", "text"
[[nodiscard]] std::size_t count_nodes(const Node& node);

// `sites.quincy.halls.hall-1`: the node there, or nullptr. "" is the node itself.
[[nodiscard]] const Node* find_path(const Node& root, std::string_view dotted);
[[nodiscard]] std::string join_path(std::string_view path, std::string_view key);
// What may be part of a dotted path: a-z, 0-9, `-`, `_`, beginning with a letter or digit.
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace warmshell::text
