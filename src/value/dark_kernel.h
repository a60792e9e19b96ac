#pragma once
// The inner loops of cost_of_dark.cc, over rows of paths (a multiple of 8 wide, of which the first
// `count` are paths). Built for several vector levels (dark_kernel.cc) with the same bits; sums run
// in eight lanes that the caller folds.

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

// What a dark chip of a lot costs in a month.
struct UnitParameters {
  double price, log_growth, growth_back;  // growth_back = (1+w)^(-1/12)
  double economic_life, book_life;
  bool constant_fall;
  double log_keep, keep_back;  // keep_back = 1 / (1 - fall)
  const double* by_year;       // value at ages 0, 12, 24, ... months, straight lines between
  int years;
};
// What a sellable one would earn: markets in service order.
struct MarginParameters {
  int markets;
  const double* const* sellable_to;  // [market] rows
  const double* const* rent;         // [market] rows, money per hour
  const double* paid_share;          // [market]
  const double* energy_mwh;          // [market] at the meter per chip and month
  const double* energy_price;        // row, money per MWh
  double kept_share;                 // 1 - variable cost
};

inline constexpr int dark_states = 4;   // fleet::dark_count
inline constexpr int kernel_sums = 13;  // dark_sum_count

// One lot in one month. `alone` and `sellable_alone` of the last state are its `dark` and
// `sellable`.
struct DarkLot {
  const double *dark[dark_states], *alone[dark_states];
  const double *sellable[dark_states], *sellable_alone[dark_states];
  const double *age, *resale_before, *resale_now;  // resale: of its class, last month and this
  UnitParameters unit;
  MarginParameters margin;
  double discount, mw_each;
};
// Into what a lot's month is added.
struct DarkSums {
  double* lanes[dark_states];        // [DarkSum * 8 + lane]
  double* margin_rows[dark_states];  // [path] discounted lost margin
  double* dark_row;                  // [path] dark accelerators
  // [path] of those that one gate cures: chips, sellable ones, their discounted lost margin
  double *alone[dark_states], *sellable_alone[dark_states], *margin_alone[dark_states];
};

// The alone chips of some lots that wait for the same cures: each goes to the cure that opens next
// after `month`, on its path, the first of several; to `otherwise` where none does.
struct Credit {
  const double *alone, *sellable, *margin;
  int cures;
  const double* const* dates;  // [cure] rows, one after the other
  const int* openings;         // [cure] how many rows
  double* const* margin_rows;  // [cure], then `otherwise`
  double* const* lanes;        // [cure], then `otherwise`: 8 lanes of alone, 8 of sellable
  double month;
};

struct DarkKernels {
  // Bit s: some path has chips in state s.
  unsigned (*lot_month)(const DarkLot& lot, const DarkSums& into, int count);
  void (*credit)(const Credit& credit, int width, int count);
  // Paths on which any market has unmet demand.
  double (*short_paths)(const double* unmet, const double* demand, int markets, int width,
                        int count);
  // sums[k] += the eight lanes of row k, which are forgotten
  void (*fold)(double* lanes, int rows, double* sums);
  // row = the largest of it and another
  void (*raise)(const double* other, double* row, int width);
};

[[nodiscard]] const DarkKernels& dark_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
