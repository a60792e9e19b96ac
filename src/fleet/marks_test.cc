// What is not marked as moved holds the bits of the month before: the ledger and the sums after it
// rely on that.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include "fleet/column_store.h"
#include "fleet/kernel.h"
#include "fleet/random_portfolio.h"

namespace warmshell::fleet {
namespace {

// The lot or site to whose marks a row of a column belongs; lot rows first, as in Columns.
struct Owner {
  bool lot = false;
  int item = -1;  // -1: to none
};
Owner owner_of(const model::Layout& layout, std::string_view column, int row, int rows) {
  const int lots = static_cast<int>(layout.lots.size());
  if (column == "delivered_age" || column == "unmet_h100e") return {};
  if (column == "let_live_mw") return {false, layout.halls[static_cast<std::size_t>(row)].site};
  if (column.starts_with("source_"))
    return {false, layout.sources[static_cast<std::size_t>(row)].site};
  for (const std::string_view of_site : megawatt_names)
    if (column == of_site && rows == static_cast<int>(layout.sites.size()) &&
        column != "installing")
      return {false, row};
  if (column == "energy_mwh") return {false, row};
  return {true, row % lots};
}

// What a mark says of a row of this column.
Moved kind_of_site(std::string_view column) {
  for (const std::string_view supplied : {"let_live_mw", "source_energised_mw", "contracted",
                                          "not_energised", "reserve", "tenants", "firm"})
    if (column == supplied) return moved_supply;
  return moved_use;
}
Moved kind_of_lot(std::string_view column) {
  for (const std::string_view dated : {"ordered", "in_transit", "delivered", "gone"})
    if (column == dated) return moved_dates;
  for (const std::string_view running : {"housed", "installed", "failed", "no_demand", "outclassed",
                                         "underused", "earning", "sold", "busy"})
    if (column == running) return moved_running;
  return moved_dark;
}

// The first row that moved unmarked, "" where there is none; counts marks and lots.
std::string first_unmarked(const RandomPortfolio& r, Mode mode, VectorLevel level,
                           std::int64_t& marked, std::int64_t& all) {
  Funnel funnel(r.p.layout, r.p.decisions, r.width, mode, level);
  const std::vector<const double*> gates = r.gate_rows();
  funnel.begin(gates.data());
  for (int t = 0; t < r.p.layout.months / 3; ++t) (void)funnel.next_month(r.draws(t));
  funnel.begin(gates.data());
  const int groups = r.width / mark_paths;
  std::vector<std::vector<double>> before;
  for (int t = 0; t < r.p.layout.months; ++t) {
    const Columns& now = funnel.next_month(r.draws(t));
    std::size_t column = 0, at_installing = 0;
    std::string found;
    for_each_column(now, [&](std::string_view name, const double* c, int n) {
      const std::size_t size = static_cast<std::size_t>(n) * static_cast<std::size_t>(r.width);
      if (t == 0) before.emplace_back(size);
      // `installing` is a state of lots first, and megawatts of sites after that
      const bool of_site = name == "installing" && at_installing++ > 0;
      for (int row = 0; row < n && found.empty(); ++row) {
        const Owner owner = of_site ? Owner{false, row} : owner_of(r.p.layout, name, row, n);
        if (owner.item < 0) continue;
        const unsigned char* marks = owner.lot ? now.lot_moved : now.site_moved;
        const Moved kind = owner.lot ? kind_of_lot(name) : kind_of_site(name);
        for (int path = 0; path < r.width; ++path) {
          const std::size_t at = static_cast<std::size_t>(row * r.width + path);
          const bool moved = (marks[owner.item * groups + path / mark_paths] & kind) != 0;
          if (moved || (t > 0 && std::bit_cast<std::uint64_t>(c[at]) ==
                                     std::bit_cast<std::uint64_t>(before[column][at])))
            continue;
          found = fmt::format("month {} path {} {}[{}] moved unmarked", t, path, name, row);
          break;
        }
      }
      std::copy_n(c, size, before[column].begin());
      ++column;
    });
    if (!found.empty()) return found;
    for (int i = 0; i < now.lots * groups; ++i) marked += now.lot_moved[i] != 0 ? 1 : 0;
    all += now.lots * groups;
  }
  return "";
}

TEST(Marks, what_is_not_marked_holds_the_bits_of_the_month_before) {
  std::int64_t marked = 0, all = 0;
  for (int i = 0; i < 400; ++i) {
    const auto seed = static_cast<std::uint64_t>(2000000 + i);
    const RandomPortfolio r = random_portfolio(seed);
    const Mode mode = i % 4 == 0 ? by_chip_count : random_mode(seed);
    for (VectorLevel level : {VectorLevel::v2, VectorLevel::v3, VectorLevel::v4}) {
      if (!runs_here(level) || (level != best_level() && i % 8 != 0)) continue;
      ASSERT_EQ(first_unmarked(r, mode, level, marked, all), "")
          << "portfolio " << seed << " level v" << static_cast<int>(level) + 2;
    }
  }
  fmt::print("{:.0f} % of lots and groups of paths are marked\n",
             100.0 * static_cast<double>(marked) / static_cast<double>(all));
}

}  // namespace
}  // namespace warmshell::fleet
