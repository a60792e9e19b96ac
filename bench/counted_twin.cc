// The twins' own sources, read here with a number that counts in place of `double`. They stand in a
// namespace `counting` of their own, in which `std` and `math` know that number, and in which what
// is the same on every path (layout, decisions, graph, portfolio) is the model's.

#include "bench/counted_twin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/math.h"
#include "value/resale.h"

namespace counting {

using ::warmshell::bench::Counted;

namespace std {
using namespace ::std;
using ::std::abs;
using ::std::max;
using ::std::min;
inline Counted floor(Counted a) {
  return {::std::floor(a.number), a.varies};
}
inline Counted ceil(Counted a) {
  return {::std::ceil(a.number), a.varies};
}
inline Counted sqrt(Counted a) {  // counted as a division
  Counted::note(a, a, &::warmshell::bench::Operations::divide);
  return {::std::sqrt(a.number), a.varies};
}
inline Counted abs(Counted a) {
  return {::std::abs(a.number), a.varies};
}
inline Counted min(Counted a, Counted b) {
  return b < a ? b : a;
}
inline Counted max(Counted a, Counted b) {
  return a < b ? b : a;
}
}  // namespace std

namespace warmshell {
namespace model = ::warmshell::model;

namespace math {
inline const ::warmshell::bench::MathCounts costs = ::warmshell::bench::count_math();
inline Counted done(Counted a, double result, const ::warmshell::bench::Operations& cost) {
  ::warmshell::bench::Counts& all = ::warmshell::bench::counts;
  (a.varies ? all.varying : all.constant) += cost;
  return {result, a.varies};
}
inline Counted exp(Counted a) {
  return done(a, ::warmshell::math::exp(a.number), costs.exp);
}
inline Counted pow(Counted a, Counted b) {
  if (!a.varies) {  // the logarithm of the base is the same on every path
    ::warmshell::bench::Operations cost = costs.exp;
    cost.multiply += 1;
    return done(b, ::warmshell::math::pow(a.number, b.number), cost);
  }
  return done({a.number, a.varies || b.varies}, ::warmshell::math::pow(a.number, b.number),
              costs.pow);
}
}  // namespace math

namespace value {
using ::warmshell::value::Column;
using ::warmshell::value::column_count;
using ::warmshell::value::Graph;
using ::warmshell::value::make_resale_curve;
using ::warmshell::value::Node;
using ::warmshell::value::Operation;
using ::warmshell::value::ResaleCurve;
}  // namespace value
}  // namespace warmshell

#define double Counted
// clang-format off
#include "fleet/column_store.cc"
#include "fleet/reference.cc"
#include "fleet/reference_markets.cc"
#include "fleet/reference_placement.cc"
#include "fleet/reference_power.cc"
#include "value/evaluate_plainly.cc"
#include "value/cost_of_dark_plainly.cc"
namespace rates {  // both of the last say `infinity`
#include "value/internal_rate.cc"
}
// clang-format on
#undef double

namespace warmshell::value {
std::size_t DarkTotals::index(const model::Layout& layout, int month, int site, int state,
                              DarkSum sum) {  // where it adds is no arithmetic on numbers
  return ((static_cast<std::size_t>(month) * layout.sites.size() + static_cast<std::size_t>(site)) *
              fleet::dark_count +
          static_cast<std::size_t>(state)) *
             dark_sum_count +
         static_cast<std::size_t>(sum);
}
}  // namespace warmshell::value

}  // namespace counting

