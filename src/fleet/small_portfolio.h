#pragma once
// A portfolio put together by hand, for tests: arrays of model/layout.h without a file, one path of
// dates and constant draws. Names sort in the order in which things are added.

#include <string>
#include <vector>

#include "fleet/columns.h"
#include "fleet/mode.h"
#include "model/layout.h"
#include "world/block.h"

namespace warmshell::fleet {

inline constexpr unsigned air = 1, liquid = 2;

struct SmallPortfolio {
  explicit SmallPortfolio(int months = 24) { layout.months = months; }

  model::Layout layout;
  model::Decisions decisions;
  std::vector<double> gates;    // one path
  std::vector<double> lot_key;  // placement key of each lot, the same in every month
  std::vector<double> source_price, source_curtailed;

  int gate(double month);
  int site(double racks_per_month = model::never_month);
  model::LayoutHall& hall(int site, double it_mw, double warm, double pue = 1, unsigned mask = air,
                          double max_rack_kw = 1000);
  model::LayoutSource& source(int site, double mw, double energised, int tranches = 1,
                              double every = 0);
  // 1 kW and one h100e a chip, one chip to a rack of 1 kW, unless changed afterwards.
  model::LayoutLot& lot(int site, double count, double delivered, double key = 1,
                        unsigned mask = air);
  model::LayoutMarket& market(double demand_h100e = 1e300,
                              model::Terms terms = model::Terms::take_or_pay);

  // Hall lists of the lots (R6), orders, and a default market when there is none.
  void finish();
};

// The months of one path, each a copy of the reference's columns.
struct MonthRow {
  std::vector<std::vector<double>> column;  // in the order of for_each_column
};
struct History {
  int lots = 0, sites = 0, sources = 0, markets = 0, months = 0;
  std::vector<MonthRow> rows;

  [[nodiscard]] double state(State state, int month, int lot) const;
  [[nodiscard]] double total(State state, int month) const;  // over lots
  [[nodiscard]] double alone(State state, int month, int lot) const;
  [[nodiscard]] double sellable(State state, int month, int lot) const;
  [[nodiscard]] double megawatt(Megawatt use, int month, int site) const;
  [[nodiscard]] double lit(int month, int lot) const;  // housed and powered
  [[nodiscard]] double value(int column, int month, int row) const;
};

History run_reference(const SmallPortfolio& portfolio, Mode mode = {});

}  // namespace warmshell::fleet
