#pragma once
// The funnel on one path, month by month, written to be read: this is the specification that the
// kernels of fleet/kernel.h are held against, bit for bit. R1 to R24 are the rules of the funnel;
// fleet/README.md says what we chose where they leave something open. One function per rule, no
// cleverness, no sharing with the kernels but the model, the draws and the columns.
//
// Quantities on a path are month averages: accelerators as real numbers, MW of facility power
// unless the name says it. Months count from `start`; history before it is run by the same rules
// from the first delivery on (at most 120 months), so that what stands in the halls at `start` has
// been placed and installed by them.
//
// Thread rule: one Reference per thread; Layout and Decisions are shared read-only and outlive it.

#include <vector>

#include "fleet/column_store.h"
#include "fleet/columns.h"
#include "fleet/mode.h"
#include "model/layout.h"
#include "world/block.h"

namespace warmshell::fleet {

class Reference {
 public:
  Reference(const model::Layout& layout, const model::Decisions& decisions, Mode mode = {});

  // gate_month[gate]: the path's dates, months since start, +infinity never.
  void begin(std::vector<double> gate_month);
  // Draws of months 0, 1, ... in order, with rows of width 1.
  const Columns& next_month(const world::MonthColumns& draws);

 private:
  // A place for chips of a lot: one of its halls, another hall of the site (only where cooling is
  // lifted), or the notional hall of R10 (hall -1, only where the shell is lifted).
  enum class SlotKind { own, other, notional };
  struct Slot {
    SlotKind kind;
    int hall;
    double racked = 0;     // housed with power at least once (R2)
    double installed = 0;  // of them, through the crews
  };
  struct Dates {
    double ordered, delivered, cancelled, retired;
  };
  struct SourceMonth {
    double contracted, not_energised, energised, reserve, firm;
  };
  struct SlotMonth {
    double peak_pue = 1, annual_pue = 1;
    double mw_each = 0;        // facility MW per accelerator
    double fit_it_mw = 0;      // IT MW of its hall in the part of the month in which it fits
    double housed = 0;         // racked, in the part of the hall that is open
    double installed = 0;      // of them, installed before this month
    double lit_racked = 0;     // racked and powered
    double placed = 0;         // of those that waited
    double lit = 0;            // E: housed and powered
    double lit_installed = 0;  // of them, installed
    double installing = 0;     // of them, not installed
  };
  struct LotMonth {
    std::vector<SlotMonth> slots;
    double present = 0;  // delivered and not gone
    double waiting = 0;  // never housed
    double closed = 0;   // racked where the hall is closed
    double housed = 0;
    double lit = 0, installed = 0, installing = 0;
    double installed_mw = 0, installing_mw = 0, lit_mw = 0;
    double dark = 0;
    double failed = 0, working = 0, sold = 0, busy = 0, idle = 0;
    double alone = 0;  // dark chips that one gate cures
  };
  struct SiteMonth {
    std::vector<int> order;       // its lots in placement order
    std::vector<double> room_it;  // by place in LayoutSite::halls
    std::vector<double> room_left_it;
    double fleet_mw = 0;         // firm MW less tenants'
    double mw_after_racked = 0;  // of them, left when racked chips are powered
  };
  struct Lifted {
    bool shell, cooling, power;
  };

  void run_history(const world::MonthColumns& draws);
  void place_and_install(int month, const world::MonthColumns& draws);

  // One function per rule.
  void run_freely(int site);                                           // shell, power, crews lifted
  void deliver(int month);                                             // R1, R2
  void supply(int month, const world::MonthColumns& draws, int site);  // R3, R4
  void open_halls(int month, int site);                                // R1
  void keep_racked(int month, int site);                               // R2, R7
  void power_racked(int site);                                         // R7
  std::vector<double> fill(int site, Lifted lifted, bool keep);        // R10
  void install(int site);                                              // R8
  void blame(int month, int site);                                     // R10 to R13
  void fail();                                                         // R9
  void serve_markets(const world::MonthColumns& draws);                // R14 to R17
  void find_outclassed(int month, const world::MonthColumns& draws);   // R18
  void hand_unmet_demand(int month, const world::MonthColumns& draws);  // R19
  void count_megawatts(int site);                                       // R22
  void count_energy(int site, const world::MonthColumns& draws);

  [[nodiscard]] std::vector<double> openings(const model::LayoutSource& source) const;  // R3
  [[nodiscard]] const std::vector<int>& order_of(int month) const;
  [[nodiscard]] double ramped(int lot, int market) const;  // R16

  const model::Layout& layout_;
  const model::Decisions& decisions_;
  Mode mode_;
  ColumnStore store_;
  int month_ = 0;

  std::vector<double> gate_;
  std::vector<Dates> dates_;                 // [lot]
  std::vector<std::vector<double>> opens_;   // [source][tranche]
  std::vector<std::vector<Slot>> slots_;     // [lot]
  std::vector<std::vector<double>> worked_;  // [lot] working chips, newest month first
  std::vector<SourceMonth> source_;          // [source]
  std::vector<SiteMonth> site_;              // [site]
  std::vector<LotMonth> lot_;                // [lot]
};

}  // namespace warmshell::fleet
