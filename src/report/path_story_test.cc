#include "report/path_story.h"

#include <gtest/gtest.h>

namespace warmshell::report {
namespace {

study::SimulateResult three_months() {
  study::SimulateResult result;
  result.currency = "USD";
  result.months = {"2026-01", "2026-02", "2026-03"};
  result.ledger.ordered = {100, 100, 100};
  result.ledger.gone = {0, 0, 0};
  study::ByState dark{}, lit{};
  dark[static_cast<std::size_t>(fleet::State::no_power)] = 100;
  lit[static_cast<std::size_t>(fleet::State::earning)] = 100;
  result.ledger.mean_accelerators = {dark, dark, lit};
  result.binds_by_month = {"no_power", "no_power", ""};
  result.gates = {{"sites.a.power.grid.energised", {"2026-03", "2026-03", "2026-03"}, 0, {}, 10},
                  {"sites.a.power.late.energised", {}, 1, {}, 10}};
  result.lines["net_cash"] = {-5, 2, 2};
  return result;
}

TEST(PathStory, tells_gates_in_the_order_in_which_they_open_and_never_last) {
  const std::string story = path_story(three_months(), 7);
  EXPECT_NE(story.find("Path 7"), std::string::npos);
  EXPECT_LT(story.find("sites.a.power.grid"), story.find("sites.a.power.late"));
  EXPECT_NE(story.find("never  sites.a.power.late.energised"), std::string::npos);
}

TEST(PathStory, tells_a_month_only_when_something_changes) {
  const std::string story = path_story(three_months(), 0);
  EXPECT_NE(story.find("2026-01 "), std::string::npos);
  EXPECT_EQ(story.find("2026-02 "), std::string::npos);
  EXPECT_NE(story.find("2026-03 "), std::string::npos);
}

TEST(PathStory, payback_that_only_the_terminal_value_reaches_says_so) {
  study::SimulateResult result = three_months();
  result.lines["net_cash"] = {-5e6, 1e6, 7e6};
  result.lines["terminal.chips"] = {0, 0, 6.5e6};
  result.metrics["payback"] = {"months", 2.55, 0, 2.55, 2.55, 2.55, 2.55, 2.55, {}, 1.0};
  EXPECT_NE(
      path_story(result, 0).find("2.5 months\n    only by the terminal value: without it cash "
                                 "ends at -3.50 MUSD\n"),
      std::string::npos);
  result.lines["terminal.chips"] = {0, 0, 1e6};  // the last month pays back all the same
  EXPECT_EQ(path_story(result, 0).find("only by the terminal value"), std::string::npos);
}

TEST(PathStory, discounted_and_nominal_are_told_apart_and_numbers_are_read_as_elsewhere) {
  study::SimulateResult result = three_months();
  result.metrics["npv"] = {"USD", 119010.25279085245, 0, 1, 1, 1, 1, 1, {}};
  result.carry["a"] = 2.5e6;
  result.lines["carry.a"] = {-1e6, -1e6, -1e6};
  result.cost_of_dark["a"]["no_power"].lost_margin = 1e6;
  const std::string story = path_story(result, 0);
  EXPECT_EQ(story.find("119010.25279085245"), std::string::npos);
  EXPECT_NE(story.find("119.01 kUSD"), std::string::npos);
  EXPECT_NE(story.find("what it cost: discounted"), std::string::npos);
  EXPECT_NE(story.find("stand empty: discounted"), std::string::npos);
  EXPECT_NE(story.find("Money by line: nominal"), std::string::npos);
  EXPECT_LT(story.find("2.50 MUSD"), story.find("-3.00 MUSD"));
}

TEST(PathStory, sums_cash_by_line) {
  EXPECT_NE(path_story(three_months(), 0).find("-1.00 USD"), std::string::npos);
}

}  // namespace
}  // namespace warmshell::report
