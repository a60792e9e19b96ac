#pragma once
// The inner loops of cost_of_dark.cc, over rows of paths in registers of 8, of which the first
// `count` paths are counted. Built for several vector levels (dark_kernel.cc) with the same bits.
// A set of registers is a bit each, so a row has at most 64 of them.

#include <cstdint>

#include "value/marks.h"

namespace warmshell::fleet {
enum class VectorLevel;
}

namespace warmshell::value {

inline constexpr int dark_states = 4;     // fleet::dark_count
inline constexpr int kernel_sums = 13;    // dark_sum_count
inline constexpr int dark_cost_rows = 8;  // rows of costs that a lot needs while its site is done
inline constexpr int dark_waiting_rows = 3;  // rows that a wait needs

using Registers = std::uint64_t;
inline constexpr int most_registers = 64;

// The curve of resale between two birthdays, a straight line from the first.
struct CurveYear {
  double begin;       // years
  double from, rise;  // a year; below 0 where it falls
};

// The same in every run.
struct DarkUnit {
  double log_growth, growth_back;  // growth_back = (1+w)^(-1/12)
  double economic_life, book_life;
  bool constant_fall;
  double log_keep, keep_back;  // keep_back = 1 / (1 - fall)
  const CurveYear* curve;      // else
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
  const double* handed;                      // [market][lot][path] sellable to it
  const double* rent;                        // [market][class][path] money per hour
  const double *resale_before, *resale_now;  // [class][path] last month's and this
  Marks lot_moved;                           // [lot][register] of all that is read of the dark
  double discount;
  int month, count;
  std::int64_t width, registers;           // of a row
  std::int64_t market_lots, market_rents;  // from a market's rows to the next one's
};

// A cure among those of a wait.
struct DarkCure {
  const double* dates;  // rows, one after the other
  int openings;         // how many rows
  double* margin_row;
  double* lanes;  // 8 of alone, 8 of sellable
};
// What some lots of a site wait for in a state, and who waits this month. Their alone chips go to
// the cure that opens next after the month's first day, on its path, the first of several; to the
// last in the list where none does.
struct DarkWait {
  const DarkCure* cures;  // `otherwise` the last
  int count;              // with it
  double* alone;          // rows, 0 between months: chips that one gate cures,
  double* sellable;       // sellable ones,
  double* margin;         // their discounted lost margin
  Registers waiting, selling;
  // Whose turn it is, known until a month by register:
  double* until;
  unsigned char* takes;  // [cure][register] lanes of which it is the next, a bit each
  Registers* taking;     // [cure] registers of which it has some lane
};

struct DarkLot {
  int lot;
  std::int64_t at, marks_at, class_at;       // its row, marks and class among the columns
  double price, life_a_month, book_a_month;  // price / life
  double first_delivery, last_delivery;      // on any path
  double mw_each;
  const double* energy_mwh;  // [market in service order] a chip
  DarkWait* waits[dark_states];
  // Registers with chips, and with sellable ones:
  Registers dark[dark_states], sells[dark_states];
};

struct DarkSite {
  DarkLot* lots;
  int count;
  const double* energy_price;        // row, money per MWh
  double* margin_rows[dark_states];  // discounted lost margin
  double* sums;                      // [state][DarkSum]
};

struct DarkKernels {
  // dark_row: accelerators. costs: room for dark_cost_rows rows of each lot of the site.
  void (*site_month)(const DarkUnit& unit, const DarkMonth& month, const DarkSite& site,
                     double* dark_row, double* costs);
  // Paths on which any market has unmet demand.
  double (*short_paths)(const double* unmet, const double* demand, int markets, int width,
                        int count);
  // row = the largest of it and another
  void (*raise)(const double* other, double* row, int width);
};

[[nodiscard]] const DarkKernels& dark_kernels(fleet::VectorLevel level);

}  // namespace warmshell::value
