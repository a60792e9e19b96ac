#include "replay/engine/naive.h"

#include <algorithm>
#include <utility>

#include "replay/engine/naive_engine.h"

namespace warmshell::replay {

Outcome replay_naive(const ReplayInput& input, const RunOptions& options) {
  return NaiveEngine(input, options).run();
}

NaiveEngine::NaiveEngine(const ReplayInput& replay_input, const RunOptions& run_options)
    : input(replay_input),
      options(run_options),
      runs(input.workload.jobs.size()),
      nodes(input.machine.nodes.size()),
      domains_(input.machine.rows.size() + 1),
      placement_rules(placement_rules_of(input)),
      tariff_energy(input.power.tariff.size() + 1, 0) {
  for (const NodeCapacity& node : input.machine.nodes)
    out.capacity_milli += std::int64_t{node.gpus} * whole_gpu_milli;
}

Outcome NaiveEngine::run() {
  for (;;) {
    process_instant();
    if (!anything_left() && options.horizon_ms == never_ms) break;
    const Milliseconds next = next_instant();
    if (next == never_ms || next >= options.horizon_ms) {
      if (options.horizon_ms != never_ms) accrue(options.horizon_ms);
      break;
    }
    accrue(next);
  }

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

void NaiveEngine::process_instant() {
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

void NaiveEngine::move_phases() {
  for (std::size_t j = 0; j < runs.size(); ++j) {
    JobRun& run = runs[j];
    if (run.result.state != JobState::running || run.phase_end_ms > now) continue;
    ++run.phase;
    run.phase_end_ms =
        phase_end(input, input.workload.jobs[j], run.phase, run.phase_end_ms, full_rate_ppm);
  }
}

void NaiveEngine::finish_jobs() {
  for (std::size_t j = 0; j < runs.size(); ++j) {
    JobRun& run = runs[j];
    if (run.result.state != JobState::running || run.done < total_work(input.workload.jobs[j]))
      continue;
    run.result.state = JobState::completed;
    run.result.end_ms = now;
    record(EventKind::finish, static_cast<JobIndex>(j));
    leave_nodes(run);
  }
}

void NaiveEngine::arrivals() {
  for (std::size_t j = 0; j < runs.size(); ++j) {
    const Job& job = input.workload.jobs[j];
    JobRun& run = runs[j];
    if (run.result.state != JobState::unseen || job.submit_ms > now) continue;
    record(EventKind::arrive, static_cast<JobIndex>(j));
    run.result.state = JobState::waiting;

    // Could it ever run, alone on the machine, at the highest caps?
    bool possible = first_fit(empty_view(), static_cast<JobIndex>(j), false).has_value();
    for (std::int32_t q = job.queue; q >= 0;
         q = input.workload.queues[static_cast<std::size_t>(q)].parent)
      if (job.gpu_demand_milli() >
          quota_bound(input.scheduling, input.workload.queues[static_cast<std::size_t>(q)]))
        possible = false;
    if (possible) continue;
    run.result.state = JobState::refused;
    record(EventKind::refuse, static_cast<JobIndex>(j));
  }
}

void NaiveEngine::fall_asleep() {
  if (input.power.sleep_after_ms == 0) return;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    NodeRun& node = nodes[n];
    if (node.asleep || node.idle_since_ms == never_ms ||
        node.idle_since_ms + input.power.sleep_after_ms > now)
      continue;
    node.asleep = true;
    record(EventKind::sleep, static_cast<std::int32_t>(n));
  }
}

// A gang goes as fast as its slowest worker.
std::int32_t NaiveEngine::level_rate_of(JobIndex j) const {
  const JobRun& run = runs[static_cast<std::size_t>(j)];
  const int level = level_of(j);
  std::int32_t rate = full_rate_ppm;
  for (const Placement& place : run.places)
    rate =
        std::min(rate, rate_at_level(input, input.workload.jobs[static_cast<std::size_t>(j)],
                                     input.machine.nodes[place.node].gpu_type, level, run.phase));
  return rate;
}

void NaiveEngine::refresh_rates() {
  // Workers on each GPU.
  std::vector<std::array<int, max_gpus_per_node>> residents(nodes.size());
  const auto each_gpu = [](const Placement& place, auto visit) {
    for (int g = 0; g < max_gpus_per_node; ++g)
      if (place.gpus >> g & 1) visit(static_cast<std::size_t>(g));
  };
  for (const JobRun& run : runs)
    for (const Placement& place : run.places)
      each_gpu(place, [&](std::size_t g) { ++residents[place.node][g]; });

  for (std::size_t j = 0; j < runs.size(); ++j) {
    JobRun& run = runs[j];
    if (run.result.state != JobState::running) continue;
    run.level_rate = level_rate_of(static_cast<JobIndex>(j));
    int most_residents = 1;
    for (const Placement& place : run.places) {
      each_gpu(place, [&](std::size_t g) {
        most_residents = std::max(most_residents, residents[place.node][g]);
      });
    }
    run.rate = combined_rate(run.level_rate, sharing_rate(input.scheduling, most_residents));
  }
}

void NaiveEngine::track_excursions() {
  for (int d = -1; d < rows(); ++d) {
    Domain& state = domain(d);
    const Microwatts limit = cap(d);
    const bool over = limit != no_cap && metered(d) > limit;
    if (over && !state.over) {
      state.excursion = Excursion{d, now, now, 0};
      record(EventKind::excursion_begin, d, metered(d) - limit);
    }
    if (!over && state.over) {
      state.excursion.end_ms = now;
      out.excursions.push_back(state.excursion);
      record(EventKind::excursion_end, d, now - state.excursion.begin_ms);
    }
    state.over = over;
    if (over) state.excursion.worst_over = std::max(state.excursion.worst_over, metered(d) - limit);
  }
}

// Why free GPUs are free: every waiting job claims as much as it asks for its reason, physical
// reasons first, until all that is free is claimed.
void NaiveEngine::classify_free() {
  const View view = view_now();
  FreeParts claims;
  for (std::size_t j = 0; j < runs.size(); ++j) {
    if (runs[j].result.state != JobState::waiting) continue;
    const Job& job = input.workload.jobs[j];
    const std::int64_t demand = job.gpu_demand_milli();
    std::int64_t free_of_type = 0;
    std::int64_t room = 0;
    for (const NodeState& node : view.cluster.nodes()) {
      if (job.worker.gpu_types >> node.gpu_type & 1) free_of_type += node.gpu_left_sum;
      room += worker_capacity(node, job.worker);
    }
    if (blocking_quota(static_cast<JobIndex>(j)) >= 0)
      claims.quota += demand;
    else if (free_of_type < demand)
      claims.gang_wait += demand;
    else if (room < job.workers)
      claims.fragmentation += demand;
    else if (!first_fit(view, static_cast<JobIndex>(j), true))
      claims.power += demand;
    else
      claims.gang_wait += demand;  // held by the order or for a reservation
  }
  free_parts = FreeParts{};
  std::int64_t free = out.capacity_milli - view.cluster.gpu_used_milli();
  const auto claim = [&](std::int64_t asked, std::int64_t& part) {
    part = std::min(asked, free);
    free -= part;
  };
  claim(claims.power, free_parts.power);
  claim(claims.fragmentation, free_parts.fragmentation);
  claim(claims.gang_wait, free_parts.gang_wait);
  claim(claims.quota, free_parts.quota);
  free_parts.idle = free;
}

void NaiveEngine::take_sample() {
  if (!options.samples) return;
  Sample sample;
  sample.time_ms = now;
  for (std::size_t j = 0; j < runs.size(); ++j) {
    const std::int64_t demand = input.workload.jobs[j].gpu_demand_milli();
    if (runs[j].result.state == JobState::running) sample.busy_milli += demand;
    if (runs[j].result.state == JobState::waiting) sample.waiting_milli += demand;
  }
  sample.fragmentation_milli = free_parts.fragmentation;
  sample.quota_milli = free_parts.quota;
  sample.power_milli = free_parts.power;
  sample.gang_wait_milli = free_parts.gang_wait;
  for (int row = 0; row < rows(); ++row) sample.it_power += metered(row);
  sample.facility_power = metered(-1);
  sample.site_cap = cap(-1);
  out.samples.push_back(sample);
}

bool NaiveEngine::anything_left() const {
  return std::any_of(runs.begin(), runs.end(), [](const JobRun& run) {
    return run.result.state == JobState::unseen || run.result.state == JobState::waiting ||
           run.result.state == JobState::running;
  });
}

Milliseconds NaiveEngine::next_instant() const {
  Milliseconds next = never_ms;
  const auto consider = [&](Milliseconds time) {
    if (time > now) next = std::min(next, time);
  };
  for (std::size_t j = 0; j < runs.size(); ++j) {
    const JobRun& run = runs[j];
    const Job& job = input.workload.jobs[j];
    if (run.result.state == JobState::unseen) consider(job.submit_ms);
    if (run.result.state != JobState::running) continue;
    const Work left = total_work(job) - run.done;
    consider(std::max(now, run.ready_ms) + (left + run.rate - 1) / run.rate);
    consider(run.phase_end_ms);
  }
  if (input.power.sleep_after_ms > 0)
    for (const NodeRun& node : nodes)
      if (!node.asleep && node.idle_since_ms != never_ms)
        consider(node.idle_since_ms + input.power.sleep_after_ms);
  consider(next_cap_change(input.power.site_cap, now));
  for (const CapSeries& series : input.power.row_caps) consider(next_cap_change(series, now));
  consider(next_tariff_change(input.power, now));
  for (const Domain& domain : domains_) {
    for (const Command& command : domain.commands) consider(command.due_ms);
    consider(domain.brake_due_ms);
    consider(domain.held_until_ms);
    if (domain.braked) consider(domain.brake_until_ms);
  }
  return next;
}

void NaiveEngine::accrue(Milliseconds until) {
  const Wide span = static_cast<Wide>(until - now) * full_rate_ppm;
  out.gpu_time.fragmentation += free_parts.fragmentation * span;
  out.gpu_time.quota += free_parts.quota * span;
  out.gpu_time.power += free_parts.power * span;
  out.gpu_time.gang_wait += free_parts.gang_wait * span;
  out.gpu_time.idle += free_parts.idle * span;

  Microwatts it = 0;
  for (int row = 0; row < rows(); ++row) it += metered(row);
  const Wide facility = static_cast<Wide>(metered(-1)) * (until - now);
  out.it_energy += static_cast<Wide>(it) * (until - now);
  out.facility_energy += facility;
  tariff_energy[tariff_step(input.power, now)] += facility;

  for (std::size_t j = 0; j < runs.size(); ++j)
    if (runs[j].result.state == JobState::running)
      accrue_job(runs[j], input.workload.jobs[j], until);
  now = until;
}

void NaiveEngine::accrue_job(JobRun& run, const Job& job, Milliseconds until) {
  const Wide milli = job.gpu_demand_milli();
  const auto span = [&](Milliseconds from, Milliseconds to) {
    return std::max<Milliseconds>(0, std::min(to, until) - std::max(from, now));
  };
  out.gpu_time.power += milli * span(run.start_ms, run.woken_ms) * full_rate_ppm;
  out.gpu_time.preempted += milli * span(run.woken_ms, run.ready_ms) * full_rate_ppm;

  const Milliseconds ran = span(run.ready_ms, until);
  const Work possible = ran * run.rate;
  const Work progress = std::min(possible, total_work(job) - run.done);
  run.done += progress;
  out.gpu_time.useful += milli * progress;
  out.gpu_time.idle += milli * (possible - progress);  // less than a millisecond, at the end
  out.gpu_time.power += milli * ran * (full_rate_ppm - run.level_rate);
  out.gpu_time.interference += milli * ran * (run.level_rate - run.rate);
}

void NaiveEngine::start(JobIndex j, const std::vector<Placement>& places) {
  JobRun& run = runs[static_cast<std::size_t>(j)];
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  record(EventKind::start, j, run.result.starts);
  bool wakes = false;
  for (const Placement& place : places) {
    record(EventKind::place, j, std::int64_t{place.node} << 32 | place.gpus);
    NodeRun& node = nodes[place.node];
    if (node.asleep) {
      record(EventKind::wake, static_cast<std::int32_t>(place.node));
      wakes = true;
    }
    node.asleep = false;
    node.idle_since_ms = never_ms;
  }
  run.places = places;
  run.start_ms = now;
  run.woken_ms = now + (wakes ? input.power.wake_ms : 0);
  run.ready_ms = run.woken_ms + (run.result.starts > 0 ? job.restart_ms : 0);
  run.believed_end_ms = now + estimate_left(job, run.done, run.result.starts);
  run.phase = first_phase(run.result.starts);
  run.phase_end_ms = phase_end(input, job, run.phase, now, level_rate_of(j));
  if (run.result.starts == 0) run.result.first_start_ms = now;
  run.result.state = JobState::running;
  ++run.result.starts;
  ++decisions;
}

void NaiveEngine::evict(JobIndex j, EvictReason reason) {
  JobRun& run = runs[static_cast<std::size_t>(j)];
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  const bool given_up =
      reason == EvictReason::power && ++run.power_evictions >= input.power.control.give_up_after;
  const Work kept = given_up ? 0 : kept_work(job, run.done);
  const Wide lost = static_cast<Wide>(job.gpu_demand_milli()) * (run.done - kept);
  out.gpu_time.useful -= lost;
  out.gpu_time.preempted += lost;
  run.done = kept;
  run.result.state = JobState::waiting;
  ++out.evictions;
  record(EventKind::evict, j, static_cast<std::int64_t>(reason));
  leave_nodes(run);
  if (!given_up) return;
  run.result.state = JobState::refused;
  record(EventKind::refuse, j);
}

void NaiveEngine::leave_nodes(JobRun& run) {
  const std::vector<Placement> left = std::exchange(run.places, {});
  for (const Placement& place : left) {
    const bool shared = std::any_of(runs.begin(), runs.end(), [&](const JobRun& other) {
      return std::any_of(other.places.begin(), other.places.end(),
                         [&](const Placement& there) { return there.node == place.node; });
    });
    if (!shared) nodes[place.node].idle_since_ms = now;
  }
}

void NaiveEngine::record(EventKind kind, std::int32_t subject, std::int64_t value) {
  if (options.log) out.log.push_back(Event{now, kind, subject, value});
}

}  // namespace warmshell::replay
