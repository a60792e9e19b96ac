#pragma once
// What a mark of columns.h says: which rows of a lot or a site hold other bits than the month
// before.

namespace warmshell::fleet {

inline constexpr int mark_paths = 8;  // of one mark

using Moved = unsigned char;               // 0: none but the age
inline constexpr Moved moved_dates = 1;    // ordered, in_transit, delivered, gone
inline constexpr Moved moved_running = 2;  // housed, installed, failed to earning, sold, busy
inline constexpr Moved moved_dark = 4;     // no_shell to installing, alone, sellable, sellable_to
// Of a site:
inline constexpr Moved moved_supply = 1;  // source_energised, let_live, contracted to reserve,
                                          // tenants, firm
inline constexpr Moved moved_use = 2;     // the other megawatts, energy
inline constexpr Moved moved_anything = 7;

}  // namespace warmshell::fleet
