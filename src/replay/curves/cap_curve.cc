#include "replay/curves/cap_curve.h"

#include <algorithm>

#include "base/math.h"

namespace warmshell::replay {

namespace {

constexpr double slowest_clock = 0.01;  // of the full one: a limit at the static draw still crawls

struct Duty {
  double busy_draw = 0;
  double busy_share = 0;  // of time, uncapped
};

Duty duty_of(const CapCurve& curve, double draw) {
  const double mean = std::clamp(draw, curve.static_share + 1e-3, 1.0);
  const double busy = mean + curve.burst * mean * (1 - mean);
  return {busy, (mean - curve.static_share) / (busy - curve.static_share)};
}

// The clock whose power is `share` of the full clock's, static power aside.
double clock_at(const CapCurve& curve, double share) {
  if (share >= 1) return 1;
  const double at_knee = math::pow(curve.knee, curve.exponent);
  const double clock =
      share >= at_knee ? math::pow(share, 1 / curve.exponent) : curve.knee * share / at_knee;
  return std::max(clock, slowest_clock);
}

double slowdown(const CapCurve& curve, const Duty& duty, double limit) {
  const double share =
      std::max(0.0, (limit - curve.static_share) / (duty.busy_draw - curve.static_share));
  return 1 / clock_at(curve, share);
}

}  // namespace

double relative_throughput(const CapCurve& curve, double limit, double draw,
                           double batch_doublings_below_largest) {
  const Duty duty = duty_of(curve, draw);
  const double kept = std::max(0.0, 1 - curve.batch * batch_doublings_below_largest);
  return 1 / (1 + duty.busy_share * (slowdown(curve, duty, limit) - 1) * kept);
}

double drawn_under_limit(const CapCurve& curve, double limit, double draw) {
  const Duty duty = duty_of(curve, draw);
  if (limit >= duty.busy_draw && limit * curve.held >= duty.busy_draw) return draw;
  // One round of work: the busy part takes longer, the rest as long as before.
  const double busy_time = duty.busy_share * slowdown(curve, duty, limit);
  const double rest_time = 1 - duty.busy_share;
  const double busy_draw = std::min(duty.busy_draw, curve.held * limit);
  const double mean =
      (busy_time * busy_draw + rest_time * curve.static_share) / (busy_time + rest_time);
  return std::min(draw, mean);
}

ClockEffect at_locked_clock(const CapCurve& curve, double clock, double draw) {
  if (clock >= 1) return {1, draw};
  const Duty duty = duty_of(curve, draw);
  const double at_knee = math::pow(curve.knee, curve.exponent);
  const double share =
      clock >= curve.knee ? math::pow(clock, curve.exponent) : at_knee * clock / curve.knee;
  const double busy_draw = curve.static_share + share * (duty.busy_draw - curve.static_share);
  const double busy_time = duty.busy_share / clock;
  const double rest_time = 1 - duty.busy_share;
  const double mean =
      (busy_time * busy_draw + rest_time * curve.static_share) / (busy_time + rest_time);
  return {1 / (busy_time + rest_time), std::min(draw, mean)};
}

namespace {

CurvePoint at_limit(const PointCurve& curve, double limit) {
  CurvePoint left;
  CurvePoint right{1, 1, curve.draw};
  for (const CurvePoint& point : curve.points) {
    if (point.limit <= limit) left = point;
    if (point.limit > limit) {
      right = point;
      break;
    }
  }
  if (limit >= 1) return {1, 1, curve.draw};
  const double along = (limit - left.limit) / (right.limit - left.limit);
  return {limit, left.throughput + along * (right.throughput - left.throughput),
          left.drawn + along * (right.drawn - left.drawn)};
}

}  // namespace

double relative_throughput(const PointCurve& curve, double limit, double draw) {
  return at_limit(curve, limit * curve.draw / draw).throughput;
}

double drawn_under_limit(const PointCurve& curve, double limit, double draw) {
  const double drawn = at_limit(curve, limit * curve.draw / draw).drawn * draw / curve.draw;
  return std::min({drawn, draw, limit});
}

const std::vector<KnownCurve>& known_curves() {
  // Fitted by bench_curves to the power traces that the authors of Zeus published (You, Chung,
  // Chowdhury, "Zeus: understanding and optimizing GPU energy consumption of DNN training", NSDI
  // 2023; Apache-2.0): training of five networks, 68 jobs on V100 at 7 limits, 53 on A40 at 9.
  static const std::string source =
      "fitted to the training traces of Zeus, NSDI 2023; see docs/power_caps.md";
  static const std::vector<KnownCurve> all = {
      {"v100", 250, 0.4, {0.0335, 2.5055, 0.8137, 0.1514, 0.9204, 0}, source},
      {"a40", 300, 1.0 / 3, {0.2115, 3.8475, 0.8932, 0.2029, 0.9518, 0}, source}};
  return all;
}

const KnownCurve* find_known_curve(const std::string& name) {
  for (const KnownCurve& known : known_curves())
    if (known.name == name) return &known;
  return nullptr;
}

}  // namespace warmshell::replay