namespace warmshell::bench {
namespace {

namespace fleet = counting::warmshell::fleet;
namespace world = counting::warmshell::world;
namespace twin = counting::warmshell::value;
using value::Column;

// Rows [item][path] as one path sees them: a number varies where the block's paths differ.
std::vector<Counted> rows_of(const std::vector<double>& rows, int width, int path) {
  std::vector<Counted> items;
  for (std::size_t at = 0; at < rows.size(); at += static_cast<std::size_t>(width)) {
    const double* row = rows.data() + at;
    const bool same = std::all_of(row, row + width, [&](double x) { return x == row[0]; });
    items.emplace_back(row[path], !same);
  }
  return items;
}

struct MonthOfPath {
  std::vector<Counted> rent, demand, accept, price, curtailed, resale;
  [[nodiscard]] world::MonthColumns columns(int month) const {
    return {month,        rent.data(),      demand.data(), accept.data(),
            price.data(), curtailed.data(), resale.data()};
  }
};

using Rows = std::array<std::vector<Counted>, value::column_count>;  // of a month

Rows rows_of_month(const model::Layout& layout, const MonthOfPath& draws,
                   const fleet::Columns& valued, const fleet::Columns& energised) {
  Rows rows;
  const auto set = [&](Column column, const Counted* from, std::size_t n) {
    rows[static_cast<std::size_t>(column)].assign(from, from + n);
  };
  const std::size_t lots = layout.lots.size(), sites = layout.sites.size(),
                    markets = layout.markets.size(), sources = layout.sources.size();
  set(Column::rent_per_hour, draws.rent.data(), draws.rent.size());
  set(Column::demand_h100e, draws.demand.data(), draws.demand.size());
  set(Column::price_per_mwh, draws.price.data(), draws.price.size());
  set(Column::resale_factor, draws.resale.data(), draws.resale.size());
  set(Column::delivered, valued.delivered, lots);
  set(Column::gone, valued.gone, lots);
  set(Column::installed, valued.installed, lots);
  set(Column::delivered_age, valued.delivered_age, lots);
  set(Column::busy, valued.busy, markets * lots);
  set(Column::unmet_h100e, valued.unmet_h100e, markets);
  set(Column::energy_mwh, valued.energy_mwh, sites);
  set(Column::let_live_mw, energised.let_live_mw, layout.halls.size());
  set(Column::source_energised_mw, energised.source_energised_mw, sources);
  set(Column::source_energy_mwh, valued.source_energy_mwh, sources);
  const auto megawatts = [&](fleet::Megawatt use) {
    return energised.megawatt[static_cast<std::size_t>(use)];
  };
  set(Column::used_mw, megawatts(fleet::Megawatt::used), sites);
  set(Column::installing_mw, megawatts(fleet::Megawatt::installing), sites);
  set(Column::idle_lit_mw, megawatts(fleet::Megawatt::waiting_customers), sites);
  return rows;
}

// What is done inside is added to `into`.
template <class Work>
auto counted(Counts& into, Work work) {
  counts = {};
  auto result = work();
  into += counts;
  return result;
}

}  // namespace

PathCounts count_path(const Model& model, const DrawnBlock& block, int path) {
  PathCounts of;
  const model::Layout& layout = model.layout;
  const int months = layout.months;
  std::vector<Counted> gates;
  for (const std::vector<double>& gate : block.gates)
    gates.push_back(rows_of(gate, block.width, path)[0]);
  const auto gate_month = [&](int gate) { return gates[static_cast<std::size_t>(gate)]; };

  fleet::Reference energised(layout, model.decisions, fleet::as_energised);
  fleet::Reference by_chip_count(layout, model.decisions, fleet::by_chip_count);
  twin::PlainDarkPath dark(layout, model.portfolio, model.decisions, gate_month);
  counted(of.fleet, [&] { return energised.begin(gates), 0; });
  counted(of.fleet_by_chip_count, [&] { return by_chip_count.begin(gates), 0; });
  std::vector<Rows> rows, chip_rows;
  for (int t = 0; t < months; ++t) {
    const DrawnMonth& drawn = block.months[static_cast<std::size_t>(t)];
    const auto own = [&](const std::vector<double>& all) {
      return rows_of(all, block.width, path);
    };
    const MonthOfPath draws{own(drawn.rent),  own(drawn.demand),    own(drawn.accept),
                            own(drawn.price), own(drawn.curtailed), own(drawn.resale)};
    const world::MonthColumns columns = draws.columns(t);
    const fleet::Columns& now = *counted(of.fleet, [&] { return &energised.next_month(columns); });
    const fleet::Columns& chips =
        *counted(of.fleet_by_chip_count, [&] { return &by_chip_count.next_month(columns); });
    counted(of.dark, [&] { return dark.month(columns, now, 1, 0), 0; });
    rows.push_back(rows_of_month(layout, draws, now, now));
    chip_rows.push_back(rows_of_month(layout, draws, chips, now));
  }

  const auto from = [](const std::vector<Rows>& by_month) {
    return [&by_month](Column column, int row, int month) {
      return by_month[static_cast<std::size_t>(month)][static_cast<std::size_t>(column)]
                     [static_cast<std::size_t>(row)];
    };
  };
  using Values = std::vector<std::vector<Counted>>;
  const Values values = counted(of.lines, [&] {
    return twin::evaluate_plainly(model.energised, {gate_month, from(rows), {}});
  });
  const auto imported = [&](int node, int month) {
    return values[static_cast<std::size_t>(node)][static_cast<std::size_t>(month)];
  };
  const Values chip_values = counted(of.lines_by_chip_count, [&] {
    return twin::evaluate_plainly(model.by_chip_count, {gate_month, from(chip_rows), imported});
  });
  counted(of.rates, [&] {
    (void)counting::rates::warmshell::value::internal_rates(
        values[static_cast<std::size_t>(model.net_cash)]);
    (void)counting::rates::warmshell::value::internal_rates(
        chip_values[static_cast<std::size_t>(model.net_cash_by_chip_count)]);
    return 0;
  });
  return of;
}

}  // namespace warmshell::bench
