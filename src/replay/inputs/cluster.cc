#include "replay/inputs/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "base/hash.h"
#include "catalog/catalog.h"
#include "replay/inputs/cluster_curves.h"
#include "replay/inputs/cluster_nodes.h"
#include "replay/inputs/cluster_records.h"
#include "text/portfolio_files.h"
#include "text/reference.h"
#include "text/schema.h"

namespace warmshell::replay {

namespace {

Milliwatts milliwatts(Kilowatts power) {
  return std::llround(power.value * 1e6);
}
Milliwatts milliwatts(FacilityMw power) {
  return std::llround(power.value * 1e9);
}
Milliwatts milliwatts(ItMw power) {
  return std::llround(power.value * 1e9);
}
Milliseconds milliseconds(Hours time) {
  return std::llround(time.value * 3'600'000);
}
std::int32_t ppm(Fraction share) {
  return static_cast<std::int32_t>(std::llround(share.value * 1e6));
}
std::int64_t milli_gpus(double gpus) {
  return std::llround(gpus * 1000);
}

class Builder {
 public:
  Builder(const ClusterRecord& record, const text::Folder* beside, std::string data_folder)
      : record_(record), beside_(beside), data_folder_(std::move(data_folder)) {}

  Result<ClusterInput> build() {
    out_.name = record_.cluster;
    out_.currency = record_.currency;
    gpu_types();
    profiles();
    rows();
    nodes();
    queues();
    policy();
    power();
    if (has_errors(told_)) return tl::unexpected<Diagnostics>(std::move(told_));
    if (std::string broken = check_input(out_.input); !broken.empty())
      return fail(plain_error("WS0629", fmt::format("the cluster cannot be replayed: {}", broken)));
    out_.diagnostics = std::move(told_);
    return std::move(out_);
  }

 private:
  void complain(const text::Origin& origin, std::string code, std::string message,
                std::string help = "") {
    told_.push_back(error_at(origin, std::move(code), std::move(message), std::move(help)));
  }

  // The position of a name among the keys of a map, in the order of the map.
  template <class T>
  std::optional<int> find(const std::map<std::string, T>& things, const std::string& name,
                          const text::Origin& origin, std::string_view what) {
    int position = 0;
    std::vector<std::string> names;
    for (const auto& [key, thing] : things) {
      if (key == name) return position;
      names.push_back(key);
      ++position;
    }
    const std::string near = did_you_mean(name, names);
    complain(origin, "WS0622", fmt::format("there is no {} `{}`", what, name),
             near.empty() ? "" : fmt::format("did you mean `{}`?", near));
    return std::nullopt;
  }

  void gpu_types() {
    for (const auto& [name, type] : record_.gpu_types) {
      GpuType made{type.called.empty() ? name : type.called,
                   milliwatts(type.idle),
                   milliwatts(type.peak),
                   {}};
      std::vector<std::pair<Milliwatts, std::string>> limits;
      for (const auto& [limit, told] : type.limits) {
        limits.emplace_back(milliwatts(told.cap), limit);
        if (milliwatts(told.cap) >= made.peak_mw || milliwatts(told.cap) < made.idle_mw)
          complain(type.origin, "WS0623",
                   fmt::format("the limit `{}` of `{}` is not between its idle and peak draw",
                               limit, name));
      }
      std::sort(limits.rbegin(), limits.rend());
      made.cap_mw = {made.peak_mw};
      std::vector<std::string> names = {""};
      std::vector<std::optional<std::int32_t>> rates = {full_rate_ppm};
      Milliwatts deepest_asked = made.peak_mw;
      for (const auto& [cap, limit] : limits) {
        made.cap_mw.push_back(cap);
        names.push_back(limit);
        const std::optional<Fraction>& throughput = type.limits.at(limit).throughput;
        rates.push_back(throughput ? std::optional(std::max(1, ppm(*throughput))) : std::nullopt);
        if (!throughput) deepest_asked = cap;
        if (!throughput && !type.curve)
          complain(type.origin, "WS0632",
                   fmt::format("the limit `{}` of `{}` tells no throughput, and the type has no "
                               "curve",
                               limit, name),
                   "tell the throughput, or write `curve: {measured: v100}`");
      }
      curves_.push_back(type.curve ? limit_curve(name, *type.curve, made, deepest_asked, told_)
                                   : std::nullopt);
      if (made.idle_mw > made.peak_mw || milliwatts(type.mean) > made.peak_mw ||
          milliwatts(type.mean) < made.idle_mw)
        complain(type.origin, "WS0623",
                 fmt::format("idle, mean and peak draw of `{}` do not rise in this order", name));
      out_.input.machine.gpu_types.push_back(std::move(made));
      const std::string known =
          !type.accelerator.empty() || catalog::find_accelerator(name) == nullptr ? type.accelerator
                                                                                  : name;
      if (!known.empty() && catalog::find_accelerator(known) == nullptr) {
        const std::string near = did_you_mean(known, catalog::accelerator_ids());
        complain(type.origin, "WS0622", fmt::format("the catalogue has no accelerator `{}`", known),
                 near.empty() ? "" : fmt::format("did you mean `{}`?", near));
      }
      out_.accelerator_of_type.push_back(known);
      limit_names_.push_back(std::move(names));
      rates_.push_back(std::move(rates));
    }
    if (record_.gpu_types.empty() || record_.gpu_types.size() > max_gpu_types)
      told_.push_back(
          plain_error("WS0624", fmt::format("a cluster has 1 to {} GPU types", max_gpu_types)));
  }

