// Reclaim and preemption in the fast engine.

#include <algorithm>

#include "replay/engine/fast_engine.h"

namespace warmshell::replay {

bool FastEngine::evict_for(JobIndex j) {
  const Scheduling& policy = input.scheduling;
  const Job& job_of = job(j);
  const std::int64_t asked_milli = shape(j).demand_milli;
  const bool may_reclaim = policy.reclaim && policy.order == JobOrder::fair_share;
  if ((!may_reclaim && !policy.preemption) || asked_milli == 0) return false;

  static const std::vector<std::int64_t> no_shares;
  const std::vector<std::int64_t>& share = may_reclaim ? shares() : no_shares;
  const std::size_t own = static_cast<std::size_t>(job_of.queue);
  const bool below_share = may_reclaim && allocated[own] + asked_milli <= share[own];
  if (!below_share && !policy.preemption) return false;

  const auto is_lower = [&](const Job& other) {
    return policy.preemption && other.priority < job_of.priority &&
           (other.queue == job_of.queue || policy.order == JobOrder::priority);
  };
  std::vector<std::int64_t> has = allocated;
  const auto is_above_share = [&](const Job& other) {
    const std::size_t leaf = static_cast<std::size_t>(other.queue);
    return below_share && other.queue != job_of.queue && has[leaf] > share[leaf];
  };

  std::vector<Victim> victims;
  for (const JobIndex v : running) {
    const Job& other = job(v);
    if (!other.preemptible || now - at(v).start_ms < std::max<Milliseconds>(1, policy.min_run_ms) ||
        (!is_lower(other) && !is_above_share(other)))
      continue;
    victims.push_back({other.priority, at(v).start_ms, v});
  }
  if (victims.empty()) return false;
  std::sort(victims.begin(), victims.end(), goes_before);

  // Actual power leaves with the victims, for the job would start at once.
  Sketch without;
  sketch_now(without);
  const auto take_away = [&](JobIndex v) {
    without.remove(shape(v), at(v).places);
    for (std::size_t w = 0; w < at(v).places.size(); ++w)
      without.power.add_actual(input.machine.nodes[at(v).places[w].node].pool, -at(v).actual[w]);
  };
  const auto put_back = [&](JobIndex v) {
    without.add(shape(v), at(v).places);
    for (std::size_t w = 0; w < at(v).places.size(); ++w)
      without.power.add_actual(input.machine.nodes[at(v).places[w].node].pool, at(v).actual[w]);
  };

  std::vector<std::pair<JobIndex, EvictReason>> chosen;
  bool fits = false;
  for (const Victim& victim : victims) {
    const Job& other = job(victim.job);
    const bool lower = is_lower(other);
    if (!lower && !is_above_share(other)) continue;
    take_away(victim.job);
    has[static_cast<std::size_t>(other.queue)] -= shape(victim.job).demand_milli;
    chosen.emplace_back(victim.job, lower ? EvictReason::preemption : EvictReason::reclaim);
    if (without.fits(shape(j), true)) {
      fits = true;
      break;
    }
  }
  if (!fits) return false;

  std::vector<std::pair<JobIndex, EvictReason>> going;
  for (const auto& [v, reason] : chosen) {
    put_back(v);
    if (without.fits(shape(j), true)) continue;
    take_away(v);
    going.emplace_back(v, reason);
  }
  if (going.empty()) return false;  // there is room, but not where the placement policy looks first
  for (const auto& [v, reason] : going) evict(v, reason);
  if (const std::optional<std::vector<Placement>> places = choose_places(j)) start(j, *places);
  return true;
}

}  // namespace warmshell::replay
