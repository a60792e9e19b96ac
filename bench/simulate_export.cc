#include "simulate_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include "catalog/catalog.h"
#include "fleet/kernel.h"
#include "numpy_file.h"
#include "simulate_export_general.h"
#include "simulate_export_results.h"
#include "text/json_writer.h"
#include "value/valuation.h"
#include "world/block.h"

namespace warmshell::bench {
namespace {

constexpr int width = fleet::recommended_width;

// ---- tables -----------------------------------------------------------------------------------

// Null stands for infinity; the sign is the reader's to know (a span that begins at -infinity).
void put(text::JsonWriter& json, const char* name, double value) {
  if (std::isfinite(value))
    json.field(name, value);
  else
    json.key(name).null();
}

// What the peers that were written for examples/reference alone do not know.
struct NotKnown : std::runtime_error {
  using std::runtime_error::runtime_error;
};
void require(bool holds, const char* what) {
  if (!holds) throw NotKnown(fmt::format("they do not know {}", what));
}

double structure_share(const model::LayoutHall& hall) {
  const auto base = [](const char* id) {
    return *catalog::find_fact(catalog::TableName::shells, id)->value;
  };
  const bool liquid =
      (hall.cooling_mask & (1u << static_cast<int>(model::CoolingClass::liquid))) != 0;
  const double structure = base("cold_shell") + base("powered_shell");
  return structure / (structure + base(liquid ? "mep_liq" : "mep_air"));
}

void write_sites(text::JsonWriter& json, const model::Layout& layout,
                 const model::Portfolio& portfolio) {
  json.key("sites").begin_array();
  for (const model::LayoutSite& site : layout.sites) {
    json.begin_object().field("name", site.name).field("halls", site.halls);
    json.field("sources", site.sources).field("lots", site.lots);
    put(json, "racks_per_month", site.racks_per_month);
    json.end_object();
  }
  json.end_array().key("halls").begin_array();
  for (const model::LayoutHall& hall : layout.halls) {
    require(!hall.let && hall.outages.empty() && hall.pue.size() == 1 && hall.warm_gate >= 0 &&
                hall.cold_gate < 0 && hall.fitted_gate < 0 &&
                !(hall.retrofit_month < model::never_month),
            "halls that are let, staged, retrofitted or have outages");
    const model::Hall& written =
        portfolio.sites.at(layout.sites[hall.site].name).halls.at(hall.name);
    require(written.shell && written.shell->capex && !written.shell->warm->capex &&
                std::holds_alternative<model::Owned>(written.tenure),
            "leased halls and capex by stage");
    json.begin_object().field("name", hall.name).field("site", hall.site);
    json.field("it_mw", hall.it_mw).field("warm_gate", hall.warm_gate);
    json.field("peak_pue", hall.pue[0].peak).field("annual_pue", hall.pue[0].annual);
    json.field("capex_per_it_mw", written.shell->capex->value.value);
    json.field("structure_share", structure_share(hall)).end_object();
  }
  json.end_array().key("sources").begin_array();
  for (const model::LayoutSource& source : layout.sources) {
    require(source.outages.empty() && !(source.ends_month < model::never_month),
            "sources with dated outages or an end");
    const model::PowerSource& written =
        portfolio.sites.at(layout.sites[source.site].name).power.at(source.name);
    json.begin_object().field("name", source.name).field("site", source.site);
    json.field("gate", source.gate).field("tranche_mw", source.tranche_mw);
    json.field("tranche_gate", source.tranche_gate);
    json.field("every", source.every).field("firm_share", source.firm_share);
    json.field("bridge_until", source.bridge_until);
    json.field("grid", written.kind == model::SourceKind::grid);
    json.field("minimum_bill", written.minimum_bill ? written.minimum_bill->value.value : 0.0);
    json.field("capex_per_mw", written.capex ? written.capex->value.value : 0.0).end_object();
  }
  json.end_array();
}

void write_lots(text::JsonWriter& json, const model::Layout& layout,
                const model::Portfolio& portfolio) {
  json.key("lots").begin_array();
  for (const model::LayoutLot& lot : layout.lots) {
    require(lot.lowest_pue.size() == 1, "steps of PUE");
    json.begin_object().field("name", lot.name).field("class", lot.accelerator_class);
    json.field("site", lot.site).field("count", lot.count);
    put(json, "ordered_month", lot.ordered_month);
    json.field("delivered_gate", lot.delivered_gate).field("cancelled_gate", lot.cancelled_gate);
    json.field("provisioned_kw", lot.provisioned_kw).field("idle_kw", lot.idle_kw);
    json.field("peak_kw", lot.peak_kw).field("accelerators_per_rack", lot.accelerators_per_rack);
    json.field("failed_share", lot.failed_share + lot.spares_share);
    put(json, "life_months", lot.life_months);
    json.field("halls", lot.halls).field("other_halls", lot.other_halls);
    json.field("h100e", lot.h100e).field("lowest_peak_pue", lot.lowest_pue[0].peak);
    json.field("lowest_annual_pue", lot.lowest_pue[0].annual);
    json.field("price", portfolio.fleet.at(lot.name).price.value.value).end_object();
  }
  json.end_array();
}

void write_markets(text::JsonWriter& json, const model::Layout& layout) {
  json.key("markets").begin_array();
  for (const model::LayoutMarket& market : layout.markets) {
    require(market.terms == model::Terms::take_or_pay || market.terms == model::Terms::on_demand,
            "contracts and internal markets");
    const bool paid_idle = market.terms == model::Terms::take_or_pay;
    json.begin_object().field("name", market.name).field("ramp_months", market.ramp_months);
    json.field("busy_share", paid_idle ? 1.0 : market.utilisation);
    json.key("accepts_class").begin_flat_array();
    for (const bool accepts : market.accepts_class) json.value(accepts);
    json.end_array().end_object();
  }
  json.end_array();
}

std::string tables(const study::Prepared& prepared, const value::ValuationPlan& plan,
                   std::int64_t paths, std::int64_t compared) {
  const model::Layout& layout = prepared.layout;
  const model::Portfolio& portfolio = prepared.read->portfolio;
  const model::Finance& finance = portfolio.finance;
  require(portfolio.debt.empty() && !finance.fixed_cost, "debt and fixed costs");
  require(finance.depreciation_from == model::DepreciationFrom::in_service,
          "depreciation from delivery");
  const value::ResaleCurve resale = value::make_resale_curve(portfolio);
  require(!resale.constant_fall, "a constant fall of market value");

  std::string out;
  text::JsonWriter json(out);
  json.begin_object().field("inputs_sha256", prepared.read->inputs_sha256);
  json.field("paths", paths).field("compared", compared).field("months", layout.months);
  write_sites(json, layout, portfolio);
  write_lots(json, layout, portfolio);
  write_markets(json, layout);
  json.field("classes", layout.classes.size());
  json.key("order").begin_array();
  for (const std::vector<int>& order : prepared.decisions.order) json.value(order);
  json.end_array().field("market_order", prepared.decisions.market_order);
  json.key("take_order").begin_array();
  for (const std::vector<int>& order : prepared.decisions.take_order) json.value(order);
  json.end_array().key("finance").begin_object();
  json.field("wacc", finance.wacc.value.value).field("book_life", finance.book_life.value.value);
  json.field("economic_life", finance.economic_life.value.value);
  json.field("plant_life", finance.plant_life.value.value);
  json.field("building_life", finance.building_life.value.value);
  json.field("variable_cost", finance.variable_cost.value.value);
  json.field("maintenance", finance.maintenance.value.value);
  json.field("discount", plan.energised.discount).field("resale_by_year", resale.by_year);
  json.end_object().key("lines").begin_array();
  for (const value::Line& line : plan.energised.graph.lines()) json.value(line.name);
  json.end_array().key("metrics").begin_flat_array();
  for (const std::string_view name : value::metric_names) json.value(name);
  json.end_array().end_object();
  return out;
}

// ---- draws ------------------------------------------------------------------------------------

// Rows that are the same on every path are written once per month, [month][row]; the peers gain by
// it. Others are written like rents, [block][month][row][path].
class MaybeSharedRows {
 public:
  MaybeSharedRows(std::string name, int months, std::size_t rows)
      : name_(std::move(name)), months_(months), rows_(rows), values_(rows * months) {}
  void see(int month, const double* columns, bool first) {
    for (std::size_t row = 0; row < rows_; ++row) {
      double& shared = values_[static_cast<std::size_t>(month) * rows_ + row];
      const double* lanes = columns + row * width;
      if (first) shared = lanes[0];
      for (int i = 0; i < width; ++i) same_ = same_ && lanes[i] == shared;
    }
  }
  [[nodiscard]] bool same() const { return same_; }
  // Now that all were seen: shared rows at once, others by and by.
  void open(std::int64_t blocks) {
    const auto rows = static_cast<std::int64_t>(rows_);
    if (same_)
      NumpyFile(name_, {months_, rows}).add(values_);
    else
      file_.emplace(name_, std::vector<std::int64_t>{blocks, months_, rows, width});
  }
  void add(const double* columns) {
    if (file_) file_->add(columns, rows_ * width);
  }

