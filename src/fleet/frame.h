#pragma once
// What is equal on all paths, worked out once for the kernels: the layout as flat arrays, and what
// a month says of every slot. Thread rule: owned by one Funnel.

#include <vector>

#include "fleet/kernel_data.h"
#include "fleet/mode.h"
#include "model/layout.h"

namespace warmshell::fleet {

struct Frame {
  std::vector<KernelLot> lots;
  std::vector<KernelSlot> slots;
  std::vector<KernelHall> halls;
  std::vector<KernelSource> sources;
  std::vector<KernelSite> sites;
  std::vector<KernelMarket> markets;
  std::vector<KernelRamp> ramps;
  std::vector<KernelOutage> outages;
  std::vector<KernelBridge> bridges;
  std::vector<double> tranche_mw;
  std::vector<int> site_halls, site_sources, market_order;
  std::vector<Mark> accepts;  // [market][class]
  bool every_market_ramps = true;
  int ramp_rows = 0;          // months that ramps look back, 0 without ramps
  bool month_varies = false;  // PUE steps or retrofits: slots change with the month
  int scratch_lanes = 0;      // rows of kernel_lanes that any step needs
};

[[nodiscard]] Frame make_frame(const model::Layout& layout, const model::Decisions& decisions);

// What the month says of slots and halls; needed again only where `month_varies`.
void set_month(Frame& frame, const model::Layout& layout, int month);

}  // namespace warmshell::fleet
