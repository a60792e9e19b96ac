#pragma once
// Inside of the fast engine; see fast.h. The steps of one instant stand in fast.cc, the scheduling
// pass in fast_pass.cc, eviction in fast_evict.cc, conservative backfill in fast_plan.cc, power
// control in fast_control.cc. Names and steps are those of naive_engine.h.

#include <map>
#include <optional>
#include <queue>
#include <set>
#include <vector>

#include "replay/engine/fast.h"
#include "replay/engine/ledger.h"
#include "replay/engine/rules.h"
#include "replay/engine/sketch.h"
#include "replay/engine/waiting.h"

namespace warmshell::replay {

struct FastEngine {
  FastEngine(const ReplayInput& replay_input, const RunOptions& run_options);
  Outcome run(const Progress& progress);

  using JobIndex = std::int32_t;

  struct JobRun {
    JobOutcome result;
    Work done = 0;  // at accrued_ms, and not lost
    Milliseconds accrued_ms = 0;
    std::int32_t power_evictions = 0;
    std::vector<Placement> places;
    Milliseconds start_ms = 0;
    Milliseconds woken_ms = 0;
    Milliseconds ready_ms = 0;
    Milliseconds believed_end_ms = 0;
    Milliseconds completion_ms = never_ms;
    std::int64_t phase = 0;
    Milliseconds phase_end_ms = never_ms;
    std::int32_t level_rate = full_rate_ppm;
    std::int32_t rate = full_rate_ppm;
    std::uint64_t rows = 0;          // bit: has a worker there
    std::size_t running_index = 0;   // in running
    bool stale_rate = false;         // in stale_rates
    std::vector<Microwatts> actual;  // draw counted in the ledger, by worker
  };
  struct NodeRun {
    bool asleep = false;
    Milliseconds idle_since_ms = 0;
    std::int32_t workers = 0;
    std::vector<JobIndex> sharing;  // jobs with shares of a GPU here, one entry for each worker
    std::array<std::uint16_t, max_gpus_per_node> residents{};
  };
  struct Command {
    Milliseconds due_ms = 0;
    std::int32_t stage = 0;
  };
  struct Domain {
    std::int32_t stage = 0;
    std::int32_t commanded = 0;
    std::vector<Command> commands;
    bool braked = false;
    Milliseconds brake_due_ms = never_ms;
    Milliseconds brake_until_ms = 0;  // not released before
    Milliseconds held_until_ms = 0;
    bool over = false;
    Excursion excursion;
  };
  struct FreeParts {
    std::int64_t fragmentation = 0, quota = 0, power = 0, gang_wait = 0, idle = 0;
  };
  struct Due {
    Milliseconds time = 0;
    std::int32_t subject = 0;
    auto operator<=>(const Due&) const = default;
  };
  using Schedule =
      std::priority_queue<Due, std::vector<Due>, std::greater<>>;  // entries may be stale

  // What is known of a shape, and when it was learnt.
  struct ShapeRun {
    std::uint64_t refused_at = 0;       // choose_places failed in this state
    std::uint64_t refused_in_pass = 0;  // and will in all of this pass
    std::uint64_t delays_head_at = 0;   // starting it would delay the head, in this state
    std::uint64_t room_seen = 0;        // of cluster changes
    bool room_known = false;
    std::int64_t room = 0;              // workers that the nodes have room for
    std::vector<std::int64_t> room_on;  // by node
    std::map<PoolSet, RequestId> requests;
    std::optional<bool> possible;  // on the empty machine
    std::uint64_t reason_at = 0;   // state for which the reason of not starting was found
    std::int64_t FreeParts::*reason = nullptr;
  };
  struct BucketRun {
    std::uint64_t pass = 0;      // of the two below
    bool dead = false;           // nobody of it can start in this pass
    std::uint64_t asked_at = 0;  // state for which `candidate` was found
    bool asked_by_age = false;
    std::int64_t asked_limit = 0;
    OrderKey candidate;
  };
  struct Reservation {
    JobIndex job = 0;
    Milliseconds begin_ms = 0;
    Milliseconds end_ms = 0;
    std::vector<Placement> places;
  };

  // fast.cc
  void process_instant();
  void move_phases();
  void finish_jobs();
  void arrivals();
  void fall_asleep();
  void refresh_rates();
  [[nodiscard]] std::int32_t level_rate_of(JobIndex job);
  void track_excursions();
  void classify_free();
  void take_sample();
  [[nodiscard]] Milliseconds next_instant();
  void accrue_machine(Milliseconds until);
  void accrue_job(JobIndex j);
  void start(JobIndex job, const std::vector<Placement>& places);
  void evict(JobIndex job, EvictReason reason);
  void stop_running(JobIndex job);
  void set_actual(JobIndex job);
  void mark_stale(JobIndex job);
  void record(EventKind kind, std::int32_t subject, std::int64_t value = 0);
  [[nodiscard]] const Job& job(JobIndex j) const {
    return input.workload.jobs[static_cast<std::size_t>(j)];
  }
  [[nodiscard]] JobRun& at(JobIndex j) { return runs[static_cast<std::size_t>(j)]; }
  [[nodiscard]] const Shape& shape(JobIndex j) const {
    return shapes[static_cast<std::size_t>(shape_of[static_cast<std::size_t>(j)])];
  }
  [[nodiscard]] ShapeRun& shape_run(JobIndex j) {
    return shape_runs[static_cast<std::size_t>(shape_of[static_cast<std::size_t>(j)])];
  }
  [[nodiscard]] Milliseconds left_by_estimate(JobIndex j) {
    return estimate_left(job(j), at(j).done, at(j).result.starts);
  }

