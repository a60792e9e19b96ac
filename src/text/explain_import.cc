#include "text/explain.h"

namespace warmshell::text {

// WS04xx. One entry per code, in order.
std::span<const Explanation> import_explanations() {
  return {};
}

}  // namespace warmshell::text
