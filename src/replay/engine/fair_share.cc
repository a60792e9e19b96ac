#include "replay/engine/fair_share.h"

#include <algorithm>
#include <numeric>

namespace warmshell::replay {

std::vector<std::int64_t> fill_by_weight(std::int64_t total, std::span<const std::int64_t> needs,
                                         std::span<const std::int64_t> weights) {
  const std::size_t n = needs.size();
  std::vector<std::int64_t> shares(n, 0);

  // Those that reach their need at the lowest level come first; the level is found at the first
  // that the rest of the total cannot satisfy.
  std::vector<std::size_t> order;
  std::int64_t weight_left = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (needs[i] <= 0 || weights[i] <= 0) continue;
    order.push_back(i);
    weight_left += weights[i];
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Wide left = static_cast<Wide>(needs[a]) * weights[b];
    const Wide right = static_cast<Wide>(needs[b]) * weights[a];
    return left != right ? left < right : a < b;
  });
  std::int64_t left = total;
  std::size_t satisfied = 0;
  for (; satisfied < order.size(); ++satisfied) {
    const std::size_t i = order[satisfied];
    if (static_cast<Wide>(needs[i]) * weight_left > static_cast<Wide>(left) * weights[i]) break;
    shares[i] = needs[i];
    left -= needs[i];
    weight_left -= weights[i];
  }

  std::int64_t rounding = left;
  for (std::size_t k = satisfied; k < order.size(); ++k) {
    const std::size_t i = order[k];
    shares[i] = static_cast<std::int64_t>(static_cast<Wide>(left) * weights[i] / weight_left);
    rounding -= shares[i];
  }
  for (std::size_t i = 0; i < n && satisfied < order.size() && rounding > 0; ++i) {
    if (weights[i] <= 0 || shares[i] >= needs[i]) continue;
    ++shares[i];
    --rounding;
  }
  return shares;
}

namespace {

void divide_among(std::span<const Queue> queues, const std::vector<std::size_t>& children,
                  std::span<const std::int64_t> demand, std::int64_t total,
                  std::vector<std::int64_t>& share) {
  std::vector<std::int64_t> needs(children.size());
  std::vector<std::int64_t> weights(children.size());

  for (std::size_t k = 0; k < children.size(); ++k) {
    needs[k] = std::min(queues[children[k]].deserved_milli, demand[children[k]]);
    weights[k] = queues[children[k]].deserved_milli;
  }
  std::int64_t surplus = total;
  const std::vector<std::int64_t> deserved = fill_by_weight(total, needs, weights);
  for (std::size_t k = 0; k < children.size(); ++k) {
    share[children[k]] = deserved[k];
    surplus -= deserved[k];
  }

  std::vector<std::int32_t> priorities;
  for (const std::size_t q : children) priorities.push_back(queues[q].priority);
  std::sort(priorities.begin(), priorities.end(), std::greater<>());
  priorities.erase(std::unique(priorities.begin(), priorities.end()), priorities.end());
  for (const std::int32_t priority : priorities) {
    if (surplus == 0) break;
    for (std::size_t k = 0; k < children.size(); ++k) {
      const Queue& queue = queues[children[k]];
      const bool here = queue.priority == priority;
      needs[k] = here ? demand[children[k]] - share[children[k]] : 0;
      weights[k] = here ? queue.weight : 0;
    }
    const std::vector<std::int64_t> extra = fill_by_weight(surplus, needs, weights);
    for (std::size_t k = 0; k < children.size(); ++k) {
      share[children[k]] += extra[k];
      surplus -= extra[k];
    }
  }
}

}  // namespace

std::vector<std::int64_t> fair_shares(std::span<const Queue> queues,
                                      std::span<const std::int64_t> demand_milli,
                                      std::int64_t total_milli) {
  const std::size_t n = queues.size();
  std::vector<std::vector<std::size_t>> children(n + 1);  // the last: the roots
  for (std::size_t q = 0; q < n; ++q)
    children[queues[q].parent < 0 ? n : static_cast<std::size_t>(queues[q].parent)].push_back(q);

  // Demand rises to the parents, cut at every limit on the way.
  std::vector<std::int64_t> demand(n, 0);
  for (std::size_t q = n; q-- > 0;) {
    if (children[q].empty()) demand[q] = demand_milli[q];
    if (queues[q].limit_milli >= 0) demand[q] = std::min(demand[q], queues[q].limit_milli);
    if (queues[q].parent >= 0) demand[static_cast<std::size_t>(queues[q].parent)] += demand[q];
  }

  std::vector<std::int64_t> share(n, 0);
  divide_among(queues, children[n], demand, total_milli, share);
  for (std::size_t q = 0; q < n; ++q)
    if (!children[q].empty()) divide_among(queues, children[q], demand, share[q], share);
  return share;
}

}  // namespace warmshell::replay
