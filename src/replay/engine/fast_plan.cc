// Conservative backfill in the fast engine: slices of time, each with all that is used in it.

#include <algorithm>

#include "replay/engine/fast_engine.h"

namespace warmshell::replay {

// Slice by slice, the running jobs end.
void FastEngine::begin_plan() {
  reservations = 0;
  slices.clear();
  slices.push_back({now, true, {}});
  sketch_now(slices.back().use);
  for (const auto& [end, j] : believed_ends) {
    const Milliseconds time = std::max(end, now + 1);
    if (time != slices.back().begin_ms) slices.push_back({time, true, slices.back().use});
    slices.back().use.remove(shape(j), at(j).places);
  }
}

void FastEngine::split_slice(Milliseconds time, bool something_ends) {
  auto after =
      std::upper_bound(slices.begin(), slices.end(), time,
                       [](Milliseconds t, const Slice& slice) { return t < slice.begin_ms; });
  if ((after - 1)->begin_ms == time) {
    (after - 1)->something_ends |= something_ends;
    return;
  }
  Slice half = *(after - 1);
  half.begin_ms = time;
  half.something_ends = something_ends;
  slices.insert(after, std::move(half));
}

void FastEngine::add_reservation(const Reservation& reservation) {
  split_slice(reservation.begin_ms, false);
  split_slice(reservation.end_ms, true);
  for (Slice& slice : slices)
    if (slice.begin_ms >= reservation.begin_ms && slice.begin_ms < reservation.end_ms)
      slice.use.add(shape(reservation.job), reservation.places);
}

// The least that is free, and the most power that is admitted, at any time in [begin, end).
void FastEngine::worst_between(Milliseconds begin, Milliseconds end, Sketch& worst) const {
  bool first = true;
  for (std::size_t s = 0; s < slices.size(); ++s) {
    const Slice& slice = slices[s];
    if (slice.begin_ms >= end) break;
    if (s + 1 < slices.size() && slices[s + 1].begin_ms <= begin) continue;
    if (first) {
      worst.nodes = slice.use.nodes;
      for (int d = -1; d < rows(); ++d) {
        PowerLedger::Domain& most = worst.power.domain(d);
        const PowerLedger::Domain& here = slice.use.power.domain(d);
        most.admitted = here.admitted;
        most.variance = here.variance;
        most.floor = std::max(most.floor, here.floor);
      }
      first = false;
      continue;
    }
    for (NodeId n = 0; n < nodes.size(); ++n) {
      NodeState& least = worst.nodes[n];
      const NodeState& here = slice.use.nodes[n];
      least.cpu_left = std::min(least.cpu_left, here.cpu_left);
      least.memory_left = std::min(least.memory_left, here.memory_left);
      least.gpus_free = 0;
      for (int g = 0; g < least.gpu_count; ++g) {
        std::int16_t& left = least.gpu_left[static_cast<std::size_t>(g)];
        left = std::min(left, here.gpu_left[static_cast<std::size_t>(g)]);
        if (left == whole_gpu_milli) ++least.gpus_free;
      }
    }
    for (int d = -1; d < rows(); ++d) {
      PowerLedger::Domain& most = worst.power.domain(d);
      const PowerLedger::Domain& here = slice.use.power.domain(d);
      most.admitted = std::max(most.admitted, here.admitted);
      most.variance = std::max(most.variance, here.variance);
      most.floor = std::max(most.floor, here.floor);
    }
  }
}

FastEngine::Planned FastEngine::plan_job(JobIndex j) {
  const Milliseconds length = left_by_estimate(j);
  Sketch worst;
  sketch_now(worst);
  const PowerLedger power_now = power;
  for (std::size_t s = 0; s < slices.size(); ++s) {
    if (!slices[s].something_ends) continue;
    const Milliseconds time = slices[s].begin_ms;
    worst.power = power_now;
    worst_between(time, time + length, worst);
    if (time > now) {
      Reservation reservation{j, time, time + length, {}};
      if (!worst.fits(shape(j), false, &reservation.places)) continue;
      add_reservation(reservation);
      ++reservations;
      return Planned::reserved;
    }

    std::int64_t room = 0;
    for (const NodeState& node : worst.nodes) room += worker_capacity(node, job(j).worker);
    if (room < job(j).workers) continue;
    const std::optional<std::vector<Placement>> places = choose_beside(j, worst);
    if (!places) continue;
    start(j, *places);
    for (Slice& slice : slices)  // a node woken now is awake from now on
      for (const Placement& place : *places) {
        slice.use.power.add_floor(input.machine.nodes[place.node].pool,
                                  slice.use.wake_cost(place.node));
        slice.use.asleep[place.node] = 0;
      }
    add_reservation({j, now, now + length, *places});
    return Planned::started;
  }
  return Planned::nowhere;
}

// By the placement policy, where plugs stand for all that is used now and will be needed meanwhile.
std::optional<std::vector<Placement>> FastEngine::choose_beside(JobIndex j, const Sketch& worst) {
  Sketch sketch = worst;
  ClusterState plugged(input.machine.nodes);
  for (NodeId n = 0; n < nodes.size(); ++n) {
    const NodeCapacity& capacity = input.machine.nodes[n];
    const NodeState& node = worst.nodes[n];
    plugged.place(
        Request{capacity.cpu_milli - node.cpu_left, capacity.memory_mib - node.memory_left, 0, 0},
        {n, 0});
    for (int g = 0; g < capacity.gpus; ++g)
      if (const int used = whole_gpu_milli - node.gpu_left[static_cast<std::size_t>(g)]; used > 0)
        plugged.place(Request{0, 0, 1, used}, {n, GpuSet{1} << g});
  }
  std::vector<Placement> places;
  const Request& worker = job(j).worker;
  for (std::int32_t w = 0; w < job(j).workers; ++w) {
    for (NodeId n = 0; n < nodes.size(); ++n) {
      const int row = input.machine.nodes[n].pool;
      plugged.set_open(n, sketch.power.admits(input.power, row,
                                              shape(j).draw_in_row[static_cast<std::size_t>(row)],
                                              sketch.wake_cost(n), true));
    }
    std::optional<Placement> place;
    if (input.scheduling.placement == Policy::random)
      place = choose_random(plugged, worker, draw_bits(input.scheduling.seed, decisions, w));
    else
      place = PlainScan(plugged, placement_rules).choose(worker);
    if (!place) return std::nullopt;
    places.push_back(*place);
    plugged.place(worker, *place);
    sketch.add(shape(j), {*place});
    const NodeCapacity& node = input.machine.nodes[place->node];
    sketch.power.add_actual(node.pool,
                            shape(j).draw_on_type[static_cast<std::size_t>(node.gpu_type)].mean);
  }
  return places;
}

}  // namespace warmshell::replay
