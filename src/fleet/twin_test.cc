// The kernels against the reference twin on random portfolios: every column, lot, month and path
// bit for bit, at every vector level of the machine and with every gate lifted or not.
// WARMSHELL_PORTFOLIOS says how many (default 400).

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
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

// Acceptance that moves on some path every month has the markets look anew at lots that stand.
TEST(Twin, kernel_and_reference_agree_where_acceptance_stands) {
  for (int seed = 0; seed < portfolios() / 4; ++seed) {
    RandomPortfolio r = random_portfolio(static_cast<std::uint64_t>(seed));
    for (RandomPortfolio::Month& month : r.months) month.accept = r.months.front().accept;
    ASSERT_EQ(first_difference(r, as_energised, best_level()), "") << "portfolio " << seed;
  }
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

// The paths of a portfolio over and over, in another order: path p of the wide block is path
// narrow_path(p) of the narrow one.
int narrow_path(int path, int width) {
  return (5 * path + path / width) % width;
}

RandomPortfolio widened(const RandomPortfolio& r, int width) {
  RandomPortfolio wide = r;
  wide.width = width;
  const auto widen = [&](std::vector<double>& rows) {
    const std::vector<double> narrow = rows;
    rows.clear();
    for (std::size_t from = 0; from < narrow.size(); from += static_cast<std::size_t>(r.width))
      for (int p = 0; p < width; ++p)
        rows.push_back(narrow[from + static_cast<std::size_t>(narrow_path(p, r.width))]);
  };
  widen(wide.gates);
  for (RandomPortfolio::Month& month : wide.months)
    for (auto* rows : {&month.demand, &month.accept, &month.price, &month.curtailed}) widen(*rows);
  return wide;
}

TEST(Twin, kernel_says_the_same_of_a_path_in_a_block_of_any_width) {
  for (int seed = 0; seed < 40; ++seed) {
    const RandomPortfolio r = random_portfolio(static_cast<std::uint64_t>(seed));
    const RandomPortfolio wide = widened(r, 144);
    const Mode mode = random_mode(static_cast<std::uint64_t>(seed));
    Funnel one(r.p.layout, r.p.decisions, r.width, mode);
    Funnel other(r.p.layout, r.p.decisions, wide.width, mode);
    const std::vector<const double*> gates = r.gate_rows(), wide_gates = wide.gate_rows();
    one.begin(gates.data());
    other.begin(wide_gates.data());
    for (int t = 0; t < r.p.layout.months; ++t) {
      std::vector<const double*> rows;
      for_each_column(one.next_month(r.draws(t)),
                      [&](std::string_view, const double* c, int) { rows.push_back(c); });
      std::size_t column = 0;
      for_each_column(
          other.next_month(wide.draws(t)), [&](std::string_view name, const double* c, int n) {
            const double* expected = rows[column++];
            for (int i = 0; i < n; ++i)
              for (int p = 0; p < wide.width; ++p)
                ASSERT_EQ(c[i * wide.width + p], expected[i * r.width + narrow_path(p, r.width)])
                    << "portfolio " << seed << " month " << t << " path " << p << " " << name;
          });
    }
  }
}

// Months before `start` are taken over from the block before where they are the same: never where
// a date or a curtailment of any path differs.
TEST(Twin, kernel_takes_no_past_over_that_is_not_its_own) {
  int pasts = 0;
  for (int seed = 0; seed < 60; ++seed) {
    const RandomPortfolio r = random_portfolio(static_cast<std::uint64_t>(seed));
    const Mode mode = random_mode(static_cast<std::uint64_t>(seed));
    const std::size_t width = static_cast<std::size_t>(r.width);
    std::vector<double> turned(r.gates.size());  // every path with the dates of the next
    for (std::size_t at = 0; at < r.gates.size(); ++at)
      turned[at] = r.gates[at / width * width + (at + 1) % width];
    std::vector<const double*> turned_rows;
    for (std::size_t g = 0; g < r.gates.size() / width; ++g)
      turned_rows.push_back(turned.data() + g * width);
    for (std::size_t at = 0; at < r.gates.size(); ++at)
      pasts += turned[at] != r.gates[at] && std::min(turned[at], r.gates[at]) < 0 ? 1 : 0;

    Funnel fresh(r.p.layout, r.p.decisions, r.width, mode),
        used(r.p.layout, r.p.decisions, r.width, mode);
    const std::vector<const double*> gates = r.gate_rows();
    used.begin(turned_rows.data());
    (void)used.next_month(r.draws(0));
    fresh.begin(gates.data());
    used.begin(gates.data());
    for (int t = 0; t < std::min(r.p.layout.months, 6); ++t) {
      const Columns& one = fresh.next_month(r.draws(t));
      const Columns& other = used.next_month(r.draws(t));
      std::vector<const double*> rows;
      for_each_column(one, [&](std::string_view, const double* c, int) { rows.push_back(c); });
      std::size_t column = 0;
      for_each_column(other, [&](std::string_view name, const double* c, int n) {
        const double* expected = rows[column++];
        for (std::size_t i = 0; i < static_cast<std::size_t>(n) * width; ++i)
          ASSERT_EQ(c[i], expected[i]) << "portfolio " << seed << " month " << t << " " << name;
      });
    }
  }
  EXPECT_GT(pasts, 1000);
}

}  // namespace
}  // namespace warmshell::fleet
