// What every field of a cluster file is called, means and may hold.

#include "replay/inputs/cluster_records.h"

namespace warmshell::text {

using namespace replay;

const Record<LimitRecord>& Description<LimitRecord>::get() {
  using T = LimitRecord;
  static const auto record =
      Record<T>("limit", "A power limit that can be set on a GPU.")
          .field("cap", &T::cap, "The limit.", required, more_than(0), example("560 W"))
          .field("throughput", &T::throughput,
                 "Of work under it, against no limit; by the curve of the type if not told.",
                 more_than(0), at_most(1), example("96 %"));
  return record;
}

const Record<CurvePointRecord>& Description<CurvePointRecord>::get() {
  using T = CurvePointRecord;
  static const auto record =
      Record<T>("curve-point", "What was measured under one power limit.")
          .field("limit", &T::limit, "The limit, of the peak.", required, more_than(0), at_most(1),
                 example("60 %"))
          .field("throughput", &T::throughput, "Of work under it, against no limit.", required,
                 more_than(0), at_most(1), example("83 %"))
          .field("drawn", &T::drawn,
                 "Draw under it, of the peak; as much as the limit allows if not told.",
                 more_than(0), at_most(1), example("58 %"));
  return record;
}

const Record<CurveRecord>& Description<CurveRecord>::get() {
  using T = CurveRecord;
  static const auto record =
      Record<T>("curve",
                "Throughput and draw under power limits: of a measured GPU type, which knows that "
                "work of lower draw is slowed later, or as points.")
          .field("measured", &T::measured, "A measured type: a40 or v100; see docs/power_caps.md.",
                 optional, example("v100"))
          .field("draw", &T::draw,
                 "Of points: draw of the measured work without a limit, of the peak; work that "
                 "draws less feels a limit so much later.",
                 optional, more_than(0), at_most(1), example("91 %"))
          .field("points", &T::points, "Points by name, straight lines between them.",
                 example("{low: {limit: 60 %, throughput: 83 %}}"))
          .check([](const T& curve, const Node& node, Reader& reader) {
            if (curve.measured.empty() == curve.points.empty())
              reader.error("WS0632", node.place, "a curve is either measured or has points");
          });
  return record;
}

const Record<GpuTypeRecord>& Description<GpuTypeRecord>::get() {
  using T = GpuTypeRecord;
  static const auto record =
      Record<T>("gpu-type", "A type of GPU, and how work draws power on it.")
          .field("called", &T::called, "Its name in job traces, where it differs.", optional,
                 example("V100M16"))
          .field("accelerator", &T::accelerator,
                 "Its row of `warmshell catalog accelerators`, for portfolios.", optional,
                 example("h100_sxm"))
          .field("idle", &T::idle, "Draw without work.", required, at_least(0), example("70 W"))
          .field("peak", &T::peak, "The most it draws.", required, more_than(0), example("700 W"))
          .field("mean", &T::mean, "Mean draw under work, where no profile tells.", required,
                 more_than(0), example("490 W"))
          .field("deviation", &T::deviation, "Standard deviation of that draw between phases.",
                 at_least(0), example("60 W"))
          .field("percentile", &T::percentile,
                 "Measured percentile that admission counts; the peak if not told.", more_than(0),
                 example("600 W"))
          .field("limits", &T::limits, "Power limits that can be set, below the peak.",
                 example("{eighty: {cap: 560 W, throughput: 96 %}}"))
          .field("curve", &T::curve,
                 "Throughput and draw under the limits that tell no throughput themselves.");
  return record;
}

const Record<ProfileDrawRecord>& Description<ProfileDrawRecord>::get() {
  using T = ProfileDrawRecord;
  static const auto record =
      Record<T>("profile-draw", "How one kind of work draws on one GPU type.")
          .field("serving", &T::serving,
                 "A measured service, MODEL.GPUxCOUNT, instead of the mean: its mean draw, its "
                 "deviation between batches, and its highest draw for the percentile.",
                 optional, example("llama-3.1-70b-instruct.h100x4"))
          .field("mean", &T::mean, "Mean draw of a GPU.", more_than(0), example("490 W"))
          .field("deviation", &T::deviation, "Standard deviation between phases.", at_least(0),
                 example("60 W"))
          .field("percentile", &T::percentile, "Measured percentile that admission counts.",
                 more_than(0), example("600 W"))
          .field("throughput", &T::throughput,
                 "Under limits of the GPU type, where it differs from theirs.",
                 example("{eighty: 99 %}"))
          .check([](const T& draw, const Node& node, Reader& reader) {
            if (draw.serving.empty() != draw.mean.has_value())
              reader.error("WS0623", node.place,
                           "a draw needs either a mean or a measured service");
          });
  return record;
}

const Record<ProfileRecord>& Description<ProfileRecord>::get() {
  using T = ProfileRecord;
  static const auto record =
      Record<T>("profile", "How one kind of work draws power.")
          .field("phase", &T::phase, "Length of a phase of constant draw; else it never changes.",
                 more_than(0), example("60 s"))
          .field("on", &T::on, "By GPU type; types not named draw as they say themselves.",
                 example("{h100: {mean: 490 W}}"));
  return record;
}

const Record<CurtailmentRecord>& Description<CurtailmentRecord>::get() {
  using T = CurtailmentRecord;
  static const auto record =
      Record<T>("curtailment", "For some time the cap is another.")
          .field("from", &T::from, "Since the first submission.", required, at_least(0),
                 example("30 h"))
          .field("until", &T::until, "First moment of the old cap again.", required, more_than(0),
                 example("34 h"))
          .field("cap", &T::cap, "Of the site meanwhile.", more_than(0), example("0.9 MW_facility"))
          .field("row_cap", &T::row_cap, "Of the row meanwhile.", more_than(0),
                 example("200 kW_it"))
          .check([](const T& c, const Node& node, Reader& reader) {
            if (c.until.value <= c.from.value)
              reader.error("WS0620", node.place, "the curtailment ends before it begins");
          });
  return record;
}

const Record<RowRecord>& Description<RowRecord>::get() {
  using T = RowRecord;
  static const auto record = Record<T>("row", "Nodes behind one power feed.")
                                 .field("cap", &T::cap, "The most they may draw together.",
                                        more_than(0), example("300 kW_it"))
                                 .field("curtailment", &T::curtailment, "Times of another cap.");
  return record;
}

const Record<NodesRecord>& Description<NodesRecord>::get() {
  using T = NodesRecord;
  static const auto record =
      Record<T>("nodes", "Equal nodes, or a list of nodes in a file.")
          .field("count", &T::count, "How many.", optional, at_least(1), at_most(1'000'000),
                 example("50"))
          .field("gpu_type", &T::gpu_type, "Their GPU type.", optional, example("h100"))
          .field("gpus", &T::gpus, "GPUs on each.", optional, at_least(0),
                 at_most(max_gpus_per_node), example("8"))
          .field("cpu", &T::cpu, "Processor cores on each.", optional, at_least(0),
                 at_most(100'000), example("96"))
          .field("memory_gib", &T::memory_gib, "Memory of each in GiB.", optional, at_least(0),
                 at_most(1'000'000), example("1024"))
          .field(
              "list", &T::list,
              "A CSV with sn, cpu_milli, memory_mib, gpu and model, instead of the above; beside "
              "this file or in the folder of the data.",
              optional, example("traces/openb/openb_node_list_gpu_node.csv"))
          .field("row", &T::row, "The row they stand in; the first if not told.", optional,
                 example("row-1"))
          .field("base", &T::base, "Draw of each beyond its GPUs.", optional, at_least(0),
                 example("1.8 kW"))
          .field("sleep", &T::sleep, "Draw of each, GPUs included, when it sleeps.", optional,
                 at_least(0), example("0.2 kW"))
          .check([](const T& nodes, const Node& node, Reader& reader) {
            if (nodes.list.empty() == (nodes.count == 0))
              reader.error("WS0621", node.place, "nodes need either a count or a list");
          });
  return record;
}

const Record<QueueRecord>& Description<QueueRecord>::get() {
  using T = QueueRecord;
  static const auto record =
      Record<T>("queue", "Where jobs wait; queues stand in a tree, jobs in its leaves.")
          .field("called", &T::called, "Its name in job traces, where it differs.", optional)
          .field("parent", &T::parent, "The queue it is part of.", optional, example("research"))
          .field("market", &T::market, "The market of a portfolio that its work is sold to.",
                 optional, example("training"))
          .field("deserved", &T::deserved, "GPUs that it is owed before any surplus.", optional,
                 at_least(0), at_most(10'000'000), example("64"))
          .field("limit", &T::limit, "GPUs that it may never exceed.", at_least(0),
                 at_most(10'000'000), example("128"))
          .field("weight", &T::weight, "Of its part of the surplus.", optional, at_least(0),
                 at_most(1'000'000), example("2"))
          .field("priority", &T::priority, "Higher ones are offered the surplus first.", optional,
                 at_least(-1000), at_most(1000), example("1"));
  return record;
}

const Record<PolicyRecord>& Description<PolicyRecord>::get() {
  using T = PolicyRecord;
  static const auto record =
      Record<T>("policy", "How the manager of the cluster decides.")
          .field("placement", &T::placement, "Which node a job goes to.", optional)
          .field("order", &T::order, "Who goes first.", optional)
          .field("backfill", &T::backfill, "Who may pass a job that cannot start.", optional)
          .field("reservations", &T::reservations,
                 "Conservative backfill: jobs that get a reservation at a time.", optional,
                 at_least(1), at_most(1'000'000))
          .field("borrowing", &T::borrowing, "May a queue exceed what it deserves?", optional)
          .field("reclaim", &T::reclaim,
                 "Fair share: may a queue below its share evict jobs of one above?", optional)
          .field("preemption", &T::preemption, "May a job evict jobs of lower priority?", optional)
          .field("min_run", &T::min_run, "No job is evicted by another before.", optional,
                 at_least(0), example("30 minutes"))
          .field("max_wait", &T::max_wait,
                 "Aging: who has waited so long goes first; 0 h: nobody does.", optional,
                 at_least(0), example("7 days"))
          .field("checkpoint", &T::checkpoint,
                 "Work between checkpoints, where the trace tells none; 0 h: no checkpoints.",
                 optional, at_least(0), example("30 minutes"))
          .field("restart", &T::restart, "Time to load a checkpoint.", optional, at_least(0),
                 example("5 minutes"))
          .field("two_share", &T::two_share, "Throughput of each of two jobs on one GPU.", optional,
                 more_than(0), at_most(1), example("90 %"))
          .field("three_share", &T::three_share, "Of each of three or more.", optional,
                 more_than(0), at_most(1), example("80 %"));
  return record;
}

const Record<TariffRecord>& Description<TariffRecord>::get() {
  using T = TariffRecord;
  static const auto record =
      Record<T>("tariff", "The price of energy from a time on.")
          .field("from", &T::from, "Since the first submission.", required, at_least(0),
                 example("0 h"))
          .field("price", &T::price, "At the meter.", required, example("68 USD/MWh"));
  return record;
}

const Record<ThresholdRecord>& Description<ThresholdRecord>::get() {
  using T = ThresholdRecord;
  static const auto record =
      Record<T>("threshold", "Above this share of the cap, power limits are set.")
          .field("at", &T::at, "Share of the cap.", required, more_than(0), at_most(2),
                 example("80 %"))
          .field("low", &T::low, "Which limit jobs of low priority get: 1 the highest, 0 none.",
                 required, at_least(0), at_most(64), example("1"))
          .field("high", &T::high, "Which limit the others get.", required, at_least(0),
                 at_most(64), example("0"));
  return record;
}

const Record<ControlRecord>& Description<ControlRecord>::get() {
  using T = ControlRecord;
  static const auto record =
      Record<T>("control", "What keeps power under the cap once jobs run.")
          .field("levels", &T::levels, "May set power limits.", optional)
          .field("sleep", &T::sleep, "May put idle nodes to sleep when power is over the cap.",
                 optional)
          .field("preempt", &T::preempt, "May evict jobs when all else is not enough.", optional)
          .field(
              "thresholds", &T::thresholds,
              "By name, in rising order of their shares. The defaults are those of the POLCA "
              "paper: {first: {at: 80 %, low: 1, high: 0}, second: {at: 89 %, low: 2, high: 1}}.")
          .field("hysteresis", &T::hysteresis, "Limits are lifted so far below their threshold.",
                 fallback("5 %"), at_least(0), at_most(1))
          .field("latency", &T::latency, "From a command to its effect.", fallback("40 s"),
                 at_least(0))
          .field("brake", &T::brake, "From power above the cap to the brake's effect.",
                 fallback("5 s"), at_least(0))
          .field("hold", &T::hold, "The brake stays, and evicted work waits, at least so long.",
                 fallback("60 s"), more_than(0))
          .field("low_priority_below", &T::low_priority_below,
                 "Jobs of a priority below this are of low priority.", optional, at_least(-1000),
                 at_most(1001))
          .field("give_up_after", &T::give_up_after,
                 "A job evicted so often for power is given up.", optional, at_least(1),
                 at_most(1'000'000))
          .field("measured_release", &T::measured_release,
                 "Lift limits when measured power is low, as POLCA does, and not only when it is "
                 "predicted to stay low.",
                 optional);
  return record;
}

const Record<PowerRecord>& Description<PowerRecord>::get() {
  using T = PowerRecord;
  static const auto record =
      Record<T>("power", "How much power there may be, and who keeps it.")
          .field("cap", &T::cap, "Of the site, at the meter.", more_than(0),
                 example("1.2 MW_facility"))
          .field("curtailment", &T::curtailment, "Times of another cap.",
                 example("{evening: {from: 30 h, until: 34 h, cap: 0.9 MW_facility}}"))
          .field("pue", &T::pue, "Facility power over IT power.", optional, at_least(1), at_most(5),
                 example("1.25"))
          .field("losses", &T::losses, "Of facility power, between meter and rack, beyond PUE.",
                 optional, at_least(0), at_most(0.9), example("2 %"))
          .field("tariff", &T::tariff, "Prices by name, each from its time on.",
                 example("{day: {from: 0 h, price: 68 USD/MWh}}"))
          .field("admission", &T::admission, "What a starting job counts for.", optional)
          .field("sigmas", &T::sigmas, "Of admission by expectation.", optional, at_least(0),
                 at_most(100), example("2"))
          .field("oversubscription", &T::oversubscription,
                 "Admitted power may exceed the cap by this.", optional, at_least(-0.9), at_most(4),
                 example("20 %"))
          .field("standing_level", &T::standing_level,
                 "Power limit of every GPU at all times: 1 the highest, 0 none.", optional,
                 at_least(0), at_most(64))
          .field("sleep_after", &T::sleep_after, "Nodes idle so long go to sleep.", more_than(0),
                 example("10 minutes"))
          .field("wake", &T::wake, "Time to wake a node.", optional, at_least(0), example("90 s"))
          .field("control", &T::control, "Actuators; none if not told.");
  return record;
}

const Record<ClusterRecord>& Description<ClusterRecord>::get() {
  using T = ClusterRecord;
  static const auto record =
      Record<T>("cluster-file", "A cluster to replay jobs on.")
          .field("cluster", &T::cluster, "Its title.", required, example("Fifty nodes of eight"))
          .field("note", &T::note, "Whatever a reader should know.", optional)
          .field("currency", &T::currency, "Of the tariff; three capitals.", optional,
                 example("USD"))
          .field("gpu_types", &T::gpu_types, "Types of GPU by name.", required)
          .field("profiles", &T::profiles, "Kinds of work by name; jobs name theirs.")
          .field("rows", &T::rows, "Rows by name; one row holds all nodes if none is told.")
          .field("nodes", &T::nodes, "Groups of nodes by name.", required)
          .field("queues", &T::queues,
                 "Queues by name; if none is told, every queue of the trace gets one.")
          .field("policy", &T::policy, "How jobs are ordered and placed.", optional)
          .field("power", &T::power, "Caps, admission, control.", optional);
  return record;
}

}  // namespace warmshell::text
