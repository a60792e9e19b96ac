// What is probably not meant is told with its cure, and what is merely unusual is not.

#include <gtest/gtest.h>

#include <string>

#include "model/read_testing.h"

namespace warmshell::model {
namespace {

using testing::read;
using testing::small;

// `small` with one part of it written otherwise; what reading it says.
std::string said_of(const std::string& part, const std::string& instead) {
  std::string text = small;
  EXPECT_NE(text.find(part), std::string::npos) << part;
  text.replace(text.find(part), part.size(), instead);
  return render(read(text).diagnostics);
}

TEST(WarningsTest, what_is_probably_not_meant_is_a_warning_with_its_cure) {
  EXPECT_EQ(said_of("20k", "20k"), "");
  EXPECT_EQ(
      said_of("count: 20k", "count: 50k"),
      R"(portfolio.yaml:5:3: warning[WS0351]: the fleet of this site never fits whole: in 2026-01 it is 70.12 MW_it for halls of 36 MW_it, 91.16 MW_facility at the lowest PUE for 45 MW_facility of power
 5 |   here:
   |   ^^^^
   help: the rest stays dark: check `count`, `it_power` and `power`
)");
  EXPECT_EQ(
      said_of("delivered: 2025-06", "delivered: 2035-02-15"),
      R"(portfolio.yaml:9:57: warning[WS0352]: this lot is delivered in 2035-02, and the run ends with 2027-12
 9 |   chips: {accelerator: h100_sxm, count: 20k, delivered: 2035-02-15, site: here}
   |                                                         ^^^^^^^^^^
   help: it touches no number: make `horizon` longer, or leave the lot out
)");
  EXPECT_EQ(
      said_of("energised: 2025-03", "energised: {p10: 2027-01, p50: 2028-01, p90: 2030-01}"),
      R"(portfolio.yaml:5:3: warning[WS0353]: no power source of this site is energised before the run ends with 2027-12: the first is in 2028-01
 5 |   here:
   |   ^^^^
   help: nothing of its fleet ever runs: make `horizon` longer, or check the dates
)");
  EXPECT_EQ(
      said_of("warm: 2025-03", "warm: 2030-03"),
      R"(portfolio.yaml:5:3: warning[WS0353]: no hall of this site is warm before the run ends with 2027-12: the first is in 2030-03
 5 |   here:
   |   ^^^^
   help: nothing of its fleet ever runs: make `horizon` longer, or check the dates
)");
  EXPECT_EQ(
      said_of("site: here}", "site: here, price: 30 USD}"),
      R"(portfolio.yaml:9:85: warning[WS0354]: 30 USD for one h100_sxm: the catalogue says 47000 USD
 9 |   chips: {accelerator: h100_sxm, count: 20k, delivered: 2025-06, site: here, price: 30 USD}
   |                                                                                     ^^^^^^
   help: the price is all-in and per accelerator: check its digits and its `k`
)");
  EXPECT_EQ(
      said_of(
          "terms: on-demand,",
          "terms: contract, demand: {now: 20k h100e}, contract: {customer: x, ready_by: 2025-07},"),
      R"(portfolio.yaml:11:88: warning[WS0355]: promised for 2025-07, before the run starts in 2026-01
 11 |   cloud: {terms: contract, demand: {now: 20k h100e}, contract: {customer: x, ready_by: 2025-07}, utilisation: 85 %}
    |                                                                                        ^^^^^^^
   help: it asks from `start` on, its term counted from this date: check that it is meant
)");
}

// `small` whose power opens in tranches.
std::string said_of_tranches(const std::string& written) {
  return said_of("power: 45 MW_facility, energised: 2025-03", written);
}

TEST(WarningsTest, a_tranche_dated_before_the_one_it_follows_is_a_warning) {
  EXPECT_EQ(
      said_of_tranches(
          R"(power: 45 MW_facility, energised: 2026-05, every: 4 months, tranches: {
      first: 20 MW_facility,
      second: {power: 10 MW_facility, energised: {p10: 2026-02, p50: 2026-03-15, p90: 2027-05}},
      third: 10 MW_facility,
      last: {power: 5 MW_facility, energised: 2026-07}})"),
      R"(portfolio.yaml:9:50: warning[WS0356]: this tranche is dated 2026-03-15, and opens only with the one before it, `first`: 2026-05
 9 |       second: {power: 10 MW_facility, energised: {p10: 2026-02, p50: 2026-03-15, p90: 2027-05}},
   |                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   help: tranches open in the order in which they are written: write `second` before `first`, or correct a date
portfolio.yaml:11:47: warning[WS0356]: this tranche is dated 2026-07, and opens only with the one before it, `third`: 2026-09
 11 |       last: {power: 5 MW_facility, energised: 2026-07}}}}
    |                                               ^^^^^^^
   help: tranches open in the order in which they are written: write `last` before `third`, or correct a date
)");
  EXPECT_EQ(
      said_of_tranches(
          R"(power: 45 MW_facility, energised: 2026-09, tranches: {
      first: {power: 20 MW_facility, energised: 2026-05},
      second: {power: 25 MW_facility, energised: 2026-06}})"),
      R"(portfolio.yaml:7:66: warning[WS0357]: this date, 2026-09, opens nothing: the first tranche, `first`, has one of its own, 2026-05
 7 |     power: {grid: {kind: grid, power: 45 MW_facility, energised: 2026-09, tranches: {
   |                                                                  ^^^^^^^
   help: remove one of the two
)");
}

TEST(WarningsTest, tranches_in_their_order_and_those_open_from_the_start_are_no_warning) {
  EXPECT_EQ(said_of_tranches(R"(power: 45 MW_facility, tranches: {
      first: {power: 20 MW_facility, energised: 2026-05},
      second: {power: 25 MW_facility, energised: 2026-05}})"),
            "");
  EXPECT_EQ(said_of_tranches(R"(power: 45 MW_facility, energised: 2025-05, tranches: {
      first: {power: 20 MW_facility, energised: 2025-05},
      second: {power: 25 MW_facility, energised: 2024-05}})"),
            "");
}

