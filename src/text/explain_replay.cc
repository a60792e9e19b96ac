#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS06xx: replay of job traces. One entry per code, in order.
std::span<const Explanation> replay_explanations() {
  static constexpr std::array all{
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
  };
  return all;
}

}  // namespace warmshell::text
