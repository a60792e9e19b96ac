// The funnel alone on a portfolio of the size of examples/reference: 20 sites of 2 halls, 4 lots
// each, bridges, cancellations, failures, crews, 2 markets, 120 months. Processor seconds of one
// thread per 100,000 paths, by step. bench_fleet [width [blocks]]

#include <fmt/format.h>
#include <time.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "fleet/kernel.h"
#include "fleet/ledger.h"
#include "fleet/small_portfolio.h"

namespace {

using namespace warmshell;
using namespace warmshell::fleet;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::uint64_t dice_state = 7;
double dice() {  // splitmix64
  std::uint64_t z = (dice_state += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

SmallPortfolio reference_size() {
  SmallPortfolio p(120);
  for (int s = 0; s < 20; ++s) {
    const int site = p.site(40);
    p.hall(site, 30, -6 + s, 1.3, air, 45);
    p.hall(site, 60, 10 + s, 1.16, liquid, 150);
    p.source(site, 35, -5);
    p.source(site, 80, 24 + s, 3, 4);
    p.source(site, 30, 8 + s).firm_share = 0.9;
    p.layout.sources.back().bridge_until = static_cast<int>(p.layout.sources.size()) - 2;
    for (int i = 0; i < 4; ++i) {
      model::LayoutLot& lot =
          p.lot(site, 9000.0 + 500 * i, -4 + 14 * i + s / 2, 1 + i, i < 2 ? air : liquid);
      lot.provisioned_kw = 1.4 + 0.2 * i;
      lot.rack_kw = i < 2 ? 40 : 130;
      lot.accelerators_per_rack = i < 2 ? 32 : 72;
      lot.failed_share = 0.01;
      lot.h100e = 1 + i;
      lot.life_months = i == 0 ? 70 : model::never_month;
      if (s > 0) p.layout.classes.pop_back();
      lot.accelerator_class = i;
    }
  }
  p.market(400e3).ramp_months = 2;
  p.market(600e3, model::Terms::on_demand).utilisation = 0.85;
  p.finish();
  p.layout.markets[0].accepts_class[0] = false;
  return p;
}

}  // namespace

int main(int argc, char** argv) {
  const int width = argc > 1 ? std::atoi(argv[1]) : recommended_width;
  const int blocks = argc > 2 ? std::atoi(argv[2]) : 40;
  const SmallPortfolio p = reference_size();
  const std::size_t w = static_cast<std::size_t>(width);
  const std::size_t markets = p.layout.markets.size(), classes = p.layout.classes.size();
  Funnel energised(p.layout, p.decisions, width);
  Funnel chips(p.layout, p.decisions, width, by_chip_count);
  Ledger ledger(p.layout);
  std::vector<double> gates(p.gates.size() * w), demand(markets * w), accept(markets * classes * w),
      price(p.layout.sources.size() * w), curtailed(p.layout.sources.size() * w, 0.0);
  std::vector<const double*> rows;
  for (std::size_t g = 0; g < p.gates.size(); ++g) rows.push_back(gates.data() + g * w);
  for (std::size_t i = 0; i < price.size(); ++i) price[i] = 40 + 60 * dice();
  for (std::size_t m = 0; m < markets; ++m)
    for (std::size_t c = 0; c < classes; ++c)
      for (std::size_t k = 0; k < w; ++k)
        accept[(m * classes + c) * w + k] = p.layout.markets[m].accepts_class[c] ? 1 : 0;

  double begin = 0, months = 0, checks = 0, by_chips = 0, earning = 0;
  for (int block = 0; block < blocks; ++block) {
    for (std::size_t g = 0; g < p.gates.size(); ++g)
      for (std::size_t k = 0; k < w; ++k) {
        const double shift = 18 * dice() * dice();
        gates[g * w + k] = p.gates[g] < 0  ? p.gates[g]
                           : dice() < 0.04 ? model::never_month
                                           : p.gates[g] + shift;
      }
    double from = processor_seconds();
    energised.begin(rows.data());
    ledger.begin();
    begin += processor_seconds() - from;
    for (int t = 0; t < p.layout.months; ++t) {
      world::MonthColumns draws;
      draws.month = t;
      for (std::size_t m = 0; m < markets; ++m)
        for (std::size_t k = 0; k < w; ++k)
          demand[m * w + k] = p.layout.markets[m].demand_now_h100e * (1 + 0.02 * t);
      draws.demand_h100e = demand.data();
      draws.accept_share = accept.data();
      draws.price_per_mwh = price.data();
      draws.curtailed_share = curtailed.data();
      from = processor_seconds();
      const Columns& columns = energised.next_month(draws);
      double to = processor_seconds();
      months += to - from;
      ledger.check(columns, draws);
      from = processor_seconds();
      checks += from - to;
      if (t == 0) chips.begin(rows.data());
      (void)chips.next_month(draws);
      to = processor_seconds();
      by_chips += to - from;
      for (int l = 0; l < columns.lots; ++l) earning += columns.state[9][l * width];
    }
  }
  const double per = 1e5 / (static_cast<double>(blocks) * width);
  fmt::print(
      "width {}: per 100,000 paths on one thread: begin {:.2f} s, as energised {:.2f} s, "
      "ledger {:.2f} s, by chip count {:.2f} s; ledger {}; earning {:.6g}\n",
      width, begin * per, months * per, checks * per, by_chips * per,
      ledger.residuals().close() ? "closes" : "DOES NOT CLOSE", earning);
}
