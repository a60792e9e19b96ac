// Every worked case and counter-example of the funnel rules (R1 to R24), on the reference twin.
// A chip is 1 kW provisioned and PUE is 1 unless said; expected numbers are those of the rules.

#include <gtest/gtest.h>

#include <limits>

#include "fleet/small_portfolio.h"

namespace warmshell::fleet {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

// R24 *lot alone, two PUEs*, and "Worked": one lot that takes both halls, 10 MW of facility power.
History lot_in_two_halls(double air_mw, double liquid_mw) {
  SmallPortfolio p(3);
  const int site = p.site();
  p.hall(site, air_mw, -1, 1.30, air);
  p.hall(site, liquid_mw, -1, 1.16, liquid);
  p.source(site, 10, -1);
  // Another lot that takes liquid only makes the air hall the one that fewer others fit (R6).
  p.lot(site, 0, 0, 1, liquid);
  p.lot(site, 20000, 0, 1, air | liquid);
  p.finish();
  return run_reference(p);
}

TEST(Worked, air_hall_of_5_mw_filled_first_lights_8017) {
  const History run = lot_in_two_halls(5, 10);
  EXPECT_NEAR(run.lit(1, 1), 5000 + 3500 / 1.16, 1e-6);
  EXPECT_NEAR(run.lit(1, 1), 8017, 0.5);
}

TEST(Worked, air_hall_of_10_mw_lights_7692) {
  const History run = lot_in_two_halls(10, 10);
  EXPECT_NEAR(run.lit(1, 1), 10000 / 1.30, 1e-6);
  EXPECT_NEAR(run.lit(1, 1), 7692, 0.5);
}

TEST(CounterExample, lot_alone_two_pues_a_larger_air_hall_lights_fewer) {
  EXPECT_LT(lot_in_two_halls(10, 10).lit(1, 1), lot_in_two_halls(5, 10).lit(1, 1));
}

// R24 *mixed*: `old` 2 kW a chip, key 1, from the start; `new` 1 kW, key 2, at month 3.
double mixed_earning(double hall_gate, double source_gate, double hall_mw, double firm_before,
                     int month) {
  SmallPortfolio p(24);
  const int site = p.site();
  p.hall(site, 1, hall_gate);
  if (hall_mw > 0) p.hall(site, hall_mw, 0);
  p.source(site, 1, source_gate);
  if (firm_before > 0) p.source(site, firm_before, 0);
  p.lot(site, 500, 0, 1).provisioned_kw = 2;
  p.lot(site, 1000, 3, 2);
  p.finish();
  return run_reference(p).total(State::earning, month);
}

TEST(CounterExample, mixed_a_gate_at_month_3_gives_1000_earning_from_then) {
  EXPECT_NEAR(mixed_earning(0, 3, 0, 0, 3), 1000, 1e-9);
  EXPECT_NEAR(mixed_earning(0, 3, 0, 0, 23), 1000, 1e-9);
}

TEST(CounterExample, mixed_a_gate_at_month_0_gives_500_for_ever) {
  for (int month : {0, 3, 4, 23}) EXPECT_NEAR(mixed_earning(0, 0, 0, 0, month), 500, 1e-9);
}

TEST(CounterExample, mixed_by_more_power) {
  // 1 MW that comes at month 3 lights 1,000; one more MW from the start racks `old` in the hall.
  EXPECT_NEAR(mixed_earning(0, 3, 0, 0, 23), 1000, 1e-9);
  EXPECT_NEAR(mixed_earning(0, 3, 0, 1, 23), 500, 1e-9);
}

TEST(CounterExample, mixed_by_a_larger_hall) {
  // The hall opens at month 3: 1,000. A hall of 1 MW more from the start racks `old` on the power.
  EXPECT_NEAR(mixed_earning(3, 0, 0, 0, 23), 1000, 1e-9);
  EXPECT_NEAR(mixed_earning(3, 0, 1, 0, 23), 500, 1e-9);
}

// R24 *power lost while installing* (R7): 400 chips of low key are installed, 600 of high key are
// racked and wait for crews; power falls to 0.5 MW. The installed stay lit, 100 of the others too.
TEST(CounterExample, power_lost_while_installing_keeps_the_installed_lit) {
  SmallPortfolio p(6);
  const int site = p.site(100);
  p.hall(site, 1, 0);
  p.source(site, 0.5, 0);
  p.source(site, 0.5, 0).ends_month = 5;
  p.lot(site, 400, 0, 1);
  p.lot(site, 600, 4, 2);
  p.finish();
  const History run = run_reference(p);
  // 4 months of 100 racks install the first lot; in month 4 the crews turn to the higher key.
  EXPECT_NEAR(run.state(State::earning, 3, 0), 400, 1e-9);
  EXPECT_NEAR(run.state(State::earning, 4, 0), 400, 1e-9);
  EXPECT_NEAR(run.state(State::earning, 4, 1), 100, 1e-9);
  EXPECT_NEAR(run.state(State::installing, 4, 1), 500, 1e-9);
  EXPECT_NEAR(run.lit(5, 0), 400, 1e-9);
  EXPECT_NEAR(run.lit(5, 1), 100, 1e-9);
  EXPECT_NEAR(run.state(State::no_power, 5, 1), 500, 1e-9);
}

// The same with power back: racked chips are not installed a second time.
TEST(Placement, chips_that_lost_power_need_no_second_installation) {
  SmallPortfolio p(8);
  const int site = p.site(100);
  p.hall(site, 1, -20);
  p.source(site, 0.5, -20);
  p.source(site, 0.5, -20).outages = {{4, 5}};
  p.lot(site, 1000, -20);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::earning, 3, 0), 1000, 1e-9);
  EXPECT_NEAR(run.state(State::earning, 4, 0), 500, 1e-9);
  EXPECT_NEAR(run.state(State::no_power, 4, 0), 500, 1e-9);
  EXPECT_NEAR(run.state(State::earning, 5, 0), 1000, 1e-9);
}

