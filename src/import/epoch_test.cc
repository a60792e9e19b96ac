// Expected counts: the five sites checked by hand (rounded as running sums, so to one), computed
// from the files' own columns and the catalogue (docs/frontier.md).
#include "import/epoch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "catalog/catalog.h"
#include "import/epoch_chips.h"
#include "import/epoch_sites.h"

namespace warmshell::import {
namespace {

text::SourcePtr load(const std::string& name) {
  const auto folder = text::Folder::open(WARMSHELL_ROOT "/examples/frontier");
  auto source = folder->load(name);
  if (!source) ADD_FAILURE() << render(source.error());
  return *source;
}

struct Frontier {
  Diagnostics warnings;
  std::vector<EpochSite> sites;
  Frontier() {
    auto read = read_epoch_sites(load("epoch/epoch_data_centers_2026-05.csv"),
                                 load("epoch/epoch_data_center_timelines_2026-05.csv"), warnings);
    if (!read) ADD_FAILURE() << render(read.error());
    sites = *read;
  }
  const EpochSite& site(const std::string& name) const {
    for (const EpochSite& site : sites)
      if (site.name == name) return site;
    ADD_FAILURE() << name;
    return sites.front();
  }
};

const Frontier& frontier() {
  static const Frontier all;
  return all;
}

EpochImport imported() {
  auto result = import_epoch({load("epoch/epoch_data_centers_2026-05.csv"),
                              load("epoch/epoch_data_center_timelines_2026-05.csv"),
                              load("overrides.yaml"), *parse_date("2026-05-23")});
  if (!result) ADD_FAILURE() << render(result.error());
  return *result;
}

TEST(Epoch, totals_are_those_of_the_files) {
  const EpochTotals totals = imported().totals;
  EXPECT_EQ(totals.sites, 50);
  EXPECT_EQ(totals.sites_without_halls, 1);
  EXPECT_EQ(totals.halls, 136);
  EXPECT_EQ(totals.sources, 136);
  EXPECT_EQ(totals.past, 78);
  EXPECT_EQ(totals.future, 58);
  EXPECT_NEAR(totals.it_mw_as_of, 9172.5, 0.05);
  EXPECT_NEAR(totals.facility_mw_as_of, 11683.58, 0.005);
  EXPECT_NEAR(totals.it_mw_end, 29174, 0.5);
  EXPECT_NEAR(totals.facility_mw_end, 38187.98, 0.005);
}

TEST(Epoch, a_fall_is_an_outage_until_the_megawatts_return) {
  const EpochSite& colossus = frontier().site("colossus-1");
  ASSERT_EQ(colossus.falls.size(), 1u);
  EXPECT_EQ(date_text(colossus.falls[0].from), "2025-09-17");
  EXPECT_EQ(date_text(colossus.falls[0].to), "2025-11-07");
  EXPECT_DOUBLE_EQ(colossus.falls[0].it_mw, 72);
  EXPECT_DOUBLE_EQ(colossus.falls[0].facility_mw, 94);
}

struct Expected {
  std::string site;
  std::vector<std::vector<std::pair<std::string, double>>> phases;  // accelerator, count
};

TEST(Epoch, five_sites_checked_by_hand_agree) {
  const std::vector<Expected> expected{
      {"colossus-2",
       {{{"gb200_nvl72", 110000}}, {{"gb200_nvl72", 1156}}, {{"gb200_nvl72", 438844}}}},
      {"colossus-1",
       {{{"h100_sxm", 25000}},
        {{"h100_sxm", 75000}},
        {{"h100_sxm", 50000}, {"h200_sxm", 50000}},
        {{"gb200_nvl72", 30000}}}},
      {"anthropic-amazon-new-carlisle",
       {{{"trainium2", 457275}},
        {{"trainium2", 260970}},
        {{"trainium2", 328715}},
        {{"trainium3", 103298}},
        {{"trainium3", 731029}}}},
      {"meta-hyperion", {{{"vr200_nvl72", 417714}}}}};
  for (const Expected& one : expected) {
    Diagnostics warnings;
    std::map<std::string, ChipOverride> overrides;
    if (one.site == "colossus-1")
      overrides = {{"2025-02-17", {{"h100_sxm", 50000}, {"h200_sxm", 50000}}},
                   {"2025-07-22", {{"gb200_nvl72", 0}}}};
    const auto chips = choose_chips(frontier().site(one.site), overrides, warnings);
    ASSERT_EQ(chips.size(), one.phases.size()) << one.site;
    for (std::size_t p = 0; p < chips.size(); ++p) {
      ASSERT_EQ(chips[p].size(), one.phases[p].size()) << one.site << " phase " << p + 1;
      for (std::size_t l = 0; l < chips[p].size(); ++l) {
        EXPECT_EQ(chips[p][l].accelerator, one.phases[p][l].first)
            << one.site << " phase " << p + 1;
        EXPECT_NEAR(chips[p][l].count, one.phases[p][l].second, 1)
            << one.site << " phase " << p + 1;
      }
    }
  }
}

TEST(Epoch, new_albany_begins_with_v5p_and_ends_with_v7) {
  Diagnostics warnings;
  const auto chips = choose_chips(frontier().site("google-new-albany"), {}, warnings);
  EXPECT_EQ(chips.front()[0].accelerator, "tpu_v5p");
  EXPECT_NEAR(chips.front()[0].count, 51089, 0.5);
  EXPECT_NEAR(chips.front()[0].it_kw_each, 1.33, 0.005);
  EXPECT_EQ(chips.back()[0].accelerator, "tpu_v7");
  EXPECT_NEAR(chips.back()[0].count, 51799, 0.5);
}

TEST(Epoch, both_published_columns_are_reproduced) {
  for (const EpochSite& site : frontier().sites) {
    Diagnostics warnings;
    const auto chips = choose_chips(site, {}, warnings);
    for (const Phase& phase : site.phases) {
      double it_mw = 0, h100e = 0;
      for (const ChipLot& lot : chips[static_cast<std::size_t>(phase.number - 1)]) {
        it_mw += lot.count * lot.it_kw_each / 1000;
        h100e += lot.count * catalog::h100e(*catalog::find_accelerator(lot.accelerator));
      }
      EXPECT_NEAR(it_mw, phase.it_mw, 1e-9 * phase.it_mw) << site.name;
      if (phase.h100e > 0) {
        EXPECT_NEAR(h100e, phase.h100e, 1e-9 * phase.h100e) << site.name;
      }
    }
  }
}

TEST(Epoch, warnings_name_the_sites_whose_columns_disagree) {
  const EpochImport import = imported();
  std::map<std::string, int> by_code;
  bool cedar_rapids = false;
  for (const Diagnostic& warning : import.warnings) {
    ++by_code[warning.code];
    if (warning.code == "WS0403" && warning.message.find("Cedar Rapids") != std::string::npos)
      cedar_rapids |=
          warning.message.find(
              "2 of its values equal Microsoft Fairwater Wisconsin's to the last digit") !=
          std::string::npos;
  }
  EXPECT_TRUE(cedar_rapids);
  EXPECT_EQ(by_code["WS0407"], 1);  // EdgeCore Mesa PH03 has no row in the sites file
}

TEST(Epoch, texts_name_chips_and_links_and_units_do_not) {
  EXPECT_EQ(chips_named_in("25k H100s, 50 H100-equivalents"), std::vector<std::string>{"h100_sxm"});
  EXPECT_TRUE(
      chips_named_in("1,000 H100 equivalents; see [text](https://example.org/GB200)").empty());
  EXPECT_EQ(chips_named_in("NVIDIA GB200 racks"), std::vector<std::string>{"gb200_nvl72"});
  EXPECT_EQ(chips_named_in("[TPUs], and is likely"),
            (std::vector<std::string>{"tpu_v5p", "tpu_v7"}));
  EXPECT_EQ(chips_named_in("Blackwell servers").size(), 4u);
}

TEST(Epoch, names_are_lower_case_with_hyphens) {
  EXPECT_EQ(name_of("Google Pryor (North)"), "google-pryor-north");
  EXPECT_EQ(name_of("QTS Cedar Rapids"), "qts-cedar-rapids");
}

}  // namespace
}  // namespace warmshell::import
