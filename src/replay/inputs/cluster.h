#pragma once
// A cluster as its owner writes it, `cluster.yaml`: GPU types, nodes in rows, queues, policy,
// power. One description per record (text/record.h) feeds reader, checks, schema and reference
// page. Thread rule: plain values and pure functions.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "replay/engine/input.h"
#include "replay/inputs/workload_builder.h"
#include "text/record.h"

namespace warmshell::replay {

struct LimitRecord {
  Kilowatts cap;
  std::optional<Fraction> throughput;
};
struct CurvePointRecord {
  Fraction limit, throughput;
  std::optional<Fraction> drawn;
};
struct CurveRecord {
  text::Origin origin;
  std::string measured;
  Fraction draw{1};
  std::map<std::string, CurvePointRecord> points;
};
struct GpuTypeRecord {
  text::Origin origin;
  std::string called, accelerator;
  Kilowatts idle, peak, mean;
  std::optional<Kilowatts> deviation, percentile;
  std::map<std::string, LimitRecord> limits;
  std::optional<CurveRecord> curve;
};
struct ProfileDrawRecord {
  text::Origin origin;
  std::string serving;
  std::optional<Kilowatts> mean, deviation, percentile;
  std::map<std::string, Fraction> throughput;
};
struct ProfileRecord {
  text::Origin origin;
  std::optional<Hours> phase;
  std::map<std::string, ProfileDrawRecord> on;
};
struct CurtailmentRecord {
  text::Origin origin;
  Hours from, until;
  std::optional<FacilityMw> cap;
  std::optional<ItMw> row_cap;
};
struct RowRecord {
  std::optional<ItMw> cap;
  std::map<std::string, CurtailmentRecord> curtailment;
};
struct NodesRecord {
  std::string gpu_type, row, list;
  int count = 0, gpus = 0, cpu = 0, memory_gib = 0;
  Kilowatts base, sleep;
  text::Origin origin;
};
struct QueueRecord {
  text::Origin origin;
  std::string called, parent, market;
  double deserved = 0, weight = 1;
  std::optional<double> limit;
  int priority = 0;
};
struct PolicyRecord {
  Policy placement = Policy::best_fit;
  JobOrder order = JobOrder::fifo;
  Backfill backfill = Backfill::none;
  int reservations = 100;
  bool borrowing = true, reclaim = false, preemption = false;
  Hours min_run, max_wait, checkpoint, restart;
  Fraction two_share{1}, three_share{1};
};
struct TariffRecord {
  Hours from;
  MoneyPerMwh price;
};
struct ThresholdRecord {
  Fraction at;
  int low = 0, high = 0;
};
struct ControlRecord {
  text::Origin origin;
  bool levels = false, sleep = false, preempt = false, measured_release = false;
  Hours latency, brake, hold;
  Fraction hysteresis;
  int low_priority_below = 1, give_up_after = 20;
  std::map<std::string, ThresholdRecord> thresholds;
};
struct PowerRecord {
  text::Origin origin;
  std::optional<FacilityMw> cap;
  std::map<std::string, CurtailmentRecord> curtailment;
  double pue = 1, sigmas = 2;
  Fraction losses, oversubscription;
  std::map<std::string, TariffRecord> tariff;
  Admission admission = Admission::nameplate;
  int standing_level = 0;
  std::optional<Hours> sleep_after;
  Hours wake;
  std::optional<ControlRecord> control;
};
struct ClusterRecord {
  std::string cluster, note, currency;
  std::map<std::string, GpuTypeRecord> gpu_types;
  std::map<std::string, ProfileRecord> profiles;
  std::map<std::string, RowRecord> rows;
  std::map<std::string, NodesRecord> nodes;
  std::map<std::string, QueueRecord> queues;
  PolicyRecord policy;
  PowerRecord power;
};

// What a cluster file says, ready for a workload. `input.workload.queues` holds its queues.
struct ClusterInput {
  std::string name, currency;
  ReplayInput input;
  WorkloadRules rules;  // for the jobs of a trace
  // What portfolios call the same things, "" where it is not told.
  std::vector<std::string> accelerator_of_type;  // by GPU type: a row of the catalogue
  std::vector<std::string> market_of_queue;      // by queue of the file; others have none
  Diagnostics diagnostics;                       // warnings
  std::string inputs_sha256;
};

// PATH: a YAML file, or a folder with `cluster.yaml`. Node lists that are not beside it are looked
// for in `data_folder`. `settings`: PATH=VALUE as of --set.
[[nodiscard]] Result<ClusterInput> read_cluster(const std::string& path,
                                                const std::string& data_folder,
                                                const std::vector<std::string>& settings = {});
[[nodiscard]] Result<ClusterInput> read_cluster(const text::Node& tree, const text::Folder* beside,
                                                const std::string& data_folder);

[[nodiscard]] std::string cluster_schema();
[[nodiscard]] std::string cluster_reference_page();

}  // namespace warmshell::replay
