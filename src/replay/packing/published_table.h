#pragma once
// The published table of the packing experiment, for tests and benchmarks: allocation by arrived
// load, six policies, ten seeds per trace. Read from where the data lie: $WARMSHELL_DATA or
// ../shared/data.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "replay/packing/workload.h"

namespace warmshell::replay::packing {

inline constexpr int published_last_pct = 130;
inline constexpr std::int64_t published_first_seed = 42;
inline constexpr std::int64_t published_seeds = 10;
inline constexpr Policy deterministic_policies[] = {Policy::dot_product, Policy::gpu_clustering,
                                                    Policy::gpu_packing, Policy::best_fit,
                                                    Policy::fgd};

// trace, policy, seed -> allocated percent at 0, 1 ... 130
using PublishedTable = std::map<std::tuple<std::string, Policy, std::int64_t>, std::vector<double>>;

// The folder that holds `traces/openb`, if there is one.
[[nodiscard]] std::optional<std::filesystem::path> data_folder();
// Traces of the experiment whose pod lists are there: "default", "cpu050" ...
[[nodiscard]] std::vector<std::string> traces_at_hand(const std::filesystem::path& data);
[[nodiscard]] Result<Trace> read_openb(const std::filesystem::path& data, std::string_view trace);
[[nodiscard]] Result<PublishedTable> read_published_table(const std::filesystem::path& data);

}  // namespace warmshell::replay::packing
