#include "base/columns.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace warmshell {
namespace {

TEST(Columns, are_aligned_and_do_not_overlap) {
  Arena arena(100, 3);
  std::vector<Column> columns;
  for (int i = 0; i < 200; ++i) {
    columns.push_back(arena.column());
    std::fill(columns.back().begin(), columns.back().end(), i);
  }
  for (int i = 0; i < 200; ++i) {
    const Column c = columns[static_cast<std::size_t>(i)];
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(c.data()) % Arena::alignment, 0u);
    EXPECT_EQ(c.size(), 100u);
    for (const double x : c) ASSERT_EQ(x, i);
  }
}

TEST(Columns, reset_gives_the_same_memory_again) {
  Arena arena(64, 2);
  const double* first = arena.column().data();
  const double* second = arena.column().data();
  const std::size_t reserved = arena.columns_reserved();
  for (int block = 0; block < 1000; ++block) {
    arena.reset();
    EXPECT_EQ(arena.columns_taken(), 0u);
    EXPECT_EQ(arena.column().data(), first);
    EXPECT_EQ(arena.column().data(), second);
  }
  EXPECT_EQ(arena.columns_reserved(), reserved);
}

TEST(Columns, the_last_block_may_be_shorter) {
  Arena arena(64);
  EXPECT_EQ(arena.column(10).size(), 10u);
  EXPECT_EQ(arena.column().size(), 64u);
  for (const double x : arena.zeros()) EXPECT_EQ(x, 0);
  for (const double x : arena.filled(2)) EXPECT_EQ(x, 2);
}

}  // namespace
}  // namespace warmshell
