#pragma once
// How far an accelerator is behind the newest in volume on its line, per path. Behind =
// floor(newest in volume) - floor(own); in volume = release + in_volume_after. A class falls k
// behind on the first date on which a generation of floor(own) + k or later is in volume on its
// line. Not thread-safe; no allocation after construction.

#include <vector>

#include "model/layout.h"
#include "world/gates.h"

namespace warmshell::world {

class Releases {
 public:
  Releases(const model::Layout& layout, int width);

  void draw(const Gates& gates);

  // Dates at which a class falls 1, 2, ... behind; +infinity beyond what is known.
  [[nodiscard]] int depth(int accelerator_class) const;
  [[nodiscard]] const double* date(int accelerator_class, int behind) const;  // [path], behind >= 1
  // Earliest and latest over the paths of this block.
  [[nodiscard]] double earliest(int accelerator_class, int behind) const;
  [[nodiscard]] double latest(int accelerator_class, int behind) const;

 private:
  struct Step {  // of one line: the first generation `whole` or later in volume
    std::vector<int> gates;
    double earliest = model::never_month, latest = model::never_month;
  };
  struct ClassSteps {
    std::vector<int> steps;  // index into steps_, for behind 1, 2, ...
  };
  [[nodiscard]] const Step* step(int accelerator_class, int behind) const;

  const model::Layout& layout_;
  int width_ = 0;
  std::vector<Step> steps_;
  std::vector<ClassSteps> classes_;
  std::vector<double> dates_;  // [step][path]
  std::vector<double> never_;  // [path]
};

// Part of month t (from t to t + 1) that lies before `date`.
[[nodiscard]] inline double share_before(double date, double t) {
  const double share = date - t;
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

}  // namespace warmshell::world
