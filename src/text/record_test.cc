#include "text/record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/reference.h"
#include "text/testing.h"
#include "text/yaml.h"

namespace warmshell::text {

enum class TestCooling { air, liquid };
template <>
struct Choices<TestCooling> {
  static constexpr std::array all{choice(TestCooling::air, "air", "a cold aisle"),
                                  choice(TestCooling::liquid, "liquid", "a loop to the chip")};
};

struct TestOwned {};
struct TestLeased {
  MoneyPerItMwMonth rent;
};
struct TestAfter {
  Months after;
};
struct TestLuck {
  std::map<std::string, double> loads;
};
struct TestHall {
  Origin origin;
  Given<ItMw> it_power;
  std::vector<TestCooling> cooling;
  std::optional<Kilowatts> max_rack;
  std::variant<TestOwned, TestLeased> tenure;
  std::variant<TestAfter, Date> warm;
  Fraction outage;
  TestLuck luck;
  std::optional<Link> until;
  double rent_per_mw = 0;
  std::map<TestCooling, double> pue;
};
struct TestSite {
  std::map<std::string, TestHall> halls;
};

template <>
struct Description<TestOwned> {
  static const Record<TestOwned>& get() {
    static const auto record = Record<TestOwned>("owned", "Built and owned.");
    return record;
  }
};
template <>
struct Description<TestLeased> {
  static const Record<TestLeased>& get() {
    static const auto record = Record<TestLeased>("leased", "Rented from somebody.")
                                   .field("rent", &TestLeased::rent, "What it costs.", required,
                                          at_least(0), example("175 USD/kW_it-month"));
    return record;
  }
};
template <>
struct Description<TestAfter> {
  static const Record<TestAfter>& get() {
    static const auto record = Record<TestAfter>("after", "So long after the stage before.")
                                   .field("after", &TestAfter::after, "How long.", required)
                                   .recognised_by("after");
    return record;
  }
};
template <>
struct Description<TestLuck> {
  static const Record<TestLuck>& get() {
    static const auto record = Record<TestLuck>("luck", "Shared luck.")
                                   .field("loads", &TestLuck::loads, "Loads on factors.");
    return record;
  }
};
template <>
struct Description<TestHall> {
  static const Record<TestHall>& get() {
    static const auto record =
        Record<TestHall>("hall", "One room with one cooling class.")
            .field("it_power", &TestHall::it_power, "Critical IT power of the room.", required,
                   more_than(0), example("36 MW_it"))
            .field("cooling", &TestHall::cooling, "Cooling it offers.", required)
            .field("max_rack", &TestHall::max_rack, "Densest rack that it takes.", example("45 kW"))
            .field("tenure", &TestHall::tenure, "Owned or leased.", fallback("owned"))
            .field("warm", &TestHall::warm, "When it is warm.", optional)
            .field("outage", &TestHall::outage, "Share of time.", fallback("8 %"), at_least(0),
                   less_than(1))
            .field("until", &TestHall::until, "A source.", names("power"))
            .field_as<MoneyPerItMw>(
                "capex", [](TestHall& h, MoneyPerItMw&& m) { h.rent_per_mw = m.value; }, "Cost.",
                optional)
            .field("pue", &TestHall::pue, "By class.")
            .include(&TestHall::luck)
            .check([](const TestHall& hall, const Node&, Reader& reader) {
              if (hall.luck.loads.size() > 1)
                reader.error("WS0399", hall.origin.place, "too many loads");
            });
    return record;
  }
};
template <>
struct Description<TestSite> {
  static const Record<TestSite>& get() {
    static const auto record = Record<TestSite>("site", "A place with halls.")
                                   .field("halls", &TestSite::halls, "Its halls.");
    return record;
  }
};

namespace {

struct Read {
  std::optional<TestSite> site;
  Diagnostics diagnostics;
};

Read read(const std::string& yaml, Currencies currencies = {}) {
  Read result;
  auto tree = read_yaml("site.yaml", yaml);
  if (!tree) {
    result.diagnostics = tree.error();
    return result;
  }
  Reader reader(result.diagnostics, std::move(currencies));
  result.site = read_record<TestSite>(*tree, reader);
  order_by_place(result.diagnostics);
  return result;
}

std::string told(const std::string& yaml) {
  return render(read(yaml).diagnostics);
}

TEST(record, a_full_hall_is_read) {
  const Read got = read(R"(halls:
  hall-1:
    it_power: {value: 36 MW_it, source: "survey", tier: T2}
    cooling: [air, liquid]
    max_rack: 45 kW
    tenure: {leased: {rent: 175 USD/kW_it-month}}
    warm: 2026-09
    loads: {grid-west: 0.7}
    capex: 15 MUSD/MW_it
    pue: {air: 1.3}
)");
  ASSERT_TRUE(got.site) << render(got.diagnostics);
  const TestHall& hall = got.site->halls.at("hall-1");
  EXPECT_EQ(hall.origin.path, "halls.hall-1");
  EXPECT_EQ(hall.origin.place.span().line, 2);
  EXPECT_EQ(hall.it_power->value, 36.0);
  EXPECT_EQ(hall.it_power.origin.source, "survey");
  EXPECT_EQ(hall.it_power.origin.tier, "T2");
  EXPECT_EQ(hall.it_power.origin.path, "halls.hall-1.it_power");
  EXPECT_EQ(hall.it_power.origin.place.span().column, 23);
  EXPECT_EQ(hall.cooling, (std::vector{TestCooling::air, TestCooling::liquid}));
  EXPECT_EQ(hall.max_rack, Kilowatts(45));
  EXPECT_EQ(std::get<TestLeased>(hall.tenure).rent.value, 175000.0);
  EXPECT_EQ(std::get<Date>(hall.warm), *parse_date("2026-09"));
  EXPECT_EQ(hall.outage, Fraction(0.08));
  EXPECT_EQ(hall.luck.loads.at("grid-west"), 0.7);
  EXPECT_EQ(hall.rent_per_mw, 15e6);
  EXPECT_EQ(hall.pue.at(TestCooling::air), 1.3);
}

TEST(record, all_mistakes_are_told_at_once_each_at_its_place) {
  EXPECT_EQ(told(R"(halls:
  hall-1:
    it_pwer: 36 MW_it
    cooling: water
    max_rack: 45 kg
    tenure: rented
    warm: {before: 3 months}
    outage: 100 %
    until: [a]
    loads: {West: 0.1}
    pue: {air: much}
  hall-2: [1, 2]
hals: {}
)"),
            R"(site.yaml:3:5: error[WS0201]: unknown key `it_pwer` in this hall
 3 |     it_pwer: 36 MW_it
   |     ^^^^^^^
   help: did you mean `it_power`?
site.yaml:4:14: error[WS0211]: `water` is not one of `air` or `liquid`
 4 |     cooling: water
   |              ^^^^^
site.yaml:5:18: error[WS0205]: unknown unit `kg`: expected a power of one rack or accelerator like `45 kW`
 5 |     max_rack: 45 kg
   |                  ^^
   help: did you mean `kW`?
site.yaml:6:13: error[WS0218]: expected `owned` or `{leased: ...}`, found `rented`
 6 |     tenure: rented
   |             ^^^^^^
site.yaml:7:11: error[WS0218]: expected `{after: ...}` or a date like `2026-09` or `2026-09-17`, found a map with `before`
 7 |     warm: {before: 3 months}
   |           ^^^^^^^^^^^^^^^^^^
site.yaml:8:13: error[WS0209]: outage must be less than 100 %
 8 |     outage: 100 %
   |             ^^^^^
site.yaml:9:12: error[WS0203]: expected a name, found a list
 9 |     until: [a]
   |            ^^^
site.yaml:10:13: error[WS0212]: `West` is not a name
 10 |     loads: {West: 0.1}
    |             ^^^^
   help: write `west`: names have lower-case letters, digits, `-` and `_`
site.yaml:11:16: error[WS0207]: `much` is not a number: expected a number like `1.16`
 11 |     pue: {air: much}
    |                ^^^^
site.yaml:12:11: error[WS0203]: expected a map for this hall, found a list
 12 |   hall-2: [1, 2]
    |           ^^^^^^
   help: write `key: value` lines below it, or `{key: value, ...}`
site.yaml:13:1: error[WS0201]: unknown key `hals` in this site
 13 | hals: {}
    | ^^^^
   help: did you mean `halls`?
)");
}

TEST(record, money_in_another_currency_is_converted_or_asks_for_its_rate) {
  const std::string yaml = "halls: {h: {it_power: 1 MW_it, cooling: air, capex: 15 MUSD/MW_it}}\n";
  Currencies currencies{"CNY", {{"USD", 7.2}}};
  EXPECT_EQ(read(yaml, currencies).site->halls.at("h").rent_per_mw, 15e6 * 7.2);
  EXPECT_EQ(render(read(yaml, Currencies{"CNY", {}}).diagnostics),
            R"(site.yaml:1:53: error[WS0217]: no exchange rate for USD
 1 | halls: {h: {it_power: 1 MW_it, cooling: air, capex: 15 MUSD/MW_it}}
   |                                                     ^^^^^^^^^^^^^
   help: write `fx: {USD: ... CNY}` at the top of the portfolio
)");
}

TEST(record, null_and_nothing_count_as_not_written) {
  EXPECT_TRUE(read("halls:\n").site);
  EXPECT_TRUE(read("").site);
  const Read got = read(
      "halls: {h: {it_power: 1 MW_it, cooling: air, max_rack: null, outage: ~}, gone: null}\n");
  ASSERT_TRUE(got.site) << render(got.diagnostics);
  EXPECT_EQ(got.site->halls.size(), 1u);
  EXPECT_FALSE(got.site->halls.at("h").max_rack);
  EXPECT_EQ(got.site->halls.at("h").outage, Fraction(0.08));
}

TEST(record, a_fallback_says_where_it_comes_from) {
  const Read got = read("halls: {h: {it_power: 1 MW_it, cooling: air}}\n");
  EXPECT_EQ(got.site->halls.at("h").it_power.origin.kind, Origin::Kind::file);
  Diagnostics out;
  Reader reader(out);
  EXPECT_EQ(reader.origin_of(make_scalar("8 %")).kind, Origin::Kind::fallback);
}

TEST(record, provenance_is_checked) {
  const auto told_of = [](const std::string& value) {
    return told("halls: {h: {cooling: air, it_power: " + value + "}}\n");
  };
  EXPECT_EQ(told_of("{value: 36 MW_it, sorce: me}"),
            R"(site.yaml:1:55: error[WS0214]: unknown key `sorce` beside `value`
 1 | halls: {h: {cooling: air, it_power: {value: 36 MW_it, sorce: me}}}
   |                                                       ^^^^^
   help: did you mean `source`?
)");
  EXPECT_EQ(told_of("{value: {value: 36 MW_it}}"),
            R"(site.yaml:1:45: error[WS0214]: a value with provenance inside another
 1 | halls: {h: {cooling: air, it_power: {value: {value: 36 MW_it}}}}
   |                                             ^^^^^^^^^^^^^^^^^
   help: keep one of the two
)");
  EXPECT_EQ(told_of("{value: }"),
            R"(site.yaml:1:45: error[WS0214]: nothing stands after `value:`
 1 | halls: {h: {cooling: air, it_power: {value: }}}
   |                                             ^
   help: write the value
)");
  EXPECT_EQ(told_of("{value: 0 MW_it, source: x}"),
            R"(site.yaml:1:45: error[WS0209]: it_power must be more than 0 MW_it
 1 | halls: {h: {cooling: air, it_power: {value: 0 MW_it, source: x}}}
   |                                             ^^^^^^^
)");
}

TEST(record, the_caret_stands_under_the_wrong_part_of_a_quoted_text) {
  EXPECT_EQ(
      told("halls: {h: {cooling: air, it_power: \"36 MW\"}}\n"),
      R"(site.yaml:1:41: error[WS0206]: `MW` may mean power at the meter or at the rack: expected a power at the rack like `36 MW_it`
 1 | halls: {h: {cooling: air, it_power: "36 MW"}}
   |                                         ^^
   help: write `MW_it`, here the power at the rack; facility = IT x PUE
)");
}

TEST(record, a_check_of_the_whole_record_runs_when_its_fields_are_good) {
  EXPECT_EQ(told("halls: {h: {cooling: air, it_power: 1 MW_it, loads: {a: 1, b: 2}}}\n"),
            R"(site.yaml:1:9: error[WS0399]: too many loads
 1 | halls: {h: {cooling: air, it_power: 1 MW_it, loads: {a: 1, b: 2}}}
   |         ^
)");
}

TEST(record, mistakes_beyond_a_hundred_are_counted_not_told) {
  std::string yaml;
  for (int i = 0; i < 5000; ++i) yaml += "k" + std::to_string(i) + ": 1\n";
  const Read got = read(yaml);
  EXPECT_EQ(got.diagnostics.size(), 101u);
  EXPECT_FALSE(got.site);
  EXPECT_EQ(std::count_if(got.diagnostics.begin(), got.diagnostics.end(),
                          [](const Diagnostic& d) { return d.code == "WS0200"; }),
            1);
}

TEST(record, names_are_resolved_with_a_suggestion) {
  const auto told_of = [](const std::string& name, const std::vector<std::string>& known) {
    Diagnostics out;
    resolve(Link{name, "fleet.x.site", {}}, known, "site", out);
    return render(out);
  };
  EXPECT_EQ(told_of("quincy", {"abilene", "quincy"}), "");
  EXPECT_EQ(told_of("qincy", {"abilene", "quincy"}),
            "error[WS0213]: there is no site called `qincy`\n   help: did you mean `quincy`?\n");
  EXPECT_EQ(
      told_of("elsewhere", {"abilene", "quincy"}),
      "error[WS0213]: there is no site called `elsewhere`\n   help: there are: abilene, quincy\n");
  EXPECT_EQ(
      told_of("quincy", {}),
      "error[WS0213]: there is no site called `quincy`\n   help: no site is written at all\n");
}

TEST(record, currencies_are_read_before_everything_else) {
  const auto read_from = [](const std::string& yaml) {
    Diagnostics out;
    const Currencies currencies = read_currencies(*read_yaml("p.yaml", yaml), out);
    return std::pair(currencies, render(out));
  };
  const auto good =
      read_from("currency: CNY\nfx: {USD: 7.2 CNY, EUR: {value: 8 CNY, source: bank}}\n");
  EXPECT_EQ(good.second, "");
  EXPECT_EQ(good.first.portfolio, "CNY");
  EXPECT_EQ(good.first.factor("USD"), 7.2);
  EXPECT_EQ(good.first.factor("EUR"), 8.0);
  EXPECT_EQ(good.first.factor("CNY"), 1.0);
  EXPECT_EQ(good.first.factor("JPY"), std::nullopt);
  EXPECT_EQ(
      read_from(
          "currency: yuan\nfx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}\n")
          .second,
      R"(p.yaml:1:11: error[WS0217]: a currency is three capitals like `USD`
 1 | currency: yuan
   |           ^^^^
p.yaml:2:6: error[WS0217]: `usd` is not a currency: three capitals like `USD`
 2 | fx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}
   |      ^^^
p.yaml:2:23: error[WS0209]: a rate must be more than 0
 2 | fx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}
   |                       ^^^^^
p.yaml:2:35: error[WS0217]: a rate is given in the portfolio's currency, USD
 2 | fx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}
   |                                   ^^^^^
   help: write what one GBP is worth in USD
p.yaml:2:47: error[WS0204]: `3` has no unit: expected an amount of money like `47k USD`
 2 | fx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}
   |                                               ^
   help: units here: USD, or another currency in three capitals
