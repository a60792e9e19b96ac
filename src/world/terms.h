#pragma once
// The parts of the world that are laws of one number per path and a growth over time, as the block
// and the expectation both read them from the portfolio.

#include <limits>
#include <vector>

#include "model/layout.h"

namespace warmshell::world {

inline constexpr double unbounded_demand = 1e300;

// Rent of one class in one market.
struct RentTerm {
  enum class Kind {
    written,    // law(draw) x scale x (1 - falls)^month
    catalogue,  // list of the class x scale
  };
  Kind kind = Kind::catalogue;
  Law law;
  int draw = -1;
  double scale =
      1;  // h100e of the class; or provider tier x level x worth of a dollar; x paid work
  double falls = 0;  // per month
};
[[nodiscard]] RentTerm rent_term(const model::Layout& layout, const model::Portfolio& portfolio,
                                 int market, int accelerator_class);

struct GrowthTerm {
  Law law;
  int draw = -1;
  double growth = 0;  // per year
};
[[nodiscard]] GrowthTerm price_term(const model::Layout& layout, const model::Portfolio& portfolio,
                                    int source);
[[nodiscard]] GrowthTerm curtailed_term(const model::Layout& layout,
                                        const model::Portfolio& portfolio, int source);

// The months in which a market asks: all, or those of a contract from ready_by until its term is
// over.
struct DemandSpan {
  double from = -model::never_month, to = model::never_month;
};
[[nodiscard]] DemandSpan demand_span(const model::Market& market, double start);
[[nodiscard]] double share_of_month(const DemandSpan& span, int month);

[[nodiscard]] double growth_factor(double per_year, double month);  // (1 + g)^(month / 12)
[[nodiscard]] double falls_factor(double per_month, double month);  // (1 - f)^month

}  // namespace warmshell::world
