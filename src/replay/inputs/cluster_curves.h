#pragma once
// Curves and measured services as a cluster file names them, made into what the engine knows of
// work under power limits. What is wrong is told and nothing made. Thread rule: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "replay/curves/cap_curve.h"
#include "replay/curves/serving_power.h"
#include "replay/inputs/cluster.h"

namespace warmshell::replay {

using LimitCurve = std::variant<CapCurve, PointCurve>;

[[nodiscard]] Diagnostic error_at(const text::Origin& origin, std::string code, std::string message,
                                  std::string help = "");

// `deepest_asked`: the lowest limit whose throughput the curve must tell; below what the curve
// knows it is a warning.
[[nodiscard]] std::optional<LimitCurve> limit_curve(const std::string& type_name,
                                                    const CurveRecord& record, const GpuType& type,
                                                    Milliwatts deepest_asked, Diagnostics& told);

// Throughput and draw at every level: throughput as told, else by the curve at the profile's mean
// draw; draw by the curve, where there is one.
void fill_limits(const GpuType& type, const std::vector<std::optional<std::int32_t>>& told_rates,
                 const std::optional<LimitCurve>& curve, ProfileOnType& on_type);

// nullptr where the record names none, or one that nobody measured, which is told.
[[nodiscard]] const ServingPower* measured_service(const ProfileDrawRecord& record,
                                                   Diagnostics& told);

}  // namespace warmshell::replay
