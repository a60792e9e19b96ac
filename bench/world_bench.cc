// How fast the world is drawn: paths and random numbers per second of processor time, one thread.
//
// bench_world [FOLDER...]   the reference size below, and each portfolio named.
// Reference size: 20 sites of 2 halls and 3 sources, every date drawn and loaded on a factor, 4
// accelerators, 2 markets at the catalogue's rents, 120 months, blocks of 256 paths.

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <string>

#include "model/compile.h"
#include "model/read.h"
#include "model/testing.h"
#include "world/block.h"

namespace {

using namespace warmshell;
namespace testing = model::testing;

constexpr int width = 256;

double least_processor_seconds(int runs, const std::function<void()>& work) {
  double least = 1e9;
  for (int i = 0; i < runs; ++i) {
    const std::clock_t start = std::clock();
    work();
    least = std::min(least, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return least;
}

model::Portfolio reference_size() {
  model::Portfolio p = testing::empty(testing::month(2026, 5), 120);
  p.factors["west"] = {};
  const char* chips[] = {"a100_80", "h100_sxm", "gb200_nvl72", "tpu_v7"};
  const auto date = [&](double p50_months) {
    const double at = p.start.value.months + p50_months;
    model::UncertainDate drawn = testing::drawn(make_quantiles(at - 5, at, at + 14));
    drawn.luck.loads["west"] = testing::given(0.6);
    return drawn;
  };
  for (int s = 0; s < 20; ++s) {
    const std::string name = fmt::format("site-{:02}", s);
    model::Site& site = testing::add_site(p, name);
    testing::add_hall(site, "air", 40, date(6 + s));
    testing::add_hall(site, "liquid", 60, date(10 + s), model::CoolingClass::liquid);
    for (const char* source : {"grid-1", "grid-2", "gas"}) {
      model::PowerSource& power = testing::add_source(site, source, 40, date(8 + s), 60);
      power.price = testing::number<MoneyPerMwh>(make_quantiles(40, 60, 100));
      power.completes = testing::given(Fraction(0.8));
    }
    testing::add_lot(p, fmt::format("lot-{:02}", s), chips[s % 4], 10000, name, date(5 + s));
  }
  testing::add_market(p, "inference", model::Terms::take_or_pay, 50000, -1);
  testing::add_market(p, "training", model::Terms::on_demand, 50000, -1);
  p.markets["training"].require.max_behind = testing::given(1.0);
  return p;
}

void measure(const std::string& name, const model::Portfolio& portfolio) {
  const model::Layout layout = model::compile(portfolio);
  world::Block block(layout, portfolio, 1, width);
  const int blocks = 20;
  double sink = 0;
  const auto run = [&](int months) {
    return least_processor_seconds(5,
                                   [&] {
                                     for (int b = 0; b < blocks; ++b) {
                                       block.begin(static_cast<std::int64_t>(b) * width, width);
                                       for (int month = 0; month < months; ++month)
                                         sink += block.next_month().demand_h100e[0];
                                     }
                                   }) /
           (blocks * width);
  };
  const double once = run(0), all = run(layout.months);
  const double normals = static_cast<double>(layout.draws.size() + layout.factors.size());
  const double uniforms = layout.months * (1.0 + static_cast<double>(layout.classes.size())) -
                          static_cast<double>(layout.classes.size());
  fmt::print("{}: {} gates, {} draws, {} classes, {} markets, {} months\n", name,
             layout.gates.size(), layout.draws.size(), layout.classes.size(), layout.markets.size(),
             layout.months);
  fmt::print("  dates and numbers {:8.0f} ns a path ({:.1f} ns a normal, its date included)\n",
             once * 1e9, once * 1e9 / normals);
  fmt::print("  months            {:8.0f} ns a path ({:.1f} ns a path-month)\n", (all - once) * 1e9,
             (all - once) * 1e9 / layout.months);
  fmt::print("  {:.0f} million draws a second, {:.0f} thousand paths a second{}\n",
             (normals + uniforms) / all * 1e-6, 1e-3 / all, sink > 0 ? "" : " ");
}

}  // namespace

int main(int count, char** arguments) {
  measure("reference size", reference_size());
  for (int i = 1; i < count; ++i) {
    const auto read = model::read_portfolio(arguments[i]);
    if (!read) {
      fmt::print(stderr, "{}", render(read.error()));
      return 1;
    }
    measure(arguments[i], read->portfolio);
  }
}
