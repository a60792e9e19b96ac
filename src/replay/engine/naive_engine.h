#pragma once
// Inside of the naive engine; see naive.h. The steps of one instant stand in naive.cc, the
// scheduling pass in naive_pass.cc, conservative backfill in naive_plan.cc, power control in
// naive_control.cc.

#include <optional>
#include <vector>

#include "replay/engine/ledger.h"
#include "replay/engine/naive.h"
#include "replay/engine/rules.h"

namespace warmshell::replay {

struct NaiveEngine {
  NaiveEngine(const ReplayInput& replay_input, const RunOptions& run_options);
  Outcome run();

  using JobIndex = std::int32_t;

  struct JobRun {
    JobOutcome result;
    Work done = 0;  // and not lost
    std::int32_t power_evictions = 0;
    std::vector<Placement> places;
    Milliseconds start_ms = 0;
    Milliseconds woken_ms = 0;  // waits for waking nodes until then
    Milliseconds ready_ms = 0;  // loads its checkpoint until then
    Milliseconds believed_end_ms = 0;
    std::int64_t phase = 0;
    Milliseconds phase_end_ms = never_ms;
    std::int32_t level_rate = full_rate_ppm;
    std::int32_t rate = full_rate_ppm;  // level and sharing together
  };
  struct NodeRun {
    bool asleep = false;
    Milliseconds idle_since_ms = 0;  // never_ms while a job is on it
  };
  struct Command {
    Milliseconds due_ms = 0;
    std::int32_t stage = 0;
  };
  struct Domain {
    std::int32_t stage = 0;      // in force
    std::int32_t commanded = 0;  // last command given
    std::vector<Command> commands;
    bool braked = false;
    Milliseconds brake_due_ms = never_ms;
    Milliseconds brake_until_ms = 0;  // not released before
    Milliseconds held_until_ms = 0;
    bool over = false;
    Excursion excursion;
  };
  // The machine as it stands, or would stand.
  struct View {
    ClusterState cluster;
    PowerLedger power;
    std::vector<char> asleep;  // by node
  };
  struct Reservation {
    JobIndex job = 0;
    Milliseconds begin_ms = 0;
    Milliseconds end_ms = 0;
    std::vector<Placement> places;
  };
  struct FreeParts {  // GPU milli free, by why
    std::int64_t fragmentation = 0, quota = 0, power = 0, gang_wait = 0, idle = 0;
  };

  // naive.cc: one instant after the other
  void process_instant();
  void move_phases();
  void finish_jobs();
  void arrivals();
  void fall_asleep();
  void refresh_rates();
  [[nodiscard]] std::int32_t level_rate_of(JobIndex job) const;
  void track_excursions();
  void classify_free();
  void take_sample();
  [[nodiscard]] bool anything_left() const;
  [[nodiscard]] Milliseconds next_instant() const;
  void accrue(Milliseconds until);
  void accrue_job(JobRun& run, const Job& job, Milliseconds until);
  void start(JobIndex job, const std::vector<Placement>& places);
  void evict(JobIndex job, EvictReason reason);
  void leave_nodes(JobRun& run);
  void record(EventKind kind, std::int32_t subject, std::int64_t value = 0);

  // naive_pass.cc: who starts now
  void pass();
  bool pass_once();
  [[nodiscard]] JobIndex next_candidate(const std::vector<char>& tried,
                                        const std::vector<char>& shut_queues) const;
  [[nodiscard]] bool overdue(JobIndex job) const;
  [[nodiscard]] std::vector<std::int64_t> allocated() const;  // GPU milli by queue, parents too
  [[nodiscard]] std::vector<std::int64_t> shares() const;     // fair shares by queue
  [[nodiscard]] std::int32_t blocking_quota(JobIndex job) const;
  [[nodiscard]] bool inside(std::int32_t queue, std::int32_t ancestor) const;
  [[nodiscard]] View empty_view() const;
  [[nodiscard]] View view_without(const std::vector<char>& gone) const;
  [[nodiscard]] View view_now() const { return view_without({}); }
  void add_to_view(View& view, JobIndex job, const std::vector<Placement>& places) const;
  [[nodiscard]] WorkerDraw row_draw(int row, const Job& job) const;
  [[nodiscard]] bool node_takes(const View& view, NodeId node, const Job& job, bool now) const;
  [[nodiscard]] std::optional<std::vector<Placement>> first_fit(View view, JobIndex job,
                                                                bool now) const;
  [[nodiscard]] std::optional<std::vector<Placement>> choose_places(View view, JobIndex job) const;
  bool evict_for(JobIndex job);

  // naive_plan.cc: conservative backfill
  enum class Planned { started, reserved, nowhere };
  Planned plan_job(JobIndex job, std::vector<Reservation>& plan);
  [[nodiscard]] View worst_view(Milliseconds begin, Milliseconds end,
                                const std::vector<Reservation>& plan) const;

  // naive_control.cc: caps, levels, sleep, brake
  void commands_due();
  void control();
  bool command_stage(int domain, bool may_release);
  [[nodiscard]] bool brake_can_help(int domain) const;
  bool brake_when_over(int domain);
  bool release_brake(int domain);
  void pull_brake(int domain);
  [[nodiscard]] Microwatts cap(int domain) const;
  [[nodiscard]] Microwatts metered(int domain) const;
  [[nodiscard]] Microwatts metered_if(int domain, std::int32_t stage, bool braked);
  [[nodiscard]] int level_of(JobIndex job) const;
  [[nodiscard]] Microwatts job_draw_in_row(JobIndex job, int row) const;
  [[nodiscard]] bool touches(JobIndex job, int domain) const;
  [[nodiscard]] Domain& domain(int index) { return domains_[static_cast<std::size_t>(index + 1)]; }
  [[nodiscard]] const Domain& domain(int index) const {
    return domains_[static_cast<std::size_t>(index + 1)];
  }
  [[nodiscard]] int rows() const { return static_cast<int>(input.machine.rows.size()); }

  const ReplayInput& input;
  const RunOptions& options;
  Outcome out;
  Milliseconds now = 0;
  std::vector<JobRun> runs;      // by job
  std::vector<NodeRun> nodes;    // by node
  std::vector<Domain> domains_;  // the site, then the rows
  PlacementRules placement_rules;
  FreeParts free_parts;
  std::int64_t decisions = 0;  // starts so far, of all jobs
  JobIndex reserved_job = -1;  // as last recorded
  Milliseconds reserved_ms = -1;
  std::vector<Wide> tariff_energy;  // facility microwatts x ms by tariff step; first: before any
};

}  // namespace warmshell::replay
