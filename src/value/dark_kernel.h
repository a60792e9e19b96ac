#pragma once
// The inner loops of cost_of_dark.cc, over rows of n paths (a multiple of 8). Built for several
// vector levels (dark_kernel.cc) with the same bits; sums run in eight lanes that the caller folds.

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

struct UnitCosts {  // rows, money per dark chip and month
  double *market_value, *life, *book, *capital;
  double *kept_before, *kept_after;  // share of its price that a chip keeps at either end
};
struct UnitParameters {
  double price, log_growth, growth_back;  // growth_back = (1+w)^(-1/12)
  double economic_life, book_life;
  bool constant_fall;
  double log_keep, keep_back;  // keep_back = 1 / (1 - fall)
  const double* by_year;
  int years;
};
struct MarginParameters {
  int markets;
  const double* const* sellable_to;  // [market] rows, service order
  const double* const* rent;         // [market] rows, money per hour
  const double* paid_share;          // [market]
  const double* energy_mwh;          // [market] at the meter per chip and month
  const double* energy_price;        // row, money per MWh
  double kept_share;                 // 1 - variable cost
};
struct Margins {  // rows, money per sellable chip and month: alone ones, and those with two cures
  double *revenue_alone, *revenue_rest, *margin_alone, *margin_rest;
};
struct StateRows {
  const double *dark, *alone, *sellable, *sellable_alone;
};
inline constexpr int state_sums = 11;  // DarkSum without the megawatts

struct Credit {  // rows of one state of one lot
  const double *alone, *sellable, *margin;
  double discount;
};

struct DarkKernels {
  // Bit k: row k holds anything but zeros.
  unsigned (*any)(const double* const* rows, int count, int n);
  bool (*uniform)(const double* row, int n);
  void (*unit_costs)(const UnitParameters& p, const double* age, bool uniform_age,
                     const double* resale_before, const double* resale_now, const UnitCosts& out,
                     int n);
  // alone = the sum of its four parts; left: scratch
  void (*margins)(const MarginParameters& p, const double* const* alone_parts, double* alone,
                  double* left, const Margins& out, int n);
  // sums[k * 8 + lane] in the order: accelerators, alone, sellable, sellable_alone, lost_revenue,
  // lost_margin, lost_margin_alone, market_value, life, book, capital. margin_row: discounted lost
  // margin added per path; dark_row: dark accelerators added per path; alone_margin: the
  // undiscounted margin of the alone, written.
  void (*state)(const StateRows& rows, const Margins& margins, const UnitCosts& costs,
                double discount, double* sums, double* margin_row, double* dark_row,
                double* alone_margin, int n);
  // The first of some dates after the month's first day: next = min(next, date) where date > month.
  void (*next_opening)(const double* date, double month, double* next, int n);
  void (*nearest)(const double* next, double* nearest, int n);
  // To the cure whose next opening is the nearest, on paths that no cure before it has taken;
  // `last` takes the rest. row: discounted margin added per path; sums: 8 lanes of alone, 8 of
  // sellable.
  void (*credit)(const Credit& of, const double* next, const double* nearest, bool last,
                 double* taken, double* row, double* sums, int n);
};

[[nodiscard]] const DarkKernels& dark_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
