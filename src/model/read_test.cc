#include "model/read.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "model/compile.h"
#include "model/read_testing.h"
#include "model/templates.h"
#include "text/portfolio_files.h"
#include "text/yaml.h"

namespace warmshell::model {
namespace {

using testing::read;
using testing::small;

namespace fs = std::filesystem;

const fs::path root = WARMSHELL_ROOT;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A folder that goes when the test is over.
struct Scratch {
  fs::path path;
  Scratch()
      : path(fs::temp_directory_path() / ("warmshell-read-test-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
  }
  ~Scratch() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }
};

TEST(ReadTest, every_example_and_each_of_its_scenarios_is_read_without_a_mistake) {
  int read_count = 0;
  for (const auto& entry : fs::directory_iterator(root / "examples")) {
    if (!fs::exists(entry.path() / "portfolio.yaml")) continue;
    SCOPED_TRACE(entry.path().filename().string());
    const auto plain = read_portfolio(entry.path().string());
    // Examples of replay have a file of that name, too: theirs are read elsewhere.
    if (!plain && !content(entry.path() / "portfolio.yaml").starts_with("portfolio:")) continue;
    ASSERT_TRUE(plain.has_value()) << render(plain.error());
    EXPECT_GT(compile(plain->portfolio).months, 0);
    ++read_count;
    for (const std::string& scenario : plain->scenarios) {
      const auto other = read_portfolio(entry.path().string(), scenario);
      EXPECT_TRUE(other.has_value()) << scenario << "\n" << render(other.error());
      if (other) {
        EXPECT_NE(other->inputs_sha256, plain->inputs_sha256) << scenario;
      }
    }
  }
  EXPECT_GE(read_count, 5);
}

TEST(ReadTest, dark_h100_is_the_case_of_the_brief) {
  const auto read = read_portfolio((root / "examples/dark-h100").string());
  ASSERT_TRUE(read.has_value());
  const Layout layout = compile(read->portfolio);
  ASSERT_EQ(layout.lots.size(), 1U);
  // G1: 25 BUSD at 47k all-in are 531,915 chips and need 970 MW.
  EXPECT_NEAR(layout.lots[0].count * read->portfolio.fleet.at("dark-h100").price.value.value, 25e9,
              47000);
  const double facility_mw =
      layout.lots[0].count * layout.lots[0].provisioned_kw * layout.halls[0].pue[0].peak / 1000;
  EXPECT_NEAR(facility_mw, 970, 0.5);
  EXPECT_LE(facility_mw, layout.sources[0].nameplate_mw);
  EXPECT_TRUE(layout.draws.empty());  // nothing is uncertain
  const int warm = find_gate(layout, "sites.quincy.halls.hall-1.shell.warm");
  const int delivered = find_gate(layout, "fleet.dark-h100.delivered");
  EXPECT_EQ(layout.gates[static_cast<std::size_t>(warm)].month -
                layout.gates[static_cast<std::size_t>(delivered)].month,
            18);
}

TEST(ReadTest, speed_earns_17_5_musd_a_month_and_loses_210_by_a_slip_of_a_year) {
  const auto six = read_portfolio((root / "examples/speed").string(), "six");
  const auto slip = read_portfolio((root / "examples/speed").string(), "slip");
  const auto late = read_portfolio((root / "examples/speed").string(), "twenty-four");
  ASSERT_TRUE(six && slip && late);
  const Hall& hall = six->portfolio.sites.at("columbus").halls.at("hall-1");
  const double rent = hall.it_power.value.value * hall.let->rent.value.value;
  EXPECT_DOUBLE_EQ(rent, 17.5e6);  // G3
  const auto energised = [](const ReadPortfolio& read) {
    const Layout layout = compile(read.portfolio);
    return layout.gates[static_cast<std::size_t>(layout.sources[0].gate)].month;
  };
  EXPECT_EQ(energised(*six), 6);
  EXPECT_EQ(energised(*late) - energised(*six), 18);  // G3
  EXPECT_DOUBLE_EQ((energised(*slip) - energised(*six)) * rent, 210e6);
}

TEST(ReadTest, reference_has_twenty_sites_and_is_what_its_script_writes) {
  const auto read = read_portfolio((root / "examples/reference").string());
  ASSERT_TRUE(read.has_value());
  const Layout layout = compile(read->portfolio);
  EXPECT_EQ(layout.sites.size(), 20U);
  EXPECT_EQ(layout.halls.size(), 40U);
  EXPECT_EQ(layout.classes.size(), 4U);
  EXPECT_EQ(layout.months, 120);
  EXPECT_EQ(layout.markets.size(), 2U);
  Scratch scratch;
  fs::copy_file(root / "examples/reference/make.py", scratch.path / "make.py");
  if (std::system(("python3 " + (scratch.path / "make.py").string()).c_str()) != 0)
    GTEST_SKIP() << "no python3";
  EXPECT_EQ(content(scratch.path / "portfolio.yaml"),
            content(root / "examples/reference/portfolio.yaml"));
}

TEST(ReadTest, a_value_keeps_its_source_and_tier) {
  const auto read = read_portfolio((root / "examples/neocloud").string());
  ASSERT_TRUE(read.has_value());
  const PowerSource& grid = read->portfolio.sites.at("quincy").power.at("grid-1");
  EXPECT_EQ(p50(grid.price.law.value), 68);
  EXPECT_EQ(grid.price.law.origin.source, "tariff sheet");
  EXPECT_EQ(grid.price.law.origin.tier, "T2");
  EXPECT_EQ(grid.price.law.origin.path, "sites.quincy.power.grid-1.price");
  const PowerSource& late = read->portfolio.sites.at("quincy").power.at("grid-2");
  EXPECT_EQ(late.loads.at("grid-west").value, 0.7);
  EXPECT_EQ(late.tranches.in_order[2].second.power.value.value, 40);
}

TEST(ReadTest, what_is_not_written_comes_from_the_catalogue_weakest_first) {
  const ReadPortfolio read_one = read(small);
  EXPECT_DOUBLE_EQ(read_one.portfolio.fleet.at("chips").price.value.value, 47000);
  EXPECT_EQ(read_one.portfolio.fleet.at("chips").price.origin.kind, Origin::Kind::catalogue);
  EXPECT_DOUBLE_EQ(read_one.portfolio.sites.at("here").pue.at(CoolingClass::air).peak.value, 1.3);
  ASSERT_FALSE(read_one.defaults_used.empty());
  EXPECT_EQ(read_one.defaults_used.front().tier, "GK");
  EXPECT_TRUE(read_one.defaults_used.back().tier.starts_with("T1"));
  EXPECT_EQ(read_one.portfolio.known_at->value, read_one.portfolio.start.value);
}

TEST(ReadTest, defaults_in_another_currency_are_turned) {
  std::string text = small;
  text.replace(text.find("horizon"), 0, "currency: CNY\nfx: {USD: 7.2 CNY}\n");
  EXPECT_DOUBLE_EQ(read(text).portfolio.fleet.at("chips").price.value.value, 47000 * 7.2);
}

TEST(ReadTest, a_market_takes_the_demand_of_its_unit_and_growth) {
  std::string text = small;
  text.replace(text.find("terms: on-demand"), 0, "demand: {now: 60k h100e, growth: 60 %/year}, ");
  const Layout layout = compile(read(text).portfolio);
  EXPECT_EQ(layout.markets[0].demand_now_h100e, 60000);
  EXPECT_DOUBLE_EQ(layout.markets[0].growth, 0.6);
  EXPECT_FALSE(layout.markets[0].unbounded);
  EXPECT_TRUE(compile(read(small).portfolio).markets[0].unbounded);
}

TEST(ReadTest, the_written_forms_of_a_date) {
  const auto energised = [](const std::string& form) {
    std::string text = small;
    text.replace(text.find("energised: 2025-03"), 18, "energised: " + form);
    return read(text).portfolio.sites.at("here").power.at("grid").energised->law.value;
  };
  EXPECT_TRUE(std::holds_alternative<FixedDate>(energised("2026-09-17")));
  EXPECT_TRUE(std::holds_alternative<FixedDate>(energised("{value: 2026-09, source: plan}")));
  EXPECT_TRUE(
      std::holds_alternative<LawDate>(energised("{uniform: {low: 2026-03, high: 2026-09}}")));
  const DateLaw planned = energised(
      "{planned: 2027-01-01, within: {by: 6 months, draw: phase, not_before: 2026-10}, "
      "remaining: {p10: 0.9, p50: 1.4, p90: 2.6}, draw: site-power}");
  const auto& plan = std::get<PlannedDate>(planned);
  EXPECT_EQ(plan.within.value, 6);
  EXPECT_EQ(plan.within_draw, "phase");
  EXPECT_EQ(date_text(plan.not_before), "2026-10");
  EXPECT_EQ(p50(*plan.remaining), 1.4);
  const DateLaw with = energised("{with: [sites.here.halls.hall, fleet.chips], offset: -2 months}");
  EXPECT_EQ(std::get<WithDate>(with).paths.size(), 2U);
  EXPECT_EQ(std::get<WithDate>(with).offset.value, -2);
}

TEST(ReadTest, a_stage_may_cost_something_of_its_own) {
  std::string text = small;
  text.replace(text.find("{warm: 2025-03}"), 15,
               "{cold: {date: 2025-03, capex: 2 MUSD/MW_it}, fitted_power: {after: 7 months, "
               "capex: 1 MUSD/MW_it}}");
  const Hall hall = read(text).portfolio.sites.at("here").halls.at("hall");
  EXPECT_DOUBLE_EQ(hall.shell->cold->capex->value.value, 2e6);
  EXPECT_DOUBLE_EQ(hall.shell->fitted_power->capex->value.value, 1e6);
  EXPECT_FALSE(hall.shell->capex.has_value());
  // shells.csv, d_warm: nine months from the stage before.
  EXPECT_EQ(p50(std::get<AfterDate>(hall.shell->warm->date.law.value).months), 9);
}

TEST(ReadTest, lots_and_sites_may_come_from_tables) {
  Scratch scratch;
  scratch.write("portfolio.yaml",
                "portfolio: Tables\nstart: 2026-01\nhorizon: 2 years\nsites: {from: sites.csv}\n"
                "fleet: {from: lots.csv}\nmarkets: {cloud: {terms: on-demand}}\n");
  scratch.write("sites.csv",
                "name,halls.main.it_power,halls.main.cooling,halls.main.shell.warm,"
                "power.grid.kind,power.grid.power,power.grid.energised\n"
                "here,36 MW_it,air,2025-03,grid,45 MW_facility,2025-03\n");
  scratch.write("lots.csv",
                "name,accelerator,count,delivered,site\na,h100_sxm,8k,2025-06,here\n"
                "b,h200_sxm,4k,2025-09,here\n");
  const auto read_tables = read_portfolio(scratch.path.string());
  ASSERT_TRUE(read_tables.has_value()) << render(read_tables.error());
  EXPECT_EQ(read_tables->portfolio.fleet.at("b").count.value.value, 4000);
  EXPECT_EQ(read_tables->portfolio.sites.at("here").halls.at("main").it_power.value.value, 36);
}

TEST(ReadTest, settings_are_laid_over_and_change_the_hash) {
  const std::string path = (root / "examples/neocloud").string();
  const auto plain = read_portfolio(path);
  const auto set = read_portfolio(path, "", {"fleet.gb300.count=7200"});
  ASSERT_TRUE(plain && set);
  EXPECT_EQ(set->portfolio.fleet.at("gb300").count.value.value, 7200);
  EXPECT_EQ(set->portfolio.fleet.at("gb300").count.origin.kind, Origin::Kind::flag);
  EXPECT_NE(plain->inputs_sha256, set->inputs_sha256);
  EXPECT_EQ(plain->inputs_sha256, read_portfolio(path)->inputs_sha256);
}

TEST(ReadTest, an_interest_rate_is_by_the_year_without_saying_so) {
  EXPECT_DOUBLE_EQ(read(small + "finance: {wacc: 12 %}\n").portfolio.finance.wacc.value.value,
                   0.12);
  EXPECT_DOUBLE_EQ(read(small + "finance: {wacc: {value: 9 %/year, tier: T1}}\n")
                       .portfolio.finance.wacc.value.value,
                   0.09);
}

TEST(ReadTest, debt_and_tax_are_listed_as_not_yet_valued) {
  const auto read_one = read_portfolio((root / "examples/neocloud").string());
  ASSERT_TRUE(read_one.has_value());
  EXPECT_EQ(read_one->not_yet_valued, (std::vector<std::string>{"debt.ddtl", "finance.tax"}));
}

// Everything of a layout that a path could see, as text.
std::string picture(const Layout& layout) {
  std::ostringstream out;
  out.precision(17);
  for (const Gate& gate : layout.gates)
    out << gate.id << ' ' << static_cast<int>(gate.kind) << ' ' << gate.month << ' ' << gate.draw
        << ' ' << gate.follows << ' ' << gate.completes << '\n';
  for (const Draw& draw : layout.draws) out << draw.name << ' ' << draw.own << '\n';
  for (const LayoutHall& hall : layout.halls) out << hall.path << ' ' << hall.it_mw << '\n';
  for (const LayoutSource& source : layout.sources) {
    out << source.path << ' ' << source.firm_share << ' ' << source.bridge_until;
    for (double mw : source.tranche_mw) out << ' ' << mw;
    out << '\n';
  }
  for (const LayoutLot& lot : layout.lots) {
    out << lot.path << ' ' << lot.count << ' ' << lot.provisioned_kw;
    for (int hall : lot.halls) out << ' ' << hall;
    out << '\n';
  }
  for (const LayoutMarket& market : layout.markets)
    out << market.path << ' ' << market.growth << '\n';
  return out.str();
}

void reverse_keys(text::Node& node) {
  for (text::Entry& entry : node.entries)
    if (entry.key != "tranches") reverse_keys(entry.value);
  std::reverse(node.entries.begin(), node.entries.end());
}

TEST(ReadTest, order_of_keys_in_the_file_is_irrelevant) {
  for (const char* name : {"neocloud", "zhisuan", "reference"}) {
    auto files = text::load_portfolio((root / "examples" / name).string());
    ASSERT_TRUE(files.has_value());
    const auto forwards = read_portfolio(files->tree, &files->folder);
    reverse_keys(files->tree);
    const auto backwards = read_portfolio(files->tree, &files->folder);
    ASSERT_TRUE(forwards && backwards);
    EXPECT_EQ(picture(compile(forwards->portfolio)), picture(compile(backwards->portfolio)));
  }
}

std::string default_of(const ReadPortfolio& one, const std::string& path) {
  for (const DefaultUsed& used : one.defaults_used)
    if (used.path == path) return used.value + " | " + used.tier;
  return "";
}

TEST(ReadTest, what_the_catalogue_says_of_things_is_told_with_the_defaults) {
  const ReadPortfolio one = read(small);
  // accelerators.csv: 1.275 kW at the server, 41 kW of 32
  EXPECT_EQ(default_of(one, "accelerators.h100_sxm"),
            "1.275 kW each, rack of 32 at 41 kW, 1 h100e | T1/T2");
  EXPECT_EQ(default_of(one, "utilisation.net_overhead"), "10 % on server kW | GK");
  EXPECT_EQ(default_of(one, "conventions.peak_over_server"), "1.1 x server kW | rule");
  EXPECT_EQ(default_of(one, "conventions.idle_over_peak"), "25 % of peak kW | rule");
  // shells.csv: 1.5 cold and 1.5 powered, 8 to fit out an air hall, 11 a liquid one
  EXPECT_EQ(default_of(one, "shells.structure.air"),
            "27.3 % of a shell's cost, the rest is plant | GK");
  EXPECT_EQ(default_of(one, "shells.structure.liquid"), "");
  EXPECT_FALSE(default_of(one, "sites.here.pue.air.annual").empty());
}

TEST(ReadTest, what_is_overridden_is_not_told_with_the_defaults) {
  std::string text = small;
  text.replace(text.find("site: here}"), 11, "site: here, it_power_each: 1.5 kW}");
  text.replace(text.find("{warm: 2025-03}"), 15, "{warm: 2025-03, capex: 0 USD/MW_it}");
  text.replace(text.find("cooling: air"), 12, "cooling: air, pue: {peak: 1.25, annual: 1.2}");
  const ReadPortfolio one = read(text);
  EXPECT_EQ(default_of(one, "accelerators.h100_sxm"), "rack of 32 at 41 kW, 1 h100e | T1/T2");
  for (const char* path :
       {"utilisation.net_overhead", "conventions.peak_over_server", "shells.structure.air",
        "sites.here.pue.air.annual", "sites.here.pue.air.peak"})
    EXPECT_EQ(default_of(one, path), "") << path;
  EXPECT_EQ(default_of(one, "conventions.idle_over_peak"), "25 % of peak kW | rule");
}

TEST(ReadTest, the_reference_page_says_where_each_default_comes_from) {
  const std::string page = portfolio_reference_page();
  const auto cell = [&](const std::string& section, const std::string& key) {
    const std::size_t begin = page.find("\n## " + section + "\n");
    std::size_t at = page.find("\n| `" + key + "` | ", begin);
    EXPECT_NE(at, std::string::npos) << section << ' ' << key;
    at = page.find(" | ", page.find(" | ", at) + 3) + 3;
    return page.substr(at, page.find(" | ", at) - at);
  };
  EXPECT_EQ(cell("finance", "wacc"), "`12 %/year`: `finance.wacc_neo`");
  EXPECT_EQ(cell("finance", "book_life"),
            "`72 months`: `depreciation.coreweave/technology-equipment`");
  EXPECT_EQ(cell("portfolio", "known_at"), "`start`");
  EXPECT_EQ(cell("portfolio", "currency"), "`USD`");
  EXPECT_EQ(cell("site", "install"), "nothing");
  EXPECT_EQ(cell("power-source", "price"),
            "catalogue, by kind: `power_sources.ind_power`, `power_sources.rental_turbine_lcoe`, "
            "`power_sources.aero_hr x gas_price`, ...");
  EXPECT_EQ(page.find("|  |"), std::string::npos) << "a cell is empty";
  EXPECT_NE(page.find("GK general knowledge, unverified"), std::string::npos);
}

TEST(ReadTest, templates_are_read_without_a_mistake) {
  for (const Template& each : templates()) {
    Scratch scratch;
    for (const Template::File& file : each.files)
      scratch.write(std::string(file.name), std::string(file.text));
    const auto result = read_portfolio(scratch.path.string());
    EXPECT_TRUE(result.has_value()) << render(result.error());
    if (result) {
      EXPECT_TRUE(result->diagnostics.empty()) << render(result->diagnostics);
    }
  }
}

TEST(SchemaTest, every_reference_of_the_schema_is_defined) {
  const nlohmann::json schema = nlohmann::json::parse(portfolio_schema());
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  std::set<std::string> wanted;
  const auto collect = [&](const auto& self, const nlohmann::json& node) -> void {
    if (node.is_object() && node.contains("$ref") && node["$ref"].is_string())
      wanted.insert(node["$ref"].get<std::string>());
    if (node.is_structured())
      for (const auto& child : node) self(self, child);
  };
  collect(collect, schema);
  EXPECT_TRUE(wanted.count("#/definitions/hall"));
  for (const std::string& each : wanted)
    EXPECT_TRUE(schema["definitions"].contains(each.substr(14))) << each;
}

TEST(SchemaTest, the_reference_page_is_up_to_date) {
  const fs::path page = root / "docs/reference.md";
  if (std::getenv("WARMSHELL_ACCEPT") != nullptr) {
    fs::create_directories(page.parent_path());
    std::ofstream(page, std::ios::binary) << portfolio_reference_page();
  }
  EXPECT_EQ(content(page), portfolio_reference_page())
      << "run test_model with WARMSHELL_ACCEPT=1 in the environment and look at the difference";
}

}  // namespace
}  // namespace warmshell::model
