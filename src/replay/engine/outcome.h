#pragma once
// What a replay yields: the event log, where every GPU-second went, waits, energy, excursions.
//
// Invariant, checked in every run: the parts of GpuTime add up to capacity x time exactly, and jobs
// submitted = completed + running + waiting + refused. Thread rule: plain values.

#include <cstdint>
#include <string>
#include <vector>

#include "replay/engine/workload.h"

namespace warmshell::replay {

enum class EventKind : std::uint8_t {
  arrive,   // subject: job
  refuse,   // job; it never fits (the empty machine, its queue's limit), or power evicted it too
            // often
  start,    // job; value: how many times it was started before
  place,    // job; value: node << 32 | GPU set; one for each worker, after its start
  finish,   // job
  evict,    // job; value: EvictReason
  reserve,  // job (the head); value: the time held for it
  stage,    // domain (-1 the site, else the row); value: stage in force
  brake,    // domain; value: 1 on, 0 off
  sleep,    // node
  wake,     // node
  excursion_begin,  // domain; value: microwatts over the cap
  excursion_end     // domain; value: milliseconds it lasted
};
enum class EvictReason : std::uint8_t { reclaim, preemption, power };

struct Event {
  Milliseconds time_ms = 0;
  EventKind kind = EventKind::arrive;
  std::int32_t subject = 0;
  std::int64_t value = 0;
  bool operator==(const Event&) const = default;
};

// GPU milli x milliseconds x parts per million of rate.
struct GpuTime {
  Wide useful = 0;  // work done and kept
  Wide fragmentation =
      0;           // free, enough in sum for a waiting job, but no node has room for a worker
  Wide quota = 0;  // free, and the waiting jobs' queues are at their limit
  Wide power = 0;  // free for want of power, slowed by a power limit, or waiting for a waking node
  Wide gang_wait = 0;     // free, and gathered or held for a waiting gang
  Wide interference = 0;  // busy, lost to sharing a GPU
  Wide preempted = 0;     // busy with work that an eviction destroyed, or with loading a checkpoint
  Wide idle = 0;          // free, and nobody wants it
  bool operator==(const GpuTime&) const = default;
  [[nodiscard]] Wide sum() const {
    return useful + fragmentation + quota + power + gang_wait + interference + preempted + idle;
  }
};
[[nodiscard]] double gpu_hours(Wide gpu_time);

struct Excursion {
  std::int32_t domain = -1;  // -1 the site, else the row
  Milliseconds begin_ms = 0;
  Milliseconds end_ms = 0;
  Microwatts worst_over = 0;
  bool operator==(const Excursion&) const = default;
};

enum class JobState : std::uint8_t { unseen, waiting, running, completed, refused };

struct JobOutcome {
  JobState state = JobState::unseen;
  std::int32_t starts = 0;
  Milliseconds first_start_ms = -1;
  Milliseconds end_ms = -1;
  std::int64_t done = 0;  // work kept at the end of the run, milliseconds x parts per million
  bool operator==(const JobOutcome&) const = default;
};

// Constant from time_ms to the next sample; one for each instant at which something changed.
struct Sample {
  Milliseconds time_ms = 0;
  std::int64_t busy_milli = 0;
  std::int64_t waiting_milli = 0;
  // Why free GPUs are free; what is left of them is idle.
  std::int64_t fragmentation_milli = 0, quota_milli = 0, power_milli = 0, gang_wait_milli = 0;
  Microwatts it_power = 0;
  Microwatts facility_power = 0;
  Microwatts site_cap = never_ms;
  bool operator==(const Sample&) const = default;
};

struct Outcome {
  std::vector<Event> log;        // empty unless asked for
  std::vector<Sample> samples;   // empty unless asked for
  std::vector<JobOutcome> jobs;  // by job
  GpuTime gpu_time;
  Milliseconds end_ms = 0;
  std::int64_t capacity_milli = 0;
  Wide it_energy = 0;        // microwatts x ms
  Wide facility_energy = 0;  // microwatts x ms
  double cost = 0;
  std::vector<Excursion> excursions;
  std::int64_t evictions = 0;
  std::int64_t passes = 0;
};

// Microwatts x milliseconds in megawatt-hours.
[[nodiscard]] double megawatt_hours(Wide energy);

// What is asked of a run.
struct RunOptions {
  Milliseconds horizon_ms = never_ms;  // the run ends here at the latest
  bool log = false;
  bool samples = false;
};

}  // namespace warmshell::replay
