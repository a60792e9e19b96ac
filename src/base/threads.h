#pragma once
// Blocks of work over threads, joined in order.
//
// run_blocks computes work(0), work(1), ..., each on some thread, and hands every result to
// join(block, result) on the calling thread in ascending order of block, so that what is
// accumulated does not depend on the number of threads. At most a few blocks per thread wait to be
// joined. When `stop` is set no new block is begun; every block begun before is finished and
// joined, so the joined blocks are always 0 .. blocks_done - 1. work must not throw and must touch
// only what belongs to its thread index (0 .. threads - 1).

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace warmshell {

// Set from any thread or from a signal handler (see stop_on_interrupt).
class StopFlag {
 public:
  void set() noexcept { stopped_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool is_set() const noexcept { return stopped_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> stopped_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free);
};

// While alive, Ctrl-C (SIGINT) and SIGTERM set the flag; a second one ends the program as usual.
// At most one may live at a time.
class StopOnInterrupt {
 public:
  explicit StopOnInterrupt(StopFlag& flag);
  ~StopOnInterrupt();
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;
};

struct BlocksRun {
  std::size_t blocks_done = 0;
  bool interrupted = false;  // blocks_done < blocks asked

  bool operator==(const BlocksRun&) const = default;
};

// asked = 0 means all processors; never below 1.
[[nodiscard]] unsigned thread_count(unsigned asked);

// work: (std::size_t block, unsigned thread) -> R; join: (std::size_t block, R&&);
// progress: (std::size_t blocks_done), on the calling thread after each join.
template <class Work, class Join, class Progress>
BlocksRun run_blocks(std::size_t blocks, unsigned threads, const StopFlag& stop, Work&& work,
                     Join&& join, Progress&& progress) {
  using R = decltype(work(std::size_t{0}, 0u));
  if (threads <= 1) {
    for (std::size_t b = 0; b < blocks; ++b) {
      if (stop.is_set()) return {b, true};
      join(b, work(b, 0u));
      progress(b + 1);
    }
    return {blocks, false};
  }

  std::mutex mutex;
  std::condition_variable room, arrived;
  std::map<std::size_t, R> waiting;  // done, not joined
  std::size_t next = 0, joined = 0;
  unsigned alive = threads;
  const std::size_t ahead = std::size_t{4} * threads;

  const auto worker = [&](unsigned thread) {
    std::unique_lock lock(mutex);
    while (true) {
      room.wait(lock, [&] { return next >= blocks || next < joined + ahead || stop.is_set(); });
      if (next >= blocks || stop.is_set()) break;
      const std::size_t block = next++;
      lock.unlock();
      R result = work(block, thread);
      lock.lock();
      waiting.emplace(block, std::move(result));
      arrived.notify_one();
    }
    --alive;
    arrived.notify_one();
    room.notify_all();
  };

  std::vector<std::thread> pool;
  pool.reserve(threads);
  for (unsigned t = 0; t < threads; ++t) pool.emplace_back(worker, t);
  {
    std::unique_lock lock(mutex);
    while (true) {
      arrived.wait(lock, [&] { return alive == 0 || waiting.contains(joined); });
      const auto first = waiting.find(joined);
      if (first == waiting.end()) break;  // none alive, nothing left in order
      R result = std::move(first->second);
      waiting.erase(first);
      lock.unlock();
      join(joined, std::move(result));
      progress(joined + 1);
      lock.lock();
      ++joined;
      room.notify_all();
    }
  }
  for (std::thread& t : pool) t.join();
  return {joined, joined < blocks};
}

template <class Work, class Join>
BlocksRun run_blocks(std::size_t blocks, unsigned threads, const StopFlag& stop, Work&& work,
                     Join&& join) {
  return run_blocks(blocks, threads, stop, work, join, [](std::size_t) {});
}

}  // namespace warmshell
