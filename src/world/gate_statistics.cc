#include "world/gate_statistics.h"

#include <algorithm>
#include <cmath>

#include "world/gates.h"

namespace warmshell::world {

namespace {

constexpr double bins_per_month = 10;
constexpr double first_month = -240;
constexpr int bin_count = 14400;

int bin_of(double month) {
  const double bin = std::floor((month - first_month) * bins_per_month);
  return static_cast<int>(std::clamp(bin, 0.0, static_cast<double>(bin_count - 1)));
}

double begin_of(int bin) {
  return first_month + bin / bins_per_month;
}

}  // namespace

GateStatistics::GateStatistics(const model::Layout& layout)
    : GateStatistics(varying_gates(layout)) {}

GateStatistics::GateStatistics(const std::vector<bool>& varies) : gates_(varies.size()) {
  for (std::size_t g = 0; g < gates_.size(); ++g) gates_[g].varies = varies[g];
}

// From one date to bins, once a second date appears.
void GateStatistics::spread(Histogram& h) {
  if (!h.counts.empty()) return;
  h.counts.assign(bin_count, 0);
  if (h.dated > 0)
    h.counts[static_cast<std::size_t>(bin_of(h.single))] += static_cast<std::uint32_t>(h.dated);
}

void GateStatistics::add(int gate, const double* months, int count) {
  Histogram& h = gates_[static_cast<std::size_t>(gate)];
  if (!h.varies) {  // one date on all paths
    if (count <= 0) return;
    (months[0] == model::never_month ? h.never : h.dated) += count;
    h.single = months[0];
    return;
  }
  for (int p = 0; p < count; ++p) {
    const double month = months[p];
    if (month == model::never_month) {
      ++h.never;
      continue;
    }
    if (h.dated == 0) h.single = month;
    if (h.counts.empty() && month != h.single) spread(h);
    if (!h.counts.empty()) ++h.counts[static_cast<std::size_t>(bin_of(month))];
    ++h.dated;
  }
}

void GateStatistics::merge(const GateStatistics& other) {
  for (std::size_t g = 0; g < gates_.size(); ++g) {
    Histogram& h = gates_[g];
    const Histogram& o = other.gates_[g];
    h.never += o.never;
    if (o.dated == 0) continue;
    if (h.dated == 0) {
      const std::int64_t never_count = h.never;
      h = o;
      h.never = never_count;
      continue;
    }
    if (h.counts.empty() && o.counts.empty() && h.single == o.single) {
      h.dated += o.dated;
      continue;
    }
    spread(h);
    if (o.counts.empty())
      h.counts[static_cast<std::size_t>(bin_of(o.single))] += static_cast<std::uint32_t>(o.dated);
    else
      for (std::size_t b = 0; b < h.counts.size(); ++b) h.counts[b] += o.counts[b];
    h.dated += o.dated;
  }
}

std::int64_t GateStatistics::paths(int gate) const {
  const Histogram& h = gates_[static_cast<std::size_t>(gate)];
  return h.dated + h.never;
}

double GateStatistics::never(int gate) const {
  const Histogram& h = gates_[static_cast<std::size_t>(gate)];
  const std::int64_t all = h.dated + h.never;
  return all == 0 ? 0 : static_cast<double>(h.never) / static_cast<double>(all);
}

// The date below which `rank` paths lie, linear inside a bin; never when fewer have a date.
std::optional<double> GateStatistics::date_at_rank(const Histogram& h, double rank) const {
  if (h.dated == 0 || rank > static_cast<double>(h.dated)) return std::nullopt;
  if (h.counts.empty()) return h.single;
  double below = 0;
  for (int b = 0; b < bin_count; ++b) {
    const double here = static_cast<double>(h.counts[static_cast<std::size_t>(b)]);
    if (here > 0 && below + here >= rank)
      return begin_of(b) + (rank - below) / here / bins_per_month;
    below += here;
  }
  return std::nullopt;
}

DateQuantiles GateStatistics::unconditional(int gate) const {
  const Histogram& h = gates_[static_cast<std::size_t>(gate)];
  const double all = static_cast<double>(h.dated + h.never);
  return {date_at_rank(h, 0.1 * all), date_at_rank(h, 0.5 * all), date_at_rank(h, 0.9 * all)};
}

DateQuantiles GateStatistics::given(int gate) const {
  const Histogram& h = gates_[static_cast<std::size_t>(gate)];
  const double all = static_cast<double>(h.dated);
  return {date_at_rank(h, 0.1 * all), date_at_rank(h, 0.5 * all), date_at_rank(h, 0.9 * all)};
}

}  // namespace warmshell::world
