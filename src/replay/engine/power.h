#pragma once
// How much power there may be, and who keeps it: caps, admission, actuators. Semantics to the
// digit: src/replay/README.md.
//
// A domain is a row (IT power of its nodes against its cap) or the site (facility power: IT x PUE /
// (1 - losses) against the facility cap). Thread rule: plain values.

#include <cstdint>
#include <vector>

#include "replay/engine/workload.h"

namespace warmshell::replay {

// A step function of time: `value` holds from `from_ms` to the next step. Steps rise in time.
struct CapStep {
  Milliseconds from_ms = 0;
  Milliwatts cap_mw = 0;
};
using CapSeries = std::vector<CapStep>;  // before the first step, and where empty: no cap

inline constexpr Microwatts no_cap = INT64_MAX;

struct TariffStep {
  Milliseconds from_ms = 0;
  double money_per_mwh = 0;
};

enum class Admission {
  open,        // no check
  nameplate,   // every busy GPU at peak (or at the standing level's limit)
  percentile,  // at the measured percentile of its profile
  expectation  // mean + sigmas x standard deviation, workers independent of each other
};

// The two thresholds of the POLCA controller (Patel et al., "Characterizing Power Management
// Opportunities for LLMs in the Cloud", ASPLOS 2024): at the first, low-priority jobs are capped,
// at the second also the others.
struct Threshold {
  std::int32_t at_ppm = 0;      // of the cap
  std::int32_t low_level = 0;   // level of jobs of low priority
  std::int32_t high_level = 0;  // level of the others
};

struct PowerControl {
  bool gpu_cap = false;  // may set levels
  bool sleep = false;    // may put idle nodes to sleep at once when power is over the cap
  bool preempt = false;  // may evict when the levels are not enough
  std::vector<Threshold> thresholds = {{800'000, 1, 0}, {890'000, 2, 1}};  // rising
  std::int32_t hysteresis_ppm = 50'000;
  Milliseconds latency_ms = 40'000;     // from a command to its effect
  Milliseconds brake_ms = 5'000;        // from power above the cap to the brake's effect
  std::int32_t low_priority_below = 1;  // jobs of lower priority than this are the low ones
  bool measured_release =
      false;  // release when measured power is low; else only when predicted to be
  Milliseconds hold_ms = 60'000;    // after an eviction for power, nothing is started there so long
  std::int32_t give_up_after = 20;  // evictions for power; then the job is refused
};

struct PowerRules {
  CapSeries site_cap;               // facility milliwatts
  std::vector<CapSeries> row_caps;  // IT milliwatts, by row; may be shorter than the rows
  std::int32_t pue_ppm = 1'000'000;
  std::int32_t losses_ppm = 0;  // of facility power, between meter and rack, beyond PUE
  std::vector<TariffStep> tariff;
  Admission admission = Admission::open;
  std::int32_t sigmas_milli = 2'000;   // k of expectation, in thousandths
  std::int32_t admit_ppm = 1'000'000;  // admitted power / cap: above one is oversubscription
  std::int32_t standing_level = 0;     // power limit of every GPU at all times
  Milliseconds sleep_after_ms = 0;     // idle nodes sleep after; 0: never
  Milliseconds wake_ms = 0;            // work that a job waits for when it wakes a node
  PowerControl control;
};

// Facility power that stands behind IT power, rounded up.
[[nodiscard]] Microwatts facility_power(const PowerRules& rules, Microwatts it);

// The cap in microwatts that holds at `time`, no_cap where there is none, and when it next changes.
[[nodiscard]] Microwatts cap_at(const CapSeries& series, Milliseconds time);
[[nodiscard]] Milliseconds next_cap_change(const CapSeries& series, Milliseconds after);

// The highest cap that ever holds; no_cap where at some time there is none.
[[nodiscard]] Microwatts highest_cap(const CapSeries& series);
// Of a row; empty where none is given.
[[nodiscard]] const CapSeries& row_cap_series(const PowerRules& rules, int row);

// The step of the tariff that holds at `time`: 0 before the first, else its index + 1.
[[nodiscard]] std::size_t tariff_step(const PowerRules& rules, Milliseconds time);
[[nodiscard]] Milliseconds next_tariff_change(const PowerRules& rules, Milliseconds after);

// 64 random bits that depend on nothing but these three.
[[nodiscard]] std::uint64_t draw_bits(std::uint64_t seed, std::int64_t a, std::int64_t b);

// Draw of one GPU of a job in its phase: mean + deviation x a bell-shaped number fixed by
// (seed, job, phase), between idle and peak; uncapped.
[[nodiscard]] Milliwatts phase_draw(const GpuType& type, const PowerProfile& profile,
                                    const ProfileOnType& on_type, std::uint64_t seed,
                                    std::int64_t job, std::int64_t phase);

}  // namespace warmshell::replay
