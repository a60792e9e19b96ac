#pragma once
// Fair shares of a tree of queues: what each deserves first, then the surplus by priority and,
// within a priority, by weight. The closed form is that of the KAI scheduler's documentation
// ("Fairness", NVIDIA, github.com/NVIDIA/KAI-Scheduler, docs/fairness). Thread rule: pure
// functions.

#include <cstdint>
#include <span>
#include <vector>

#include "replay/engine/workload.h"

namespace warmshell::replay {

// Divides `total` in proportion to weights, nobody above its need: share = min(need, weight x
// level) with the one level that spends the total, or every need where the total suffices. Rounded
// down; what rounding leaves goes, one unit each, to the first whose need and weight leave room.
[[nodiscard]] std::vector<std::int64_t> fill_by_weight(std::int64_t total,
                                                       std::span<const std::int64_t> needs,
                                                       std::span<const std::int64_t> weights);

// Share of every queue in GPU milli. demand_milli: of leaves what their running and waiting jobs
// ask (entries of parents are not read); limits cut it. Among the children of one parent:
//   1. each gets min(deserved, demand); where these exceed the parent's share, it is divided over
//      them in proportion to what they deserve;
//   2. the surplus goes to the highest priority first, by weight up to the demand, then to the
//   next.
[[nodiscard]] std::vector<std::int64_t> fair_shares(std::span<const Queue> queues,
                                                    std::span<const std::int64_t> demand_milli,
                                                    std::int64_t total_milli);

}  // namespace warmshell::replay
