#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "catalog/print.h"
#include "catalog/raw_table.h"

namespace warmshell::catalog {
namespace {

constexpr TableName every_table[] = {
    TableName::power_sources, TableName::shells,  TableName::rental_prices, TableName::depreciation,
    TableName::queue_stats,   TableName::finance, TableName::utilisation,   TableName::conventions};

const Accelerator& chip(const char* id) {
  const Accelerator* found = find_accelerator(id);
  if (found == nullptr) throw std::runtime_error(id);
  return *found;
}

double base_of(TableName table, const char* id) {
  return range(*find_fact(table, id)).value;
}

TEST(Catalog, every_accelerator_reads_whole) {
  ASSERT_EQ(accelerators().size(), 25u);  // rows of accelerators.csv
  for (const Accelerator& a : accelerators()) {
    SCOPED_TRACE(a.id);
    EXPECT_FALSE(a.line.empty());
    EXPECT_GT(a.generation, 0);
    EXPECT_LT(a.available, never);
    EXPECT_GT(a.server_kw, 0);
    EXPECT_GT(h100e(a), 0);
    EXPECT_TRUE(a.air || a.liquid);
    EXPECT_GE(a.accelerators_per_rack, 1);
    for (const Range& r : {a.rack_kw, a.chip_usd, a.all_in_usd}) {
      EXPECT_GT(r.low, 0);
      EXPECT_LE(r.low, r.value);
      EXPECT_LE(r.value, r.high);
    }
    EXPECT_FALSE(a.source_specs.empty());
    EXPECT_LT(tier_rank(a.tier), 7);
  }
}

TEST(Catalog, every_fact_reads_and_its_id_is_its_own) {
  const std::size_t rows[] = {70, 42, 33, 26, 36, 33, 19};  // data rows of the seven files
  for (std::size_t t = 0; t < std::size(every_table); ++t) {
    const auto table = facts(every_table[t]);
    if (t < std::size(rows)) {
      EXPECT_EQ(table.size(), rows[t]);
    }
    std::set<std::string> ids;
    for (const Fact& fact : table) {
      SCOPED_TRACE(std::string(table_text(every_table[t])) + "." + fact.id);
      EXPECT_TRUE(ids.insert(fact.id).second);
      EXPECT_TRUE(fact.low || fact.value || fact.high);
      const Range r = range(fact);
      EXPECT_LE(r.low, r.value);
      EXPECT_LE(r.value, r.high);
      EXPECT_FALSE(fact.source.empty());
      EXPECT_LT(tier_rank(fact.tier), 7);
    }
  }
}

TEST(Catalog, every_default_resolves_to_a_row) {
  const RawTable& table = raw_table("defaults");
  ASSERT_GT(table.rows.size(), 50u);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    SCOPED_TRACE(table.text(row, "path") + " " + table.text(row, "when"));
    const bool own_row = table.text(row, "table") == "accelerators";
    const auto found = find_default(table.text(row, "path"), table.text(row, "region"),
                                    own_row ? "h100_sxm" : table.text(row, "when"));
    ASSERT_TRUE(found);
    if (!own_row) {
      EXPECT_EQ(found->row, table.text(row, "row"));
    }
    EXPECT_LE(found->value.low, found->value.value);
    EXPECT_LE(found->value.value, found->value.high);
    EXPECT_FALSE(found->source.empty());
    EXPECT_LT(tier_rank(found->tier), 7);
  }
}

TEST(Catalog, a_default_follows_region_then_parent_then_everywhere) {
  const auto months = [](const char* region) {
    return find_default("sites.ashburn.power.grid-1.lead_time", region, "grid")->value.value;
  };
  EXPECT_EQ(months("us-va"), 84);
  EXPECT_EQ(months("us-wa"), 48);  // us
  EXPECT_EQ(months("usx"), 48);    // everywhere: no parent by letters alone
  EXPECT_EQ(find_default("sites.a.power.b.lead_time", "us-va", "grid")->row, "grid_nova");
  EXPECT_FALSE(find_default("sites.a.power.lead_time", "us-va", "grid"));
  EXPECT_FALSE(find_default("sites.a.power.b.lead_time", "us-va"));
}

TEST(Catalog, a_default_in_another_unit_is_converted) {
  // shells.rent 1.65 MUSD/MW-yr = 137.5 USD/kW-month, as its note says
  const auto rent = find_default("sites.q.halls.h.tenure.leased.rent");
  EXPECT_NEAR(rent->value.value, 137500, 1e-6);
  EXPECT_EQ(rent->unit, "USD/MW_it-month");
  // 8,500 Btu/kWh x 4.2 USD/MMBtu = 35.7 USD/MWh of fuel; the weaker tier counts
  const auto fuel = find_default("sites.q.power.gas.price", "*", "recip_gas");
  EXPECT_NEAR(fuel->value.value, 35.7, 1e-9);
  EXPECT_EQ(fuel->tier, "GK");
  EXPECT_EQ(find_default("fleet.lot.price", "*", "h100_sxm")->value.value, 47000);
  EXPECT_FALSE(find_default("fleet.lot.price", "*", "abacus"));
}

TEST(Catalog, kilowatt_conventions_are_the_written_ones) {
  const Accelerator& h100 = chip("h100_sxm");
  EXPECT_NEAR(peak_kw(h100) / h100.server_kw, base_of(TableName::conventions, "peak_over_server"),
              1e-12);
  EXPECT_NEAR(idle_kw(h100) / peak_kw(h100), base_of(TableName::conventions, "idle_over_peak"),
              1e-12);
  EXPECT_NEAR(provisioned_kw(h100, 0.2), 1.275 * 1.1 * 0.8, 1e-12);
  EXPECT_NEAR(h100e(h100), 1, 1e-12);
  EXPECT_NEAR(h100e(chip("a100_80")), 624.0 / 1979, 1e-12);  // INT8: no FP8
  EXPECT_NEAR(h100e(chip("v100_32")), 125.0 / 1979, 1e-12);  // FP16: neither
}

// brief.md, G2, with the stated PUE of 1.30 and 1.16.
TEST(Catalog, G2_power_of_a_hundred_thousand_chips) {
  const double h100_mw = provisioned_kw(chip("h100_sxm")) * 1.30 / 1000;
  const double gb200_mw = provisioned_kw(chip("gb200_nvl72")) * 1.16 / 1000;
  EXPECT_EQ(std::round(100e3 * h100_mw), 182);
  EXPECT_EQ(std::round(100e3 * gb200_mw), 234);
  EXPECT_EQ(std::round(500 / gb200_mw / 1000), 214);
  EXPECT_EQ(std::round(1 / h100_mw), 548);
  EXPECT_EQ(std::round(1 / gb200_mw), 428);
  EXPECT_EQ(find_default("sites.q.pue.air.peak")->value.value, 1.30);
  EXPECT_EQ(find_default("sites.q.pue.liquid.peak")->value.value, 1.16);
}

// brief.md, G1: 531,915 H100 at 47k all-in need 970 MW of facility power.
TEST(Catalog, G1_chips_and_megawatts_of_25_billion) {
  const double count = 25e9 / chip("h100_sxm").all_in_usd.value;
  EXPECT_EQ(std::round(count), 531915);
  EXPECT_EQ(std::round(count * provisioned_kw(chip("h100_sxm")) * 1.30 / 1000), 970);
}

// brief.md, G5: Kyber over one DGX A100 per rack (6.5 kW = 8 servers' accelerators) and over four.
TEST(Catalog, G5_rack_density_over_ampere) {
  const double kyber = chip("rubin_ultra_nvl576").rack_kw.value;
  const double four_per_rack = chip("a100_40").rack_kw.value;
  EXPECT_EQ(std::round(kyber / four_per_rack), 23);
  EXPECT_EQ(std::round(kyber / (four_per_rack / 4)), 92);
}

TEST(Catalog, residual_curve_falls_from_one) {
  const ResidualCurve& curve = residual_curve();
  ASSERT_EQ(curve.by_year.size(), 6u);
  EXPECT_EQ(curve.by_year[0].value, 1);
  EXPECT_EQ(curve.by_year[1].value, 0.625);
  for (std::size_t year = 1; year < curve.by_year.size(); ++year)
    EXPECT_LT(curve.by_year[year].value, curve.by_year[year - 1].value);
  EXPECT_EQ(curve.step_at_next_generation.value, 0.25);
}

TEST(Catalog, the_weakest_part_of_a_tier_counts) {
  EXPECT_LT(tier_rank("T1"), tier_rank("T2"));
  EXPECT_LT(tier_rank("T3"), tier_rank("GK"));
  EXPECT_EQ(tier_rank("T1/GK"), tier_rank("GK"));
  EXPECT_EQ(tier_rank("nonsense"), 7);
  EXPECT_EQ(tier_rank(""), 7);
}

TEST(Catalog, every_table_prints_in_each_form) {
  for (const std::string& name : printable_tables()) {
    SCOPED_TRACE(name);
    EXPECT_FALSE(print_table(name, "", PrintFormat::text)->empty());
    const auto json = nlohmann::json::parse(*print_table(name, "", PrintFormat::json));
    EXPECT_EQ(json.at("rows").size(), raw_table(name).rows.size());
  }
  const auto json = nlohmann::json::parse(*print_table("accelerators", "GB200", PrintFormat::json));
  ASSERT_EQ(json.at("rows").size(), 1u);  // notes that name it do not count
  EXPECT_EQ(json.at("rows")[0].at("id"), "gb200_nvl72");
  EXPECT_EQ(json.at("rows")[0].at("it_kw_per_accel"), 1.83);
}

TEST(Catalog, csv_form_gives_the_file_back) {
  const std::string csv = *print_table("shells", "cold_shell", PrintFormat::csv);
  EXPECT_EQ(csv,
            "id,item,metric,low,value,high,unit,source,tier,note\n"
            "cold_shell,\"Cold shell (land, structure, skin)\",capex,0.8,1.5,2.5,MUSD/MW,\"general "
            "knowledge, unverified\",GK,state: COLD\n");
}

TEST(Catalog, an_unknown_table_suggests_the_nearest) {
  const auto wrong = print_table("accelerator", "", PrintFormat::text);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error()[0].code, "WS0050");
  EXPECT_NE(wrong.error()[0].help.find("did you mean `accelerators`?"), std::string::npos);
}

}  // namespace
}  // namespace warmshell::catalog
