// The kernels of the tally against plain loops and block_sum, at every level of this machine.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned.h"
#include "base/statistics.h"
#include "study/tally_kernel.h"

namespace warmshell::study {
namespace {

constexpr int width = 64, items = 9;

AlignedDoubles some_rows() {
  AlignedDoubles rows;
  std::uint64_t state = 88172645463325252u;
  for (int i = 0; i < items * width; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    rows.push_back(static_cast<double>(state >> 11) * 0x1p-40);
  }
  return rows;
}

std::vector<fleet::VectorLevel> levels() {
  std::vector<fleet::VectorLevel> here;
  for (const auto level : {fleet::VectorLevel::v2, fleet::VectorLevel::v3, fleet::VectorLevel::v4})
    if (fleet::runs_here(level)) here.push_back(level);
  return here;
}

TEST(Tally, groups_are_summed_over_their_members_and_over_the_paths_that_count) {
  const AlignedDoubles rows = some_rows();
  constexpr int groups_count = 11;  // more than are folded at once; the second has no members
  const std::vector<int> first{0, 2, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14},
      members{4, 1, 0, 8, 3, 5, 2, 7, 6, 1, 2, 3, 4, 5};
  for (const fleet::VectorLevel level : levels())
    for (const int count : {1, 7, 8, 21, 64}) {
      std::vector<double> sums(groups_count);
      AlignedDoubles lanes(8 * groups_count);
      AlignedDoubles total(width, 0.5);
      const std::vector<unsigned char> moved(groups_count, 1);
      const Groups groups{first.data(), members.data(), groups_count, moved.data(), 1};
      tally_kernels(level).groups(rows.data(), width, groups, count, lanes.data(), total.data());
      tally_kernels(level).fold(lanes.data(), groups_count, sums.data());
      std::vector<double> expected_total(width, 0.5);
      for (std::size_t g = 0; g < groups_count; ++g) {
        std::vector<double> of_group(width);
        for (int k = first[g]; k < first[g + 1]; ++k)
          for (std::size_t p = 0; p < width; ++p)
            of_group[p] +=
                rows[static_cast<std::size_t>(members[static_cast<std::size_t>(k)]) * width + p];
        for (std::size_t p = 0; p < width; ++p) expected_total[p] += of_group[p];
        EXPECT_EQ(sums[g], block_sum(std::span(of_group).first(static_cast<std::size_t>(count))))
            << count;
      }
      for (std::size_t p = 0; p < static_cast<std::size_t>(count); ++p)
        EXPECT_EQ(total[p], expected_total[p]) << count << ' ' << p;
    }
}

TEST(Tally, what_has_not_moved_is_kept_and_the_rest_is_summed_anew) {
  const std::vector<int> first{0, 2, 3, 6}, members{4, 1, 0, 3, 5, 2};
  constexpr int count = 60, groups_count = 3;
  for (const fleet::VectorLevel level : levels()) {
    const TallyKernels& kernels = tally_kernels(level);
    AlignedDoubles rows = some_rows();
    std::vector<unsigned char> moved(groups_count, 1);
    const Groups groups{first.data(), members.data(), groups_count, moved.data(), 3};
    AlignedDoubles lanes(8 * groups_count);
    kernels.groups(rows.data(), width, groups, count, lanes.data(), nullptr);

    // the third group moves; what changes unmarked must not be seen
    constexpr unsigned char another_kind = 4;
    std::fill(moved.begin(), moved.end(), another_kind);
    moved[2] = 1;
    rows[3 * width + 17] += 1;
    AlignedDoubles anew(8 * groups_count), total_anew(width);
    const std::vector<unsigned char> all(groups_count, 1);
    const Groups everything{first.data(), members.data(), groups_count, all.data(), 1};
    kernels.groups(rows.data(), width, everything, count, anew.data(), total_anew.data());
    rows[4 * width + 17] += 1;
    kernels.groups(rows.data(), width, groups, count, lanes.data(), nullptr);
    EXPECT_EQ(lanes, anew);
    // a total is over all groups, the sums are those of what has moved
    rows[4 * width + 17] -= 1;
    AlignedDoubles total(width);
    kernels.groups(rows.data(), width, groups, count, lanes.data(), total.data());
    EXPECT_EQ(total, total_anew);
    rows[4 * width + 30] += 1;
    kernels.groups(rows.data(), width, groups, count, lanes.data(), total.data());
    EXPECT_EQ(lanes, anew);
  }
}

TEST(Tally, sums_and_squares_are_those_of_moments) {
  const AlignedDoubles rows = some_rows();
  for (const fleet::VectorLevel level : levels())
    for (const int count : {1, 7, 8, 21, 64}) {
      const Moments expected = moments(std::span(rows.data(), static_cast<std::size_t>(count)));
      const double mean = tally_kernels(level).sum(rows.data(), count) / count;
      EXPECT_EQ(mean, expected.mean);
      EXPECT_EQ(tally_kernels(level).squares(rows.data(), mean, count), expected.squares);
    }
}

}  // namespace
}  // namespace warmshell::study
