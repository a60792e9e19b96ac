#pragma once
// The tables of any portfolio for bench/peers/numpy_peer (portfolio.json): the layout, the
// decisions and the graphs of lines as they stand, nothing worked out beforehand.

#include <cstdint>
#include <string>

#include "study/simulate.h"
#include "value/valuation.h"

namespace warmshell::bench {

[[nodiscard]] std::string general_tables(const study::Prepared& prepared,
                                         const value::ValuationPlan& plan, std::int64_t paths,
                                         std::int64_t compared);

}  // namespace warmshell::bench
