// Power control of the fast engine: as naive_control.cc, on the ledger.

#include <algorithm>

#include "replay/engine/fast_engine.h"

namespace warmshell::replay {

void FastEngine::refresh_caps() {
  if (now >= tariff_until) {
    tariff = tariff_step(input.power, now);
    tariff_until = next_tariff_change(input.power, now);
  }
  if (now < caps_until) return;
  caps_until = never_ms;
  for (int d = -1; d < rows(); ++d) {
    const CapSeries& series = d < 0 ? input.power.site_cap : row_cap_series(input.power, d);
    power.domain(d).cap = cap_at(series, now);
    caps_until = std::min(caps_until, next_cap_change(series, now));
  }
}

void FastEngine::refresh_shut() {
  for (int d = -1; d < rows(); ++d)
    power.domain(d).shut = domain(d).braked || domain(d).held_until_ms > now;
}

int FastEngine::level_of(JobIndex j) {
  const PowerControl& rules = input.power.control;
  int level = input.power.standing_level;
  for (int d = -1; d < rows(); ++d) {
    if (!touches(j, d)) continue;
    const Domain& state_of = domain(d);
    if (state_of.braked && rules.gpu_cap) return INT32_MAX;
    if (state_of.stage == 0) continue;
    const Threshold& threshold = rules.thresholds[static_cast<std::size_t>(state_of.stage - 1)];
    level = std::max(level, job(j).priority < rules.low_priority_below ? threshold.low_level
                                                                       : threshold.high_level);
  }
  return level;
}

Microwatts FastEngine::metered_if(int d, std::int32_t stage, bool braked) {
  const std::int32_t stage_before = domain(d).stage;
  const bool braked_before = domain(d).braked;
  domain(d).stage = stage;
  domain(d).braked = braked;
  Microwatts it = power.domain(d).floor;
  for (const JobIndex j : running) {
    if (!touches(j, d)) continue;
    const int level = level_of(j);
    for (const Placement& place : at(j).places) {
      const NodeCapacity& node = input.machine.nodes[place.node];
      if (d < 0 || node.pool == d) it += actual_draw(input, j, node.gpu_type, level, at(j).phase);
    }
  }
  domain(d).stage = stage_before;
  domain(d).braked = braked_before;
  return d < 0 ? facility_power(input.power, it) : it;
}

void FastEngine::levels_changed(int d) {
  ++state;
  for (const JobIndex j : running) {
    if (!touches(j, d)) continue;
    set_actual(j);
    mark_stale(j);
  }
}

void FastEngine::put_to_sleep(NodeId n) {
  nodes[n].asleep = true;
  asleep[n] = 1;
  ++asleep_count;
  power.add_floor(input.machine.nodes[n].pool,
                  asleep_draw(input.machine, n) - awake_draw(input.machine, n));
  ++state;
  record(EventKind::sleep, static_cast<std::int32_t>(n));
}

void FastEngine::commands_due() {
  for (int d = -1; d < rows(); ++d) {
    Domain& state_of = domain(d);
    while (!state_of.commands.empty() && state_of.commands.front().due_ms <= now) {
      state_of.stage = state_of.commands.front().stage;
      state_of.commands.erase(state_of.commands.begin());
      record(EventKind::stage, d, state_of.stage);
      levels_changed(d);
    }
    if (state_of.brake_due_ms <= now) {
      state_of.brake_due_ms = never_ms;
      if (cap(d) != no_cap && metered(d) > cap(d)) pull_brake(d);
    }
  }
}

void FastEngine::control() {
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

bool FastEngine::command_stage(int d, bool may_release) {
  const PowerControl& rules = input.power.control;
  Domain& state_of = domain(d);
  if (!rules.gpu_cap) return false;
  const Microwatts limit = cap(d);
  const auto part = [&](std::int32_t ppm) { return static_cast<Wide>(limit) * ppm / 1'000'000; };

  std::int32_t wanted = state_of.commanded;
  if (limit == no_cap) {
    wanted = 0;
  } else {
    const Microwatts measured = metered(d);
    for (std::size_t t = 0; t < rules.thresholds.size(); ++t)
      if (measured > part(rules.thresholds[t].at_ppm))
        wanted = std::max(wanted, static_cast<std::int32_t>(t) + 1);
    if (wanted == state_of.commanded && wanted > 0 && may_release && state_of.commands.empty() &&
        !state_of.braked) {
      const std::int32_t at_ppm = rules.thresholds[static_cast<std::size_t>(wanted - 1)].at_ppm;
      const Microwatts judged =
          rules.measured_release ? measured : metered_if(d, wanted - 1, false);
      if (judged <= part(at_ppm - rules.hysteresis_ppm)) --wanted;
    }
  }
  if (wanted == state_of.commanded) return false;
  state_of.commanded = wanted;
  if (rules.latency_ms > 0) {
    state_of.commands.push_back({now + rules.latency_ms, wanted});
    return false;
  }
  state_of.stage = wanted;
  record(EventKind::stage, d, wanted);
  levels_changed(d);
  return true;
}

// A brake that is on already helps only where something is left to evict or to put to sleep.
bool FastEngine::brake_can_help(int d) {
  const PowerControl& rules = input.power.control;
  if (!domain(d).braked) return true;
  if (rules.preempt)
    for (const JobIndex j : running)
      if (touches(j, d) && shape(j).demand_milli > 0) return true;
  for (NodeId n = 0; n < nodes.size() && rules.sleep; ++n)
    if (!nodes[n].asleep && nodes[n].idle_since_ms != never_ms &&
        (d < 0 || input.machine.nodes[n].pool == d))
      return true;
  return false;
}

bool FastEngine::brake_when_over(int d) {
  const PowerControl& rules = input.power.control;
  Domain& state_of = domain(d);
  if (!rules.gpu_cap && !rules.sleep && !rules.preempt) return false;
  if (state_of.brake_due_ms != never_ms || cap(d) == no_cap || metered(d) <= cap(d)) return false;
  if (!brake_can_help(d)) return false;
  if (rules.brake_ms > 0) {
    state_of.brake_due_ms = now + rules.brake_ms;
    return false;
  }
  const Microwatts before = metered(d);
  pull_brake(d);
  return metered(d) != before;
}

void FastEngine::pull_brake(int d) {
  const PowerControl& rules = input.power.control;
  domain(d).brake_until_ms = now + rules.hold_ms;
  if (!domain(d).braked) {
    domain(d).braked = true;
    record(EventKind::brake, d, 1);
    levels_changed(d);
  }
  if (rules.sleep) {
    for (NodeId n = 0; n < nodes.size() && metered(d) > cap(d); ++n) {
      if (nodes[n].asleep || nodes[n].idle_since_ms == never_ms) continue;
      if (d >= 0 && input.machine.nodes[n].pool != d) continue;
      put_to_sleep(n);
    }
  }
  if (!rules.preempt) return;

  std::vector<Victim> victims;
  for (const JobIndex j : running)
    if (touches(j, d) && shape(j).demand_milli > 0)
      victims.push_back({job(j).priority, at(j).start_ms, j});
  std::sort(victims.begin(), victims.end(), goes_before);
  for (const Victim& victim : victims) {
    if (metered(d) <= cap(d)) break;
    evict(victim.job, EvictReason::power);
    domain(d).held_until_ms = now + rules.hold_ms;
  }
}

bool FastEngine::release_brake(int d) {
  const PowerControl& rules = input.power.control;
  Domain& state_of = domain(d);
  if (!state_of.braked || state_of.brake_due_ms != never_ms || state_of.brake_until_ms > now)
    return false;
  const Microwatts limit = cap(d);
  const Microwatts judged =
      rules.measured_release ? metered(d) : metered_if(d, state_of.stage, false);
  if (limit != no_cap &&
      judged > static_cast<Wide>(limit) * (1'000'000 - rules.hysteresis_ppm) / 1'000'000)
    return false;
  state_of.braked = false;
  record(EventKind::brake, d, 0);
  levels_changed(d);
  return true;
}

}  // namespace warmshell::replay