p.yaml:2:50: error[WS0217]: USD is the portfolio's own currency
 2 | fx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}
   |                                                  ^^^
   help: remove this rate
p.yaml:2:67: error[WS0203]: expected a rate like `7.2 USD`, found a list
 2 | fx: {usd: 1 USD, EUR: 0 USD, GBP: 2 EUR, JPY: 3, USD: 1 USD, CHF: []}
   |                                                                   ^^
)");
}

TEST(record, the_schema_is_draft_07_with_each_record_once) {
  const std::string text = json_schema(Description<TestSite>::get(), "Test");
  const auto schema = nlohmann::json::parse(text);
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(schema["properties"]["halls"]["anyOf"][0]["additionalProperties"]["$ref"],
            "#/definitions/hall");
  EXPECT_EQ(schema["definitions"]["hall"]["required"],
            (std::vector<std::string>{"it_power", "cooling"}));
  EXPECT_EQ(schema["definitions"]["hall"]["properties"]["it_power"]["description"],
            "Critical IT power of the room. More than 0 MW_it.");
  EXPECT_EQ(schema["definitions"].size(),
            4u);  // hall, owned, leased, after; luck is written beside
  testing::expect_recorded("src/text/testdata/schema.txt", {{"schema", text}});
}

TEST(record, the_reference_page_says_what_the_reader_takes) {
  testing::expect_recorded("src/text/testdata/reference.txt",
                           {{"reference", reference_page(Description<TestSite>::get(), "Test")}});
}

}  // namespace
}  // namespace warmshell::text
