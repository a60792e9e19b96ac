// The table of lines in README.md is what the graph says of itself.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "model/compile.h"
#include "model/testing.h"
#include "value/lines.h"

namespace warmshell::value {
namespace {

using namespace model::testing;

model::Portfolio one_of_everything(bool from_delivery) {
  model::Portfolio p = empty(month(2026, 1), 24);
  if (from_delivery) p.finance.depreciation_from = model::DepreciationFrom::delivery;
  p.finance.fixed_cost = given(Money(1));
  model::Site& site = add_site(p, "SITE");
  model::Hall& hall = add_hall(site, "HALL", 1, on(month(2026, 1)));
  hall.shell->capex = given(MoneyPerItMw(1));
  model::Leased lease;
  lease.rent = given(MoneyPerItMwMonth(1));
  lease.commencement = given(month(2026, 1));
  hall.tenure = lease;
  model::Let let;
  let.rent = given(MoneyPerItMwMonth(1));
  let.commencement = given(month(2026, 1));
  let.late.damages = given(MoneyPerItMwMonth(1));
  hall.let = let;
  model::PowerSource& source = add_source(site, "SOURCE", 1, on(month(2026, 1)), 1);
  source.minimum_bill = given(Fraction(0.5));
  add_lot(p, "LOT", "h100_sxm", 1, "SITE", on(month(2026, 1)));
  model::Market& market = add_market(p, "MARKET", model::Terms::contract, 1, 1);
  model::Contract contract;
  contract.ready_by = given(month(2026, 1));
  contract.damages = given(Money(1));
  market.contract = contract;
  return p;
}

const char* kind_name(LineKind kind) {
  switch (kind) {
    case LineKind::cash:
      return "cash";
    case LineKind::terminal:
      return "terminal";
    case LineKind::book:
      return "shown";
    case LineKind::balance:
      return "balance";
  }
  return "";
}

std::string table() {
  std::vector<std::string> rows;
  std::set<std::string> seen;
  for (const bool from_delivery : {false, true})
    for (const Basis basis : {Basis::as_energised, Basis::by_chip_count}) {
      const model::Portfolio p = one_of_everything(from_delivery);
      const model::Layout layout = model::compile(p);
      const Lines energised = build_lines(layout, p);
      const Lines lines =
          basis == Basis::as_energised ? energised : build_chip_count_lines(layout, p, energised);
      for (const Line& line : lines.graph.lines()) {
        const std::string row = "| `" + line.name + "` | " + kind_name(line.kind) + " | " +
                                line.formula + " | " + line.doc + " |\n";
        if (seen.insert(row).second) rows.push_back(row);
      }
    }
  std::string text = "| line | kind | formula | what it is |\n|---|---|---|---|\n";
  for (const std::string& row : rows) text += row;
  return text;
}

TEST(ValueReadme, lists_every_line_with_its_formula) {
  std::ifstream file(WARMSHELL_ROOT "/src/value/README.md");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(table()), std::string::npos) << "the table should be\n" << table();
}

}  // namespace
}  // namespace warmshell::value
