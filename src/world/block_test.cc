#include "world/block.h"

#include <gtest/gtest.h>

#include <cmath>

#include "catalog/catalog.h"
#include "model/compile.h"
#include "model/testing.h"

namespace warmshell::world {
namespace {

using model::Gate;
using model::Layout;
using model::Portfolio;
namespace testing = model::testing;

constexpr double bound = 5;  // standard errors: one false alarm in 1.7 million

// Two accelerators, a later one released at a drawn date, three markets, two sources.
struct Small {
  Portfolio portfolio;
  Layout layout;

  Small() {
    portfolio = testing::empty(testing::month(2026, 5), 36);
    model::Site& site = testing::add_site(portfolio, "q");
    testing::add_source(site, "drawn", 10, testing::on(testing::month(2026, 5)));
    model::PowerSource& source = site.power["fixed"];
    source.power = testing::given(FacilityMw(10));
    source.price = testing::number<MoneyPerMwh>(Fixed{60});
    source.price_growth = testing::given(PerYear(0.03));
    site.power["drawn"].price = testing::number<MoneyPerMwh>(make_quantiles(40, 60, 100));
    site.power["drawn"].curtailed = testing::number<Fraction>(Uniform{0, 0.2});
    testing::add_market(portfolio, "listed", model::Terms::on_demand, 1000, -1);
    testing::add_market(portfolio, "open", model::Terms::take_or_pay, -1, 2);
    testing::add_market(portfolio, "written", model::Terms::take_or_pay, 500, 2);
    portfolio.markets["listed"].demand.growth = testing::given(PerYear(0.6));
    portfolio.markets["listed"].rent.tier = testing::given(std::string("hyperscaler"));
    portfolio.markets["written"].rent.falls = testing::given(PerMonth(0.02));

    layout.months = 36;
    layout.start = portfolio.start.value.months;
    layout.draws = {{"release", {}, 1},
                    {"sites.q.power.drawn.price", {}, 1},
                    {"sites.q.power.drawn.curtailed", {}, 1}};
    Gate past;
    past.month = -20;
    Gate next;
    next.kind = Gate::Kind::law;
    next.law = make_quantiles(2, 6, 14);
    next.draw = 0;
    layout.gates = {past, next};
    layout.release_gates = {0, 1};
    layout.release_line = {"nvidia", "nvidia"};
    layout.release_generation = {4, 5};
    for (const char* id : {"a100_80", "h100_sxm"}) {
      const catalog::Accelerator& a = *catalog::find_accelerator(id);
      layout.classes.push_back(
          {a.id, a.line, a.generation, catalog::h100e(a), catalog::h100e(a), a.fp8_native, false});
    }
    layout.sites.push_back({"q", {}, {0, 1}, {}, model::never_month});
    for (const char* name : {"drawn", "fixed"}) {
      model::LayoutSource s;
      s.name = name;
      layout.sources.push_back(s);
    }
    layout.sources[0].price_draw = 1;
    layout.sources[0].curtailed_draw = 2;
    for (const auto& [name, market] : portfolio.markets) {
      model::LayoutMarket m;
      m.name = name;
      m.unbounded = !market.demand.now;
      m.demand_now_h100e = market.demand.now ? market.demand.now->value.value : 0;
      m.growth = market.demand.growth ? market.demand.growth->value.value : 0;
      m.accepts_class = {name != "open", true};
      m.max_behind = name == "listed" ? 1 : model::never_month;
      m.rent_draw = {-1, -1};
      layout.markets.push_back(m);
    }
  }
};

constexpr int listed = 0, open = 1, written = 2;
constexpr int a100 = 0, h100 = 1;

// Everything a block says, in order.
std::vector<double> all_values(const Small& small, int width, std::int64_t first, int count,
                               int lane) {
  Block block(small.layout, small.portfolio, 5, width);
  block.begin(first, count);
  std::vector<double> values;
  const std::size_t n = static_cast<std::size_t>(width), p = static_cast<std::size_t>(lane);
  for (int g = 0; g < 2; ++g) values.push_back(block.gate_month(g)[p]);
  for (int month = 0; month < small.layout.months; ++month) {
    const MonthColumns& c = block.next_month();
    const auto take = [&](const double* column, std::size_t items) {
      for (std::size_t i = 0; i < items; ++i) values.push_back(column[i * n + p]);
    };
    take(c.rent_per_hour, 6);
    take(c.demand_h100e, 3);
    take(c.accept_share, 6);
    take(c.price_per_mwh, 2);
    take(c.curtailed_share, 2);
    take(c.resale_factor, 2);
  }
  return values;
}

TEST(Block, one_path_alone_is_that_lane_of_a_block) {
  const Small small;
  for (const int lane : {0, 1, 17, 63})
    EXPECT_EQ(all_values(small, 64, 128, 64, lane), all_values(small, 1, 128 + lane, 1, 0));
  EXPECT_EQ(all_values(small, 7, 130, 5, 3), all_values(small, 64, 128, 64, 5));
  EXPECT_EQ(all_values(small, 7, 130, 5, 6), all_values(small, 7, 130, 5, 4));  // repeats the last
  EXPECT_NE(all_values(small, 1, 128, 1, 0), all_values(small, 1, 129, 1, 0));
}

TEST(Block, a_block_begun_again_gives_the_same_bits) {
  const Small small;
  Block block(small.layout, small.portfolio, 5, 8);
  const auto values = [&](std::int64_t first) {
    block.begin(first, 8);
    std::vector<double> found;
    for (int month = 0; month < 36; ++month) {
      const MonthColumns& c = block.next_month();
      EXPECT_EQ(c.month, month);
      found.insert(found.end(), c.rent_per_hour, c.rent_per_hour + 48);
      found.insert(found.end(), c.accept_share, c.accept_share + 48);
      found.insert(found.end(), c.price_per_mwh, c.price_per_mwh + 16);
      found.insert(found.end(), c.curtailed_share, c.curtailed_share + 16);
    }
    return found;
  };
  const std::vector<double> first = values(0), other = values(64), again = values(0);
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

// Of a block drawn month by month: what is said to be the same as the month before is.
void expect_steadiness(Small small, bool prices_grow) {
  if (!prices_grow) small.portfolio.sites.at("q").power.at("fixed").price_growth.reset();
  Block block(small.layout, small.portfolio, 3, 16);
  block.begin(0, 16);
  const std::size_t numbers = small.layout.sources.size() * 16;
  std::vector<double> prices, curtailed;
  for (int t = 0; t < small.layout.months; ++t) {
    const MonthColumns& month = block.next_month();
    const std::vector<double> now(month.price_per_mwh, month.price_per_mwh + numbers);
    const std::vector<double> less(month.curtailed_share, month.curtailed_share + numbers);
    EXPECT_EQ(month.same_prices, t > 0 && !prices_grow) << t;
    EXPECT_EQ(month.same_prices, now == prices) << t;
    EXPECT_EQ(month.same_curtailment, t > 0) << t;
    EXPECT_EQ(month.same_curtailment, less == curtailed) << t;
    prices = now;
    curtailed = less;
  }
}
TEST(Block, prices_and_curtailment_are_said_to_be_the_same_where_they_are) {
  expect_steadiness(Small(), true);
  expect_steadiness(Small(), false);
}

TEST(Block, demand_grows_from_the_start_and_rests_when_unbounded) {
  const Small small;
  Block block(small.layout, small.portfolio, 5, 4);
  block.begin(0, 4);
  for (int month = 0; month < 36; ++month) {
    const MonthColumns& c = block.next_month();
    EXPECT_NEAR(c.demand_h100e[listed * 4 + 3], 1000 * std::pow(1.6, month / 12.0), 1e-9);
    EXPECT_EQ(c.demand_h100e[open * 4], 1e300);
    EXPECT_EQ(c.demand_h100e[written * 4], 500);
  }
}

// Month by month, one path of one contract for 100 h100e.
std::vector<double> contract_demand(double ready_by, double term, int months) {
  model::Portfolio portfolio = testing::empty(testing::month(2026, 1), months);
  model::Market& market =
      testing::add_market(portfolio, "customer", model::Terms::contract, 100, 2);
  model::Contract contract;
  contract.ready_by = testing::given(testing::month(2026, 1) + Months(ready_by));
  contract.term = testing::given(Months(term));
  market.contract = contract;
  const model::Layout layout = model::compile(portfolio);
  Block block(layout, portfolio, 5, 1);
  block.begin(0, 1);
  std::vector<double> demand;
  for (int month = 0; month < months; ++month) demand.push_back(block.next_month().demand_h100e[0]);
  return demand;
}

TEST(Block, demand_of_a_contract_lasts_from_ready_by_to_the_end_of_its_term) {
  EXPECT_EQ(contract_demand(1.25, 3, 6), (std::vector<double>{0, 75, 100, 100, 25, 0}));
  EXPECT_EQ(contract_demand(2.25, 0.5, 4), (std::vector<double>{0, 0, 50, 0}));
  EXPECT_EQ(contract_demand(-2, 3.5, 3), (std::vector<double>{100, 50, 0}));
  EXPECT_EQ(contract_demand(-12, 12, 2), (std::vector<double>{0, 0}));
}

TEST(Block, demand_of_a_contract_is_continuous_in_its_date) {
  constexpr double step = 1e-6;
  for (double ready_by = -1; ready_by < 4; ready_by += 0.125) {
    const std::vector<double> now = contract_demand(ready_by, 2.5, 6);
    const std::vector<double> moved = contract_demand(ready_by + step, 2.5, 6);
    for (std::size_t month = 0; month < now.size(); ++month)
      EXPECT_NEAR(moved[month], now[month], 1.01 * 100 * step) << ready_by << ' ' << month;
  }
}

TEST(Block, written_rents_are_not_drawn) {
  const Small small;
  Block block(small.layout, small.portfolio, 5, 4);
  block.begin(0, 4);
  for (int month = 0; month < 36; ++month) {
    const MonthColumns& c = block.next_month();
    for (int p = 0; p < 4; ++p) {
      EXPECT_EQ(c.rent_per_hour[(open * 2 + h100) * 4 + p], 2);
      EXPECT_DOUBLE_EQ(c.rent_per_hour[(open * 2 + a100) * 4 + p], 2 * 624.0 / 1979);
      EXPECT_NEAR(c.rent_per_hour[(written * 2 + h100) * 4 + p], 2 * std::pow(0.98, month), 1e-12);
    }
  }
}

TEST(Block, acceptance_ends_inside_the_month_in_which_a_second_generation_is_in_volume) {
  const Small small;  // H100 is one behind from the start, two once generation 5 is in volume
  constexpr int n = 64;
  Block block(small.layout, small.portfolio, 5, n);
  block.begin(0, n);
  double parts = 0;
  for (int month = 0; month < 36; ++month) {
    const MonthColumns& c = block.next_month();
    for (int p = 0; p < n; ++p) {
      const double until = block.gate_month(1)[p] + 6;
      const double share = c.accept_share[(listed * 2 + h100) * n + p];
      EXPECT_EQ(share, std::min(1.0, std::max(0.0, until - month)));
      parts += share > 0 && share < 1 ? 1 : 0;
      EXPECT_EQ(c.accept_share[(listed * 2 + a100) * n + p], 0);  // two behind already
      EXPECT_EQ(c.accept_share[(open * 2 + a100) * n + p], 0);    // not on its list
      EXPECT_EQ(c.accept_share[(open * 2 + h100) * n + p], 1);
    }
  }
  EXPECT_GT(parts, n * 0.8);
}

TEST(Block, a_drawn_price_holds_its_quantiles_and_its_path) {
  const Small small;
  constexpr int n = 20000;
  Block block(small.layout, small.portfolio, 5, n);
  block.begin(0, n);
  const MonthColumns& first = block.next_month();
  std::vector<double> at_start(first.price_per_mwh, first.price_per_mwh + n);
  double below = 0, curtailed = 0;
  for (int p = 0; p < n; ++p) {
    below += at_start[static_cast<std::size_t>(p)] < 60 ? 1.0 / n : 0;
    curtailed += first.curtailed_share[p] / n;
  }
  EXPECT_NEAR(below, 0.5, bound * std::sqrt(0.25 / n));
  EXPECT_NEAR(curtailed, 0.1, bound * 0.2 / std::sqrt(12.0 * n));
  for (int month = 1; month < 13; ++month) {
    const MonthColumns& c = block.next_month();
    EXPECT_EQ(c.price_per_mwh[5], at_start[5]);  // no growth written
    EXPECT_NEAR(c.price_per_mwh[n + 5], 60 * std::pow(1.03, month / 12.0), 1e-9);
  }
}

TEST(Block, resale_follows_the_lists_and_starts_at_one) {
  const Small small;
  Block block(small.layout, small.portfolio, 5, 16);
  block.begin(0, 16);
  const double* rent = nullptr;
  std::vector<double> first;
  for (int month = 0; month < 36; ++month) {
    const MonthColumns& c = block.next_month();
    rent = c.rent_per_hour + (listed * 2 + h100) * 16;
    if (month == 0) first.assign(rent, rent + 16);
    for (std::size_t p = 0; p < 16; ++p)
      EXPECT_NEAR(c.resale_factor[h100 * 16 + p], rent[p] / first[p], 1e-12);
  }
}

TEST(Block, a_written_fall_of_market_value_draws_nothing) {
  Small small;
  small.portfolio.market_value.falls = testing::given(PerMonth(0.03));
  Block block(small.layout, small.portfolio, 5, 4);
  block.begin(0, 4);
  for (int month = 0; month < 3; ++month) EXPECT_EQ(block.next_month().resale_factor[7], 1);
}

TEST(Block, rents_are_in_the_portfolios_currency) {
  Small small;
  Block in_dollars(small.layout, small.portfolio, 5, 2);
  small.portfolio.currency = "CNY";
  small.portfolio.fx.portfolio = "CNY";
  small.portfolio.fx.worth["USD"] = 7.2;
  Block in_yuan(small.layout, small.portfolio, 5, 2);
  in_dollars.begin(0, 2);
  in_yuan.begin(0, 2);
  const double* dollars = in_dollars.next_month().rent_per_hour;
  const double* yuan = in_yuan.next_month().rent_per_hour;
  EXPECT_NEAR(yuan[1] / dollars[1], 7.2, 1e-12);         // by the catalogue's law
  EXPECT_EQ(yuan[open * 2 * 2], dollars[open * 2 * 2]);  // as written
}

}  // namespace
}  // namespace warmshell::world
