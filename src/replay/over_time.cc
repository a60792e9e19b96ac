#include "replay/over_time.h"

#include <algorithm>

namespace warmshell::replay {

namespace {

constexpr double ms_per_hour = 3'600'000;
constexpr std::size_t most_queues = 8;

// Spans of whole milliseconds that cover [0, end).
class Spans {
 public:
  Spans(Milliseconds end, int wanted)
      : end_(std::max<Milliseconds>(end, 1)), each_((end_ + wanted - 1) / wanted) {}
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>((end_ + each_ - 1) / each_);
  }
  [[nodiscard]] Milliseconds each() const { return each_; }
  [[nodiscard]] Milliseconds begin(std::size_t span) const {
    return static_cast<Milliseconds>(span) * each_;
  }
  [[nodiscard]] Milliseconds length(std::size_t span) const {
    return std::min(end_, begin(span + 1)) - begin(span);
  }
  // visit(span, milliseconds of [from, to) in it)
  void over(Milliseconds from, Milliseconds to, auto visit) const {
    to = std::min(to, end_);
    while (from < to) {
      const Milliseconds next = std::min(to, (from / each_ + 1) * each_);
      visit(static_cast<std::size_t>(from / each_), next - from);
      from = next;
    }
  }

 private:
  Milliseconds end_, each_;
};

using Integral = std::vector<Wide>;  // by span: value x milliseconds

std::vector<double> means(const Integral& integral, const Spans& spans, double divide) {
  std::vector<double> mean;
  for (std::size_t s = 0; s < integral.size(); ++s)
    mean.push_back(static_cast<double>(integral[s]) / static_cast<double>(spans.length(s)) /
                   divide);
  return mean;
}

// GPU milli that run, by queue.
std::vector<Integral> busy_by_queue(const ReplayInput& input, const Outcome& outcome,
                                    const Spans& spans) {
  std::vector<Integral> busy(input.workload.queues.size(), Integral(spans.count(), 0));
  std::vector<Milliseconds> started(input.workload.jobs.size(), never_ms);
  const auto stop = [&](std::size_t j, Milliseconds now) {
    const Job& job = input.workload.jobs[j];
    Integral& queue = busy[static_cast<std::size_t>(job.queue)];
    spans.over(started[j], now, [&](std::size_t s, Milliseconds length) {
      queue[s] += static_cast<Wide>(job.gpu_demand_milli()) * length;
    });
    started[j] = never_ms;
  };
  for (const Event& event : outcome.log) {
    const auto j = static_cast<std::size_t>(event.subject);
    if (event.kind == EventKind::start) started[j] = event.time_ms;
    if (event.kind == EventKind::finish || event.kind == EventKind::evict) stop(j, event.time_ms);
  }
  for (std::size_t j = 0; j < started.size(); ++j)
    if (started[j] != never_ms) stop(j, outcome.end_ms);
  return busy;
}

}  // namespace

OverTime over_time(const ReplayInput& input, const Outcome& outcome, int wanted) {
  const Spans spans(outcome.end_ms, wanted);
  OverTime result;
  result.span_h = static_cast<double>(spans.each()) / ms_per_hour;
  for (std::size_t s = 0; s < spans.count(); ++s)
    result.from_h.push_back(static_cast<double>(spans.begin(s)) / ms_per_hour);

  // ---- busy GPUs by queue, the most used first
  std::vector<Integral> busy = busy_by_queue(input, outcome, spans);
  std::vector<std::pair<Wide, std::size_t>> order;
  for (std::size_t q = 0; q < busy.size(); ++q) {
    Wide sum = 0;
    for (const Wide each : busy[q]) sum += each;
    if (sum > 0) order.emplace_back(-sum, q);
  }
  std::sort(order.begin(), order.end());
  Integral others(spans.count(), 0);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t q = order[rank].second;
    if (rank < most_queues || order.size() == most_queues + 1)
      result.busy.push_back({input.workload.queues[q].name, means(busy[q], spans, 1000)});
    else
      for (std::size_t s = 0; s < spans.count(); ++s) others[s] += busy[q][s];
  }
  if (order.size() > most_queues + 1)
    result.busy.push_back({"other queues", means(others, spans, 1000)});

  // ---- free GPUs by reason, and power
  enum { power, fragmentation, gang_wait, quota, idle, reasons };
  std::vector<Integral> free(reasons, Integral(spans.count(), 0));
  Integral energy(spans.count(), 0);
  std::vector<Microwatts> highest(spans.count(), 0), cap(spans.count(), no_cap);
  for (std::size_t i = 0; i < outcome.samples.size(); ++i) {
    const Sample& sample = outcome.samples[i];
    const Milliseconds until =
        i + 1 < outcome.samples.size() ? outcome.samples[i + 1].time_ms : outcome.end_ms;
    const std::int64_t reason_of_rest = outcome.capacity_milli - sample.busy_milli -
                                        sample.power_milli - sample.fragmentation_milli -
                                        sample.gang_wait_milli - sample.quota_milli;
    spans.over(sample.time_ms, until, [&](std::size_t s, Milliseconds length) {
      free[power][s] += static_cast<Wide>(sample.power_milli) * length;
      free[fragmentation][s] += static_cast<Wide>(sample.fragmentation_milli) * length;
      free[gang_wait][s] += static_cast<Wide>(sample.gang_wait_milli) * length;
      free[quota][s] += static_cast<Wide>(sample.quota_milli) * length;
      free[idle][s] += static_cast<Wide>(reason_of_rest) * length;
      energy[s] += static_cast<Wide>(sample.facility_power) * length;
      highest[s] = std::max(highest[s], sample.facility_power);
      cap[s] = std::min(cap[s], sample.site_cap);
    });
  }
  const char* const names[] = {"power", "fragmentation", "gang_wait", "quota", "idle"};
  for (std::size_t reason = 0; reason < reasons; ++reason)
    result.free.push_back({names[reason], means(free[reason], spans, 1000)});
  result.mean_kw = means(energy, spans, 1e9);
  for (std::size_t s = 0; s < spans.count(); ++s) {
    result.highest_kw.push_back(static_cast<double>(highest[s]) / 1e9);
    result.cap_kw.push_back(cap[s] == no_cap ? std::nullopt
                                             : std::optional(static_cast<double>(cap[s]) / 1e9));
  }
  return result;
}

}  // namespace warmshell::replay
