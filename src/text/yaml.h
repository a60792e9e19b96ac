#pragma once
// Strict YAML to a tree. A subset on purpose: one document, string keys, no tags, no merge keys, no
// duplicate keys. Anchors and aliases are allowed and copied; what they expand to counts.
// Limits: depth 64, one million nodes after expansion. Nothing is guessed from a scalar: `no`,
// `1.0` and `2025-01` stay text until the field that holds them reads them. Thread-safe.

#include "text/tree.h"

namespace warmshell::text {

inline constexpr int max_depth = 64;
inline constexpr std::size_t max_nodes = 1'000'000;

// An empty document is an empty map. All that is wrong is reported, up to the first syntax error.
[[nodiscard]] Result<Node> read_yaml(const SourcePtr& source);
[[nodiscard]] Result<Node> read_yaml(std::string name, std::string text);

}  // namespace warmshell::text
