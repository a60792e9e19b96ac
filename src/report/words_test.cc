// What binds, said in one sentence of each language.

#include "report/words.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/chinese.h"
#include "report/json.h"
#include "report/page_testing.h"
#include "report/summary.h"
#include "report/testing.h"
namespace warmshell::report {
namespace {

using study::BindsCase;
using study::SimulateResult;

SimulateResult bound_by(const study::Binds& binds) {
  SimulateResult r = sample_result();
  r.binds = binds;
  return r;
}

TEST(words, a_gate_binds_in_a_sentence) {
  const auto r = bound_by({BindsCase::gate, "no_power", "quincy", "", "", 17.75, "2026-09", 2.5e8});
  EXPECT_EQ(first_sentence(r),
            "Power binds at quincy from 2026-09: 17.8 MW of sellable accelerators wait for it "
            "alone, at a lost margin of 250.00 MUSD.");
  EXPECT_EQ(first_sentence_chinese(r),
            "瓶颈是供电：自 2026-09 起，quincy 有 17.8 MW 可售的加速卡只等这一项，"
            "损失毛利 250.00 MUSD。");
}

TEST(words, other_sites_that_lack_the_same_are_told_in_all) {
  const auto one =
      bound_by({BindsCase::gate, "no_power", "quincy", "", "", 17.75, "2026-09", 2.5e8, 3, 4.25e8});
  EXPECT_EQ(first_sentence(one),
            "Power binds at quincy from 2026-09: 17.8 MW of sellable accelerators wait for it "
            "alone, at a lost margin of 250.00 MUSD; 3 sites lack power, at 425.00 MUSD in all.");
  EXPECT_EQ(first_sentence_chinese(one),
            "瓶颈是供电：自 2026-09 起，quincy 有 17.8 MW 可售的加速卡只等这一项，"
            "损失毛利 250.00 MUSD；共 3 个站点缺供电，合计 425.00 MUSD。");
  const auto two = bound_by(
      {BindsCase::two_gates, "no_shell", "quincy", "no_power", "", 12, "2026-09", 3.25e9, 2, 4e9});
  EXPECT_EQ(
      first_sentence(two),
      "Two gates bind together at quincy: no dark accelerator lights by shell or by power "
      "alone; 12.0 MW wait for both, at a lost margin of 3.25 BUSD; 2 sites lack a warm shell, at "
      "4.00 BUSD in all.");
}

TEST(words, each_gate_has_its_name) {
  const auto begins = [](const char* state) {
    const std::string sentence =
        first_sentence(bound_by({BindsCase::gate, state, "quincy", "", "", 1, "2026-09", 1}));
    return sentence.substr(0, sentence.find(" at "));
  };
  EXPECT_EQ(begins("no_shell"), "Warm shells bind");
  EXPECT_EQ(begins("no_cooling"), "Cooling binds");
  EXPECT_EQ(begins("no_power"), "Power binds");
  EXPECT_EQ(begins("installing"), "Installation binds");
}

TEST(words, two_gates_bind_in_a_sentence) {
  const auto r = bound_by(
      {BindsCase::two_gates, "no_shell", "quincy", "no_power", "", 12.04, "2026-09", 3.25e9});
  EXPECT_EQ(first_sentence(r),
            "Two gates bind together at quincy: no dark accelerator lights by shell or by power "
            "alone; 12.0 MW wait for both, at a lost margin of 3.25 BUSD.");
  EXPECT_EQ(first_sentence_chinese(r),
            "quincy 有两道关口同时卡住：单靠暖壳或单靠供电都点不亮任何一张卡；12.0 MW "
            "两者都缺，损失毛利 3.25 BUSD。");
}

TEST(words, demand_binds_in_a_sentence) {
  const auto r = bound_by({BindsCase::demand, "", "", "", "", 0, "", 0});
  EXPECT_EQ(first_sentence(r),
            "Demand binds: accelerators are dark and none of them would find a customer; another "
            "MW is worth nothing.");
  EXPECT_EQ(first_sentence_chinese(r),
            "瓶颈是需求：有卡吃灰，却没有一张能找到客户；再多一兆瓦也一文不值。");
}

TEST(words, orders_and_gates_bind_in_a_sentence) {
  const auto r = bound_by(
      {BindsCase::orders_and_gates, "", "", "", "sites.quincy.power.grid-2.energised", 80, "", 0});
  EXPECT_EQ(first_sentence(r),
            "Orders and gates bind: nothing is dark and demand is unmet; 80.0 MW stand behind the "
            "latest gate, sites.quincy.power.grid-2.energised.");
  EXPECT_EQ(first_sentence_chinese(r),
            "瓶颈是订单与关口：没有卡吃灰，需求仍未满足；80.0 MW 排在最后一道关口 "
            "sites.quincy.power.grid-2.energised 之后。");
  const auto without = bound_by({BindsCase::orders_and_gates, "", "", "", "", 0, "", 0});
  EXPECT_EQ(first_sentence(without), "Orders and gates bind: nothing is dark and demand is unmet.");
}

TEST(words, nothing_binds_in_a_sentence) {
  auto r = bound_by({});
  r.ledger.ordered = {100};
  EXPECT_EQ(first_sentence(r), "Nothing binds: no accelerator is dark and no demand is unmet.");
  EXPECT_EQ(first_sentence_chinese(r), "没有瓶颈：没有卡吃灰，需求也全部满足。");
  r.ledger.ordered = {0};
  EXPECT_EQ(first_sentence(r),
            "No accelerator is owned or ordered, so none is dark: what a late gate costs shows in "
            "rent, damages and NPV.");
  EXPECT_EQ(first_sentence_chinese(r),
            "没有自有或订购的加速卡，也就无卡吃灰：关口晚开的代价体现在租金、赔偿和净现值里。");
}

TEST(words, the_sentence_leads_page_summary_and_json) {
  const SimulateResult r = sample_result();
  const std::string sentence = first_sentence(r);
  EXPECT_NE(page_of(r).find("<p class=\"verdict\"><span class=\"en\" lang=\"en\">" + sentence),
            std::string::npos);
  std::string summary = simulate_summary(r);
  EXPECT_EQ(summary.find(r.note), 0u);
  std::replace(summary.begin(), summary.end(), '\n', ' ');
  EXPECT_EQ(summary.find(sentence), r.note.size() + 2);
  EXPECT_EQ(nlohmann::json::parse(simulate_json(r)).at("summary"), sentence);
}

}  // namespace
}  // namespace warmshell::report
