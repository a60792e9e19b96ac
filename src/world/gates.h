#pragma once
// Gate dates on a block of paths, by the rules written at model::Gate. Months since start,
// +infinity never. Not thread-safe; no allocation after construction.

#include <vector>

#include "model/layout.h"
#include "world/luck.h"

namespace warmshell::world {

class Gates {
 public:
  Gates(const model::Layout& layout, int width);

  void draw(const Luck& luck);
  [[nodiscard]] const double* month(int gate) const { return &months_[at(gate)]; }  // [path]
  [[nodiscard]] bool varies(int gate) const { return varies_[static_cast<std::size_t>(gate)]; }

 private:
  [[nodiscard]] std::size_t at(int gate) const {
    return static_cast<std::size_t>(gate) * static_cast<std::size_t>(width_);
  }
  void draw_gate(const model::Gate& gate, const Luck& luck, double* out);

  const model::Layout& layout_;
  int width_ = 0;
  std::vector<double> months_;   // [gate][path]
  std::vector<double> scratch_;  // [path]
  std::vector<bool> varies_;     // differs from path to path
  bool drawn_ = false;
};

// Whether each gate differs from path to path.
[[nodiscard]] std::vector<bool> varying_gates(const model::Layout& layout);

}  // namespace warmshell::world
