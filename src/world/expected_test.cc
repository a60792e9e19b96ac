#include "world/expected.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/testing.h"
#include "world/block.h"
#include "world/rents.h"

namespace warmshell::world {
namespace {

namespace testing = model::testing;
using model::Portfolio;

Portfolio neocloud() {
  Portfolio p = testing::empty(testing::month(2026, 5), 48);
  model::Site& site = testing::add_site(p, "q");
  testing::add_hall(site, "hall", 50, testing::on(testing::month(2026, 5)));
  testing::add_source(site, "grid", 60, testing::on(testing::month(2026, 5)), 60);
  testing::add_lot(p, "new", "b200_hgx", 10000, "q", testing::on(testing::month(2026, 5)));
  testing::add_lot(p, "old", "h100_sxm", 10000, "q", testing::on(testing::month(2026, 5)));
  testing::add_market(p, "listed", model::Terms::on_demand, -1, -1, 0.8);
  testing::add_market(p, "written", model::Terms::take_or_pay, -1, 2);
  return p;
}

int class_named(const model::Layout& layout, const char* name) {
  for (std::size_t c = 0; c < layout.classes.size(); ++c)
    if (layout.classes[c].accelerator == name) return static_cast<int>(c);
  return -1;
}

TEST(Expected, written_rents_are_their_mean_and_listed_ones_the_catalogues) {
  const Portfolio p = neocloud();
  const model::Layout layout = model::compile(p);
  const model::Expectations expected = expectations(p, layout);
  const std::size_t classes = layout.classes.size();
  ASSERT_EQ(layout.markets[0].name, "listed");
  ASSERT_EQ(expected.rent_per_hour.size(), 48 * 2 * classes);
  const std::size_t h100 = static_cast<std::size_t>(class_named(layout, "h100_sxm"));
  EXPECT_EQ(expected.rent_per_hour[classes + h100], 2);
  // in scarcity in 2026-05, and one generation behind: the catalogue's row of that month
  EXPECT_NEAR(expected.rent_per_hour[h100], 2.95, 1e-12);
  for (const double rent : expected.rent_per_hour) EXPECT_GT(rent, 0);
}

TEST(Expected, listed_rents_are_near_the_mean_of_the_paths) {
  // Lists trail the regime: within a tenth. 20,000 paths put the error of a mean below 1 %.
  const Portfolio p = neocloud();
  const model::Layout layout = model::compile(p);
  const model::Expectations expected = expectations(p, layout);
  constexpr int n = 20000;
  const std::size_t classes = layout.classes.size();
  Block block(layout, p, 1, n);
  block.begin(0, n);
  for (int month = 0; month < 48; ++month) {
    const MonthColumns& c = block.next_month();
    if (month % 12 != 0) continue;
    for (std::size_t chip = 0; chip < classes; ++chip) {
      double mean_rent = 0;
      for (std::size_t path = 0; path < n; ++path)
        mean_rent += c.rent_per_hour[chip * n + path] / n;
      const double said =
          expected.rent_per_hour[static_cast<std::size_t>(month) * 2 * classes + chip];
      EXPECT_NEAR(mean_rent / said, 1, 0.1) << "month " << month;
    }
  }
}

TEST(Expected, without_regimes_every_path_is_what_is_expected) {
  Portfolio p = neocloud();
  p.rents.regimes = false;
  const model::Layout layout = model::compile(p);
  const model::Expectations expected = expectations(p, layout);
  const std::size_t classes = layout.classes.size();
  Block block(layout, p, 1, 2);
  block.begin(0, 2);
  for (std::size_t month = 0; month < 48; ++month) {
    const MonthColumns& c = block.next_month();
    for (std::size_t i = 0; i < 2 * classes; ++i)
      EXPECT_NEAR(c.rent_per_hour[i * 2 + 1], expected.rent_per_hour[month * 2 * classes + i],
                  1e-12);
  }
}

}  // namespace
}  // namespace warmshell::world