// R4 and R24 *two bridges*: two of 20 and X opening 10: supply stays 40.
TEST(CounterExample, two_bridges_of_20_yield_together) {
  SmallPortfolio p(6);
  const int site = p.site();
  p.source(site, 20, 0);
  p.source(site, 20, 0);
  p.source(site, 10, 2);
  p.layout.sources[0].bridge_until = p.layout.sources[1].bridge_until = 2;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 1, site), 40, 1e-9);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 2, site), 40, 1e-9);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 5, site), 40, 1e-9);
  EXPECT_NEAR(run.megawatt(Megawatt::contracted, 1, site), 50, 1e-9);
  EXPECT_NEAR(run.megawatt(Megawatt::contracted, 5, site), 40, 1e-9);
}

TEST(Supply, a_bridge_of_what_never_comes_stays) {
  SmallPortfolio p(6);
  const int site = p.site();
  p.source(site, 20, 0);
  p.source(site, 30, never);
  p.layout.sources[0].bridge_until = 1;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 5, site), 20, 1e-9);
  EXPECT_NEAR(run.megawatt(Megawatt::contracted, 5, site), 20, 1e-9);
}

TEST(Supply, what_tranches_never_bring_stays_bridged) {
  SmallPortfolio p(12);
  const int site = p.site();
  p.source(site, 25, 0);
  p.source(site, 20, 2, 2, 4);  // 10 at month 2, 10 at month 6
  p.layout.sources[0].bridge_until = 1;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 3, site), 25, 1e-9);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 11, site), 25, 1e-9);
}

// R3: 24 x 2.5 MW, 2 spare, outage 8 %: min(22, 24 x 0.92) x 2.5 = 55.0.
TEST(Supply, firm_is_55_of_24_units_with_2_spare_and_8_percent_outage) {
  SmallPortfolio p(2);
  const int site = p.site();
  model::LayoutSource& gas = p.source(site, 60, 0);
  gas.firm_share = std::min(24.0 - 2.0, 24.0 * (1 - 0.08)) / 24.0;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 0, site), 55.0, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::reserve, 0, site), 5.0, 1e-12);
}

