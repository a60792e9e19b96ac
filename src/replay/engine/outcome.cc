#include "replay/engine/outcome.h"

namespace warmshell::replay {

double gpu_hours(Wide gpu_time) {
  return static_cast<double>(gpu_time) / (1000.0 * 1'000'000.0 * 3'600'000.0);
}

double megawatt_hours(Wide energy) {
  return static_cast<double>(energy) / (1e12 * 3'600'000.0);
}

}  // namespace warmshell::replay
