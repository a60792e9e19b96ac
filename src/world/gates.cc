#include "world/gates.h"

#include <algorithm>

#include "base/kernels.h"
#include "base/math.h"

namespace warmshell::world {

using model::Gate;
using model::never_month;

namespace {

bool own_luck(const Gate& gate) {
  if (gate.completes_draw >= 0 && gate.completes > 0 && gate.completes < 1) return true;
  switch (gate.kind) {
    case Gate::Kind::fixed:
    case Gate::Kind::with:
      return false;
    case Gate::Kind::law:
    case Gate::Kind::after:
      return !is_fixed(gate.law);
    case Gate::Kind::planned:
      return (gate.within > 0 && gate.within_draw >= 0) || (gate.has_law && !is_fixed(gate.law));
  }
  return true;
}

// The law at each lane's normal; a fixed law needs no draw.
void evaluate(const Law& law, int draw, const Luck& luck, double* out, int width) {
  if (draw >= 0)
    from_normal(law, luck.normal(draw), out, static_cast<std::size_t>(width));
  else
    std::fill_n(out, width, p50(law));
}

}  // namespace

std::vector<bool> varying_gates(const model::Layout& layout) {
  std::vector<bool> varies;
  for (const Gate& gate : layout.gates) {
    bool here = own_luck(gate);
    const auto follow = [&](int other) { here = here || varies[static_cast<std::size_t>(other)]; };
    if (gate.follows >= 0) follow(gate.follows);
    for (const int other : gate.also_follows) follow(other);
    varies.push_back(here);
  }
  return varies;
}

Gates::Gates(const model::Layout& layout, int width)
    : layout_(layout),
      width_(width),
      months_(layout.gates.size() * static_cast<std::size_t>(width), 0),
      scratch_(static_cast<std::size_t>(width), 0),
      varies_(varying_gates(layout)) {}

void Gates::draw(const Luck& luck) {
  // What is the same on every path is filled once.
  for (std::size_t g = 0; g < layout_.gates.size(); ++g)
    if (varies_[g] || !drawn_) draw_gate(layout_.gates[g], luck, &months_[at(static_cast<int>(g))]);
  drawn_ = true;
}

void Gates::draw_gate(const Gate& gate, const Luck& luck, double* out) {
  const int n = width_;
  const std::size_t lanes = static_cast<std::size_t>(n);
  const PathKernels& block = path_kernels();
  const double known = layout_.known_at;

  switch (gate.kind) {
    case Gate::Kind::fixed:
      std::fill_n(out, n, gate.month);
      break;

    case Gate::Kind::law:
      evaluate(gate.law, gate.draw, luck, out, n);
      break;

    case Gate::Kind::planned: {
      std::fill_n(out, n, gate.month);
      if (gate.within > 0 && gate.within_draw >= 0) {
        kernels().normal_cdf(luck.normal(gate.within_draw), out, lanes);
        for (int p = 0; p < n; ++p) out[p] = gate.month + gate.within * (2 * out[p] - 1);
      }
      for (int p = 0; p < n; ++p) out[p] = std::clamp(out[p], gate.not_before, gate.not_after);
      if (gate.has_law) {
        double* factor = scratch_.data();
        evaluate(gate.law, gate.draw, luck, factor, n);
        for (int p = 0; p < n; ++p) {
          const double remaining = out[p] - known;
          out[p] = remaining > 0 ? known + remaining * std::max(0.0, factor[p]) : out[p];
        }
      }
      break;
    }

    case Gate::Kind::after: {
      const double* before = month(gate.follows);
      evaluate(gate.law, gate.draw, luck, out, n);
      block.at_least(0, out, lanes);
      block.add_scaled(before, 1, out, lanes);
      break;
    }

    case Gate::Kind::with: {
      const double* first = month(gate.follows);
      std::copy_n(first, n, out);
      for (const int other : gate.also_follows) {
        block.latest(month(other), out, lanes);
      }
      for (int p = 0; p < n; ++p) out[p] += gate.offset;
      break;
    }
  }

  if (gate.cut_at_known) block.at_least(known, out, lanes);

  // u < completes as z < quantile(completes): the same event without a cdf per path.
  if (gate.completes < 1 || gate.when_not) {
    const double odds = std::clamp(gate.completes, 0.0, 1.0);
    if (odds <= 0 || odds >= 1 || gate.completes_draw < 0) {
      const bool completes = odds >= 1;
      if (completes == gate.when_not) std::fill_n(out, n, never_month);
    } else {
      const double bound = math::normal_quantile(odds);
      block.never_unless(luck.normal(gate.completes_draw), bound, !gate.when_not, out, lanes);
    }
  }
}

}  // namespace warmshell::world
