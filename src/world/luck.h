#pragma once
// The standard normals and uniforms of a block of paths. One per draw of the layout, keyed by its
// dotted name: z = sum load_k F_k + own e. Lanes beyond the count repeat the last path.
// Not thread-safe; no allocation after construction.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/philox.h"
#include "model/layout.h"
#include "world/path_kernels.h"

namespace warmshell::world {

class Luck {
 public:
  Luck(const model::Layout& layout, std::uint64_t seed, int width);

  void begin(std::int64_t first_path, int count);
  [[nodiscard]] const double* normal(int draw) const;  // [path]
  // One uniform in (0,1) per path of this block for a name and an index (a month).
  void uniform(StreamKey key_of_name, std::uint32_t index, double* out) const;
  [[nodiscard]] StreamKey key(std::string_view name) const;

 private:
  void repeat_last(double* column) const;

  const model::Layout& layout_;
  const PathKernels& kernels_;
  std::uint64_t seed_ = 0;
  int width_ = 0;
  std::int64_t first_path_ = 0;
  int count_ = 0;
  std::vector<StreamKey> factor_keys_, draw_keys_;
  std::vector<double> factors_, draws_;  // [factor][path], [draw][path]
};

}  // namespace warmshell::world
