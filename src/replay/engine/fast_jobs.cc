// What happens to one job: its work so far, its start, its end before the end, the power it draws.

#include <algorithm>
#include <bit>
#include <utility>

#include "replay/engine/fast_engine.h"

namespace warmshell::replay {

// From the last time on, at the rate that held since.
void FastEngine::accrue_job(JobIndex j) {
  JobRun& run = at(j);
  const Wide milli = shape(j).demand_milli;
  const auto span = [&](Milliseconds from, Milliseconds to) {
    return std::max<Milliseconds>(0, std::min(to, now) - std::max(from, run.accrued_ms));
  };
  out.gpu_time.power += milli * span(run.start_ms, run.woken_ms) * full_rate_ppm;
  out.gpu_time.preempted += milli * span(run.woken_ms, run.ready_ms) * full_rate_ppm;
  const Milliseconds ran = span(run.ready_ms, now);
  const Work possible = ran * run.rate;
  const Work progress = std::min(possible, total_work(job(j)) - run.done);
  run.done += progress;
  out.gpu_time.useful += milli * progress;
  out.gpu_time.idle += milli * (possible - progress);
  out.gpu_time.power += milli * ran * (full_rate_ppm - run.level_rate);
  out.gpu_time.interference += milli * ran * (run.level_rate - run.rate);
  run.accrued_ms = now;
}

void FastEngine::start(JobIndex j, const std::vector<Placement>& places) {
  JobRun& run = at(j);
  const Job& job_of = job(j);
  const Shape& asked = shape(j);
  record(EventKind::start, j, run.result.starts);
  waiting.leave(j);
  --waiting_jobs;
  waiting_milli -= asked.demand_milli;
  add_allocated(job_of.queue, asked.demand_milli);

  bool wakes = false;
  run.rows = 0;
  for (const Placement& place : places) {
    record(EventKind::place, j, std::int64_t{place.node} << 32 | place.gpus);
    NodeRun& node = nodes[place.node];
    const NodeCapacity& capacity = input.machine.nodes[place.node];
    if (node.asleep) {
      record(EventKind::wake, static_cast<std::int32_t>(place.node));
      wakes = true;
      power.add_floor(capacity.pool, awake_draw(input.machine, place.node) -
                                         asleep_draw(input.machine, place.node));
      --asleep_count;
      cluster.set_open(place.node, true);
    }
    node.asleep = false;
    asleep[place.node] = 0;
    node.idle_since_ms = never_ms;
    ++node.workers;
    cluster.place(job_of.worker, place);
    free_of_type[static_cast<std::size_t>(capacity.gpu_type)] -= job_of.worker.gpu_demand_milli();
    power.add_admitted(capacity.pool,
                       asked.draw_on_type[static_cast<std::size_t>(capacity.gpu_type)], +1);
    run.rows |= std::uint64_t{1} << capacity.pool;
    for (GpuSet rest = place.gpus; rest != 0; rest &= rest - 1)
      ++node.residents[static_cast<std::size_t>(std::countr_zero(rest))];
    if (job_of.worker.is_share()) {
      for (const JobIndex other : node.sharing) mark_stale(other);
      node.sharing.push_back(j);
    }
  }
  run.places = places;
  run.start_ms = run.accrued_ms = now;
  run.woken_ms = now + (wakes ? input.power.wake_ms : 0);
  run.ready_ms = run.woken_ms + (run.result.starts > 0 ? job_of.restart_ms : 0);
  run.believed_end_ms = now + estimate_left(job_of, run.done, run.result.starts);
  run.completion_ms = never_ms;
  run.phase = first_phase(run.result.starts);
  run.phase_end_ms = phase_end(input, job_of, run.phase, now, level_rate_of(j));
  if (run.phase_end_ms != never_ms) phase_ends.push({run.phase_end_ms, j});
  if (run.result.starts == 0) run.result.first_start_ms = now;
  run.result.state = JobState::running;
  ++run.result.starts;
  ++decisions;
  ++state;
  run.running_index = running.size();
  running.push_back(j);
  believed_ends.emplace(run.believed_end_ms, j);
  run.actual.assign(places.size(), 0);
  set_actual(j);
  mark_stale(j);
}

void FastEngine::evict(JobIndex j, EvictReason reason) {
  JobRun& run = at(j);
  accrue_job(j);
  const bool given_up =
      reason == EvictReason::power && ++run.power_evictions >= input.power.control.give_up_after;
  const Work kept = given_up ? 0 : kept_work(job(j), run.done);
  const Wide lost = static_cast<Wide>(shape(j).demand_milli) * (run.done - kept);
  out.gpu_time.useful -= lost;
  out.gpu_time.preempted += lost;
  run.done = kept;
  run.result.state = JobState::waiting;
  ++out.evictions;
  record(EventKind::evict, j, static_cast<std::int64_t>(reason));
  stop_running(j);
  if (given_up) {
    run.result.state = JobState::refused;
    record(EventKind::refuse, j);
    demand[static_cast<std::size_t>(job(j).queue)] -= shape(j).demand_milli;
    shares_known = false;
    return;
  }
  ++waiting_jobs;
  waiting_milli += shape(j).demand_milli;
  waiting.enter(j, left_by_estimate(j));
}

// Off the machine; its state is already that of a job that does not run.
void FastEngine::stop_running(JobIndex j) {
  JobRun& run = at(j);
  const Job& job_of = job(j);
  const std::vector<Placement> left = std::exchange(run.places, {});
  for (std::size_t w = 0; w < left.size(); ++w) {
    const Placement& place = left[w];
    NodeRun& node = nodes[place.node];
    const NodeCapacity& capacity = input.machine.nodes[place.node];
    cluster.release(job_of.worker, place);
    free_of_type[static_cast<std::size_t>(capacity.gpu_type)] += job_of.worker.gpu_demand_milli();
    power.add_admitted(capacity.pool,
                       shape(j).draw_on_type[static_cast<std::size_t>(capacity.gpu_type)], -1);
    power.add_actual(capacity.pool, -run.actual[w]);
    for (GpuSet rest = place.gpus; rest != 0; rest &= rest - 1)
      --node.residents[static_cast<std::size_t>(std::countr_zero(rest))];
    if (job_of.worker.is_share()) {
      node.sharing.erase(std::find(node.sharing.begin(), node.sharing.end(), j));
      for (const JobIndex other : node.sharing) mark_stale(other);
    }
    if (--node.workers == 0) {
      node.idle_since_ms = now;
      if (input.power.sleep_after_ms > 0)
        sleeps.push({now + input.power.sleep_after_ms, static_cast<std::int32_t>(place.node)});
    }
  }
  add_allocated(job_of.queue, -shape(j).demand_milli);
  believed_ends.erase({run.believed_end_ms, j});
  running[run.running_index] = running.back();
  at(running.back()).running_index = run.running_index;
  running.pop_back();
  run.completion_ms = never_ms;
  ++state;
}

void FastEngine::set_actual(JobIndex j) {
  JobRun& run = at(j);
  if (job(j).worker.gpus == 0) return;
  const int level = level_of(j);
  int type_known = -1;
  Microwatts draw = 0;
  for (std::size_t w = 0; w < run.places.size(); ++w) {
    const NodeCapacity& node = input.machine.nodes[run.places[w].node];
    if (node.gpu_type != type_known) {
      draw = actual_draw(input, j, node.gpu_type, level, run.phase);
      type_known = node.gpu_type;
    }
    if (draw == run.actual[w]) continue;
    power.add_actual(node.pool, draw - run.actual[w]);
    run.actual[w] = draw;
  }
  ++state;
}

void FastEngine::mark_stale(JobIndex j) {
  if (std::exchange(at(j).stale_rate, true)) return;
  stale_rates.push_back(j);
}

}  // namespace warmshell::replay