 private:
  std::string name_;
  int months_;
  std::size_t rows_;
  std::vector<double> values_;
  bool same_ = true;
  std::optional<NumpyFile> file_;
};

void write_draws(const study::Prepared& prepared, const std::string& folder, std::int64_t paths,
                 std::uint64_t seed) {
  const model::Layout& layout = prepared.layout;
  const std::int64_t blocks = (paths + width - 1) / width;
  const std::size_t classes = layout.classes.size(), markets = layout.markets.size(),
                    sources = layout.sources.size();
  const auto file = [&](const char* name, std::size_t rows) {
    return NumpyFile(folder + name,
                     {blocks, layout.months, static_cast<std::int64_t>(rows), width});
  };
  NumpyFile gates(folder + "/gates.npy",
                  {blocks, static_cast<std::int64_t>(layout.gates.size()), width});
  NumpyFile rent = file("/rent.npy", markets * classes), resale = file("/resale.npy", classes);
  const auto maybe_shared = [&](const char* name, std::size_t rows) {
    return MaybeSharedRows(folder + name, layout.months, rows);
  };
  MaybeSharedRows demand = maybe_shared("/demand.npy", markets),
                  price = maybe_shared("/price.npy", sources),
                  curtailed = maybe_shared("/curtailed.npy", sources),
                  accept = maybe_shared("/accept.npy", markets * classes);
  world::Block world(layout, prepared.read->portfolio, seed, width);
  const auto every_month = [&](const auto& at_begin, const auto& in_month) {
    for (std::int64_t block = 0; block < blocks; ++block) {
      const std::int64_t first = block * width;
      world.begin(first, static_cast<int>(std::min<std::int64_t>(width, paths - first)));
      at_begin();
      for (int month = 0; month < layout.months; ++month)
        in_month(month, world.next_month(), block == 0);
    }
  };
  every_month(
      [&] {
        for (std::size_t gate = 0; gate < layout.gates.size(); ++gate)
          gates.add(world.gate_month(static_cast<int>(gate)), width);
      },
      [&](int month, const world::MonthColumns& draws, bool first) {
        rent.add(draws.rent_per_hour, markets * classes * width);
        resale.add(draws.resale_factor, classes * width);
        demand.see(month, draws.demand_h100e, first);
        price.see(month, draws.price_per_mwh, first);
        curtailed.see(month, draws.curtailed_share, first);
        accept.see(month, draws.accept_share, first);
      });
  for (MaybeSharedRows* rows : {&demand, &price, &curtailed, &accept}) rows->open(blocks);
  if (demand.same() && price.same() && curtailed.same() && accept.same()) return;
  every_month([] {},
              [&](int, const world::MonthColumns& draws, bool) {
                demand.add(draws.demand_h100e);
                price.add(draws.price_per_mwh);
                curtailed.add(draws.curtailed_share);
                accept.add(draws.accept_share);
              });
}

}  // namespace

void export_for_peers(const study::Prepared& prepared, const std::string& folder,
                      std::int64_t paths, std::int64_t compared, std::uint64_t seed) {
  const value::ValuationPlan plan(prepared.layout, prepared.read->portfolio, prepared.decisions);
  compared = std::min(compared, paths);
  std::filesystem::create_directories(folder);
  NumpyFile::write_text(folder + "/portfolio.json",
                        general_tables(prepared, plan, paths, compared));
  try {
    NumpyFile::write_text(folder + "/reference.json", tables(prepared, plan, paths, compared));
  } catch (const NotKnown& unknown) {
    fmt::print("no tables for the peer of examples/reference alone: {}\n", unknown.what());
  }
  write_draws(prepared, folder, paths, seed);
  export_results(prepared, plan, folder, compared, seed);
}

}  // namespace warmshell::bench
