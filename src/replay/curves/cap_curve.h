#pragma once
// Throughput and draw of work under a power limit, by GPU type.
//
// All powers are shares of the highest limit of the type. Work of mean draw u alternates between a
// busy draw b = u + burst u (1 - u) and the static draw i; it is busy for s = (u - i)/(b - i) of
// its time. A limit l >= b changes nothing: throughput is exactly 1. Below, the busy part runs at
// the clock f whose power fits under the limit, (l - i)/(b - i) = g(f): g(f) = f^exponent while the
// voltage falls with the clock, and a straight line to 0 below the knee, where it falls no further.
// Then throughput = 1 / (1 + s (1/f - 1)), which rises with the limit. The busy draw under a limit
// is held x limit, at most b: regulators stay a little below what they are told.
//
// Thread rule: pure functions of plain values; the same on every machine.

#include <string>
#include <vector>

namespace warmshell::replay {

struct CapCurve {
  double static_share = 0.1;  // i: drawn whatever the clock
  double exponent = 3;        // of power over clock
  double knee = 0.8;          // clock, of the full one
  double burst = 0.2;         // how far the busy draw stands above the mean
  double held = 1;            // of the limit
  double batch = 0;  // for each doubling of the batch below the network's largest, the loss is so
                     // much smaller; 0 where batches are not known
};

// `limit` and `draw` (uncapped, the job's mean) as shares of the highest limit.
[[nodiscard]] double relative_throughput(const CapCurve& curve, double limit, double draw,
                                         double batch_doublings_below_largest = 0);
// Mean draw under the limit, same unit; never above the uncapped draw.
[[nodiscard]] double drawn_under_limit(const CapCurve& curve, double limit, double draw);

// The same work with its clock locked instead (a share of the full one) and no limit.
struct ClockEffect {
  double throughput = 1;
  double draw = 0;
};
[[nodiscard]] ClockEffect at_locked_clock(const CapCurve& curve, double clock, double draw);

// A curve as its owner writes it: straight lines between measured points, on to (1, 1) above them
// and to (0, 0) below. The measured work drew `draw` without a limit; other work feels the limit
// that is as large a share of its own draw.
struct CurvePoint {
  double limit = 0, throughput = 0, drawn = 0;
};
struct PointCurve {
  double draw = 1;
  std::vector<CurvePoint> points;  // rising in all three
};
[[nodiscard]] double relative_throughput(const PointCurve& curve, double limit, double draw);
[[nodiscard]] double drawn_under_limit(const PointCurve& curve, double limit, double draw);

// A type whose curve was measured.
struct KnownCurve {
  std::string name;          // as a cluster file writes it
  double highest_watts = 0;  // the limit that 1 stands for
  double lowest = 0;         // the lowest limit that was measured, as a share
  CapCurve curve;
  std::string source;
};
[[nodiscard]] const std::vector<KnownCurve>& known_curves();
[[nodiscard]] const KnownCurve* find_known_curve(const std::string& name);  // nullptr: none

}  // namespace warmshell::replay
