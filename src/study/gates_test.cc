// When tranches open, by hand: none before the one it follows.

#include "study/gates.h"

#include <gtest/gtest.h>

#include "study/energised.h"

namespace warmshell::study {
namespace {

using model::never_month;

// One source of four tranches: with the source, at a date of its own, two months after that, and at
// a date of its own. Start is 2026-01.
model::Layout one_source() {
  model::Layout layout;
  layout.start = parse_date("2026-01")->months;
  for (const char* id :
       {"grid.energised", "grid.tranches.b.energised", "grid.tranches.d.energised"}) {
    model::Gate gate;
    gate.id = id;
    layout.gates.push_back(gate);
  }
  model::LayoutSource source;
  source.name = "grid";
  source.nameplate_mw = 100;
  source.tranche_mw = {10, 20, 30, 40};
  source.every = 2;
  source.gate = 0;
  source.tranche_gate = {0, 1, -1, 2};
  layout.sources.push_back(source);
  layout.sites.resize(1);
  layout.sites[0].sources = {0};
  return layout;
}

// P50 of each tranche where the three gates open in these months.
std::vector<std::string> opened(double a, double b, double d) {
  const model::Layout layout = one_source();
  Openings openings(layout);
  openings.add({&a, &b, &d}, 1);
  std::vector<std::string> dates;
  for (const GateRow& row : openings.rows())
    dates.push_back(row.unconditional.p50.value_or("never"));
  return dates;
}

TEST(Openings, a_tranche_is_told_when_its_megawatts_come_and_not_before_the_one_it_follows) {
  using Dates = std::vector<std::string>;  // of the first, second, third and fourth
  EXPECT_EQ(opened(3, 5, 9), (Dates{"2026-04", "2026-06", "2026-08", "2026-10"}));
  EXPECT_EQ(opened(10, 5, 9), (Dates{"2026-11", "2026-11", "2027-01", "2027-01"}));
  EXPECT_EQ(opened(3, 5, 6), (Dates{"2026-04", "2026-06", "2026-08", "2026-08"}));
  EXPECT_EQ(opened(3, never_month, 6), (Dates{"2026-04", "never", "never", "never"}));
  EXPECT_EQ(opened(never_month, 1, 2), (Dates{"never", "never", "never", "never"}));
}

TEST(Openings, rows_are_named_by_gate_and_hold_the_megawatts_of_each_tranche) {
  const model::Layout layout = one_source();
  Openings openings(layout), other(layout);
  const double a = 3, b = 5, d = 9;
  other.add({&a, &b, &d}, 1);
  openings.merge(other);
  const std::vector<GateRow> rows = openings.rows();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].id, "grid.energised");
  EXPECT_EQ(rows[1].id, "grid.tranches.b.energised");
  EXPECT_EQ(rows[2].id, "grid.tranches.b.energised (tranche 3)");
  EXPECT_EQ(rows[3].id, "grid.tranches.d.energised");
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(rows[k].megawatts, 10.0 * static_cast<double>(k + 1));
    EXPECT_EQ(rows[k].unit, "MW_facility");
  }
}

// 20 halls' worth of room, so that power alone counts.
TEST(Openings, megawatts_at_a_date_are_those_of_the_rows) {
  model::Layout layout = one_source();
  model::LayoutHall hall;
  hall.it_mw = 1000;
  hall.pue = {{-never_month, 1, 1}};
  hall.warm_gate = 3;
  layout.gates.emplace_back();
  layout.halls.push_back(hall);
  layout.sites[0].halls = {0};
  const double a = 10, b = 5, d = 9, warm = 0;
  EnergisedRows rows;
  const auto at = [&](double month) {
    energised_at(layout, 0, {&a, &b, &d, &warm}, month, 1, rows);
    return rows.facility_mw[0];
  };
  EXPECT_EQ(at(9.5), 0);  // b and d have their dates, and wait for a
  EXPECT_EQ(at(10), 30);  // a and b
  EXPECT_EQ(at(11.9), 30);
  EXPECT_EQ(at(12), 100);  // c two months after b, and with it d
}

}  // namespace
}  // namespace warmshell::study
