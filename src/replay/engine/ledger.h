#pragma once
// Power by row and site while jobs start and end: what admission counts and what is really drawn.
// Only integers are added, so a ledger built afresh equals one kept up to date.
// Thread rule: plain value.

#include <vector>

#include "replay/engine/input.h"
#include "replay/engine/rules.h"

namespace warmshell::replay {

struct PowerLedger {
  struct Domain {
    Microwatts floor = 0;     // nodes without jobs, awake or asleep
    Microwatts admitted = 0;  // of workers, beyond the floor
    Microwatts actual = 0;    // likewise, as drawn now
    Wide variance = 0;
    Microwatts cap = no_cap;
    bool shut = false;  // braked, or held after an eviction: nothing starts
  };
  std::vector<Domain> rows;
  Domain site;  // IT sums over all rows; its cap is of facility power

  void add_floor(int row, Microwatts power);
  void add_admitted(int row, const WorkerDraw& draw, int sign);
  void add_actual(int row, Microwatts power);

  // As metered: IT power of a row, facility power of the site (row -1).
  [[nodiscard]] Microwatts metered(const PowerRules& rules, int row) const;
  [[nodiscard]] const Domain& domain(int row) const {
    return row < 0 ? site : rows[static_cast<std::size_t>(row)];
  }
  [[nodiscard]] Domain& domain(int row) {
    return row < 0 ? site : rows[static_cast<std::size_t>(row)];
  }

  // May one more worker with this draw, waking `wake` of sleeping power, be added to the row?
  // `now`: it would start now, so shut domains and the power really drawn count too.
  [[nodiscard]] bool admits(const PowerRules& rules, int row, const WorkerDraw& draw,
                            Microwatts wake, bool now) const;
};

}  // namespace warmshell::replay
