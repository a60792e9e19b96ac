#include "base/threads.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include "base/philox.h"
#include "base/statistics.h"

namespace warmshell {
namespace {

TEST(Threads, results_are_joined_in_order_whatever_the_number_of_threads) {
  for (const unsigned threads : {1u, 2u, 4u, 9u}) {
    StopFlag stop;
    std::vector<std::size_t> order, progress;
    const BlocksRun run = run_blocks(
        200, threads, stop,
        [](std::size_t block, unsigned) {
          // uneven work, so that later blocks finish first
          double x = 0;
          for (std::size_t i = 0; i < (block * 7919) % 5000; ++i) x += uniform01({block}, i);
          return x < 0 ? std::size_t{0} : block;
        },
        [&](std::size_t block, std::size_t&& result) {
          EXPECT_EQ(block, result);
          order.push_back(block);
        },
        [&](std::size_t done) { progress.push_back(done); });
    EXPECT_EQ(run, (BlocksRun{200, false}));
    ASSERT_EQ(order.size(), 200u);
    for (std::size_t b = 0; b < 200; ++b) {
      EXPECT_EQ(order[b], b);
      EXPECT_EQ(progress[b], b + 1);
    }
  }
}

TEST(Threads, moments_have_the_same_bytes_on_any_number_of_threads) {
  const auto whole = [](unsigned threads) {
    StopFlag stop;
    Moments all;
    (void)run_blocks(
        50, threads, stop,
        [](std::size_t block, unsigned) {
          std::vector<double> z(333);
          standard_normals(stream_key(4, "threads"), block * 333, 0, 0, z.data(), z.size());
          return moments(z);
        },
        [&](std::size_t, Moments&& m) { all = joined(all, m); });
    return all;
  };
  const Moments one = whole(1);
  EXPECT_EQ(one.count, 50u * 333u);
  EXPECT_EQ(whole(2), one);
  EXPECT_EQ(whole(4), one);
}

TEST(Threads, each_thread_index_belongs_to_one_thread) {
  StopFlag stop;
  std::vector<std::uint64_t> scratch(4);  // a race here is seen by the thread sanitizer
  std::size_t joined_blocks = 0;
  (void)run_blocks(
      400, 4, stop, [&](std::size_t, unsigned thread) { return ++scratch[thread]; },
      [&](std::size_t, std::uint64_t&&) { ++joined_blocks; });
  EXPECT_EQ(joined_blocks, 400u);
  EXPECT_EQ(scratch[0] + scratch[1] + scratch[2] + scratch[3], 400u);
}

TEST(Threads, a_stop_keeps_an_unbroken_beginning) {
  for (const unsigned threads : {1u, 2u, 4u}) {
    StopFlag stop;
    std::vector<std::size_t> order;
    const BlocksRun run = run_blocks(
        1000, threads, stop, [](std::size_t block, unsigned) { return block; },
        [&](std::size_t block, std::size_t&&) {
          order.push_back(block);
          if (block == 20) stop.set();
        });
    EXPECT_TRUE(run.interrupted);
    EXPECT_EQ(run.blocks_done, order.size());
    EXPECT_GE(run.blocks_done, 21u);
    EXPECT_LT(run.blocks_done, 1000u);
    for (std::size_t b = 0; b < order.size(); ++b) EXPECT_EQ(order[b], b);
  }
}

TEST(Threads, a_stop_before_the_start_does_nothing) {
  StopFlag stop;
  stop.set();
  for (const unsigned threads : {1u, 3u}) {
    const BlocksRun run = run_blocks(
        10, threads, stop, [](std::size_t, unsigned) { return 0; }, [](std::size_t, int&&) {});
    EXPECT_EQ(run, (BlocksRun{0, true}));
  }
}

TEST(Threads, no_blocks_is_a_complete_run) {
  StopFlag stop;
  EXPECT_EQ(run_blocks(
                0, 3, stop, [](std::size_t, unsigned) { return 0; }, [](std::size_t, int&&) {}),
            (BlocksRun{0, false}));
}

TEST(Threads, an_interrupt_sets_the_flag) {
  StopFlag stop;
  {
    const StopOnInterrupt guard(stop);
    EXPECT_FALSE(stop.is_set());
    std::raise(SIGINT);
    EXPECT_TRUE(stop.is_set());
  }
}

TEST(Threads, at_least_one_thread) {
  EXPECT_EQ(thread_count(3), 3u);
  EXPECT_GE(thread_count(0), 1u);
}

}  // namespace
}  // namespace warmshell