  // fast_pass.cc
  void pass();
  bool pass_once();
  [[nodiscard]] JobIndex next_candidate();
  [[nodiscard]] OrderKey candidate_of(std::int32_t bucket, bool by_age, OrderKey after);
  [[nodiscard]] OrderKey first_of_buckets(const std::vector<std::int32_t>& buckets, bool by_age,
                                          OrderKey after);
  [[nodiscard]] std::int32_t least_served_leaf();
  void hold_for(JobIndex head);
  [[nodiscard]] bool overdue(JobIndex j) const {
    return input.scheduling.max_wait_ms > 0 &&
           now - job(j).submit_ms >= input.scheduling.max_wait_ms;
  }
  [[nodiscard]] std::int32_t blocking_quota(std::int32_t queue, std::int64_t demand) const;
  [[nodiscard]] const std::vector<std::int64_t>& shares();
  void add_allocated(std::int32_t queue, std::int64_t milli);
  [[nodiscard]] std::int64_t room_for(std::int32_t shape_index);
  [[nodiscard]] std::optional<std::vector<Placement>> choose_places(JobIndex j);
  void sketch_now(Sketch& sketch) const;

  // fast_evict.cc
  bool evict_for(JobIndex j);

  // fast_plan.cc
  enum class Planned { started, reserved, nowhere };
  Planned plan_job(JobIndex j);
  void begin_plan();
  void add_reservation(const Reservation& reservation);
  void split_slice(Milliseconds time, bool something_ends);
  [[nodiscard]] std::optional<std::vector<Placement>> choose_beside(JobIndex j,
                                                                    const Sketch& worst);
  void worst_between(Milliseconds begin, Milliseconds end, Sketch& worst) const;

  // fast_control.cc
  void commands_due();
  void control();
  bool command_stage(int domain, bool may_release);
  [[nodiscard]] bool brake_can_help(int domain);
  bool brake_when_over(int domain);
  bool release_brake(int domain);
  void pull_brake(int domain);
  void levels_changed(int domain);
  void put_to_sleep(NodeId node);
  [[nodiscard]] Microwatts metered(int d) const { return power.metered(input.power, d); }
  [[nodiscard]] Microwatts cap(int d) const { return power.domain(d).cap; }
  [[nodiscard]] Microwatts metered_if(int domain, std::int32_t stage, bool braked);
  [[nodiscard]] int level_of(JobIndex job);
  [[nodiscard]] bool touches(JobIndex j, int d) { return d < 0 || (at(j).rows >> d & 1) != 0; }
  void refresh_shut();
  void refresh_caps();
  [[nodiscard]] Domain& domain(int index) { return domains_[static_cast<std::size_t>(index + 1)]; }
  [[nodiscard]] int rows() const { return static_cast<int>(input.machine.rows.size()); }

  const ReplayInput& input;
  const RunOptions& options;
  Outcome out;
  Milliseconds now = 0;

  std::vector<Shape> shapes;
  std::vector<std::int32_t> shape_of;  // by job
  std::vector<ShapeRun> shape_runs;
  Waiting waiting;
  std::vector<BucketRun> bucket_runs;

  std::vector<JobRun> runs;
  std::vector<NodeRun> nodes;
  std::vector<Domain> domains_;
  std::vector<JobIndex> running;                              // in no order
  std::set<std::pair<Milliseconds, JobIndex>> believed_ends;  // of the running
  ClusterState cluster;
  PlacementRules placement_rules;
  PlacementIndex places_index;
  PowerLedger power;
  std::vector<char> asleep;  // by node, as in nodes
  std::int64_t asleep_count = 0;
  std::vector<std::int64_t> free_of_type;  // GPU milli

  Schedule completions, phase_ends, sleeps;
  std::size_t arrived = 0;
  std::int64_t waiting_jobs = 0;
  std::int64_t waiting_milli = 0;
  std::vector<JobIndex> stale_rates;
  Milliseconds caps_until = -1;  // the caps in the ledger hold until then
  std::size_t tariff = 0;
  Milliseconds tariff_until = -1;

  std::vector<std::int64_t> allocated;  // by queue, parents too
  std::vector<std::int64_t> demand;     // by leaf: running and waiting
  std::vector<std::int64_t> shares_;
  bool shares_known = false;
  bool quotas = false;                      // some queue has a bound
  PowerLedger spare;                        // scratch
  std::vector<std::int32_t> children_left;  // scratch of least_served_leaf

  FreeParts free_parts;
  std::int64_t decisions = 0;
  JobIndex reserved_job = -1;
  Milliseconds reserved_ms = -1;
  std::vector<Wide> tariff_energy;

  // One pass. `state` counts everything that may change an answer about starting.
  std::uint64_t state = 1;
  std::uint64_t pass_id = 0;
  JobIndex head = -1;
  Milliseconds held_from = never_ms;
  Sketch then;
  std::vector<std::int64_t> head_room_on;  // scratch of hold_for
  std::vector<char> shut_queues;
  bool any_shut = false;
  bool overdue_left = false;
  OrderKey age_cursor, cursor;
  std::vector<OrderKey> leaf_cursors;
  std::vector<char> leaf_empty;
  std::vector<std::int32_t> all_buckets;

  // Conservative backfill: what is used from each time on, until the next slice.
  struct Slice {
    Milliseconds begin_ms = 0;
    bool something_ends = false;  // room appears: a job may start here
    Sketch use;
  };
  std::vector<Slice> slices;
  std::int32_t reservations = 0;
};

}  // namespace warmshell::replay
