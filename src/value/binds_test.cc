#include "value/binds.h"

#include <gtest/gtest.h>

#include "value/random_money.h"

namespace warmshell::value {
namespace {

using namespace model::testing;
using testing::CertainRun;

model::Portfolio one_hall(double it_mw, Date warm, double facility_mw, Date energised,
                          double demand) {
  model::Portfolio p = empty(month(2026, 1), 24);
  model::Site& site = add_site(p, "quincy");
  add_hall(site, "hall-1", it_mw, on(warm));
  add_source(site, "grid-1", facility_mw, on(energised), 50);
  add_lot(p, "chips", "h100_sxm", 1000, "quincy", on(month(2026, 1)), 1).price = given(Money(40e3));
  add_market(p, "cloud", model::Terms::take_or_pay, demand, 2.5);
  return p;
}

TEST(Binds, power_alone_is_the_gate_that_binds) {
  CertainRun run(one_hall(1, month(2025, 1), 1, month(2027, 1), -1));
  run.run();
  const Binds binds = what_binds(run.plan, run.totals);
  EXPECT_EQ(binds.kind, BindsCase::gate);
  EXPECT_EQ(binds.state, 2);
  EXPECT_NEAR(binds.mw, 1, 1e-9);
  EXPECT_EQ(cures(run.plan, run.totals)[0].gate, "sites.quincy.power.grid-1.energised");
}
TEST(Binds, a_tranche_with_its_own_date_is_a_cure_of_its_own) {
  model::Portfolio p = one_hall(1, month(2025, 1), 1, month(2025, 1), -1);
  model::PowerSource& source = p.sites.at("quincy").power.at("grid-1");
  model::Tranche first, second;
  first.power = second.power = given(FacilityMw(0.5));
  second.energised = on(month(2027, 6));
  source.tranches.in_order = {{"a", first}, {"b", second}};
  CertainRun run(p);
  run.run();
  EXPECT_EQ(cures(run.plan, run.totals)[0].gate, "sites.quincy.power.grid-1.tranches.b.energised");
}

TEST(Binds, two_gates_are_both_named) {
  CertainRun run(one_hall(1, month(2026, 11), 1, month(2027, 1), -1));
  run.run();
  const Binds binds = what_binds(run.plan, run.totals);
  // from November to January power alone; before, both: alone wins as soon as it is there
  EXPECT_EQ(binds.kind, BindsCase::gate);
  CertainRun both(one_hall(1, month(2027, 1), 1, month(2027, 1), -1));
  both.run();
  const Binds two = what_binds(both.plan, both.totals);
  EXPECT_EQ(two.kind, BindsCase::two_gates);
  EXPECT_EQ(two.state, 0);  // a tie goes to the hall (R12)
  EXPECT_EQ(two.second_state, 2);
  EXPECT_EQ(two.from, 0);
}
TEST(Binds, demand_binds_when_dark_chips_would_find_no_customer) {
  CertainRun run(one_hall(1, month(2025, 1), 0.5, month(2025, 1), 300));
  run.run();
  EXPECT_EQ(what_binds(run.plan, run.totals).kind, BindsCase::demand);
}
TEST(Binds, orders_and_gates_bind_when_nothing_is_dark_and_demand_is_unmet) {
  model::Portfolio p = one_hall(1, month(2025, 1), 1, month(2025, 1), -1);
  add_source(p.sites.at("quincy"), "grid-2", 7, on(month(2027, 6)), 50);
  CertainRun run(p);
  run.run();
  const Binds binds = what_binds(run.plan, run.totals);
  EXPECT_EQ(binds.kind, BindsCase::orders_and_gates);
  EXPECT_EQ(binds.latest_gate, "sites.quincy.power.grid-2.energised");
  EXPECT_EQ(binds.mw, 7);
}
TEST(Binds, balanced_when_nothing_is_dark_and_nobody_waits) {
  CertainRun run(one_hall(1, month(2025, 1), 1, month(2025, 1), 300));
  run.run();
  EXPECT_EQ(what_binds(run.plan, run.totals).kind, BindsCase::balanced);
}

// ---- several sites: the state first, then its worst site

struct OneSite {
  const char* name;
  double count;
  Date warm, energised;
};
model::Portfolio several(const std::vector<OneSite>& sites) {
  model::Portfolio p = empty(month(2026, 1), 12);
  for (const OneSite& one : sites) {
    model::Site& site = add_site(p, one.name);
    add_hall(site, "hall-1", 4, on(one.warm));
    add_source(site, "grid-1", 4, on(one.energised), 50);
    add_lot(p, std::string("chips-") + one.name, "h100_sxm", one.count, one.name,
            on(month(2026, 1)), 1)
        .price = given(Money(40e3));
  }
  add_market(p, "cloud", model::Terms::take_or_pay, -1, 2.5);
  return p;
}

TEST(Binds, two_cheaper_sites_without_power_outweigh_one_dearer_without_a_shell) {
  const Date now = month(2025, 1), later = month(2028, 1);
  CertainRun run(
      several({{"a", 2900, now, later}, {"b", 3000, now, later}, {"c", 4000, later, now}}));
  run.run();
  const std::vector<DarkCost> costs = dark_costs(run.plan, run.totals);
  const auto alone = [&](int site, int state) {
    return costs[static_cast<std::size_t>(site * fleet::dark_count + state)].lost_margin_alone;
  };
  ASSERT_GT(alone(2, 0), alone(1, 2));  // no pair of site and state costs as much as the shell at c
  const Binds binds = what_binds(run.plan, run.totals);
  EXPECT_EQ(binds.kind, BindsCase::gate);
  EXPECT_EQ(binds.state, 2);
  EXPECT_EQ(binds.site, 1);
  EXPECT_EQ(binds.lost_margin, alone(1, 2));
  EXPECT_EQ(binds.sites_waiting, 2);
  EXPECT_EQ(binds.lost_margin_all_sites, alone(0, 2) + alone(1, 2));
  EXPECT_NEAR(binds.mw, 3, 1e-9);  // of b alone
  EXPECT_EQ(binds_by_month(run.plan, run.totals), std::vector<int>(12, 2));
}
TEST(Binds, two_gates_are_weighed_over_sites_too) {
  const Date first = month(2028, 1), later = month(2028, 6);
  CertainRun run(
      several({{"a", 2900, first, later}, {"b", 3000, first, later}, {"c", 4000, later, first}}));
  run.run();
  const Binds binds = what_binds(run.plan, run.totals);
  EXPECT_EQ(binds.kind, BindsCase::two_gates);
  EXPECT_EQ(binds.site, 1);
  EXPECT_EQ(binds.state, 2);
  EXPECT_EQ(binds.second_state, 0);
  EXPECT_EQ(binds.sites_waiting, 2);
}

}  // namespace
}  // namespace warmshell::value
