#pragma once
// Step 4 and 5 of the import: which accelerator a phase holds, and how many. The file does not say;
// what texts name, what is on the market and what the MW allow narrow it down. An inference, not a
// headline.

#include <map>
#include <string>
#include <vector>

#include "import/epoch_sites.h"

namespace warmshell::import {

struct ChipLot {
  std::string accelerator;  // row of the catalogue
  double count = 0;
  double it_kw_each =
      0;  // provisioned, overhead included: count x it_kw_each = IT power of the step
  std::string named_by;  // "override", "step", "earlier step", "notes", "owner"
};

// Counts by accelerator that an override file states; 0: whatever h100e give.
using ChipOverride = std::map<std::string, double>;

// One entry per phase.
[[nodiscard]] std::vector<std::vector<ChipLot>> choose_chips(
    const EpochSite& site, const std::map<std::string, ChipOverride>& overrides,
    Diagnostics& warnings);

// Rows of the catalogue that a text names, in catalogue order; a family word only when no chip is
// named.
[[nodiscard]] std::vector<std::string> chips_named_in(const std::string& text);

}  // namespace warmshell::import