  ProfileOnType draw_of(const GpuType& type, const ProfileDrawRecord& told) {
    Kilowatts mean = told.mean.value_or(Kilowatts{});
    std::optional<Kilowatts> deviation = told.deviation, percentile = told.percentile;
    if (const ServingPower* known = measured_service(told, told_)) {
      const auto watts = [](double value) { return Kilowatts{value / 1000}; };
      mean = watts(known->mean_watts);
      if (!deviation) deviation = watts(known->deviation_watts);
      if (!percentile) percentile = watts(known->highest_watts);
    }
    return draw(type, mean, deviation, percentile);
  }

  ProfileOnType draw(const GpuType& type, Kilowatts mean, const std::optional<Kilowatts>& deviation,
                     const std::optional<Kilowatts>& percentile) {
    ProfileOnType made;
    made.mean_mw = std::clamp(milliwatts(mean), type.idle_mw, type.peak_mw);
    made.deviation_mw = deviation ? milliwatts(*deviation) : 0;
    made.percentile_mw =
        percentile ? std::clamp(milliwatts(*percentile), type.idle_mw, type.peak_mw) : type.peak_mw;
    return made;
  }

  void profiles() {
    std::map<std::string, ProfileRecord> told = record_.profiles;
    if (told.empty()) told.emplace("default", ProfileRecord{});
    for (const auto& [name, profile] : told) {
      PowerProfile made{
          name, profile.phase ? std::max<Milliseconds>(1, milliseconds(*profile.phase)) : 0, {}};
      for (const auto& [type, here] : profile.on)
        (void)find(record_.gpu_types, type, profile.origin, "GPU type");
      std::size_t t = 0;
      for (const auto& [type_name, type] : record_.gpu_types) {
        const GpuType& gpu = out_.input.machine.gpu_types[t];
        const auto own = profile.on.find(type_name);
        ProfileOnType on_type = own == profile.on.end()
                                    ? draw(gpu, type.mean, type.deviation, type.percentile)
                                    : draw_of(gpu, own->second);
        fill_limits(gpu, rates_[t], curves_[t], on_type);
        if (own != profile.on.end())
          for (const auto& [limit, throughput] : own->second.throughput) {
            const auto known = std::find(limit_names_[t].begin() + 1, limit_names_[t].end(), limit);
            if (known == limit_names_[t].end())
              complain(profile.origin, "WS0622",
                       fmt::format("the GPU type `{}` has no limit `{}`", type_name, limit));
            else
              on_type.rate_ppm[static_cast<std::size_t>(known - limit_names_[t].begin())] =
                  std::clamp(ppm(throughput), 1, full_rate_ppm);
          }
        if (!std::is_sorted(on_type.rate_ppm.rbegin(), on_type.rate_ppm.rend()) &&
            !has_errors(told_))
          complain(profile.origin, "WS0623",
                   fmt::format("on `{}` work runs faster under a lower limit", type_name));
        made.on_type.push_back(std::move(on_type));
        ++t;
      }
      out_.input.machine.profiles.push_back(std::move(made));
    }
  }

