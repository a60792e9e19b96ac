#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS06xx: replay of job traces. One entry per code, in order.
std::span<const Explanation> replay_explanations() {
  static constexpr std::array all{
      Explanation{"WS0680", "a trace cannot be read",
                  "The file is not there, may not be read, or is empty.", "", ""},
      Explanation{"WS0681", "a trace has no such column",
                  "A node list of the openb format has sn, cpu_milli, memory_mib, gpu and model; a "
                  "pod list name, cpu_milli, memory_mib, num_gpu and gpu_milli.",
                  "", ""},
      Explanation{"WS0682", "a row of a trace means nothing",
                  "A cell is no number, out of its range, or contradicts another: one GPU may be "
                  "asked in part (1 to 1000 milli), several only whole.",
                  "p-1,12000,16384,2,500", "p-1,12000,16384,2,1000"},
      Explanation{"WS0683", "no pod asks for a GPU",
                  "The load of the packing experiment is counted in GPUs, so a trace without any "
                  "has no load.",
                  "", ""},
      Explanation{"WS0684", "the load asked for needs too many pods",
                  "The trace asks for so few GPUs that it would be repeated beyond bounds.", "",
                  ""},
  };
  return all;
}

}  // namespace warmshell::text
