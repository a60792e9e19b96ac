#include "text/record.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "text/reference.h"
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

}  // namespace
}  // namespace warmshell::text
