#include "report/replay.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "replay/inputs/cluster.h"
#include "replay/inputs/trace.h"

namespace warmshell::report {
namespace {

// The example with everything that the page may show.
const ReplayReport& capped() {
  static const ReplayReport once = [] {
    auto cluster = replay::read_cluster("examples/capped", "", {}).value();
    text::CsvProblems problems;
    replay::WorkloadBuilder builder(cluster.input.machine, cluster.input.workload.queues,
                                    cluster.rules, "jobs.csv", problems);
    EXPECT_TRUE(replay::stream_trace(
                    "examples/capped/jobs.csv", replay::TraceFormat::own, {},
                    [&](replay::TraceJob&& job) { return builder.add(std::move(job)); }, problems)
                    .has_value());
    cluster.input.workload = builder.finish();
    ReplayReport report;
    report.version = "0.1.0";
    report.cluster = cluster.name;
    report.currency = cluster.currency;
    report.inputs_sha256 = cluster.inputs_sha256;
    report.input = cluster.input;
    replay::RunOptions options;
    options.log = options.samples = true;
    report.outcome = replay::replay(report.input, options);
    report.summary = replay::summarise(report.input, report.outcome);
    report.over_time = replay::over_time(report.input, report.outcome);
    report.waterfall = replay::policy_waterfall(report.input, {});
    report.marginal = replay::marginal_value(report.input, {});
    return report;
  }();
  return once;
}

void collect(const nlohmann::json& json, std::set<double>& numbers) {
  if (json.is_number()) numbers.insert(json.get<double>());
  if (json.is_structured())
    for (const auto& each : json) collect(each, numbers);
}

TEST(ReplayPage, every_number_stands_in_the_json) {
  std::set<double> numbers;
  collect(nlohmann::json::parse(replay_json(capped())), numbers);
  const std::string page = replay_html(capped());
  static const std::regex value("data-v=\"([^\"]*)\"");
  int seen = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), value), end; it != end; ++it, ++seen)
    EXPECT_TRUE(numbers.contains(std::stod((*it)[1]))) << (*it)[1];
  EXPECT_GT(seen, 2000);  // 240 spans in two tables alone
  static const std::regex bare("<td class=\"n\">([^<]*[0-9][^<]*)</td>");
  EXPECT_FALSE(std::regex_search(page, bare)) << "a cell hides a number";
}

TEST(ReplayPage, nothing_is_fetched_and_nothing_runs) {
  const std::string page = replay_html(capped());
  for (const char* forbidden :
       {"http://", "https://", "src=", "<script", "@import", "url(", "<link", "onload"})
    EXPECT_EQ(page.find(forbidden), std::string::npos) << forbidden;
  static const std::regex href("href=\"#([^\"]*)\"");
  int links = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), href), end; it != end; ++it, ++links)
    EXPECT_NE(page.find("id=\"" + (*it)[1].str() + "\""), std::string::npos) << (*it)[1];
  EXPECT_GE(links, 7);
}

TEST(ReplayPage, both_languages_and_a_table_behind_every_chart) {
  const std::string page = replay_html(capped());
  for (const char* word : {"Occupancy", "占用", "Power against the cap", "功率与上限", "fair share",
                           "公平份额", "等待 P50，小时"})
    EXPECT_NE(page.find(word), std::string::npos) << word;
  static const std::regex chart("<figure>\\s*<svg");
  for (std::sregex_iterator it(page.begin(), page.end(), chart), end; it != end; ++it) {
    const std::size_t begin = static_cast<std::size_t>(it->position());
    const std::size_t close = page.find("</figure>", begin);
    EXPECT_NE(page.substr(begin, close - begin).find("<table>"), std::string::npos);
  }
}

TEST(ReplayPage, names_of_the_user_stay_text) {
  ReplayReport report = capped();
  const std::string hostile = "<script>alert(1)</script>\"' onload=\"x";
  report.cluster = hostile;
  report.over_time->busy[0].name = hostile;
  report.summary.waits[hostile] = report.summary.all;
  report.input.machine.rows[0].name = hostile;
  report.outcome.excursions.push_back({0, 1000, 2000, 5});
  report.waterfall->steps[0].name = hostile;
  const std::string page = replay_html(report);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("onload=\""), std::string::npos);
}

TEST(ReplayPage, a_replay_of_nothing_still_gives_a_page) {
  ReplayReport report;
  report.cluster = "empty";
  report.input.machine = capped().input.machine;
  report.input.workload.queues = capped().input.workload.queues;
  replay::RunOptions options;
  options.log = options.samples = true;
  report.outcome = replay::replay(report.input, options);
  report.summary = replay::summarise(report.input, report.outcome);
  report.over_time = replay::over_time(report.input, report.outcome);
  report.marginal = replay::marginal_value(report.input, {});
  report.waterfall = replay::policy_waterfall(report.input, {});
  EXPECT_NE(replay_html(report).find("</html>"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(replay_json(report)));
}

TEST(ReplayText, the_waterfall_of_policies_adds_up) {
  const replay::Waterfall waterfall = *capped().waterfall;
  double sum = waterfall.plain;
  for (const replay::WaterfallStep& step : waterfall.steps) sum += step.in_turn;
  EXPECT_NEAR(sum, waterfall.all, 1e-9 * waterfall.all);
  EXPECT_GE(waterfall.steps.size(), 6u);
  const std::string text = replay_text(capped());
  EXPECT_NE(text.find("one more MW at the meter: "), std::string::npos);
  EXPECT_NE(text.find("admission by expectation"), std::string::npos);
}

}  // namespace
}  // namespace warmshell::report
