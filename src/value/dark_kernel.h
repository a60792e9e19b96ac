#pragma once
// The inner loops of cost_of_dark.cc, over rows of paths in groups of 8, of which the first `count`
// paths are counted. Built for several vector levels (dark_kernel.cc) with the same bits. Where a
// lot has dark chips on some path it is done for all of them: most often most have some, and loops
// of the same length every time are foretold.

#include <cstdint>

#include "value/marks.h"

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

inline constexpr int dark_states = 4;     // fleet::dark_count
inline constexpr int kernel_sums = 13;    // dark_sum_count
inline constexpr int dark_cost_rows = 8;  // rows of costs that a lot needs while it is done
inline constexpr int dark_wait_rows = 4;  // rows that a wait needs

// The curve of resale between two birthdays: a straight line, from + rise x months of age.
struct CurveYear {
  double from, rise;
};

// The same in every run.
struct DarkUnit {
  double growth_share;  // of what capital has grown to, that of its last month: 1 - (1+w)^(-1/12)
  double economic_life, book_life;
  bool constant_fall;
  double log_keep;
  const CurveYear* curve;  // else
  int years;
  double kept_share;         // 1 - variable cost
  int markets;               // in service order:
  const int* market;         // its number among the columns
  const double* paid_hours;  // a month
};

// What a month brings: columns of fleet and world.
struct DarkMonth {
  // [lot][path]; `alone` and `sellable_alone` of the last state are its `dark` and `sellable`
  const double *dark[dark_states], *alone[dark_states];
  const double *sellable[dark_states], *sellable_alone[dark_states];
  const double* age;
  const double* handed;                  // [market][lot][path] sellable to it
  const double* rent;                    // [market][class][path] money per hour
  const double *resale_before, *resale;  // [class][path] last month's and this
  Marks lot_moved;                       // [lot][group] of all that is read of the dark
  double discount, grown;                // grown = (1+w)^((month + 1) / 12)
  int month, count;
  std::int64_t width;                      // of a row
  std::int64_t market_lots, market_rents;  // from a market's rows to the next one's
};

// A cure among those of a wait.
struct DarkCure {
  const double* dates;  // rows, one after the other
  int openings;         // how many rows
  double* margin_row;
  double* lanes;  // 8 of alone, 8 of sellable
};
// What some lots of a site wait for in a state. Their alone chips go to the cure that opens next
// after the month's first day, on its path, the first of several; to the last in the list where
// none does. It is credited with all that waited for it when its turn is over.
struct DarkWait {
  const DarkCure* cures;  // `otherwise` the last
  int count;              // with it
  double* until;          // [group] the turns found last until; endless beyond the last group
  double* rows;           // [group][row of a wait] 8 lanes
};

struct DarkLot {
  int lot;
  std::int64_t at, marks_at, class_at;       // its row, marks and class among the columns
  double price, life_a_month, book_a_month;  // price / life
  const double* delivery;                    // row: month, infinite where it never is
  double first_delivery, last_delivery;      // on any path
  const double* growth_to;                   // row: (1+w)^(-delivery / 12)
  double* worth;                             // row: of its price, when a month begins:
  int worth_month;                           // which
  double mw_each;
  const double* energy_mwh;  // [market in service order] a chip
  DarkWait* waits[dark_states];
  // Whether it has chips on some path, and sellable ones:
  bool dark[dark_states], sells[dark_states];
};

struct DarkSite {
  DarkLot* lots;
  int count;
  const double* energy_price;        // row, money per MWh
  double* margin_rows[dark_states];  // discounted lost margin
  double* sums;                      // [state][DarkSum]
};

struct DarkKernels {
  // dark_row: accelerators. costs: room for dark_cost_rows rows.
  void (*site_month)(const DarkUnit& unit, const DarkMonth& month, const DarkSite& site,
                     double* dark_row, double* costs);
  // The last month is over: to each cure what waited for it.
  void (*end_turns)(const DarkWait& wait, std::int64_t width);
  // row = exp(rate x date), of dates beyond the run that of its end
  void (*powers)(double rate, const double* dates, double end, double* row, int width);
  // Paths on which any market has unmet demand.
  double (*short_paths)(const double* unmet, const double* demand, int markets, int width,
                        int count);
  // row = the largest of it and another
  void (*raise)(const double* other, double* row, int width);
};

[[nodiscard]] const DarkKernels& dark_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
