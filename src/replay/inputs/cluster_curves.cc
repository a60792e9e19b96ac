#include "replay/inputs/cluster_curves.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace warmshell::replay {

namespace {

double share_of(Milliwatts part, Milliwatts whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::int32_t ppm(double share) {
  return static_cast<std::int32_t>(std::llround(share * 1e6));
}

double throughput_of(const LimitCurve& curve, double limit, double draw) {
  return std::visit([&](const auto& known) { return relative_throughput(known, limit, draw); },
                    curve);
}

double drawn_of(const LimitCurve& curve, double limit, double draw) {
  return std::visit([&](const auto& known) { return drawn_under_limit(known, limit, draw); },
                    curve);
}

template <class Things>
std::vector<std::string> names_of(const Things& things) {
  std::vector<std::string> names;
  for (const auto& each : things) names.push_back(each.name);
  return names;
}

std::optional<PointCurve> point_curve(const CurveRecord& record) {
  PointCurve made{record.draw.value, {}};
  for (const auto& [name, point] : record.points)
    made.points.push_back(
        {point.limit.value, point.throughput.value,
         point.drawn ? point.drawn->value : std::min(point.limit.value, record.draw.value)});
  std::sort(made.points.begin(), made.points.end(),
            [](const CurvePoint& a, const CurvePoint& b) { return a.limit < b.limit; });
  for (std::size_t p = 1; p < made.points.size(); ++p) {
    const CurvePoint& below = made.points[p - 1];
    const CurvePoint& here = made.points[p];
    if (below.limit >= here.limit || below.throughput > here.throughput || below.drawn > here.drawn)
      return std::nullopt;
  }
  return made;
}

}  // namespace

Diagnostic error_at(const text::Origin& origin, std::string code, std::string message,
                    std::string help) {
  Diagnostic diagnostic = plain_error(std::move(code), std::move(message), std::move(help));
  if (origin.place.source) diagnostic.where = origin.place.span();
  diagnostic.path = origin.path;
  return diagnostic;
}

std::optional<LimitCurve> limit_curve(const std::string& type_name, const CurveRecord& record,
                                      const GpuType& type, Milliwatts deepest_asked,
                                      Diagnostics& told) {
  double lowest = 1;
  LimitCurve made;
  if (!record.measured.empty()) {
    const KnownCurve* known = find_known_curve(record.measured);
    if (known == nullptr) {
      const std::vector<std::string> names = names_of(known_curves());
      const std::string near = did_you_mean(record.measured, names);
      told.push_back(error_at(record.origin, "WS0622",
                              fmt::format("no GPU type `{}` was measured", record.measured),
                              near.empty() ? fmt::format("measured are: {}", fmt::join(names, ", "))
                                           : fmt::format("did you mean `{}`?", near)));
      return std::nullopt;
    }
    made = known->curve;
    lowest = known->lowest;
  } else {
    std::optional<PointCurve> points = point_curve(record);
    if (!points) {
      told.push_back(error_at(
          record.origin, "WS0632",
          fmt::format("throughput and draw of the curve of `{}` do not rise with the limit",
                      type_name)));
      return std::nullopt;
    }
    lowest = points->points.front().limit;
    made = *std::move(points);
  }
  const double deepest = share_of(deepest_asked, type.peak_mw);
  if (deepest < lowest) {
    told.push_back(error_at(record.origin, "WS0633",
                            fmt::format("a limit of `{}` is {:.0f} % of its peak, below the "
                                        "lowest that its curve knows, {:.0f} %",
                                        type_name, 100 * deepest, 100 * lowest),
                            "throughput there is a guess; measure it, or tell it at the limit"));
    told.back().severity = Severity::warning;
  }
  return made;
}

void fill_limits(const GpuType& type, const std::vector<std::optional<std::int32_t>>& told_rates,
                 const std::optional<LimitCurve>& curve, ProfileOnType& on_type) {
  const double draw = share_of(on_type.mean_mw, type.peak_mw);
  for (std::size_t level = 0; level < type.cap_mw.size(); ++level) {
    const double limit = share_of(type.cap_mw[level], type.peak_mw);
    std::int32_t rate = told_rates[level].value_or(1);
    if (!told_rates[level] && curve) rate = std::max(1, ppm(throughput_of(*curve, limit, draw)));
    on_type.rate_ppm.push_back(rate);
    if (!curve) continue;
    std::int32_t left = full_rate_ppm;  // of the draw beyond idle
    if (level > 0 && on_type.mean_mw > type.idle_mw) {
      const double idle = share_of(type.idle_mw, type.peak_mw);
      const double beyond_idle = (drawn_of(*curve, limit, draw) - idle) / (draw - idle);
      left = std::min(on_type.drawn_ppm.back(), ppm(std::clamp(beyond_idle, 0.0, 1.0)));
    }
    on_type.drawn_ppm.push_back(left);
  }
}

const ServingPower* measured_service(const ProfileDrawRecord& record, Diagnostics& told) {
  if (record.serving.empty()) return nullptr;
  if (const ServingPower* known = find_serving_power(record.serving)) return known;
  const std::string near = did_you_mean(record.serving, names_of(known_serving_powers()));
  told.push_back(error_at(record.origin, "WS0622",
                          fmt::format("no service `{}` was measured", record.serving),
                          near.empty() ? "" : fmt::format("did you mean `{}`?", near)));
  return nullptr;
}

}  // namespace warmshell::replay
