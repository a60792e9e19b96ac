#pragma once
// The cost of the dark on one path, one chip lot and month at a time, written to be read: the twin
// that DarkBlock is held against. Shares with it the model, the draws and the columns.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fleet/columns.h"
#include "model/layout.h"
#include "model/portfolio.h"
#include "value/cost_of_dark.h"
#include "world/block.h"

namespace warmshell::value {

struct PlainDark {
  std::vector<double> sums;         // as DarkTotals::sums
  std::vector<double> lost_margin;  // [site][state], discounted
  double dark_accelerator_months = 0;
  struct Cured {
    double alone = 0, sellable = 0, lost_margin = 0;
  };
  std::map<std::string, Cured> cures;  // by gate
};

class PlainDarkPath {
 public:
  PlainDarkPath(const model::Layout& layout, const model::Portfolio& portfolio,
                const model::Decisions& decisions, std::function<double(int)> gate_month);
  // `path` of rows that are `width` wide; months 0, 1, ... in order.
  void month(const world::MonthColumns& draws, const fleet::Columns& columns, int width, int path);
  [[nodiscard]] const PlainDark& result() const { return result_; }

 private:
  struct Chip {  // what one chip of a lot costs and could earn this month
    double market_value, life, book, capital;
  };
  Chip cost_of_chip(int lot, double age, double resale_now) const;
  std::string gate_that_cures(int lot, int state) const;
  double source_opening(int source, int tranche) const;

  const model::Layout& layout_;
  const model::Portfolio& portfolio_;
  const model::Decisions& decisions_;
  std::function<double(int)> gate_month_;
  ResaleCurve resale_;
  int month_ = 0;
  std::vector<double> resale_before_;
  PlainDark result_;
};

}  // namespace warmshell::value
