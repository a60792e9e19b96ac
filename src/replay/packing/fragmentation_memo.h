#pragma once
// Fragmentation, remembered by what it depends on. To it many nodes are alike: it sees the sorted
// GPU lefts, which typical jobs the GPU type admits, and only how many of the typical jobs' CPU
// demands fit. So nodes fall into few states, and a score is worked out once per pair of states.
// Values equal fragmentation() of policies.h bit for bit: the same terms in the same order.
// Thread rule: one thread per memo.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "replay/placement.h"

namespace warmshell::replay::packing {

class FragmentationMemo {
 public:
  using GpuState = std::uint32_t;  // GPU lefts and type of a node, as far as they matter
  using CpuStep = std::uint8_t;    // how many of the typical jobs' CPU demands fit
  using Ask = std::uint16_t;       // GPUs and milli of a request

  struct View {
    GpuState gpus = 0;
    CpuStep cpu = 0;
  };

  explicit FragmentationMemo(std::span<const TypicalJob> typical_jobs);

  [[nodiscard]] View view(const NodeState& node);
  // States remembered; forget() drops them all, after which earlier views mean nothing.
  [[nodiscard]] std::size_t states() const { return states_.size(); }
  void forget();

  [[nodiscard]] Ask ask_of(const Request& request);

  [[nodiscard]] CpuStep cpu_step(std::int32_t cpu_left) const {
    std::size_t step = first_step_[std::min(static_cast<std::size_t>(cpu_left) >> step_shift,
                                            first_step_.size() - 1)];
    while (step < cpu_demands_.size() && cpu_demands_[step] <= cpu_left) ++step;
    return static_cast<CpuStep>(step);
  }

  // The score of placing there, by the best GPU; `cpu_after` is the step once the request's CPU is
  // taken. The node must have room.
  [[nodiscard]] int score(View before, CpuStep cpu_after, Ask ask) {
    const std::uint64_t key = std::uint64_t{before.gpus} << 32 | std::uint64_t{ask} << 16 |
                              std::uint64_t{before.cpu} << 8 | cpu_after;
    std::size_t slot = slot_of(key, scores_.size());
    while (scores_[slot].key != key) {
      if (scores_[slot].key == no_key) return remember_score(key, before, cpu_after, ask);
      slot = (slot + 1) & (scores_.size() - 1);
    }
    return scores_[slot].score;
  }

  // The GPUs that reach that score, the first by index.
  [[nodiscard]] GpuSet best_gpus(const NodeState& node, const Request& request);

 private:
  struct Lefts {
    std::array<std::int16_t, max_gpus_per_node> milli{};  // ascending; 0 beyond count
    std::uint16_t count = 0;                              // of GPUs with something left
    std::uint16_t gpu_type = 0;  // the first of the types that admit the same typical jobs
    bool operator==(const Lefts&) const = default;
  };
  struct Term {  // of a typical job
    double share = 0;
    std::uint16_t cpu_index = 0;    // fits where the CPU step is above
    std::uint16_t milli_index = 0;  // in gpu_demands_
    std::int32_t gpus = 0;
    TypeSet gpu_types = 0;
  };
  struct AskedGpus {
    std::int32_t gpus = 0;
    std::int16_t milli = 0;
    bool operator==(const AskedGpus&) const = default;
  };
  struct ScoreSlot {
    std::uint64_t key = no_key;
    std::int32_t score = 0;
  };
  static constexpr std::uint64_t no_key = ~std::uint64_t{0};
  static constexpr int step_shift = 8;

  static std::size_t slot_of(std::uint64_t hash, std::size_t slots) {
    return static_cast<std::size_t>((hash * 0x9e37'79b9'7f4a'7c15u) >> 32) & (slots - 1);
  }

  GpuState state_of(const Lefts& lefts);
  double value(GpuState state, CpuStep step);
  [[nodiscard]] double work_out(const Lefts& lefts, CpuStep step) const;
  int remember_score(std::uint64_t key, View before, CpuStep cpu_after, Ask ask);
  int work_out_score(View before, CpuStep cpu_after, AskedGpus asked);

  std::vector<Term> terms_;
  std::vector<std::int32_t> cpu_demands_;  // of typical jobs, ascending, each once
  std::vector<std::int16_t> gpu_demands_;
  std::vector<CpuStep> first_step_;  // a lower bound of the step, by CPU left in steps of 256 milli
  std::array<std::uint16_t, max_gpu_types> type_class_{};
  std::vector<AskedGpus> asks_;

  std::vector<Lefts> states_;
  std::vector<GpuState> state_slots_;  // open addressing into states_
  std::vector<double> values_;         // state, step; NaN until asked for
  std::vector<ScoreSlot> scores_;      // open addressing
  std::size_t scores_known_ = 0;
};

}  // namespace warmshell::replay::packing
