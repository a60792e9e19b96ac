#pragma once
// Which vector level the kernels of this program run at: the highest that the machine has, or the
// one asked for with the environment variable WARMSHELL_VECTOR (v2, v3, v4) if it is not above
// that. Results are the same bits at every level.

namespace warmshell::value {

enum class VectorLevel { v2, v3, v4 };
[[nodiscard]] VectorLevel vector_level();

}  // namespace warmshell::value
