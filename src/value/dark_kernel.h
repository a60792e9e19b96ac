#pragma once
// The inner loops of cost_of_dark.cc, over rows of n paths (a multiple of 8). Built for several
// vector levels (dark_kernel.cc) with the same bits; sums run in eight lanes that the caller folds.

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

struct UnitCosts {  // rows, money per dark chip and month
  double *market_value, *life, *book, *capital;
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

struct DarkKernels {
  void (*unit_costs)(const UnitParameters& p, const double* age, const double* resale_before,
                     const double* resale_now, const UnitCosts& out, int n);
  void (*margins)(const MarginParameters& p, const double* alone, double* left, const Margins& out,
                  int n);
  // sums[k * 8 + lane] in the order: accelerators, alone, sellable, sellable_alone, lost_revenue,
  // lost_margin, lost_margin_alone, market_value, life, book, capital. margin_row: discounted lost
  // margin added per path; alone_margin: the undiscounted one of the alone, written.
  void (*state)(const StateRows& rows, const Margins& margins, const UnitCosts& costs,
                double discount, double* sums, double* margin_row, double* alone_margin, int n);
};

[[nodiscard]] const DarkKernels& dark_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
