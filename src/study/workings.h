#pragma once
// What the money of one path is computed from, month by month: rents, prices and demand as drawn,
// accelerators by lot and state, what each market pays for, energy by source; and every date to the
// digit. With the formulas of src/value/README.md a reader can recompute each line by hand. Nothing
// else is computed from it. Units stand in the names.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "study/simulate.h"

namespace warmshell::study {

struct Workings {
  struct Column {
    std::string name;  // dotted path and unit, as `markets.inference.gb300.paid_accelerators`
    std::vector<double> by_month;
  };
  std::vector<Column> columns;                        // what is unbounded is +infinity
  std::vector<std::pair<std::string, double>> dates;  // gate, months since start; +infinity never
};

[[nodiscard]] Workings workings(const Prepared& prepared, std::uint64_t seed, std::int64_t path);

}  // namespace warmshell::study
