#include "text/explain.h"

namespace warmshell::text {

// WS05xx. One entry per code, in order.
std::span<const Explanation> study_explanations() {
  return {};
}

}  // namespace warmshell::text
