// The kernels against the reference twin on random portfolios: every column, lot, month and path
// bit for bit, at every vector level of the machine and with every gate lifted or not.
// WARMSHELL_PORTFOLIOS says how many (default 400).

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <string>

#include "fleet/column_store.h"
#include "fleet/kernel.h"
#include "fleet/random_portfolio.h"
#include "fleet/reference.h"

namespace warmshell::fleet {
namespace {

int portfolios() {
  const char* asked = std::getenv("WARMSHELL_PORTFOLIOS");
  return asked != nullptr ? std::atoi(asked) : 400;
}

// Where kernel and twin differ first, "" where they agree.
std::string first_difference(const RandomPortfolio& r, Mode mode, VectorLevel level) {
  Funnel funnel(r.p.layout, r.p.decisions, r.width, mode, level);
  const std::vector<const double*> gates = r.gate_rows();
  // A block run before must leave nothing behind.
  funnel.begin(gates.data());
  for (int t = 0; t < r.p.layout.months / 2; ++t) (void)funnel.next_month(r.draws(t));
  funnel.begin(gates.data());
  std::vector<Reference> twins;
  for (int path = 0; path < r.width; ++path) {
    twins.emplace_back(r.p.layout, r.p.decisions, mode);
    twins.back().begin(r.gates_of(path));
  }
  for (int t = 0; t < r.p.layout.months; ++t) {
    const Columns& block = funnel.next_month(r.draws(t));
    for (int path = 0; path < r.width; ++path) {
      const RandomPortfolio::Month month = r.month_of(t, path);
      const Columns& twin = twins[path].next_month(pointers(month, t));
      std::vector<const double*> rows;
      for_each_column(block, [&](std::string_view, const double* c, int) { rows.push_back(c); });
      std::size_t column = 0;
      std::string found;
      for_each_column(twin, [&](std::string_view name, const double* c, int n) {
        for (int i = 0; i < n && found.empty(); ++i) {
          const double kernel = rows[column][i * r.width + path];
          if (std::bit_cast<std::uint64_t>(kernel) != std::bit_cast<std::uint64_t>(c[i]))
            found = fmt::format("month {} path {} {}[{}]: kernel {} twin {}", t, path, name, i,
                                kernel, c[i]);
        }
        ++column;
      });
      if (!found.empty()) return found;
    }
  }
  return "";
}

void agree_on(int n) {
  int wrong = 0;
  for (int seed = 0; seed < n && wrong < 5; ++seed) {
    const RandomPortfolio r = random_portfolio(static_cast<std::uint64_t>(seed));
    const std::string difference =
        first_difference(r, random_mode(static_cast<std::uint64_t>(seed)), best_level());
    EXPECT_EQ(difference, "") << "portfolio " << seed;
    if (!difference.empty()) ++wrong;
  }
}

TEST(Twin, kernel_and_reference_agree_bit_for_bit_on_random_portfolios) {
  agree_on(portfolios());
}

TEST(Twin, kernel_and_reference_agree_bit_for_bit_on_10000_portfolios_full) {
  agree_on(10000);
}

TEST(Twin, every_vector_level_gives_the_same_bits) {
  const int n = std::min(portfolios() / 4, 500);
  for (VectorLevel level : {VectorLevel::v2, VectorLevel::v3, VectorLevel::v4}) {
    if (!runs_here(level)) continue;
    for (int i = 0; i < n; ++i) {
      const int seed = 1000000 + i;
      const RandomPortfolio r = random_portfolio(static_cast<std::uint64_t>(seed));
      const std::string difference =
          first_difference(r, random_mode(static_cast<std::uint64_t>(seed)), level);
      ASSERT_EQ(difference, "") << "portfolio " << seed << " level v"
                                << static_cast<int>(level) + 2;
    }
  }
}

}  // namespace
}  // namespace warmshell::fleet
