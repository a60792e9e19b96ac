// The scheduling pass of the fast engine. The naive pass tries every waiting job in order; here
// jobs that must fail are passed over, and that is all the difference:
//   a bucket where one job broke a quota is dead for the pass, for allocations only rise in it;
//   a shape that found no place finds none until the state changes, and, where it is one worker or
//   no power cap holds, none in the pass; a shape that would delay the head may only start, until
//   the state changes, with an estimate that ends before the reservation.

#include <algorithm>
#include <utility>

#include "replay/engine/fair_share.h"
#include "replay/engine/fast_engine.h"

namespace warmshell::replay {

namespace {
constexpr OrderKey before_all{INT64_MIN, -1};
}

void FastEngine::pass() {
  ++out.passes;
  if (waiting_jobs == 0) return;
  refresh_shut();
  while (pass_once()) {
  }
}

bool FastEngine::pass_once() {
  const Scheduling& policy = input.scheduling;
  ++pass_id;
  ++state;
  head = -1;
  held_from = never_ms;
  if (any_shut) std::fill(shut_queues.begin(), shut_queues.end(), 0);
  any_shut = false;
  overdue_left = policy.max_wait_ms > 0;
  age_cursor = cursor = before_all;
  std::fill(leaf_cursors.begin(), leaf_cursors.end(), before_all);
  std::fill(leaf_empty.begin(), leaf_empty.end(), 0);
  if (policy.backfill == Backfill::conservative) begin_plan();

  for (;;) {
    const JobIndex j = next_candidate();
    if (j < 0) return false;
    const Job& job_of = job(j);
    ShapeRun& known = shape_run(j);

    const std::int32_t quota = quotas ? blocking_quota(job_of.queue, shape(j).demand_milli) : -1;
    if (quota >= 0) {
      bucket_runs[static_cast<std::size_t>(waiting.bucket_of(j))].dead = true;
      if (overdue(j)) {
        shut_queues[static_cast<std::size_t>(quota)] = 1;
        any_shut = true;
      }
      continue;
    }

    if (policy.backfill == Backfill::conservative) {
      const Planned planned = plan_job(j);
      if (planned == Planned::started) continue;
      if (reservations == (planned == Planned::reserved ? 1 : 0) && evict_for(j)) return true;
      if (reservations >= policy.reservations) return false;
      continue;
    }

    std::optional<std::vector<Placement>> places;
    if (known.refused_at != state && known.refused_in_pass != pass_id) {
      places = choose_places(j);
      if (!places) {
        known.refused_at = state;
        // Single workers find less room as others start; so do gangs where power plays no part.
        if (job_of.workers == 1 || input.power.admission == Admission::open)
          known.refused_in_pass = pass_id;
      }
    }

    if (head >= 0) {
      if (!places) continue;
      if (held_from != never_ms && now + left_by_estimate(j) > held_from) {
        if (known.delays_head_at == state) continue;
        std::vector<NodeId> woken;
        for (const Placement& place : *places)
          if (then.asleep[place.node]) woken.push_back(place.node);
        then.add(shape(j), *places);
        if (!then.fits(shape(head), false)) {
          then.remove(shape(j), *places);
          for (const NodeId n : woken) {
            if (std::exchange(then.asleep[n], 1)) continue;
            then.power.add_floor(input.machine.nodes[n].pool, -then.wake_cost(n));
          }
          known.delays_head_at = state;
          continue;
        }
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
      hold_for(j);
    } else if (policy.order == JobOrder::fair_share && !overdue(j)) {
      shut_queues[static_cast<std::size_t>(job_of.queue)] = 1;
      any_shut = true;
    } else {
      return false;
    }
  }
}

// EASY: `head` gets the earliest time at which enough of the running have ended, as believed.
void FastEngine::hold_for(JobIndex j) {
  head = j;
  ++state;  // what was learnt without a head says nothing about delaying it
  sketch_now(then);
  // Room for the head's workers, kept up to date: power is asked only where there is enough.
  const std::int32_t head_shape = shape_of[static_cast<std::size_t>(head)];
  const Request& worker = job(head).worker;
  std::int64_t room = room_for(head_shape);
  std::vector<std::int64_t>& room_on = head_room_on;
  room_on = shape_runs[static_cast<std::size_t>(head_shape)].room_on;
  if (room >= job(head).workers && then.fits(shape(head), false)) {
    held_from = now;
  } else {
    for (auto next = believed_ends.begin(); next != believed_ends.end();) {
      const Milliseconds time = std::max(next->first, now + 1);
      for (; next != believed_ends.end() && std::max(next->first, now + 1) == time; ++next) {
        const std::vector<Placement>& left = at(next->second).places;
        then.remove(shape(next->second), left);
        for (const Placement& place : left) {
          const std::int64_t now_on = worker_capacity(then.nodes[place.node], worker);
          room += now_on - std::exchange(room_on[place.node], now_on);
        }
      }
      if (room < job(head).workers || !then.fits(shape(head), false)) continue;
      held_from = time;
      break;
    }
  }
  if (held_from != never_ms && (head != reserved_job || held_from != reserved_ms)) {
    record(EventKind::reserve, head, held_from);
    reserved_job = head;
    reserved_ms = held_from;
  }
}

// ---- Who is next

FastEngine::JobIndex FastEngine::next_candidate() {
  // While nobody is passed over, the order of all jobs will do.
  const bool nobody_passed_over = head < 0 && !quotas && !any_shut;
  const bool age_is_order =
      input.scheduling.order == JobOrder::fifo || input.scheduling.order == JobOrder::fair_share;
  const auto next_of_all = [&](OrderKey after) {
    return after == before_all
               ? waiting.front_of_all()
               : waiting.next(waiting.everything(), false, after, MinimumTree::absent - 1);
  };
  if (overdue_left) {
    const OrderKey oldest = nobody_passed_over && age_is_order
                                ? next_of_all(age_cursor)
                                : first_of_buckets(all_buckets, true, age_cursor);
    if (oldest.job >= 0 && overdue(oldest.job)) {
      age_cursor = oldest;
      return oldest.job;
    }
    overdue_left = false;
  }
  if (input.scheduling.order != JobOrder::fair_share) {
    const OrderKey first = nobody_passed_over && input.scheduling.max_wait_ms == 0
                               ? next_of_all(cursor)
                               : first_of_buckets(all_buckets, false, cursor);
    if (first.job >= 0) cursor = first;
    return first.job;
  }
  for (;;) {
    const std::int32_t leaf = least_served_leaf();
    if (leaf < 0) return -1;
    OrderKey& after = leaf_cursors[static_cast<std::size_t>(leaf)];
    const OrderKey first = first_of_buckets(waiting.buckets_of_queue(leaf), false, after);
    if (first.job >= 0) {
      after = first;
      return first.job;
    }
    leaf_empty[static_cast<std::size_t>(leaf)] = 1;
  }
}

OrderKey FastEngine::first_of_buckets(const std::vector<std::int32_t>& buckets, bool by_age,
                                      OrderKey after) {
  OrderKey first;
  for (const std::int32_t b : buckets) {
    const OrderKey candidate = candidate_of(b, by_age, after);
    if (candidate.job >= 0 && (first.job < 0 || candidate < first)) first = candidate;
  }
  return first;
}

// The first of the bucket after `after` that could start as things stand.
OrderKey FastEngine::candidate_of(std::int32_t b, bool by_age, OrderKey after) {
  const Bucket& bucket = waiting.buckets()[static_cast<std::size_t>(b)];
  if (bucket.waiting == 0) return {};
  BucketRun& run = bucket_runs[static_cast<std::size_t>(b)];
  if (run.pass != pass_id) {
    run.pass = pass_id;
    run.dead = false;
    run.asked_at = 0;
  }
  if (run.dead) return {};
  if (any_shut)
    for (std::int32_t q = bucket.queue; q >= 0;
         q = input.workload.queues[static_cast<std::size_t>(q)].parent)
      if (shut_queues[static_cast<std::size_t>(q)]) return {};

  std::int64_t limit = MinimumTree::absent - 1;
  const ShapeRun& known = shape_runs[static_cast<std::size_t>(bucket.shape)];
  if (head >= 0) {
    if (known.refused_in_pass == pass_id || known.refused_at == state) return {};
    if (known.delays_head_at == state) limit = held_from - now;
  }
  if (run.asked_at == state && run.asked_limit == limit && run.asked_by_age == by_age &&
      (run.candidate.job < 0 || run.candidate > after))
    return run.candidate;

  run.asked_at = state;
  run.asked_limit = limit;
  run.asked_by_age = by_age;
  run.candidate = after == before_all && !by_age && limit == MinimumTree::absent - 1
                      ? waiting.front(waiting.buckets()[static_cast<std::size_t>(b)])
                      : waiting.next(bucket, by_age, after, limit);
  // The overdue were all tried before.
  while (!by_age && run.candidate.job >= 0 && overdue(run.candidate.job))
    run.candidate = waiting.next(bucket, false, run.candidate, limit);
  return run.candidate;
}

// Fair share: down the tree to the child served least of its share; -1: no leaf has a candidate.
std::int32_t FastEngine::least_served_leaf() {
  const std::vector<Queue>& queues = input.workload.queues;
  const std::vector<std::int64_t>& share = shares();
  const std::int32_t count = static_cast<std::int32_t>(queues.size());
  children_left.assign(queues.size(), 0);
  for (std::int32_t q = count - 1; q >= 0; --q) {
    const std::size_t index_of = static_cast<std::size_t>(q);
    if (shut_queues[index_of] && any_shut) {
      children_left[index_of] = 0;
      continue;
    }
    if (!leaf_empty[index_of] && !waiting.buckets_of_queue(q).empty()) children_left[index_of] = 1;
    if (children_left[index_of] != 0 && queues[index_of].parent >= 0)
      children_left[static_cast<std::size_t>(queues[index_of].parent)] = 1;
  }
  std::int32_t leaf = -1;
  for (;;) {
    std::int32_t best = -1;
    for (std::int32_t q = leaf + 1; q < count; ++q) {
      const std::size_t index_of = static_cast<std::size_t>(q);
      if (queues[index_of].parent != leaf || children_left[index_of] == 0) continue;
      const std::size_t best_of = static_cast<std::size_t>(std::max(best, 0));
      if (best < 0 ||
          less_served(allocated[index_of], share[index_of], allocated[best_of], share[best_of]))
        best = q;
    }
    if (best < 0) return leaf;
    leaf = best;
  }
}

const std::vector<std::int64_t>& FastEngine::shares() {
  if (!shares_known) shares_ = fair_shares(input.workload.queues, demand, out.capacity_milli);
  shares_known = true;
  return shares_;
}

void FastEngine::add_allocated(std::int32_t queue, std::int64_t milli) {
  for (std::int32_t q = queue; q >= 0;
       q = input.workload.queues[static_cast<std::size_t>(q)].parent)
    allocated[static_cast<std::size_t>(q)] += milli;
}

std::int32_t FastEngine::blocking_quota(std::int32_t queue, std::int64_t asked_milli) const {
  for (std::int32_t q = queue; q >= 0;
       q = input.workload.queues[static_cast<std::size_t>(q)].parent)
    if (allocated[static_cast<std::size_t>(q)] + asked_milli >
        quota_bound(input.scheduling, input.workload.queues[static_cast<std::size_t>(q)]))
      return q;
  return -1;
}

// ---- Where

// Workers of the shape that all nodes have room for, power aside.
std::int64_t FastEngine::room_for(std::int32_t shape_index) {
  ShapeRun& known = shape_runs[static_cast<std::size_t>(shape_index)];
  const Request& worker = shapes[static_cast<std::size_t>(shape_index)].example->worker;
  const auto update = [&](NodeId n) {
    const std::int64_t room = worker_capacity(cluster.node(n), worker);
    known.room += room - known.room_on[n];
    known.room_on[n] = room;
  };
  if (!known.room_known) {
    known.room_on.assign(nodes.size(), 0);
    for (NodeId n = 0; n < nodes.size(); ++n) update(n);
    known.room_known = true;
  } else {
    cluster.visit_changed_since(known.room_seen, update);
  }
  known.room_seen = cluster.changes();
  return known.room;
}

void FastEngine::sketch_now(Sketch& sketch) const {
  sketch.input = &input;
  sketch.nodes = cluster.nodes();
  sketch.asleep = asleep;
  sketch.power = power;
}

// Every worker where the placement policy puts it; all or none.
std::optional<std::vector<Placement>> FastEngine::choose_places(JobIndex j) {
  const std::size_t shape_index = static_cast<std::size_t>(shape_of[static_cast<std::size_t>(j)]);
  const Shape& asked = shapes[shape_index];
  ShapeRun& known = shape_runs[shape_index];
  const Job& job_of = *asked.example;
  if (room_for(static_cast<std::int32_t>(shape_index)) < job_of.workers) return std::nullopt;

  std::vector<Placement> places;
  std::vector<NodeId> woken;
  bool found = true;
  while (found && static_cast<std::int32_t>(places.size()) < job_of.workers) {
    PoolSet pools = 0;
    for (int row = 0; row < rows(); ++row)
      if (power.admits(input.power, row, asked.draw_in_row[static_cast<std::size_t>(row)], 0, true))
        pools |= PoolSet{1} << row;
    if (pools == 0) {
      found = false;
      break;
    }
    if (asleep_count > 0)
      for (NodeId n = 0; n < nodes.size(); ++n) {
        if (!asleep[n]) continue;
        const int row = input.machine.nodes[n].pool;
        const Microwatts wake = awake_draw(input.machine, n) - asleep_draw(input.machine, n);
        cluster.set_open(
            n, power.admits(input.power, row, asked.draw_in_row[static_cast<std::size_t>(row)],
                            wake, true));
      }
    Request request = job_of.worker;
    request.pools = pools;
    std::optional<Placement> place;
    if (input.scheduling.placement == Policy::random) {
      place = choose_random(
          cluster, request,
          draw_bits(input.scheduling.seed, decisions, static_cast<std::int64_t>(places.size())));
    } else {
      auto known_request = known.requests.find(pools);
      if (known_request == known.requests.end())
        known_request = known.requests.emplace(pools, places_index.intern(request)).first;
      place = places_index.choose(known_request->second);
    }
    if (!place) {
      found = false;
      break;
    }
    places.push_back(*place);
    const NodeCapacity& node = input.machine.nodes[place->node];
    const WorkerDraw& draw = asked.draw_on_type[static_cast<std::size_t>(node.gpu_type)];
    cluster.place(job_of.worker, *place);
    power.add_admitted(node.pool, draw, +1);
    power.add_actual(node.pool, draw.mean);
    if (asleep[place->node]) {
      asleep[place->node] = 0;
      woken.push_back(place->node);
      power.add_floor(node.pool, awake_draw(input.machine, place->node) -
                                     asleep_draw(input.machine, place->node));
    }
  }

  // Only a trial: start() places for good.
  for (const Placement& place : places) {
    const NodeCapacity& node = input.machine.nodes[place.node];
    const WorkerDraw& draw = asked.draw_on_type[static_cast<std::size_t>(node.gpu_type)];
    cluster.release(job_of.worker, place);
    power.add_admitted(node.pool, draw, -1);
    power.add_actual(node.pool, -draw.mean);
  }
  for (const NodeId n : woken) {
    asleep[n] = 1;
    power.add_floor(input.machine.nodes[n].pool,
                    asleep_draw(input.machine, n) - awake_draw(input.machine, n));
  }
  if (!found) return std::nullopt;
  return places;
}

}  // namespace warmshell::replay
