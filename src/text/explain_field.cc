#include "text/explain.h"

namespace warmshell::text {

// WS02xx. One entry per code, in order.
std::span<const Explanation> field_explanations() {
  return {};
}

}  // namespace warmshell::text
