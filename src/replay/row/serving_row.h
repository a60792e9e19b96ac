#pragma once
// A row of servers that answer requests of a language model under the row's power budget: the
// setting of POLCA (Patel et al., "Characterizing Power Management Opportunities for LLMs in the
// Cloud", ASPLOS 2024), as an input of the replay engine, whose power control runs it.
//
// A server answers one request at a time: the prompt near peak draw, then its tokens lower. Locking
// clocks takes longer than a request, so a server belongs to one priority, and requests of that
// priority wait for its servers in one line. The load grows with the servers.
// Thread rule: plain values and pure functions.

#include <cstdint>
#include <vector>

#include "replay/curves/cap_curve.h"
#include "replay/engine/input.h"
#include "replay/row/serving_times.h"

namespace warmshell::replay {

// A clock that can be locked, as a share of the highest, and what it does to draw and speed.
struct ClockLevels {
  std::vector<double> clocks = {1};  // falling, the first 1; level l of the engine locks clocks[l]
  CapCurve curve;                    // of a measured relative: power over clock
  double response = 1;  // of the fall of the draw that the curve tells, so much comes true
};

struct RowDesign {
  int servers = 40;
  int designed_for = 40;  // servers that the budget was made for
  int gpus = 8;
  double gpu_watts = 400;      // rated; shares of draw are of this
  double gpu_idle_watts = 60;  // with the model loaded
  double base_watts = 2500;    // of a server beyond its GPUs, always
  double budget_watts = 6500;  // of the row, for each server it was designed for
  double load = 1;             // requests per server, as a share of the trace's on `designed_for`
  double low_priority_share = 0.5;  // of servers and of requests
  ClockLevels levels;
  bool budget_holds = true;  // false: no cap at all
  PowerControl control;
  std::uint64_t seed = 1;
};

[[nodiscard]] ReplayInput serving_row(const RowDesign& design, const ServingTimes& times,
                                      const std::vector<LlmRequest>& requests);

// Of requests of one priority that were answered.
struct Latency {
  std::int64_t requests = 0;
  double p50_ms = 0, p99_ms = 0;                // from arrival to the last token
  double answer_p50_ms = 0, answer_p99_ms = 0;  // without the wait for a server
};

struct RowOutcome {
  std::int64_t brakes = 0;       // times the brake was pulled
  std::int64_t low_capped = 0;   // times the first threshold was commanded from below
  std::int64_t high_capped = 0;  // times the second was
  std::int64_t excursions = 0;   // above the budget, of any length
  Milliseconds longest_excursion_ms = 0;
  double peak = 0;  // of the budget, highest mean over two seconds
  double mean = 0;  // of the budget, over the time of arrivals
  double megawatt_hours = 0;
  Latency low, high;
  Milliseconds end_ms = 0;
};
[[nodiscard]] RowOutcome run_row(const RowDesign& design, const ServingTimes& times,
                                 const std::vector<LlmRequest>& requests);

// The load that keeps servers busy for such a share of the trace's time, nothing slowed or queued.
[[nodiscard]] double load_for_busy(const RowDesign& design, const ServingTimes& times,
                                   const std::vector<LlmRequest>& requests, double busy);
// The budget per server of which the row as designed, without any cap, draws such a share at its
// peak.
[[nodiscard]] double budget_for_peak(RowDesign design, const ServingTimes& times,
                                     const std::vector<LlmRequest>& requests, double peak);

}  // namespace warmshell::replay
