#pragma once
// How the manager of the cluster decides: order of jobs, backfill, queues, placement. Semantics to
// the digit: src/replay/README.md. Thread rule: plain values.

#include <cstdint>
#include <vector>

#include "replay/engine/workload.h"
#include "replay/placement.h"

namespace warmshell::replay {

enum class JobOrder { fifo, shortest, priority, fair_share };
enum class Backfill { none, easy, conservative };

struct Scheduling {
  Policy placement = Policy::first_fit;
  JobOrder order = JobOrder::fifo;
  Backfill backfill = Backfill::none;
  std::int32_t reservations = 100;  // conservative: jobs that get one in each pass
  bool borrowing = true;            // a queue may exceed what it deserves
  bool reclaim = false;             // fair share: take back from queues above their share
  bool preemption = false;          // a higher priority evicts a lower one
  Milliseconds min_run_ms = 0;      // nobody is evicted by a peer before; at least 1 is used
  Milliseconds max_wait_ms = 0;     // aging: who waited so long goes first, oldest first; 0: off
  // Throughput of each of n jobs that share one GPU, by n - 1; the last entry holds beyond.
  std::vector<std::int32_t> sharing_rate_ppm = {full_rate_ppm};
  std::uint64_t seed = 0;
};

}  // namespace warmshell::replay
