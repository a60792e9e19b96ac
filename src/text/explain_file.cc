#include "text/explain.h"

namespace warmshell::text {

// WS00xx. One entry per code, in order.
std::span<const Explanation> file_explanations() {
  return {};
}

}  // namespace warmshell::text
