#pragma once
// Scenarios and flags: trees laid over a tree. Maps are merged key by key, anything else replaces,
// `null` removes. A node keeps the place where it was written, so a value from a scenario or a flag
// is reported there. Keys that are new come after those that were there.

#include "text/tree.h"

namespace warmshell::text {

[[nodiscard]] Node merge(Node base, const Node& overlay);

// Names in the overlay that were probably meant for others: a `null` where there is nothing to
// remove, and a site, hall, source, lot, market or factor that is new and spelt nearly like one
// that is there. Warnings WS0132.
[[nodiscard]] Diagnostics doubtful_names(const Node& base, const Node& overlay);

// "a.b.c=VALUE" as the tree {a: {b: {c: VALUE}}}; VALUE is YAML (`{p10: ..., ...}`, `null`
// removes). Its source is named "--set".
[[nodiscard]] Result<Node> read_setting(const std::string& argument);

}  // namespace warmshell::text
