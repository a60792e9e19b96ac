#include "replay/engine/ledger.h"

#include <cmath>

namespace warmshell::replay {

void PowerLedger::add_floor(int row, Microwatts power) {
  rows[static_cast<std::size_t>(row)].floor += power;
  site.floor += power;
}

void PowerLedger::add_admitted(int row, const WorkerDraw& draw, int sign) {
  for (Domain* domain : {&rows[static_cast<std::size_t>(row)], &site}) {
    domain->admitted += sign * draw.admitted;
    domain->variance += sign * draw.variance;
  }
}

void PowerLedger::add_actual(int row, Microwatts power) {
  rows[static_cast<std::size_t>(row)].actual += power;
  site.actual += power;
}

Microwatts PowerLedger::metered(const PowerRules& rules, int row) const {
  const Domain& here = domain(row);
  const Microwatts it = here.floor + here.actual;
  return row < 0 ? facility_power(rules, it) : it;
}

bool PowerLedger::admits(const PowerRules& rules, int row, const WorkerDraw& draw, Microwatts wake,
                         bool now) const {
  for (const int here : {row, -1}) {
    const Domain& in = domain(here);
    if (now && in.shut) return false;
    if (rules.admission == Admission::open || in.cap == no_cap) continue;

    const auto under = [&](Microwatts it, Wide cap) {
      return (here < 0 ? facility_power(rules, it) : it) <= cap;
    };
    Microwatts admitted = in.floor + in.admitted + draw.admitted + wake;
    if (rules.admission == Admission::expectation) {
      const double deviation = std::sqrt(static_cast<double>(in.variance + draw.variance));
      admitted += static_cast<Microwatts>(deviation * rules.sigmas_milli / 1000);
    }
    const Wide admissible = rules.admit_ppm == 1'000'000
                                ? static_cast<Wide>(in.cap)
                                : static_cast<Wide>(in.cap) * rules.admit_ppm / 1'000'000;
    if (!under(admitted, admissible)) return false;
    if (now && !under(in.floor + in.actual + draw.mean + wake, in.cap)) return false;
  }
  return true;
}

}  // namespace warmshell::replay
