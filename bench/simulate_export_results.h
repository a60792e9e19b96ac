#pragma once
// Our results for bench/peers to compare with, of paths 0 .. N-1: by path as [block][month or
// item]...[path of the block], sums over the paths as they stand in the totals of a run.
//
//   ours_states_by_month, ours_chip_states_by_month   accelerators, [block][month][state][path]
//   ours_states_by_lot, ours_megawatts                summed over months, [block][lot or site]...
//   ours_metrics                                      [metric][path]
//   ours_cash, ours_revenue                           cumulative by month; discounted revenue
//   ours_bands                                        of cumulative cash, [month][share]
//   ours_lines, ours_chip_lines                       [line][month], money summed over paths
//   ours_dark, ours_dark_margin                       [month][site][state][sum]; mean and error
//   ours_cures                                        alone, sellable, mean margin and its error
//   ours.json                                         what is left: checks, promises, names

#include <cstdint>
#include <string>

#include "study/simulate.h"
#include "value/valuation.h"

namespace warmshell::bench {

void export_results(const study::Prepared& prepared, const value::ValuationPlan& plan,
                    const std::string& folder, std::int64_t paths, std::uint64_t seed);

}  // namespace warmshell::bench