TEST(Supply, curtailment_lowers_firm_power_and_is_reserve) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.source(site, 100, 0).firm_share = 0.9;
  p.source_curtailed[0] = 0.2;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.megawatt(Megawatt::firm, 0, site), 72, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::reserve, 0, site), 28, 1e-12);
}

// R1: a gate counts for the part of the month in which it is open.
TEST(Time, deliveries_room_and_power_enter_at_their_average) {
  SmallPortfolio p(4);
  const int site = p.site();
  p.hall(site, 1, 0.5);
  p.source(site, 1, 1.25);
  p.lot(site, 1000, 0.75);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::in_transit, 0, 0), 750, 1e-9);
  EXPECT_NEAR(run.state(State::no_power, 0, 0), 250, 1e-9);
  EXPECT_NEAR(run.lit(1, 0), 750, 1e-9);
  EXPECT_NEAR(run.lit(2, 0), 1000, 1e-9);
}

// R2: `gone` frees room and power in its month.
TEST(Placement, what_is_gone_frees_room_and_power_in_its_month) {
  SmallPortfolio p(6);
  const int site = p.site();
  p.hall(site, 1, 0);
  p.source(site, 1, 0);
  p.lot(site, 1000, 0, 1).life_months = 3;
  p.lot(site, 1000, 1, 1);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.lit(2, 0), 1000, 1e-9);
  EXPECT_NEAR(run.lit(2, 1), 0, 1e-9);
  EXPECT_NEAR(run.lit(3, 0), 0, 1e-9);
  EXPECT_NEAR(run.lit(3, 1), 1000, 1e-9);
  EXPECT_NEAR(run.value(2, 3, 0), 1000, 1e-9);  // gone
}

TEST(Delivery, a_cancelled_order_is_gone_on_its_date) {
  SmallPortfolio p(6);
  const int site = p.site();
  model::LayoutLot& lot = p.lot(site, 100, never);
  lot.ordered_month = 0.5;
  lot.cancelled_gate = p.gate(3.25);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.value(0, 0, 0), 50, 1e-12);  // ordered
  EXPECT_NEAR(run.state(State::in_transit, 2, 0), 100, 1e-12);
  EXPECT_NEAR(run.state(State::in_transit, 3, 0), 25, 1e-12);
  EXPECT_NEAR(run.value(2, 3, 0), 75, 1e-12);
  EXPECT_NEAR(run.value(2, 5, 0), 100, 1e-12);
}

// R7: waiting chips never displace racked ones.
TEST(Placement, waiting_chips_never_displace_racked_ones) {
  SmallPortfolio p(4);
  const int site = p.site();
  p.hall(site, 1, 0);
  p.source(site, 1, 0);
  p.lot(site, 1000, 0, 1);
  p.lot(site, 1000, 1, 100);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.lit(3, 0), 1000, 1e-9);
  EXPECT_NEAR(run.state(State::no_shell, 3, 1) + run.state(State::no_power, 3, 1), 1000, 1e-9);
}

// R8: crews count from the month's first day, in placement order, without carry-over.
TEST(Installation, crews_work_in_placement_order_without_carry_over) {
  SmallPortfolio p(5);
  const int site = p.site(10);
  p.hall(site, 10, 0);
  p.source(site, 10, 0);
  p.lot(site, 60, 2, 1).accelerators_per_rack = 4;
  p.lot(site, 20, 2, 2).accelerators_per_rack = 4;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::earning, 2, 1), 20, 1e-9);  // 5 racks of the higher key
  EXPECT_NEAR(run.state(State::earning, 2, 0), 20, 1e-9);  // and 5 of the other
  EXPECT_NEAR(run.state(State::installing, 2, 0), 40, 1e-9);
  EXPECT_NEAR(run.state(State::earning, 3, 0), 60, 1e-9);
}

