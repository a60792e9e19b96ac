#include "text/uncertain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "text/testing.h"
#include "text/yaml.h"

namespace warmshell::text {
namespace {

template <class Q>
struct Read {
  std::optional<Uncertain<Q>> value;
  Diagnostics diagnostics;
};

template <class Q>
Read<Q> read(const std::string& yaml, const Folder* folder = nullptr) {
  Read<Q> got;
  const auto tree = read_yaml("u.yaml", "x: " + yaml + "\n");
  if (!tree) {
    got.diagnostics = tree.error();
    return got;
  }
  Reader reader(got.diagnostics, {}, folder);
  Reader::Step step(reader, "x", tree->entries[0].key_place);
  got.value = read_value<Uncertain<Q>>(tree->entries[0].value, reader);
  EXPECT_EQ(got.value.has_value(), got.diagnostics.empty()) << yaml;
  return got;
}

template <class Q>
Law law(const std::string& yaml) {
  const auto got = read<Q>(yaml);
  EXPECT_TRUE(got.value) << yaml << "\n" << render(got.diagnostics);
  return got.value ? got.value->law : Law{};
}

TEST(uncertain, reads_every_form) {
  EXPECT_EQ(law<Months>("7 months"), Law(Fixed{7}));
  EXPECT_EQ(law<Months>("{fixed: 1 year}"), Law(Fixed{12}));
  EXPECT_EQ(law<Date>("{p10: 2026-05, p50: 2026-09, p90: 2027-06}"), Law(Myerson{316, 320, 329}));
  EXPECT_EQ(law<Months>("{p10: 4 months, p50: 4 months, p90: 4 months}"), Law(Fixed{4}));
  EXPECT_EQ(law<ItMw>("{uniform: {low: 10 MW_it, high: 20 MW_it}}"), Law(Uniform{10, 20}));
  EXPECT_EQ(law<Months>("{triangular: {low: 1 month, mode: 2 months, high: 1 year}}"),
            Law(Triangular{1, 2, 12}));
  EXPECT_EQ(law<double>("{lognormal: {median: 2, sigma: 0.5}}"), Law(Lognormal{2, 0.5, 0}));
  EXPECT_EQ(law<Months>("{lognormal: {median: 6 months, sigma: 0.5, origin: 2 months}}"),
            Law(Lognormal{6, 0.5, 2}));
  EXPECT_EQ(law<Months>("{discrete: {12 months: 70 %, 6 months: 30 %}}"),
            Law(Discrete{{6, 12}, {0.3, 0.7}}));
  EXPECT_EQ(law<double>("{empirical: [3, 1, 2]}"), Law(Empirical{{1, 2, 3}}));
  EXPECT_EQ(law<Months>("{value: {p10: 4 months, p50: 6 months, p90: 11 months}, source: desk}"),
            Law(Myerson{4, 6, 11}));
  const Law lognormal = law<Months>("{lognormal: {p50: 6 months, p90: 12 months}}");
  EXPECT_NEAR(p50(lognormal), 6, 1e-12);
  EXPECT_NEAR(p90(lognormal), 12, 1e-12);
}

TEST(uncertain, reads_a_sample_from_a_table) {
  const std::string path =
      (std::filesystem::temp_directory_path() / "warmshell_uncertain_test").string();
  std::filesystem::create_directories(path);
  std::ofstream(path + "/waits.csv") << "site,wait\na,7 months\nb,1 year\n";
  std::ofstream(path + "/bad.csv") << "site,wait\na,7\n";
  const Folder folder = *Folder::open(path);
  EXPECT_EQ(read<Months>("{empirical: {from: waits.csv, column: wait}}", &folder).value->law,
            Law(Empirical{{7, 12}}));
  EXPECT_EQ(render(read<Months>("{empirical: {from: bad.csv, column: wait}}", &folder).diagnostics),
            "bad.csv:2:3: error[WS0204]: `7` has no unit: expected a duration like `7 months`\n"
            " 2 | a,7\n"
            "   |   ^\n"
            "   help: units here: months, month, years, year, weeks, week, days, day, hours, h\n");
  EXPECT_EQ(
      read<Months>("{empirical: {from: ../waits.csv, column: wait}}", &folder).diagnostics[0].code,
      "WS0005");
  EXPECT_EQ(
      read<Months>("{empirical: {from: waits.csv, column: weight}}", &folder).diagnostics[0].code,
      "WS0125");
  EXPECT_EQ(read<Months>("{empirical: {from: waits.csv, column: wait}}").diagnostics[0].code,
            "WS0001");
  std::filesystem::remove_all(path);
}

TEST(uncertain, wrong_distributions_are_refused_word_for_word) {
  testing::NamedTexts found;
  for (const char* yaml :
       {"[1 month, 2 months]", "{p10: 1 month, p90: 3 months}",
        "{p10: 3 months, p50: 2 months, p90: 4 months}",
        "{p10: 1 month, p50: 2 months, p90: 4 months, p95: 5 months}",
        "{p10: 1, p50: 2 months, p90: x}", "{uniform: {low: 2 months, high: 1 month}}",
        "{uniform: [1 month, 2 months]}", "{uniform: {low: 1 month}}",
        "{uniform: {low: 1 month, high: 2 months}, fixed: 1 month}",
        "{normal: {mean: 1 month, sd: 2 months}}", "{lognormal: {p50: 0 months, p90: 1 month}}",
        "{lognormal: {median: 1 month, sigma: -1}}", "{discrete: {1 month: 50 %, 2 months: 40 %}}",
        "{discrete: {1 month: 110 %, 2 months: -10 %}}", "{discrete: []}", "{empirical: []}",
        "{empirical: 4 months}", "{triangular: {low: 1 month, mode: 5 months, high: 3 months}}",
        "{p10: -.inf, p50: 2 months, p90: 3 months}"}) {
    const auto got = read<Months>(yaml);
    EXPECT_FALSE(got.value) << yaml;
    found.emplace_back(yaml, render(got.diagnostics));
  }
  testing::expect_recorded("src/text/testdata/wrong_distributions.txt", found);
}

TEST(uncertain, ranges_hold_for_every_part_of_a_law) {
  EXPECT_EQ(detail::law_bounds(Law(Myerson{1, 2, 4})).least, 1.0);
  EXPECT_EQ(detail::law_bounds(Law(Uniform{1, 4})).greatest, 4.0);
  EXPECT_EQ(detail::law_bounds(Law(Empirical{{1, 2, 9}})).greatest, 9.0);
  EXPECT_EQ(detail::law_bounds(Law(Discrete{{1, 2}, {1, 1}})).greatest, 2.0);
}

}  // namespace
}  // namespace warmshell::text
