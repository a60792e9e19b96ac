#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "report/chinese.h"
#include "report/figures.h"
#include "report/html.h"
#include "report/json.h"
#include "report/markup.h"
#include "report/page_testing.h"
#include "report/summary.h"
#include "report/svg.h"
#include "report/testing.h"
#include "report/words.h"

namespace warmshell::report {
namespace {

using study::SimulateResult;

// ---- every number stands in the JSON

TEST(html, every_number_stands_in_the_json) {
  const SimulateResult r = sample_result();
  std::set<double> numbers;
  std::set<std::string> strings;
  collect(nlohmann::json::parse(simulate_json(r)), numbers, strings);
  int seen = 0;
  EXPECT_EQ(count_numbers_not_in(page_of(r), numbers, seen), 0);
  EXPECT_GT(seen, 700);  // tables by month alone hold more
}

TEST(html, cells_of_numbers_carry_their_value) {
  // A cell that shows a digit without data-v could hide a number that the JSON does not hold.
  const std::string page = page_of(sample_result());
  static const std::regex cell("<td class=\"n\">([^<]*)</td>");
  for (std::sregex_iterator it(page.begin(), page.end(), cell), end; it != end; ++it) {
    const std::string shown = (*it)[1];
    static const std::regex date_or_none("–|[0-9]{4}-[0-9]{2}(-[0-9]{2})?");
    EXPECT_TRUE(std::regex_match(shown, date_or_none)) << shown;
  }
}

TEST(summary, every_number_of_a_table_stands_in_the_json) {
  const SimulateResult r = sample_result();
  std::set<double> numbers;
  std::set<std::string> shown;
  collect(nlohmann::json::parse(simulate_json(r)), numbers, shown);
  for (const double x : numbers) {
    for (const double unit : {1e9, 1e6, 1e3, 1.0})
      shown.insert(money_text_like(x, unit, r.currency));
    shown.insert(money_text(x, r.currency));
    shown.insert(with_thousands(x, 0));
    shown.insert(with_thousands(1000 * x, 0));  // GW as MW
    shown.insert(percent_text(x));
    shown.insert(rate_text(x));
  }
  std::istringstream lines(simulate_summary(r));
  std::string line;
  int seen = 0;
  while (std::getline(lines, line)) {
    if (!line.starts_with("  ") || line.starts_with("  GK") || line.starts_with("  T")) continue;
    static const std::regex gap(" {2,}");
    std::sregex_token_iterator cell(line.begin() + 2, line.end(), gap, -1), end;
    for (++cell; cell != end; ++cell) {
      const std::string text = *cell;
      if (text.empty() ||
          (std::isdigit(static_cast<unsigned char>(text[0])) == 0 && text[0] != '-'))
        continue;
      if (text == "-") continue;
      ++seen;
      EXPECT_TRUE(shown.contains(text)) << text << " in: " << line;
    }
  }
  EXPECT_GT(seen, 60);
}

TEST(figures, the_funnel_begins_with_what_is_held_and_ends_with_what_earns) {
  const Figures figures = figures_of(sample_result());
  const Holding& all = figures.portfolio;
  EXPECT_NEAR(figures.funnel[0], all.held, 1e-9 * all.held);
  EXPECT_EQ(figures.funnel[7], all.state[9]);
  double groups = 0, shares = 0;
  for (const double x : all.group) groups += x;
  for (const double x : all.share) shares += x;
  EXPECT_NEAR(groups, all.held, 1e-9 * all.held);
  EXPECT_NEAR(shares, 1, 1e-12);
  // first month: state i counts 100.25 + 31.5 i; each grows by 3.125 a month over 26 months
  EXPECT_NEAR(all.state[3], 100.25 + 31.5 * 3 + 3.125 * 12.5, 1e-9);
}

// ---- what the page is made of

TEST(html, tags_are_balanced) {
  EXPECT_EQ(unbalanced(page_of(sample_result())), "");
  EXPECT_EQ(unbalanced("<p><b>x</p></b>"), "</p>");  // the test can fail
}

TEST(html, nothing_is_fetched_and_nothing_runs) {
  const std::string page = page_of(sample_result());
  for (const char* forbidden :
       {"http://", "https://", "src=", "<script", "@import", "url(", "<link"})
    EXPECT_EQ(page.find(forbidden), std::string::npos) << forbidden;
  static const std::regex href("href=\"([^\"]*)\"");
  for (std::sregex_iterator it(page.begin(), page.end(), href), end; it != end; ++it) {
    const std::string to = (*it)[1];
    ASSERT_EQ(to[0], '#');
    EXPECT_NE(page.find("id=\"" + to.substr(1) + "\""), std::string::npos) << to;
  }
}

TEST(html, the_same_result_gives_the_same_bytes) {
  EXPECT_EQ(page_of(sample_result()), page_of(sample_result()));
  SimulateResult other = sample_result();
  other.metrics.at("npv").mean += 1e6;
  EXPECT_NE(page_of(other), page_of(sample_result()));
}

TEST(html, names_of_the_user_stay_text) {
  SimulateResult r = sample_result();
  const std::string hostile = "<script>alert(1)</script>\"' onload=\"x\x1b[2J&amp;";
  r.title = r.note = r.scenario = hostile;
  r.gates[0].id = "sites." + hostile + ".power." + hostile + ".energised";
  r.cures[0].gate = r.promises[0].contract = r.binds.site = hostile;
  r.by_site[hostile] = r.ledger;
  r.carry[hostile] = 2;
  r.cost_of_dark[hostile] = r.cost_of_dark["quincy"];
  r.lines[hostile] = r.lines["energy.quincy"];
  r.megawatts[hostile] = r.megawatts["used"];
  r.defaults_used[0] = {hostile, hostile, hostile, hostile};
  r.not_yet_valued = {hostile};
  r.diagnostics[0].message = r.diagnostics[0].path = r.diagnostics[0].help = hostile;
  r.checks[hostile] = false;
  r.currency = hostile;
  const std::string page = page_of(r);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_EQ(page.find("' onload"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_EQ(unbalanced(page), "");
  EXPECT_EQ(simulate_summary(r).find('\x1b'), std::string::npos);
}

TEST(html, a_portfolio_without_accelerators_says_so) {
  SimulateResult r = sample_result();
  for (auto& month : r.ledger.mean_accelerators) month = {};
  r.ledger.ordered.assign(r.months.size(), 0.0);
  r.ledger.gone.assign(r.months.size(), 0.0);
  r.by_site.clear();
  r.cures.clear();
  r.promises.clear();
  r.gates.clear();
  r.quarters.clear();
  r.cost_of_dark.clear();
  r.binds_by_month.assign(r.months.size(), "");
  const std::string page = page_of(r);
  EXPECT_NE(page.find("owns no accelerator"), std::string::npos);
  static const std::regex not_a_number("[\">, ](-?nan|-?inf)[\"<, ]");
  EXPECT_FALSE(std::regex_search(page, not_a_number));
  EXPECT_EQ(unbalanced(page), "");
  EXPECT_NE(simulate_summary(r).find("No accelerator is owned or ordered."), std::string::npos);
}

TEST(html, every_tile_says_mean_or_median_in_both_languages) {
  const std::string page = page_of(sample_result());
  static const std::regex tile(
      "class=\"k\"><span class=\"en\" lang=\"en\">([^<]*)</span>"
      "<span class=\"zh\" lang=\"zh\">([^<]*)</span>");
  int seen = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), tile), end; it != end; ++it, ++seen) {
    const std::string en = (*it)[1], zh = (*it)[2];
    EXPECT_TRUE(en.ends_with(", mean") || en.ends_with(", median")) << en;
    EXPECT_TRUE(zh.ends_with("，均值") || zh.ends_with("，中位数")) << zh;
    EXPECT_EQ(en.ends_with(", mean"), zh.ends_with("，均值")) << en << zh;
  }
  EXPECT_EQ(seen, 11);
}

TEST(html, every_chart_scrolls_in_a_frame_of_its_own_under_a_hint) {
  const std::string page = page_of(sample_result());
  const auto count = [&](std::string_view text) {
    int found = 0;
    for (std::size_t at = 0; (at = page.find(text, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_GT(count("<svg"), 6);
  EXPECT_EQ(count("<div class=\"chart\" tabindex=\"0\">\n<svg"), count("<svg"));
  EXPECT_EQ(count("<p class=\"swipe\">"), count("<svg"));
}

TEST(faces, npv_without_terminal_value_stands_beside_npv) {
  std::vector<SimulateResult> results{sample_result(), sample_result()};
  results[1].scenario = "other";
  const std::string page = page_of(results[0]), table = simulate_html(results);
  const std::string tile = "NPV without terminal value, mean";
  EXPECT_NE(page.find(tile), std::string::npos);
  EXPECT_NE(simulate_summary(results[0]).find("NPV without terminal value"), std::string::npos);
  const std::size_t scenarios = table.find("id=\"scenarios\"");
  EXPECT_LT(table.find("without terminal value", scenarios), table.find("</section>", scenarios));
}

TEST(faces, payback_that_waits_for_the_terminal_value_says_so) {
  SimulateResult r = sample_result();
  const std::string words =
      "Payback falls in the last month, in which the terminal value is counted";
  EXPECT_NE(page_of(r).find(words), std::string::npos);
  EXPECT_NE(simulate_summary(r).find(words), std::string::npos);
  EXPECT_EQ(
      nlohmann::json::parse(simulate_json(r)).at("metrics").at("payback").at("last_month_share"),
      0.371);
  r.metrics.at("payback").last_month_share.reset();
  EXPECT_EQ(page_of(r).find(words), std::string::npos);
}

TEST(faces, no_negative_zero_leaves) {
  SimulateResult r = sample_result();
  for (double* x : {&r.promises[0].damages, &r.carry["quincy"], &r.cures[0].se,
                    &r.lines["energy.quincy"][0], &r.megawatts["used"][0], &r.gates[0].never})
    *x = -0.0;
  std::string texts = simulate_json(r) + page_of(r) + simulate_summary(r);
  for (const CsvTable& table : simulate_csv(r)) texts += table.text;
  static const std::regex negative_zero("[^0-9A-Za-z-]-0(\\.0*)?([^0-9.-]|$)");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(texts, found, negative_zero)) << found.str();
  EXPECT_EQ(money_text(-0.001, "USD"), "0.00 USD");
  EXPECT_EQ(fixed_text(-0.04, 1), "0.0");
  EXPECT_EQ(fixed_text(-0.05, 2), "-0.05");
}

TEST(html, a_gate_that_may_never_come_shows_its_odds) {
  const std::string page = page_of(sample_result());
  EXPECT_NE(page.find("<tspan data-v=\"0.404\">✕ 40 %</tspan>"), std::string::npos);
  EXPECT_NE(page.find("class=\"gate open\""), std::string::npos);
  EXPECT_NE(page.find("One gate is open at the start."), std::string::npos);
}

TEST(html, many_gates_are_drawn_by_size_and_the_rest_counted) {
  SimulateResult r = sample_result();
  r.gates.clear();
  for (int i = 0; i < 136; ++i)
    r.gates.push_back(
        {"sites.site-" + std::to_string(i / 3) + ".power.p-" + std::to_string(i) + ".energised",
         {"2026-05-03", "2026-09-02", "2027-06-05"},
         0,
         {"2026-05-03", "2026-09-02", "2027-06-05"},
         10.0 + i});
  const std::string page = page_of(r);
  EXPECT_NE(page.find("The 26 largest are drawn, 110 more in the table."), std::string::npos);
  EXPECT_NE(page.find(">p-135 energised</text>"), std::string::npos);
  EXPECT_EQ(page.find(">p-0 energised</text>"), std::string::npos);
  EXPECT_NE(page.find("sites.site-0.power.p-0.energised</code>"), std::string::npos);
}

TEST(html, failing_checks_and_interrupted_runs_are_said_first) {
  SimulateResult r = sample_result();
  r.checks["cash"] = false;
  r.complete = false;
  r.paths = 500;
  const std::string page = page_of(r);
  EXPECT_LT(page.find("A check fails: cash adds up."), page.find("class=\"verdict\""));
  EXPECT_LT(page.find("Interrupted: 500 of 2000 paths were run."), page.find("class=\"verdict\""));
  EXPECT_NE(simulate_summary(r).find("CHECKS FAIL: cash."), std::string::npos);
}

// ---- JSON

TEST(json, what_is_never_or_not_finite_is_null) {
  SimulateResult r = sample_result();
  r.residuals["chips"] = std::nan("");
  const auto json = nlohmann::json::parse(simulate_json(r));
  EXPECT_TRUE(json.at("residuals").at("chips").is_null());
  EXPECT_TRUE(json.at("gates").at(0).at("p90").is_null());
  EXPECT_EQ(json.at("gates").at(0).at("given").at("p90"), "2030-12-14");
  EXPECT_TRUE(json.at("metrics").at("payback").at("p90").is_null());
  EXPECT_EQ(json.at("metrics").at("irr").at("undefined_share"), 0.02);
}

TEST(json, figures_are_sums_and_means_of_what_stands_beside_them) {
  const auto json = nlohmann::json::parse(simulate_json(sample_result()));
  const auto& figures = json.at("figures");
  double energy = 0;
  for (const double x : json.at("lines").at("energy.quincy")) energy += x;
  EXPECT_EQ(figures.at("line_totals").at("energy.quincy"), energy);
  const auto& dark = json.at("cost_of_dark").at("quincy").at("no_power");
  EXPECT_EQ(figures.at("cost_of_dark").at("no_power").at("lost_margin"), dark.at("lost_margin"));
  EXPECT_EQ(figures.at("carry"), json.at("carry").at("quincy"));
}

TEST(json, the_names_promised_are_there) {
  const auto json = nlohmann::json::parse(simulate_json(sample_result()));
  for (const char* name :
       {"version",     "inputs_sha256", "scenario",      "seed",       "status",    "paths",
        "paths_asked", "months",        "metrics",       "ledger",     "megawatts", "gates",
        "live_by",     "cost_of_dark",  "carry",         "binds",      "cures",     "promises",
        "checks",      "residuals",     "defaults_used", "diagnostics"})
    EXPECT_TRUE(json.contains(name)) << name;
  EXPECT_EQ(json.at("format"), "warmshell.simulate/1");
}

// ---- summary

TEST(summary, no_line_is_wider_than_a_hundred_columns) {
  SimulateResult r = sample_result();
  r.cures[0].gate = "sites." + std::string(200, 'x') + ".energised";
  r.note = "A long note: " + std::string(90, 'n') + " " + std::string(60, 'm');
  std::istringstream lines(simulate_summary(r));
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    EXPECT_LE(columns, 100u) << line;
  }
}

TEST(summary, words_that_are_too_long_for_a_table_go_on_in_the_next_line) {
  SimulateResult r = sample_result();
  r.metrics["dark_lost_margin"] = {"USD", 1.6e9, 1e7, 1e9, 1e9, 1.6e9, 2e9, 3e9, {}};
  r.currency = "dollars";
  const std::string summary = simulate_summary(r);
  EXPECT_NE(summary.find("\n  margin lost in the\n    dark, before upkeep  "), std::string::npos)
      << summary;
}

TEST(summary, promises_at_risk_stand_first) {
  const std::string summary = simulate_summary(sample_result());
  ASSERT_NE(summary.find("zenith"), std::string::npos);
  EXPECT_LT(summary.find("zenith"), summary.find("acme"));
}

TEST(summary, five_gates_are_enough) {
  const std::string summary = simulate_summary(sample_result());
  EXPECT_NE(summary.find("sites.quincy.gate-4"), std::string::npos);
  EXPECT_EQ(summary.find("sites.quincy.gate-5"), std::string::npos);
}

// ---- small parts

TEST(svg, ticks_are_round_and_cover_the_range) {
  EXPECT_EQ(round_ticks(0, 61.4, 5), (std::vector<double>{0, 20, 40, 60, 80}));
  EXPECT_EQ(round_ticks(-3, 7, 5), (std::vector<double>{-4, -2, 0, 2, 4, 6, 8}));
  EXPECT_EQ(round_ticks(0, 1, 4), (std::vector<double>{0, 0.25, 0.5, 0.75, 1}));
  EXPECT_EQ(tick_text(0.25, 0.25), "0.25");
  EXPECT_EQ(tick_text(2500, 500), "2,500");
  EXPECT_EQ(tick_text(-0.0, 0.5), "0.0");
}

TEST(markup, thousands_are_set_apart) {
  EXPECT_EQ(with_thousands(1234567.89, 1), "1,234,567.9");
  EXPECT_EQ(with_thousands(-999.6, 0), "-1,000");
  EXPECT_EQ(with_thousands(-0.2, 0), "0");
  EXPECT_EQ(with_thousands(999, 0), "999");
  EXPECT_EQ(percent_text(0.404), "40 %");
}

TEST(markup, text_is_escaped) {
  EXPECT_EQ(escape("<a b=\"c\">'&'\x01"), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#39;\uFFFD");
}

}  // namespace
}  // namespace warmshell::report
