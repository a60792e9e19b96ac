#pragma once
// Tiers of provider that rents are listed by (rental_prices.csv, 2026-05), sorted. "specialty" is
// another name of "neocloud".

#include <string>
#include <vector>

namespace warmshell::catalog {

[[nodiscard]] inline std::vector<std::string> provider_tiers() {
  return {"hyperscaler", "long-tail", "neocloud", "specialty"};
}

}  // namespace warmshell::catalog
