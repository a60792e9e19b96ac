#include "text/tree.h"

namespace warmshell::text {

bool Node::is_null() const {
  return is_scalar() && !quoted && (text.empty() || text == "null" || text == "~");
}

const Entry* Node::find_entry(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

const Node* Node::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry ? &entry->value : nullptr;
}

Node make_scalar(std::string text, Place place, bool quoted) {
  Node node;
  node.text = std::move(text);
  node.quoted = quoted;
  node.place = std::move(place);
  return node;
}

Node make_map(Place place) {
  Node node;
  node.kind = Node::Kind::map;
  node.place = std::move(place);
  return node;
}

std::string_view kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::scalar:
      return node.is_null() ? "nothing" : "text";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::list:
      return "a list";
  }
  return "";
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Entry& entry : node.entries) count += count_nodes(entry.value);
  for (const Node& item : node.items) count += count_nodes(item);
  return count;
}

const Node* find_path(const Node& root, std::string_view dotted) {
  const Node* node = &root;
  while (node && !dotted.empty()) {
    const std::size_t dot = dotted.find('.');
    node = node->find(dotted.substr(0, dot));
    dotted = dot == std::string_view::npos ? "" : dotted.substr(dot + 1);
  }
  return node;
}

std::string join_path(std::string_view path, std::string_view key) {
  std::string joined(path);
  if (!joined.empty()) joined += '.';
  joined += key;
  return joined;
}

bool is_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || !plain(text.front())) return false;
  for (const char c : text)
    if (!plain(c) && c != '-' && c != '_') return false;
  return true;
}

}  // namespace warmshell::text
