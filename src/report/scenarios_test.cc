// Several results beside each other, and what they differ.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "report/page_testing.h"
#include "report/summary.h"
#include "report/testing.h"
#include "report/words.h"
namespace warmshell::report {
namespace {

using study::BindsCase;
using study::SimulateResult;

TEST(html, two_scenarios_stand_side_by_side_on_the_same_axes) {
  std::vector<SimulateResult> both_results{sample_result(), sample_result()};
  both_results[1].scenario = "chips-on-time";
  both_results[1].binds.kind = BindsCase::demand;
  for (auto& month : both_results[1].ledger.mean_accelerators)
    for (double& x : month) x *= 50;
  for (double& x : both_results[1].ledger.ordered) x *= 50;
  const std::string page = simulate_html(both_results);
  EXPECT_NE(page.find(first_sentence(both_results[0])), std::string::npos);
  EXPECT_NE(page.find(first_sentence(both_results[1])), std::string::npos);
  EXPECT_NE(page.find(">chips-on-time<"), std::string::npos);
  EXPECT_EQ(unbalanced(page), "");
  std::set<double> numbers;
  std::set<std::string> strings;
  for (const auto& r : both_results)
    collect(nlohmann::json::parse(simulate_json(r)), numbers, strings);
  int seen = 0;
  EXPECT_EQ(count_numbers_not_in(page, numbers, seen), 0);
  // the unit of the ledger's axis is that of the larger one, in both
  std::size_t found = 0;
  for (std::size_t at = 0; (at = page.find("class=\"en unit\" lang=\"en\">thousand accelerators",
                                           at)) != std::string::npos;
       ++at)
    ++found;
  EXPECT_EQ(found, 2u);
}

study::Difference sample_difference() {
  study::Difference d{"chips-on-time", "base", 1990, {}, {}};
  d.units = {{"npv", "USD"}, {"dark_accelerator_months", "accelerator-months"}};
  d.metrics = {{"npv", {-3.25e8, 1.75e6}}, {"dark_accelerator_months", {-51234.5, 61.25}}};
  return d;
}

TEST(scenarios, differences_to_the_first_stand_in_page_summary_and_json_with_their_error) {
  std::vector<SimulateResult> results{sample_result(), sample_result()};
  results[1].scenario = "chips-on-time";
  const std::vector<study::Difference> differences{sample_difference()};
  const auto json = nlohmann::json::parse(scenarios_json(results, differences));
  EXPECT_EQ(json.at("format"), "warmshell.scenarios/1");
  EXPECT_EQ(json.at("scenarios").at(0), nlohmann::json::parse(simulate_json(results[0])));
  EXPECT_EQ(json.at("scenarios").at(1).at("scenario"), "chips-on-time");
  const auto& difference = json.at("differences").at(0);
  EXPECT_EQ(difference.at("scenario"), "chips-on-time");
  EXPECT_EQ(difference.at("to"), "base");
  EXPECT_EQ(difference.at("paths"), 1990);
  EXPECT_EQ(difference.at("metrics").at("npv").at("mean"), -3.25e8);
  EXPECT_EQ(difference.at("metrics").at("npv").at("se"), 1.75e6);
  EXPECT_EQ(difference.at("metrics").at("npv").at("unit"), "USD");

  const std::string page = simulate_html(results, differences);
  EXPECT_NE(page.find("data-v=\"-325000000\">-325.00 MUSD<"), std::string::npos);
  EXPECT_NE(page.find("data-v=\"1750000\">1.75 MUSD<"), std::string::npos);
  EXPECT_EQ(unbalanced(page), "");
  std::set<double> numbers;
  std::set<std::string> strings;
  collect(json, numbers, strings);
  int seen = 0;
  EXPECT_EQ(count_numbers_not_in(page, numbers, seen), 0);

  const std::string summary = simulate_summaries(results, differences);
  EXPECT_NE(summary.find("chips-on-time less base, on the same 1990 paths"), std::string::npos);
  const std::size_t npv = summary.rfind("NPV as energised");
  EXPECT_NE(summary.find("-325.00 MUSD", npv), std::string::npos);
  EXPECT_NE(summary.find("1.75 MUSD", npv), std::string::npos);
  EXPECT_EQ(simulate_summaries(results).find(" less base"), std::string::npos);
}

TEST(scenarios, luck_is_called_shared_only_where_names_agree) {
  const std::vector<SimulateResult> results{sample_result(), sample_result(), sample_result()};
  study::Difference same = sample_difference(), other = sample_difference();
  same.dates = same.shared_dates = 4;
  other.scenario = "renamed";
  other.dates = 7;
  other.shared_dates = 1;
  const std::string throughout = "the standard error of the difference, luck being shared.",
                    by_name =
                        "Luck goes by name: 1 of the 7 uncertain dates are called the same in both "
                        "runs, the others are drawn for each run alone.";
  const auto told = [&](const study::Difference& d, const std::string& what) {
    return simulate_html(results, {&d, 1}).find(what) != std::string::npos;
  };
  EXPECT_TRUE(told(same, throughout));
  EXPECT_FALSE(told(same, "Luck goes by name"));
  EXPECT_FALSE(told(other, "luck being shared"));
  EXPECT_TRUE(told(other, "renamed: " + by_name));
  EXPECT_TRUE(told(other,
                   "renamed：运气按名称抽取：7 个不确定日期中，两次运行同名的有 1 个，其余"
                   "各自抽取。"));
  const auto summed_up = [&](const study::Difference& d) {
    std::string summary = simulate_summaries(results, {&d, 1});
    std::replace(summary.begin(), summary.end(), '\n', ' ');
    return summary;
  };
  EXPECT_NE(summed_up(other).find(by_name), std::string::npos);
  EXPECT_EQ(summed_up(same).find("Luck goes by name"), std::string::npos);
  const auto json = nlohmann::json::parse(scenarios_json(results, {&other, 1}));
  EXPECT_EQ(json.at("differences").at(0).at("dates"), 7);
  EXPECT_EQ(json.at("differences").at(0).at("shared_dates"), 1);
}

TEST(scenarios, where_no_difference_is_shown_a_sentence_says_why) {
  const std::vector<SimulateResult> results{sample_result(), sample_result(), sample_result()};
  study::Difference other = sample_difference();
  other.scenario = "dear";
  other.metrics.clear();
  other.comparison = study::Comparison::other_seed;
  const std::vector<study::Difference> differences{other, sample_difference()};
  const std::string why =
      "No differences of dear to base are shown: the seeds differ, so that no path of one is a "
      "path of the other.";
  std::string summary = simulate_summaries(results, differences);
  std::replace(summary.begin(), summary.end(), '\n', ' ');
  EXPECT_NE(summary.find(why), std::string::npos);
  EXPECT_NE(summary.find("chips-on-time less base"), std::string::npos);
  const std::string page = simulate_html(results, differences);
  EXPECT_NE(page.find(why), std::string::npos);
  EXPECT_NE(page.find("data-v=\"-325000000\">-325.00 MUSD<"), std::string::npos);
  EXPECT_EQ(unbalanced(page), "");
  const auto json = nlohmann::json::parse(scenarios_json(results, differences));
  EXPECT_EQ(json.at("differences").at(0).at("comparison"), "other_seed");
  EXPECT_TRUE(json.at("differences").at(0).at("metrics").empty());
  EXPECT_EQ(json.at("differences").at(1).at("comparison"), "path_by_path");
}

}  // namespace
}  // namespace warmshell::report
