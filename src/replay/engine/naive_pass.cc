// The scheduling pass of the naive engine: in the order of the policy every waiting job is tried
// once; see "The pass" in src/replay/README.md.

#include <algorithm>

#include "replay/engine/fair_share.h"
#include "replay/engine/naive_engine.h"

namespace warmshell::replay {

void NaiveEngine::pass() {
  ++out.passes;
  while (pass_once()) {
  }
}

// True: jobs were evicted, everything is to be tried again.
bool NaiveEngine::pass_once() {
  const Scheduling& policy = input.scheduling;
  std::vector<char> tried(runs.size(), 0);
  std::vector<char> shut_queues(input.workload.queues.size(), 0);
  std::vector<Reservation> plan;
  JobIndex head = -1;                 // EASY: the first job that cannot start now
  Milliseconds held_from = never_ms;  // when it can, if nothing else starts
  std::optional<View> then;           // the machine at that time

  for (;;) {
    const JobIndex j = next_candidate(tried, shut_queues);
    if (j < 0) return false;
    tried[static_cast<std::size_t>(j)] = 1;
    const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
    const JobRun& run = runs[static_cast<std::size_t>(j)];

    const std::int32_t quota = blocking_quota(j);
    if (quota >= 0) {
      if (overdue(j)) shut_queues[static_cast<std::size_t>(quota)] = 1;
      continue;
    }

    if (policy.backfill == Backfill::conservative) {
      const Planned planned = plan_job(j, plan);
      if (planned == Planned::started) continue;
      if (plan.size() == (planned == Planned::reserved ? 1u : 0u) && evict_for(j)) return true;
      if (static_cast<std::int32_t>(plan.size()) >= policy.reservations) return false;
      continue;
    }

    const View view = view_now();
    const std::optional<std::vector<Placement>> places = choose_places(view, j);

    if (head >= 0) {  // backfill: only what leaves the reservation of the head alone
      if (!places) continue;
      const bool ends_before = now + estimate_left(job, run.done, run.result.starts) <= held_from;
      if (!ends_before) {
        View with = *then;
        add_to_view(with, j, *places);
        if (!first_fit(with, head, false)) continue;
        then = with;
      }
      start(j, *places);
      continue;
    }

    if (places) {
      start(j, *places);
      continue;
    }
    if (evict_for(j)) return true;

    if (policy.backfill == Backfill::easy) {
      head = j;
      std::vector<Milliseconds> times = {now};
      for (const JobRun& other : runs)
        if (other.result.state == JobState::running)
          times.push_back(std::max(other.believed_end_ms, now + 1));
      std::sort(times.begin(), times.end());
      for (const Milliseconds time : times) {
        std::vector<char> gone(runs.size(), 0);
        for (std::size_t r = 0; r < runs.size(); ++r)
          gone[r] = std::max(runs[r].believed_end_ms, now + 1) <= time;
        then = view_without(gone);
        if (!first_fit(*then, head, false)) continue;
        held_from = time;
        break;
      }
      if (held_from != never_ms && (head != reserved_job || held_from != reserved_ms)) {
        record(EventKind::reserve, head, held_from);
        reserved_job = head;
        reserved_ms = held_from;
      }
    } else if (policy.order == JobOrder::fair_share && !overdue(j)) {
      shut_queues[static_cast<std::size_t>(job.queue)] = 1;
    } else {
      return false;
    }
  }
}

bool NaiveEngine::overdue(JobIndex j) const {
  const Milliseconds max_wait = input.scheduling.max_wait_ms;
  return max_wait > 0 &&
         now - input.workload.jobs[static_cast<std::size_t>(j)].submit_ms >= max_wait;
}

bool NaiveEngine::inside(std::int32_t queue, std::int32_t ancestor) const {
  for (; queue >= 0; queue = input.workload.queues[static_cast<std::size_t>(queue)].parent)
    if (queue == ancestor) return true;
  return false;
}

NaiveEngine::JobIndex NaiveEngine::next_candidate(const std::vector<char>& tried,
                                                  const std::vector<char>& shut_queues) const {
  const std::vector<Queue>& queues = input.workload.queues;
  std::vector<JobIndex> candidates;
  for (std::size_t j = 0; j < runs.size(); ++j) {
    if (runs[j].result.state != JobState::waiting || tried[j]) continue;
    bool shut = false;
    for (std::size_t q = 0; q < queues.size(); ++q)
      if (shut_queues[q] && inside(input.workload.jobs[j].queue, static_cast<std::int32_t>(q)))
        shut = true;
    if (!shut) candidates.push_back(static_cast<JobIndex>(j));
  }

  for (const JobIndex j : candidates)
    if (overdue(j)) return j;  // the oldest: jobs stand by their submission

  // Fair share: down the tree, to the child that has least of its share.
  std::int32_t leaf = -1;
  if (input.scheduling.order == JobOrder::fair_share && !candidates.empty()) {
    const std::vector<std::int64_t> has = allocated();
    const std::vector<std::int64_t> share = shares();
    for (bool descended = true; descended;) {
      descended = false;
      std::int32_t best = -1;
      for (std::int32_t q = 0; q < static_cast<std::int32_t>(queues.size()); ++q) {
        if (queues[static_cast<std::size_t>(q)].parent != leaf) continue;
        if (std::none_of(candidates.begin(), candidates.end(), [&](JobIndex j) {
              return inside(input.workload.jobs[static_cast<std::size_t>(j)].queue, q);
            }))
          continue;
        if (best < 0 ||
            less_served(has[static_cast<std::size_t>(q)], share[static_cast<std::size_t>(q)],
                        has[static_cast<std::size_t>(best)], share[static_cast<std::size_t>(best)]))
          best = q;
      }
      if (best >= 0) {
        leaf = best;
        descended = true;
      }
    }
  }

  JobIndex first = -1;
  for (const JobIndex j : candidates) {
    const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
    if (leaf >= 0 && job.queue != leaf) continue;
    if (first < 0 ||
        order_key(input.scheduling.order, job) <
            order_key(input.scheduling.order, input.workload.jobs[static_cast<std::size_t>(first)]))
      first = j;
  }
  return first;
}

std::vector<std::int64_t> NaiveEngine::allocated() const {
  std::vector<std::int64_t> has(input.workload.queues.size(), 0);
  for (std::size_t j = 0; j < runs.size(); ++j) {
    if (runs[j].result.state != JobState::running) continue;
    const Job& job = input.workload.jobs[j];
    for (std::int32_t q = job.queue; q >= 0;
         q = input.workload.queues[static_cast<std::size_t>(q)].parent)
      has[static_cast<std::size_t>(q)] += job.gpu_demand_milli();
  }
  return has;
}

std::vector<std::int64_t> NaiveEngine::shares() const {
  std::vector<std::int64_t> demand(input.workload.queues.size(), 0);
  for (std::size_t j = 0; j < runs.size(); ++j)
    if (runs[j].result.state == JobState::running || runs[j].result.state == JobState::waiting)
      demand[static_cast<std::size_t>(input.workload.jobs[j].queue)] +=
          input.workload.jobs[j].gpu_demand_milli();
  return fair_shares(input.workload.queues, demand, out.capacity_milli);
}

// The queue, from the leaf upwards, whose bound the job would break; -1 none.
std::int32_t NaiveEngine::blocking_quota(JobIndex j) const {
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  const std::vector<std::int64_t> has = allocated();
  for (std::int32_t q = job.queue; q >= 0;
       q = input.workload.queues[static_cast<std::size_t>(q)].parent)
    if (has[static_cast<std::size_t>(q)] + job.gpu_demand_milli() >
        quota_bound(input.scheduling, input.workload.queues[static_cast<std::size_t>(q)]))
      return q;
  return -1;
}

// ---- The machine as it stands, or would stand

NaiveEngine::View NaiveEngine::empty_view() const {
  View view{ClusterState(input.machine.nodes), {}, {}};
  view.power.rows.resize(input.machine.rows.size());
  for (int row = -1; row < rows(); ++row) {
    view.power.domain(row).cap =
        highest_cap(row < 0 ? input.power.site_cap : row_cap_series(input.power, row));
  }
  for (NodeId n = 0; n < nodes.size(); ++n) {
    const bool asleep = input.power.sleep_after_ms > 0;
    view.asleep.push_back(asleep);
    view.power.add_floor(input.machine.nodes[n].pool,
                         asleep ? asleep_draw(input.machine, n) : awake_draw(input.machine, n));
  }
  return view;
}

// As now, but for the running jobs that are `gone` (all there: an empty vector).
NaiveEngine::View NaiveEngine::view_without(const std::vector<char>& gone) const {
  View view{ClusterState(input.machine.nodes), {}, {}};
  view.power.rows.resize(input.machine.rows.size());
  for (NodeId n = 0; n < nodes.size(); ++n) {
    view.asleep.push_back(nodes[n].asleep);
    view.power.add_floor(input.machine.nodes[n].pool, nodes[n].asleep
                                                          ? asleep_draw(input.machine, n)
                                                          : awake_draw(input.machine, n));
  }
  for (std::size_t j = 0; j < runs.size(); ++j) {
    if (runs[j].result.state != JobState::running || (!gone.empty() && gone[j])) continue;
    add_to_view(view, static_cast<JobIndex>(j), runs[j].places);
    for (int row = 0; row < rows(); ++row)
      view.power.add_actual(row, job_draw_in_row(static_cast<JobIndex>(j), row));
  }
  for (int d = -1; d < rows(); ++d) {
    view.power.domain(d).cap = cap(d);
    view.power.domain(d).shut = domain(d).braked || domain(d).held_until_ms > now;
  }
  return view;
}

void NaiveEngine::add_to_view(View& view, JobIndex j, const std::vector<Placement>& places) const {
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  for (const Placement& place : places) {
    const NodeCapacity& node = input.machine.nodes[place.node];
    view.cluster.place(job.worker, place);
    view.power.add_admitted(node.pool, worker_draw(input, job, node.gpu_type), +1);
    if (view.asleep[place.node])
      view.power.add_floor(node.pool, awake_draw(input.machine, place.node) -
                                          asleep_draw(input.machine, place.node));
    view.asleep[place.node] = 0;
  }
}

// Of one worker, at the worst, in this row.
WorkerDraw NaiveEngine::row_draw(int row, const Job& job) const {
  TypeSet here = 0;
  for (const NodeCapacity& node : input.machine.nodes)
    if (node.pool == row && node.gpus > 0) here |= TypeSet{1} << node.gpu_type;
  return hungriest_draw(input, job, here);
}

// Power and sleep only, not room.
bool NaiveEngine::node_takes(const View& view, NodeId node, const Job& job, bool at_once) const {
  const int row = input.machine.nodes[node].pool;
  const Microwatts wake =
      view.asleep[node] ? awake_draw(input.machine, node) - asleep_draw(input.machine, node) : 0;
  return view.power.admits(input.power, row, row_draw(row, job), wake, at_once);
}

// Every worker on the first node that has room and power.
std::optional<std::vector<Placement>> NaiveEngine::first_fit(View view, JobIndex j,
                                                             bool at_once) const {
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  std::vector<Placement> places;
  for (std::int32_t worker = 0; worker < job.workers; ++worker) {
    NodeId node = 0;
    while (node < nodes.size() && !(worker_capacity(view.cluster.node(node), job.worker) > 0 &&
                                    node_takes(view, node, job, at_once)))
      ++node;
    if (node == nodes.size()) return std::nullopt;
    places.push_back({node, lowest_gpus(view.cluster.node(node), job.worker)});
    add_to_view(view, j, {places.back()});
    if (at_once)
      view.power.add_actual(input.machine.nodes[node].pool,
                            worker_draw(input, job, input.machine.nodes[node].gpu_type).mean);
  }
  return places;
}

// Every worker where the placement policy puts it; all or none.
std::optional<std::vector<Placement>> NaiveEngine::choose_places(View view, JobIndex j) const {
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  std::vector<Placement> places;
  for (std::int32_t worker = 0; worker < job.workers; ++worker) {
    for (NodeId node = 0; node < nodes.size(); ++node)
      view.cluster.set_open(node, node_takes(view, node, job, true));
    std::optional<Placement> place;
    if (input.scheduling.placement == Policy::random)
      place = choose_random(view.cluster, job.worker,
                            draw_bits(input.scheduling.seed, decisions, worker));
    else
      place = PlainScan(view.cluster, placement_rules).choose(job.worker);
    if (!place) return std::nullopt;
    places.push_back(*place);
    add_to_view(view, j, {*place});
    const NodeCapacity& node = input.machine.nodes[place->node];
    view.power.add_actual(node.pool, worker_draw(input, job, node.gpu_type).mean);
  }
  return places;
}

// Reclaim and preemption: evicts the fewest, in the order of goes_before, that make room for the
// job, and starts it. False: it cannot be helped so.
bool NaiveEngine::evict_for(JobIndex j) {
  const Scheduling& policy = input.scheduling;
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  const bool may_reclaim = policy.reclaim && policy.order == JobOrder::fair_share;
  if ((!may_reclaim && !policy.preemption) || job.gpu_demand_milli() == 0) return false;

  std::vector<std::int64_t> has = allocated();
  const std::vector<std::int64_t> share = shares();
  const std::size_t own = static_cast<std::size_t>(job.queue);
  const bool below_share = has[own] + job.gpu_demand_milli() <= share[own];

  std::vector<Victim> victims;
  for (std::size_t v = 0; v < runs.size(); ++v) {
    const Job& other = input.workload.jobs[v];
    if (runs[v].result.state != JobState::running || !other.preemptible) continue;
    if (now - runs[v].start_ms < std::max<Milliseconds>(1, policy.min_run_ms)) continue;
    victims.push_back({other.priority, runs[v].start_ms, static_cast<JobIndex>(v)});
  }
  std::sort(victims.begin(), victims.end(), goes_before);

  std::vector<char> gone(runs.size(), 0);
  std::vector<std::pair<JobIndex, EvictReason>> chosen;
  bool fits = false;
  for (const Victim& victim : victims) {
    const Job& other = input.workload.jobs[static_cast<std::size_t>(victim.job)];
    const std::size_t leaf = static_cast<std::size_t>(other.queue);
    const bool lower = policy.preemption && other.priority < job.priority &&
                       (other.queue == job.queue || policy.order == JobOrder::priority);
    const bool above_share =
        may_reclaim && below_share && other.queue != job.queue && has[leaf] > share[leaf];
    if (!lower && !above_share) continue;
    gone[static_cast<std::size_t>(victim.job)] = 1;
    has[leaf] -= other.gpu_demand_milli();
    chosen.emplace_back(victim.job, lower ? EvictReason::preemption : EvictReason::reclaim);
    if (first_fit(view_without(gone), j, true)) {
      fits = true;
      break;
    }
  }
  if (!fits) return false;

  for (const auto& [v, reason] : chosen) {  // spare whoever need not go
    gone[static_cast<std::size_t>(v)] = 0;
    if (!first_fit(view_without(gone), j, true)) gone[static_cast<std::size_t>(v)] = 1;
  }
  if (std::none_of(gone.begin(), gone.end(), [](char is_gone) { return is_gone != 0; }))
    return false;  // there is room, but not where the placement policy looks first
  for (const auto& [v, reason] : chosen)
    if (gone[static_cast<std::size_t>(v)]) evict(v, reason);
  if (const std::optional<std::vector<Placement>> places = choose_places(view_now(), j))
    start(j, *places);
  return true;
}

}  // namespace warmshell::replay
