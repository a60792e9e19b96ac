// Conservative backfill of the naive engine: every job gets the earliest time at which it fits
// beside the running jobs and the reservations made before it; a job whose time is now starts.

#include <algorithm>

#include "replay/engine/naive_engine.h"

namespace warmshell::replay {

NaiveEngine::Planned NaiveEngine::plan_job(JobIndex j, std::vector<Reservation>& plan) {
  const Job& job = input.workload.jobs[static_cast<std::size_t>(j)];
  const JobRun& run = runs[static_cast<std::size_t>(j)];
  const Milliseconds length = estimate_left(job, run.done, run.result.starts);

  std::vector<Milliseconds> times = {now};  // room appears only where something ends
  for (const JobRun& other : runs)
    if (other.result.state == JobState::running)
      times.push_back(std::max(other.believed_end_ms, now + 1));
  for (const Reservation& reservation : plan) times.push_back(reservation.end_ms);
  std::sort(times.begin(), times.end());

  for (const Milliseconds time : times) {
    const View view = worst_view(time, time + length, plan);
    if (time == now) {
      const std::optional<std::vector<Placement>> places = choose_places(view, j);
      if (!places) continue;
      start(j, *places);
      return Planned::started;
    }
    const std::optional<std::vector<Placement>> places = first_fit(view, j, false);
    if (!places) continue;
    plan.push_back({j, time, time + length, *places});
    return Planned::reserved;
  }
  return Planned::nowhere;
}

// The most that is used of everything at any time in [begin, end): use rises only where a
// reservation begins, so it is enough to look there and at `begin`.
NaiveEngine::View NaiveEngine::worst_view(Milliseconds begin, Milliseconds end,
                                          const std::vector<Reservation>& plan) const {
  std::vector<Milliseconds> times = {begin};
  for (const Reservation& reservation : plan)
    if (reservation.begin_ms > begin && reservation.begin_ms < end)
      times.push_back(reservation.begin_ms);

  View worst = view_now();  // what is really drawn, caps, sleep
  std::vector<NodeState> used(nodes.size());
  for (int d = -1; d < rows(); ++d) {
    worst.power.domain(d).admitted = 0;
    worst.power.domain(d).variance = 0;
  }
  for (const Milliseconds time : times) {
    std::vector<char> gone(runs.size(), 0);
    for (std::size_t r = 0; r < runs.size(); ++r)
      gone[r] = time > now && std::max(runs[r].believed_end_ms, now + 1) <= time;
    View view = view_without(gone);
    for (const Reservation& reservation : plan)
      if (reservation.begin_ms <= time && time < reservation.end_ms)
        add_to_view(view, reservation.job, reservation.places);

    for (NodeId n = 0; n < nodes.size(); ++n) {
      const NodeCapacity& capacity = input.machine.nodes[n];
      const NodeState& state = view.cluster.node(n);
      used[n].cpu_left = std::max(used[n].cpu_left, capacity.cpu_milli - state.cpu_left);
      used[n].memory_left = std::max(used[n].memory_left, capacity.memory_mib - state.memory_left);
      for (int g = 0; g < capacity.gpus; ++g) {
        const std::size_t gpu = static_cast<std::size_t>(g);
        used[n].gpu_left[gpu] = std::max<std::int16_t>(
            used[n].gpu_left[gpu],
            static_cast<std::int16_t>(whole_gpu_milli - state.gpu_left[gpu]));
      }
    }
    for (int d = -1; d < rows(); ++d) {
      PowerLedger::Domain& most = worst.power.domain(d);
      most.admitted = std::max(most.admitted, view.power.domain(d).admitted);
      most.variance = std::max(most.variance, view.power.domain(d).variance);
      most.floor = std::max(most.floor, view.power.domain(d).floor);
    }
  }

  worst.cluster = ClusterState(input.machine.nodes);  // plugs stand for what is used
  for (NodeId n = 0; n < nodes.size(); ++n) {
    worst.cluster.place(Request{used[n].cpu_left, used[n].memory_left, 0, 0}, {n, 0});
    for (int g = 0; g < input.machine.nodes[n].gpus; ++g)
      if (const std::int16_t milli = used[n].gpu_left[static_cast<std::size_t>(g)]; milli > 0)
        worst.cluster.place(Request{0, 0, 1, milli}, {n, GpuSet{1} << g});
  }
  return worst;
}

}  // namespace warmshell::replay
