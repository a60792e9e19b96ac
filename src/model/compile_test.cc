#include "model/compile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "catalog/catalog.h"
#include "model/testing.h"

namespace warmshell::model {
namespace {

using namespace testing;

const Gate& gate(const Layout& layout, const std::string& id) {
  const int index = find_gate(layout, id);
  EXPECT_GE(index, 0) << id;
  return layout.gates[static_cast<std::size_t>(std::max(index, 0))];
}
const LayoutLot& lot(const Layout& layout, const std::string& name) {
  return layout.lots[static_cast<std::size_t>(find_lot(layout, name))];
}

Portfolio small() {
  Portfolio p = empty(month(2026, 1), 24);
  Site& site = add_site(p, "here");
  add_hall(site, "hall", 10, on(month(2025, 1)));
  add_source(site, "grid", 10, on(month(2026, 7)), 60);
  add_lot(p, "chips", "h100_sxm", 1000, "here", on(month(2025, 6)));
  add_market(p, "cloud", Terms::take_or_pay, -1, 2);
  return p;
}

TEST(CompileTest, dates_are_months_since_start) {
  const Layout layout = compile(small());
  EXPECT_EQ(layout.months, 24);
  EXPECT_EQ(gate(layout, "sites.here.power.grid.energised").month, 6);
  EXPECT_EQ(gate(layout, "sites.here.halls.hall.shell.warm").month, -12);
  EXPECT_EQ(gate(layout, "fleet.chips.delivered").month, -7);
  EXPECT_FALSE(gate(layout, "fleet.chips.delivered").cut_at_known);
  EXPECT_EQ(layout.sources[0].gate, find_gate(layout, "sites.here.power.grid.energised"));
  EXPECT_EQ(layout.halls[0].warm_gate, find_gate(layout, "sites.here.halls.hall.shell.warm"));
}

TEST(CompileTest, a_lot_without_ordered_was_ordered_before_start) {
  Portfolio p = small();
  EXPECT_EQ(lot(compile(p), "chips").ordered_month, -never_month);
  p.fleet["chips"].ordered = given(month(2026, 3));
  EXPECT_EQ(lot(compile(p), "chips").ordered_month, 2);
}

TEST(CompileTest, an_h100_takes_1_4025_kw_and_1_823_at_the_meter) {
  // brief G1, G2: 1.275 kW server x 1.10 network x PUE 1.30; 100k are 182 MW.
  const Layout layout = compile(small());
  EXPECT_NEAR(lot(layout, "chips").provisioned_kw, 1.4025, 1e-12);
  EXPECT_NEAR(lot(layout, "chips").provisioned_kw * 1.30 * 100, 182, 0.5);
  EXPECT_NEAR(lot(layout, "chips").idle_kw, 1.4025 / 4, 1e-12);
  EXPECT_EQ(lot(layout, "chips").h100e, 1);
}

TEST(CompileTest, written_power_of_one_accelerator_holds_overhead_included) {
  Portfolio p = small();
  p.fleet["chips"].it_power_each = given(Kilowatts(2));
  p.fleet["chips"].oversubscription = given(Fraction(0.25));
  const LayoutLot chips = lot(compile(p), "chips");
  EXPECT_EQ(chips.provisioned_kw, 1.5);
  EXPECT_EQ(chips.peak_kw, 2);
  EXPECT_NEAR(chips.idle_kw, 0.5, 1e-12);
}

TEST(CompileTest, firm_power_of_units_with_spare_and_outage) {
  // R3: 24 x 2.5 MW, spare 2, outage 8 %: 55.0 MW.
  Portfolio p = small();
  PowerSource& gas = p.sites["here"].power["grid"];
  gas.power.reset();
  gas.units = given(text::UnitBlock{24, FacilityMw(2.5)});
  gas.spare = given(2.0);
  gas.outage = given(Fraction(0.08));
  Layout layout = compile(p);
  EXPECT_EQ(layout.sources[0].nameplate_mw, 60);
  EXPECT_NEAR(layout.sources[0].nameplate_mw * layout.sources[0].firm_share, 55.0, 1e-12);
  gas.spare = given(1.0);  // now the outage binds: 24 x 0.92 = 22.08 units
  layout = compile(p);
  EXPECT_NEAR(layout.sources[0].nameplate_mw * layout.sources[0].firm_share, 22.08 * 2.5, 1e-12);
}

TEST(CompileTest, tranches_keep_the_order_of_the_file_and_their_own_dates) {
  Portfolio p = small();
  PowerSource& grid = p.sites["here"].power["grid"];
  grid.tranches.in_order = {{"second", {given(FacilityMw(4)), {}}},
                            {"first", {given(FacilityMw(6)), on(month(2027, 1))}}};
  grid.every = given(Months(3));
  const Layout layout = compile(p);
  EXPECT_EQ(layout.sources[0].tranche_mw, (std::vector<double>{4, 6}));
  ASSERT_EQ(layout.sources[0].tranche_gate.size(), 2U);
  EXPECT_EQ(layout.sources[0].tranche_gate[0], layout.sources[0].gate);
  EXPECT_EQ(layout.sources[0].tranche_gate[1],
            find_gate(layout, "sites.here.power.grid.tranches.first.energised"));
  EXPECT_EQ(layout.sources[0].every, 3);
}

TEST(CompileTest, a_bridge_finds_the_source_that_it_yields_to) {
  Portfolio p = small();
  add_source(p.sites["here"], "bridge", 5, on(month(2026, 1))).until = link("grid");
  const Layout layout = compile(p);
  ASSERT_EQ(layout.sources[0].name, "bridge");
  EXPECT_EQ(layout.sources[0].bridge_until, 1);
  EXPECT_EQ(layout.sources[1].bridge_until, -1);
}

TEST(CompileTest, stages_follow_each_other) {
  Portfolio p = small();
  Shell& shell = *p.sites["here"].halls["hall"].shell;
  shell.cold = ShellStage{on(month(2026, 2)), {}};
  shell.fitted_power = ShellStage{after(Fixed{7}), {}};
  shell.warm = ShellStage{after(make_quantiles(2, 3, 6)), {}};
  const Layout layout = compile(p);
  const int cold = find_gate(layout, "sites.here.halls.hall.shell.cold");
  const int fitted = find_gate(layout, "sites.here.halls.hall.shell.fitted_power");
  const Gate& warm = gate(layout, "sites.here.halls.hall.shell.warm");
  EXPECT_EQ(layout.gates[static_cast<std::size_t>(fitted)].follows, cold);
  EXPECT_FALSE(layout.gates[static_cast<std::size_t>(fitted)].cut_at_known);
  EXPECT_EQ(warm.follows, fitted);
  EXPECT_TRUE(warm.cut_at_known);
  EXPECT_GE(warm.draw, 0);
  const std::vector<double> expected = expected_gate_months(layout);
  EXPECT_EQ(expected[static_cast<std::size_t>(fitted)], 8);
}

TEST(CompileTest, every_gate_follows_only_earlier_ones) {
  Portfolio p = small();
  p.fleet["chips"].delivered = with("sites.here.power.grid", -2);
  add_source(p.sites["here"], "a-late", 5, with("fleet.chips", 1));
  const Layout layout = compile(p);
  for (std::size_t g = 0; g < layout.gates.size(); ++g) {
    EXPECT_LT(layout.gates[g].follows, static_cast<int>(g));
    for (int other : layout.gates[g].also_follows) EXPECT_LT(other, static_cast<int>(g));
  }
  const std::vector<double> expected = expected_gate_months(layout);
  EXPECT_EQ(expected[static_cast<std::size_t>(find_gate(layout, "fleet.chips.delivered"))], 4);
  EXPECT_EQ(
      expected[static_cast<std::size_t>(find_gate(layout, "sites.here.power.a-late.energised"))],
      5);
}

TEST(CompileTest, a_date_with_several_others_is_the_latest) {
  Portfolio p = small();
  p.fleet["chips"].delivered = UncertainDate{
      given(DateLaw(
          WithDate{{link("sites.here.halls.hall"), link("sites.here.power.grid")}, Months(0)})),
      {}};
  const Layout layout = compile(p);
  EXPECT_EQ(expected_gate_months(
                layout)[static_cast<std::size_t>(find_gate(layout, "fleet.chips.delivered"))],
            6);
}

TEST(CompileTest, uncertain_dates_are_cut_at_known_at_and_share_their_draw) {
  Portfolio p = small();
  p.factors["west"] = {};
  Named<Given<double>> loads{{"west", given(0.6)}};
  PowerSource& grid = p.sites["here"].power["grid"];
  grid.energised =
      drawn(make_quantiles(month(2026, 3).months, month(2026, 9).months, month(2027, 9).months));
  grid.energised->luck = {loads, given(Name("queue"))};
  PowerSource& second = add_source(p.sites["here"], "second", 5, *grid.energised);
  second.energised->luck.loads.clear();
  const Layout layout = compile(p);
  const Gate& first = gate(layout, "sites.here.power.grid.energised");
  EXPECT_TRUE(first.cut_at_known);
  EXPECT_EQ(p50(first.law), 8);
  EXPECT_EQ(first.draw, gate(layout, "sites.here.power.second.energised").draw);
  const Draw& draw = layout.draws[static_cast<std::size_t>(first.draw)];
  EXPECT_EQ(draw.name, "draws.queue");
  ASSERT_EQ(draw.loads.size(), 1U);
  EXPECT_EQ(draw.loads[0].second, 0.6);
  EXPECT_NEAR(draw.own, 0.8, 1e-15);
  EXPECT_EQ(layout.factors[0].name, "factors.west");
}

TEST(CompileTest, factors_follow_only_earlier_ones) {
  Portfolio p = small();
  p.factors["a-site"].loads["industry"] = given(0.5);
  p.factors["industry"] = {};
  const Layout layout = compile(p);
  ASSERT_EQ(layout.factors.size(), 2U);
  EXPECT_EQ(layout.factors[0].name, "factors.industry");
  EXPECT_EQ(layout.factors[1].loads[0].first, 0);
  EXPECT_NEAR(layout.factors[1].own, std::sqrt(0.75), 1e-15);
}

TEST(CompileTest, a_planned_date_shifts_first_and_then_slips) {
  Portfolio p = small();
  PlannedDate plan;
  plan.planned = month(2027, 1);
  plan.within = Months(6);
  plan.within_draw = "phase";
  plan.remaining = make_quantiles(0.9, 1.4, 2.6);
  plan.not_before = month(2026, 10);
  p.sites["here"].power["grid"].energised = UncertainDate{given(DateLaw(plan)), {}};
  const Layout layout = compile(p);
  const Gate& grid = gate(layout, "sites.here.power.grid.energised");
  EXPECT_EQ(grid.kind, Gate::Kind::planned);
  EXPECT_EQ(grid.month, 12);
  EXPECT_EQ(grid.not_before, 9);
  EXPECT_TRUE(grid.has_law);
  EXPECT_EQ(layout.draws[static_cast<std::size_t>(grid.within_draw)].name, "draws.phase");
  EXPECT_TRUE(grid.cut_at_known);
}

TEST(CompileTest, an_order_that_may_be_cancelled_has_two_gates_with_one_luck) {
  Portfolio p = small();
  Lot& chips = p.fleet["chips"];
  chips.delivered.reset();
  chips.ordered = given(month(2026, 2));
  chips.lead_time = number<Months>(make_quantiles(4, 6, 11));
  chips.completes = given(Fraction(0.9));
  const Layout layout = compile(p);
  const Gate& delivered = gate(layout, "fleet.chips.delivered");
  const Gate& cancelled = gate(layout, "fleet.chips.cancelled");
  EXPECT_EQ(delivered.completes, 0.9);
  EXPECT_EQ(delivered.completes_draw, cancelled.completes_draw);
  EXPECT_EQ(delivered.follows, cancelled.follows);
  EXPECT_TRUE(cancelled.when_not);
  EXPECT_FALSE(delivered.when_not);
  EXPECT_EQ(gate(layout, "fleet.chips.due").kind, Gate::Kind::after);
  EXPECT_EQ(lot(layout, "chips").cancelled_gate, find_gate(layout, "fleet.chips.cancelled"));
}

TEST(CompileTest, halls_are_matched_by_cooling_and_rack) {
  Portfolio p = small();
  Site& site = p.sites["here"];
  add_hall(site, "dense", 10, on(month(2025, 1)), CoolingClass::liquid).max_rack =
      given(Kilowatts(145));
  site.halls["hall"].max_rack = given(Kilowatts(45));
  add_lot(p, "racks", "gb200_nvl72", 720, "here", on(month(2026, 1)));
  const Layout layout = compile(p);  // halls by name: dense 0, hall 1
  EXPECT_EQ(lot(layout, "chips").halls, std::vector<int>{1});
  EXPECT_EQ(lot(layout, "chips").other_halls, std::vector<int>{0});
  EXPECT_EQ(lot(layout, "racks").halls, std::vector<int>{0});
  EXPECT_EQ(lot(layout, "racks").accelerators_per_rack, 72);
}

TEST(CompileTest, the_hall_that_the_fewest_other_lots_fit_comes_first) {
  Portfolio p = small();
  Site& site = p.sites["here"];
  add_hall(site, "both", 10, on(month(2025, 1))).cooling = {CoolingClass::air,
                                                            CoolingClass::liquid};
  add_hall(site, "air-2", 10, on(month(2025, 1))).pue = pue(1.2, 1.1);
  add_lot(p, "racks", "gb200_nvl72", 720, "here", on(month(2026, 1)));
  // `both` is fit by chips and racks, the air halls by chips alone; `hall` has the lower PUE, 1.
  const Layout layout = compile(p);  // air-2 0, both 1, hall 2
  EXPECT_EQ(lot(layout, "chips").halls, (std::vector<int>{2, 0, 1}));
}

TEST(CompileTest, a_lot_may_name_its_halls_and_a_hall_that_is_let_takes_none) {
  Portfolio p = small();
  Site& site = p.sites["here"];
  add_hall(site, "other", 10, on(month(2025, 1)));
  add_hall(site, "tenant", 10, on(month(2025, 1))).let = Let{};
  EXPECT_EQ(lot(compile(p), "chips").halls, (std::vector<int>{0, 1}));
  p.fleet["chips"].halls = {link("other")};
  const Layout layout = compile(p);
  EXPECT_EQ(lot(layout, "chips").halls, std::vector<int>{1});
  EXPECT_TRUE(lot(layout, "chips").other_halls.empty());
  EXPECT_TRUE(layout.halls[2].let);
}

TEST(CompileTest, a_retrofit_closes_the_hall_and_then_changes_what_it_takes) {
  Portfolio p = small();
  Site& site = p.sites["here"];
  site.pue[CoolingClass::liquid] = pue(1.16, 1.12);
  site.pue[CoolingClass::air] = pue(1.3, 1.22);
  Hall& hall = site.halls["hall"];
  Retrofit retrofit;
  retrofit.done = given(month(2027, 3));
  retrofit.outage = given(Months(4));
  retrofit.max_rack = given(Kilowatts(145));
  hall.max_rack = given(Kilowatts(45));
  hall.retrofit = retrofit;
  add_lot(p, "racks", "gb200_nvl72", 720, "here", on(month(2026, 1)));
  const Layout layout = compile(p);
  const LayoutHall& laid = layout.halls[0];
  EXPECT_EQ(laid.retrofit_month, 14);
  ASSERT_EQ(laid.outages.size(), 1U);
  EXPECT_EQ(laid.outages[0].from, 10);
  EXPECT_EQ(laid.outages[0].to, 14);
  ASSERT_EQ(laid.pue.size(), 2U);
  EXPECT_EQ(laid.pue[0].peak, 1.3);
  EXPECT_EQ(laid.pue[1].from_month, 14);
  EXPECT_EQ(laid.pue[1].peak, 1.16);
  EXPECT_EQ(lot(layout, "racks").halls, std::vector<int>{0});  // afterwards
}

TEST(CompileTest, a_hall_is_gone_when_its_lease_is_over) {
  Portfolio p = small();
  Leased lease;
  lease.commencement = given(month(2025, 1));
  p.sites["here"].halls["hall"].tenure = lease;
  EXPECT_TRUE(compile(p).halls[0].outages.empty());
  lease.term = given(Months(30));
  p.sites["here"].halls["hall"].tenure = lease;
  const Layout layout = compile(p);
  ASSERT_EQ(layout.halls[0].outages.size(), 1U);
  EXPECT_EQ(layout.halls[0].outages[0].from, 18);
  EXPECT_EQ(layout.halls[0].outages[0].to, never_month);
  EXPECT_EQ(layout.halls[0].outages[0].share, 1);
}

TEST(CompileTest, pue_of_a_hall_steps_with_its_site_and_takes_the_highest_of_its_classes) {
  Portfolio p = small();
  Site& site = p.sites["here"];
  site.pue[CoolingClass::air] = pue(1.3, 1.22);
  site.pue[CoolingClass::air].steps[month(2026, 7)] = {given(1.1), given(1.05)};
  site.pue[CoolingClass::liquid] = pue(1.16, 1.12);
  site.halls["hall"].cooling = {CoolingClass::air, CoolingClass::liquid};
  const Layout layout = compile(p);
  ASSERT_EQ(layout.halls[0].pue.size(), 2U);
  EXPECT_EQ(layout.halls[0].pue[0].from_month, -never_month);
  EXPECT_EQ(layout.halls[0].pue[0].peak, 1.3);
  EXPECT_EQ(layout.halls[0].pue[1].from_month, 6);
  EXPECT_EQ(layout.halls[0].pue[1].peak, 1.16);
}

TEST(CompileTest, failed_share_is_rate_times_days_of_repair_over_a_year) {
  // R9: 9 % a year and 5 days: 0.09 x 5 / 365.
  const Failures failures{given(PerYear(0.09)), given(Months(5 * 12 / 365.0))};
  EXPECT_NEAR(failed_share(failures), 0.09 * 5 / 365, 1e-16);
  EXPECT_EQ(failed_share({given(PerYear(100)), given(Months(1))}), 1);
}

TEST(CompileTest, order_of_names_does_not_depend_on_the_order_of_writing) {
  Portfolio p = small();
  add_lot(p, "b", "h200_sxm", 8, "here", on(month(2026, 1)));
  add_lot(p, "a", "b200_hgx", 8, "here", on(month(2026, 1)));
  const Layout layout = compile(p);
  EXPECT_EQ(layout.lots[0].name, "a");
  EXPECT_EQ(layout.lots[1].name, "b");
  EXPECT_EQ(layout.lots[2].name, "chips");
}

// ---- decisions --------------------------------------------------------------------------------

TEST(DecideTest, key_is_net_revenue_per_facility_kilowatt) {
  Portfolio p = small();
  p.sites["here"].pue[CoolingClass::air] = pue(1.3, 1.22);
  add_market(p, "spot", Terms::on_demand, -1, 2.5, 0.5);
  const Layout layout = compile(p);
  const Decisions decisions = decide(layout, written_expectations(p, layout));
  // cloud: 2 USD/h paid always, full draw 1.4025 kW x 1.22 x 60 USD/MWh. spot pays less.
  const double net = (2 - 1.4025e-3 * 1.22 * 60) * 730;
  EXPECT_NEAR(decisions.key[0], net / (1.4025 * 1.3), 1e-9);
}

TEST(DecideTest, lots_are_placed_by_key_and_ties_by_name) {
  Portfolio p = small();
  add_lot(p, "twin", "h100_sxm", 10, "here", on(month(2026, 1)));
  add_lot(p, "best", "h100_sxm", 10, "here", on(month(2026, 1)), 1.0);
  const Layout layout = compile(p);  // best, chips, twin
  const Decisions decisions = decide(layout, written_expectations(p, layout));
  ASSERT_EQ(decisions.order.size(), 24U);
  EXPECT_EQ(decisions.order[0], (std::vector<int>{0, 1, 2}));
}

TEST(DecideTest, a_lot_that_no_market_accepts_has_key_0_and_goes_last_but_for_losers) {
  Portfolio p = small();
  p.markets["cloud"].require.feature = Feature::fp8;
  add_lot(p, "a-old", "a100_80", 10, "here", on(month(2026, 1)));
  const Layout layout = compile(p);
  const Decisions decisions = decide(layout, written_expectations(p, layout));
  EXPECT_EQ(decisions.key[0], 0);
  EXPECT_EQ(decisions.order[0], (std::vector<int>{1, 0}));
}

TEST(DecideTest, markets_are_served_by_terms_then_price_then_name) {
  Portfolio p = small();
  add_market(p, "z-deal", Terms::contract, 10, 1);
  add_market(p, "dear", Terms::on_demand, 10, 9);
  add_market(p, "own", Terms::internal, 10, 9);
  add_market(p, "cheap", Terms::on_demand, 10, 1);
  const Layout layout = compile(p);  // cheap, cloud, dear, own, z-deal
  const Decisions decisions = decide(layout, written_expectations(p, layout));
  EXPECT_EQ(decisions.market_order, (std::vector<int>{4, 1, 2, 3, 0}));
}

TEST(DecideTest, a_market_takes_what_the_fewest_others_take_then_the_most_efficient) {
  Portfolio p = small();
  add_market(p, "modern", Terms::on_demand, -1, 2).require.feature = Feature::fp8;
  add_lot(p, "legacy", "a100_80", 10, "here", on(month(2026, 1)));
  add_lot(p, "racks", "gb200_nvl72", 72, "here", on(month(2026, 1)));
  const Layout layout = compile(p);  // chips, legacy, racks; cloud, modern
  const Decisions decisions = decide(layout, written_expectations(p, layout));
  EXPECT_EQ(decisions.take_order[0], (std::vector<int>{1, 2, 0}));
  EXPECT_EQ(decisions.take_order[1], (std::vector<int>{2, 0}));
}

TEST(DecideTest, acceptance_ends_inside_the_month_in_which_a_generation_is_in_volume) {
  Portfolio p = small();
  p.markets["cloud"].require.max_behind = given(1.0);
  // Hopper is 3; Rubin, 5, is two whole generations later: released 2026-10, in volume 6 months on.
  Release& rubin = p.releases["vr200_nvl72"];
  rubin.available = on(Date{month(2026, 10).months + 0.25});
  const Layout layout = compile(p);
  std::vector<double> released;
  const std::vector<double> gates = expected_gate_months(layout);
  for (int g : layout.release_gates) released.push_back(gates[static_cast<std::size_t>(g)]);
  EXPECT_EQ(accepted_share(layout, layout.markets[0], 0, released, 14), 1);
  EXPECT_NEAR(accepted_share(layout, layout.markets[0], 0, released, 15), 0.25, 1e-9);
  EXPECT_EQ(accepted_share(layout, layout.markets[0], 0, released, 16), 0);
}

TEST(DecideTest, expected_energy_price_is_that_of_the_sources_expected_live) {
  Portfolio p = small();  // grid, 10 MW at 60 from month 6
  add_source(p.sites["here"], "gas", 30, on(month(2025, 1)), 100).ends = given(month(2027, 1));
  const Layout layout = compile(p);
  const Expectations e = written_expectations(p, layout);
  EXPECT_EQ(e.price_per_mwh[0], 100);
  EXPECT_NEAR(e.price_per_mwh[6], 90, 1e-12);
  EXPECT_EQ(e.price_per_mwh[12], 60);
}

TEST(DecideTest, a_written_rent_falls_by_the_month) {
  Portfolio p = small();
  p.markets["cloud"].rent.falls = given(PerMonth(0.03));
  const Layout layout = compile(p);
  const Expectations e = written_expectations(p, layout);
  EXPECT_EQ(e.rent_per_hour[0], 2);
  EXPECT_NEAR(e.rent_per_hour[2], 2 * 0.97 * 0.97, 1e-15);
  EXPECT_TRUE(has_written_rent(p, layout, 0, 0));
}

// ---- what replays found -----------------------------------------------------------------------

TEST(ReplayedTest, provisioned_power_falls_and_a_busy_one_draws_no_more) {
  Portfolio p = small();
  const LayoutLot before = compile(p).lots[0];
  p.replayed["h100_sxm"].provisioned = given(Fraction(0.8));
  const LayoutLot after = compile(p).lots[0];
  EXPECT_DOUBLE_EQ(after.provisioned_kw, 0.8 * before.provisioned_kw);
  EXPECT_DOUBLE_EQ(after.peak_kw, std::min(before.peak_kw, after.provisioned_kw));
  EXPECT_EQ(after.rack_kw, before.rack_kw);  // a rack fits where it did
  EXPECT_EQ(after.h100e, before.h100e);      // demand is assigned as before (R15)
}

TEST(ReplayedTest, throughput_is_in_what_is_paid_and_busy_share_in_utilisation) {
  Portfolio p = small();
  add_market(p, "paid-idle", Terms::take_or_pay, 10, 3, 0.8);
  p.markets["cloud"].terms = Terms::on_demand;
  p.markets["cloud"].utilisation = given(Fraction(0.8));
  Replayed& replayed = p.replayed["h100_sxm"];
  replayed.throughput = given(Fraction(0.9));
  replayed.busy = given(Fraction(1.1));
  replayed.markets["paid-idle"].throughput = given(Fraction(0.95));
  const Layout layout = compile(p);  // cloud, paid-idle
  EXPECT_DOUBLE_EQ(layout.markets[0].utilisation, 0.88);
  EXPECT_DOUBLE_EQ(paid_work(layout.markets[0], 0), 0.9);
  EXPECT_DOUBLE_EQ(layout.markets[1].utilisation, 0.8);  // paid busy or not
  EXPECT_DOUBLE_EQ(paid_work(layout.markets[1], 0), 0.95);
  const Expectations e = written_expectations(p, layout);
  EXPECT_DOUBLE_EQ(e.rent_per_hour[0], 0.9 * 2);
  EXPECT_DOUBLE_EQ(e.rent_per_hour[1], 0.95 * 3);
}

TEST(ReplayedTest, nobody_is_busy_more_than_always) {
  Portfolio p = small();
  p.markets["cloud"].terms = Terms::on_demand;
  p.markets["cloud"].utilisation = given(Fraction(0.8));
  p.replayed["h100_sxm"].busy = given(Fraction(2));
  EXPECT_DOUBLE_EQ(compile(p).markets[0].utilisation, 1);
}

TEST(ReplayedTest, where_accelerators_differ_the_busy_share_is_in_what_is_paid) {
  Portfolio p = small();
  p.markets["cloud"].terms = Terms::on_demand;
  p.markets["cloud"].utilisation = given(Fraction(0.5));
  add_lot(p, "legacy", "a100_80", 10, "here", on(month(2026, 1)));
  p.replayed["h100_sxm"].throughput = given(Fraction(0.9));
  p.replayed["h100_sxm"].busy = given(Fraction(1.2));
  const Layout layout = compile(p);  // classes: a100_80, h100_sxm
  EXPECT_DOUBLE_EQ(layout.markets[0].utilisation, 0.5);
  EXPECT_DOUBLE_EQ(paid_work(layout.markets[0], 0), 1);
  EXPECT_DOUBLE_EQ(paid_work(layout.markets[0], 1), 0.9 * 1.2);
}

TEST(ReplayedTest, without_replays_nothing_changes) {
  const Layout layout = compile(small());
  EXPECT_EQ(paid_work(layout.markets[0], 0), 1);
  EXPECT_TRUE(layout.markets[0].paid_work.empty());
}

}  // namespace
}  // namespace warmshell::model
