#include "replay/placement.h"

#include <algorithm>
#include <tuple>

namespace warmshell::replay {

std::string_view policy_name(Policy policy) {
  switch (policy) {
    case Policy::random:
      return "random";
    case Policy::first_fit:
      return "first-fit";
    case Policy::best_fit:
      return "best-fit";
    case Policy::dot_product:
      return "dot-product";
    case Policy::gpu_packing:
      return "gpu-packing";
    case Policy::gpu_clustering:
      return "gpu-clustering";
    case Policy::fgd:
      return "fgd";
  }
  return "";
}

std::optional<Policy> policy_called(std::string_view name) {
  for (const Policy policy : all_policies)
    if (policy_name(policy) == name) return policy;
  return std::nullopt;
}

std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for (const Policy policy : all_policies) names.emplace_back(policy_name(policy));
  return names;
}

std::vector<TypicalJob> typical_jobs(std::span<const Request> jobs,
                                     std::span<const std::string> gpu_specs, double cover) {
  struct Kind {
    Request request;
    std::string_view gpu_spec;
    std::int64_t count = 0;
  };
  const auto size_of = [](const Kind& kind) {
    const Request& r = kind.request;
    return std::tuple(r.cpu_milli, r.gpu_milli, r.gpus, kind.gpu_spec, r.gpu_types);
  };

  std::vector<Kind> all;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    Request request = jobs[i];
    request.memory_mib = 0;
    request.pools = any_pool;
    all.push_back({request, gpu_specs.empty() ? std::string_view{} : gpu_specs[i], 1});
  }
  std::sort(all.begin(), all.end(),
            [&](const Kind& a, const Kind& b) { return size_of(a) > size_of(b); });
  std::vector<Kind> kinds;
  for (const Kind& kind : all) {
    if (kinds.empty() || size_of(kinds.back()) != size_of(kind))
      kinds.push_back({kind.request, kind.gpu_spec, 0});
    ++kinds.back().count;
  }
  // Stable: kinds of one count stay in falling order of size.
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const Kind& a, const Kind& b) { return a.count > b.count; });

  const double total = static_cast<double>(jobs.size());
  std::int64_t covered = 0;
  std::vector<TypicalJob> typical;
  for (const Kind& kind : kinds) {
    if (static_cast<double>(covered) >= cover * total || typical.size() == max_typical_jobs) break;
    covered += kind.count;
    typical.push_back({kind.request, static_cast<double>(kind.count)});
  }
  for (TypicalJob& job : typical)
    job.share = (job.share / total) / (static_cast<double>(covered) / total);
  return typical;
}

}  // namespace warmshell::replay
