#include "text/explain.h"

namespace warmshell::text {

// WS06xx. One entry per code, in order.
std::span<const Explanation> replay_explanations() {
  return {};
}

}  // namespace warmshell::text
