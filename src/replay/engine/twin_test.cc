// The fast engine against the naive one, event for event.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "replay/engine/fast.h"
#include "replay/engine/naive.h"
#include "replay/engine/random_input.h"

namespace warmshell::replay {
namespace {

std::string describe(const std::vector<Event>& log, std::size_t at) {
  std::string text;
  for (std::size_t e = at < 6 ? 0 : at - 6; e < std::min(log.size(), at + 3); ++e)
    text += fmt::format("{}{} kind {} subject {} value {}\n", e == at ? "> " : "  ", log[e].time_ms,
                        static_cast<int>(log[e].kind), log[e].subject, log[e].value);
  return text;
}

TEST(Twin, fast_agrees_with_naive_event_for_event_under_every_combination) {
  std::set<EventKind> seen;
  std::map<std::int64_t, int> evictions;  // by reason
  std::int64_t excursions = 0;
  std::int64_t starts = 0;
  for (std::uint64_t index = 0; index < 2000; ++index) {
    RandomInputs random{index};
    ReplayInput input;
    input.machine = random.machine();
    input.workload = random.workload(input.machine, random.small(4, 32));
    input.scheduling = random.scheduling(index);
    input.power = random.power(input.machine);
    RunOptions options;
    options.log = options.samples = true;
    if (random.chance(20)) options.horizon_ms = random.between(500, 9000);

    const Outcome naive = replay_naive(input, options);
    const Outcome fast = replay(input, options);
    for (std::size_t e = 0; e < std::max(naive.log.size(), fast.log.size()); ++e)
      ASSERT_TRUE(e < naive.log.size() && e < fast.log.size() && naive.log[e] == fast.log[e])
          << "input " << index << "\nnaive\n"
          << describe(naive.log, e) << "fast\n"
          << describe(fast.log, e);
    ASSERT_EQ(naive.jobs, fast.jobs) << index;
    ASSERT_EQ(naive.samples, fast.samples) << index;
    ASSERT_EQ(naive.gpu_time, fast.gpu_time) << index;
    ASSERT_EQ(naive.excursions, fast.excursions) << index;
    ASSERT_EQ(naive.end_ms, fast.end_ms) << index;
    ASSERT_EQ(naive.it_energy, fast.it_energy) << index;
    ASSERT_EQ(naive.facility_energy, fast.facility_energy) << index;
    ASSERT_EQ(naive.cost, fast.cost) << index;
    ASSERT_EQ(naive.evictions, fast.evictions) << index;
    ASSERT_EQ(naive.passes, fast.passes) << index;
    for (const Event& event : naive.log) {
      seen.insert(event.kind);
      if (event.kind == EventKind::evict) ++evictions[event.value];
      if (event.kind == EventKind::start) ++starts;
    }
    excursions += static_cast<std::int64_t>(naive.excursions.size());
  }
  EXPECT_EQ(seen.size(), 13u) << "some kind of event never came up";
  // The inputs are worth comparing only while much happens in them.
  EXPECT_GT(starts, 15'000);
  EXPECT_GT(evictions[static_cast<int>(EvictReason::reclaim)], 50);
  EXPECT_GT(evictions[static_cast<int>(EvictReason::preemption)], 200);
  EXPECT_GT(evictions[static_cast<int>(EvictReason::power)], 200);
  EXPECT_GT(excursions, 200);
}

}  // namespace
}  // namespace warmshell::replay
