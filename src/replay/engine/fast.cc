#include "replay/engine/fast.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

#include "replay/engine/fast_engine.h"

namespace warmshell::replay {

Outcome replay(const ReplayInput& input, const RunOptions& options, const Progress& progress) {
  return FastEngine(input, options).run(progress);
}

namespace {

// By job: the first of equal shapes gets the next number.
std::vector<std::int32_t> find_shapes(const ReplayInput& input, std::vector<Shape>& shapes) {
  std::vector<TypeSet> types_in_row(input.machine.rows.size(), 0);
  for (const NodeCapacity& node : input.machine.nodes)
    if (node.gpus > 0)
      types_in_row[static_cast<std::size_t>(node.pool)] |= TypeSet{1} << node.gpu_type;

  std::map<std::tuple<std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t, TypeSet,
                      std::int32_t, std::int32_t>,
           std::int32_t>
      known;
  std::vector<std::int32_t> shape_of;
  for (const Job& job : input.workload.jobs) {
    const Request& worker = job.worker;
    const auto [entry, is_new] =
        known.emplace(std::tuple{job.workers, worker.cpu_milli, worker.memory_mib, worker.gpus,
                                 worker.gpu_milli, worker.gpu_types, job.profile, job.head_profile},
                      static_cast<std::int32_t>(shapes.size()));
    shape_of.push_back(entry->second);
    if (!is_new) continue;
    Shape shape;
    shape.example = &job;
    shape.demand_milli = job.gpu_demand_milli();
    for (std::size_t t = 0; t < std::max<std::size_t>(1, input.machine.gpu_types.size()); ++t)
      shape.draw_on_type.push_back(worker_draw(input, job, static_cast<int>(t)));
    for (const TypeSet types : types_in_row)
      shape.draw_in_row.push_back(hungriest_draw(input, job, types));
    shapes.push_back(std::move(shape));
  }
  return shape_of;
}

}  // namespace

FastEngine::FastEngine(const ReplayInput& replay_input, const RunOptions& run_options)
    : input(replay_input),
      options(run_options),
      shape_of(find_shapes(input, shapes)),
      shape_runs(shapes.size()),
      waiting(input, shape_of),
      bucket_runs(waiting.buckets().size()),
      runs(input.workload.jobs.size()),
      nodes(input.machine.nodes.size()),
      domains_(input.machine.rows.size() + 1),
      cluster(input.machine.nodes),
      placement_rules(placement_rules_of(input)),
      places_index(cluster, placement_rules),
      asleep(input.machine.nodes.size(), 0),
      free_of_type(max_gpu_types, 0),
      allocated(input.workload.queues.size(), 0),
      demand(input.workload.queues.size(), 0),
      tariff_energy(input.power.tariff.size() + 1, 0),
      shut_queues(input.workload.queues.size(), 0),
      leaf_cursors(input.workload.queues.size()),
      leaf_empty(input.workload.queues.size(), 0) {
  power.rows.resize(input.machine.rows.size());
  for (NodeId n = 0; n < nodes.size(); ++n) {
    const NodeCapacity& node = input.machine.nodes[n];
    out.capacity_milli += std::int64_t{node.gpus} * whole_gpu_milli;
    free_of_type[static_cast<std::size_t>(node.gpu_type)] +=
        std::int64_t{node.gpus} * whole_gpu_milli;
    power.add_floor(node.pool, awake_draw(input.machine, n));
    if (input.power.sleep_after_ms > 0)
      sleeps.push({input.power.sleep_after_ms, static_cast<std::int32_t>(n)});
  }
  for (std::size_t b = 0; b < bucket_runs.size(); ++b)
    all_buckets.push_back(static_cast<std::int32_t>(b));
  then.input = &input;
  for (const Queue& queue : input.workload.queues)
    quotas |= quota_bound(input.scheduling, queue) != INT64_MAX;
}

Outcome FastEngine::run(const Progress& progress) {
  std::int64_t instants = 0;
  for (;;) {
    process_instant();
    const bool anything_left = arrived < runs.size() || waiting_jobs > 0 || !running.empty();
    if (!anything_left && options.horizon_ms == never_ms) break;
    const Milliseconds next = next_instant();
    if (next == never_ms || next >= options.horizon_ms) {
      if (options.horizon_ms != never_ms) accrue_machine(options.horizon_ms);
      break;
    }
    if (++instants % 4096 == 0 && progress) {
      const double seen = static_cast<double>(arrived) - static_cast<double>(waiting_jobs) -
                          static_cast<double>(running.size());
      if (!progress(now, seen / static_cast<double>(runs.size()))) break;
    }
    accrue_machine(next);
  }
  for (const JobIndex j : running) accrue_job(j);

  out.end_ms = now;
  for (Domain& domain : domains_) {
    if (!domain.over) continue;
    domain.excursion.end_ms = now;
    out.excursions.push_back(domain.excursion);
  }
  for (const JobRun& run : runs) {
    out.jobs.push_back(run.result);
    out.jobs.back().done = run.done;
  }
  for (std::size_t step = 1; step < tariff_energy.size(); ++step)
    out.cost += megawatt_hours(tariff_energy[step]) * input.power.tariff[step - 1].money_per_mwh;
  return std::move(out);
}

void FastEngine::process_instant() {
  refresh_caps();
  move_phases();
  finish_jobs();
  arrivals();
  fall_asleep();
  commands_due();
  control();
  pass();
  control();
  refresh_rates();
  track_excursions();
  classify_free();
  take_sample();
}

void FastEngine::move_phases() {
  while (!phase_ends.empty() && phase_ends.top().time <= now) {
    const Due due = phase_ends.top();
    phase_ends.pop();
    JobRun& run = at(due.subject);
    if (run.result.state != JobState::running || run.phase_end_ms != due.time) continue;
    if (is_head(job(due.subject), run.phase)) mark_stale(due.subject);
    ++run.phase;
    run.phase_end_ms = phase_end(input, job(due.subject), run.phase, due.time, full_rate_ppm);
    if (run.phase_end_ms != never_ms) phase_ends.push({run.phase_end_ms, due.subject});
    set_actual(due.subject);
  }
}

void FastEngine::finish_jobs() {
  while (!completions.empty() && completions.top().time <= now) {  // equal times: by job
    const Due due = completions.top();
    completions.pop();
    JobRun& run = at(due.subject);
    if (run.result.state != JobState::running || run.completion_ms != due.time) continue;
    accrue_job(due.subject);
    run.result.state = JobState::completed;
    run.result.end_ms = now;
    record(EventKind::finish, due.subject);
    stop_running(due.subject);
    demand[static_cast<std::size_t>(job(due.subject).queue)] -= shape(due.subject).demand_milli;
    shares_known = false;
  }
}

void FastEngine::arrivals() {
  for (; arrived < runs.size() && input.workload.jobs[arrived].submit_ms <= now; ++arrived) {
    const JobIndex j = static_cast<JobIndex>(arrived);
    record(EventKind::arrive, j);
    std::optional<bool>& possible = shape_run(j).possible;
    if (!possible) {
      Sketch empty;
      empty.input = &input;
      empty.nodes = ClusterState(input.machine.nodes).nodes();
      empty.power.rows.resize(input.machine.rows.size());
      for (int row = -1; row < rows(); ++row)
        empty.power.domain(row).cap =
            highest_cap(row < 0 ? input.power.site_cap : row_cap_series(input.power, row));
      const bool sleeps_empty = input.power.sleep_after_ms > 0;
      empty.asleep.assign(nodes.size(), sleeps_empty);
      for (NodeId n = 0; n < nodes.size(); ++n)
        empty.power.add_floor(input.machine.nodes[n].pool, sleeps_empty
                                                               ? asleep_draw(input.machine, n)
                                                               : awake_draw(input.machine, n));
      possible = empty.fits(shape(j), false);
    }
    bool refused = !*possible;
    for (std::int32_t q = job(j).queue; q >= 0 && !refused;
         q = input.workload.queues[static_cast<std::size_t>(q)].parent)
      refused = shape(j).demand_milli >
                quota_bound(input.scheduling, input.workload.queues[static_cast<std::size_t>(q)]);
    if (refused) {
      at(j).result.state = JobState::refused;
      record(EventKind::refuse, j);
      continue;
    }
    at(j).result.state = JobState::waiting;
    ++waiting_jobs;
    waiting_milli += shape(j).demand_milli;
    demand[static_cast<std::size_t>(job(j).queue)] += shape(j).demand_milli;
    shares_known = false;
    waiting.enter(j, left_by_estimate(j));
  }
}

void FastEngine::fall_asleep() {
  while (!sleeps.empty() && sleeps.top().time <= now) {  // equal times: by node
    std::vector<std::int32_t> due;
    while (!sleeps.empty() && sleeps.top().time <= now) {
      due.push_back(sleeps.top().subject);
      sleeps.pop();
    }
    std::sort(due.begin(), due.end());
    for (const std::int32_t n : due) {
      const NodeRun& node = nodes[static_cast<std::size_t>(n)];
      if (node.asleep || node.idle_since_ms == never_ms ||
          node.idle_since_ms + input.power.sleep_after_ms > now)
        continue;
      put_to_sleep(static_cast<NodeId>(n));
    }
  }
}

std::int32_t FastEngine::level_rate_of(JobIndex j) {
  const int level = level_of(j);
  std::int32_t rate = full_rate_ppm;
  for (const Placement& place : at(j).places)
    rate = std::min(rate, rate_at_level(input, job(j), input.machine.nodes[place.node].gpu_type,
                                        level, at(j).phase));
  return rate;
}

void FastEngine::refresh_rates() {
  for (const JobIndex j : stale_rates) {
    JobRun& run = at(j);
    run.stale_rate = false;
    if (run.result.state != JobState::running) continue;
    accrue_job(j);
    run.level_rate = level_rate_of(j);
    int most_residents = 1;
    for (const Placement& place : run.places) {
      for (GpuSet rest = place.gpus; rest != 0; rest &= rest - 1)
        most_residents = std::max<int>(
            most_residents,
            nodes[place.node].residents[static_cast<std::size_t>(std::countr_zero(rest))]);
    }
    run.rate = combined_rate(run.level_rate, sharing_rate(input.scheduling, most_residents));
    const Work left = total_work(job(j)) - run.done;
    const Milliseconds completion = std::max(now, run.ready_ms) + (left + run.rate - 1) / run.rate;
    if (completion == run.completion_ms) continue;
    run.completion_ms = completion;
    completions.push({completion, j});
  }
  stale_rates.clear();
}

void FastEngine::track_excursions() {
  for (int d = -1; d < rows(); ++d) {
    Domain& state_of = domain(d);
    const Microwatts limit = cap(d);
    if (limit == no_cap && !state_of.over) continue;
    const bool over = limit != no_cap && metered(d) > limit;
    if (over && !state_of.over) {
      state_of.excursion = Excursion{d, now, now, 0};
      record(EventKind::excursion_begin, d, metered(d) - limit);
    }
    if (!over && state_of.over) {
      state_of.excursion.end_ms = now;
      out.excursions.push_back(state_of.excursion);
      record(EventKind::excursion_end, d, now - state_of.excursion.begin_ms);
    }
    state_of.over = over;
    if (over)
      state_of.excursion.worst_over = std::max(state_of.excursion.worst_over, metered(d) - limit);
  }
}

void FastEngine::classify_free() {
  free_parts = FreeParts{};
  std::int64_t free = out.capacity_milli - cluster.gpu_used_milli();
  if (free > 0 && waiting_jobs > 0) {
    refresh_shut();
    FreeParts claims;
    ++state;  // answers about this instant only
    for (const Bucket& bucket : waiting.buckets()) {
      if (bucket.waiting == 0) continue;
      const Shape& asked = shapes[static_cast<std::size_t>(bucket.shape)];
      if (asked.demand_milli == 0) continue;
      const std::int64_t claim = bucket.waiting * asked.demand_milli;
      if (quotas && blocking_quota(bucket.queue, asked.demand_milli) >= 0) {
        claims.quota += claim;
        continue;
      }
      ShapeRun& known = shape_runs[static_cast<std::size_t>(bucket.shape)];
      if (known.reason_at == state) {
        claims.*known.reason += claim;
        continue;
      }
      known.reason_at = state;
      std::int64_t free_of = 0;
      for (std::size_t t = 0; t < input.machine.gpu_types.size(); ++t)
        if (asked.example->worker.gpu_types >> t & 1) free_of += free_of_type[t];
      if (free_of < asked.demand_milli)
        known.reason = &FreeParts::gang_wait;
      else if (room_for(bucket.shape) < asked.example->workers)
        known.reason = &FreeParts::fragmentation;
      else if (gang_fits(input, cluster.nodes(), asleep, power, asked, true, spare))
        known.reason = &FreeParts::gang_wait;  // held by the order or for a reservation
      else
        known.reason = &FreeParts::power;
      claims.*known.reason += claim;
    }
    const auto claim = [&](std::int64_t asked, std::int64_t& part) {
      part = std::min(asked, free);
      free -= part;
    };
    claim(claims.power, free_parts.power);
    claim(claims.fragmentation, free_parts.fragmentation);
    claim(claims.gang_wait, free_parts.gang_wait);
    claim(claims.quota, free_parts.quota);
  }
  free_parts.idle = free;
}

void FastEngine::take_sample() {
  if (!options.samples) return;
  const Microwatts it = power.site.floor + power.site.actual;
  out.samples.push_back({now, cluster.gpu_used_milli(), waiting_milli, free_parts.fragmentation,
                         free_parts.quota, free_parts.power, free_parts.gang_wait, it,
                         facility_power(input.power, it), cap(-1)});
}

Milliseconds FastEngine::next_instant() {
  Milliseconds next = never_ms;
  const auto consider = [&](Milliseconds time) {
    if (time > now) next = std::min(next, time);
  };
  const auto consider_jobs = [&](Schedule& schedule, Milliseconds JobRun::*time) {
    while (!schedule.empty()) {
      const Due due = schedule.top();
      if (at(due.subject).result.state == JobState::running && at(due.subject).*time == due.time) {
        consider(due.time);
        return;
      }
      schedule.pop();
    }
  };
  if (arrived < runs.size()) consider(input.workload.jobs[arrived].submit_ms);
  consider_jobs(completions, &JobRun::completion_ms);
  consider_jobs(phase_ends, &JobRun::phase_end_ms);
  while (!sleeps.empty()) {
    const Due due = sleeps.top();
    const NodeRun& node = nodes[static_cast<std::size_t>(due.subject)];
    if (!node.asleep && node.idle_since_ms != never_ms &&
        node.idle_since_ms + input.power.sleep_after_ms == due.time) {
      consider(due.time);
      break;
    }
    sleeps.pop();
  }
  consider(caps_until);
  consider(tariff_until);
  for (const Domain& domain : domains_) {
    for (const Command& command : domain.commands) consider(command.due_ms);
    consider(domain.brake_due_ms);
    consider(domain.held_until_ms);
    if (domain.braked) consider(domain.brake_until_ms);
  }
  return next;
}

// What belongs to nobody's work: free GPUs and energy.
void FastEngine::accrue_machine(Milliseconds until) {
  const Wide span = static_cast<Wide>(until - now) * full_rate_ppm;
  out.gpu_time.fragmentation += free_parts.fragmentation * span;
  out.gpu_time.quota += free_parts.quota * span;
  out.gpu_time.power += free_parts.power * span;
  out.gpu_time.gang_wait += free_parts.gang_wait * span;
  out.gpu_time.idle += free_parts.idle * span;

  const Wide facility = static_cast<Wide>(metered(-1)) * (until - now);
  out.it_energy += static_cast<Wide>(power.site.floor + power.site.actual) * (until - now);
  out.facility_energy += facility;
  tariff_energy[tariff] += facility;
  now = until;
}

void FastEngine::record(EventKind kind, std::int32_t subject, std::int64_t value) {
  if (options.log) out.log.push_back(Event{now, kind, subject, value});
}

}  // namespace warmshell::replay