TEST(WarningsTest, what_is_merely_large_late_or_dear_is_no_warning) {
  EXPECT_EQ(said_of("count: 20k", "count: 24k"), "");
  EXPECT_EQ(said_of("delivered: 2025-06", "delivered: 2027-12"), "");
  EXPECT_EQ(said_of("warm: 2025-03", "warm: 2027-12"), "");
  EXPECT_EQ(said_of("energised: 2025-03", "energised: {p10: 2026-01, p50: 2027-12, p90: 2036-01}"),
            "");
  EXPECT_EQ(said_of("site: here}", "site: here, price: 3k USD}"), "");
  EXPECT_EQ(said_of("site: here}", "site: here, price: 0 USD}"), "");
  EXPECT_EQ(
      said_of(
          "terms: on-demand,",
          "terms: contract, demand: {now: 20k h100e}, contract: {customer: x, ready_by: 2026-01},"),
      "");
  // lots that take each other's place
  EXPECT_EQ(said_of("site: here}",
                    "site: here, life: 12 months}\n  next: {accelerator: h100_sxm, "
                    "count: 20k, delivered: 2026-06, site: here}"),
            "");
}

TEST(WarningsTest, a_cut_that_passes_p10_is_a_warning) {
  std::string text = small;
  text.replace(text.find("energised: 2025-03"), 18,
               "energised: {p10: 2025-03, p50: 2026-06, p90: 2027-06}");
  const ReadPortfolio read_one = read(text);
  ASSERT_EQ(read_one.diagnostics.size(), 1U);
  EXPECT_EQ(render(read_one.diagnostics),
            "portfolio.yaml:7:66: warning[WS0315]: p10, 2025-03, lies before 2026-01: dates are "
            "cut there\n"
            " 7 |     power: {grid: {kind: grid, power: 45 MW_facility, energised: {p10: 2025-03, "
            "p50: 2026-06, p90: 2027-06}}}\n"
            "   |                                                                  "
            "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "   help: move p10, or write what happened by then as a plain date\n");
}

TEST(WarningsTest, uncertain_dates_in_the_wrong_order_are_told_by_their_medians) {
  std::string text = small;
  text.replace(text.find("{warm: 2025-03}"), 15,
               "{cold: 2027-01, warm: {p10: 2026-03, p50: 2026-06, p90: 2027-06}}");
  text.replace(text.find("energised: 2025-03"), 18,
               "energised: {p10: 2026-03, p50: 2026-06, p90: 2027-06}, ends: 2026-04");
  const std::string told = render(read(text).diagnostics);
  EXPECT_NE(told.find("warning[WS0319]: `warm`, the median 2026-06, lies before `cold`, 2027-01\n"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("warning[WS0336]: this source ends on 2026-04, before the median of the date "
                      "on which it is energised, 2026-06\n"),
            std::string::npos)
      << told;
}

// ---- cures of mistakes

// `small` with one part of it written otherwise, which is refused; the first cure.
std::string cure_of(const std::string& part, const std::string& instead) {
  std::string text = small;
  text.replace(text.find(part), part.size(), instead);
  const auto tree = text::read_yaml("portfolio.yaml", text);
  const auto result = read_portfolio(*tree, nullptr);
  return result ? "" : result.error().front().help;
}

TEST(WarningsTest, another_chip_is_no_misspelling) {
  const auto told = [](const std::string& name) { return cure_of("h100_sxm", name); };
  EXPECT_EQ(told("b200_sxm"), "did you mean `b200_hgx`?");
  EXPECT_EQ(told("H100"), "did you mean `h100_pcie` or `h100_sxm`?");
  EXPECT_EQ(told("h100_smx"), "did you mean `h100_sxm`?");
}

TEST(WarningsTest, a_date_as_a_spreadsheet_shows_it_is_told_as_it_is_written_here) {
  const auto told = [](const std::string& date) {
    return cure_of("energised: 2025-03", "energised: " + date);
  };
  EXPECT_EQ(told("2026/03/01"), "write `2026-03-01`");
  EXPECT_EQ(told("2026/3"), "write `2026-03`");
  EXPECT_EQ(told("1-Mar-26"), "write `2026-03-01`");
  EXPECT_EQ(told("Mar 2026"), "write `2026-03`");
  EXPECT_EQ(told("15.3.2026"), "write `2026-03-15`");
  EXPECT_EQ(told("03/2026"), "write `2026-03`");
  for (const char* either : {"3/4/2026", "2026-13", "Q1 2026", "soon", "31.02.2026"})
    EXPECT_EQ(told(either).substr(0, 16), "write year-month") << either;
}

}  // namespace
}  // namespace warmshell::model
