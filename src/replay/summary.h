#pragma once
// The outcome of a replay in the units people speak of, and as `warmshell.replay/1`.
// Thread rule: pure functions.

#include <map>
#include <string>
#include <vector>

#include "replay/engine/input.h"
#include "text/json_writer.h"

namespace warmshell::replay {

struct WaitSummary {
  std::int64_t jobs = 0;  // that started
  double p50_h = 0, p90_h = 0, p99_h = 0, longest_h = 0;
  double completion_p50_h = 0, completion_p90_h = 0;  // from submission to the end, completed jobs
};

struct ReplaySummary {
  std::int64_t jobs = 0, completed = 0, running = 0, waiting = 0, refused = 0, unseen = 0;
  std::int64_t evictions = 0;
  double hours = 0;      // from the first submission to the end of the run
  double gpu_hours = 0;  // capacity x hours
  struct Part {
    std::string name;
    double gpu_hours = 0;
    double share = 0;  // of all GPU-hours
  };
  std::vector<Part> parts;  // of gpu_hours: useful first; their sum is exact before it is rounded
  double it_energy_mwh = 0, energy_mwh = 0, cost = 0;
  double provisioned_mw = 0;  // facility: the highest site cap, else the nameplate at the meter
  double useful_per_mwh = 0;
  double useful_per_provisioned_mw = 0;
  double excursion_minutes = 0;
  double longest_excursion_s = 0;
  WaitSummary all;
  std::map<std::string, WaitSummary> waits;  // by queue
  bool gpu_time_conserved = false;
  bool jobs_conserved = false;
};

// Power at the meter with every node awake and every GPU at its peak.
[[nodiscard]] double nameplate_mw(const ReplayInput& input);

[[nodiscard]] ReplaySummary summarise(const ReplayInput& input, const Outcome& outcome);

// The keys of warmshell.replay/1 that a replay in time fills, inside an object that is open.
void write_replay_json(text::JsonWriter& json, const ReplayInput& input, const Outcome& outcome,
                       const ReplaySummary& summary);

}  // namespace warmshell::replay
