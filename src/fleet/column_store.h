#pragma once
// Owns the columns of one month: one aligned allocation, made once, rewritten every month.
// Thread rule: one store per thread.

#include <cstddef>
#include <memory>
#include <vector>

#include "fleet/columns.h"
#include "model/layout.h"

namespace warmshell::fleet {

class ColumnStore {
 public:
  ColumnStore(const model::Layout& layout, int width);
  [[nodiscard]] Columns& columns() { return columns_; }
  [[nodiscard]] const Columns& columns() const { return columns_; }
  [[nodiscard]] std::size_t bytes() const { return doubles_ * sizeof(double); }

 private:
  struct Free {
    void operator()(double* memory) const;
  };
  Columns columns_;
  std::size_t doubles_ = 0;
  std::unique_ptr<double[], Free> memory_;
  std::vector<unsigned char> marks_;
};

// Every column once, in the order of struct Columns: visit(name, pointer, rows).
template <class C, class Visit>
void for_each_column(C& columns, Visit visit) {
  const int lots = columns.lots, sites = columns.sites, markets = columns.markets;
  visit("ordered", columns.ordered, lots);
  visit("delivered", columns.delivered, lots);
  visit("gone", columns.gone, lots);
  for (int s = 0; s < state_count; ++s) visit(state_names[s], columns.state[s], lots);
  for (auto& column : columns.alone) visit("alone", column, lots);
  for (auto& column : columns.sellable) visit("sellable", column, lots);
  for (auto& column : columns.sellable_alone) visit("sellable_alone", column, lots);
  visit("housed", columns.housed, lots);
  visit("installed", columns.installed, lots);
  visit("delivered_age", columns.delivered_age, lots);
  visit("sold", columns.sold, markets * lots);
  visit("busy", columns.busy, markets * lots);
  visit("sellable_to", columns.sellable_to, markets * lots);
  visit("unmet_h100e", columns.unmet_h100e, markets);
  for (int m = 0; m < megawatt_count; ++m) visit(megawatt_names[m], columns.megawatt[m], sites);
  visit("energy_mwh", columns.energy_mwh, sites);
  visit("let_live_mw", columns.let_live_mw, columns.halls);
  visit("source_energised_mw", columns.source_energised_mw, columns.sources);
  visit("source_energy_mwh", columns.source_energy_mwh, columns.sources);
}

}  // namespace warmshell::fleet
