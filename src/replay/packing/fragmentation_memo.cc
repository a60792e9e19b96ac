#include "replay/packing/fragmentation_memo.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "replay/packing/policies.h"

namespace warmshell::replay::packing {

namespace {

constexpr std::size_t first_state_slots = 1024;
constexpr std::size_t first_score_slots = 4096;
constexpr FragmentationMemo::GpuState no_state = ~FragmentationMemo::GpuState{0};

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <class T>
std::size_t index_of(const std::vector<T>& sorted, T value) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), value) -
                                  sorted.begin());
}

}  // namespace

FragmentationMemo::FragmentationMemo(std::span<const TypicalJob> typical_jobs)
    : state_slots_(first_state_slots, no_state), scores_(first_score_slots) {
  for (const TypicalJob& job : typical_jobs) {
    cpu_demands_.push_back(job.request.cpu_milli);
    if (job.request.gpus > 0)
      gpu_demands_.push_back(static_cast<std::int16_t>(job.request.gpu_milli));
  }
  sort_unique(cpu_demands_);
  sort_unique(gpu_demands_);
  assert(typical_jobs.size() <= max_typical_jobs);
  assert(cpu_demands_.size() <= std::numeric_limits<CpuStep>::max());

  for (const TypicalJob& job : typical_jobs) {
    Term term;
    term.share = job.share;
    term.cpu_index = static_cast<std::uint16_t>(index_of(cpu_demands_, job.request.cpu_milli));
    term.gpus = job.request.gpus;
    if (term.gpus > 0)
      term.milli_index = static_cast<std::uint16_t>(
          index_of(gpu_demands_, static_cast<std::int16_t>(job.request.gpu_milli)));
    term.gpu_types = job.request.gpu_types;
    terms_.push_back(term);
  }

  const std::int32_t largest = cpu_demands_.empty() ? 0 : cpu_demands_.back();
  std::size_t step = 0;
  for (std::int32_t cpu = 0; cpu <= largest; cpu += 1 << step_shift) {
    while (step < cpu_demands_.size() && cpu_demands_[step] <= cpu) ++step;
    first_step_.push_back(static_cast<CpuStep>(step));
  }

  for (std::size_t type = 0; type < type_class_.size(); ++type) {
    const auto admits_the_same = [&](std::size_t other) {
      return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
        return (term.gpu_types >> type & 1) == (term.gpu_types >> other & 1);
      });
    };
    std::size_t first = 0;
    while (!admits_the_same(first)) ++first;
    type_class_[type] = static_cast<std::uint16_t>(first);
  }
}

void FragmentationMemo::forget() {
  states_.clear();
  values_.clear();
  state_slots_.assign(first_state_slots, no_state);
  scores_.assign(first_score_slots, {});
  scores_known_ = 0;
}

FragmentationMemo::View FragmentationMemo::view(const NodeState& node) {
  Lefts lefts;
  lefts.gpu_type = type_class_[node.gpu_type];
  for (std::size_t g = 0; g < node.gpu_count; ++g) {
    const std::int16_t left = node.gpu_left[g];
    if (left == 0) continue;
    std::size_t at = lefts.count++;
    for (; at > 0 && lefts.milli[at - 1] > left; --at) lefts.milli[at] = lefts.milli[at - 1];
    lefts.milli[at] = left;
  }
  return {state_of(lefts), cpu_step(node.cpu_left)};
}

FragmentationMemo::Ask FragmentationMemo::ask_of(const Request& request) {
  const AskedGpus asked{request.gpus, static_cast<std::int16_t>(request.gpu_milli)};
  const auto found = std::find(asks_.begin(), asks_.end(), asked);
  if (found == asks_.end()) {
    asks_.push_back(asked);
    return static_cast<Ask>(asks_.size() - 1);
  }
  return static_cast<Ask>(found - asks_.begin());
}

FragmentationMemo::GpuState FragmentationMemo::state_of(const Lefts& lefts) {
  const auto slot_for = [this](const Lefts& key) {
    std::uint64_t hash = std::uint64_t{key.gpu_type} << 16 | key.count;
    for (std::size_t i = 0; i < key.count; ++i)
      hash = (hash ^ static_cast<std::uint64_t>(key.milli[i])) * 0xff51'afd7'ed55'8ccdu;
    std::size_t slot = slot_of(hash ^ hash >> 29, state_slots_.size());
    while (state_slots_[slot] != no_state && states_[state_slots_[slot]] != key)
      slot = (slot + 1) & (state_slots_.size() - 1);
    return slot;
  };
  std::size_t slot = slot_for(lefts);
  if (state_slots_[slot] != no_state) return state_slots_[slot];

  if (2 * (states_.size() + 1) > state_slots_.size()) {
    state_slots_.assign(2 * state_slots_.size(), no_state);
    for (GpuState id = 0; id < states_.size(); ++id) state_slots_[slot_for(states_[id])] = id;
    slot = slot_for(lefts);
  }
  const auto id = static_cast<GpuState>(states_.size());
  states_.push_back(lefts);
  state_slots_[slot] = id;
  values_.resize(states_.size() * (cpu_demands_.size() + 1),
                 std::numeric_limits<double>::quiet_NaN());
  return id;
}