  CapSeries series(std::optional<Milliwatts> cap,
                   const std::map<std::string, CurtailmentRecord>& curtailment, bool of_row) {
    struct Window {
      Milliseconds from = 0, until = 0;
      Milliwatts cap = 0;
      const CurtailmentRecord* record = nullptr;
    };
    std::vector<Window> windows;
    for (const auto& [name, told] : curtailment) {
      if (of_row ? !told.row_cap || told.cap.has_value() : !told.cap || told.row_cap.has_value()) {
        complain(told.origin, "WS0625",
                 fmt::format("the curtailment `{}` needs {} and nothing else", name,
                             of_row ? "a row_cap" : "a cap"));
        continue;
      }
      windows.push_back({milliseconds(told.from), milliseconds(told.until),
                         of_row ? milliwatts(*told.row_cap) : milliwatts(*told.cap), &told});
    }
    std::sort(windows.begin(), windows.end(),
              [](const Window& a, const Window& b) { return a.from < b.from; });
    CapSeries made;
    constexpr Milliwatts unlimited = no_cap / 1000;
    if (cap) made.push_back({0, *cap});
    Milliseconds free_from = 0;
    for (const Window& window : windows) {
      if (window.from < free_from)
        complain(window.record->origin, "WS0625", "two curtailments overlap");
      if (!made.empty() && made.back().from_ms == window.from) made.pop_back();
      made.push_back({window.from, window.cap});
      made.push_back({window.until, cap.value_or(unlimited)});
      free_from = window.until;
    }
    return made;
  }

  void rows() {
    std::map<std::string, RowRecord> told = record_.rows;
    if (told.empty()) told.emplace("row", RowRecord{});
    if (told.size() > max_pools)
      told_.push_back(
          plain_error("WS0624", fmt::format("a cluster has at most {} rows", max_pools)));
    for (const auto& [name, row] : told) {
      out_.input.machine.rows.push_back({name});
      out_.input.power.row_caps.push_back(series(
          row.cap ? std::optional(milliwatts(*row.cap)) : std::nullopt, row.curtailment, true));
    }
  }

  void nodes() {
    Machine& machine = out_.input.machine;
    for (const auto& [name, group] : record_.nodes) {
      int row = 0;
      if (!group.row.empty()) row = find(record_.rows, group.row, group.origin, "row").value_or(0);
      const NodePower power{milliwatts(group.base), milliwatts(group.sleep)};
      const std::size_t before = machine.nodes.size();
      if (!group.list.empty()) {
        read_node_list(group, row, beside_, data_folder_, machine, told_);
      } else if (before + static_cast<std::size_t>(group.count) > most_nodes) {
        complain(group.origin, "WS0624", fmt::format("a cluster has at most {} nodes", most_nodes));
        return;
      } else {
        int type = 0;
        if (group.gpus > 0 || !group.gpu_type.empty())
          type = find(record_.gpu_types, group.gpu_type, group.origin, "GPU type").value_or(0);
        for (int n = 0; n < group.count; ++n)
          machine.nodes.push_back({fmt::format("{}-{:04}", name, n), group.cpu * 1000,
                                   group.memory_gib * 1024, group.gpus, type, row});
      }
      machine.node_power.resize(machine.nodes.size(), power);
    }
    if (machine.nodes.empty() && !has_errors(told_))
      told_.push_back(plain_error("WS0624", "the cluster has no node"));
  }

  // Parents first.
  void queues() {
    std::map<std::string, std::int32_t> placed;
    while (placed.size() < record_.queues.size()) {
      const std::size_t before = placed.size();
      for (const auto& [name, queue] : record_.queues) {
        if (placed.contains(name)) continue;
        if (!queue.parent.empty() && !placed.contains(queue.parent)) continue;
        Queue made;
        made.name = queue.called.empty() ? name : queue.called;
        made.parent = queue.parent.empty() ? -1 : placed.at(queue.parent);
        made.deserved_milli = milli_gpus(queue.deserved);
        made.limit_milli = queue.limit ? milli_gpus(*queue.limit) : -1;
        made.weight = std::llround(queue.weight * 1000);
        made.priority = queue.priority;
        placed.emplace(name, static_cast<std::int32_t>(out_.input.workload.queues.size()));
        out_.input.workload.queues.push_back(std::move(made));
        out_.market_of_queue.push_back(queue.market);
      }
      if (placed.size() > before) continue;
      for (const auto& [name, queue] : record_.queues) {  // no parent, or a circle
        if (placed.contains(name)) continue;
        if (!record_.queues.contains(queue.parent))
          (void)find(record_.queues, queue.parent, queue.origin, "queue");
        else
          complain(
              queue.origin, "WS0627",
              fmt::format("the queue `{}` is inside itself or a queue without a parent", name));
      }
      return;
    }
    out_.rules.new_queues = record_.queues.empty();
    out_.rules.new_queue.weight = 1000;
  }

  void policy() {
    const PolicyRecord& told = record_.policy;
    Scheduling& made = out_.input.scheduling;
    made.placement = told.placement;
    made.order = told.order;
    made.backfill = told.backfill;
    made.reservations = told.reservations;
    made.borrowing = told.borrowing;
    made.reclaim = told.reclaim;
    made.preemption = told.preemption;
    made.min_run_ms = milliseconds(told.min_run);
    made.max_wait_ms = milliseconds(told.max_wait);
    made.sharing_rate_ppm = {full_rate_ppm, ppm(told.two_share),
                             std::min(ppm(told.two_share), ppm(told.three_share))};
    out_.rules.checkpoint_ms = milliseconds(told.checkpoint);
    out_.rules.restart_ms = milliseconds(told.restart);
  }

