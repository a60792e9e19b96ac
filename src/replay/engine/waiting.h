#pragma once
// The waiting jobs of the fast engine. Jobs of one queue that ask the same of the machine stand in
// one bucket: where one of them cannot be placed, none can. In a bucket jobs stand in the order of
// the policy, fixed before the run, with the shortest estimate of any span at hand. Invariant: a
// job is present in its bucket while and only while it waits. Thread rule: one thread.

#include <cstdint>
#include <vector>

#include "replay/engine/input.h"

namespace warmshell::replay {

// A row of numbers: replace one, find the first at or after a position that is at most a limit.
class MinimumTree {
 public:
  explicit MinimumTree(std::size_t size = 0);
  static constexpr std::int64_t absent = INT64_MAX;
  void set(std::size_t position, std::int64_t value);
  [[nodiscard]] std::size_t first_at_most(std::size_t from,
                                          std::int64_t limit) const;  // size: none
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
  std::size_t leaves_ = 1;
  std::vector<std::int64_t> least_;
};

struct OrderKey {
  std::int64_t key = 0;
  std::int32_t job = -1;
  auto operator<=>(const OrderKey&) const = default;
};

struct Bucket {
  std::int32_t queue = 0;
  std::int32_t shape = 0;
  std::int64_t waiting = 0;
  std::int32_t first = -1;         // position of the first waiting; -1: to be looked up
  std::vector<OrderKey> in_order;  // by the policy's key
  MinimumTree estimates;           // by the same positions
  std::vector<OrderKey> by_age;    // key 0: by submission; empty where the same as in_order
  MinimumTree estimates_by_age;
};

class Waiting {
 public:
  // shape_of: by job, jobs of one shape are alike to the machine.
  Waiting(const ReplayInput& input, const std::vector<std::int32_t>& shape_of);

  void enter(std::int32_t job, Milliseconds estimate_left);
  void leave(std::int32_t job);

  // All jobs, whatever their queue and shape; its queue and shape mean nothing.
  [[nodiscard]] const Bucket& everything() const { return everything_; }
  [[nodiscard]] OrderKey front_of_all() {
    return everything_.waiting > 0 ? front(everything_) : OrderKey{};
  }

  [[nodiscard]] std::vector<Bucket>& buckets() { return buckets_; }
  [[nodiscard]] std::int32_t bucket_of(std::int32_t job) const {
    return place_[static_cast<std::size_t>(job)].bucket;
  }
  [[nodiscard]] const std::vector<std::int32_t>& buckets_of_queue(std::int32_t queue) const {
    return of_queue_[static_cast<std::size_t>(queue)];
  }

  // The first waiting job of a bucket that is not empty, by the policy's order.
  [[nodiscard]] OrderKey front(Bucket& bucket);
  // The first waiting job of the bucket after `after` whose estimate is at most `limit`; job -1:
  // none.
  [[nodiscard]] OrderKey next(const Bucket& bucket, bool by_age, OrderKey after,
                              std::int64_t limit) const;

 private:
  struct Place {
    std::int32_t bucket = 0;
    std::int32_t position = 0;
    std::int32_t age_position = 0;
    std::int32_t position_of_all = 0;
  };
  static void put(Bucket& bucket, std::int32_t position, Milliseconds estimate_left);
  static void take(Bucket& bucket, std::int32_t position);

  std::vector<Bucket> buckets_;
  Bucket everything_;
  std::vector<Place> place_;
  std::vector<std::vector<std::int32_t>> of_queue_;
};

}  // namespace warmshell::replay