double FragmentationMemo::value(GpuState state, CpuStep step) {
  double& known = values_[state * (cpu_demands_.size() + 1) + step];
  if (std::isnan(known)) known = work_out(states_[state], step);
  return known;
}

double FragmentationMemo::work_out(const Lefts& lefts, CpuStep step) const {
  // For every GPU demand: how many GPUs have room for it, and what is left on those that have not.
  struct Room {
    std::int32_t gpus = 0;
    std::int32_t left_on_others = 0;
  };
  std::array<Room, 256> rooms;
  std::int32_t below = 0;
  std::size_t i = 0;
  for (std::size_t d = 0; d < gpu_demands_.size(); ++d) {
    for (; i < lefts.count && lefts.milli[i] < gpu_demands_[d]; ++i) below += lefts.milli[i];
    rooms[d] = {static_cast<std::int32_t>(lefts.count - i), below};
  }
  std::int32_t total = below;
  for (; i < lefts.count; ++i) total += lefts.milli[i];

  enum { lacks_both, lacks_gpu, lacks_cpu, cpu_job_fits, cpu_job_lacks, no_access, kinds };
  std::array<double, kinds> sums{};
  for (const Term& term : terms_) {
    const bool cpu_fits = step > term.cpu_index;
    if (term.gpus == 0) {
      sums[cpu_fits ? cpu_job_fits : cpu_job_lacks] += term.share * total;
    } else if ((term.gpu_types >> lefts.gpu_type & 1) == 0) {
      sums[no_access] += term.share * total;
    } else {
      const Room& room = rooms[term.milli_index];
      const bool gpus_fit = room.gpus >= term.gpus;
      const std::int32_t wasted = gpus_fit && cpu_fits ? room.left_on_others : total;
      sums[gpus_fit ? (cpu_fits ? lacks_gpu : lacks_cpu) : (cpu_fits ? lacks_gpu : lacks_both)] +=
          term.share * wasted;
    }
  }
  return sums[lacks_both] + sums[lacks_gpu] + sums[lacks_cpu] + sums[cpu_job_fits] +
         sums[cpu_job_lacks] + sums[no_access];
}

int FragmentationMemo::remember_score(std::uint64_t key, View before, CpuStep cpu_after, Ask ask) {
  const int score = work_out_score(before, cpu_after, asks_[ask]);
  if (2 * (scores_known_ + 1) > scores_.size()) {
    std::vector<ScoreSlot> old(2 * scores_.size());
    old.swap(scores_);
    for (const ScoreSlot& known : old) {
      if (known.key == no_key) continue;
      std::size_t slot = slot_of(known.key, scores_.size());
      while (scores_[slot].key != no_key) slot = (slot + 1) & (scores_.size() - 1);
      scores_[slot] = known;
    }
  }
  std::size_t slot = slot_of(key, scores_.size());
  while (scores_[slot].key != no_key) slot = (slot + 1) & (scores_.size() - 1);
  scores_[slot] = {key, score};
  ++scores_known_;
  return score;
}

int FragmentationMemo::work_out_score(View before, CpuStep cpu_after, AskedGpus asked) {
  const double value_before = value(before.gpus, before.cpu);
  if (asked.gpus == 0) return fgd_score(value_before, value(before.gpus, cpu_after));

  const Lefts lefts = states_[before.gpus];
  if (asked.gpus > 1 || asked.milli == whole_gpu_milli) {
    Lefts after = lefts;  // wholly free GPUs stand last
    for (int i = 0; i < asked.gpus; ++i) after.milli[--after.count] = 0;
    return fgd_score(value_before, value(state_of(after), cpu_after));
  }
  int best = -1;
  for (std::size_t taken = 0; taken < lefts.count; ++taken) {
    const std::int16_t left = lefts.milli[taken];
    if (left < asked.milli || (taken > 0 && lefts.milli[taken - 1] == left)) continue;
    // What remains of the GPU moves down to its place; nothing remaining moves out.
    Lefts after = lefts;
    const auto rest = static_cast<std::int16_t>(left - asked.milli);
    std::size_t at = taken;
    if (rest == 0) {
      for (; at + 1 < after.count; ++at) after.milli[at] = after.milli[at + 1];
      --after.count;
    } else {
      for (; at > 0 && after.milli[at - 1] > rest; --at) after.milli[at] = after.milli[at - 1];
    }
    after.milli[at] = rest;
    best = std::max(best, fgd_score(value_before, value(state_of(after), cpu_after)));
  }
  return best;
}

GpuSet FragmentationMemo::best_gpus(const NodeState& node, const Request& request) {
  if (!request.is_share()) return first_gpus_with_room(node, request);
  const View before = view(node);
  const CpuStep cpu_after = cpu_step(node.cpu_left - request.cpu_milli);
  int best_score = -1;
  GpuSet best = 0;
  for (int g = 0; g < node.gpu_count; ++g) {
    const GpuSet gpus = GpuSet{1} << g;
    if (node.gpu_left[static_cast<std::size_t>(g)] < request.gpu_milli) continue;
    const View after = view(with_request(node, request, gpus));
    const int score = fgd_score(value(before.gpus, before.cpu), value(after.gpus, cpu_after));
    if (score > best_score) {
      best_score = score;
      best = gpus;
    }
  }
  return best;
}

}  // namespace warmshell::replay::packing
