#include "text/explain.h"

namespace warmshell::text {

// WS01xx. One entry per code, in order.
std::span<const Explanation> text_explanations() {
  return {};
}

}  // namespace warmshell::text