  void power() {
    const PowerRecord& told = record_.power;
    PowerRules& made = out_.input.power;
    made.site_cap = series(told.cap ? std::optional(milliwatts(*told.cap)) : std::nullopt,
                           told.curtailment, false);
    made.pue_ppm = static_cast<std::int32_t>(std::llround(told.pue * 1e6));
    made.losses_ppm = ppm(told.losses);
    for (const auto& [name, step] : told.tariff)
      made.tariff.push_back({milliseconds(step.from), step.price.value});
    std::sort(made.tariff.begin(), made.tariff.end(),
              [](const TariffStep& a, const TariffStep& b) { return a.from_ms < b.from_ms; });
    made.admission = told.admission;
    made.sigmas_milli = static_cast<std::int32_t>(std::llround(told.sigmas * 1000));
    made.admit_ppm = 1'000'000 + ppm(told.oversubscription);
    made.standing_level = told.standing_level;
    made.sleep_after_ms =
        told.sleep_after ? std::max<Milliseconds>(1, milliseconds(*told.sleep_after)) : 0;
    made.wake_ms = milliseconds(told.wake);
    if (!told.control) return;
    const ControlRecord& control = *told.control;
    made.control.gpu_cap = control.levels;
    made.control.sleep = control.sleep;
    made.control.preempt = control.preempt;
    made.control.latency_ms = milliseconds(control.latency);
    made.control.brake_ms = milliseconds(control.brake);
    made.control.hold_ms = std::max<Milliseconds>(1, milliseconds(control.hold));
    made.control.hysteresis_ppm = ppm(control.hysteresis);
    made.control.low_priority_below = control.low_priority_below;
    made.control.give_up_after = control.give_up_after;
    made.control.measured_release = control.measured_release;
    if (control.thresholds.empty()) return;
    made.control.thresholds.clear();
    for (const auto& [name, threshold] : control.thresholds)
      made.control.thresholds.push_back({ppm(threshold.at), threshold.low, threshold.high});
    std::sort(made.control.thresholds.begin(), made.control.thresholds.end(),
              [](const Threshold& a, const Threshold& b) { return a.at_ppm < b.at_ppm; });
  }

  const ClusterRecord& record_;
  const text::Folder* beside_;
  std::string data_folder_;
  ClusterInput out_;
  Diagnostics told_;
  std::vector<std::vector<std::string>> limit_names_;            // by GPU type and level
  std::vector<std::vector<std::optional<std::int32_t>>> rates_;  // likewise, where they are told
  std::vector<std::optional<LimitCurve>> curves_;                // by GPU type
};

}  // namespace

Result<ClusterInput> read_cluster(const text::Node& tree, const text::Folder* beside,
                                  const std::string& data_folder) {
  Diagnostics told;
  const text::Currencies currencies = text::read_currencies(tree, told);
  text::Reader reader(told, currencies, beside);
  const std::optional<ClusterRecord> record = text::read_record<ClusterRecord>(tree, reader);
  if (!record || has_errors(told)) return tl::unexpected<Diagnostics>(std::move(told));
  return Builder(*record, beside, data_folder).build();
}

Result<ClusterInput> read_cluster(const std::string& path, const std::string& data_folder,
                                  const std::vector<std::string>& settings) {
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  const std::string file =
      is_folder ? (std::filesystem::path(path) / "cluster.yaml").string() : path;
  const Result<text::PortfolioFiles> files = text::load_portfolio(file, "", settings);
  if (!files) return tl::unexpected<Diagnostics>(files.error());
  if (!files->problems.empty()) return tl::unexpected<Diagnostics>(files->problems);
  Result<ClusterInput> cluster = read_cluster(files->tree, &files->folder, data_folder);
  if (!cluster) return cluster;
  Sha256 hash;
  for (const text::SourcePtr& source : files->sources) {
    hash.update_field(source->name());
    hash.update_field(source->text());
  }
  for (const std::string& setting : settings) hash.update_field(setting);
  cluster->inputs_sha256 = hash.hex();
  return cluster;
}

std::string cluster_schema() {
  return text::json_schema(text::Description<ClusterRecord>::get(), "Warmshell cluster");
}

std::string cluster_reference_page() {
  return text::reference_page(text::Description<ClusterRecord>::get(), "Cluster");
}

}  // namespace warmshell::replay
