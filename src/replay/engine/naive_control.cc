// Power control of the naive engine: caps, levels, sleep and brake; see "Control" in
// src/replay/README.md.

#include <algorithm>

#include "replay/engine/naive_engine.h"

namespace warmshell::replay {

Microwatts NaiveEngine::cap(int d) const {
  return cap_at(d < 0 ? input.power.site_cap : row_cap_series(input.power, d), now);
}

bool NaiveEngine::touches(JobIndex j, int d) const {
  const JobRun& run = runs[static_cast<std::size_t>(j)];
  return d < 0 || std::any_of(run.places.begin(), run.places.end(), [&](const Placement& place) {
           return input.machine.nodes[place.node].pool == d;
         });
}

// The deepest of the standing level and of what the domains that the job touches ask.
int NaiveEngine::level_of(JobIndex j) const {
  const PowerControl& rules = input.power.control;
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  int level = input.power.standing_level;
  for (int d = -1; d < rows(); ++d) {
    if (!touches(j, d)) continue;
    const Domain& state = domain(d);
    if (state.braked && rules.gpu_cap) return INT32_MAX;  // the deepest of each GPU type
    if (state.stage == 0) continue;
    const Threshold& threshold = rules.thresholds[static_cast<std::size_t>(state.stage - 1)];
    level = std::max(level, job.priority < rules.low_priority_below ? threshold.low_level
                                                                    : threshold.high_level);
  }
  return level;
}

Microwatts NaiveEngine::job_draw_in_row(JobIndex j, int row) const {
  const JobRun& run = runs[static_cast<std::size_t>(j)];
  Microwatts draw = 0;
  for (const Placement& place : run.places) {
    const NodeCapacity& node = input.machine.nodes[place.node];
    if (node.pool == row) draw += actual_draw(input, j, node.gpu_type, level_of(j), run.phase);
  }
  return draw;
}

// IT power of a row, facility power of the site.
Microwatts NaiveEngine::metered(int d) const {
  Microwatts it = 0;
  for (NodeId n = 0; n < nodes.size(); ++n)
    if (d < 0 || input.machine.nodes[n].pool == d)
      it += nodes[n].asleep ? asleep_draw(input.machine, n) : awake_draw(input.machine, n);
  for (std::size_t j = 0; j < runs.size(); ++j)
    for (int row = 0; row < rows(); ++row)
      if (runs[j].result.state == JobState::running && (d < 0 || row == d))
        it += job_draw_in_row(static_cast<JobIndex>(j), row);
  return d < 0 ? facility_power(input.power, it) : it;
}

Microwatts NaiveEngine::metered_if(int d, std::int32_t stage, bool braked) {
  const Domain before = domain(d);
  domain(d).stage = stage;
  domain(d).braked = braked;
  const Microwatts power = metered(d);
  domain(d) = before;
  return power;
}

void NaiveEngine::commands_due() {
  for (int d = -1; d < rows(); ++d) {
    Domain& state = domain(d);
    while (!state.commands.empty() && state.commands.front().due_ms <= now) {
      state.stage = state.commands.front().stage;
      state.commands.erase(state.commands.begin());
      record(EventKind::stage, d, state.stage);
    }
    if (state.brake_due_ms <= now) {
      state.brake_due_ms = never_ms;
      if (cap(d) != no_cap && metered(d) > cap(d)) pull_brake(d);
    }
  }
}

// Measures every domain, commands, and repeats while a command without latency changed something.
void NaiveEngine::control() {
  bool first = true;
  for (bool changed = true; changed; first = false) {
    changed = false;
    for (int d = -1; d < rows(); ++d) {
      if (first && release_brake(d)) changed = true;
      if (command_stage(d, first)) changed = true;
    }
    for (int d = -1; d < rows(); ++d)
      if (brake_when_over(d)) changed = true;
  }
}

bool NaiveEngine::command_stage(int d, bool may_release) {
  const PowerControl& rules = input.power.control;
  Domain& state = domain(d);
  if (!rules.gpu_cap) return false;
  const Microwatts limit = cap(d);
  const auto part = [&](std::int32_t ppm) { return static_cast<Wide>(limit) * ppm / 1'000'000; };

  std::int32_t wanted = state.commanded;
  if (limit == no_cap) {
    wanted = 0;
  } else {
    const Microwatts power = metered(d);
    for (std::size_t t = 0; t < rules.thresholds.size(); ++t)
      if (power > part(rules.thresholds[t].at_ppm))
        wanted = std::max(wanted, static_cast<std::int32_t>(t) + 1);
    // Down by one step, once what was commanded is in force.
    if (wanted == state.commanded && wanted > 0 && may_release && state.commands.empty() &&
        !state.braked) {
      const std::int32_t at = rules.thresholds[static_cast<std::size_t>(wanted - 1)].at_ppm;
      const Microwatts judged = rules.measured_release ? power : metered_if(d, wanted - 1, false);
      if (judged <= part(at - rules.hysteresis_ppm)) --wanted;
    }
  }
  if (wanted == state.commanded) return false;
  state.commanded = wanted;
  if (rules.latency_ms > 0) {
    state.commands.push_back({now + rules.latency_ms, wanted});
    return false;
  }
  state.stage = wanted;
  record(EventKind::stage, d, wanted);
  return true;
}

// A brake that is on already helps only where something is left to evict or to put to sleep.
bool NaiveEngine::brake_can_help(int d) const {
  const PowerControl& rules = input.power.control;
  if (!domain(d).braked) return true;
  for (std::size_t j = 0; j < runs.size() && rules.preempt; ++j)
    if (runs[j].result.state == JobState::running && touches(static_cast<JobIndex>(j), d) &&
        input.workload.jobs[j].gpu_demand_milli() > 0)
      return true;
  for (NodeId n = 0; n < nodes.size() && rules.sleep; ++n)
    if (!nodes[n].asleep && nodes[n].idle_since_ms != never_ms &&
        (d < 0 || input.machine.nodes[n].pool == d))
      return true;
  return false;
}

bool NaiveEngine::brake_when_over(int d) {
  const PowerControl& rules = input.power.control;
  Domain& state = domain(d);
  if (!rules.gpu_cap && !rules.sleep && !rules.preempt) return false;
  if (state.brake_due_ms != never_ms || cap(d) == no_cap || metered(d) <= cap(d)) return false;
  if (!brake_can_help(d)) return false;
  if (rules.brake_ms > 0) {
    state.brake_due_ms = now + rules.brake_ms;
    return false;
  }
  const Microwatts before = metered(d);
  pull_brake(d);
  return metered(d) != before;
}

// The deepest levels, then sleep, then evictions, until power is under the cap.
void NaiveEngine::pull_brake(int d) {
  const PowerControl& rules = input.power.control;
  domain(d).brake_until_ms = now + rules.hold_ms;
  if (!domain(d).braked) {
    domain(d).braked = true;
    record(EventKind::brake, d, 1);
  }
  if (rules.sleep) {
    for (NodeId n = 0; n < nodes.size() && metered(d) > cap(d); ++n) {
      if (nodes[n].asleep || nodes[n].idle_since_ms == never_ms) continue;
      if (d >= 0 && input.machine.nodes[n].pool != d) continue;
      nodes[n].asleep = true;
      record(EventKind::sleep, static_cast<std::int32_t>(n));
    }
  }
  if (!rules.preempt) return;

  std::vector<Victim> victims;
  for (std::size_t j = 0; j < runs.size(); ++j)
    if (runs[j].result.state == JobState::running && touches(static_cast<JobIndex>(j), d) &&
        input.workload.jobs[j].gpu_demand_milli() > 0)
      victims.push_back(
          {input.workload.jobs[j].priority, runs[j].start_ms, static_cast<JobIndex>(j)});
  std::sort(victims.begin(), victims.end(), goes_before);
  for (const Victim& victim : victims) {
    if (metered(d) <= cap(d)) break;
    evict(victim.job, EvictReason::power);
    domain(d).held_until_ms = now + rules.hold_ms;
  }
}

// The brake goes when power without it stays under the last threshold less the hysteresis.
bool NaiveEngine::release_brake(int d) {
  const PowerControl& rules = input.power.control;
  Domain& state = domain(d);
  if (!state.braked || state.brake_due_ms != never_ms || state.brake_until_ms > now) return false;
  const Microwatts limit = cap(d);
  const Microwatts judged = rules.measured_release ? metered(d) : metered_if(d, state.stage, false);
  if (limit != no_cap &&
      judged > static_cast<Wide>(limit) * (1'000'000 - rules.hysteresis_ppm) / 1'000'000)
    return false;
  state.braked = false;
  record(EventKind::brake, d, 0);
  return true;
}

}  // namespace warmshell::replay
