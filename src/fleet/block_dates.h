#pragma once
// The dates of a block of paths, as the funnel asks for them, and the months in which they move
// anything. Thread rule: owned by one Funnel.

#include <cstddef>
#include <vector>

#include "fleet/frame.h"
#include "fleet/kernel_data.h"
#include "model/layout.h"

namespace warmshell::fleet {

struct BlockDates {
  // rows [item][path] in the funnel's memory, months since start, +infinity never
  double* delivered = nullptr;                           // [lot]
  double* cancelled = nullptr;                           // [lot]
  double* retired = nullptr;                             // [lot]
  double* opens = nullptr;                               // [tranche]
  double* warm = nullptr;                                // [hall]
  double* hall_gate = nullptr;                           // [hall] never where no gate is written
  std::vector<double> first_delivery, first_retirement;  // [lot] over all paths of the block
  std::vector<double> last_opening;                      // [source] over all paths and tranches
  std::vector<Mark>
      site_moves;               // [month][site][group]: what dates of a site move (moves_lots, ...)
  std::vector<Mark> lot_moves;  // [month][lot]: whether dates of a lot move anything

  BlockDates(const model::Layout& layout, std::size_t width);
  void set(const model::Layout& layout, const Frame& frame, const double* const* gates);

 private:
  std::size_t width_, groups_;
  void set_lots(const model::Layout& layout, const double* const* gates);
  void set_openings(const model::Layout& layout, const Frame& frame, const double* const* gates);
  void mark_moves(const model::Layout& layout, const Frame& frame);
};

}  // namespace warmshell::fleet
