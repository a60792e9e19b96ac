#include "model/tranches.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

namespace warmshell::model {
namespace {

TEST(TranchesTest, none_opens_before_the_one_before_it) {
  LayoutSource source;
  source.gate = 1;
  source.every = 4;
  source.tranche_mw = {20, 10, 10, 5};
  source.tranche_gate = {1, 0, -1, 2};
  const double never = std::numeric_limits<double>::infinity();
  // by path: gate 1 is the first tranche's, gates 0 and 2 are the second's and the last's
  const std::vector<std::vector<double>> gates = {{3, 9, 5, 2}, {5, 5, never, -8}, {7, 20, 9, 1}};
  const std::vector<std::vector<double>> expected = {
      {5, 5, never, -8}, {5, 9, never, 2}, {9, 13, never, 6}, {9, 20, never, 6}};
  std::vector<double> row(4);
  std::array<double, 4> one{};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    open_tranche(
        source, k, row.data(),
        [&](int gate) { return gates[static_cast<std::size_t>(gate)].data(); }, row.data(), 4);
    EXPECT_EQ(row, expected[k]) << k;
    for (std::size_t p = 0; p < row.size(); ++p) {
      const std::array<double, 3> months = {gates[0][p], gates[1][p], gates[2][p]};
      one[p] = tranche_opens(source, k, one[p], months.data());
      EXPECT_EQ(one[p], row[p]) << k;
    }
  }
}

TEST(TranchesTest, a_source_without_tranches_opens_with_its_gate) {
  LayoutSource source;
  source.gate = 1;
  EXPECT_EQ(tranche_gate(source, 0), 1);
  EXPECT_EQ(tranche_gate(source, 1), -1);
  const std::array<double, 2> months = {3, 5};
  EXPECT_EQ(tranche_opens(source, 0, 77, months.data()), 5);
}

}  // namespace
}  // namespace warmshell::model
