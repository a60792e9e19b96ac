#pragma once
// The sections of the HTML report, one function each: content of one result, drawn on axes that
// stand-by-side results share. Internal to the report.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "report/charts.h"
#include "report/figures.h"
#include "report/markup.h"
#include "study/paired.h"
#include "study/result.h"

namespace warmshell::report {

struct View {  // one result as the page sees it
  const study::SimulateResult& result;
  Figures figures;
  double width = 0;  // of a chart, pixels
};

struct SharedAxes {  // the largest over all results of the page
  Axis accelerators, megawatts, live_gw, cash, npv;
  double largest_cure = 0;
};
[[nodiscard]] SharedAxes shared_axes(const std::vector<View>& views);

struct Section {
  std::string id;
  Words title, lead;  // lead: one line that says how to read it
  std::function<std::string(const View&, const SharedAxes&)> content;
  bool wide = false;  // several results stand below each other
};

// What the sections are, in the order of the page.
[[nodiscard]] std::vector<Section> sections_of_when();     // html_when.cc
[[nodiscard]] std::vector<Section> sections_of_worth();    // html_worth.cc
[[nodiscard]] std::vector<Section> sections_of_support();  // html_support.cc

// A row per result; for two and more.
[[nodiscard]] std::string scenarios_table(
    std::span<const study::SimulateResult> results);  // html_scenarios.cc
// A row per scenario other than the first.
[[nodiscard]] std::string differences_table(
    std::span<const study::Difference> differences);  // html_scenarios.cc

[[nodiscard]] std::string_view style_sheet();
// From the first byte to the title of the page, with the switch of languages.
[[nodiscard]] std::string page_begin(const std::string& version, const std::string& title);
[[nodiscard]] std::string tile(const Words& name, const std::string& value,
                               const std::string& under);

struct LegendEntry {
  Words name;
  std::string css;
};
[[nodiscard]] std::string legend(const std::vector<LegendEntry>& entries);
[[nodiscard]] std::string figure(const std::string& chart, const std::string& below);
[[nodiscard]] std::string aside(const Words& words);  // a quiet line
// How near the quantiles of a band are.
[[nodiscard]] std::string resolution_note(double resolution);
[[nodiscard]] std::string money_cell(double money, const std::string& currency);
[[nodiscard]] std::string state_css(std::string_view state);  // class of its colour

}  // namespace warmshell::report
