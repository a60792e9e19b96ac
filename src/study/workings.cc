#include "study/workings.h"

#include <fmt/format.h>

#include <limits>

#include "fleet/kernel.h"
#include "value/lines.h"
#include "value/resale.h"
#include "world/block.h"

namespace warmshell::study {

namespace {

constexpr int width = 16;  // the least of a block; its first path is the one that is told

// A column is found by the order in which it is asked for, the same in every month.
class Sheet {
 public:
  Sheet(Workings& workings, int months) : workings_(workings), months_(months) {}

  void next_month() { next_ = 0; }
  // `row`: where the item's first path stands.
  void put(std::string_view item, std::string_view what, const double* row) {
    if (next_ == workings_.columns.size()) {
      workings_.columns.push_back({fmt::format("{}.{}", item, what), {}});
      workings_.columns.back().by_month.reserve(static_cast<std::size_t>(months_));
    }
    constexpr double unbounded = 1e300;
    workings_.columns[next_++].by_month.push_back(
        *row >= unbounded ? std::numeric_limits<double>::infinity() : *row);
  }

 private:
  Workings& workings_;
  int months_;
  std::size_t next_ = 0;
};

const double* of(const double* rows, std::size_t item) {
  return rows + item * width;
}

void put_lots(const model::Layout& layout, const value::ResaleCurve& resale,
              const fleet::Columns& fleet, Sheet& sheet) {
  for (std::size_t l = 0; l < layout.lots.size(); ++l) {
    const std::string& lot = layout.lots[l].path;
    sheet.put(lot, "ordered", of(fleet.ordered, l));
    sheet.put(lot, "delivered", of(fleet.delivered, l));
    sheet.put(lot, "gone", of(fleet.gone, l));
    sheet.put(lot, "installed", of(fleet.installed, l));
    const double age = *of(fleet.delivered_age, l);
    const double kept = resale.constant_fall
                            ? value::constant_fall_at(resale.log_keep, age)
                            : value::residual_at(resale.by_year.data(),
                                                 static_cast<int>(resale.by_year.size()), age);
    sheet.put(lot, "resale_curve_at_month_end", &kept);
    for (int state = 0; state < fleet::state_count; ++state)
      sheet.put(lot, fleet::state_names[static_cast<std::size_t>(state)],
                of(fleet.state[static_cast<std::size_t>(state)], l));
  }
}

void put_markets(const model::Layout& layout, const world::MonthColumns& draws,
                 const fleet::Columns& fleet, Sheet& sheet) {
  const std::size_t lots = layout.lots.size(), classes = layout.classes.size();
  for (std::size_t m = 0; m < layout.markets.size(); ++m) {
    const std::string& market = layout.markets[m].path;
    sheet.put(market, "demand_h100e", of(draws.demand_h100e, m));
    sheet.put(market, "unmet_h100e", of(fleet.unmet_h100e, m));
    for (std::size_t c = 0; c < classes; ++c)
      if (layout.markets[m].accepts_class[c])
        sheet.put(market, layout.classes[c].accelerator + ".rent_per_hour",
                  of(draws.rent_per_hour, m * classes + c));
    for (std::size_t l = 0; l < lots; ++l) {
      if (!layout.markets[m]
               .accepts_class[static_cast<std::size_t>(layout.lots[l].accelerator_class)])
        continue;
      sheet.put(market, layout.lots[l].name + ".assigned_accelerators",
                of(fleet.sold, m * lots + l));
      sheet.put(market, layout.lots[l].name + ".paid_accelerators", of(fleet.busy, m * lots + l));
      sheet.put(market, layout.lots[l].name + ".dark_accelerators_it_would_take",
                of(fleet.sellable_to, m * lots + l));
    }
  }
}

void put_power(const model::Layout& layout, const world::MonthColumns& draws,
               const fleet::Columns& fleet, Sheet& sheet) {
  for (std::size_t s = 0; s < layout.sources.size(); ++s) {
    const std::string& source = layout.sources[s].path;
    sheet.put(source, "energised_mw_facility", of(fleet.source_energised_mw, s));
    sheet.put(source, "energy_mwh", of(fleet.source_energy_mwh, s));
    sheet.put(source, "price_per_mwh", of(draws.price_per_mwh, s));
    sheet.put(source, "curtailed_share", of(draws.curtailed_share, s));
  }
  for (std::size_t h = 0; h < layout.halls.size(); ++h)
    if (layout.halls[h].let)
      sheet.put(layout.halls[h].path, "live_for_tenant_mw_facility", of(fleet.let_live_mw, h));
  for (std::size_t c = 0; c < layout.classes.size(); ++c)
    sheet.put(layout.classes[c].accelerator, "resale_factor", of(draws.resale_factor, c));
}

}  // namespace

Workings workings(const Prepared& prepared, std::uint64_t seed, std::int64_t path) {
  const model::Layout& layout = prepared.layout;
  Workings found;

  // ---- dates
  world::Block world(layout, prepared.read->portfolio, seed, width);
  world.begin(path, 1);
  const std::vector<const double*> gates = value::gate_rows(world, layout);
  for (std::size_t gate = 0; gate < gates.size(); ++gate)
    found.dates.emplace_back(layout.gates[gate].id, gates[gate][0]);

  // ---- months
  fleet::Funnel funnel(layout, prepared.decisions, width, fleet::as_energised);
  funnel.begin(gates.data());
  const value::ResaleCurve resale = value::make_resale_curve(prepared.read->portfolio);
  Sheet sheet(found, layout.months);
  for (int month = 0; month < layout.months; ++month) {
    const world::MonthColumns& draws = world.next_month();
    const fleet::Columns& fleet = funnel.next_month(draws);
    sheet.next_month();
    put_lots(layout, resale, fleet, sheet);
    put_markets(layout, draws, fleet, sheet);
    put_power(layout, draws, fleet, sheet);
  }
  return found;
}

}  // namespace warmshell::study
