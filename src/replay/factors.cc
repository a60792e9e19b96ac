#include "replay/factors.h"

#include <fmt/format.h>

#include <algorithm>

#include "replay/marginal.h"
#include "replay/summary.h"
#include "text/json_writer.h"

namespace warmshell::replay {

namespace {

constexpr double ms_per_hour = 3'600'000;

using HoursByQueue = std::map<std::string, WorkHours>;  // by market, "" for all
using Hours = std::vector<HoursByQueue>;                // by GPU type

// GPU-hours by type and market. A job that ran on several types did its work in proportion to the
// time it held GPUs of each.
Hours hours_of(const ClusterInput& cluster, const ReplayInput& input, const Outcome& outcome) {
  const std::size_t types = input.machine.gpu_types.size();
  std::vector<std::vector<double>> held(input.workload.jobs.size(), std::vector<double>(types, 0));
  std::vector<std::vector<double>> now(held);  // GPUs of each type while it runs
  std::vector<Milliseconds> since(held.size(), never_ms);
  const auto stop = [&](std::size_t j, Milliseconds time) {
    for (std::size_t t = 0; t < types; ++t) {
      held[j][t] += now[j][t] * static_cast<double>(time - since[j]) / ms_per_hour;
      now[j][t] = 0;
    }
    since[j] = never_ms;
  };
  for (const Event& event : outcome.log) {
    const auto j = static_cast<std::size_t>(event.subject);
    if (event.kind == EventKind::start) since[j] = event.time_ms;
    if (event.kind == EventKind::place) {
      const NodeCapacity& node = input.machine.nodes[static_cast<std::size_t>(event.value >> 32)];
      now[j][static_cast<std::size_t>(node.gpu_type)] +=
          static_cast<double>(input.workload.jobs[j].worker.gpu_demand_milli()) / 1000;
    }
    if (event.kind == EventKind::finish || event.kind == EventKind::evict) stop(j, event.time_ms);
  }
  Hours hours(types);
  for (std::size_t j = 0; j < held.size(); ++j) {
    if (since[j] != never_ms) stop(j, outcome.end_ms);
    const Job& job = input.workload.jobs[j];
    double all = 0;
    for (const double each : held[j]) all += each;
    if (all <= 0) continue;
    const double useful =
        gpu_hours(static_cast<Wide>(job.gpu_demand_milli()) * outcome.jobs[j].done);
    const auto queue = static_cast<std::size_t>(job.queue);
    const std::string market =
        queue < cluster.market_of_queue.size() ? cluster.market_of_queue[queue] : "";
    for (std::size_t t = 0; t < types; ++t) {
      const WorkHours part{held[j][t], useful * held[j][t] / all};
      for (const std::string& of : {std::string(), market}) {
        WorkHours& sum = hours[t][of];
        sum.busy += part.busy;
        sum.useful += part.useful;
        if (market.empty()) break;
      }
    }
  }
  return hours;
}

WorkHours find(const HoursByQueue& hours, const std::string& market) {
  const auto found = hours.find(market);
  return found == hours.end() ? WorkHours{} : found->second;
}

std::optional<WorkFactors> compare(WorkHours as_run, WorkHours plain) {
  if (as_run.busy <= 0 || plain.busy <= 0 || as_run.useful <= 0 || plain.useful <= 0)
    return std::nullopt;
  return WorkFactors{as_run, plain, (as_run.useful / as_run.busy) / (plain.useful / plain.busy),
                     as_run.busy / plain.busy};
}

HoursByQueue& operator+=(HoursByQueue& sum, const HoursByQueue& more) {
  for (const auto& [market, hours] : more) {
    sum[market].busy += hours.busy;
    sum[market].useful += hours.useful;
  }
  return sum;
}

ReplayInput as_a_spreadsheet_has_it(const ReplayInput& input) {
  ReplayInput plain = plain_policy(input);
  plain.power.site_cap.clear();
  plain.power.row_caps.clear();
  plain.power.admission = Admission::open;
  return plain;
}

}  // namespace

Result<std::optional<ReplayFactors>> replay_factors(const ClusterInput& cluster, RunOptions options,
                                                    const Progress& progress) {
  const ReplayInput& input = cluster.input;
  options.horizon_ms = counted_until(input, options);
  options.log = true;
  bool stopped = false;
  const Progress watch = [&](Milliseconds now, double done) {
    stopped = stopped || (progress && !progress(now, done));
    return !stopped;
  };
  const Outcome as_run = replay(input, options, watch);
  const ReplayInput spreadsheet = as_a_spreadsheet_has_it(input);
  const Outcome plain = replay(spreadsheet, options, watch);
  if (stopped) return std::nullopt;

  // ---- power
  ReplayFactors factors;
  factors.by_h = static_cast<double>(options.horizon_ms) / ms_per_hour;
  factors.nameplate_mw = nameplate_mw(input);
  factors.provisioned_mw = std::min(factors.nameplate_mw, summarise(input, as_run).provisioned_mw);
  if (factors.nameplate_mw > 0) factors.provisioned = factors.provisioned_mw / factors.nameplate_mw;

  // ---- work, by accelerator
  const Hours run_hours = hours_of(cluster, input, as_run),
              plain_hours = hours_of(cluster, spreadsheet, plain);
  std::map<std::string, std::pair<HoursByQueue, HoursByQueue>> by_accelerator;
  for (std::size_t t = 0; t < run_hours.size(); ++t) {
    if (run_hours[t].empty() && plain_hours[t].empty()) continue;
    const std::string& accelerator = cluster.accelerator_of_type[t];
    if (accelerator.empty())
      return fail(plain_error(
          "WS0630",
          fmt::format("the GPU type `{}` has no row in the catalogue",
                      input.machine.gpu_types[t].name),
          "write `accelerator: h100_sxm` (see `warmshell catalog accelerators`) in its gpu_types"));
    auto& [run_sum, plain_sum] = by_accelerator[accelerator];
    run_sum += run_hours[t];
    plain_sum += plain_hours[t];
  }
  for (const auto& [accelerator, hours] : by_accelerator) {
    const auto all = compare(find(hours.first, ""), find(hours.second, ""));
    if (!all) continue;
    AcceleratorFactors found{accelerator, *all, {}};
    for (const auto& [market, sums] : hours.first)
      if (!market.empty())
        if (const auto own = compare(sums, find(hours.second, market)))
          found.markets.emplace(market, *own);
    factors.accelerators.push_back(std::move(found));
  }
  return factors;
}

std::string overlay_setting(const ReplayFactors& factors) {
  const auto per_cent = [](double value) { return text::json_number(100 * value) + " %"; };
  const auto work = [&](const WorkFactors& each) {
    return fmt::format("throughput: {}, busy: {}", per_cent(each.throughput), per_cent(each.busy));
  };
  std::string accelerators;
  for (const AcceleratorFactors& each : factors.accelerators) {
    std::string markets;
    for (const auto& [market, own] : each.markets)
      markets += fmt::format("{}{}: {{{}}}", markets.empty() ? "" : ", ", text::json_string(market),
                             work(own));
    accelerators += fmt::format("{}{}: {{provisioned: {}, {}, markets: {{{}}}}}",
                                accelerators.empty() ? "" : ", ", each.accelerator,
                                per_cent(factors.provisioned), work(each.all), markets);
  }
  return "replayed={" + accelerators + "}";
}

std::string overlay_yaml(const ReplayFactors& factors, const std::string& cluster) {
  const std::string source = text::json_string(fmt::format("warmshell replay of {}", cluster));
  const auto factor = [&](double value, const std::string& note) {
    return fmt::format("{{value: {} %, source: {}, note: {}}}", text::json_number(100 * value),
                       source, text::json_string(note));
  };
  const auto throughput = [&](const WorkFactors& work) {
    return factor(
        work.throughput,
        fmt::format("useful of busy GPU-hours {:.1f} of {:.1f}, plainly {:.1f} of {:.1f}",
                    work.as_run.useful, work.as_run.busy, work.plain.useful, work.plain.busy));
  };
  const auto busy = [&](const WorkFactors& work) {
    return factor(work.busy, fmt::format("busy GPU-hours {:.1f}, plainly {:.1f}", work.as_run.busy,
                                         work.plain.busy));
  };
  std::string out = fmt::format(
      "# Written by `warmshell replay --overlay`: factors by hour {:.1f} against the same jobs "
      "run plainly,\n# first come first served on the first node with room, every GPU at its "
      "nameplate and no cap.\nreplayed:\n",
      factors.by_h);
  if (factors.accelerators.empty()) out.insert(out.size() - 1, " {}");
  for (const AcceleratorFactors& each : factors.accelerators) {
    out += fmt::format(
        "  {}:\n    provisioned: {}\n    throughput: {}\n    busy: {}\n", each.accelerator,
        factor(factors.provisioned, fmt::format("{:.6g} of {:.6g} MW at the meter",
                                                factors.provisioned_mw, factors.nameplate_mw)),
        throughput(each.all), busy(each.all));
    if (!each.markets.empty()) out += "    markets:\n";
    for (const auto& [market, work] : each.markets)
      out += fmt::format("      {}: {{throughput: {}, busy: {}}}\n", text::json_string(market),
                         throughput(work), busy(work));
  }
  return out;
}

}  // namespace warmshell::replay
