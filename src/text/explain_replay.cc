#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS06xx: replay of job traces. One entry per code, in order.
std::span<const Explanation> replay_explanations() {
  static constexpr std::array all{
      Explanation{"WS0612", "a cell of a trace is no number or time",
                  "Seconds are written as plain numbers, times like 2017-10-09 07:01:55; the job "
                  "is passed over and counted, and reading goes on.",
                  "b,0,ten,1", "b,0,10,1"},
      Explanation{"WS0613", "a cell of a trace is out of range",
                  "A duration is negative, a count too large, or two cells contradict each other; "
                  "the job is passed over and counted.",
                  "b,0,-10,1", "b,0,10,1"},
      Explanation{"WS0614", "two jobs of a trace have one id",
                  "The second is passed over and counted.", "", ""},
      Explanation{"WS0615", "a line of a trace is cut",
                  "A line of the Standard Workload Format has 18 fields.", "", ""},
      Explanation{"WS0616", "the cluster has no such GPU type",
                  "A trace names GPU types as vendors do; `called:` of a GPU type is that name.",
                  "gpu_types: {v100: {idle: 40 W}}",
                  "gpu_types: {v100: {called: V100M16, idle: 40 W}}"},
      Explanation{"WS0617", "the cluster has no such queue or power profile",
                  "A cluster that names queues takes only jobs of their leaves; one that names "
                  "none gives every queue of the trace a place.",
                  "", ""},
      Explanation{"WS0620", "a curtailment ends before it begins",
                  "`until` is the first moment of the old cap again.", "{from: 34 h, until: 30 h}",
                  "{from: 30 h, until: 34 h}"},
      Explanation{"WS0621", "nodes need a count or a list",
                  "Nodes are equal and counted, or listed in a CSV; not both, not neither.",
                  "left: {gpus: 8}", "left: {count: 4, gpu_type: h100, gpus: 8}"},
      Explanation{"WS0622", "a name in a cluster means nothing",
                  "A GPU type, row, queue or power limit is named that the cluster does not have.",
                  "", ""},
      Explanation{"WS0623", "power draws of a GPU contradict each other",
                  "Idle, mean and peak draw rise in this order; limits lie between idle and peak; "
                  "work is not faster under a lower limit.",
                  "", ""},
      Explanation{"WS0624", "a cluster is too large or empty",
                  "1 to 64 GPU types, at most 64 rows and a million nodes, at least one node.", "",
                  ""},
      Explanation{"WS0625", "curtailments contradict each other",
                  "A curtailment of the site has a `cap` at the meter, one of a row a `row_cap`; "
                  "two of one cap may not overlap.",
                  "", ""},
      Explanation{"WS0626", "a list of nodes cannot be read",
                  "It is looked for beside the cluster file and in the folder of the data, never "
                  "outside of them.",
                  "", ""},
      Explanation{"WS0627", "a queue is inside itself", "Queues stand in a tree.", "", ""},
      Explanation{"WS0629", "a cluster cannot be replayed",
                  "What the engine takes for granted does not hold; the message says what.", "",
                  ""},
      Explanation{"WS0632", "a curve contradicts itself or tells nothing",
                  "A curve of throughput under power limits is a measured one or has points that "
                  "rise together; a limit without a throughput needs a curve.",
                  "limits: {low: {cap: 400 W}}", "limits: {low: {cap: 400 W, throughput: 83 %}}"},
      Explanation{"WS0633", "a power limit lies below what its curve knows",
                  "There the curve is drawn on and is a guess; measure, or tell the throughput.",
                  "", ""},
      Explanation{
          "WS0630", "a GPU type without a row in the catalogue",
          "An overlay says what a replay found about an accelerator of the catalogue, so the "
          "cluster must say which one its GPU type is.",
          "gpu_types: {h100: {idle: 70 W, ...}}\n",
          "gpu_types: {h100: {accelerator: h100_sxm, idle: 70 W, ...}}\n"},
      Explanation{
          "WS0680", "a cell of a packing trace is not what it must be",
          "The packing protocol reads openb node and pod lists: whole numbers of CPU milli-cores, "
          "MiB, GPUs (at most 16 a node) and milli of a GPU. A pod asks one GPU in part, from 1 to "
          "1000 milli, or several GPUs whole. A row with a mistake would change the load of every "
          "later percent, so the trace is refused.",
          "p-1,12000,16384,2,500", "p-1,12000,16384,2,1000"},
      Explanation{
          "WS0681", "no pod asks for a GPU",
          "The load of the packing experiment is counted in GPUs: pods are repeated until "
          "their demand reaches a share of the cluster's GPUs, and pods that ask none never "
          "get there.",
          "", ""},
      Explanation{"WS0682", "the load asked for needs too many pods",
                  "The trace asks for so few GPUs that it would be repeated beyond bounds.", "",
                  ""},
      Explanation{"WS0690", "no such placement policy", "Replay places by one of seven policies.",
                  "--policy bestfit", "--policy best-fit"},
      Explanation{"WS0691", "no such trace format",
                  "Traces are read as own, openb, philly, azure-llm, sacct or swf.",
                  "--format slurm", "--format sacct"},
      Explanation{"WS0692", "a trace is not recognised",
                  "The first line tells the format; this one is like none of them.",
                  "warmshell replay CLUSTER --jobs trace.txt",
                  "warmshell replay CLUSTER --jobs trace.txt --format swf"},
      Explanation{
          "WS0693", "no such protocol",
          "The one protocol is `packing`, the published experiment; without it jobs run in time.",
          "--protocol pack", "--protocol packing"},
  };
  return all;
}

}  // namespace warmshell::text
