#pragma once
// Descriptions of the records of a cluster file; see cluster.h.

#include "replay/inputs/cluster.h"
#include "text/record.h"

namespace warmshell::text {

template <>
struct Choices<replay::Policy> {
  static constexpr std::array all{
      choice(replay::Policy::random, "random", "any node with room"),
      choice(replay::Policy::first_fit, "first-fit", "the first node with room"),
      choice(replay::Policy::best_fit, "best-fit", "the node that is left with least"),
      choice(replay::Policy::dot_product, "dot-product", "by the product of demand and room"),
      choice(replay::Policy::gpu_packing, "gpu-packing", "where GPUs are already in use"),
      choice(replay::Policy::gpu_clustering, "gpu-clustering", "beside jobs of its size"),
      choice(replay::Policy::fgd, "fgd", "where fragmentation grows least")};
};
template <>
struct Choices<replay::JobOrder> {
  static constexpr std::array all{
      choice(replay::JobOrder::fifo, "fifo", "first come first served"),
      choice(replay::JobOrder::shortest, "shortest", "the shortest estimate first"),
      choice(replay::JobOrder::priority, "priority", "the highest priority first"),
      choice(replay::JobOrder::fair_share, "fair-share", "the queue served least of its share")};
};
template <>
struct Choices<replay::Backfill> {
  static constexpr std::array all{
      choice(replay::Backfill::none, "none", "nobody passes"),
      choice(replay::Backfill::easy, "easy", "who does not delay the first"),
      choice(replay::Backfill::conservative, "conservative", "who delays nobody before him")};
};
template <>
struct Choices<replay::Admission> {
  static constexpr std::array all{
      choice(replay::Admission::open, "open", "power is not looked at"),
      choice(replay::Admission::nameplate, "nameplate", "peak draw"),
      choice(replay::Admission::percentile, "percentile", "measured percentile"),
      choice(replay::Admission::expectation, "expectation", "mean and sigmas")};
};

template <>
struct Description<replay::LimitRecord> {
  static const Record<replay::LimitRecord>& get();
};
template <>
struct Description<replay::CurvePointRecord> {
  static const Record<replay::CurvePointRecord>& get();
};
template <>
struct Description<replay::CurveRecord> {
  static const Record<replay::CurveRecord>& get();
};
template <>
struct Description<replay::GpuTypeRecord> {
  static const Record<replay::GpuTypeRecord>& get();
};
template <>
struct Description<replay::ProfileDrawRecord> {
  static const Record<replay::ProfileDrawRecord>& get();
};
template <>
struct Description<replay::ProfileRecord> {
  static const Record<replay::ProfileRecord>& get();
};
template <>
struct Description<replay::CurtailmentRecord> {
  static const Record<replay::CurtailmentRecord>& get();
};
template <>
struct Description<replay::RowRecord> {
  static const Record<replay::RowRecord>& get();
};
template <>
struct Description<replay::NodesRecord> {
  static const Record<replay::NodesRecord>& get();
};
template <>
struct Description<replay::QueueRecord> {
  static const Record<replay::QueueRecord>& get();
};
template <>
struct Description<replay::PolicyRecord> {
  static const Record<replay::PolicyRecord>& get();
};
template <>
struct Description<replay::TariffRecord> {
  static const Record<replay::TariffRecord>& get();
};
template <>
struct Description<replay::ThresholdRecord> {
  static const Record<replay::ThresholdRecord>& get();
};
template <>
struct Description<replay::ControlRecord> {
  static const Record<replay::ControlRecord>& get();
};
template <>
struct Description<replay::PowerRecord> {
  static const Record<replay::PowerRecord>& get();
};
template <>
struct Description<replay::ClusterRecord> {
  static const Record<replay::ClusterRecord>& get();
};

}  // namespace warmshell::text
