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

TEST(PathStory, sums_cash_by_line) {
  EXPECT_NE(path_story(three_months(), 0).find("-1.00 USD"), std::string::npos);
}

}  // namespace
}  // namespace warmshell::report
