#pragma once
// When the tranches of a power source open (R3): on the date of their own gate, or `every` after
// the tranche before, and none before the one before it. The rule stands here alone for all that
// runs; the plain twins (fleet/reference, value/cost_of_dark_plainly) write it a second time on
// purpose, to be held against it. Dates are months since the start.

#include <algorithm>
#include <cstddef>

#include "model/layout.h"

namespace warmshell::model {

// The gate on whose date tranche k opens; -1: `every` after the one before. The first has one.
[[nodiscard]] inline int tranche_gate(const LayoutSource& source, std::size_t k) {
  const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
  return own < 0 && k == 0 ? source.gate : own;
}

// Its dates on a row of paths, from those of the tranche before it (not read for the first; may be
// the row that is written). row_of(gate): dates of a gate on the same paths.
template <class RowOf>
void open_tranche(const LayoutSource& source, std::size_t k, const double* before,
                  const RowOf& row_of, double* opens, std::size_t paths) {
  const int gate = tranche_gate(source, k);
  const double* own = gate >= 0 ? row_of(gate) : nullptr;
  if (!own) {
    for (std::size_t p = 0; p < paths; ++p) opens[p] = before[p] + source.every;
  } else if (k == 0) {
    std::copy_n(own, paths, opens);
  } else {
    for (std::size_t p = 0; p < paths; ++p) opens[p] = std::max(before[p], own[p]);
  }
}

// The same of one date, by the dates of all gates.
[[nodiscard]] inline double tranche_opens(const LayoutSource& source, std::size_t k, double before,
                                          const double* gate_months) {
  double opens = before;
  open_tranche(
      source, k, &before, [&](int gate) { return gate_months + gate; }, &opens, 1);
  return opens;
}

}  // namespace warmshell::model
