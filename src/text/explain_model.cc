#include "text/explain.h"

namespace warmshell::text {

// WS03xx: what was read means nothing. One entry per code, in order.
std::span<const Explanation> model_explanations() {
  return {};
}

}  // namespace warmshell::text
