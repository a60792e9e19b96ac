#include "replay/engine/power.h"

#include <algorithm>

namespace warmshell::replay {

namespace {

// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the finaliser.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t draw_bits(std::uint64_t seed, std::int64_t a, std::int64_t b) {
  return mix(mix(mix(seed) ^ static_cast<std::uint64_t>(a)) ^ static_cast<std::uint64_t>(b));
}

Microwatts facility_power(const PowerRules& rules, Microwatts it) {
  const std::int64_t denominator = 1'000'000 - rules.losses_ppm;
  std::int64_t small = 0;  // up to about 7 MW 64 bits are enough, and much faster
  if (!__builtin_mul_overflow(it, std::int64_t{rules.pue_ppm}, &small) &&
      !__builtin_add_overflow(small, denominator - 1, &small))
    return small / denominator;
  const Wide numerator = static_cast<Wide>(it) * rules.pue_ppm;
  return static_cast<Microwatts>((numerator + denominator - 1) / denominator);
}

Microwatts cap_at(const CapSeries& series, Milliseconds time) {
  Microwatts cap = no_cap;
  for (const CapStep& step : series) {
    if (step.from_ms > time) break;
    cap = step.cap_mw * 1000;
  }
  return cap;
}

Milliseconds next_cap_change(const CapSeries& series, Milliseconds after) {
  for (const CapStep& step : series)
    if (step.from_ms > after) return step.from_ms;
  return never_ms;
}

Microwatts highest_cap(const CapSeries& series) {
  if (series.empty() || series.front().from_ms > 0) return no_cap;
  Milliwatts highest = 0;
  for (const CapStep& step : series) highest = std::max(highest, step.cap_mw);
  return highest * 1000;
}

const CapSeries& row_cap_series(const PowerRules& rules, int row) {
  static const CapSeries none;
  const std::size_t r = static_cast<std::size_t>(row);
  return r < rules.row_caps.size() ? rules.row_caps[r] : none;
}

std::size_t tariff_step(const PowerRules& rules, Milliseconds time) {
  std::size_t step = 0;
  while (step < rules.tariff.size() && rules.tariff[step].from_ms <= time) ++step;
  return step;
}

Milliseconds next_tariff_change(const PowerRules& rules, Milliseconds after) {
  for (const TariffStep& step : rules.tariff)
    if (step.from_ms > after) return step.from_ms;
  return never_ms;
}

Milliwatts phase_draw(const GpuType& type, const PowerProfile& profile,
                      const ProfileOnType& on_type, std::uint64_t seed, std::int64_t job,
                      std::int64_t phase) {
  if (profile.phase_ms == 0 || on_type.deviation_mw == 0) return on_type.mean_mw;
  // Bell: four 16-bit numbers, centred; their sum has standard deviation 65536 / sqrt(3) = 37837.
  const std::uint64_t bits = draw_bits(seed, job, phase);
  std::int64_t bell = -2 * 65535;
  for (int part = 0; part < 4; ++part)
    bell += static_cast<std::int64_t>(bits >> (16 * part) & 0xffff);
  const Milliwatts draw = on_type.mean_mw + on_type.deviation_mw * bell / 37837;
  return std::clamp(draw, type.idle_mw, type.peak_mw);
}

}  // namespace warmshell::replay
