#pragma once
// Loops over columns, built once per vector level from columns_kernel.cc and chosen by what the
// processor has. Every level gives the same bits, so the choice is one of speed only.
// All functions are pure; out may be the input column itself but not overlap it otherwise.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace warmshell {

enum class VectorLevel { v2, v3, v4 };  // x86-64-v2 (SSE4.2), v3 (AVX2), v4 (AVX-512)

// Paths first, first + 1, ... of one Philox stream: see philox.h.
struct StreamColumn {
  std::uint64_t key = 0;
  std::uint64_t first_path = 0;
  std::uint32_t index = 0, draw = 0;
};

struct ColumnKernels {
  void (*exp)(const double* x, double* out, std::size_t n);
  void (*expm1)(const double* x, double* out, std::size_t n);
  void (*log)(const double* x, double* out, std::size_t n);
  void (*log1p)(const double* x, double* out, std::size_t n);
  void (*pow)(const double* x, double exponent, double* out, std::size_t n);
  void (*normal_cdf)(const double* z, double* out, std::size_t n);
  void (*normal_quantile)(const double* u, double* out, std::size_t n);  // u as Philox makes it

  void (*uniforms)(const StreamColumn& stream, double* out, std::size_t n);
  void (*normals)(const StreamColumn& stream, double* out, std::size_t n);

  // out = origin + scale z, origin + scale (e^(s z) - 1), origin + scale e^(s z)
  void (*affine)(double origin, double scale, const double* z, double* out, std::size_t n);
  void (*affine_expm1)(double origin, double scale, double s, const double* z, double* out,
                       std::size_t n);
  void (*affine_exp)(double origin, double scale, double s, const double* z, double* out,
                     std::size_t n);
  void (*triangular)(double low, double mode, double high, const double* z, double* out,
                     std::size_t n);
  void (*uniform)(double low, double high, const double* z, double* out, std::size_t n);
  void (*discrete)(const double* values, const double* weights, std::size_t count, const double* z,
                   double* out, std::size_t n);
  void (*empirical)(const double* sorted, std::size_t count, const double* z, double* out,
                    std::size_t n);
};

[[nodiscard]] const char* name(VectorLevel level);
[[nodiscard]] std::vector<VectorLevel> available_levels();  // on this processor, lowest first
[[nodiscard]] const ColumnKernels& kernels_at(VectorLevel level);
// The highest available, or what the environment asks for: WARMSHELL_KERNEL=v2, v3 or v4, to show
// that the level changes no bit. Asked once; a level that is not available is not taken.
[[nodiscard]] VectorLevel chosen_level();
[[nodiscard]] const ColumnKernels& kernels();  // at the chosen level

}  // namespace warmshell
