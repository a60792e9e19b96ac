#pragma once
// Which gates are lifted from delivery on: none for the fleet as energised, all four for the fleet
// by chip count, some for the attribution of the difference between the two.

namespace warmshell::fleet {

struct Mode {
  bool lift_shell = false;
  bool lift_cooling = false;
  bool lift_power = false;
  bool lift_installation = false;
  // Whether to say who is to blame for the dark and what of it would sell (R10 to R13, R19).
  // Without it the three states of the dark, `alone` and `sellable` stay 0 and the ledger does not
  // close.
  bool blame = true;
};

inline constexpr Mode as_energised{};
inline constexpr Mode by_chip_count{true, true, true, true, false};

}  // namespace warmshell::fleet