// R9: a rate of 9 % a year and 5 days of repair.
TEST(Failures, failed_is_the_expected_share_plus_spares) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 10, -1);
  p.source(site, 10, -1);
  model::LayoutLot& lot = p.lot(site, 1000, -1);
  lot.failed_share = 0.09 * 5 / 365;
  lot.spares_share = 0.02;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::failed, 0, 0), 1000 * (0.09 * 5 / 365 + 0.02), 1e-9);
  EXPECT_NEAR(run.state(State::earning, 0, 0), 1000 * (1 - 0.09 * 5 / 365 - 0.02), 1e-9);
}

// R10, R11: what one lifting lights is that gate's alone.
TEST(Blame, more_power_alone_would_light_it) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 1, -1);
  p.source(site, 0.4, -1);
  p.lot(site, 1000, -1);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.alone(State::no_power, 0, 0), 600, 1e-9);
  EXPECT_NEAR(run.state(State::no_power, 0, 0), 600, 1e-9);
}

TEST(Blame, another_hall_would_take_it_without_cooling_limits) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 0.3, -1, 1, liquid);
  p.hall(site, 0.5, -1, 1, air);
  p.source(site, 1, -1);
  p.lot(site, 1000, -1, 1, liquid);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.lit(0, 0), 300, 1e-9);
  EXPECT_NEAR(run.alone(State::no_cooling, 0, 0), 500, 1e-9);
  EXPECT_NEAR(run.alone(State::no_shell, 0, 0), 200, 1e-9);
}

TEST(Blame, a_rack_that_is_too_dense_is_no_cooling) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 1, -1, 1, air, 40);
  p.source(site, 1, -1);
  p.lot(site, 1000, -1).rack_kw = 41;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::no_cooling, 0, 0), 1000, 1e-9);
}

// R12: two cures are charged to the gate that opens later.
struct TwoCures {
  double no_shell, no_cooling, no_power;
};
TwoCures two_cures(double hall_opens, double power_opens, bool air_hall_stands) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 1, hall_opens, 1, liquid);
  if (air_hall_stands) p.hall(site, 1, -1, 1, air);
  p.source(site, 1, power_opens);
  p.lot(site, 1000, -1, 1, liquid);
  p.finish();
  const History run = run_reference(p);
  EXPECT_EQ(run.alone(State::no_power, 0, 0), 0);
  return {run.state(State::no_shell, 0, 0), run.state(State::no_cooling, 0, 0),
          run.state(State::no_power, 0, 0)};
}

TEST(Blame, the_later_gate_takes_the_blame) {
  EXPECT_NEAR(two_cures(5, 9, false).no_power, 1000, 1e-9);
  EXPECT_NEAR(two_cures(9, 5, false).no_shell, 1000, 1e-9);
  EXPECT_NEAR(two_cures(900, 901, false).no_power, 1000, 1e-9);  // dates beyond the horizon count
}

TEST(Blame, never_is_later_than_any_date) {
  EXPECT_NEAR(two_cures(5, never, false).no_power, 1000, 1e-9);
  EXPECT_NEAR(two_cures(never, 5, false).no_shell, 1000, 1e-9);
}

TEST(Blame, on_a_tie_and_never_against_never_the_hall) {
  EXPECT_NEAR(two_cures(5, 5, false).no_shell, 1000, 1e-9);
  EXPECT_NEAR(two_cures(never, never, false).no_shell, 1000, 1e-9);
}

TEST(Blame, the_cooling_part_of_two_cures_goes_to_no_cooling) {
  EXPECT_NEAR(two_cures(9, 5, true).no_cooling, 1000, 1e-9);
  EXPECT_NEAR(two_cures(5, 9, true).no_power, 1000, 1e-9);
}

