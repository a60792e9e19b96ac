#include "replay/engine/waiting.h"

#include <algorithm>
#include <bit>
#include <map>

#include "replay/engine/rules.h"

namespace warmshell::replay {

MinimumTree::MinimumTree(std::size_t size)
    : size_(size),
      leaves_(std::bit_ceil(std::max<std::size_t>(size, 1))),
      least_(2 * leaves_, absent) {}

void MinimumTree::set(std::size_t position, std::int64_t value) {
  std::size_t at = leaves_ + position;
  least_[at] = value;
  for (at /= 2; at > 0; at /= 2) least_[at] = std::min(least_[2 * at], least_[2 * at + 1]);
}

std::size_t MinimumTree::first_at_most(std::size_t from, std::int64_t limit) const {
  if (from >= size_) return size_;
  limit = std::min(limit, absent - 1);
  // Up while the right neighbour may hold it, then down to the first.
  std::size_t at = leaves_ + from;
  while (least_[at] > limit) {
    while (at % 2 == 1) at /= 2;
    if (at == 0) return size_;
    ++at;
    if (std::has_single_bit(at)) return size_;
  }
  while (at < leaves_) at = least_[2 * at] <= limit ? 2 * at : 2 * at + 1;
  return at - leaves_;
}

Waiting::Waiting(const ReplayInput& input, const std::vector<std::int32_t>& shape_of)
    : place_(input.workload.jobs.size()), of_queue_(input.workload.queues.size()) {
  const JobOrder order = input.scheduling.order;
  const bool aged = input.scheduling.max_wait_ms > 0 &&
                    (order == JobOrder::shortest || order == JobOrder::priority);
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> known;
  for (std::size_t j = 0; j < input.workload.jobs.size(); ++j) {
    const Job& job = input.workload.jobs[j];
    const auto [entry, is_new] = known.emplace(std::pair{job.queue, shape_of[j]},
                                               static_cast<std::int32_t>(buckets_.size()));
    if (is_new) {
      buckets_.emplace_back();
      buckets_.back().queue = job.queue;
      buckets_.back().shape = shape_of[j];
      of_queue_[static_cast<std::size_t>(job.queue)].push_back(entry->second);
    }
    place_[j].bucket = entry->second;
    Bucket& bucket = buckets_[static_cast<std::size_t>(entry->second)];
    bucket.in_order.push_back({order_key(order, job), static_cast<std::int32_t>(j)});
    everything_.in_order.push_back(bucket.in_order.back());
    if (aged) bucket.by_age.push_back({0, static_cast<std::int32_t>(j)});
  }
  for (Bucket& bucket : buckets_) {
    std::sort(bucket.in_order.begin(), bucket.in_order.end());
    for (std::size_t p = 0; p < bucket.in_order.size(); ++p)
      place_[static_cast<std::size_t>(bucket.in_order[p].job)].position =
          static_cast<std::int32_t>(p);
    for (std::size_t p = 0; p < bucket.by_age.size(); ++p)
      place_[static_cast<std::size_t>(bucket.by_age[p].job)].age_position =
          static_cast<std::int32_t>(p);
    bucket.estimates = MinimumTree(bucket.in_order.size());
    bucket.estimates_by_age = MinimumTree(bucket.by_age.size());
  }
  std::sort(everything_.in_order.begin(), everything_.in_order.end());
  everything_.estimates = MinimumTree(everything_.in_order.size());
  for (std::size_t p = 0; p < everything_.in_order.size(); ++p)
    place_[static_cast<std::size_t>(everything_.in_order[p].job)].position_of_all =
        static_cast<std::int32_t>(p);
}

void Waiting::put(Bucket& bucket, std::int32_t position, Milliseconds estimate_left) {
  if (bucket.waiting == 0 || (bucket.first >= 0 && position < bucket.first))
    bucket.first = position;
  ++bucket.waiting;
  bucket.estimates.set(static_cast<std::size_t>(position), estimate_left);
}

void Waiting::take(Bucket& bucket, std::int32_t position) {
  --bucket.waiting;
  if (bucket.first == position) bucket.first = -1;
  bucket.estimates.set(static_cast<std::size_t>(position), MinimumTree::absent);
}

void Waiting::enter(std::int32_t job, Milliseconds estimate_left) {
  const Place& place = place_[static_cast<std::size_t>(job)];
  Bucket& bucket = buckets_[static_cast<std::size_t>(place.bucket)];
  put(bucket, place.position, estimate_left);
  put(everything_, place.position_of_all, estimate_left);
  if (!bucket.by_age.empty())
    bucket.estimates_by_age.set(static_cast<std::size_t>(place.age_position), estimate_left);
}

void Waiting::leave(std::int32_t job) {
  const Place& place = place_[static_cast<std::size_t>(job)];
  Bucket& bucket = buckets_[static_cast<std::size_t>(place.bucket)];
  take(bucket, place.position);
  take(everything_, place.position_of_all);
  if (!bucket.by_age.empty())
    bucket.estimates_by_age.set(static_cast<std::size_t>(place.age_position), MinimumTree::absent);
}

OrderKey Waiting::front(Bucket& bucket) {
  if (bucket.first < 0)
    bucket.first =
        static_cast<std::int32_t>(bucket.estimates.first_at_most(0, MinimumTree::absent - 1));
  return bucket.in_order[static_cast<std::size_t>(bucket.first)];
}

OrderKey Waiting::next(const Bucket& bucket, bool by_age, OrderKey after,
                       std::int64_t limit) const {
  const bool own_age = by_age && !bucket.by_age.empty();
  const std::vector<OrderKey>& order = own_age ? bucket.by_age : bucket.in_order;
  const MinimumTree& estimates = own_age ? bucket.estimates_by_age : bucket.estimates;
  const std::size_t from =
      static_cast<std::size_t>(std::upper_bound(order.begin(), order.end(), after) - order.begin());
  const std::size_t found = estimates.first_at_most(from, limit);
  return found < order.size() ? order[found] : OrderKey{};
}

}  // namespace warmshell::replay
