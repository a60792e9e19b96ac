#pragma once
// The funnel on a block of paths: what fleet/reference.h says of one path, on many side by side,
// bit for bit the same, at the widest vector level of the machine. Every level gives the same
// bytes.
//
//   Funnel funnel(layout, decisions, width, mode);
//   funnel.begin(gate_rows);                         // a new block
//   const Columns& month = funnel.next_month(draws); // months 0, 1, ...
//
// width: paths of a block and stride of every row, a multiple of 16. Columns stay valid until the
// next call and lie in the funnel. Kernels say who is to blame only while no gate is lifted: a mode
// that lifts one must have `blame = false`. Thread rule: one Funnel per thread; Layout and
// Decisions are shared read-only and outlive it. Nothing is allocated after construction.

#include <memory>
#include <string_view>

#include "fleet/columns.h"
#include "fleet/mode.h"
#include "model/layout.h"
#include "world/block.h"

namespace warmshell::fleet {

enum class VectorLevel : int { v2, v3, v4 };  // x86-64-v2, -v3, -v4
// The machine's widest, or what the environment's WARMSHELL_KERNEL (v2, v3, v4) asks for, as far as
// the machine has it.
[[nodiscard]] VectorLevel best_level();
[[nodiscard]] bool runs_here(VectorLevel level);

inline constexpr int recommended_width = 64;

class Funnel {
 public:
  Funnel(const model::Layout& layout, const model::Decisions& decisions, int width, Mode mode = {},
         VectorLevel level = best_level());
  ~Funnel();
  Funnel(Funnel&&) noexcept;

  // gate_rows[gate] points at [path] months since start, +infinity never.
  void begin(const double* const* gate_rows);
  // Rows of the funnel's width; draws.month counts 0, 1, ...
  const Columns& next_month(const world::MonthColumns& draws);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace warmshell::fleet