// R14 to R18.
TEST(Markets, take_or_pay_earns_every_paid_hour_and_on_demand_its_busy_share) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 1, -1);
  p.source(site, 1, -1);
  p.lot(site, 1000, -1);
  p.market(400).utilisation = 0.5;
  p.market(500, model::Terms::on_demand).utilisation = 0.8;
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::earning, 0, 0), 400 + 0.8 * 500, 1e-9);
  EXPECT_NEAR(run.state(State::underused, 0, 0), 0.2 * 500, 1e-9);
  EXPECT_NEAR(run.state(State::no_demand, 0, 0), 100, 1e-9);
}

TEST(Markets, a_ramp_offers_the_average_of_the_last_months) {
  SmallPortfolio p(6);
  const int site = p.site();
  p.hall(site, 1, 0);
  p.source(site, 1, 0);
  p.lot(site, 900, 2);
  p.market().ramp_months = 3;
  p.finish();
  const History run = run_reference(p);
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(run.state(State::earning, 2 + k, 0), 300.0 * (k + 1), 1e-9);
    EXPECT_NEAR(run.state(State::no_demand, 2 + k, 0), 900 - 300.0 * (k + 1), 1e-9);
  }
}

TEST(Markets, refused_by_unmet_demand_is_outclassed_once) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 10, -1);
  p.source(site, 10, -1);
  p.lot(site, 300, -1, 2);
  p.lot(site, 300, -1, 1);
  p.market(400).accepts_class = {false, false};
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.state(State::outclassed, 0, 0), 300, 1e-9);
  EXPECT_NEAR(run.state(State::outclassed, 0, 1), 100, 1e-9);
  EXPECT_NEAR(run.state(State::no_demand, 0, 1), 200, 1e-9);
}

// R19.
TEST(Sellable, unmet_demand_goes_to_dark_chips_by_key_and_first_to_those_one_gate_cures) {
  SmallPortfolio p(2);
  const int site = p.site();
  p.hall(site, 0.8, -1);
  p.source(site, 0.5, -1);
  p.lot(site, 1000, -1);
  p.market(900);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.lit(0, 0), 500, 1e-9);
  EXPECT_NEAR(run.alone(State::no_power, 0, 0), 300, 1e-9);
  EXPECT_NEAR(run.state(State::no_shell, 0, 0), 200, 1e-9);  // never against never: the hall
  EXPECT_NEAR(run.sellable(State::no_power, 0, 0), 300, 1e-9);
  EXPECT_NEAR(run.sellable(State::no_shell, 0, 0), 100, 1e-9);
}

// R22.
TEST(Megawatts, every_contracted_megawatt_has_one_use) {
  SmallPortfolio p(2);
  const int site = p.site(200);
  p.hall(site, 1, -1);
  p.source(site, 2, -1).firm_share = 0.9;
  p.source(site, 3, 7);
  p.lot(site, 400, 0);
  p.lot(site, 900, 0, 2).failed_share = 0.1;
  p.market(150);
  p.finish();
  const History run = run_reference(p);
  EXPECT_NEAR(run.megawatt(Megawatt::contracted, 0, 0), 5, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::not_energised, 0, 0), 3, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::reserve, 0, 0), 0.2, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::used, 0, 0), 0.170, 1e-12);  // 150 sold, 20 failed
  EXPECT_NEAR(run.megawatt(Megawatt::waiting_customers, 0, 0), 0.030, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::installing, 0, 0), 0.800, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::waiting_shell, 0, 0), 0.300, 1e-12);
  EXPECT_NEAR(run.megawatt(Megawatt::waiting_chips, 0, 0), 0.500, 1e-12);
}

// By chip count: shell, cooling, power and installation lifted from delivery.
TEST(ByChipCount, every_delivered_chip_works) {
  SmallPortfolio p(4);
  const int site = p.site(1);
  p.hall(site, 0.1, 2, 1, air);
  p.source(site, 0.1, 3);
  p.lot(site, 1000, 0.5, 1, liquid);
  p.finish();
  const History run = run_reference(p, by_chip_count);
  EXPECT_NEAR(run.total(State::earning, 0), 500, 1e-9);
  EXPECT_NEAR(run.total(State::earning, 1), 1000, 1e-9);
}

}  // namespace
}  // namespace warmshell::fleet
